"""What happened becomes acts of the ledger, or undoes them: each is brought to how things stand, however often told."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from iocop.contributions.models import Contribution
from iocop.core import clock
from iocop.core.db import act, db
from iocop.repertoire.queries.standing import filed_in
from iocop.reputation.book import Tie
from iocop.reputation.queries import sources
from iocop.reputation.queries.sources import Part
from iocop.reputation.queries.ties import Ties, declared_conflict
from iocop.reputation.rules import NEWCOMER_DAYS
from iocop.reputation.services.writing import Act, record, restore, reverse
from iocop.reputation.weighing import WHOLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from iocop.reputation.models import LedgerRow

ENDORSED: Final = {
    "answer": "answer_endorsed",
    "article": "article_endorsed",
    "question": "question_endorsed",
}
"""What *helpful* is to each kind of contribution; to others it is a number and nothing else."""
NEWCOMER: Final = timedelta(days=NEWCOMER_DAYS)
KEPT_AFTER: Final = timedelta(days=60)
"""From a confirmation on; that it is still in use, nobody can know before."""


def weigh_word(contribution_id: int, member_id: int) -> None:
    """Enter, or take back, what a member's *helpful* or doubt is to those who wrote something."""
    with act():
        thing = db.session.get_one(Contribution, contribution_id)
        given = sources.standing_mark(contribution_id, member_id, "helpful")
        stands = _rule(thing.kind, given.value) if given else ""
        for rule in {_rule(thing.kind, 1), _rule(thing.kind, -1)} - {stands, ""}:
            reverse(thing.id, "withdrawn", clock.now(), rule=rule, actor_id=member_id)
        if given and stands:
            _record(thing, stands, member_id, given.at)


def _rule(kind: str, value: int) -> str:
    if value < 0:
        return "answer_doubted" if kind == "answer" else ""
    return ENDORSED.get(kind, "")


def weigh_acceptance(post_id: int) -> None:
    """Enter an answer's acceptance by who asked, or take it back."""
    with act():
        answer = db.session.get_one(Contribution, post_id)
        at = sources.accepted_at(post_id)
        if at is None:
            reverse(post_id, "withdrawn", clock.now(), rule="answer_accepted")
        else:
            asker_id = db.session.get_one(Contribution, answer.root_id).author_id
            _record(answer, "answer_accepted", asker_id, at)


def weigh_confirmation(article_id: int, member_id: int) -> None:
    """Enter that another organization confirmed an article after its review date, or take it back.

    An organization counts once a year.
    """
    with act():
        thing = db.session.get_one(Contribution, article_id)
        given = sources.standing_mark(article_id, member_id, "works_here")
        if given is None:
            now = clock.now()
            reverse(article_id, "withdrawn", now, rule="article_confirmed", actor_id=member_id)
            reverse(article_id, "withdrawn", now, rule="confirmation_given", member_id=member_id)
            return
        occasion = f"{given.org_group_id}:{given.at.year}"
        if not sources.was_due(article_id, given.at) or sources.confirmed_by_another(
            article_id, occasion, member_id
        ):
            return
        _record(thing, "article_confirmed", member_id, given.at, occasion=occasion)
        _record(thing, "confirmation_given", None, given.at, occasion=occasion, receiver_id=member_id)


def weigh_publication(proposal_id: int, standing: str) -> None:
    """Enter what approving a text brings: to its authors when it comes into the repertoire, to who suggested a change."""
    with act():
        proposal, article = sources.article_of(proposal_id)
        if proposal.act not in {"new", "edit", "seal"}:
            return
        thing, at = db.session.get_one(Contribution, article.id), proposal.decided_at or clock.now()
        approvers, occasion = sources.approvers_of(proposal), f"proposal:{proposal.id}"
        enters = standing == "sealed" and not sources.approved_otherwise(article.id, occasion)
        for approver_id in approvers:
            if enters:
                _record(
                    thing, "article_approved", approver_id, at, occasion=occasion, approvers=len(approvers)
                )
            if proposal.act != "new":
                suggested = db.session.get_one(Contribution, proposal.id)
                _record(
                    suggested, "edit_approved", approver_id, at, approvers=len(approvers),
                    filed_as=article.id,
                )  # fmt: skip


def weigh_state(contribution_id: int) -> None:
    """Undo what something brought while nobody sees it, and bring it back with it; a ruling against it costs points."""
    with act():
        thing = db.session.get_one(Contribution, contribution_id)
        now = clock.now()
        if thing.state == "visible":
            marks = sources.standing_marks(thing.id)
            restore(thing.id, now, lambda row: _still_stands(row, marks))
            reverse(thing.id, "restored", now, rule="content_removed")
            return
        reverse(thing.id, "removed", now)
        if sources.removed_by_ruling(thing):
            _record(thing, "content_removed", None, now, receiver_id=thing.author_id)


