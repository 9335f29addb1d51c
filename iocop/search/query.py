"""The one parser: what stands in the box becomes a `SearchQuery`; no text is an error. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias, get_args

from iocop.search.analysis import MARKS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iocop.search.synonyms import Meaning

Order: TypeAlias = Literal["best", "latest", "helpful"]
Role: TypeAlias = Literal["term", "phrase", "excluded", "filter", "title", "order"]
FilterName: TypeAlias = Literal[
    "by", "org", "domain", "tag", "status", "lang", "space", "product", "version", "year", "kind", "before", "after"
]  # fmt: skip

MOST_CHARACTERS: Final = 400
MOST_PIECES: Final = 32
"""Words, phrases, excluded ones and filters, of each so many."""
LAST_PAGE: Final = 50
ORDERS: Final[tuple[Order, ...]] = get_args(Order)
FILTERS: Final[tuple[FilterName, ...]] = get_args(FilterName)

OPERATORS: Final[dict[str, FilterName]] = {name: name for name in FILTERS} | {
    "author": "by", "organization": "org", "organisation": "org", "language": "lang",
}  # fmt: skip
"""What may stand before a colon. Any other `foo:bar` is a word, but ``in:title`` and ``order:``."""
ORDER_WORDS: Final[dict[str, Order]] = {
    "best": "best", "latest": "latest", "newest": "latest", "helpful": "helpful", "votes": "helpful",
}  # fmt: skip
_TABS: Final = {
    "topics": ("topic", "post", "posts", "question", "questions", "discussion", "discussions"),
    "articles": ("article",),
    "members": ("member", "person", "persons", "people", "user", "users"),
    "organizations": ("organization", "organisation", "organisations", "org", "orgs", "company", "companies"),
    "files": ("file", "attachment", "attachments", "document", "documents"),
    "spaces": ("space", "chapter", "chapters"),
}
TAB_WORDS: Final = {word: tab for tab, words in _TABS.items() for word in (tab, *words)}
"""What may stand behind ``kind:``, and the tab it picks."""
_CASELESS: Final = frozenset({"status", "lang", "year", "kind", "before", "after"})

SOFT_HYPHEN: Final = "\xad"
_QUOTES: Final = str.maketrans(dict.fromkeys("“”„‟«»＂", '"') | dict.fromkeys("−–—‐‑", "-"))
_PIECE: Final = re.compile(
    r'(?P<minus>-?)(?:(?P<name>[A-Za-z]+):)?"(?P<phrase>[^"]*)(?:"|$)|(?P<word>(?:[^\s"]|(?<=\w)")+)'
)
_BARE: Final = re.compile(rf"(?:--|[@#$.~/\\])?\w(?:.*[\w{MARKS}])?[+#%]{{0,2}}")
"""A word without the brackets and commas around it; those of code stay, as in ``--flag``, ``.net`` and ``C++``."""
_HANDLE: Final = re.compile(r"@([^\W_](?:[\w-]{0,62}\w)?)")
_OPERATOR: Final = re.compile(r"([A-Za-z]+):([^:/\\].*)")


class Filter(NamedTuple):
    """One bound on what is found, as it was typed: whether there is such a tag or person is not known here."""

    name: FilterName
    value: str
    negated: bool = False


class Piece(NamedTuple):
    """One part of what was typed.

    Attributes:
        text: how it must be typed to mean the same; joined by blanks, all pieces are the query again.
        value: the word, phrase, excluded text or order, without quotes, minus or operator.
    """

    text: str
    role: Role
    value: str = ""
    filter: Filter | None = None


@dataclass(frozen=True)
class SearchQuery:
    """What somebody looks for.

    Attributes:
        terms: words as typed, each once.
        phrases: what stood in quotes: must occur exactly so.
        excluded: words and phrases that must not occur.
        filters: what bounds the search; several of one name are either of them, of tags and domains all.
        in_title: words and phrases count where they stand in titles only.
        also: what else stretches of the terms are called, from the glossary.
        page: from 1 to 50.
        shortened: more was typed than is used.
        pieces: all that was understood, in its order.
    """

    terms: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    filters: tuple[Filter, ...] = ()
    in_title: bool = False
    also: tuple[Meaning, ...] = ()
    order: Order = "best"
    page: int = 1
    shortened: bool = False
    pieces: tuple[Piece, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to look for; what to leave out is not enough, nor is a tab."""
        return not (self.terms or self.phrases or any(map(_finds, self.filters)))

    @property
    def text(self) -> str:
        """What to type for this query."""
        return " ".join(piece.text for piece in self.pieces)

    @property
    def tab(self) -> str:
        """The tab that the last ``kind:`` picks, such as ``topics``; empty where none does."""
        picked = [
            TAB_WORDS.get(one.value, "") for one in self.filters if one.name == "kind" and not one.negated
        ]
        return picked[-1] if picked else ""

    def without(self, *gone: Piece) -> str:
        """Return what to type for this query without some of its pieces."""
        return " ".join(piece.text for piece in self.pieces if piece not in gone)

    def without_role(self, *roles: Role) -> str:
        """Return what to type for this query without its order, say."""
        return self.without(*(piece for piece in self.pieces if piece.role in roles))

    def with_filter(self, one: Filter) -> str:
        """Return what to type for this query and one more filter."""
        return " ".join(dict.fromkeys((*(piece.text for piece in self.pieces), typed(one))))


