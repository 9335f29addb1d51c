"""Excerpts around what was found, from the database's text, with the words marked. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from markupsafe import Markup

from iocop.search import analysis

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iocop.search.query import SearchQuery

LENGTH: Final = 240
"""Characters an excerpt shows, about."""
LEAD: Final = 60
READ: Final = 20_000
"""Characters looked at; what is found further down shows the text's beginning instead."""
_MARK, _MARKED = Markup("<mark>"), Markup("</mark>")


class Seen(NamedTuple):
    """What a text holds of the words that are looked for, as places among `Marker.words`, and the text, marked."""

    words: frozenset[int]
    marked: Markup


class _Span(NamedTuple):
    start: int
    end: int
    words: frozenset[int]


class Marker:
    """Knows the words of one query; marks them in any text.

    Attributes:
        words: what was typed, and what else the glossary calls it, each word in its parts.
        typed: how many of them were typed; the others follow.
    """

    def __init__(self, query: SearchQuery) -> None:
        texts = (*analysis.without_stop_words(query.terms, ["en"]), *query.phrases)
        others = [other for meaning in query.also for other in meaning.others]
        typed = _parts(texts)
        self.words = list(dict.fromkeys([*typed, *_parts(others)]))
        self.typed = len(typed)
        self._known: dict[str, _Known] = {}

    def places(self, text: str) -> frozenset[int]:
        """Return which of its words another text has, spelt as here."""
        return frozenset(self.words.index(part) for part in _parts([text]) if part in self.words)

    def excerpt(self, text: str, language: str = "") -> Markup:
        """Return a stretch of *text* around the first place where most words stand together, escaped and marked."""
        return self.read(text, language).marked

    def read(self, text: str, language: str = "") -> Seen:
        """Return an excerpt of *text*, and which words stand in all of it."""
        text = " ".join(text[:READ].split())
        spans = self._spans(text, language)
        start, end = _window(text, spans)
        shown = _marked(text, [span for span in spans if start <= span.start and span.end <= end], start, end)
        words = frozenset[int]().union(*(span.words for span in spans))
        return Seen(words, shown)

    def seen(self, text: str, language: str = "") -> frozenset[int]:
        """Return which words stand in a text, without marking them."""
        return frozenset[int]().union(*(span.words for span in self._spans(text, language)))

    def whole(self, text: str, language: str = "") -> Markup:
        """Return all of a short text such as a title, escaped and marked."""
        return self.read_whole(text, language).marked

    def read_whole(self, text: str, language: str = "") -> Seen:
        spans = self._spans(text, language)
        words = frozenset[int]().union(*(span.words for span in spans))
        return Seen(words, _marked(text, spans, 0, len(text)))

    def _spans(self, text: str, language: str) -> list[_Span]:
        known = self._known.get(language)
        if known is None:
            known = self._known[language] = _Known(self.words, language)
        spans, at = [], 0
        for stretch in text.split(" "):  # which no word goes beyond
            if found := known[stretch]:
                spans += [_Span(at + start, at + end, words) for start, end, words in found]
            at += len(stretch) + 1
        return spans


class _Known(dict[str, tuple[_Span, ...]]):
    """Where some words stand in a stretch without blanks, as they were typed or with the same stem; by that stretch."""

    def __init__(self, words: Iterable[str], language: str) -> None:
        self._language = language
        self._stems: dict[str, set[int]] = {}
        for place, part in enumerate(words):
            for form in (analysis.folded(part), analysis.stem(part, language)):
                self._stems.setdefault(form, set()).add(place)
        self._has_none = frozenset(self._stems).isdisjoint

    def __missing__(self, stretch: str) -> tuple[_Span, ...]:
        none = self._has_none(analysis.forms(stretch, self._language))
        found = self[stretch] = () if none else self._spans(stretch)
        return found

    def _spans(self, stretch: str) -> tuple[_Span, ...]:
        found = [(word, self._alike(word.written)) for word in analysis.words(stretch)]
        return tuple(_Span(word.start, word.end, words) for word, words in found if words)

    def _alike(self, written: str) -> frozenset[int]:
        forms = analysis.forms(written, self._language)
        return frozenset[int]().union(*(self._stems.get(form, ()) for form in forms))


def _parts(texts: Iterable[str]) -> list[str]:
    """Return the words of some texts in their parts, folded, each once."""
    written = (word.written for text in texts for word in analysis.words(text))
    return list(dict.fromkeys(part.lower() for word in written for part in analysis.raw_parts(word)))


def _window(text: str, spans: list[_Span]) -> tuple[int, int]:
    """Return the stretch that holds most of the marks, at word boundaries; the first one of several."""
    if not spans or len(text) <= LENGTH:
        start = 0
    else:
        best = _fullest([span.start for span in spans])
        start = max(0, best - LEAD)
        start = text.rfind(" ", 0, start) + 1 if start else 0
    end = start + LENGTH
    if end >= len(text):
        return start, len(text)
    return start, max(text.rfind(" ", start, end), start + LENGTH - LEAD)


def _fullest(starts: list[int]) -> int:
    """Return the place after which, within what an excerpt shows, most of the others stand; the first of several."""
    best, most, end = starts[0], 0, 0
    for at, start in enumerate(starts):
        while end < len(starts) and starts[end] < start + LENGTH - LEAD:
            end += 1
        if end - at > most:
            best, most = start, end - at
    return best


def _marked(text: str, spans: list[_Span], start: int, end: int) -> Markup:
    pieces = ["… "] if start else []
    here = start
    for begin, finish, _words in spans:
        pieces += [text[here:begin], _MARK, text[begin:finish], _MARKED]
        here = finish
    pieces.append(text[here:end])
    if end < len(text):
        pieces.append(" …")
    return Markup("").join(pieces)  # which escapes what is no markup
