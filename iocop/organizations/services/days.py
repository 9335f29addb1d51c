"""What happens to affiliations by itself as days pass; every step can be taken again."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app, render_template
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import delete, or_, select

from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.events import emit
from iocop.core.mail import queue_mail
from iocop.core.models import MailRow
from iocop.core.versions import bump
from iocop.members.models import Member
from iocop.organizations.events import AffiliationBegan, AffiliationEnded, AffiliationExpired
from iocop.organizations.models import Affiliation, MemberCard, Organization
from iocop.organizations.services.affiliations import supersede
from iocop.organizations.services.cards import refresh_card

REMINDED_BEFORE = timedelta(days=30)
LOOK_BACK = timedelta(days=7)
"""A site that was down for up to a week still notices who began meanwhile."""


def turn_day() -> None:
    """Bring affiliations up to today: proofs expire, ends are told, beginnings shown, reminders sent."""
    expire_proofs()
    tell_ends()
    show_beginnings()
    remind()
    forget_work_addresses()


def expire_proofs() -> None:
    """Let proofs older than twelve months stand as self-stated."""
    now = clock.now()
    due = _ids(Affiliation.expires_at <= now, Affiliation.evidence != "self")
    for affiliation_id in due:
        with act() as session:
            row = session.get_one(Affiliation, affiliation_id)
            newer = supersede(
                session, None, row, evidence="self", verified_at=None, expires_at=None, reminded_at=None
            )
            emit(
                AffiliationExpired(
                    actor_id=None, affiliation_id=newer.id, member_id=row.member_id,
                    organization_id=row.organization_id,
                )
            )  # fmt: skip
            refresh_card(row.member_id)
            bump("people", "organizations", f"organization:{row.organization_id}")


def tell_ends() -> None:
    """Tell of affiliations whose last day has passed."""
    today = clock.now().date()
    for affiliation_id in _ids(Affiliation.valid_to <= today, Affiliation.closed_at.is_(None)):
        with act() as session:
            row = session.get_one(Affiliation, affiliation_id)
            row.closed_at = clock.now()
            session.flush()
            emit(
                AffiliationEnded(
                    actor_id=None, affiliation_id=row.id, member_id=row.member_id,
                    organization_id=row.organization_id,
                )
            )  # fmt: skip
            refresh_card(row.member_id)
            bump("people", "organizations", f"organization:{row.organization_id}")


def show_beginnings() -> None:
    """Show affiliations stated before their first day."""
    today = clock.now().date()
    for affiliation_id in _ids(Affiliation.valid_from <= today, Affiliation.valid_from > today - LOOK_BACK):
        with act() as session:
            row = session.get_one(Affiliation, affiliation_id)
            card = session.get(MemberCard, row.member_id)
            before = card.organization_id if card else None
            refresh_card(row.member_id)
            session.flush()
            if session.get_one(MemberCard, row.member_id).organization_id != before:
                emit(AffiliationBegan(None, row.id, row.member_id, row.organization_id))


def remind() -> None:
    """Tell members whose proof expires within 30 days, once."""
    now = clock.now()
    due = _ids(
        Affiliation.evidence != "self",
        Affiliation.expires_at <= now + REMINDED_BEFORE,
        Affiliation.reminded_at.is_(None),
        or_(Affiliation.valid_to.is_(None), Affiliation.valid_to > now.date()),
    )
    for affiliation_id in due:
        with act() as session:
            row = session.get_one(Affiliation, affiliation_id)
            row.reminded_at = now
            _mail_reminder(row)


def _mail_reminder(row: Affiliation) -> None:
    with act() as session:
        member = session.get_one(Member, row.member_id)
        organization = session.get_one(Organization, row.organization_id)
        if member.email is None or member.state != "active":
            return
        link = f"{current_app.extensions['settings'].base_url}/settings/affiliations"
        with force_locale(member.locale or "en"):
            queue_mail(
                event_key=f"affiliation:{row.id}", recipient_id=member.id, kind="affiliation_expires",
                address=member.email, subject=_("Do you still belong to %(name)s?", name=organization.name),
                body=render_template(
                    "organizations/mail/expires.txt", member=member, organization=organization, row=row, link=link
                ),
            )  # fmt: skip


def forget_work_addresses() -> None:
    """Forget the mails that carried links to addresses at work, once they were handed over or given up."""
    with act() as session:
        session.execute(delete(MailRow).where(MailRow.kind == "affiliation", MailRow.state != "queued"))


def _ids(*conditions: object) -> list[int]:
    rows = select(Affiliation.id).where(Affiliation.superseded_at.is_(None), *conditions)  # type: ignore[arg-type]
    return list(db.session.scalars(rows.order_by(Affiliation.id)))
