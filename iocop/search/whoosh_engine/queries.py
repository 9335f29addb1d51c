"""From a `SearchQuery` to Whoosh's query objects. What members type never reaches Whoosh's own parser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from whoosh import query as _whoosh_query

from iocop.search import analysis

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from iocop.search.port import Kind, Mask
    from iocop.search.query import SearchQuery

whoosh: Any = _whoosh_query  # exports its classes without saying so

TITLE_WEIGHT: Final = 1.5
"""Between 1 and 2; 5 or more was measured to hurt."""
CODE_WEIGHT: Final = 2.0
SYNONYM_WEIGHT: Final = 0.7
"""What another word for a term counts, beside the word that was typed."""


def masked(query: Any, mask: Mask, kind: Kind) -> Any:
    """Make kind, spaces and label mandatory parts of a query.

    Never Whoosh's `filter=`: an empty one filters nothing there. An empty `Or` inside an `And` matches nothing.
    """
    scope = [
        whoosh.Term("kind", kind),
        whoosh.Or([whoosh.Term("space", str(space)) for space in sorted(mask.spaces)]),
    ]
    if not mask.member:
        scope.append(whoosh.Term("label", "public"))
    return whoosh.And([query, *scope])


def all_of(query: SearchQuery, languages: Collection[str]) -> Any:
    """Every word, every phrase, nothing excluded."""
    return _bounded(whoosh.And(_meant(query, languages)), query)


def any_of(query: SearchQuery, languages: Collection[str]) -> Any:
    """At least one word, every phrase, nothing excluded."""
    return _bounded(whoosh.Or(_meant(query, languages)), query)


def like(text: str, languages: Collection[str]) -> Any:
    """Documents that share words with a text."""
    return whoosh.Or(_groups([word.written for word in analysis.words(text)], languages))


def count_of(query: SearchQuery, languages: Collection[str]) -> int:
    """Return how many words the query still has without its stop words."""
    return len(_used(query.terms, languages))


def _used(terms: Iterable[str], languages: Collection[str]) -> list[str]:
    split = [word.written for term in terms for word in analysis.words(term)]
    return analysis.without_stop_words(list(dict.fromkeys(split)), languages)


def _meant(query: SearchQuery, languages: Collection[str]) -> list[Any]:
    """One part for each word, or each term of the glossary: as it was typed, or as others call it."""
    parts: list[Any] = []
    at = 0
    for meaning in query.also:
        parts += _groups(query.terms[at : meaning.start], languages)
        typed = whoosh.And(_groups(query.terms[meaning.start : meaning.end], languages))
        others = [
            whoosh.And(_groups(words.split(), languages), boost=SYNONYM_WEIGHT) for words in meaning.others
        ]
        parts.append(whoosh.Or([typed, *others]))
        at = meaning.end
    return parts + _groups(query.terms[at:], languages)


def _groups(terms: Iterable[str], languages: Collection[str]) -> list[Any]:
    return [group for term in _used(terms, languages) if (group := _group(term, languages)) is not None]


def _group(term: str, languages: Collection[str]) -> Any | None:
    """One word as it may stand in a document: its stems in text or title; code also whole."""
    parts = [_part(part, languages) for part in analysis.raw_parts(term)]
    if not parts:
        return None
    together = parts[0] if len(parts) == 1 else whoosh.And(parts)
    if not analysis.is_code(term):
        return together
    whole = analysis.folded(term)
    return whoosh.Or(
        [
            whoosh.Term("exact", whole, boost=CODE_WEIGHT),
            whoosh.Term("title_exact", whole, boost=CODE_WEIGHT * TITLE_WEIGHT),
            together,
        ]
    )


def _part(part: str, languages: Collection[str]) -> Any:
    stems = analysis.stems_of(part, languages)
    return whoosh.Or(
        [
            term
            for stem in stems
            for term in (whoosh.Term("stem", stem), whoosh.Term("title_stem", stem, boost=TITLE_WEIGHT))
        ]
    )


def _bounded(words: Any, query: SearchQuery) -> Any:
    """Add the phrases, take the excluded away."""
    phrases = [_exactly(phrase) for phrase in query.phrases]
    wanted = whoosh.And([*([words] if query.terms else []), *phrases])
    if not query.excluded:
        return wanted
    return whoosh.AndNot(wanted, whoosh.Or([_exactly(text) for text in query.excluded]))


def _exactly(text: str) -> Any:
    """A word or phrase as it was typed, in text or title."""
    parts = [part for word in analysis.words(text) for part in analysis.parts(word.written)]
    if len(parts) == 1:
        return whoosh.Or([whoosh.Term("exact", parts[0]), whoosh.Term("title_exact", parts[0])])
    return whoosh.Or([whoosh.Phrase("exact", parts), whoosh.Phrase("title_exact", parts)])
