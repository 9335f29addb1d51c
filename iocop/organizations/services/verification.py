"""Proof by a link to an address at work. The address is used once and kept nowhere."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask import current_app, render_template
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, func, select

from iocop.core import audit, clock
from iocop.core.db import act
from iocop.core.errors import Conflict, Invalid, Refused, TooMany
from iocop.core.events import emit
from iocop.core.mail import queue_mail
from iocop.core.models import MailRow
from iocop.core.policy import require
from iocop.core.versions import bump
from iocop.members.models import Member, Ticket
from iocop.members.services.tickets import issue_ticket, mail_key, peek_ticket, take_ticket
from iocop.members.tokens import keyed
from iocop.organizations import mail_domains, policy, queries
from iocop.organizations.events import AffiliationVerified
from iocop.organizations.models import Affiliation, Organization
from iocop.organizations.services.affiliations import own, supersede
from iocop.organizations.services.cards import refresh_card

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from iocop.core.login import Viewer

KIND = "affiliation"
LINK_LASTS = timedelta(hours=24)
PROOF_LASTS = timedelta(days=365)
LINKS_A_DAY = 5


def request_verification(actor: Viewer, affiliation_id: int, address: str) -> str:
    """Send a link to an address at work; return the domain it would prove.

    Raises:
        Invalid: not an address, or not on a domain of the organization.
        TooMany: the sixth link within a day.
    """
    mailbox, domain = _parsed(address)
    with act() as session:
        row = own(session, actor, affiliation_id)
        now = clock.now()
        require(policy.may_verify(actor, row, now))
        _check_rate(session, actor.id)
        proof = queries.organization_of_domain(domain, now)
        if proof is None or proof.organization_id != row.organization_id:
            raise Invalid(_l("This address is not on a domain known to be the organization's."), "address")
        token = issue_ticket(
            KIND, LINK_LASTS, actor.id, line=row.line, organization=row.organization_id, domain=proof.domain,
            address=keyed(mailbox),
        )  # fmt: skip
        _mail_link(session, row, mailbox, token)
        audit.record("request_verification", actor.id, f"affiliation:{row.id}")
    return proof.domain


def _parsed(address: str) -> tuple[str, str]:
    from email_validator import EmailNotValidError, validate_email  # its tables take long to load

    try:
        found = validate_email(address.strip(), check_deliverability=False, test_environment=True)
        domain = mail_domains.tidy(found.ascii_domain or found.domain)
    except (EmailNotValidError, ValueError) as error:
        raise Invalid(_l("That is no e-mail address; write it like name@acme.example."), "address") from error
    if mail_domains.is_free_mail(domain):
        raise Invalid(_l("Anybody can have an address there; use one your organization gave you."), "address")
    return found.normalized.lower(), domain


def _check_rate(session: Session, member_id: int) -> None:
    asked = session.scalar(
        select(func.count(Ticket.id)).where(
            Ticket.kind == KIND,
            Ticket.member_id == member_id,
            Ticket.created_at > clock.now() - timedelta(days=1),
        )
    )
    if (asked or 0) >= LINKS_A_DAY:
        raise TooMany(_l("Five links a day are enough; try again tomorrow."), retry_after=86_400)


def _mail_link(session: Session, row: Affiliation, address: str, token: str) -> None:
    member = session.get_one(Member, row.member_id)
    organization = session.get_one(Organization, row.organization_id)
    link = f"{current_app.extensions['settings'].base_url}/affiliation/{token}"
    with force_locale(member.locale or "en"):
        queue_mail(
            event_key=mail_key(token), recipient_id=member.id, kind=KIND, address=address,
            subject=_("Confirm that you belong to %(name)s", name=organization.name),
            body=render_template(
                "organizations/mail/verify.txt", member=member, organization=organization, link=link
            ),
        )  # fmt: skip


def opened_link(actor: Viewer, token: str) -> tuple[Organization, str]:
    """Return what a link would prove, the organization and its domain, without using it up.

    Raises:
        Gone: used, expired or never given.
        Refused: another member asked for it.
    """
    ticket = peek_ticket(KIND, token)
    if ticket.member_id != actor.id:
        raise Refused(_l("Another member asked for this link. Sign in as that member to use it."))
    with act() as session:
        return session.get_one(Organization, ticket.payload["organization"]), ticket.payload["domain"]


def verify_affiliation(actor: Viewer, token: str) -> Affiliation:
    """Prove an affiliation by a link that reached its member at work; the proof lasts twelve months."""
    with act() as session:
        opened_link(actor, token)
        _member, given = take_ticket(KIND, token)
        row = _current(session, actor.id, given["line"], given["organization"])
        now = clock.now()
        require(policy.may_verify(actor, row, now))
        newer = supersede(
            session, actor.id, row, evidence="email", verified_at=now, verified_domain=given["domain"],
            expires_at=now + PROOF_LASTS, reminded_at=None,
        )  # fmt: skip
        session.execute(delete(MailRow).where(MailRow.event_key == mail_key(token), MailRow.kind == KIND))
        refresh_card(actor.id)
        bump("people", "organizations", f"organization:{row.organization_id}")
        emit(
            AffiliationVerified(
                actor_id=actor.id,
                affiliation_id=newer.id,
                member_id=actor.id,
                organization_id=row.organization_id,
            )
        )
        audit.record("verify_affiliation", actor.id, f"affiliation:{newer.id}", domain=given["domain"])
    return newer


def _current(session: Session, member_id: int, line: int, organization_id: int) -> Affiliation:
    row = session.scalar(
        select(Affiliation)
        .where(
            Affiliation.line == line,
            Affiliation.member_id == member_id,
            Affiliation.organization_id == organization_id,
            Affiliation.superseded_at.is_(None),
        )
        .with_for_update()
    )
    if row is None:
        raise Conflict(_l("You have corrected this affiliation since; ask for a new link."))
    return row
