"""However often, however late and in whatever order it is told: the ledger says how things stand."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from iocop.contributions.models import Contribution, Mark
from iocop.contributions.services import mark, set_state, withdraw_mark
from iocop.core.db import db
from iocop.core.events import Event, listeners
from iocop.core.models import EventRow
from iocop.forums.models import Topic
from iocop.forums.services import accept_answer, withdraw_acceptance
from iocop.reputation.listeners import enter
from tests.contributions.factories import make_office
from tests.factories import make_member, viewer_of
from tests.forums.factories import make_answer, make_topic
from tests.people import person
from tests.reputation.ledgers import differences
from tests.reputation.test_sources import REASON, rows, stand, told
from tests.search.factories import statements

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from iocop.core.login import Viewer
    from iocop.members.models import Member

STEPS = ("helpful", "doubt", "withdraw", "accept", "unaccept", "hide", "show")


class Scene:
    """One answer, two who say what they think of it (one of them asked), and a moderator."""

    def __init__(self) -> None:
        self.author, asker, other = make_member(), make_member(), make_member()
        self.topic = make_topic(author=asker)
        self.answer = make_answer(self.topic, author=self.author)
        for member in (asker, other):
            stand(member, self.answer)
        self.givers = viewer_of(asker), viewer_of(other)
        self.moderator = make_office(make_member())

    def do(self, step: str, who: int) -> None:
        """Take a step where it is possible."""
        giver, answer_id, topic_id = self.givers[who], self.answer.id, self.topic.id
        visible = self.answer.state == "visible"
        accepted = db.session.get_one(Topic, topic_id).accepted_id is not None
        can: dict[str, tuple[bool, Callable[[], object]]] = {
            "helpful": (visible, lambda: mark(giver, answer_id, "helpful")),
            "doubt": (visible, lambda: mark(giver, answer_id, "doubt", REASON)),
            "withdraw": (True, lambda: self._withdraw(giver)),
            "accept": (visible and not accepted, lambda: accept_answer(self.givers[0], topic_id, answer_id)),
            "unaccept": (accepted, lambda: withdraw_acceptance(self.givers[0], topic_id)),
            "hide": (visible, lambda: set_state(self.moderator, answer_id, "hidden", "a test")),
            "show": (not visible, lambda: set_state(self.moderator, answer_id, "visible")),
        }
        possible, deed = can[step]
        if possible:
            deed()

    def _withdraw(self, giver: Viewer) -> None:
        for kind in ("helpful", "doubt"):
            withdraw_mark(giver, self.answer.id, kind)

    def expected(self) -> set[tuple[str, int]]:
        """What the forum's rows say should stand."""
        db.session.expire_all()
        if db.session.get_one(Contribution, self.answer.id).state != "visible":
            return set()
        live = select(Mark).where(Mark.contribution_id == self.answer.id, Mark.withdrawn_at.is_(None))
        words = {
            ("answer_endorsed" if row.value > 0 else "answer_doubted", row.member_id)
            for row in db.session.scalars(live)
        }
        accepted = db.session.get_one(Topic, self.topic.id).accepted_id == self.answer.id
        return words | ({("answer_accepted", self.givers[0].id)} if accepted else set())


def standing(member: Member) -> set[tuple[str, int | None]]:
    chains: dict[tuple[str, int | None], int] = {}
    for row in rows(member):
        key = (row.rule, row.actor_id)
        chains[key] = chains.get(key, 0) + 1
    return {key for key, count in chains.items() if count % 2}


steps = st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 1), st.booleans()), min_size=1, max_size=9)


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.generate],
)  # fmt: skip
@example(steps=[("helpful", 0, False), ("hide", 0, False)], seed=0)
@example(
    steps=[
        ("helpful", 0, True),
        ("withdraw", 0, True),
        ("helpful", 0, False),
        ("hide", 0, True),
        ("show", 0, True),
    ],
    seed=1,
)
@given(steps=steps, seed=st.integers(0, 999))
def test_whatever_happens_and_however_it_is_told_the_ledger_says_how_things_stand(
    app: Flask, steps: list[tuple[str, int, bool]], seed: int
) -> None:
    scene = Scene()
    began = db.session.scalar(select(func.max(EventRow.id))) or 0
    for step, who, delivered in steps:
        scene.do(step, who)
        if delivered:
            told()
    told()
    assert standing(scene.author) == scene.expected()
    before = len(rows(scene.author))

    kinds = listeners()[f"{enter.__module__}.{enter.__qualname__}"].kinds
    happened = [
        Event.kinds[row.name](**row.payload)
        for row in db.session.scalars(select(EventRow).where(EventRow.id > began, EventRow.name.in_(kinds)))
    ]
    Random(seed).shuffle(happened)
    for again in happened:
        enter(again)

    assert len(rows(scene.author)) == before
    assert differences() == []


def test_entering_a_word_asks_no_more_often_the_more_there_are(app: Flask) -> None:
    asked = []
    author = person("Ann Ash")
    topic = make_topic()
    for _ in range(3):
        for _ in range(4):
            mark(viewer_of(make_member()), make_answer(topic, author=author).id, "helpful")
        told()
        last = make_answer(topic, author=author)
        mark(viewer_of(make_member()), last.id, "helpful")
        happened = db.session.scalars(
            select(EventRow).where(EventRow.name == "Marked").order_by(EventRow.id.desc()).limit(1)
        ).one()
        event = Event.kinds["Marked"](**happened.payload)
        with statements() as seen:
            enter(event)
        asked.append(len(seen))
        told()

    assert asked[1] == asked[2]
    assert asked[2] <= 40
