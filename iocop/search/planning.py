"""From what somebody looks for to what engines are asked: one plan for every engine. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from iocop.search import analysis
from iocop.search.plan import Bounds, Plan, Word

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from iocop.search.plan import Group, Needs, Part, Phrase, Way
    from iocop.search.query import SearchQuery

TITLE_WEIGHT: Final = 1.5
"""What a word of the title counts, beside one of the text: from 1.25 to 1.5 is as good (see `plan.TITLE_LENGTH`)."""
CODE_WEIGHT: Final = 2.0
SYNONYM_WEIGHT: Final = 0.7
"""What another word for a term counts, beside the word that was typed."""

ALL_UP_TO: Final = 3
"""Words, without stop words, of which a document should have all; of more, as in a sentence, any."""
MOST_ALIKE: Final = 40
"""Words of a text that are compared with others."""
_HYPHENED: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)+\Z")


def plan_of(query: SearchQuery, bounds: Bounds, languages: Collection[str]) -> Plan:
    """Return what engines look for.

    Args:
        languages: those of the documents: the query does not say its own, so words are stemmed in each.
    """
    groups = _meant(query, languages)
    phrases = _phrases(query.phrases)
    if query.in_title:
        groups = [*map(_in_title, groups), *(_all_in_title(phrase) for phrase in phrases)]
    few: Needs = "all, else any" if min(len(groups), len(query.terms)) <= ALL_UP_TO else "any"
    return Plan(
        groups=tuple(groups),
        phrases=phrases,
        excluded=_phrases(query.excluded),
        bounds=bounds,
        needs="all" if query.in_title and phrases else few,
    )


def plan_like(text: str, bounds: Bounds, languages: Collection[str]) -> Plan:
    """Return a plan for documents that share words with a text, such as a title while it is typed."""
    return Plan(
        groups=tuple(_groups(_telling([text], languages)[:MOST_ALIKE], languages)), bounds=bounds, needs="any"
    )


def _meant(query: SearchQuery, languages: Collection[str]) -> list[Group]:
    """One group for each word, or each term of the glossary: as it was typed, or as others call it.

    Words of one stem share a group: "flow" and "flows" say no more than one.
    """
    telling = set(_telling(query.terms, languages))

    def told(start: int, end: int | None = None) -> list[Group]:
        return _groups((word for word in _words(query.terms[start:end]) if word in telling), languages)

    groups: list[Group] = []
    at = 0
    for meaning in query.also:
        groups += told(at, meaning.start)
        groups.append(_called(query.terms[meaning.start : meaning.end], meaning.others, languages))
        at = meaning.end
    return list(dict.fromkeys(filter(None, groups + told(at))))


def _groups(words: Iterable[str], languages: Collection[str]) -> list[Group]:
    return list(dict.fromkeys(group for word in words if (group := _group(word, languages))))


def _telling(terms: Iterable[str], languages: Collection[str]) -> list[str]:
    """Return the words of the terms, each once, without stop words where others remain."""
    return analysis.without_stop_words(_words(terms), languages)


def _words(terms: Iterable[str]) -> list[str]:
    found = (single for term in terms for word in analysis.words(term) for single in _apart(word.written))
    return list(dict.fromkeys(found))


def _apart(word: str) -> list[str]:
    """Take hyphens between letters for blanks: who asks for a "high-speed pump" is served by high speeds as well."""
    return word.split("-") if _HYPHENED.match(word) else [word]


def _group(word: str, languages: Collection[str]) -> Group:
    """One word as it may stand in a document: its stems in text or title; code also whole."""
    parts = tuple(_part(part, languages) for part in analysis.raw_parts(word))
    if not parts:
        return ()
    if not analysis.is_code(word) or len(word) > analysis.LONGEST_WORD:
        return (parts,)
    whole = analysis.folded(word)
    return (
        ((Word("exact", whole, CODE_WEIGHT), Word("title_exact", whole, CODE_WEIGHT * TITLE_WEIGHT)),),
        parts,
    )


def _part(part: str, languages: Collection[str]) -> Part:
    return tuple(
        word
        for stem in analysis.stems_of(part, languages)
        for word in (Word("stem", stem), Word("title_stem", stem, TITLE_WEIGHT))
    )


def _called(typed: Sequence[str], others: Iterable[str], languages: Collection[str]) -> Group:
    """A term of the glossary: all words that were typed, or all of another name."""
    words = _groups(_telling(typed, languages), languages)
    as_typed = words[0] if len(words) == 1 else (_together(words),)
    ways = [_lighter(_together(_groups(_telling([other], languages), languages))) for other in others]
    return tuple(filter(None, (*as_typed, *ways)))


def _together(groups: Iterable[Group]) -> Way:
    """Every group, code in its parts."""
    return tuple(part for group in groups for part in group[-1])


def _lighter(way: Way) -> Way:
    return tuple(tuple(word._replace(weight=word.weight * SYNONYM_WEIGHT) for word in part) for part in way)


def _in_title(group: Group) -> Group:
    return tuple(
        tuple(tuple(word for word in part if word.field.startswith("title")) for part in way) for way in group
    )


def _all_in_title(phrase: Phrase) -> Group:
    """The words of a phrase, all in the title: beside the phrase, which may stand in either."""
    return (tuple((Word("title_exact", word),) for word in phrase),)


def _phrases(texts: Iterable[str]) -> tuple[Phrase, ...]:
    return tuple(filter(None, map(_exactly, texts)))


def _exactly(text: str) -> Phrase:
    """The words of a text as they were typed; of `C++` or `--force` alone not only its letters."""
    words = [word.written for word in analysis.words(text)]
    parts = tuple(part for word in words for part in analysis.parts(word))
    alone = len(words) == len(parts) == 1 and analysis.is_code(words[0])
    return (analysis.folded(words[0]),) if alone else parts