def parse(text: str, order: str = "", page: str = "") -> SearchQuery:
    """Read the box and the address; what makes no sense is taken as words, never an error.

    Args:
        order: how to order where the box does not say it.
    """
    clean = _cleaned(text)
    found = [piece for part in _PIECE.finditer(clean[:MOST_CHARACTERS]) for piece in _pieces(part)]
    pieces = _few(found)
    in_box = [piece.value for piece in pieces if piece.role == "order"]
    asked = in_box[-1] if in_box else order
    return SearchQuery(
        terms=_values(pieces, "term"),
        phrases=_values(pieces, "phrase"),
        excluded=_values(pieces, "excluded"),
        filters=tuple(piece.filter for piece in pieces if piece.filter),
        in_title=any(piece.role == "title" for piece in pieces),
        order=asked if asked in ORDERS else "best",
        page=page_of(page),
        shortened=len(clean) > MOST_CHARACTERS or len(pieces) < len(_told_once(found)),
        pieces=tuple(pieces),
    )


def page_of(text: str) -> int:
    """Return the page an address asks for: from 1 to 50, whatever stands there."""
    if not (text.isascii() and text.isdigit()):
        return 1
    return min(max(int(text[:6]), 1), LAST_PAGE)


@lru_cache(maxsize=1_000)
def typed(one: Filter) -> str:
    """Return how a filter is typed, in quotes where it needs them, such as ``-tag:valve`` or ``org:"Acme Ltd"``."""
    minus = "-" if one.negated else ""
    wanted = one._replace(negated=False)
    for plain in ([f"@{one.value}"] if one.name == "by" else []) + [f"{one.name}:{one.value}"]:
        if _lone(plain) and _filter_in(plain) == wanted:
            return minus + plain
    return f'{minus}{one.name}:"{one.value.replace(chr(34), " ")}"'


def _finds(one: Filter) -> bool:
    return one.name in {"before", "after"} or not (one.negated or one.name == "kind")


def _cleaned(text: str) -> str:
    spaced = "".join(
        " " if unicodedata.category(letter)[0] in "CZ" else letter
        for letter in text[:20_000].replace(SOFT_HYPHEN, "")
    )
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", spaced).translate(_QUOTES)).strip()


def _pieces(part: re.Match[str]) -> Iterator[Piece]:
    """Give what a part of the text says: nothing, one thing, or a word and the quoted text behind its colon."""
    if part["word"] is None:
        found = _quoted(part["name"] or "", part["phrase"].strip(), negated=bool(part["minus"]))
    else:
        word = part["word"]
        negated = word.startswith("-") and not word.startswith("--")  # a flag such as --force is a word
        found = [_word(bare[0], negated=negated)] if (bare := _BARE.search(word)) else []
    yield from filter(_says_something, found)


def _word(bare: str, *, negated: bool) -> Piece:
    """Return what a word says: a filter, what to leave out, something about the whole search, or the word."""
    if found := _filter_in(bare):
        return _filter_piece(found, negated=negated)
    if negated:
        return _excluded(bare)
    operator = _OPERATOR.fullmatch(bare)
    return (operator and _setting(operator[1], operator[2])) or Piece(bare, "term", bare)


def _quoted(name: str, words: str, *, negated: bool) -> list[Piece]:
    if found := _filter_of(name, words):
        return [_filter_piece(found, negated=negated)]
    if negated:
        return [_excluded(f"{name} {words}".strip())]
    if setting := _setting(name, words):
        return [setting]
    return [Piece(name, "term", name), Piece(f'"{words}"', "phrase", words)]


def _filter_in(bare: str) -> Filter | None:
    """Return the filter a word is; None where it is another operator, or a word."""
    if handle := _HANDLE.fullmatch(bare):
        return Filter("by", handle[1])
    operator = _OPERATOR.fullmatch(bare)
    return _filter_of(operator[1], operator[2]) if operator else None


def _filter_of(operator: str, value: str) -> Filter | None:
    name = OPERATORS.get(operator.lower())
    if name is None or not any(map(str.isalnum, value)):
        return None
    value = value.lower() if name in _CASELESS else value.lstrip("@ ") if name == "by" else value
    return Filter(name, value)


def _setting(operator: str, value: str) -> Piece | None:
    """Return what a word says about the whole search."""
    name, value = operator.lower(), value.lower()
    if name == "in" and value in {"title", "titles"}:
        return Piece("in:title", "title", "title")
    if name == "order" and value in ORDER_WORDS:
        return Piece(f"order:{value}", "order", ORDER_WORDS[value])
    return None


def _filter_piece(one: Filter, *, negated: bool) -> Piece:
    found = one._replace(negated=negated)
    return Piece(typed(found), "filter", filter=found)


def _excluded(words: str) -> Piece:
    alone = _lone(words) and not words.startswith("-") and _filter_in(words) is None
    return Piece(f"-{words}" if alone else f'-"{words}"', "excluded", words)


def _lone(text: str) -> bool:
    """Say whether a text is read as one word, all of it."""
    bare = _BARE.search(text)
    part = _PIECE.match(text)
    return bare is not None and bare[0] == text and part is not None and part["word"] == text


def _says_something(piece: Piece) -> bool:
    return piece.filter is not None or any(map(str.isalnum, piece.value))


def _told_once(pieces: Iterable[Piece]) -> list[Piece]:
    """Return each piece once; of several orders the last counts."""
    found = list(dict.fromkeys(pieces))
    orders = [piece for piece in pieces if piece.role == "order"]
    return [piece for piece in found if piece.role != "order" or piece == orders[-1]]


def _few(pieces: list[Piece]) -> list[Piece]:
    """Return as many pieces, each once, as are used: so that the text made of them is understood as they are."""
    kept: list[Piece] = []
    length = -1
    for piece in _told_once(pieces):
        length += 1 + len(piece.text)
        if length > MOST_CHARACTERS:
            break
        if sum(other.role == piece.role for other in kept) < MOST_PIECES:
            kept.append(piece)
    return kept


def _values(pieces: Iterable[Piece], role: Role) -> tuple[str, ...]:
    return tuple(piece.value for piece in pieces if piece.role == role)
