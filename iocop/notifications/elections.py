"""Telling members of an election: who stands, what waits for an officer, when to vote, what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import format_datetime
from flask_babel import gettext as _
from sqlalchemy import exists, or_, select

from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.events import after, within
from iocop.core.mail import forget_mails
from iocop.core.models import MailRow
from iocop.elections.events import (
    ActProposed,
    ComplaintAnswered,
    ElectionCertified,
    ElectionFrozen,
    ElectionMoved,
    MailingSent,
    Nominated,
    NominationDecided,
    RemindersDue,
)
from iocop.elections.models import (
    Election,
    ElectionAct,
    ElectionComplaint,
    ElectionOfficer,
    Nomination,
    RollEntry,
    TokenIssue,
)
from iocop.elections.queries.elections import document, is_frozen, rules_of
from iocop.elections.queries.officers import relieved
from iocop.elections.queries.roll import on_roll, preview
from iocop.elections.services.mailing import mail_sealed
from iocop.members.events import MemberErased
from iocop.notifications.crowds import Bulletin, tell_crowd

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

LONGEST_WORDS = 500
"""Characters of a reason that a notice holds; all of it stands on the election's page."""


@after(Nominated)
def tell_of_nomination(happened: Nominated) -> None:
    """Tell who was proposed by somebody else, unless they have answered."""
    row = db.session.get_one(Nomination, happened.nomination_id)
    if row.state != "proposed" or row.member_id == row.nominated_by_id:
        return
    election = db.session.get_one(Election, row.election_id)
    key = f"nominated:{election.id}:{row.id}"
    ends = election.nominations_close_at
    bulletin = Bulletin(
        key, "nominated", election.title, actor_id=row.nominated_by_id,
        paragraphs=lambda: [_("Who is proposed answers until %(moment)s.", moment=at(ends))],
    )  # fmt: skip
    tell_crowd(bulletin, [row.member_id])


@after(NominationDecided)
def tell_of_decision(happened: NominationDecided) -> None:
    """Tell the candidate, with the officers' reason where they refused, unless they decided anew."""
    row = db.session.get_one(Nomination, happened.nomination_id)
    if row.state not in {"admitted", "refused"}:
        return
    election = db.session.get_one(Election, row.election_id)
    refused = row.state == "refused"
    bulletin = Bulletin(
        f"nomination:{election.id}:{row.id}:{row.state}", row.state, election.title,
        row.reason[:LONGEST_WORDS] if refused else "", paragraphs=lambda: [row.reason] if refused else [],
    )  # fmt: skip
    tell_crowd(bulletin, [row.member_id])


@after(ActProposed)
def tell_of_proposal(happened: ActProposed) -> None:
    """Tell the other officers that one of them must act, unless one has."""
    proposed = db.session.get_one(ElectionAct, happened.act_id)
    if proposed.second_id is not None or proposed.taken_back_at is not None:
        return
    election = db.session.get_one(Election, proposed.election_id)
    others = select(ElectionOfficer.member_id).where(
        ElectionOfficer.election_id == election.id, ElectionOfficer.member_id != proposed.first_id, ~relieved()
    )  # fmt: skip
    bulletin = Bulletin(
        f"officers:{election.id}:{proposed.id}", "proposed", election.title, actor_id=proposed.first_id
    )
    tell_crowd(bulletin, db.session.scalars(others).all())


@after(ElectionMoved)
def tell_of_state(happened: ElectionMoved) -> None:
    """Tell whom it concerns that the election came into a state, if it is still in it."""
    election = db.session.get_one(Election, happened.election_id)
    if happened.state == "sealed" and election.state != "void":
        mail_sealed(election.id)
    if election.state != happened.state:
        return
    if election.state == "nominations":
        ends = election.nominations_close_at
        _tell_voters(election, "nominations", lambda: [
            _("Propose yourself or others until %(moment)s.", moment=at(ends)),
        ])  # fmt: skip
    elif election.state == "voting":
        _tell_voters(election, "voting", lambda: [
            _("You are on the roll. Vote until %(moment)s; it takes three minutes.", moment=at(election.closes_at)),
            _("You get a voting code: print or save it. It alone brings back your vote on any device."),
        ])  # fmt: skip
    elif election.state == "counted":
        _tell_voters(election, "counted", lambda: [
            _("Complaints are taken until %(moment)s.", moment=at(election.complaints_until)),
        ])  # fmt: skip
    elif election.state == "void":
        _tell_voters(election, "void", lambda: [election.reason])


