"""What an administrator sets in the browser: the site's name, mark, accent and who may join."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from flask import current_app, g, has_request_context
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from iocop.core import colours
from iocop.core.db import act, db
from iocop.core.errors import Invalid
from iocop.core.login import viewer
from iocop.core.models import SiteSetting
from iocop.core.versions import bump, versions


@dataclass(frozen=True)
class Site:
    """The community as it presents itself.

    Attributes:
        registration: ``open``, ``approval`` or ``invitation``.
        accent: a CSS colour of the form ``#rrggbb``; empty: the house's own blue.
    """

    name: str = "Community of practice"
    tagline: str = ""
    accent: str = ""
    registration: str = "open"
    licence: str = "CC BY-SA 4.0"
    demo: bool = False


def site() -> Site:
    """Return the site's settings, read again only when their version has changed."""
    found: Site | None = g.get("site") if has_request_context() else None
    if found is not None:
        return found
    version = site_version()
    kept: tuple[int, Site] | None = current_app.extensions.get("site")
    if kept is None or kept[0] != version:
        kept = (version, _read())
        current_app.extensions["site"] = kept
    if has_request_context():
        g.site = kept[1]
    return kept[1]


def site_version() -> int:
    """Return how often the site's settings, domains or spaces have changed; a request asks once, or with its viewer."""
    if not has_request_context():  # the worker's context lives as long as the worker
        return versions("site")[0]
    version: int | None = g.get("site_version")
    if version is None:
        looking = viewer()
        version = looking.site_version if looking.is_authenticated else versions("site")[0]
        g.site_version = version
    return version


def last_known() -> tuple[int, Site]:
    """Return what this process knows without asking the database, for a page that says that it does not answer."""
    kept: tuple[int, Site] = current_app.extensions.get("site", (0, Site()))
    return kept


def _read() -> Site:
    known = {item.name for item in fields(Site)}
    rows = db.session.execute(select(SiteSetting.key, SiteSetting.value)).all()
    return replace(Site(), **{row.key: row.value for row in rows if row.key in known})


def change_site(**changes: Any) -> None:
    """Write some of the site's settings; the calling service has asked its policy.

    Raises:
        Invalid: an accent that is no colour, or in which words could not be read.
        ValueError: no such setting.
    """
    known = asdict(Site()).keys()
    check_accent(changes.get("accent", ""))
    with act() as session:
        for key, value in changes.items():
            if key not in known:
                raise ValueError(f"no site setting {key!r}")
            session.merge(SiteSetting(key=key, value=value))
        bump("site")
    g.pop("site", None)
    g.pop("site_version", None)


def check_accent(colour: str) -> None:
    """Refuse an accent in which words could not be read.

    Raises:
        Invalid: naming the field and the mend.
    """
    if not colour:
        return
    if not colours.HEX.fullmatch(colour.lower()):
        raise Invalid(_l("Give the accent as # and six digits, such as #1f5fa8."), field="accent")
    if not colours.readable(colour):
        raise Invalid(
            _l("Words in this colour are hard to read on a light page; choose a darker one."), field="accent"
        )
