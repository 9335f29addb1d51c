"""What changed between two versions of a text: by line, and inside changed lines by word; in code by line alone."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import chain, groupby
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

AREA_LIMIT: Final = 500_000  # tokens on one side times tokens on the other that are compared exactly
PAIRS_LIMIT: Final = 20_000  # equal pairs of tokens, likewise
EFFORT_LIMIT: Final = 30_000_000
"""Equal pairs times tokens of the shorter side, in all stretches of two texts together."""

PAIRED: Final = 40  # changed lines on either side among which those that are alike are sought
ALIKE: Final = 0.3  # share of the words that two lines must have in common to be the same line changed
MOST_LINES: Final = 4000  # changed at one stretch whose words are compared; of more, lines alone

_FENCE: Final = re.compile(r"[ \t]*(`{3,}|~{3,})")
_TOKENS: Final = re.compile(r"\w+\s*|\s+|[^\w\s]\s*")

_Opcode = tuple[bool, int, int, int, int]  # are they equal, old from and to, new from and to


class Kind(StrEnum):
    EQUAL = "equal"
    INSERT = "insert"
    DELETE = "delete"
    CHANGE = "change"  # of a row only


class Segment(NamedTuple):
    kind: Kind
    text: str


class Row(NamedTuple):
    """One line beside its counterpart; a side that has none is empty. Line breaks belong to the lines."""

    kind: Kind
    old: tuple[Segment, ...]
    new: tuple[Segment, ...]

    @property
    def inline(self) -> tuple[Segment, ...]:
        """Both versions of the line in one."""
        return tuple(_merged(self.old, self.new))


def word_diff(old: str, new: str) -> list[Segment]:
    """Equal, deleted and inserted stretches in reading order.

    Equal and deleted together give *old* exactly, equal and inserted *new*.
    """
    return _joined(chain.from_iterable(row.inline for row in rows(old, new)))


def rows(old: str, new: str) -> list[Row]:
    """The lines of both versions side by side."""
    found: list[Row] = []
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    coded, coded_after, effort = _in_code(before), _in_code(after), _Effort()
    i, j = 0, 0
    for same, a, b in _stretches(before, after, effort):
        if same:
            found += (Row(Kind.EQUAL, (line,), (line,)) for line in (Segment(Kind.EQUAL, text) for text in a))
        else:
            code = coded[i : i + len(a)], coded_after[j : j + len(b)]
            found += _changed(a, b, *code, effort)
        i, j = i + len(a), j + len(b)
    return found


def sides(old: str, new: str) -> list[Row]:
    """The same, with lines that follow one another in one row where both have, or one lacks, all of them."""
    found: list[Row] = []
    for kind, alike in groupby(rows(old, new), key=lambda row: row.kind):
        some = list(alike)
        found += some if kind is Kind.CHANGE else [_in_one(some)]
    return found


def _in_one(some: Sequence[Row]) -> Row:
    left, right = (
        tuple(_joined(chain.from_iterable(side)))
        for side in ((row.old for row in some), (row.new for row in some))
    )
    return Row(some[0].kind, left, right)


def _in_code(lines: Sequence[str]) -> list[bool]:
    """Say of each line whether it stands in a fenced code block, its fences included."""
    found: list[bool] = []
    fence = ""
    for line in lines:
        mark = _FENCE.match(line)
        found.append(bool(fence or mark))
        if fence:
            closes = mark and mark[1].startswith(fence) and not line[mark.end() :].strip()
            fence = "" if closes else fence
        elif mark:
            fence = mark[1]
    return found


def _changed(
    old: Sequence[str], new: Sequence[str], code: Sequence[bool], new_code: Sequence[bool], effort: _Effort
) -> Iterator[Row]:
    """Lines in place of others: those alike side by side, the rest deleted or inserted."""
    i, j = 0, 0
    for at, to in [*_pairs(old, new), (len(old), len(new))]:
        for line in old[i:at]:
            yield Row(Kind.DELETE, (Segment(Kind.DELETE, line),), ())
        for line in new[j:to]:
            yield Row(Kind.INSERT, (), (Segment(Kind.INSERT, line),))
        if at < len(old):
            by_line = (code[at] and new_code[to]) or len(old) > MOST_LINES
            both = old[at], new[to]
            yield Row(Kind.CHANGE, *(_lines(*both) if by_line else _words(*both, effort)))
        i, j = at + 1, to + 1


def _lines(old: str, new: str) -> tuple[tuple[Segment, ...], tuple[Segment, ...]]:
    return (Segment(Kind.DELETE, old),), (Segment(Kind.INSERT, new),)


def _pairs(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Which line became which: from the top where as many stand on both sides, else the chain most alike."""
    if len(old) == len(new) or len(old) > PAIRED or len(new) > PAIRED:
        return [(place, place) for place in range(min(len(old), len(new)))]
    ours, theirs = ([frozenset(re.findall(r"\w+", line)) for line in side] for side in (old, new))
    best = [[0.0] * (len(theirs) + 1) for _ in range(len(ours) + 1)]
    for i, j in _backwards(ours, theirs):
        best[i][j] = max(best[i + 1][j], best[i][j + 1], _alike(ours[i], theirs[j]) + best[i + 1][j + 1])
    found: list[tuple[int, int]] = []
    i, j = 0, 0
    while i < len(ours) and j < len(theirs):
        likeness = _alike(ours[i], theirs[j])
        if likeness and best[i][j] == likeness + best[i + 1][j + 1]:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return found


