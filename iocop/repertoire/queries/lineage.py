"""Where an article comes from: the posts it was distilled from, and the threads it answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, literal, or_, select, union_all

from iocop.contributions.models import Contribution, Link
from iocop.core.db import alias_of, db
from iocop.forums.models import Topic
from iocop.organizations.models import MemberCard, Organization
from iocop.repertoire.models import Article, Passage, Proposal
from iocop.repertoire.paragraphs import paragraphs
from iocop.repertoire.provenance import sources
from iocop.spaces.labels import LABELS, strictest
from iocop.spaces.models import Space
from iocop.spaces.policy import readable
from iocop.spaces.queries import scope_of

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import ColumnElement, Subquery

    from iocop.core.login import Viewer

_Root = alias_of(Contribution)


class Bound(NamedTuple):
    """What the posts a text was distilled from let it be.

    Attributes:
        label: the freest it may have.
        space_id: the space it may not leave; None where it may.
    """

    label: str
    space_id: int | None


FREE = Bound(LABELS[-1], None)


def bound_by_posts(contribution_id: int, text: str) -> Bound:
    """Return how far the posts whose words a text still holds let it be carried: no further than the strictest."""
    rows = db.session.execute(
        select(Passage.id, Passage.text, Contribution.label, Contribution.space_id)
        .join(Contribution, Contribution.id == Passage.post_id)
        .where(Passage.contribution_id == contribution_id)
        .order_by(Passage.id)
    ).all()
    if not rows:
        return FREE
    found = {key for keys in sources(paragraphs(text), {row.id: row.text for row in rows}) for key in keys}
    held = [row for row in rows if row.id in found]
    own = [row.space_id for row in held if row.label == LABELS[0]]
    return Bound(strictest(LABELS[-1], *(row.label for row in held)), own[0] if own else None)


def distilled_authors(contribution_id: int) -> list[int]:
    """Return who wrote the posts that a proposal or an article was made of."""
    wrote = (
        select(Contribution.author_id)
        .join(Passage, Passage.post_id == Contribution.id)
        .where(Passage.contribution_id == contribution_id)
        .distinct()
    )
    return sorted(db.session.scalars(wrote))


class Source(NamedTuple):
    """A passage with the post it was taken from, as a reader may see it.

    Attributes:
        name: empty where the post was given without one.
        organization: at that time; empty where it was not named.
    """

    post_id: int
    text: str
    name: str
    member_number: int
    organization: str
    evidence: str
    at: datetime
    topic: str
    topic_id: int


def sources_of(viewer: Viewer, contribution_id: int) -> dict[int, Source]:
    """Return the passages of an article or a proposal whose posts the viewer may read, by key, in order."""
    rows = db.session.execute(
        select(
            Passage.id, Passage.post_id, Passage.text, Contribution.byline, MemberCard.name,
            MemberCard.number, Organization.name.label("organization"), Contribution.org_evidence,
            Contribution.created_at, Topic.title, Topic.id.label("topic_id"),
        )
        .join(Contribution, Contribution.id == Passage.post_id)
        .join(Topic, Topic.id == Contribution.root_id)
        .join(MemberCard, MemberCard.member_id == Contribution.author_id)
        .outerjoin(Organization, Organization.id == Contribution.organization_id)
        .where(
            Passage.contribution_id == contribution_id,
            Contribution.state == "visible",
            readable(scope_of(viewer), Contribution.space_id, Contribution.label),
        )
        .order_by(Passage.position, Passage.id)
    )  # fmt: skip
    return {row.id: _source(row) for row in rows}


def _source(row: Any) -> Source:
    named = row.byline == "named"
    return Source(
        row.post_id, row.text, "" if row.byline == "sealed" else row.name, row.number,
        (row.organization or "") if named else "", (row.org_evidence or "") if named else "", row.created_at,
        row.title, row.topic_id,
    )  # fmt: skip


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of an article's present text with the posts it stems from, as far as the viewer may read them."""

    text: str
    sources: tuple[Source, ...]


def provenance(viewer: Viewer, article_id: int, text: str) -> list[Paragraph]:
    """Return the paragraphs of a text, each with where it comes from, once for each post."""
    known = sources_of(viewer, article_id)
    parts = paragraphs(text)
    found = sources(parts, {key: source.text for key, source in known.items()})
    return [
        Paragraph(part, tuple({known[key].post_id: known[key] for key in keys}.values()))
        for part, keys in zip(parts, found, strict=True)
    ]


