"""Whose words a text is, found by following them through its revisions. Pure, and bounded in time."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from rapidfuzz.distance import LCSseq

from iocop.repertoire.paragraphs import COMMON, paragraphs, words

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping, Sequence
    from datetime import datetime
    from typing import TypeVar

    Key = TypeVar("Key", bound=Hashable)

WHOLE: Final = 10_000
RUN: Final = 4
"""Words in a row that are recognised wherever they were moved to, and as taken from a passage."""
ALIKE: Final = 0.5
"""The share of telling words, of the shorter of two paragraphs, from which on one is the other rewritten."""
RARE: Final = 12
"""Paragraphs a word may stand in and still tell which one was rewritten."""
WORK_LIMIT: Final = 9_000_000
"""What is taken apart into words, in all revisions together: a letter counts 1, a word 8 more, a paragraph 60 more. Of
more, revisions in between are passed over."""
PARAGRAPHS_LIMIT: Final = 60_000
"""Of all revisions together; of more, likewise."""
AREA_LIMIT: Final = 200_000_000
"""Words of one paragraph times words of another that are compared; six times that in all."""
KNOWN_LIMIT: Final = 50_000
"""Paragraphs that are remembered after they went."""


class Saved(NamedTuple):
    """A revision of a text, or a passage that was taken into it.

    Attributes:
        origin: what its words are attributed to.
        at: when it was saved or taken.
    """

    origin: Hashable
    at: datetime
    text: str


class _Block:
    """A paragraph and what its words stem from; taken apart into words only where that is needed."""

    __slots__ = ("_origins", "_words", "origin", "text")

    def __init__(self, text: str, origin: Hashable) -> None:
        self.text, self.origin = text, origin
        self._words: list[str] | None = None
        self._origins: list[Hashable] | None = None

    @property
    def is_apart(self) -> bool:
        return self._words is not None

    @property
    def words(self) -> list[str]:
        if self._words is None:
            self._words = words(self.text)
        return self._words

    @property
    def origins(self) -> list[Hashable]:
        if self._origins is None:
            self._origins = [self.origin] * len(self.words)
        return self._origins

    @property
    def telling(self) -> frozenset[str]:
        return frozenset(self.words) - COMMON


class _Runs:
    """Where runs of `RUN` words stand in some paragraphs, so that moved and copied words are known again."""

    def __init__(self) -> None:
        self._places: dict[tuple[str, ...], tuple[_Block, int]] = {}

    def add(self, block: _Block) -> None:
        for place, run in enumerate(zip(*(block.words[start:] for start in range(RUN)), strict=False)):
            self._places.setdefault(run, (block, place))

    def attribute(self, block: _Block) -> None:
        """Attribute those words of a new paragraph that stand here, as long as nobody brought them before."""
        if not self._places:
            return
        tokens, origins = block.words, block.origins
        for start, run in enumerate(zip(*(tokens[first:] for first in range(RUN)), strict=False)):
            found = self._places.get(run)
            if found is not None and origins[start : start + RUN] == [block.origin] * RUN:
                source, place = found
                origins[start : start + RUN] = source.origins[place : place + RUN]
                self._extend(block, start + RUN, source, place + RUN)

    def _extend(self, block: _Block, start: int, source: _Block, place: int) -> None:
        while (
            start < len(block.words)
            and place < len(source.words)
            and block.origins[start] == block.origin
            and block.words[start] == source.words[place]
        ):
            block.origins[start] = source.origins[place]
            start, place = start + 1, place + 1


class _History:
    """A text on its way through its revisions."""

    def __init__(self, passages: Sequence[Saved]) -> None:
        self.blocks: list[_Block] = []
        self._known: dict[str, _Block] = {}
        """Paragraphs that stood once, so that what is restored is its author's again."""
        self._waiting = sorted(passages, key=lambda passage: passage.at)
        self._taken = _Runs()
        self._work = WORK_LIMIT
        self._area = 6 * AREA_LIMIT

    @property
    def is_tired(self) -> bool:
        return self._work < 0

    def turn(self, saved: Saved) -> None:
        """Go on to the next revision."""
        self._take_passages(saved)
        standing = {_same(block.text): block for block in self.blocks}
        fresh: list[_Block] = []
        blocks: list[_Block] = []
        for text in paragraphs(saved.text):
            key = _same(text)
            block = standing.get(key) or self._known.get(key)
            if block is None:
                block = standing[key] = _Block(text, saved.origin)
                fresh.append(block)
            blocks.append(block)
        kept = set(map(id, blocks))
        self._follow([block for block in self.blocks if id(block) not in kept], fresh)
        self.blocks = blocks
        self._remember(fresh)

    def _take_passages(self, saved: Saved) -> None:
        """Have the passages at hand that were taken by now, as paragraphs and as runs of words."""
        while self._waiting and self._waiting[0].at <= saved.at:
            passage = self._waiting.pop(0)
            blocks = [_Block(text, passage.origin) for text in paragraphs(passage.text)]
            self._remember(blocks)
            self._charge(blocks)
            for block in blocks:
                self._taken.add(block)

    def _remember(self, blocks: Sequence[_Block]) -> None:
        for block in blocks:
            if len(self._known) < KNOWN_LIMIT:
                self._known.setdefault(_same(block.text), block)

    def _charge(self, blocks: Sequence[_Block]) -> None:
        new = (block.text for block in blocks if not block.is_apart)
        self._work -= sum(len(text) + 8 * text.count(" ") + 60 for text in new)

    def _follow(self, gone: Sequence[_Block], fresh: Sequence[_Block]) -> None:
        """Attribute the words of new paragraphs that stood in those they replace, or were taken from a passage."""
        if not fresh:
            return
        moved = _Runs()
        self._charge(gone)
        self._charge(fresh)
        for block in gone:
            moved.add(block)
        for block, source in _pairs(gone, fresh):
            self._compare(source, block)
        for block in fresh:
            for runs in (moved, self._taken):
                runs.attribute(block)

    def _compare(self, source: _Block, block: _Block) -> None:
        area = len(source.words) * len(block.words)
        if area > min(AREA_LIMIT, self._area):
            return
        self._area -= area
        alike = LCSseq.opcodes(source.words, block.words).as_matching_blocks()
        before = source.origins
        for place, start, size in alike:
            block.origins[start : start + size] = before[place : place + size]


