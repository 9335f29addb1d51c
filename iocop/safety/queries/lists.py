"""What members and organizations have listed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, func, or_, select

from iocop.core.db import db, read
from iocop.organizations.models import Organization, OrganizationContact
from iocop.organizations.queries import is_contact, organization_ids
from iocop.safety.models import ConfidentialTerm, OwnWord, SwitchedOff
from iocop.safety.rules import Kind

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

_OWN_WORDS: Final = select(OwnWord).where(OwnWord.member_id == bindparam("member")).order_by(OwnWord.folded)
_SWITCHED_OFF: Final = select(SwitchedOff.rule).where(SwitchedOff.member_id == bindparam("member"))


def merged_ids(organizations: Collection[int]) -> list[int]:
    """Return some organizations' ids and those of the records that were merged into them."""
    found = select(Organization.id).where(
        or_(Organization.id.in_(organizations), Organization.merged_into_id.in_(organizations))
    )
    return list(db.session.scalars(found.order_by(Organization.id))) if organizations else []


def terms_for(member_id: int, at: datetime) -> dict[int, dict[Kind, set[str]]]:
    """Return the digests of the organizations a member is proved to belong to, by organization and kind.

    Proof is asked for because whoever is warned can test guesses: nobody gets at a list by stating an employer.
    """
    mine = merged_ids(organization_ids(member_id, at, verified_only=True))
    if not mine:
        return {}
    term = ConfidentialTerm
    rows = db.session.execute(
        select(term.organization_id, term.words, term.capital, term.digest).where(
            term.organization_id.in_(mine)
        )
    )
    lists: dict[int, dict[Kind, set[str]]] = {}
    for organization_id, words, capital, made in rows:
        lists.setdefault(organization_id, {}).setdefault(Kind(words, capital), set()).add(made)
    return lists


def term_count(organization_id: int) -> int:
    """Return how many terms an organization's list holds: all that its contact can know of it."""
    counted = select(func.count()).where(ConfidentialTerm.organization_id.in_(merged_ids({organization_id})))
    return db.session.scalar(counted) or 0


def contact_for(member_id: int, at: datetime) -> list[Organization]:
    """Return the organizations a member speaks for."""
    named = select(OrganizationContact.organization_id).where(
        OrganizationContact.member_id == member_id, OrganizationContact.ended_at.is_(None)
    )
    rows = db.session.scalars(
        select(Organization).where(Organization.id.in_(named)).order_by(Organization.name)
    )
    return [row for row in rows if is_contact(member_id, row.id, at)]


def own_words(member_id: int) -> Sequence[OwnWord]:
    """Return a member's own list, by name."""
    return db.session.scalars(_OWN_WORDS, {"member": member_id}).all()


def roles_of(member_id: int) -> dict[tuple[str, ...], str]:
    """Return what stands for each name of a member's own list, by its folded words; empty where nothing does."""
    return {tuple(row.folded.split()): row.role for row in own_words(member_id)}


def switched_off(member_id: int) -> frozenset[str]:
    """Return the rules that warn a member no more."""
    return frozenset(read(_SWITCHED_OFF, {"member": member_id}).scalars())
