"""Excerpts around what was found, from the database's text, with the words marked. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from markupsafe import Markup, escape

from iocop.search import analysis

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iocop.search.query import SearchQuery

LENGTH: Final = 240
"""Characters an excerpt shows, about."""
LEAD: Final = 60
READ: Final = 20_000
"""Characters looked at; what is found further down shows the text's beginning instead."""


class Marker:
    """Knows the words of one query; marks them in any text."""

    def __init__(self, query: SearchQuery) -> None:
        typed = " ".join((*analysis.without_stop_words(query.terms, ["en"]), *query.phrases))
        parts = [part for word in analysis.words(typed) for part in analysis.raw_parts(word.written)]
        self._exact = frozenset(map(analysis.folded, parts))
        self._parts = parts
        self._stems: dict[str, frozenset[str]] = {}

    def excerpt(self, text: str, language: str = "") -> Markup:
        """Return a stretch of *text* around the first place where most words stand together, escaped and marked."""
        text = " ".join(text[:READ].split())
        spans = list(self._spans(text, language))
        start, end = _window(text, spans)
        shown = _marked(text, [span for span in spans if start <= span[0] and span[1] <= end], start, end)
        return Markup("{}{}{}").format("… " if start else "", shown, " …" if end < len(text) else "")

    def whole(self, text: str, language: str = "") -> Markup:
        """Return all of a short text such as a title, escaped and marked."""
        return _marked(text, list(self._spans(text, language)), 0, len(text))

    def _spans(self, text: str, language: str) -> Iterable[tuple[int, int]]:
        stems = self._stems.get(language)
        if stems is None:
            stems = frozenset(analysis.stem(part, language) for part in self._parts)
            self._stems[language] = stems
        for word in analysis.words(text):
            if any(
                analysis.folded(part) in self._exact or analysis.stem(part, language) in stems
                for part in analysis.raw_parts(word.written)
            ):
                yield word.start, word.end


def _window(text: str, spans: list[tuple[int, int]]) -> tuple[int, int]:
    """Return the stretch that holds most of the marks, at word boundaries; the first one of several."""
    if not spans or len(text) <= LENGTH:
        start = 0
    else:
        starts = [span[0] for span in spans]
        best = max(starts, key=lambda begin: sum(begin <= other < begin + LENGTH - LEAD for other in starts))
        start = max(0, best - LEAD)
        start = text.rfind(" ", 0, start) + 1 if start else 0
    end = start + LENGTH
    if end >= len(text):
        return start, len(text)
    return start, max(text.rfind(" ", start, end), start + LENGTH - LEAD)


def _marked(text: str, spans: list[tuple[int, int]], start: int, end: int) -> Markup:
    pieces: list[str] = []
    here = start
    for begin, finish in spans:
        pieces += [escape(text[here:begin]), Markup("<mark>{}</mark>").format(text[begin:finish])]
        here = finish
    return Markup("").join([*pieces, escape(text[here:end])])
