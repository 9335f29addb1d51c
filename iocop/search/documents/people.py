"""Members, organizations and spaces as documents: what stands in no space, or is one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from iocop.core.db import db
from iocop.domains.models import MemberDomain
from iocop.members.models import Member
from iocop.members.numbers import shown
from iocop.members.privacy import is_seen
from iocop.organizations.models import MemberCard, Offer, Organization, OrganizationAlias
from iocop.search.documents.given import found_as, names, opened
from iocop.search.keys import OPEN, key, product_keys
from iocop.search.port import EVERYWHERE, Document, ref
from iocop.spaces.models import Space

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from iocop.search.documents.given import AnyRow
    from iocop.search.port import Label

FOUND_STATES: Final = ("active", "suspended", "imported")
"""Members who can be found; who left or was erased cannot."""

_MEMBERS = (
    select(
        Member.id, Member.number, Member.name, Member.handle, Member.about, Member.visibility,
        MemberCard.organization_id, MemberCard.organization_name, Member.photo_key,
    )
    .outerjoin(MemberCard, MemberCard.member_id == Member.id)
    .where(Member.state.in_(FOUND_STATES), Member.claimed_by_id.is_(None))
    .order_by(Member.id)
)  # fmt: skip
_ORGANIZATIONS = (
    select(
        Organization.id, Organization.slug, Organization.name, Organization.about, Organization.industry,
        Organization.city, Organization.country,
    )
    .where(Organization.merged_into_id.is_(None))
    .order_by(Organization.id)
)  # fmt: skip
_SPACES = select(Space.id, Space.slug, Space.name, Space.about, Space.audience).order_by(Space.id)


def members(keys: Collection[int]) -> Sequence[AnyRow]:
    """Return the members among some keys who can be found."""
    return db.session.execute(_MEMBERS.where(Member.id.in_(keys))).all()


def organizations(keys: Collection[int]) -> Sequence[AnyRow]:
    """Return the organizations among some keys that can be found."""
    return db.session.execute(_ORGANIZATIONS.where(Organization.id.in_(keys))).all()


def spaces(keys: Collection[int]) -> Sequence[AnyRow]:
    """Return the spaces among some keys, archived ones too: what was said there can still be read."""
    return db.session.execute(_SPACES.where(Space.id.in_(keys))).all()


def about_seen(row: AnyRow, *, for_members: bool) -> str:
    """Return what a member says about themselves, as far as guests or members may see it."""
    return row.about if is_seen(row.visibility, "about", by_owner=False, by_member=for_members) else ""


def member_documents(keys: Collection[int]) -> Iterator[Document]:
    """Yield for each member what everybody sees, and what members see where that is more."""
    rows = members(keys)
    practise = names(MemberDomain.member_id, MemberDomain.domain_id, [row.id for row in rows])
    for row in rows:
        public, inside = (
            (
                _profile_text(row, for_members=inner),
                _profile_keys(row, practise.get(row.id, ()), for_members=inner),
            )
            for inner in (False, True)
        )
        yield _profile(row, "public", public[0], public[1] | {OPEN})
        if inside != public:
            yield _profile(row, "members", *inside)


def _profile_keys(row: AnyRow, domains: Collection[int], *, for_members: bool) -> frozenset[str]:
    own = {key("author", row.id)}
    if is_seen(row.visibility, "domains", by_owner=False, by_member=for_members):
        own.update(key("domain", one) for one in domains)
    if row.organization_id is not None:  # a card holds none that guests may not see
        own.add(key("org", row.organization_id))
    return frozenset(own)


def _profile_text(row: AnyRow, *, for_members: bool) -> str:
    lines = (
        about_seen(row, for_members=for_members),
        row.organization_name,
        f"@{row.handle}",
        shown(row.number),
    )
    return "\n".join(filter(None, lines))


def _profile(row: AnyRow, label: Label, text: str, own_keys: frozenset[str]) -> Document:
    return Document(
        ref=ref("member", row.id), kind="member", id=row.id, topic_id=0, space_id=EVERYWHERE, label=label,
        language="en", title=row.name, text=text, own_keys=own_keys,
    )  # fmt: skip


def organization_documents(keys: Collection[int]) -> Iterator[Document]:
    """Yield organizations with their other names and what they sell."""
    rows = organizations(keys)
    listed = [row.id for row in rows]
    named = names(OrganizationAlias.organization_id, OrganizationAlias.name, listed)
    sold = names(Offer.organization_id, Offer.name, listed)
    for row in rows:
        offers = sold.get(row.id, ())
        lines = [row.about, row.industry, row.city, *named.get(row.id, ()), *offers]
        products = (product_keys(name, "") for name in offers)
        yield Document(
            ref=ref("organization", row.id), kind="organization", id=row.id, topic_id=0, space_id=EVERYWHERE,
            label="public", language="en", title=row.name, text="\n".join(filter(None, lines)),
            own_keys=frozenset({key("org", row.id), OPEN}).union(*products),
        )  # fmt: skip


def space_documents(keys: Collection[int]) -> Iterator[Document]:
    """Yield spaces; each stands in itself, so that only who may be in it learns that there is one."""
    for row in spaces(keys):
        yield Document(
            ref=ref("space", row.id), kind="space", id=row.id, topic_id=0, space_id=row.id,
            label=found_as(row.audience), language="en", title=row.name, text=row.about,
            own_keys=frozenset(opened(found_as(row.audience), row.audience)),
        )  # fmt: skip
