"""What can happen in the repertoire; what is true of every contribution, `contributions.events` tells."""

from __future__ import annotations

from dataclasses import dataclass

from iocop.core.events import Event


@dataclass(frozen=True)
class ProposalOpened(Event):
    """*act* is ``new``, ``edit``, ``seal``, ``relabel``, ``obsolete``, ``merge`` or ``delete``."""

    proposal_id: int
    act: str


@dataclass(frozen=True)
class ProposalSubmitted(Event):
    """It entered the queue of *round*: for the first time, or after changes."""

    proposal_id: int
    round: int


@dataclass(frozen=True)
class ProposalWithdrawn(Event):
    proposal_id: int


@dataclass(frozen=True)
class ProposalReviewed(Event):
    """*verdict* is ``approve``, ``changes``, ``decline`` or ``recuse``."""

    proposal_id: int
    review_id: int
    verdict: str


@dataclass(frozen=True)
class ProposalWidened(Event):
    """It waited so long that neighbouring domains are asked."""

    proposal_id: int


@dataclass(frozen=True)
class ArticlePublished(Event):
    """A new article, or a new text or label of one, stands; *standing* is ``sealed`` or ``provisional``."""

    article_id: int
    proposal_id: int
    standing: str


@dataclass(frozen=True)
class ArticleRetired(Event):
    """*how* is ``obsolete``, ``merged`` or ``deleted``; all but the last stay reachable."""

    article_id: int
    proposal_id: int
    how: str
    successor_id: int | None


@dataclass(frozen=True)
class ArticleRenewed(Event):
    """Another organization confirmed that it still holds."""

    article_id: int


@dataclass(frozen=True)
class ArticleStale(Event):
    """Its review date passed, or another organization says that it is outdated."""

    article_id: int


@dataclass(frozen=True)
class ReviewDue(Event):
    """Somebody who keeps an article is reminded that its time runs out; *keeper* is ``owner`` or ``deputy``."""

    article_id: int
    member_id: int
    keeper: str


@dataclass(frozen=True)
class ArticleKept(Event):
    """It has another owner or deputy."""

    article_id: int
    owner_id: int | None
    deputy_id: int | None


@dataclass(frozen=True)
class Distilled(Event):
    """Posts were taken into a proposal's text."""

    proposal_id: int
    post_ids: tuple[int, ...]


@dataclass(frozen=True)
class TermNamed(Event):
    """Another word for a term of the glossary is known."""

    article_id: int
    name_id: int


@dataclass(frozen=True)
class TermUnnamed(Event):
    article_id: int


@dataclass(frozen=True)
class TermsCounted(Event):
    """How often these terms are used was counted anew."""

    article_ids: tuple[int, ...]


@dataclass(frozen=True)
class ArticleRequested(Event):
    request_id: int


@dataclass(frozen=True)
class RequestWanted(Event):
    """A member wants it too, or no longer."""

    request_id: int


@dataclass(frozen=True)
class RequestTaken(Event):
    """Somebody writes it, or gave it back."""

    request_id: int


@dataclass(frozen=True)
class RequestClosed(Event):
    """*article_id* is what answers it; none where it was declined."""

    request_id: int
    article_id: int | None


@dataclass(frozen=True)
class EvidenceChanged(Event):
    """A thread was noted as asking what an article answers, or no longer is."""

    article_id: int
    topic_id: int


@dataclass(frozen=True)
class NoteSettled(Event):
    """A comment on a passage is dealt with, or open again."""

    note_id: int
    article_id: int
    settled: bool
