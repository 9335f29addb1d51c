"""What can happen to a member's standing, and to what is asked of those who have some."""

from __future__ import annotations

from dataclasses import dataclass

from iocop.core.events import Event


@dataclass(frozen=True)
class StandingChanged(Event):
    """The ledger, or the count of accepted answers, of a member moved in these domains."""

    member_id: int
    domain_ids: tuple[int, ...]


@dataclass(frozen=True)
class RuleChanged(Event):
    """A rule has another value from a day on, by a decision; what was entered before keeps its own."""

    rule_id: int
    decision_id: int


@dataclass(frozen=True)
class DomainDivided(Event):
    """These roots stand in another domain from now on, and so does what was earned by them."""

    domain_id: int
    into_id: int
    decision_id: int
    root_ids: tuple[int, ...]


@dataclass(frozen=True)
class LevelReached(Event):
    member_id: int
    domain_id: int
    level: int


@dataclass(frozen=True)
class LevelNoticed(Event):
    """A level's conditions no longer hold; unless they hold again within 60 days it goes down by one."""

    member_id: int
    domain_id: int
    level: int


@dataclass(frozen=True)
class LevelLowered(Event):
    """After the notice a level went down to *level*; the badge of the highest stays."""

    member_id: int
    domain_id: int
    level: int


@dataclass(frozen=True)
class LevelReviewOpened(Event):
    """A member has come to what level 3 asks for: two people of two organizations are asked to look."""

    review_id: int
    member_id: int
    domain_id: int


@dataclass(frozen=True)
class LevelReviewed(Event):
    """One of the two has looked, and said so."""

    review_id: int


@dataclass(frozen=True)
class LevelReviewClosed(Event):
    """Both have looked; *granted*: both agree, and the level stands as long as its conditions hold."""

    review_id: int
    member_id: int
    domain_id: int
    granted: bool


@dataclass(frozen=True)
class StewardSilent(Event):
    """A domain's steward has done nothing there for 60 days: its board is told, nobody else."""

    member_id: int
    domain_id: int


@dataclass(frozen=True)
class AvailabilityChanged(Event):
    member_id: int


@dataclass(frozen=True)
class ExpertAsked(Event):
    """The asker of a question would like a member's answer."""

    request_id: int
    topic_id: int
    member_id: int


@dataclass(frozen=True)
class ExpertAgreed(Event):
    """The member means to answer: a promise, which the answer keeps."""

    request_id: int
    topic_id: int


@dataclass(frozen=True)
class ExpertAnswered(Event):
    request_id: int
    topic_id: int


@dataclass(frozen=True)
class ExpertDeclined(Event):
    """It costs nothing, and nobody but the asker learns of it."""

    request_id: int
    topic_id: int


@dataclass(frozen=True)
class ExpertLapsed(Event):
    """Nothing came of a request, or of a promise, for 14 days."""

    request_id: int
    topic_id: int


@dataclass(frozen=True)
class NewcomerGreeted(Event):
    member_id: int


@dataclass(frozen=True)
class IrregularityFound(Event):
    """A ring or a jump stands in the queue; nothing follows from it by itself."""

    irregularity_id: int


@dataclass(frozen=True)
class IrregularityTold(Event):
    """These members read what was found, and may answer, before anything is decided."""

    irregularity_id: int
    member_ids: tuple[int, ...]


@dataclass(frozen=True)
class IrregularityAnswered(Event):
    irregularity_id: int
    member_id: int


@dataclass(frozen=True)
class IrregularityDecided(Event):
    """*upheld*: what the members gave one another is reversed; else it is closed with a note they can read."""

    irregularity_id: int
    upheld: bool
