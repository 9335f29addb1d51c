"""What the target of a link means in one wiki: its namespaces, their local names, other wikis."""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import ip_address
from typing import Final, NamedTuple
from urllib.parse import quote

MEDIA, SPECIAL, MAIN, USER, USER_TALK, PROJECT, FILE, MEDIAWIKI, TEMPLATE, HELP, CATEGORY, MODULE = (
    -2, -1, 0, 2, 3, 4, 6, 8, 10, 12, 14, 828,
)  # fmt: skip
CANONICAL: Final = {
    "media": MEDIA, "special": SPECIAL, "talk": 1, "user": USER, "user talk": USER_TALK, "project": PROJECT,
    "project talk": 5, "file": FILE, "image": FILE, "file talk": 7, "image talk": 7, "mediawiki": MEDIAWIKI,
    "mediawiki talk": 9, "template": TEMPLATE, "template talk": 11, "help": HELP, "help talk": 13,
    "category": CATEGORY, "category talk": 15, "module": MODULE, "module talk": 829,
}  # fmt: skip
"""The names that every wiki understands, whatever its language."""

PEOPLE: Final = {USER, USER_TALK, SPECIAL}
OTHER_WIKIS: Final = frozenset({
    "b", "c", "commons", "d", "foundation", "incubator", "m", "mediazilla", "meta", "metawikipedia", "mw", "n",
    "oldwikisource", "outreach", "phab", "q", "s", "species", "v", "voy", "w", "wikibooks", "wikidata",
    "wikimedia", "wikinews", "wikipedia", "wikiquote", "wikisource", "wikispecies", "wikiversity", "wikivoyage",
    "wikt", "wiktionary",
})  # fmt: skip
OTHER_LANGUAGES: Final = frozenset({
    "als",  # codespell:ignore als
    "bat-smg", "be-x-old", "bxr", "cbk-zam", "diq", "eml", "fiu-vro", "map-bms", "mo", "nds-nl", "nrm",
    "roa-rup", "roa-tara", "simple", "zh-classical", "zh-min-nan", "zh-yue",
})  # fmt: skip
"""Codes of wikis that no list of languages has."""

_CODE: Final = re.compile(r"[a-z]{2,3}(?:-[a-z]{2,10})?")
_OLD_ADDRESS: Final = re.compile(
    r"\d{1,3}\.\d{1,3}\.\d{1,3}\.(?:\d{1,3}|xxx)"
)  # the last part hidden, until 2002


class Target(NamedTuple):
    """Where a link leads.

    Attributes:
        namespace: None for another wiki.
        title: with its namespace's local name; spaces for underscores.
        section: without the sign; empty without one.
        shown: it began with a colon: a link to a category or file, not a use of it.
    """

    namespace: int | None
    title: str
    section: str = ""
    shown: bool = False


class Names(NamedTuple):
    """What a wiki calls things.

    Attributes:
        namespaces: numbers and local names.
        languages: codes of languages, whose wikis are linked by them.
        pages: address of its pages, to which a title is added; empty where unknown.
        picture: the word for what is not in the export, with gaps name and caption.
    """

    namespaces: tuple[tuple[int, str], ...] = ()
    languages: frozenset[str] = frozenset()
    pages: str = ""
    picture: str = "picture: {name}"
    nobody: str = "unregistered"

    def target(self, written: str) -> Target:
        """Read the part of a link before its bar."""
        title, _, section = written.replace("_", " ").partition("#")
        title = " ".join(title.split())
        shown = title.startswith(":")
        title = title.lstrip(": ")
        prefix, colon, rest = title.partition(":")
        if not colon:
            return Target(MAIN, title, section.strip(), shown)
        namespace = self.namespace(prefix)
        if namespace is not None:
            return Target(namespace, self.full(namespace, rest.strip()), section.strip(), shown)
        if rest and self._leads_away(prefix):
            return Target(None, title, section.strip(), shown)
        return Target(MAIN, title, section.strip(), shown)

    def namespace(self, prefix: str) -> int | None:
        """The number of a namespace, by its local or its canonical name."""
        return _numbers(self).get(" ".join(prefix.replace("_", " ").split()).casefold())

    def full(self, namespace: int, rest: str) -> str:
        name = dict(self.namespaces).get(namespace) or _CANONICAL_NAMES.get(namespace, "")
        return f"{name}:{rest}" if name else rest

    def bare(self, title: str) -> str:
        """A title without its namespace."""
        return title.partition(":")[2].strip() if self.target(title).namespace != MAIN else title

    def address(self, title: str) -> str:
        """Of a page on the wiki itself; empty where unknown."""
        return self.pages + quote(title.replace(" ", "_"), safe="/:") if self.pages else ""

    def _leads_away(self, prefix: str) -> bool:
        word = prefix.strip()
        return word in OTHER_WIKIS or word in OTHER_LANGUAGES or self.is_language(word)

    def is_language(self, word: str) -> bool:
        return bool(_CODE.fullmatch(word)) and (
            word in OTHER_LANGUAGES or word.partition("-")[0] in self.languages
        )


_CANONICAL_NAMES: Final = {number: name.capitalize() for name, number in reversed(CANONICAL.items())}


@lru_cache(maxsize=8)
def _numbers(names: Names) -> dict[str, int]:
    local = {name.casefold(): number for number, name in names.namespaces if name}
    return CANONICAL | local


def is_unregistered(name: str) -> bool:
    """Say whether an account's name is an internet address, also one brought from elsewhere or half hidden."""
    word = name.rpartition(">")[2].strip()
    if _OLD_ADDRESS.fullmatch(word):
        return True
    try:
        ip_address(word)
    except ValueError:
        return False
    return True