def _same(text: str) -> str:
    """What two paragraphs share that differ in spaces only."""
    return " ".join(text.split())


def _pairs(gone: Sequence[_Block], fresh: Sequence[_Block]) -> Iterator[tuple[_Block, _Block]]:
    """Yield each new paragraph that is an old one rewritten, with the old one."""
    telling = [block.telling for block in gone]
    holders: dict[str, list[int]] = defaultdict(list)
    for place, known in enumerate(telling):
        for word in known:
            holders[word].append(place)
    for block in fresh:
        mine = block.telling
        shared = Counter(
            place for word in mine if len(holders.get(word, ())) <= RARE for place in holders.get(word, ())
        )
        place, count = max(shared.items(), key=lambda each: (each[1], -each[0]), default=(0, 0))
        if count and count >= ALIKE * min(len(mine), len(telling[place])):
            yield block, gone[place]


def _thinned(revisions: Sequence[Saved]) -> Sequence[Saved]:
    """Return revisions of `PARAGRAPHS_LIMIT` paragraphs at most, the first and the last among them."""
    count = sum(saved.text.count("\n\n") + 1 for saved in revisions)
    step = -(-count // PARAGRAPHS_LIMIT)
    return revisions if step == 1 else [*revisions[:-1:step], revisions[-1]]


def weigh(revisions: Sequence[Saved], passages: Sequence[Saved] = ()) -> dict[Hashable, int]:
    """Return how many words of the last revision stem from each origin, in order of appearance.

    A word belongs to the revision that brought it in, wherever its paragraph was moved since and whoever restored it;
    it belongs to a passage when the revision that brought it in had taken it from there. Common words are not counted
    unless there are no others, markup never.

    Args:
        revisions: oldest first, at least one.
        passages: in any order; each counts for the revisions saved since it was taken.

    Returns:
        Weights above 0; at least one.
    """
    history = _History(passages)
    *earlier, last = _thinned(revisions)
    for saved in earlier:
        if not history.is_tired:
            history.turn(saved)
    history.turn(last)
    every: Counter[Hashable] = Counter()
    telling: Counter[Hashable] = Counter()
    for block in history.blocks:
        every.update(block.origins)
        telling.update(
            origin for word, origin in zip(block.words, block.origins, strict=True) if word not in COMMON
        )
    return dict(telling or every or {revisions[0].origin: 1})


def shares(weights: Mapping[Key, int], whole: int = WHOLE) -> dict[Key, int]:
    """Return each one's part of *whole* by the largest remainder; they sum to it exactly, and nobody's is 0.

    Who would get less than one is left out. Equal remainders go by order.

    Raises:
        ValueError: nothing weighs anything.
    """
    total = sum(weights.values())
    if total <= 0:
        raise ValueError("nothing to share in")
    parts = {key: weight * whole // total for key, weight in weights.items()}
    rest = sorted(weights, key=lambda key: -(weights[key] * whole % total))
    for key in rest[: whole - sum(parts.values())]:
        parts[key] += 1
    return {key: part for key, part in parts.items() if part}
