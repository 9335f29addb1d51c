"""What the filters of a query mean to this viewer: keys of documents and times; what means nothing is said so."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from babel import Locale
from flask_babel import format_date, get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from iocop.contributions.languages import LANGUAGES
from iocop.search.called import LOOKUPS, Asked, Called
from iocop.search.days import start_of, year_of
from iocop.search.keys import key
from iocop.search.plan import Bounds
from iocop.search.query import TAB_WORDS, Filter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from iocop.core.login import Viewer
    from iocop.core.policy import Sentence
    from iocop.search.days import Precision
    from iocop.search.port import Kind
    from iocop.search.query import FilterName, SearchQuery
    from iocop.spaces.queries import Scope

ALL_WANTED: Final = frozenset({"domain", "tag"})
"""A text may have several of these, so who types two wants both; of others either will do."""
DAYS: Final = frozenset({"before", "after"})
NO_KEYS: Final = frozenset({"before", "after", "kind"})
"""Days bound by time, a kind picks the tab."""

KIND_OF_TAB: Final[dict[str, Kind]] = {
    "topics": "post", "articles": "article", "members": "member", "organizations": "organization", "files": "file",
    "spaces": "space",
}  # fmt: skip
NORWEGIAN: Final = frozenset({"no", "nb", "nn"})
_FORMS: Final[dict[Precision, str]] = {"year": "y", "month": "MMMM y", "day": "d MMMM y"}

NOT_KNOWN: Final[dict[FilterName, Sentence]] = {
    "by": _l("Nobody here is called “%(value)s”: type a handle or a whole name."),
    "org": _l("No organization is called “%(value)s”."),
    "domain": _l("No domain is called “%(value)s”."),
    "tag": _l("No tag is called “%(value)s”."),
    "space": _l("No space is called “%(value)s”, or it is not open to you."),
    "product": _l("Nothing here is about a product “%(value)s”."),
    "version": _l("Nothing here is about a version “%(value)s”."),
    "status": _l("A question is solved or open: type status:solved or status:open."),
    "lang": _l("“%(value)s” is no language: type a code such as lang:en."),
    "year": _l("“%(value)s” is no year: type four digits, such as year:2026."),
    "kind": _l("“%(value)s” is no kind: type topic, article, person, organization, file or space."),
    "before": _l("“%(value)s” is no day: type it as in before:2026-03-14, before:2026-03 or before:2026."),
    "after": _l("“%(value)s” is no day: type it as in after:2026-03-14, after:2026-03 or after:2026."),
}
"""What a person reads whose filter means nothing."""


@dataclass(frozen=True)
class Resolved:
    """What the filters of a query mean.

    Attributes:
        bounds: a filter that names nothing lets nothing be found; one that leaves out nothing leaves out nothing.
        names: what people call that which was found.
        problems: why the others mean nothing here.
    """

    bounds: Bounds = field(default_factory=Bounds)
    names: Mapping[Filter, str] = field(default_factory=dict)
    problems: Mapping[Filter, str] = field(default_factory=dict)


class _Meaning(NamedTuple):
    filter: Filter
    called: Called | None


def resolve(viewer: Viewer, scope: Scope, query: SearchQuery) -> Resolved:
    """Look up what a query's filters name, in at most one statement for each operator used."""
    asked = Asked(viewer, scope, _typed_behind(query.filters))
    looked_up = {name: LOOKUPS[name](asked) for name in asked.values if name in LOOKUPS}
    meanings = [_Meaning(one, _called(one, looked_up)) for one in query.filters]
    return Resolved(
        _bounds(meanings),
        {one: called.name for one, called in meanings if called},
        {one: str(NOT_KNOWN[one.name]) % {"value": one.value} for one, called in meanings if not called},
    )


def _typed_behind(filters: Iterable[Filter]) -> dict[FilterName, list[str]]:
    typed: dict[FilterName, list[str]] = {}
    for one in filters:
        typed.setdefault(one.name, []).append(one.value)
    return typed


def _called(one: Filter, looked_up: Mapping[FilterName, Mapping[str, Called]]) -> Called | None:
    if one.name in looked_up:
        return looked_up[one.name].get(one.value)
    return _READ[one.name](one.value)


def _bounds(meanings: Sequence[_Meaning]) -> Bounds:
    after, before = _times(meanings, "after"), _times(meanings, "before")
    left_out = [called.keys for one, called in meanings if called and one.negated]
    return Bounds(
        all_of=_all_of(meanings),
        none_of=frozenset().union(*left_out),
        after=max(after, default=None),
        before=min(before, default=None),
    )


def _all_of(meanings: Iterable[_Meaning]) -> tuple[frozenset[str], ...]:
    """Return of which sets of keys a document must have one; a tab is no bound while it is one."""
    wanted: dict[object, frozenset[str]] = {}
    for one, called in meanings:
        if not one.negated and not (called and one.name in NO_KEYS):
            together = one if one.name in ALL_WANTED else one.name
            wanted[together] = wanted.get(together, frozenset()) | (called.keys if called else frozenset())
    return tuple(wanted.values())


def _times(meanings: Iterable[_Meaning], side: FilterName) -> list[int]:
    """Return the seconds of ``after:`` or ``before:``; what is not before is after."""
    return [
        start.second
        for one, _called in meanings
        if one.name in DAYS and (one.name == side) != one.negated and (start := start_of(one.value))
    ]


def _status(value: str) -> Called | None:
    words = {"solved": _("solved"), "open": _("open")}
    return Called(frozenset({key("status", value)}), words[value]) if value in words else None


def _year(value: str) -> Called | None:
    year = year_of(value)
    return Called(frozenset({key("year", year)}), str(year)) if year else None


def _language(value: str) -> Called | None:
    """Know a language by its code, or by its name in English, in itself or in the viewer's language."""
    local, english = (get_locale() or Locale("en")).languages, Locale("en").languages
    by_name = {
        name.casefold(): code
        for names in (english.items(), local.items(), LANGUAGES)
        for code, name in names
        if len(code) == 2
    }
    code = by_name.get(value, value)
    if len(code) != 2 or code not in english:
        return None
    codes = NORWEGIAN if code in NORWEGIAN else {code}
    return Called(frozenset(key("lang", one) for one in codes), local.get(code, english[code]))


def _kind(value: str) -> Called | None:
    tab = TAB_WORDS.get(value)
    return Called(frozenset({key("kind", KIND_OF_TAB[tab])}), tab) if tab else None


def _day(value: str) -> Called | None:
    start = start_of(value)
    return Called(frozenset(), str(format_date(start.at.date(), _FORMS[start.precision]))) if start else None


_READ: Final[dict[FilterName, Callable[[str], Called | None]]] = {
    "status": _status, "year": _year, "lang": _language, "kind": _kind, "before": _day, "after": _day,
}  # fmt: skip
"""What reads the values that are no names."""