def _still_stands(row: LedgerRow, marks: Mapping[tuple[int, str], int]) -> bool:
    """Say whether the act a row tells of was taken back while nobody saw what it was about."""
    actor_id = row.actor_id or row.member_id
    if row.rule in ENDORSED.values():
        return marks.get((actor_id, "helpful"), 0) > 0
    if row.rule == "answer_doubted":
        return marks.get((actor_id, "helpful"), 0) < 0
    if row.rule in {"article_confirmed", "confirmation_given"}:
        return (actor_id, "works_here") in marks
    if row.rule == "answer_accepted":
        return sources.accepted_at(row.source_id) is not None
    return row.rule != "content_removed"


def weigh_taking_home(record_id: int, member_id: int, contribution_ids: Iterable[int]) -> None:
    """Enter that something was taken home to another organization, for each thing the record cites."""
    with act():
        for contribution_id in contribution_ids:
            thing = db.session.get_one(Contribution, contribution_id)
            _record(
                thing, "home_taken", member_id, clock.now(), occasion=f"record:{record_id}", from_outside=True
            )


def weigh_keeping(record_id: int, member_id: int, contribution_ids: Iterable[int]) -> None:
    """Enter that it is still in use there after 60 days, where the confirmation stands in the ledger."""
    with act():
        now, occasion = clock.now(), f"record:{record_id}"
        for contribution_id in contribution_ids:
            began = sources.taken_home_at(contribution_id, occasion)
            if began is not None and now - began >= KEPT_AFTER:
                thing = db.session.get_one(Contribution, contribution_id)
                _record(thing, "home_kept", member_id, now, occasion=occasion, from_outside=True)


def adopt_earned(imported_id: int, member_id: int) -> None:
    """Give a member what was earned under the name they had elsewhere, weighed as between those two people."""
    with act():
        now = clock.now()
        acts = []
        for each in sources.earned_by(imported_id):
            reverse(each.source_id, "moved", now, rule=each.rule, member_id=imported_id)
            thing = db.session.get_one(Contribution, each.source_id)
            acts.append(
                Act(
                    each.rule, member_id, each.domain_ids, each.source_id, each.actor_id,
                    _ties(each.actor_id, [member_id], thing, each.at)[member_id], each.at, each.occasion,
                    WHOLE if each.share is None else each.share, each.approvers, sealed=each.sealed,
                )
            )  # fmt: skip
        record(acts)


def _record(
    thing: Contribution, rule: str, actor_id: int | None, at: datetime, *, occasion: str = "", approvers: int = 1,
    receiver_id: int | None = None, filed_as: int | None = None, from_outside: bool = False,
) -> None:  # fmt: skip
    """Enter one act for everybody it concerns; what nobody sees at the moment waits until it is seen again.

    Args:
        receiver_id: whom alone it concerns; else its author or, of an article, all whose words it holds.
        filed_as: whose domains count, where they are not its own.
        from_outside: leave out who is of the actor's organization.
    """
    parts = [part for part in _parts(thing, receiver_id) if part.member_id != actor_id]
    domain_ids = filed_in(filed_as or thing.root_id or thing.id)
    if not parts or not domain_ids:
        return
    receivers = {part.member_id for part in parts}
    found = _ties(actor_id, receivers, thing, at)
    acts = [
        Act(
            rule, key, domain_ids, thing.id, actor_id, found[key], at, occasion, share, approvers,
            newcomer=rule == "answer_doubted" and at - sources.joined_at(key) < NEWCOMER, sealed=sealed,
        )
        for key, share, sealed in parts
        if not (from_outside and found[key].weight == "together")
    ]  # fmt: skip
    if thing.state == "visible" or rule == "content_removed":
        record(acts)
    elif sources.undone_because(thing.id, rule, actor_id, occasion, receivers) != "removed":
        record(acts)
        reverse(thing.id, "removed", clock.now())


def _parts(thing: Contribution, receiver_id: int | None) -> list[Part]:
    """Return whom something given for a thing concerns; what a member alone gets for what they did is no secret."""
    if thing.kind == "article" and receiver_id is None:
        return sources.parts_of(thing.id)
    key = thing.author_id if receiver_id is None else receiver_id
    return [Part(key, WHOLE, sealed=thing.byline == "sealed" and key == thing.author_id)]


def _ties(
    actor_id: int | None, receiver_ids: Iterable[int], thing: Contribution, at: datetime
) -> dict[int, Tie]:
    """Return how an actor stands to each receiver; nobody in particular stands to them in no way."""
    if actor_id is None:
        return {key: Tie() for key in receiver_ids}
    ties = Ties({actor_id, *receiver_ids})
    conflict = declared_conflict(actor_id, ties.employers(actor_id, at), thing)
    return {key: ties.between(actor_id, key, at, conflict=conflict) for key in receiver_ids}
