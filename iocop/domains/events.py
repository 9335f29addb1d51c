"""What can happen to the practice's map."""

from __future__ import annotations

from dataclasses import dataclass

from iocop.core.events import Event


@dataclass(frozen=True)
class DomainFounded(Event):
    domain_id: int


@dataclass(frozen=True)
class DomainChanged(Event):
    domain_id: int


@dataclass(frozen=True)
class CharterWritten(Event):
    domain_id: int


@dataclass(frozen=True)
class TagsMerged(Event):
    """Everything filed under *tag_id* now stands under *into_id*."""

    tag_id: int
    into_id: int


@dataclass(frozen=True)
class DomainsChosen(Event):
    member_id: int
