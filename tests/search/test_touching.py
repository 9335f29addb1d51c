"""Whatever happens, what is touched is all that changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from iocop.contributions.services import (
    attach,
    change_label,
    mark,
    move_space,
    remove_attachment,
    revise,
    set_state,
    withdraw_mark,
)
from iocop.core import outbox
from iocop.core.db import db
from iocop.core.events import Event
from iocop.domains.models import Tag
from iocop.domains.services import choose_domains, ensure_tags, merge_tags
from iocop.forums.services import accept_answer, edit_topic, withdraw_acceptance
from iocop.members.services import Profile, change_profile, erase, leave
from iocop.organizations import services as organizations
from iocop.organizations.models import Affiliation
from iocop.search import documents
from iocop.search.file_texts import read_files
from iocop.search.port import Document
from iocop.search.touched import TOUCHES, Touched, touched_by
from iocop.spaces.services import change_space, open_space
from tests.factories import viewer_of
from tests.people import officer
from tests.search.world import World, make_world, shelf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from flask import Flask


def _erase(member: Any, *, with_texts: bool) -> None:
    erase(viewer_of(member), with_texts=with_texts)


def _merge_tags(world: World) -> None:
    (into,) = ensure_tags(["icing"])
    officer(world.people.alice, "curator")
    old = db.session.query(Tag).filter_by(slug="frost").one()
    merge_tags(viewer_of(world.people.alice), old.id, into.id)


def _accept(world: World) -> None:
    accept_answer(viewer_of(world.people.bob), world.topic.id, world.answer.id)


def _accept_and_think_again(world: World) -> None:
    _accept(world)
    withdraw_acceptance(viewer_of(world.people.bob), world.topic.id)


def _accept_and_hide(world: World) -> None:
    _accept(world)
    set_state(world.admin, world.answer.id, "hidden", "Spam")


def _change_space(world: World, **about: Any) -> None:
    usual: dict[str, Any] = {"name": "Commons", "about": "", "audience": "public", "archived": False}
    change_space(world.admin, world.space.id, **usual | about)


def _mark(world: World, thing: int, kind: str, context: dict[str, str]) -> None:
    mark(viewer_of(world.people.vera), thing, kind, context)


def _mark_and_withdraw(world: World) -> None:
    _mark(world, world.answer.id, "helpful", {})
    withdraw_mark(viewer_of(world.people.vera), world.answer.id, "helpful")


def _edit(world: World) -> None:
    edit_topic(viewer_of(world.people.bob), world.topic.id, title="Ice on the coil", text="It freezes.")


def _revise_with_file(world: World) -> None:
    author = viewer_of(world.people.charlie)
    late = attach(author, "late.txt", b"Late")
    revise(author, world.answer.id, f"Glycol! [l](/attachments/{late.id}/late.txt)")


def _move(world: World) -> None:
    other = open_space(world.admin, "Elsewhere")
    move_space(world.admin, world.topic.id, other.id, "It belongs there.")


def _merge_firms(world: World) -> None:
    organizations.merge(world.admin, world.people.acme.id, world.people.rival.id)


def _rename_firm(world: World) -> None:
    organizations.change_organization(world.admin, world.people.acme.id, organizations.Facts("Apex", "firm"))


def _offer(world: World) -> None:
    organizations.add_offer(world.admin, world.people.acme.id, "Pump 9")


def _hide_employer(world: World) -> None:
    bob = viewer_of(world.people.bob)
    row = db.session.query(Affiliation).filter_by(member_id=bob.id).one()
    organizations.show_affiliation(bob, row.id, "members")


ACTS: dict[str, Callable[[World], Any]] = {
    "an answer is accepted": _accept,
    "an answer is accepted no more": _accept_and_think_again,
    "the accepted answer is hidden": _accept_and_hide,
    "a topic is retitled": _edit,
    "an answer takes another file": _revise_with_file,
    "an answer helps": lambda w: _mark(w, w.answer.id, "helpful", {}),
    "an answer helps no more": _mark_and_withdraw,
    "an article is confirmed": lambda w: _mark(w, w.article.id, "works_here", {"version": "2.1", "conditions": "x"}),
    "a topic is shared less far": lambda w: change_label(w.admin, w.topic.id, "members", ""),
    "a topic moves": _move,
    "a topic is hidden": lambda w: set_state(w.admin, w.topic.id, "hidden", "Spam"),
    "tags are merged": _merge_tags,
    "a file is removed": lambda w: remove_attachment(w.admin, w.notes.id),
    "files are read": lambda _w: read_files(),
    "a space is renamed": lambda w: _change_space(w, name="Agora"),
    "a space is closed to guests": lambda w: _change_space(w, audience="members"),
    "a space is opened": lambda w: open_space(w.admin, "Workshop"),
    "a member is renamed": lambda w: change_profile(viewer_of(w.people.bob), Profile("Bob Beech")),
    "a member chooses domains": lambda w: choose_domains(viewer_of(w.people.bob), [1]),
    "a member leaves": lambda w: leave(viewer_of(w.people.charlie)),
    "a member is erased": lambda w: _erase(w.people.charlie, with_texts=False),
    "a member is erased with the texts": lambda w: _erase(w.people.charlie, with_texts=True),
    "an article's author is erased with the texts": lambda w: _erase(w.people.bob, with_texts=True),
    "an employer is hidden": _hide_employer,
    "an organization is renamed": _rename_firm,
    "an organization sells something": _offer,
    "organizations are merged": _merge_firms,
}  # fmt: skip


@pytest.mark.parametrize("done", ACTS.values(), ids=ACTS)
def test_what_an_act_touches_is_all_that_changed(app: Flask, done: Callable[[World], Any]) -> None:
    world = make_world()
    kept, since = shelf(), outbox.end()

    done(world)

    kinds = [name for name in TOUCHES if name in Event.kinds]
    _catch_up(kept, (one.event for one in outbox.read(since, kinds, 1000)))
    now = shelf()
    assert kept.keys() == now.keys()
    assert {key: one for key, one in kept.items() if one != now[key]} == {}


def _catch_up(kept: dict[tuple[str, str], Document], happened: Iterable[Event]) -> None:
    """What the indexer does to an index, done to documents."""
    touched = Touched()
    for event in happened:
        touched |= touched_by(event)
    gone = documents.refs_of(touched)
    for key in [key for key in kept if key[0] in gone]:
        del kept[key]
    for one in documents.of(touched):
        assert one.ref in gone
        kept[one.ref, one.label] = one
