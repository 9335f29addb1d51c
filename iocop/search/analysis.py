"""How text becomes words that can be found: exact, stemmed, code whole and in parts. Pure, the same for every engine."""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from collections.abc import Set as AbstractSet

    import snowballstemmer

LANGUAGES: Final = {
    "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "et": "estonian", "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hu": "hungarian", "it": "italian",
    "lt": "lithuanian", "nb": "norwegian", "nl": "dutch", "nn": "norwegian", "no": "norwegian", "pl": "polish",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip
"""Languages with a stemmer; words of others are taken as they are."""

LONGEST_WORD: Final = 64
MARKS: Final = "\u0300-\u036f"
"""Accents that follow their letter, for the inside of a regular expression's brackets."""
_WORD: Final = re.compile(rf"(?:--?(?=\w))?\w[\w{MARKS}]*(?:[-./:_+#@\\]+\w[\w{MARKS}]*)*[+#]{{0,2}}")
_PART: Final = re.compile(rf"[^\W_]+(?:[{MARKS}]+[^\W_]*)*")
_PLAIN: Final = re.compile(rf"{_PART.pattern}\Z")


class Word(NamedTuple):
    """One word of a text: what was written, and where it begins and ends."""

    written: str
    start: int
    end: int


class Analysed(NamedTuple):
    """A text as the index takes it.

    *exact*: the parts in their order, then every code word whole; *stems*: the parts stemmed.
    """

    exact: list[str]
    stems: list[str]


def words(text: str) -> Iterator[Word]:
    """Give the words of a text; `foo.bar`, `--flag`, `MS/TP` and `C++` are one word each."""
    for match in _WORD.finditer(text):
        yield Word(match[0], match.start(), match.end())


def folded(word: str) -> str:
    """Lower-case a word and take its accents away, so that it is found however it is typed."""
    if word.isascii():
        return word.lower()
    apart = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def is_code(word: str) -> bool:
    """Say whether a word has to be found whole as well as in parts."""
    return _PLAIN.match(word) is None


def raw_parts(word: str) -> list[str]:
    """Return the letters-and-digits parts of a word; very long ones are no words."""
    if not word.isascii():
        word = unicodedata.normalize("NFC", word)  # accents typed after their letter would hide the stem
    return [part for part in _PART.findall(word) if len(part) <= LONGEST_WORD]


def parts(word: str) -> list[str]:
    """Return the parts of a word, folded."""
    return [folded(part) for part in raw_parts(word)]


def stem(part: str, language: str) -> str:
    """Return the stem of a lower-case part, folded."""
    return _stem(part.lower(), language[:2].lower())


@lru_cache(maxsize=20_000)
def _stem(part: str, language: str) -> str:
    if language not in LANGUAGES or not part.isalpha():
        return folded(part)
    return folded(_stemmer(language).stemWord(part))


_kept = threading.local()


def _stemmer(language: str) -> snowballstemmer.stemmer:
    """Return this thread's stemmer: one holds the word it works on, so threads do not share it."""
    stemmers = _kept.__dict__.setdefault("stemmers", {})
    if language not in stemmers:
        import snowballstemmer  # loaded, like the engine, when somebody first searches

        stemmers[language] = snowballstemmer.stemmer(LANGUAGES[language])
    return stemmers[language]


@lru_cache(maxsize=10_000)
def forms(written: str, language: str) -> tuple[str, ...]:
    """Return what a word, or a stretch of a text, is found by: its parts, folded and as stems, each once."""
    found = (form for part in raw_parts(written) for form in (folded(part), stem(part, language)))
    return tuple(dict.fromkeys(found))


def analyse(text: str, language: str) -> Analysed:
    """Return what an index keeps of a text."""
    exact: list[str] = []
    stems: list[str] = []
    whole: list[str] = []
    for word in words(text):
        for part in raw_parts(word.written):
            exact.append(folded(part))
            stems.append(stem(part, language))
        if is_code(word.written) and len(word.written) <= LONGEST_WORD:
            whole.append(folded(word.written))
    return Analysed(exact + whole, stems)


def stems_of(part: str, languages: Collection[str]) -> list[str]:
    """Return a part's stems under each language, each once: the query does not say its language."""
    return list(dict.fromkeys(stem(part, language) for language in sorted(languages) or [""]))


_DENIED: Final = ("are", "could", "did", "does", "had", "has", "have", "is", "should", "was", "were", "would")
ENGLISH_TOO: Final = frozenset({"could", "would", "ll", "ve", *(f"{word}n" for word in _DENIED)})
"""What the list of English stop words lacks: two auxiliaries, and what an apostrophe leaves of "doesn't" or "I've"."""
SHOUTED: Final = 3
"""Of more words than this, all in capitals, the capitals say nothing."""


def without_stop_words(terms: Collection[str], languages: Collection[str]) -> list[str]:
    """Leave out words such as "the", unless they are all there is or are written in capitals, like the acronym IT.

    A language's list counts where texts are in that language alone, where the query has two of its words, or for
    English: otherwise Dutch would take the door from a "door sensor", and German the die from "die casting".
    """
    shouted = len(terms) > SHOUTED and all(map(str.isupper, terms))
    common = set[str]().union(*_lists_of({term.lower() for term in terms}, frozenset(languages)))
    rare = [term for term in terms if (_may_be_acronym(term) and not shouted) or term.lower() not in common]
    return rare or list(terms)


def _may_be_acronym(term: str) -> bool:
    return term.isupper() and len(term) > 1


def _lists_of(words: AbstractSet[str], languages: Collection[str]) -> list[frozenset[str]]:
    """Return the stop words of the languages that a query may be in."""
    if len(languages) == 1:
        return [_stop_words(language) for language in languages]
    return [
        common for language in languages
        if len(found := words & (common := _stop_words(language))) > 1 or (found and language == "en")
    ]  # fmt: skip


@lru_cache
def _stop_words(language: str) -> frozenset[str]:
    from whoosh.lang.stopwords import stoplists

    code = language[:2].lower()
    listed = frozenset(stoplists.get("no" if code in {"nb", "nn"} else code, ()))
    return listed | ENGLISH_TOO if code == "en" else listed
