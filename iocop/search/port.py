"""What every search engine does; analysis, scope, snippets and folding are done once, outside of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from iocop.core.outbox import Cursor
    from iocop.search.query import SearchQuery

Kind: TypeAlias = Literal["post", "article", "member", "organization"]
Label: TypeAlias = Literal["public", "members"]

EVERYWHERE = 0
"""The space of what stands in none: people and organizations."""


class EngineDown(Exception):
    """The index is missing, broken or of another schema: the site answers from its database meanwhile."""


@dataclass(frozen=True)
class Document:
    """One text as an engine takes it; a member may have two, one for everybody and one for members.

    Attributes:
        ref: what is replaced and deleted together, such as ``post:12``.
        topic_id: the root of a post, the article itself; 0 for people and organizations.
        label: ``public`` or ``members``: whether guests may find it at all.
        title: weighs a little more than the text.
    """

    ref: str
    kind: Kind
    id: int
    topic_id: int
    space_id: int
    label: Label
    author_id: int
    language: str
    title: str
    text: str


def ref(kind: Kind, key: int) -> str:
    return f"{kind}:{key}"


@dataclass(frozen=True)
class Mask:
    """What the viewer may find: a mandatory part of every search.

    Attributes:
        spaces: ids of readable spaces; nothing can be found through an empty set.
        member: guests find only what is labelled public.
    """

    spaces: frozenset[int]
    member: bool


@dataclass(frozen=True)
class Hit:
    """One document found. *all_words*: it holds every word, so it ranks before those that hold some."""

    kind: Kind
    id: int
    topic_id: int
    score: float
    all_words: bool = True


@dataclass(frozen=True)
class Found:
    """What a search gave, best first.

    Attributes:
        total: documents within the mask that match; never more than the viewer may know of.
        from_titles: the index was away, so only titles and names were looked at.
    """

    hits: tuple[Hit, ...] = ()
    total: int = 0
    from_titles: bool = False


NOTHING = Found()


@dataclass(frozen=True)
class Health:
    """How an index stands: live documents, bytes on disk, how far it has read the outbox."""

    documents: int
    size: int
    cursor: Cursor


class SearchEngine(Protocol):
    """An index of documents. Only the one indexing process calls `apply` and `rebuild`."""

    def cursor(self) -> Cursor:
        """Return how far the index has read the outbox.

        Raises:
            EngineDown: there is no readable index.
        """

    def apply(self, upserts: Iterable[Document], deletes: Collection[str], upto: Cursor) -> None:
        """Put documents in place of those with the same ref, delete refs and remember the cursor: all or nothing.

        *deletes* names every ref touched, also those of *upserts*.

        Raises:
            EngineDown: there is no readable index.
        """

    def search(self, query: SearchQuery, mask: Mask, kind: Kind, limit: int) -> Found:
        """Find documents of a kind within the mask.

        Raises:
            EngineDown: there is no readable index.
        """

    def similar(self, text: str, mask: Mask, kind: Kind, limit: int) -> Found:
        """Find posts or articles that share words with a text, ranked by how rare those are.

        Raises:
            EngineDown: there is no readable index.
        """

    def health(self) -> Health:
        """Say how the index stands.

        Raises:
            EngineDown: there is no readable index.
        """

    def building(self) -> bool:
        """Say whether an index is being built at this moment, by whatever process."""

    def rebuild(self, documents: Iterable[Document], upto: Cursor) -> Iterator[int]:
        """Build a new index beside the old one and put it in its place at the end.

        A generator: each step takes a few documents and yields how many were taken so far; what is not driven to
        its end leaves the old index as it was.
        """

    def forget_deleted(self) -> Iterator[int]:
        """Drop from the disk what deleted documents left there.

        A generator: each step rewrites a part and yields how many were; searching goes on, and writing between steps.

        Raises:
            EngineDown: there is no readable index.
        """
