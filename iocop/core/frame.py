"""What the frame of every page shows, and its parts that are the same for many."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, TypeVar

from flask import current_app, g, has_request_context, render_template, request, session, url_for
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup
from werkzeug.local import LocalProxy

from iocop.core.assets import accent_url
from iocop.core.cache import fragments
from iocop.core.language import reader
from iocop.core.login import forget_along, viewer
from iocop.core.policy import fact
from iocop.core.site import site, site_version

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    from flask import Flask

_TOKEN = f"token-{secrets.token_hex(16)}"
"""Stands in a kept part where each reader's own token belongs; nobody outside this process can write it."""
_KEY = f"key-{secrets.token_hex(16)}"

Name = TypeVar("Name", str, int)

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
    locale, shown = reader()[0], site()
    return {
        "site": shown,
        "viewer": viewer(),
        "locale": locale.replace("_", "-"),
        "text_direction": "rtl" if locale.partition("_")[0] in RIGHT_TO_LEFT else "ltr",
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
    forget_along()


def frame_part(name: str, *about: Hashable) -> Markup:
    """Return a part of the frame, rendered once for each locale, version of the site, and *about*.

    Only what hangs on nothing else may stand in it: whether somebody is signed in, and the endpoint if *about* says so.
    """
    if current_app.debug:
        return Markup(render_template(name))  # noqa: S704 -- a template's own output
    key = ("frame", name, reader()[0], site_version(), viewer().is_authenticated, *about)
    return fragments().remember(key, lambda: Markup(render_template(name)))  # noqa: S704


def kept_parts(names: Iterable[Name], key: Hashable, render: Callable[[Name], str]) -> dict[Name, Markup]:
    """Return the parts of a member's page by name, rendered once for all to whom they look the same.

    Args:
        key: all they hang on but language and time zone: versions of what they show, and what is the viewer's own.
        render: makes one; the token and the submission key of its forms are filled in for each reader.
    """
    if not viewer().is_authenticated:  # guests get whole pages, kept elsewhere (core.cache.guest_page)
        return {name: Markup(render(name)) for name in names}  # noqa: S704 -- a template's own output
    full = ("kept", reader(), key)
    kept: dict[Name, str] | None = fragments().get(full)
    if kept is None:
        g.keeping = True
        try:
            kept = {name: str(render(name)) for name in names}
        finally:
            g.keeping = False
        fragments().put(full, kept)
    return {name: Markup(_filled_in(text)) for name, text in kept.items()}  # noqa: S704 -- as above


def kept_part(key: Hashable, render: Callable[[], str]) -> Markup:
    """Return one part of a member's page, as `kept_parts` does several."""
    return kept_parts(("",), key, lambda _name: render())[""]


def _filled_in(text: str) -> str:
    if _TOKEN not in text:
        return text
    return text.replace(_TOKEN, _token()).replace(_KEY, secrets.token_urlsafe(18))


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
    token = _TOKEN if g.get("keeping") else _token()
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(token)


def _token() -> str:
    """Return the session's token, signed once in a process: it lasts as long as the session, and signing costs 60 µs."""
    if "csrf_token" in session and "csrf_token" not in g:
        g.csrf_token = fragments().remember(("token", session["csrf_token"]), generate_csrf)
    return str(generate_csrf())
