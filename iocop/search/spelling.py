"""Did you mean: words that no text has, mended by those of texts that everybody may read. Pure but for the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iocop.search import analysis

if TYPE_CHECKING:
    from iocop.search.port import SearchEngine
    from iocop.search.query import Piece, SearchQuery

FEW: Final = 5
"""Fewer results than this, of all kinds together, may come from a misspelling."""
SHORTEST: Final = 3
"""Letters of a word that is mended."""
MOST: Final = 4
"""Words of a query that are mended."""


def mended(query: SearchQuery, engine: SearchEngine) -> str:
    """Return what to type instead; empty where every word is known, or nothing is spelt nearly like it.

    Quoted text, operators and code stay as they are: who types them means them.

    Raises:
        EngineDown: there is no index.
    """
    words = {piece: analysis.folded(piece.value) for piece in query.pieces if _may_be_misspelt(piece)}
    if not words:
        return ""
    known = engine.known(set(words.values()))
    unknown = [piece for piece, word in words.items() if word not in known][:MOST]
    better = {piece: _nearest(words[piece], engine) for piece in unknown}
    if not any(better.values()):
        return ""
    return " ".join(better.get(piece) or piece.text for piece in query.pieces)


def _may_be_misspelt(piece: Piece) -> bool:
    word = piece.value
    return piece.role == "term" and len(word) >= SHORTEST and word.isalpha() and not analysis.is_code(word)


def _nearest(word: str, engine: SearchEngine) -> str:
    return next((other for other, _documents in engine.near(word, 1)), "")
