"""Members suggest: an article, a change to one, or that one be retired."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from iocop.contributions.models import Contribution, Revision
from iocop.contributions.services import (
    Given,
    check_filing,
    contribute,
    file_root,
    move_label,
    revise,
    write_out,
)
from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.errors import Conflict, Invalid
from iocop.core.events import emit
from iocop.core.policy import require
from iocop.core.versions import bump
from iocop.repertoire import policy
from iocop.repertoire.events import ProposalOpened, ProposalSubmitted, ProposalWithdrawn
from iocop.repertoire.fields import Fields, check
from iocop.repertoire.models import Proposal
from iocop.repertoire.models.proposals import ACTS
from iocop.repertoire.queries.current import fields_of
from iocop.repertoire.queries.standing import filed_in
from iocop.repertoire.services.rows import article_row, proposal_row
from iocop.repertoire.services.tracing import check_label
from iocop.spaces.labels import strictest

if TYPE_CHECKING:
    from iocop.contributions.services import Written
    from iocop.core.login import Viewer
    from iocop.repertoire.models import Article

LONGEST_REASON = 200
"""Characters of a note on what a save changed."""

OF_TEXT = frozenset({"new", "edit"})
"""Acts that bring a text; the others leave the article's as it stands."""


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What a member sends.

    Attributes:
        act: one of `ACTS`.
        article_id: what it would change; None for a new article.
        base_version: the article's version it started from.
        space_id: of a new article; None for the first space.
        note: what changed in this save, and why.
        submit: whether it enters the queue at once.
        affiliation_id: for which organization the author writes; None for the main one.
    """

    act: str
    submission_key: str
    fields: Fields
    text: str = ""
    article_id: int | None = None
    base_version: int | None = None
    space_id: int | None = None
    note: str = ""
    submit: bool = True
    affiliation_id: int | None = None
    attachment_ids: tuple[int, ...] = ()
    draft_key: str = ""


def propose(actor: Viewer, sent: Sent, written: Written | None = None) -> Proposal:
    """Suggest a change to the repertoire.

    Args:
        written: the text from `write_out`, where the caller is inside an act already.

    Raises:
        Refused: the actor may not post there, or not read the article.
        Invalid: a field or the text cannot be so.
        Missing: no such article.
        Conflict: the article is retired.
    """
    _check(sent)
    sent = replace(sent, fields=_completed(actor, sent))
    check(sent.fields)
    text = sent.text if sent.act in OF_TEXT else sent.fields.reason
    written = written or write_out(text)
    with act() as session:
        article = article_row(sent.article_id) if sent.article_id is not None else None
        target = session.get_one(Contribution, article.id) if article else None
        require(policy.may_propose(actor, target))
        _check_target(sent, article, target)
        check_filing(sent.fields.domain_ids, sent.fields.tags)
        row = contribute(actor, _given(sent, text, target), written)
        known = session.get(Proposal, row.id)
        if known is not None:
            return known  # the same form was sent twice
        proposal = Proposal(
            id=row.id, act=sent.act, article_id=sent.article_id, title=sent.fields.title.strip(),
            base_version=target.version if target else None, fields=sent.fields.stored(),
        )  # fmt: skip
        if sent.base_version is not None:
            proposal.base_version = sent.base_version
        session.get_one(Revision, (row.id, 1)).reason = sent.note.strip()[:LONGEST_REASON]
        session.add(proposal)
        session.flush()
        emit(ProposalOpened(actor.id, proposal_id=proposal.id, act=sent.act))
        if sent.submit:
            _enter_queue(actor, proposal)
        bump("repertoire")
    return proposal


def _check(sent: Sent) -> None:
    if sent.act not in ACTS or (sent.act == "new") != (sent.article_id is None):
        raise Invalid(_l("Choose what you suggest."), "act")
    if sent.act not in OF_TEXT and not sent.fields.reason.strip():
        raise Invalid(_l("Say why: reviewers and readers see it."), "reason")


def _completed(actor: Viewer, sent: Sent) -> Fields:
    """Return the fields with what the article or its author gives where nothing was said."""
    if sent.act in OF_TEXT:
        return (
            sent.fields
            if sent.fields.owner_id or sent.article_id
            else replace(sent.fields, owner_id=actor.id)
        )
    standing = fields_of(sent.article_id or 0)
    return replace(
        standing,
        reason=sent.fields.reason,
        successor_id=sent.fields.successor_id,
        label=sent.fields.label if sent.act == "relabel" else standing.label,
    )


def check_standing(act: str, article: Article) -> None:
    """Say whether an article stands so that something can be suggested about it.

    Raises:
        Conflict: it is retired, or bears the seal that is suggested.
    """
    verdict = policy.suggestible_now(act, article)
    if not verdict:
        raise Conflict(verdict.reason)


def _check_target(sent: Sent, article: Article | None, target: Contribution | None) -> None:
    if article is None or target is None:
        return
    if sent.act == "relabel":
        check_label(target, sent.fields.label)
    check_standing(sent.act, article)
    successor = sent.fields.successor_id
    if sent.act == "merge" and successor is None:
        raise Invalid(_l("Name the article it is merged into."), "successor")
    if successor is not None and (successor == article.id or article_row(successor).retired_at is not None):
        raise Invalid(_l("The article that takes over is another one, and not retired itself."), "successor")


def _given(sent: Sent, text: str, target: Contribution | None) -> Given:
    """Return the contribution a proposal is: as far shared as what it would change, and decided where that stands."""
    return Given(
        kind="proposal", text=text, submission_key=sent.submission_key, title=sent.fields.title.strip(),
        space_id=target.space_id if target else sent.space_id,
        label=_label(sent, target),
        domain_ids=_decided_in(sent.fields, sent.article_id), tags=sent.fields.tags, language=sent.fields.language,
        affiliation_id=sent.affiliation_id, attachment_ids=sent.attachment_ids, draft_key=sent.draft_key,
    )  # fmt: skip


def _decided_in(fields: Fields, article_id: int | None) -> tuple[int, ...]:
    """Return where a proposal is decided: where its article stands now, so that nobody files it out of reach first."""
    return (filed_in(article_id) if article_id is not None else ()) or fields.domain_ids


def _label(sent: Sent, target: Contribution | None) -> str | None:
    """Return how far a proposal is shared: no further than what it would change, whatever that is to become."""
    if target is None:
        return sent.fields.label or None
    if sent.act in {"relabel", "edit"} and sent.fields.label:
        return strictest(target.label, sent.fields.label)
    return target.label


def save_proposal(
    actor: Viewer, proposal_id: int, *, fields: Fields, text: str, note: str = "",
    version: int | None = None, base_version: int | None = None, submit: bool = True,
    written: Written | None = None,
) -> Proposal:  # fmt: skip
    """Save a proposal's next state: what was approved of the last one counts no more.

    Args:
        version: of its contribution, as the form was opened with.
        base_version: the article's version that the text was brought up to date with; None: as before.
        written: the text from `write_out`, where the caller is inside an act already.

    Raises:
        Refused: neither its author nor who helps to write it, or it is decided.
        Stale: it was saved from another window meanwhile; both texts are in the error.
        Invalid: a field or the text cannot be so.
    """
    check(fields)
    written = written or write_out(text)
    with act() as session:
        proposal = proposal_row(proposal_id)
        thing = session.get_one(Contribution, proposal_id)
        require(policy.may_write_proposal(actor, proposal, thing))
        if not submit:
            require(policy.may_withdraw_proposal(actor, proposal, thing))
        check_filing(fields.domain_ids, fields.tags)
        before, round_before = (thing.version, proposal.fields, proposal.base_version), proposal.round
        _write(
            actor, thing, fields, written, article_id=proposal.article_id, note=note, version=version
        )  # fmt: skip
        proposal.title, proposal.fields = fields.title.strip(), fields.stored()
        proposal.base_version = base_version or proposal.base_version
        changed = before != (thing.version, proposal.fields, proposal.base_version)
        proposal.round = round_before + changed  # a text and a label that both moved are one round
        if submit and (changed or proposal.status != "waiting"):
            _enter_queue(actor, proposal)
        elif not submit and proposal.status == "waiting":
            proposal.status, proposal.submitted_at = "draft", None
        session.flush()
        bump("repertoire")
    return proposal


def _write(
    actor: Viewer, thing: Contribution, fields: Fields, written: Written, *, article_id: int | None, note: str,
    version: int | None,
) -> None:  # fmt: skip
    revise(
        actor,
        thing.id,
        written.text,
        title=fields.title.strip(),
        reason=note,
        version=version,
        written=written,
    )
    file_root(thing.id, _decided_in(fields, article_id), fields.tags)
    if fields.label and fields.label != thing.label:
        check_label(thing, fields.label)
        move_label(actor, thing, fields.label, "")


def submit(actor: Viewer, proposal_id: int) -> Proposal:
    """Have a saved proposal enter the queue.

    Raises:
        Refused: not its author, or it is decided.
        Conflict: it waits already.
    """
    with act() as session:
        proposal = proposal_row(proposal_id)
        require(policy.may_withdraw_proposal(actor, proposal, session.get_one(Contribution, proposal_id)))
        if proposal.status == "waiting":
            raise Conflict(_l("It waits for its reviews already."))
        _enter_queue(actor, proposal)
        bump("repertoire")
    return proposal


def _enter_queue(actor: Viewer, proposal: Proposal) -> None:
    proposal.status, proposal.submitted_at = "waiting", clock.now()
    proposal.widened_at = None
    db.session.flush()
    bump(f"topic:{proposal.id}")
    emit(ProposalSubmitted(actor.id, proposal_id=proposal.id, round=proposal.round))


def withdraw(actor: Viewer, proposal_id: int) -> Proposal:
    """Take a proposal back; it stays readable as withdrawn.

    Raises:
        Refused: not its author, or it is decided.
    """
    with act() as session:
        proposal = proposal_row(proposal_id)
        require(policy.may_withdraw_proposal(actor, proposal, session.get_one(Contribution, proposal_id)))
        proposal.status, proposal.decided_at = "withdrawn", clock.now()
        bump("repertoire", f"topic:{proposal_id}")
        emit(ProposalWithdrawn(actor.id, proposal_id=proposal_id))
    return proposal
