"""Which events make the index read something again."""

from __future__ import annotations

from dataclasses import dataclass

from iocop.contributions.events import (
    Contributed,
    ContributionsLoaded,
    LabelChanged,
    Marked,
    Rewritten,
    StateChanged,
)
from iocop.core.events import Event
from iocop.organizations.events import OrganizationMerged
from iocop.search.touched import TOUCHES, Touched, touched_by


def test_what_happens_to_a_post_or_a_whole_thread() -> None:
    assert touched_by(Contributed(1, contribution_id=7, root_id=5, kind="answer")) == Touched(
        posts=frozenset({7})
    )
    assert touched_by(Rewritten(None, (8, 9))) == Touched(posts=frozenset({8, 9}))
    assert touched_by(StateChanged(1, 5, 5, "visible", "hidden")) == Touched(threads=frozenset({5}))
    assert touched_by(LabelChanged(1, (5, 6), 5)) == Touched(threads=frozenset({5, 6}))
    assert touched_by(ContributionsLoaded(None, (1, 2))) == Touched(threads=frozenset({1, 2}))
    assert touched_by(OrganizationMerged(1, 3, 4)) == Touched(organizations=frozenset({3, 4}))


def test_other_events_touch_nothing() -> None:
    assert touched_by(Marked(1, 7, 5, "helpful")) == Touched()
    assert len(touched_by(Marked(1, 7, 5, "helpful"))) == 0


def test_what_several_events_touch_is_read_once() -> None:
    twice = Touched(posts=frozenset({1, 2})) | Touched(posts=frozenset({2}), members=frozenset({9}))

    assert twice == Touched(posts=frozenset({1, 2}), members=frozenset({9}))
    assert len(twice) == 3


def test_every_field_that_is_read_exists() -> None:
    for name, touches in TOUCHES.items():
        if name in Event.kinds:
            fields = Event.kinds[name].__dataclass_fields__
            assert {key for _, key in touches} <= fields.keys(), name


def test_an_event_of_another_shape_is_no_error() -> None:
    @dataclass(frozen=True)
    class Strange:
        contribution_id: str = "x"

    Strange.__name__ = "Contributed"
    assert touched_by(Strange()) == Touched()  # type: ignore[arg-type]
