"""What an administrator sets in the browser: the site's name, mark, accent and who may join."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from flask import current_app, g
from sqlalchemy import select

from iocop.core.db import act, db
from iocop.core.models import SiteSetting
from iocop.core.versions import bump, versions

if TYPE_CHECKING:
    from flask import Flask


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
    version = site_version()
    kept: tuple[int, Site] | None = current_app.extensions.get("site")
    if kept is None or kept[0] != version:
        kept = (version, _read())
        current_app.extensions["site"] = kept
    return kept[1]


def site_version() -> int:
    """Return how often the site's settings, domains or spaces have changed; a request asks once, or with its viewer."""
    version: int | None = g.get("site_version")
    if version is None:
        version = g.site_version = versions("site")[0]
    return version


def _read() -> Site:
    known = {item.name for item in fields(Site)}
    rows = db.session.execute(select(SiteSetting.key, SiteSetting.value)).all()
    return replace(Site(), **{row.key: row.value for row in rows if row.key in known})


def change_site(**changes: Any) -> None:
    """Write some of the site's settings; the calling service has asked its policy."""
    known = asdict(Site()).keys()
    with act() as session:
        for key, value in changes.items():
            if key not in known:
                raise ValueError(f"no site setting {key!r}")
            session.merge(SiteSetting(key=key, value=value))
        bump("site")


def forget(app: Flask) -> None:
    """Forget what this process keeps, as after the database was replaced."""
    app.extensions.pop("site", None)
