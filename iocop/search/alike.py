"""What comes close to a title that is being typed: topics and articles that share more with it than a common word."""

from __future__ import annotations

from itertools import islice
from math import log
from typing import TYPE_CHECKING, Final, NamedTuple

from iocop.search import analysis, folding, reading, titles
from iocop.search.indexer import engine
from iocop.search.plan import Bounds
from iocop.search.planning import plan_like
from iocop.search.port import EngineDown, Mask
from iocop.search.query import SearchQuery
from iocop.search.snippets import Marker
from iocop.spaces.queries import scope_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from iocop.core.login import Viewer
    from iocop.search.documents import AnyRow
    from iocop.search.port import Kind, Matches
    from iocop.spaces.queries import Scope

SHOWN: Final = 5
LOOKED_AT: Final = 15
"""The best matches, whose texts are read for what they share."""
READ: Final = 4_000
"""Characters of a text that are looked at."""
ENOUGH: Final = 0.5
"""What is shared weighs at least so much of what was typed, or is in the title, and more than one telling word."""
TELLING: Final = 0.5
"""A word tells something if it weighs so much of the average one."""
_GIVEN: Final = Bounds(all_of=(frozenset({"kind=post", "kind=article"}),))


def similar(viewer: Viewer, text: str) -> tuple[Sequence[AnyRow], Sequence[AnyRow]]:
    """Return the few topics, and the few articles, that share most with a title that is being typed."""
    scope = scope_of(viewer)
    if not scope.spaces:
        return (), ()
    words = _words(text)
    matches, weights = _ask(text, words, Mask(scope.spaces, scope.member))
    found = _Close(matches, scope, words, weights)
    return list(islice(found.of("post"), SHOWN)), list(islice(found.of("article"), SHOWN))


def weights_of(counts: Mapping[str, int], documents: int) -> dict[str, float]:
    """Return what words tell: the fewer documents have one, the more; what nearly all have tells next to nothing."""
    return {word: max(0.1, log((documents + 1) / (number + 1))) for word, number in counts.items()}


def is_close(weights: Mapping[str, float], shared: frozenset[str], in_title: frozenset[str]) -> bool:
    """Say whether a text shares enough with what was typed.

    Args:
        weights: of each word that was typed and that texts have: what none has makes none less close.
        shared, in_title: those that stand in the text or its title, in whatever form, and those in the title.
    """
    known = dict.fromkeys(shared, max(weights.values(), default=1.0)) | dict(weights)
    total = sum(known.values())
    telling = {word for word in in_title if known[word] >= TELLING * total / len(known)}
    return len(telling) > 1 or (bool(shared) and sum(known[word] for word in shared) >= ENOUGH * total)


def _ask(text: str, words: Sequence[str], mask: Mask) -> tuple[Matches, dict[str, float]]:
    try:
        asked = engine()
        matches = asked.search(plan_like(text, _GIVEN, asked.languages()), mask)
        return matches, weights_of(asked.known(words), asked.health().documents)
    except EngineDown:
        return titles.similar(text, mask), dict.fromkeys(words, 1.0)


def _words(text: str) -> list[str]:
    written = [word.written for word in analysis.words(text)]
    telling = analysis.without_stop_words(written, ["en"])
    return list(dict.fromkeys(part for word in telling for part in analysis.parts(word)))


class _Close(NamedTuple):
    """What matches, as far as it is close; *words* are those that were typed."""

    matches: Matches
    scope: Scope
    words: Sequence[str]
    weights: Mapping[str, float]

    def of(self, kind: Kind) -> Iterator[AnyRow]:
        """Give the rows that are close, best first."""
        best = folding.fold(self.matches, kind, depth=LOOKED_AT).best.tolist()
        read = reading.posts if kind == "post" else reading.articles
        rows = {row.id: row for row in read(best, self.scope)}
        marker = Marker(SearchQuery(terms=tuple(self.words)))
        for row in (rows[one] for one in best if one in rows):
            in_title = _named(marker, marker.seen(row.title, row.language))
            text = _named(marker, marker.seen(row.text[:READ], row.language))
            if is_close(self.weights, in_title | text, in_title):
                yield row


def _named(marker: Marker, places: frozenset[int]) -> frozenset[str]:
    return frozenset(analysis.folded(marker.words[place]) for place in places)