@after(ElectionFrozen)
def tell_of_freeze(happened: ElectionFrozen) -> None:
    """Mail everybody on the roll the hash that all that follows is bound to; of a freeze that was taken back, nothing."""
    election = db.session.get_one(Election, happened.election_id)
    frozen = document(election.id, "freeze.json")
    if frozen is None or election.state == "void":
        return
    bulletin = Bulletin(
        f"election:{election.id}:frozen:{frozen.hash[:16]}", "frozen", election.title, due=True,
        paragraphs=lambda: [
            _("The hash that all that follows is bound to:"), frozen.hash,
            _("Keep this mail: the page you vote on shows the same letters, and so does the archive."),
            _("Voting opens on %(moment)s.", moment=at(election.opens_at)),
        ],
    )  # fmt: skip
    tell_crowd(bulletin, on_roll(election.id))


@after(RemindersDue)
def tell_of_close(happened: RemindersDue) -> None:
    """Remind everybody on the roll who may still vote: the site knows who fetched a token, and not who cast."""
    election = db.session.get_one(Election, happened.election_id)
    if election.state != "voting" or clock.now() >= election.closes_at:
        return
    issued = exists().where(TokenIssue.entry_id == RollEntry.id)
    rows = select(RollEntry.member_id, issued).where(
        RollEntry.election_id == election.id, RollEntry.member_id.is_not(None),
        or_(RollEntry.blocked_reason == "", issued),
    )  # fmt: skip
    fetched: dict[bool, list[int]] = {True: [], False: []}
    for member_id, has_token in db.session.execute(rows):
        fetched[has_token].append(member_id or 0)
    for has_token, member_ids in fetched.items():
        tell_crowd(_reminder(election, happened.days_left, has_token=has_token), member_ids)


def _reminder(election: Election, days_left: int, *, has_token: bool) -> Bulletin:
    def paragraphs() -> Iterator[str]:
        if has_token:
            yield _("You fetched a token; only your browser knows whether you cast.")
        else:
            yield _("You have not fetched a voting token yet: nobody can have voted in your name.")
        yield _("Voting closes on %(moment)s.", moment=at(election.closes_at))

    return Bulletin(
        f"election:{election.id}:left{days_left}", "reminded", election.title, paragraphs=paragraphs
    )


@after(MailingSent)
def tell_of_mailing(happened: MailingSent) -> None:
    """Send a candidate's one mailing, as plain text, to everybody on the roll; before the freeze, who may vote."""
    row = db.session.get_one(Nomination, happened.nomination_id)
    election = db.session.get_one(Election, row.election_id)
    if row.state != "admitted" or not row.mailing:
        return
    bulletin = Bulletin(
        f"mailing:{election.id}:{row.id}", "mailing", election.title, actor_id=row.member_id,
        paragraphs=lambda: [row.mailing],
    )  # fmt: skip
    tell_crowd(bulletin, voters(election))


@after(ComplaintAnswered)
def tell_of_answer(happened: ComplaintAnswered) -> None:
    """Tell who complained, and nobody else, what two officers answered."""
    row = db.session.get_one(ElectionComplaint, happened.complaint_id)
    if row.member_id is None:
        return
    title = db.session.get_one(Election, row.election_id).title
    bulletin = Bulletin(
        f"complaint:{row.election_id}:{row.id}", "upheld" if row.upheld else "answered", title,
        row.answer[:LONGEST_WORDS], paragraphs=lambda: [row.answer],
    )  # fmt: skip
    tell_crowd(bulletin, [row.member_id])


@after(ElectionCertified)
def tell_of_certificate(happened: ElectionCertified) -> None:
    """Tell everybody who could vote what stands now."""
    election = db.session.get_one(Election, happened.election_id)
    _tell_voters(election, "certified", lambda: election.certificate.split("\n\n")[1:])


def _tell_voters(election: Election, matter: str, paragraphs: Any) -> None:
    bulletin = Bulletin(f"election:{election.id}:{matter}", matter, election.title, paragraphs=paragraphs)
    tell_crowd(bulletin, voters(election))


def voters(election: Election) -> list[int]:
    """Return who stands on the roll; before the freeze, who would if it were today."""
    if is_frozen(election.id):
        return on_roll(election.id)
    return list(preview(rules_of(election), clock.now()).eligible)


def at(moment: datetime) -> str:
    """Write a moment of an election: the site's one clock is UTC."""
    return f"{format_datetime(moment, 'd MMM y, HH:mm', rebase=False)} (UTC)"


@within(MemberErased)
def forget_candidates_mails(happened: MemberErased) -> None:
    """A mail with an erased candidate's text, or naming who proposed another, is kept no longer."""
    rows = select(Nomination.election_id, Nomination.id).where(
        or_(Nomination.member_id == happened.member_id, Nomination.nominated_by_id == happened.member_id)
    )
    keys = _keys(db.session.execute(rows).all())
    with act() as session:
        forget_mails(session.scalars(select(MailRow.id).where(MailRow.event_key.in_(keys))).all())


def _keys(rows: Iterable[Any]) -> list[str]:
    return [f"{about}:{election}:{row}" for election, row in rows for about in ("mailing", "nominated")]
