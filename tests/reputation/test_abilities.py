"""Abilities: counted from what members did, and what each opens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from iocop.contributions.policy import may_revise
from iocop.contributions.services import revise
from iocop.core import clock, policy
from iocop.core.db import act, db
from iocop.core.errors import Refused
from iocop.core.policy import fact
from iocop.domains.policy import may_curate_tags
from iocop.forums import services as forums
from iocop.forums.policy import may_close
from iocop.moderation.models import Report, Ruling
from iocop.repertoire import policy as repertoire
from iocop.repertoire.models import Proposal, Review
from iocop.reputation.queries.abilities import Shown, shown, shown_of
from tests.factories import make_member, saved, viewer_of
from tests.forums.factories import make_answer, make_topic
from tests.repertoire.factories import make_article, make_proposal

if TYPE_CHECKING:
    from iocop.contributions.models import Contribution
    from iocop.members.models import Member
    from tests.client import Browser

pytestmark = pytest.mark.usefixtures("app")


def suggest(author: Member, article_id: int, status: str, **about: Any) -> Proposal:
    """An edit that ended so, past every review."""
    proposal = make_proposal(author=author, act="edit", article_id=article_id, **about)
    with act() as session:
        row = session.get_one(Proposal, proposal.id)
        row.status = status
        if "tags" in about:
            row.fields = row.fields | {"base": row.fields | {"tags": ["old"]}}
    return proposal


def ruled(reporter: Member, post: Contribution, kind: str) -> None:
    ruling = saved(
        Ruling(
            kind=kind, contribution_id=post.id, moderator_id=make_member().id, reason="So.", at=clock.now()
        )
    )
    saved(
        Report(
            contribution_id=post.id, reporter_id=reporter.id, reason="spam", at=clock.now(), ruling_id=ruling.id
        )
    )  # fmt: skip


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> set[tuple[int, str]]:
    """Members with the abilities they have come to."""
    held: set[tuple[int, str]] = set()
    monkeypatch.setitem(policy._providers, "ability", lambda member, key: (member, key) in held)
    monkeypatch.setitem(
        policy._providers, "abilities", lambda member: {key for known, key in held if known == member}
    )
    return held


def test_suggested_edits_count_as_they_ended() -> None:
    author, article = make_member(), make_article()
    for status in ("published", "published", "declined", "waiting", "withdrawn"):
        suggest(author, article.id, status)
    suggest(author, article.id, "published", tags=("valves",))
    suggest(make_member(), article.id, "published")

    assert shown(author.id, "edit") == Shown(3, 1)
    assert shown(author.id, "tag") == Shown(1, 0)


def test_eighteen_published_edits_are_an_ability_and_one_declined_takes_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    author, article = make_member(), make_article()
    for _ in range(2):
        suggest(author, article.id, "published")
    monkeypatch.setattr("iocop.reputation.ability.ABILITIES", {"edit": 0.75, "flag": 0.75})

    assert fact("ability", author.id, "edit", default=False)
    assert fact("abilities", author.id, default=frozenset()) == {"edit"}
    suggest(author, article.id, "declined")
    assert not fact("ability", author.id, "edit", default=False)


def test_reports_count_as_moderators_ruled() -> None:
    reporter = make_member()
    answers = [make_answer(make_topic()) for _ in range(4)]
    for post, kind in zip(answers, ("hide", "remove", "dismiss"), strict=False):
        ruled(reporter, post, kind)
    saved(Report(contribution_id=answers[3].id, reporter_id=reporter.id, reason="spam", at=clock.now()))

    assert shown(reporter.id, "flag") == Shown(2, 1)
    assert fact("abilities", reporter.id, default=frozenset()) == frozenset()


@pytest.mark.parametrize(
    ("verdict", "status", "expected"),
    [
        ("approve", "published", Shown(1, 0)),
        ("approve", "declined", Shown(0, 1)),
        ("decline", "declined", Shown(1, 0)),
        ("decline", "published", Shown(0, 1)),
        ("changes", "published", Shown(0, 0)),
        ("approve", "waiting", Shown(0, 0)),
    ],
)
def test_a_review_counts_by_how_the_suggestion_ended(verdict: str, status: str, expected: Shown) -> None:
    reviewer, proposal = make_member(), make_proposal()
    saved(
        Review(
            proposal_id=proposal.id, round=1, reviewer_id=reviewer.id, verdict=verdict, power="level", at=clock.now()
        )
    )  # fmt: skip
    with act() as session:
        session.get_one(Proposal, proposal.id).status = status

    assert shown(reviewer.id, "curate") == expected


def test_who_has_done_nothing_has_no_ability() -> None:
    member = make_member()

    assert shown_of(member.id) == dict.fromkeys(("edit", "tag", "flag", "curate"), Shown(0, 0))
    assert not any(fact("ability", member.id, key, default=True) for key in shown_of(member.id))


def test_who_edits_well_edits_what_others_wrote_and_it_stands_in_the_history(
    browser: Browser, trusted: set[tuple[int, str]]
) -> None:
    editor, topic = make_member(), make_topic()
    answer = make_answer(topic)
    path = f"/p/{answer.id}/edit"
    with pytest.raises(Refused, match="nearly all approved"):
        revise(viewer_of(editor), answer.id, "Better words.")
    assert browser.sign_in(editor).page(f"/t/{topic.id}").find("a", href=path) is None

    trusted.add((editor.id, "edit"))

    revise(viewer_of(editor), answer.id, "Better words.")
    assert answer.version == 2
    assert browser.fresh().sign_in(editor).get(path).status_code == 200


def test_who_edits_well_sees_the_way_there(browser: Browser, trusted: set[tuple[int, str]]) -> None:
    editor, topic = make_member(), make_topic()
    answer = make_answer(topic)
    trusted.add((editor.id, "edit"))

    assert browser.sign_in(editor).page(f"/t/{topic.id}").find("a", href=f"/p/{answer.id}/edit")


def test_what_is_not_shown_or_governed_is_edited_by_no_ability(trusted: set[tuple[int, str]]) -> None:
    editor, article = make_member(), make_article()
    hidden, suggestion = make_answer(make_topic()), make_proposal()
    trusted.add((editor.id, "edit"))
    with act() as session:
        session.get_one(type(hidden), hidden.id).state = "hidden"

    things = [session_get(type(hidden), key) for key in (hidden.id, suggestion.id, article.id)]

    assert not any(may_revise(viewer_of(editor), thing) for thing in things)


def session_get(model: Any, key: int) -> Any:
    return db.session.get_one(model, key)


def test_who_tags_well_keeps_the_tags(trusted: set[tuple[int, str]]) -> None:
    member = make_member()
    assert "tags were nearly all approved" in str(may_curate_tags(viewer_of(member)).reason)

    trusted.add((member.id, "tag"))

    assert may_curate_tags(viewer_of(member))


def test_who_flags_well_closes_topics_but_opens_none_that_somebody_else_closed(
    browser: Browser, trusted: set[tuple[int, str]]
) -> None:
    member, topic, other = make_member(), make_topic(), make_topic()
    root = session_get(type(make_answer(topic)), topic.id)
    assert "nearly all upheld" in str(may_close(viewer_of(member), topic, root).reason)

    trusted.add((member.id, "flag"))

    assert browser.sign_in(member).page(f"/t/{topic.id}").find("a", href=f"/t/{topic.id}/close")
    forums.close_topic(viewer_of(member), topic.id, "Asked before.", other.id)
    forums.reopen_topic(viewer_of(member), topic.id)
    author = db.session.scalars(select(type(root).author_id).where(type(root).id == other.id)).one()
    forums.close_topic(viewer_of(session_get(type(member), author)), other.id, "Solved.")
    with pytest.raises(Refused):
        forums.reopen_topic(viewer_of(member), other.id)


def test_who_curates_well_tidies_up_and_approves_nothing(trusted: set[tuple[int, str]]) -> None:
    member, article, proposal = make_member(), make_article(), make_proposal()
    actor = viewer_of(member)
    thing = session_get(type(make_answer(make_topic())), article.id)
    asked = session_get(type(thing), proposal.id)
    questions: list[Any] = [
        lambda: repertoire.may_link(actor, article, thing),
        lambda: repertoire.may_decline_request(actor, thing),
        lambda: repertoire.may_see_broken_links(actor),
    ]
    assert all("borne out" in str(question().reason) for question in questions)

    trusted.add((member.id, "curate"))

    assert all(question() for question in questions)
    assert not repertoire.may_review(actor, proposal, asked)
