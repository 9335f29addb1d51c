"""In which language a text is written, told by its commonest words; or that it cannot be told. Pure."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Final

from iocop.contributions.languages import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

MOST_WORDS: Final = 150
"""Words that are looked at: a text does not change its language later."""
MOST_CHARACTERS: Final = 2_500
"""Among which these words are looked for."""
LEAST_HITS: Final = 2.0
"""What the language's own words must sum to, each the less the more languages have it."""
LEAST_SHARE: Final = 0.12
"""Of all words; less is a list of names and figures with some words between."""
MARGIN: Final = 1.3
"""How many times the next language's sum it must be."""

_CODES: Final = tuple(code for code, _name in LANGUAGES)
_CODE: Final = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`|^(?: {4}|\t|>).*?$", re.DOTALL | re.MULTILINE)
_ADDRESSES: Final = re.compile(r"[/@_\\]")
_WORD: Final = re.compile(r"[^\W\d_]+")


def detected(text: str) -> str:
    """Return the code of the language that a Markdown text is written in, one of `LANGUAGES`; empty if it is not plain.

    Code, quotations and addresses are passed over. Source of the words: the stop lists of the Snowball project.
    """
    words, telling = _words(text)[:MOST_WORDS], _telling()
    sums = dict.fromkeys(_CODES, 0.0)
    for word, times in Counter(filter(telling.__contains__, words)).items():
        known = telling[word]
        for language in known:
            sums[language] += min(times, 3) / len(known)
    best, next_best = sorted(sums, key=sums.__getitem__, reverse=True)[:2]
    most, next_most = sums[best], sums[next_best]
    plain = most >= max(LEAST_HITS, LEAST_SHARE * len(words), MARGIN * next_most)
    return best if plain else ""


def _words(text: str) -> list[str]:
    told = _CODE.sub(" ", text[:MOST_CHARACTERS]).lower()
    if _ADDRESSES.search(told):
        told = " ".join(token for token in told.split() if not _ADDRESSES.search(token))
    return _WORD.findall(told)


_MORE: Final = {
    "da": "af blev bruger efter fordi få før gøre hvis hvordan hvornår ikke kan lige lidt meget nogen også samme så"
    " uden ved",
    "nb": "bruker få gjøre hvis ikke kanskje litt mye også uten være",
    "en": "also but does get has how if not use was what when why would you",
    "fi": "ei ennen että jos kanssa kun miten mikä mutta myös on oli onko sekä siitä täällä vain voi yli",
    "nl": "bij dat deze een het hoe ik je naar niet nog ook van voor waarom wat",
    "sv": "efter eller finns hur inte någon också och vad varför är",
}
"""Common words that the lists lack, or have for a neighbouring language alone."""
_LISTS: Final = {"nb": "no"}


@cache
def _telling() -> Mapping[str, Collection[str]]:
    """Return the languages of each common word; made once, when first asked."""
    from whoosh.lang.stopwords import stoplists

    of_word: dict[str, set[str]] = {}
    for code in _CODES:
        for word in (*stoplists[_LISTS.get(code, code)], *_MORE.get(code, "").split()):
            of_word.setdefault(word, set()).add(code)
    return of_word