def _backwards(old: Sequence[object], new: Sequence[object]) -> Iterator[tuple[int, int]]:
    return ((i, j) for i in reversed(range(len(old))) for j in reversed(range(len(new))))


def _alike(old: frozenset[str], new: frozenset[str]) -> float:
    """The share of their words that two lines have in common, or nothing where that is little."""
    shared = len(old & new) / max(1, len(old | new))
    return shared if shared >= ALIKE else 0.0


def _words(old: str, new: str, effort: _Effort) -> tuple[tuple[Segment, ...], tuple[Segment, ...]]:
    left: list[Segment] = []
    right: list[Segment] = []
    for same, a, b in _stretches(_TOKENS.findall(old), _TOKENS.findall(new), effort):
        if same:
            left.append(Segment(Kind.EQUAL, "".join(a)))
            right.append(left[-1])
            continue
        left += [Segment(Kind.DELETE, "".join(a))] if a else []
        right += [Segment(Kind.INSERT, "".join(b))] if b else []
    return tuple(left), tuple(right)


def _stretches(
    old: list[str], new: list[str], effort: _Effort
) -> Iterator[tuple[bool, list[str], list[str]]]:
    """Stretches of both lists in order: (True, same, same) or (False, old, new)."""
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    if start:
        yield True, old[:start], new[:start]
    a, b = old[start : len(old) - end], new[start : len(new) - end]
    for same, i1, i2, j1, j2 in _opcodes(a, b, effort):
        yield same, a[i1:i2], b[j1:j2]
    if end:
        yield True, old[-end:], new[-end:]


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    """How many items both begin with."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((index for index, (a, b) in pairs if a != b), min(len(old), len(new)))


def _opcodes(a: list[str], b: list[str], effort: _Effort) -> Iterator[_Opcode]:
    """Exact where that is cheap; else between the items that each side holds once."""
    if effort.allows(a, b):
        yield from _exact(a, b)
        return
    i, j = 0, 0
    for next_i, next_j in [*_anchors(a, b), (len(a), len(b))]:
        gap = a[i:next_i], b[j:next_j]
        inside = _exact(*gap) if effort.allows(*gap) else [(False, 0, next_i - i, 0, next_j - j)]
        yield from ((same, i + i1, i + i2, j + j1, j + j2) for same, i1, i2, j1, j2 in inside)
        if next_i < len(a) and next_j < len(b):
            yield True, next_i, next_i + 1, next_j, next_j + 1
        i, j = next_i + 1, next_j + 1


class _Effort:
    """What comparing two texts exactly may still cost: many short lines together can be as hard as a long one."""

    def __init__(self) -> None:
        self.left = EFFORT_LIMIT

    def allows(self, a: list[str], b: list[str]) -> bool:
        """Say whether two stretches can be compared exactly, which is then taken as done."""
        if len(a) * len(b) > AREA_LIMIT:
            return False
        counts = Counter(b)
        pairs = sum(counts[token] for token in a)
        cost = pairs * min(len(a), len(b))
        if pairs > PAIRS_LIMIT or cost > self.left:
            return False
        self.left -= cost
        return True


def _exact(a: list[str], b: list[str]) -> list[_Opcode]:
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    return [(tag == "equal", i1, i2, j1, j2) for tag, i1, i2, j1, j2 in matcher.get_opcodes()]


def _anchors(a: list[str], b: list[str]) -> list[tuple[int, int]]:
    """The longest increasing chain of places of items that occur once on each side (patience sorting)."""
    once_a, once_b = Counter(a), Counter(b)
    places = {token: j for j, token in enumerate(b) if once_b[token] == 1}
    heads: list[int] = []
    chains: list[tuple[int, int, int]] = []  # place in a, place in b, the link before
    ends: list[int] = []  # of the best chain of each length: its last link
    for i, token in enumerate(a):
        if once_a[token] != 1 or token not in places:
            continue
        length = bisect_left(heads, places[token])
        chains.append((i, places[token], ends[length - 1] if length else -1))
        heads[length : length + 1] = [places[token]]
        ends[length : length + 1] = [len(chains) - 1]
    return _followed(chains, ends[-1] if ends else -1)


def _followed(chains: list[tuple[int, int, int]], link: int) -> list[tuple[int, int]]:
    path: list[tuple[int, int]] = []
    while link >= 0:
        i, j, link = chains[link]
        path.append((i, j))
    return path[::-1]


def _merged(old: Sequence[Segment], new: Sequence[Segment]) -> Iterator[Segment]:
    """Deletions before insertions between the stretches both share."""
    inserted = iter(new)
    for segment in old:
        if segment.kind is Kind.EQUAL:
            for other in inserted:
                yield other
                if other.kind is Kind.EQUAL:
                    break
        else:
            yield segment
    yield from inserted


def _joined(segments: Iterator[Segment]) -> list[Segment]:
    joined: list[Segment] = []
    for segment in segments:
        if joined and joined[-1].kind is segment.kind:
            joined[-1] = Segment(segment.kind, joined[-1].text + segment.text)
        else:
            joined.append(segment)
    return joined