class Thread(NamedTuple):
    """A thread that an article came from, or that asks what it answers.

    Attributes:
        kind: ``distilled`` or ``duplicate``.
    """

    id: int
    title: str
    kind: str


def threads_of(viewer: Viewer, article_id: int) -> list[Thread]:
    """Return the threads an article was distilled from, then those that ask the same, that the viewer may read."""
    return _threads(article_id, readable(scope_of(viewer), _Root.space_id, _Root.label))


def threads_beside(article_id: int, space_id: int, *, for_guest: bool) -> list[Thread]:
    """Return the same as far as whoever reads the article may read it: what a page shows to many."""
    return _threads(article_id, _open_to_all(space_id, for_guest=for_guest))


def _open_to_all(space_id: int, *, for_guest: bool) -> ColumnElement[bool]:
    """What stands in a space of its own is open to those who are in it; what stands elsewhere, where all may be."""
    if for_guest:
        return and_(Space.audience == "public", _Root.label == "public")
    return or_(_Root.space_id == space_id, Space.audience.in_(("public", "members")))


def _threads(article_id: int, may: ColumnElement[bool]) -> list[Thread]:
    threads = (
        select(Topic.id, Topic.title)
        .join(_Root, _Root.id == Topic.id)
        .join(Space, Space.id == _Root.space_id)
        .where(_Root.state == "visible", may)
        .distinct()
        .order_by(Topic.id)
    )
    distilled = (
        threads.join(Contribution, Contribution.root_id == Topic.id)
        .join(Passage, Passage.post_id == Contribution.id)
        .where(Passage.contribution_id == article_id)
    )
    duplicate = threads.join(Link, Link.from_id == Topic.id).where(
        Link.to_id == article_id, Link.kind == "duplicate"
    )
    return [
        Thread(row.id, row.title, kind)
        for kind, statement in (("distilled", distilled), ("duplicate", duplicate))
        for row in db.session.execute(statement)
    ]


class Outcome(NamedTuple):
    """What becomes, or became, of a thread in the repertoire.

    Attributes:
        kind: ``distilled`` into a published article, ``duplicate`` of one, ``waiting`` for review, or being written
            (``draft``).
        id: of the article or, while there is none, of the proposal.
    """

    topic_id: int
    kind: str
    id: int
    title: str


def outcomes(topic_ids: Collection[int], *, for_guest: bool) -> list[Outcome]:
    """Return what threads were, or are being, made into, as far as all who read the thread may read it; published
    articles first. One statement."""
    made = _made_of(topic_ids)
    home = or_(_Root.space_id == made.c.space_id, Space.audience.in_(("public", "members")))
    public = and_(Space.audience == "public", _Root.label == "public")
    rows = db.session.execute(
        select(
            made.c.topic_id,
            made.c.how,
            _Root.id,
            Article.title,
            Proposal.title.label("draft"),
            Proposal.status,
        )
        .join(_Root, _Root.id == made.c.made_id)
        .join(Space, Space.id == _Root.space_id)
        .outerjoin(Article, and_(Article.id == _Root.id, Article.listed))
        .outerjoin(
            Proposal, and_(Proposal.id == _Root.id, Proposal.status.in_(("draft", "waiting", "changes")))
        )
        .where(
            _Root.state == "visible",
            public if for_guest else home,
            or_(Article.id.is_not(None), Proposal.id.is_not(None)),
        )
        .distinct()
        .order_by(made.c.topic_id, made.c.how, _Root.id)
    )
    found = [
        Outcome(row.topic_id, row.how if row.title else _progress(row.status), row.id, row.title or row.draft)
        for row in rows
    ]
    return sorted(found, key=lambda each: _ORDER.index(each.kind))


_ORDER = ("distilled", "duplicate", "waiting", "draft")


def _progress(status: str) -> str:
    return "draft" if status == "draft" else "waiting"


def _made_of(topic_ids: Collection[int]) -> Subquery:
    """Threads beside what passages of theirs were taken into, and beside what they were noted to ask."""
    taken = (
        select(
            Contribution.root_id.label("topic_id"), Contribution.space_id, Passage.contribution_id.label("made_id"),
            literal("distilled").label("how"),
        )
        .join(Passage, Passage.post_id == Contribution.id)
        .where(Contribution.root_id.in_(topic_ids))
    )  # fmt: skip
    same = (
        select(Link.from_id, Contribution.space_id, Link.to_id, literal("duplicate"))
        .join(Contribution, Contribution.id == Link.from_id)
        .where(Link.from_id.in_(topic_ids), Link.kind == "duplicate")
    )
    return union_all(taken, same).subquery()
