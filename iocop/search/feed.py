"""A saved search as an Atom feed (RFC 4287): what its member finds now, as far as labels let a feed carry it."""

from __future__ import annotations

import re
from datetime import UTC
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit
from xml.etree import ElementTree

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from iocop.core.mail import settings
from iocop.core.site import site
from iocop.core.text.plain import excerpt
from iocop.members.mails import link
from iocop.search.asking import newest
from iocop.spaces.labels import Channel, carries

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from xml.etree.ElementTree import Element

    from sqlalchemy import Row

    from iocop.core.login import Viewer
    from iocop.search.models import SavedSearch

ENTRIES: Final = 30
WORDS: Final = 60
"""Of the text, in an entry."""
ATOM: Final = "http://www.w3.org/2005/Atom"
_NO_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML document may hold (XML 1.0, 2.2)."""


def as_atom(saved: SavedSearch, owner: Viewer, address: str) -> bytes:
    """Return the feed of a saved search within what its owner may read at this moment.

    Args:
        address: where it was asked for.

    Raises:
        EngineDown: there is no index at this moment.
    """
    with force_locale(owner.locale or current_app.config["BABEL_DEFAULT_LOCALE"]):
        feed = _feed(saved, newest(owner, saved.text, saved.kind, ENTRIES), address)
    body: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return body


def _feed(saved: SavedSearch, rows: Sequence[Row[*tuple[Any, ...]]], address: str) -> Element:
    ElementTree.register_namespace("", ATOM)
    feed = ElementTree.Element(f"{{{ATOM}}}feed")
    _add(feed, "title", f"{saved.name} · {site().name}")
    _add(feed, "id", _tag(saved, "saved-search", saved.id))
    _add(feed, "updated", _moment(max(map(_updated, rows), default=saved.created_at)))
    _add(feed, "link", rel="self", type="application/atom+xml", href=address)
    _add(
        feed,
        "link",
        rel="alternate",
        type="text/html",
        href=link("search.results", q=saved.text, kind=saved.kind),
    )
    _author(feed, site().name)
    for row in rows:
        _entry(feed, saved, row)
    return feed


def _entry(feed: Element, saved: SavedSearch, row: Row[*tuple[Any, ...]]) -> None:
    entry = _add(feed, "entry")
    shown = carries(Channel.FEED, row.label) and carries(Channel.FEED, row.root_label)
    _add(entry, "id", _tag(saved, "file" if saved.kind == "files" else "post", row.found_id))
    _add(entry, "title", _title(row) if shown else _("Something new, shown on the site only"))
    _add(entry, "updated", _moment(_updated(row)))
    _add(entry, "link", rel="alternate", type="text/html", href=link("forums.post", post_id=row.id))
    if not shown:
        _add(entry, "summary", _("Its sharing label keeps the text on the site: open it there."))
        return
    if row.article_id is None:
        _author(entry, _name(row))
    _add(entry, "summary", excerpt(row.plain, WORDS))


def _title(row: Row[*tuple[Any, ...]]) -> str:
    file = getattr(row, "file", "")
    return f"{file} · {row.title}" if file else row.title


def _name(row: Row[*tuple[Any, ...]]) -> str:
    """Return the author as the pages show them: sealed ones not, and their organization only where it is named."""
    if row.byline == "sealed" or not row.author:
        return str(_("A member"))
    return f"{row.author}, {row.organization}" if row.organization and row.byline == "named" else row.author


def _updated(row: Row[*tuple[Any, ...]]) -> datetime:
    moment: datetime = row.renewed_at or row.created_at
    return moment


def _tag(saved: SavedSearch, what: str, number: int) -> str:
    """Return a name that stays, whatever becomes of addresses (RFC 4151)."""
    host = urlsplit(settings().base_url).hostname or "localhost"
    return f"tag:{host},{saved.created_at.year}:{what}:{number}"


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _author(parent: Element, name: str) -> None:
    _add(_add(parent, "author"), "name", name)


def _add(parent: Element, name: str, text: str = "", **attributes: str) -> Element:
    part = ElementTree.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    part.text = _NO_XML.sub("", text) or None
    return part
