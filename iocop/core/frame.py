"""What the frame of every page shows, and its parts that are the same for many."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from flask import current_app, g, has_request_context, render_template, request, url_for
from flask_babel import get_locale, get_timezone
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup
from werkzeug.local import LocalProxy

from iocop.core.assets import accent_url
from iocop.core.cache import fragments
from iocop.core.login import viewer
from iocop.core.policy import fact
from iocop.core.site import site, site_version

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from flask import Flask

_TOKEN = f"token-{secrets.token_hex(16)}"
"""Stands in a kept part where each reader's own token belongs; nobody outside this process can write it."""
_KEY = f"key-{secrets.token_hex(16)}"

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})


def init_app(app: Flask) -> None:
    app.extensions["addresses"] = {}
    app.context_processor(_context)
    app.jinja_env.globals.update(
        page_address=page_address,
        csrf_field=csrf_field,
        frame_part=frame_part,
        submission_key=submission_key,
        has_page=has_page,
        header=LocalProxy(header),
    )


def _context() -> dict[str, Any]:
    locale = get_locale()
    language = locale.language if locale else "en"
    shown = site()
    return {
        "site": shown,
        "viewer": viewer(),
        "locale": str(locale or "en").replace("_", "-"),
        "text_direction": "rtl" if language in RIGHT_TO_LEFT else "ltr",
        "demo": current_app.extensions["settings"].demo,
        "accent_url": accent_url(shown.accent),
    }


def header() -> Any:
    """Return what waits for the member (*unread*, *queue*), asked once a request; None where nobody provides it."""
    looking = viewer()
    if not looking.is_authenticated:
        return None
    if "header" not in g:
        g.header = fact("header", looking, default=None)
    return g.header


def forget_header() -> None:
    """Have the header asked anew: the request itself changed what waits."""
    g.pop("header", None)


def frame_part(name: str, *about: Hashable) -> Markup:
    """Return a part of the frame, rendered once for each locale, version of the site, and *about*.

    Only what hangs on nothing else may stand in it: whether somebody is signed in, and the endpoint if *about* says so.
    """
    if current_app.debug:
        return Markup(render_template(name))  # noqa: S704 -- a template's own output
    key = ("frame", name, str(get_locale()), site_version(), viewer().is_authenticated, *about)
    return fragments().remember(key, lambda: Markup(render_template(name)))  # noqa: S704


def kept_part(key: Hashable, render: Callable[[], str]) -> Markup:
    """Return a part of a member's page, rendered once for all to whom it looks the same.

    Args:
        key: all it hangs on but language and time zone: versions of what it shows, and what is the viewer's own.
        render: makes it; the token and the submission key of its forms are filled in for each reader.
    """
    if not viewer().is_authenticated:
        return Markup(render())  # noqa: S704 -- guests get whole pages, kept elsewhere (core.cache.guest_page)
    full = ("kept", str(get_locale()), str(get_timezone()), key)
    kept: str | None = fragments().get(full)
    if kept is None:
        g.keeping = True
        try:
            kept = str(render())
        finally:
            g.keeping = False
        fragments().put(full, kept)
    if _TOKEN in kept:
        kept = kept.replace(_TOKEN, generate_csrf()).replace(_KEY, secrets.token_urlsafe(18))
    return Markup(kept)  # noqa: S704 -- a template's own output


def submission_key() -> str:
    """Return a fresh key for a form: the same form sent twice carries the same one."""
    return _KEY if g.get("keeping") else secrets.token_urlsafe(18)


def has_page(endpoint: str) -> bool:
    """Say whether the site has a page of this name."""
    return endpoint in current_app.view_functions


def page_address(endpoint: str) -> str:
    """Return the address of a page that takes no argument, made once."""
    kept: dict[tuple[str, str], str] = current_app.extensions["addresses"]
    key = (request.script_root if has_request_context() else "", endpoint)
    if key not in kept:
        kept[key] = url_for(endpoint)
    return kept[key]


def csrf_field() -> Markup:
    """Return the one hidden token a page's form needs."""
    token = _TOKEN if g.get("keeping") else generate_csrf()
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(token)
