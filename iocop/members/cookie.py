"""The browser's side of a session: what the cookie holds, and what the member's list calls the browser."""

from __future__ import annotations

from typing import Final

from flask import request, session
from flask_babel import gettext as _

BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS: Final = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)  # fmt: skip


def keep(token: str) -> None:
    """Put a session's token into the cookie; whatever it held before is dropped, the CSRF token too."""
    session.clear()
    session["_user_id"] = token
    session.permanent = True


def drop() -> None:
    session.clear()


def address() -> str:
    """Return where the request comes from; only ever counted under a keyed hash."""
    return request.remote_addr or ""


def device() -> str:
    """Return a browser's name as its owner would say it, such as ``Firefox on Linux``."""
    agent = request.user_agent.string
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    if browser and system:
        return str(_("%(browser)s on %(system)s", browser=browser, system=system))
    return browser or system or str(_("An unknown browser"))
