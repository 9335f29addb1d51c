"""What was understood, a chip for each piece: in words for people, with the text of the box without it. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, cast

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from iocop.search.query import TAB_WORDS, Filter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iocop.core.policy import Sentence
    from iocop.search.query import FilterName, Order, Piece, Role, SearchQuery

ORDERS: Final[dict[Order, Sentence]] = {
    "best": _l("best match first"),
    "latest": _l("newest first"),
    "helpful": _l("most helpful first"),
}
KINDS: Final[dict[str, Sentence]] = {
    "topics": _l("topics"),
    "articles": _l("articles"),
    "members": _l("members"),
    "organizations": _l("organizations"),
    "files": _l("files"),
    "spaces": _l("spaces"),
}
FILTERS: Final[dict[FilterName, tuple[Sentence, Sentence]]] = {
    "by": (_l("by %(name)s"), _l("not by %(name)s")),
    "org": (_l("from %(name)s"), _l("not from %(name)s")),
    "domain": (_l("about %(name)s"), _l("not about %(name)s")),
    "tag": (_l("tagged “%(name)s”"), _l("not tagged “%(name)s”")),
    "status": (_l("%(name)s"), _l("not %(name)s")),
    "lang": (_l("in %(name)s"), _l("not in %(name)s")),
    "space": (_l("in the space %(name)s"), _l("not in the space %(name)s")),
    "product": (_l("about the product %(name)s"), _l("not about the product %(name)s")),
    "version": (_l("version %(name)s"), _l("not version %(name)s")),
    "year": (_l("of %(name)s"), _l("not of %(name)s")),
    "kind": (_l("only %(name)s"), _l("no %(name)s")),
    "before": (_l("before %(name)s"), _l("from %(name)s on")),
    "after": (_l("from %(name)s on"), _l("before %(name)s")),
}
"""What a filter says, and what it says with a minus before it."""


class Chip(NamedTuple):
    """One piece of a query as the page shows it.

    Attributes:
        words: what it says.
        without: what stands in the box once it is taken away.
        problem: why it means nothing here; else empty.
        sets: what else of the address goes with it: ``kind``, ``order``, or nothing.
    """

    words: str
    without: str
    role: Role
    problem: str = ""
    sets: str = ""


def chips(query: SearchQuery, names: Mapping[Filter, str], problems: Mapping[Filter, str]) -> list[Chip]:
    """Return a chip for each piece, in their order.

    Args:
        names: what people call that which filters name (`resolving.Resolved`).
        problems: why filters mean nothing here.
    """
    return [
        Chip(_words(piece, names), query.without(piece), piece.role, _problem(piece, problems), _sets(piece))
        for piece in query.pieces
    ]


def _problem(piece: Piece, problems: Mapping[Filter, str]) -> str:
    return problems.get(piece.filter, "") if piece.filter else ""


def _sets(piece: Piece) -> str:
    """Return what a piece says that the address says as well: taken away it is to be gone from both."""
    if piece.role == "order":
        return "order"
    return "kind" if piece.filter and piece.filter.name == "kind" and not piece.filter.negated else ""


def _words(piece: Piece, names: Mapping[Filter, str]) -> str:
    if piece.filter:
        return _filtered(piece.filter, names)
    if piece.role == "order":
        return str(ORDERS[cast("Order", piece.value)])
    said: dict[Role, str] = {
        "term": piece.value,
        "phrase": f"“{piece.value}”",
        "excluded": _("not “%(words)s”", words=piece.value),
        "title": _("in titles"),
    }
    return said[piece.role]


def _filtered(one: Filter, names: Mapping[Filter, str]) -> str:
    name = names.get(one, one.value)
    if one.name == "kind":
        name = str(KINDS.get(TAB_WORDS.get(one.value, ""), one.value))
    return str(FILTERS[one.name][one.negated]) % {"name": name}
