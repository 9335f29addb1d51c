"""What can happen to the lists the warnings rest on. A warning itself is no event: nobody learns of it."""

from __future__ import annotations

from dataclasses import dataclass

from iocop.core.events import Event


@dataclass(frozen=True)
class TermsListed(Event):
    """An organization's contact added to its confidential terms or took some away."""

    organization_id: int


@dataclass(frozen=True)
class OwnWordsChanged(Event):
    """A member changed the own list of names and roles."""

    member_id: int


@dataclass(frozen=True)
class SafetyRuleSwitched(Event):
    """A member switched a rule off, or on again."""

    member_id: int
