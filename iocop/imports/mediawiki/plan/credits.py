"""Under which terms a wiki's texts came, and whom they credit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlsplit

from iocop.imports.words import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iocop.imports.words import Phrase

NAMED: Final = 3  # authors in a line; a page's own history names all
WIKIMEDIA: Final = frozenset(
    {"wikipedia.org", "wiktionary.org", "wikibooks.org", "wikiquote.org", "wikisource.org", "wikiversity.org",
     "wikivoyage.org", "wikimedia.org", "mediawiki.org"}
)  # fmt: skip
WIKIMEDIA_LICENCE: Final = "CC BY-SA 4.0"


class Origin(NamedTuple):
    """Where texts came from."""

    site: str
    licence: str


def pages_at(base: str) -> str:
    """The address that a wiki's titles are added to, from that of its main page; empty where it tells nothing.

    Source:
        MediaWiki manual, "Short URL": pages stand under one path, or are named by the parameter ``title``.
    """
    parts = urlsplit(base)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return ""
    before, named, _ = base.partition("title=")
    return before + named if named else base.rpartition("/")[0] + "/" if parts.path.strip("/") else ""


def licence_at(base: str) -> str | None:
    """The licence of Wikimedia's wikis; other exports do not name theirs.

    Source:
        Wikimedia Foundation, terms of use of 2023, section 7: text is licensed under CC BY-SA 4.0.
    """
    host = urlsplit(base).hostname or ""
    return WIKIMEDIA_LICENCE if ".".join(host.split(".")[-2:]) in WIKIMEDIA else None


def credit(names: Sequence[str], others: int, origin: Origin) -> Phrase:
    """The line under an imported article.

    Args:
        names: its authors', those who wrote most first, at most `NAMED`.
        others: how many wrote besides them.
    """
    values = {"site": origin.site, "licence": origin.licence}
    if not names:
        return N_("by unnamed authors on %(site)s, %(licence)s", **values)
    authors = ", ".join(names)
    if not others:
        return N_("by %(authors)s on %(site)s, %(licence)s", **values, authors=authors)
    return N_(
        "by %(authors)s and %(others)s more on %(site)s, %(licence)s",
        **values,
        authors=authors,
        others=others,
    )
