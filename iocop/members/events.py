"""What can happen to a membership. Suspension and erasure are told with ids only: their reasons stand elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from iocop.core.events import Event


@dataclass(frozen=True)
class MemberJoined(Event):
    member_id: int


@dataclass(frozen=True)
class MemberChanged(Event):
    """Something others can see of the member: name, photo, profile, privacy."""

    member_id: int


@dataclass(frozen=True)
class MemberReviewed(Event):
    """The member said that all is still right."""

    member_id: int


@dataclass(frozen=True)
class MemberLeft(Event):
    member_id: int


@dataclass(frozen=True)
class MemberReturned(Event):
    member_id: int


@dataclass(frozen=True)
class MemberErased(Event):
    """Everything personal is gone from the member's row; *with_texts*: the own texts are to go as well."""

    member_id: int
    with_texts: bool


@dataclass(frozen=True)
class MemberSuspended(Event):
    member_id: int


@dataclass(frozen=True)
class SuspensionLifted(Event):
    """The site lifts by itself (no actor) what was until a day."""

    member_id: int


@dataclass(frozen=True)
class MemberClaimed(Event):
    """The imported author *imported_id* turned out to be *member_id*."""

    member_id: int
    imported_id: int


@dataclass(frozen=True)
class ClaimMade(Event):
    claim_id: int


@dataclass(frozen=True)
class ClaimDeclined(Event):
    claim_id: int


@dataclass(frozen=True)
class ApplicationReceived(Event):
    """Somebody confirmed an address and waits for an administrator; nobody signed in did it."""

    application_id: int


@dataclass(frozen=True)
class ApplicationDecided(Event):
    application_id: int


@dataclass(frozen=True)
class MemberInvited(Event):
    invitation_id: int


@dataclass(frozen=True)
class PasswordChanged(Event):
    member_id: int


@dataclass(frozen=True)
class AddressChanged(Event):
    """The member's e-mail address is another."""

    member_id: int


@dataclass(frozen=True)
class SecondFactorChanged(Event):
    member_id: int
