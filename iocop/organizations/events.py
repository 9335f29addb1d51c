"""What can happen to organizations and affiliations."""

from __future__ import annotations

from dataclasses import dataclass

from iocop.core.events import Event


@dataclass(frozen=True)
class OrganizationFounded(Event):
    organization_id: int


@dataclass(frozen=True)
class OrganizationChanged(Event):
    organization_id: int


@dataclass(frozen=True)
class OrganizationMerged(Event):
    """*organization_id* turned out to be *into_id*; what was stamped with it keeps the stamp."""

    organization_id: int
    into_id: int


@dataclass(frozen=True)
class OrganizationsRelated(Event):
    organization_ids: tuple[int, int]
    relation_id: int


@dataclass(frozen=True)
class OrganizationContactNamed(Event):
    """The member speaks for the organization from now on, while the affiliation is proved."""

    organization_id: int
    member_id: int


@dataclass(frozen=True)
class OrganizationContactEnded(Event):
    organization_id: int
    member_id: int


@dataclass(frozen=True)
class AffiliationRecorded(Event):
    affiliation_id: int
    member_id: int
    organization_id: int


@dataclass(frozen=True)
class AffiliationCorrected(Event):
    """A new row stands in for *superseded_id*, or what is shown of the row changed (then both ids are the same)."""

    affiliation_id: int
    superseded_id: int
    member_id: int
    organization_id: int


@dataclass(frozen=True)
class AffiliationBegan(Event):
    """Its first day has come, and the member is shown with it."""

    affiliation_id: int
    member_id: int
    organization_id: int


@dataclass(frozen=True)
class AffiliationEnded(Event):
    """Its last day has passed: whatever rested on it ends now, and nothing else."""

    affiliation_id: int
    member_id: int
    organization_id: int


@dataclass(frozen=True)
class AffiliationVerified(Event):
    affiliation_id: int
    member_id: int
    organization_id: int


@dataclass(frozen=True)
class AffiliationExpired(Event):
    """Nobody proved it again within twelve months: it stands as self-stated."""

    affiliation_id: int
    member_id: int
    organization_id: int
