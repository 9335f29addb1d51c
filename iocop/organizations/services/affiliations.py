"""Where members work, in their own word: recorded, corrected, ended, shown; no employer enters or removes one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from iocop.core import clock
from iocop.core.db import act
from iocop.core.errors import Conflict, Invalid, Missing
from iocop.core.events import emit
from iocop.core.policy import require
from iocop.core.versions import bump
from iocop.members.models import Member
from iocop.organizations import history, policy, queries
from iocop.organizations.events import AffiliationCorrected, AffiliationEnded, AffiliationRecorded
from iocop.organizations.models import Affiliation
from iocop.organizations.services.cards import refresh_card
from iocop.organizations.services.records import existing

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from iocop.core.login import Viewer

FACTS = (
    "line", "member_id", "organization_id", "title", "valid_from", "valid_to", "evidence", "verified_at",
    "verified_domain", "expires_at", "visibility", "is_main", "reminded_at", "closed_at",
)  # fmt: skip
"""What a correction takes over from the row before."""

EARLIEST = 1930
LATEST = 366
"""Days from today by which an affiliation must begin."""


def record_affiliation(
    actor: Viewer, member_id: int, organization_id: int, title: str, valid_from: date,
    valid_to: date | None = None, visibility: str = "public", *, is_main: bool = True,
) -> Affiliation:  # fmt: skip
    """State that the member works, worked or will work for an organization.

    Args:
        valid_to: the first day it no longer holds; empty while it does.

    Raises:
        Conflict: stated already for some of these days.
    """
    with act() as session:
        _own_act(session, actor, member_id)
        organization_id = queries.survivor_of(existing(session, organization_id).id)
        row = Affiliation(
            line=0, member_id=member_id, organization_id=organization_id, title=title.strip(),
            valid_from=valid_from, valid_to=valid_to, recorded_at=clock.now(), visibility=visibility,
            is_main=is_main,
        )  # fmt: skip
        _check_days(row)
        row.closed_at = row.recorded_at if _over(row) else None
        session.add(row)
        session.flush()
        row.line = row.id
        _only_main(session, row)
        emit(
            AffiliationRecorded(
                actor_id=actor.id, affiliation_id=row.id, member_id=member_id, organization_id=organization_id
            )
        )
        _shown_anew(row)
    return row


def _own_act(session: Session, actor: Viewer, member_id: int) -> None:
    """Let only the member go on, and one act of the member at a time."""
    require(policy.may_state(actor, member_id))
    session.scalar(select(Member.id).where(Member.id == member_id).with_for_update())


def own(session: Session, actor: Viewer, affiliation_id: int) -> Affiliation:
    """Return an affiliation as known now that is the actor's.

    Raises:
        Missing: somebody else's, or corrected meanwhile: its newer row has another address.
    """
    row = session.get(Affiliation, affiliation_id)
    if row is None or row.superseded_at is not None or row.member_id != actor.id:
        raise Missing(
            _l("There is no such affiliation of yours; it may have been corrected in another window.")
        )
    _own_act(session, actor, row.member_id)
    session.refresh(row)
    return row


def _check_days(row: Affiliation) -> None:
    today = clock.now().date()
    if row.valid_from.year < EARLIEST or (row.valid_from - today).days > LATEST:
        raise Invalid(_l("Look at the first day again: it lies too far away."), "valid_from")
    if row.valid_to is not None and row.valid_to <= row.valid_from:
        raise Invalid(_l("The last day lies before the first."), "valid_to")
    others = [
        other
        for other in queries.current_rows(row.member_id)
        if other.organization_id == row.organization_id and other.line != row.line
    ]
    if any(history.overlap(row, other) for other in others):
        raise Conflict(
            _l("You have stated this organization for some of these days already; correct that entry.")
        )


def _over(row: Affiliation) -> bool:
    return row.valid_to is not None and row.valid_to <= clock.now().date()


def _only_main(session: Session, row: Affiliation) -> None:
    if row.is_main:
        session.execute(
            update(Affiliation)
            .where(
                Affiliation.member_id == row.member_id,
                Affiliation.superseded_at.is_(None),
                Affiliation.id != row.id,
            )
            .values(is_main=False)
        )


def _shown_anew(row: Affiliation) -> None:
    refresh_card(row.member_id)
    bump("people", "organizations", f"organization:{row.organization_id}")


def _renewed(row: Affiliation, changes: dict[str, Any]) -> Affiliation:
    return Affiliation(**{key: getattr(row, key) for key in FACTS} | changes, recorded_at=clock.now())


def supersede(session: Session, actor_id: int | None, row: Affiliation, **changes: Any) -> Affiliation:
    """Record what is known better now: a new row of the same line; the old one says until when it was believed."""
    newer = _renewed(row, changes)
    row.superseded_at = newer.recorded_at
    session.add(newer)
    session.flush()
    emit(
        AffiliationCorrected(
            actor_id=actor_id, affiliation_id=newer.id, superseded_id=row.id, member_id=row.member_id,
            organization_id=newer.organization_id,
        )
    )  # fmt: skip
    return newer


def correct_affiliation(
    actor: Viewer, affiliation_id: int, title: str, valid_from: date, valid_to: date | None = None,
    organization_id: int | None = None,
) -> Affiliation:  # fmt: skip
    """Say what is right instead; another organization loses the proof of the one before."""
    with act() as session:
        row = own(session, actor, affiliation_id)
        changes: dict[str, Any] = {"title": title.strip(), "valid_from": valid_from, "valid_to": valid_to}
        if organization_id is not None and organization_id != row.organization_id:
            changes |= _unproved(queries.survivor_of(existing(session, organization_id).id))
        _check_days(_renewed(row, changes))
        newer = supersede(session, actor.id, row, **changes)
        _settle_end(session, actor.id, row, newer)
        _shown_anew(newer)
        bump(f"organization:{row.organization_id}")
    return newer


def _unproved(organization_id: int) -> dict[str, Any]:
    return {
        "organization_id": organization_id, "evidence": "self", "verified_at": None, "verified_domain": "",
        "expires_at": None, "reminded_at": None,
    }  # fmt: skip


def _settle_end(session: Session, actor_id: int | None, before: Affiliation, row: Affiliation) -> None:
    """Tell at once that an affiliation is over, or another one now; what rested on it ends."""
    if before.organization_id != row.organization_id and before.closed_at is None:
        _tell_end(actor_id, before)
    if not _over(row):
        row.closed_at = None
    elif row.closed_at is None:
        row.closed_at = clock.now()
        if before.organization_id == row.organization_id:
            _tell_end(actor_id, row)
    session.flush()


def _tell_end(actor_id: int | None, row: Affiliation) -> None:
    emit(
        AffiliationEnded(
            actor_id=actor_id,
            affiliation_id=row.id,
            member_id=row.member_id,
            organization_id=row.organization_id,
        )
    )


def end_affiliation(actor: Viewer, affiliation_id: int, on: date) -> Affiliation:
    """Say which is the first day the member no longer belongs there; account, posts and points stay."""
    with act() as session:
        row = own(session, actor, affiliation_id)
        if on <= row.valid_from:
            raise Invalid(_l("The last day lies before the first."), "valid_to")
        return correct_affiliation(actor, row.id, row.title, row.valid_from, on)


def withdraw_affiliation(actor: Viewer, affiliation_id: int) -> None:
    """Take back what was stated by mistake; that it was stated stays known to the site alone."""
    with act() as session:
        row = own(session, actor, affiliation_id)
        row.superseded_at = clock.now()
        session.flush()
        if row.closed_at is None:
            _tell_end(actor.id, row)
        _shown_anew(row)


def choose_main(actor: Viewer, affiliation_id: int) -> None:
    """Have one affiliation shown as "now at" and offered first."""
    with act() as session:
        row = own(session, actor, affiliation_id)
        row.is_main = True
        session.flush()
        _only_main(session, row)
        _told_anew(actor.id, row)


def show_affiliation(actor: Viewer, affiliation_id: int, visibility: str) -> None:
    """Say who may read an affiliation: ``public``, ``members``, ``board`` or ``self``."""
    with act() as session:
        row = own(session, actor, affiliation_id)
        row.visibility = visibility
        session.flush()
        _told_anew(actor.id, row)


def _told_anew(actor_id: int, row: Affiliation) -> None:
    emit(
        AffiliationCorrected(
            actor_id=actor_id, affiliation_id=row.id, superseded_id=row.id, member_id=row.member_id,
            organization_id=row.organization_id,
        )
    )  # fmt: skip
    _shown_anew(row)
