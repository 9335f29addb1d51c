"""What every search engine does; analysis, scope, folding, facets and snippets are done once, outside of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from iocop.core.outbox import Cursor
    from iocop.search.plan import Plan

    Integers: TypeAlias = NDArray[np.int64]
    Numbers: TypeAlias = NDArray[np.float64]
    Flags: TypeAlias = NDArray[np.bool_]

Kind: TypeAlias = Literal["post", "article", "member", "organization", "file", "space"]
KINDS: Final[tuple[Kind, ...]] = ("post", "article", "member", "organization", "file", "space")
Label: TypeAlias = Literal["public", "members"]

EVERYWHERE = 0
"""The space of what stands in none: people and organizations. A space stands in itself."""

KEYS: Final = (
    "kind", "space", "label", "lang", "author", "org", "domain", "tag", "product", "version", "status", "year",
)  # fmt: skip
"""What a document can be filtered by: a key is such a name, `=` and a value, as in ``domain=3`` or ``status=solved``.

Values are ids (author, org, domain, tag, space), codes (kind, label, lang; status is `solved` or `open`, questions
only), a year, a slug (product), a product's slug and version (``version=heatcalc 2.1``). *org* is the organization at
the time, absent where the byline hides it; *author* is absent where it is sealed. A post has its topic's domains, tags
and status. Besides, `open=1` stands on what guests may read: a public label in a public space.
"""
FACETS: Final = ("domain", "tag", "product", "version", "org", "status", "year")
"""Names of keys that results are counted by, besides their kind."""
OWN: Final = ("org", "year")
"""Those of them that each post has by itself; all others it has from its topic."""


class EngineDown(Exception):
    """The index is missing, broken or of another schema: the site answers from its database meanwhile."""


@dataclass(frozen=True)
class Document:
    """One text as an engine takes it; a member may have two, one for everybody and one for members.

    Attributes:
        ref: what is replaced and deleted together, such as ``post:12``.
        topic_id: the root of a post or file, the article itself; 0 for people, organizations and spaces.
        label: ``public`` or ``members``: whether guests may find it at all.
        title: weighs a little more than the text; of a topic's posts only the first has one.
        at: seconds since 1970 when it was written; 0 where that says nothing.
        votes: how many found it helpful, or say that it works.
        own_keys: its keys but those of kind, space, label and language.
    """

    ref: str
    kind: Kind
    id: int
    topic_id: int
    space_id: int
    label: Label
    language: str
    title: str
    text: str
    at: int = 0
    votes: int = 0
    own_keys: frozenset[str] = field(default_factory=frozenset)

    @property
    def keys(self) -> frozenset[str]:
        """All it can be filtered by."""
        return self.own_keys | {
            f"kind={self.kind}", f"space={self.space_id}", f"label={self.label}", f"lang={self.language[:2].lower()}",
        }  # fmt: skip


def ref(kind: Kind, key: int) -> str:
    return f"{kind}:{key}"


@dataclass(frozen=True)
class Mask:
    """What the viewer may find: a mandatory part of every search.

    Attributes:
        spaces: ids of readable spaces, `EVERYWHERE` among them; nothing can be found through an empty set.
        member: guests find only what is labelled public.
    """

    spaces: frozenset[int]
    member: bool


class KeyCounts(NamedTuple):
    """How many of some documents have each key: a number for each of `names`."""

    names: Sequence[str]
    numbers: Integers


class KeyPairs(NamedTuple):
    """Which of some documents has which key: a pair for each. *at*: place among those asked; *key*: place in `names`."""

    at: Integers
    key: Integers
    names: Sequence[str]


class Matches(Protocol):
    """Every document that matches, as columns of one length, in no order; a member may stand there twice.

    Attributes:
        kinds: places in `KINDS`.
        whole: it has all groups, so it ranks before those that have some; none is where any group is enough.
        capped: there are more than these, worse ones.
        from_titles: the index was away, so only titles and names were looked at.
    """

    kinds: Integers
    ids: Integers
    topics: Integers
    scores: Numbers
    whole: Flags
    capped: bool
    from_titles: bool

    @property
    def at(self) -> Integers:
        """Seconds since 1970."""

    @property
    def votes(self) -> Integers:
        """How many found it helpful, or say that it works."""

    def counts(self, rows: Integers) -> KeyCounts:
        """Return how many of some rows have each key of those of `FACETS`."""

    def own_keys(self, rows: Integers) -> KeyPairs:
        """Return the keys of some rows, those of `OWN` only."""


class Named(NamedTuple):
    """A document whose title goes on as somebody types."""

    kind: Kind
    id: int
    topic_id: int
    title: str


@dataclass(frozen=True)
class Health:
    """How an index stands: live documents, bytes on disk, how far it has read the outbox."""

    documents: int
    size: int
    cursor: Cursor


class SearchEngine(Protocol):
    """An index of documents. Only the one indexing process calls `apply` and `rebuild`; all may raise `EngineDown`."""

    def cursor(self) -> Cursor:
        """Return how far the index has read the outbox."""

    def languages(self) -> frozenset[str]:
        """Return the codes of the languages that its documents are written in."""

    def apply(self, upserts: Iterable[Document], deletes: Collection[str], upto: Cursor) -> None:
        """Put documents in place of those with the same ref, delete refs and remember the cursor: all or nothing.

        *deletes* names every ref touched, also those of *upserts*.
        """

    def search(self, plan: Plan, mask: Mask) -> Matches:
        """Find what matches within the mask, of every kind; nothing for an empty plan or mask."""

    def suggest(self, words: Sequence[str], mask: Mask, limit: int) -> Sequence[Named]:
        """Return documents whose title has every word, the last of them as a beginning; the most helpful first.

        *words* are folded parts (`analysis.parts`).
        """

    def known(self, words: Collection[str]) -> dict[str, int]:
        """Return in how many documents that everybody may read each exact word stands, where that is one or more."""

    def near(self, word: str, limit: int) -> Sequence[tuple[str, int]]:
        """Return words of documents that everybody may read, spelt nearly like one, with their document counts.

        At most two letters apart (one in words of up to four), nearest first, then the most frequent.
        """

    def health(self) -> Health:
        """Say how the index stands."""

    def building(self) -> bool:
        """Say whether an index is being built at this moment, by whatever process; never raises."""

    def rebuild(self, documents: Iterable[Document], upto: Cursor) -> Iterator[int]:
        """Build a new index beside the old one and put it in its place at the end.

        A generator: each step takes a few documents and yields how many were taken so far; what is not driven to
        its end leaves the old index as it was.
        """

    def forget_deleted(self) -> Iterator[int]:
        """Drop from the disk what deleted documents left there, and put small segments together.

        A generator: each step rewrites a part and yields how many were; searching goes on, and writing between steps.
        """
