"""Organizations and people's dated affiliations with them, in two times: when it was so, and when it was recorded."""

from __future__ import annotations

from datetime import date, datetime  # noqa: TC003 -- the mapping reads the annotations
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, validates

from iocop.core.db import Model, Moment
from iocop.core.models import BigKey
from iocop.organizations.naming import folded


def _fold(context: Any) -> str:
    return folded(context.get_current_parameters()["name"])


class Organization(Model):
    """An employer, an association, or a sole practitioner's organization of one."""

    __tablename__ = "organization"
    __table_args__ = (
        CheckConstraint(
            "type in ('firm', 'sme', 'public', 'third', 'academic', 'vendor', 'intermediary')", name="type"
        ),
        CheckConstraint(
            "size_band in ('', '1', '2-9', '10-49', '50-249', '250-999', '1000+')", name="size_band"
        ),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120), index=True)
    folded: Mapped[str] = mapped_column(String(120), index=True, default=_fold)
    """The name as it is compared and searched (`organizations.naming`)."""
    type: Mapped[str] = mapped_column(String(12))
    size_band: Mapped[str] = mapped_column(String(8), default="")
    industry: Mapped[str] = mapped_column(String(80), default="")
    country: Mapped[str] = mapped_column(String(2), default="", index=True)
    city: Mapped[str] = mapped_column(String(80), default="")
    website: Mapped[str] = mapped_column(String(200), default="")
    about: Mapped[str] = mapped_column(default="")
    about_html: Mapped[str] = mapped_column(default="")
    created_at: Mapped[Moment]
    founded_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    """Who first entered it; may mend it while nobody else belongs to it."""
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    """Set when two records were the same organization; what was stamped with this one keeps the stamp."""

    @validates("name")
    def _fold_name(self, _: str, name: str) -> str:
        self.folded = folded(name)
        return name


class OrganizationAlias(Model):
    """Another name the organization is known, or was known, by."""

    __tablename__ = "organization_alias"
    __table_args__ = (UniqueConstraint("organization_id", "name"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    name: Mapped[str] = mapped_column(String(120))
    folded: Mapped[str] = mapped_column(String(120), index=True, default=_fold)


class Offer(Model):
    """A product or service the organization sells: the source of the conflict-of-interest chip."""

    __tablename__ = "offer"
    __table_args__ = (
        UniqueConstraint("organization_id", "name"),
        CheckConstraint("kind in ('product', 'service')", name="kind"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    kind: Mapped[str] = mapped_column(String(8), default="product")
    name: Mapped[str] = mapped_column(String(80), index=True)


class OrganizationRelation(Model):
    """*a* is, from one day until another, the parent, successor, supplier, customer or competitor of *b*."""

    __tablename__ = "organization_relation"
    __table_args__ = (
        CheckConstraint("kind in ('parent', 'successor', 'supplier', 'customer', 'competitor')", name="kind"),
        CheckConstraint("a_id <> b_id", name="two"),
        CheckConstraint("valid_to is null or valid_to > valid_from", name="order"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    a_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    b_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    """The first day it no longer held; empty while it does."""


class MailDomain(Model):
    """An internet domain proved to be the organization's, so that a link to an address on it proves an affiliation."""

    __tablename__ = "mail_domain"
    __table_args__ = (CheckConstraint("verified_by in ('admin', 'dns', 'email')", name="verified_by"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    domain: Mapped[str] = mapped_column(String(253), unique=True)
    verified_by: Mapped[str] = mapped_column(String(5))
    verified_at: Mapped[Moment]
    expires_at: Mapped[Moment | None]


class Affiliation(Model):
    """A member worked for an organization from one day until another, as recorded at some moment.

    A correction supersedes the row and records a new one with the same *line*; nothing is overwritten. The days
    are half-open: *valid_to* is the first day it no longer held.
    """

    __tablename__ = "affiliation"
    __table_args__ = (
        CheckConstraint("valid_to is null or valid_to > valid_from", name="order"),
        CheckConstraint("evidence in ('self', 'email', 'sso', 'dns_admin', 'peer')", name="evidence"),
        CheckConstraint("visibility in ('public', 'members', 'board', 'self')", name="visibility"),
        Index("ix_affiliation_member_id_superseded_at", "member_id", "superseded_at"),
        Index("ix_affiliation_organization_id_superseded_at", "organization_id", "superseded_at"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    line: Mapped[int] = mapped_column(index=True)
    """The id of the first row of this affiliation; corrections share it."""
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    title: Mapped[str] = mapped_column(String(80), default="")
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    recorded_at: Mapped[Moment]
    superseded_at: Mapped[Moment | None]
    evidence: Mapped[str] = mapped_column(String(10), default="self")
    verified_at: Mapped[Moment | None]
    verified_domain: Mapped[str] = mapped_column(String(253), default="")
    expires_at: Mapped[Moment | None]
    visibility: Mapped[str] = mapped_column(String(8), default="public")
    is_main: Mapped[bool] = mapped_column(default=True)
    """The one shown as "now at" and offered first when the member writes."""
    reminded_at: Mapped[Moment | None]
    """When the member was told that the proof expires soon."""
    closed_at: Mapped[Moment | None]
    """When the end of the affiliation was told to whatever rested on it."""

    def is_verified(self, at: datetime) -> bool:
        return self.evidence != "self" and (self.expires_at is None or at < self.expires_at)


class OrganizationContact(Model):
    """A member an administrator named to speak for an organization here, from one moment until another.

    It holds only while the member's affiliation with the organization is proved.
    """

    __tablename__ = "organization_contact"
    __table_args__ = (
        Index("uq_organization_contact_live", "organization_id", "member_id", unique=True,
              sqlite_where=text("ended_at is null"), postgresql_where=text("ended_at is null")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    named_at: Mapped[Moment]
    named_by_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    ended_at: Mapped[Moment | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))


class MemberCard(Model):
    """What an author line shows, one row a member, kept by listeners inside the changing act."""

    __tablename__ = "member_card"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    number: Mapped[int]
    handle: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(80))
    photo_key: Mapped[str] = mapped_column(String(40), default="")
    state: Mapped[str] = mapped_column(String(10))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    organization_name: Mapped[str] = mapped_column(String(120), default="")
    organization_verified: Mapped[bool] = mapped_column(default=False)
