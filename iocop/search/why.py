"""Why something was found: what it has of what was looked for, and what speaks for it. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from iocop.search.folding import is_typed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iocop.search.query import SearchQuery
    from iocop.search.snippets import Marker

What: TypeAlias = Literal[
    "all words", "some words", "word", "phrase", "title", "in title", "name", "in name", "called", "confirmed",
    "accepted", "solved", "filters", "further",
]  # fmt: skip


class Reason(NamedTuple):
    """One reason.

    Attributes:
        number: of *some words* how many are there, of *in title* how many were typed, of *confirmed* at how many
            organizations.
        of: of *some words* how many were typed.
        words: of *some words* the one that is missing, if it is only one; of *called* what was typed.
        other: of *called* what it is called there.
    """

    what: What
    number: int = 0
    of: int = 0
    words: str = ""
    other: str = ""


class Hit(NamedTuple):
    """What was found, as far as it says why.

    Attributes:
        words, in_title: which of the marker's words stand in its text or title, and which in its title.
        whole: the index found all words there, also further down than was read.
        title: empty where no title speaks for it.
        named: the title is the name of somebody or something.
        confirmed_at: at how many organizations it works, as its own page says.
    """

    words: frozenset[int]
    in_title: frozenset[int]
    whole: bool = False
    title: str = ""
    named: bool = False
    confirmed_at: int = 0
    accepted: bool = False
    solved: bool = False


def reasons(query: SearchQuery, marker: Marker, hit: Hit) -> list[Reason]:
    """Say why something was found, the strongest reasons first; there is always one."""
    found = [*_of_words(query, marker, hit), *_of_practice(hit)]
    return found or [Reason("further" if marker.typed else "filters")]


def _of_words(query: SearchQuery, marker: Marker, hit: Hit) -> Iterator[Reason]:
    typed = frozenset(range(marker.typed))
    called = list(_called(query, marker, hit))
    if is_typed(hit.title, " ".join((*query.terms, *query.phrases))):
        yield Reason("name" if hit.named else "title")
    elif typed and typed <= hit.in_title:
        yield Reason("in name" if hit.named else "in title", len(typed))
    elif len(typed) > 1 and (hit.whole or typed <= hit.words):
        yield Reason("all words")
    elif len(typed) > 1 and not called and typed & hit.words:
        missing = [marker.words[place] for place in sorted(typed - hit.words)]
        yield Reason(
            "some words", len(typed & hit.words), len(typed), missing[0] if len(missing) == 1 else ""
        )
    elif not query.phrases and typed and (typed <= hit.words or (hit.whole and not called)):
        yield Reason("word")
    if query.phrases:
        yield Reason("phrase")
    yield from called


def _called(query: SearchQuery, marker: Marker, hit: Hit) -> Iterator[Reason]:
    """What was typed stands there under another name of the glossary."""
    for meaning in query.also:
        words = " ".join(query.terms[meaning.start : meaning.end])
        if marker.places(words) <= hit.words:
            continue
        other = next((other for other in meaning.others if _stands_in(marker.places(other), hit)), "")
        if other:
            yield Reason("called", words=words, other=other)


def _stands_in(places: frozenset[int], hit: Hit) -> bool:
    return bool(places) and places <= hit.words


def _of_practice(hit: Hit) -> Iterator[Reason]:
    if hit.confirmed_at:
        yield Reason("confirmed", hit.confirmed_at)
    if hit.accepted:
        yield Reason("accepted")
    elif hit.solved:
        yield Reason("solved")
