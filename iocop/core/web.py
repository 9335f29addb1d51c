"""What every answer shares: access closed by default, security headers."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask, Request, Response, abort, current_app, flash, g, redirect, request, url_for
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFProtect

from iocop.core import assets, frame, language, problems
from iocop.core.login import GUEST, manager, viewer

if TYPE_CHECKING:
    from flask.sessions import SessionMixin
    from flask.typing import ResponseReturnValue
    from itsdangerous import URLSafeTimedSerializer
    from werkzeug.datastructures import MultiDict

    from iocop.core.login import View


class Tokens(CSRFProtect):  # type: ignore[misc]  # untyped
    """Asks for the form's token; what only reads is let through before anything is looked up."""

    def protect(self, apply_exemptions: bool = False) -> None:
        if request.method not in current_app.config["WTF_CSRF_METHODS"]:
            return
        super().protect(apply_exemptions=apply_exemptions)


csrf = Tokens()
LOCALES = language.LOCALES


class Sessions(SecureCookieSessionInterface):
    """Sessions in a signed cookie; a guest who has none is neither given one nor told that the answer hangs on it."""

    def __init__(self, app: Flask) -> None:
        self._serializer = super().get_signing_serializer(app)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:  # noqa: ARG002 -- one application's
        """Return the one that was made with the application: the key does not change while it runs."""
        return self._serializer

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        return super().open_session(app, request) if _bears_cookie(request) else self.session_class()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if session or session.modified or _bears_cookie(request):
            super().save_session(app, session, response)


POLICY = "; ".join((
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "font-src 'self'",
    "connect-src 'self'", "form-action 'self'", "manifest-src 'self'", "frame-ancestors 'none'", "base-uri 'none'",
))  # fmt: skip
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
HSTS = "max-age=63072000; includeSubDomains"


def init_app(app: Flask) -> None:
    """Give an application what every answer shares."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    settings = app.extensions["settings"]
    if settings.production:
        app.config["TRUSTED_HOSTS"] = [urlsplit(settings.base_url).hostname]
    language.init_app(app)
    app.before_request(_know_guests)
    app.before_request(
        _closed_by_default
    )  # before the token is asked for: who is signed out should read just that
    app.before_request(_without_nul)
    csrf.init_app(app)
    app.session_interface = Sessions(app)
    app.login_manager = manager  # type: ignore[attr-defined]  # without its cookies: sessions are rows here
    manager.session_protection = None
    app.after_request(_secure)
    assets.init_app(app)
    frame.init_app(app)
    problems.init_app(app)


def _know_guests() -> None:
    """Know a guest by the missing cookie, without looking anything up."""
    if not _bears_cookie(request):
        g._login_user = GUEST


def _bears_cookie(request: Request) -> bool:
    """Say whether a session's cookie came along; most guests send none, so nothing is parsed for them."""
    return "HTTP_COOKIE" in request.environ and current_app.config["SESSION_COOKIE_NAME"] in request.cookies


def _closed_by_default() -> ResponseReturnValue | None:
    if request.endpoint is None or request.endpoint == "static":
        return None
    view = current_app.view_functions[request.endpoint]
    if getattr(view, "is_public", False) or viewer().is_authenticated:
        return None
    if request.method in {"GET", "HEAD"} and not problems.wants_json():
        flash(_("Please sign in to see this page."))
        return redirect(url_for("members.sign_in", next=request.full_path.rstrip("?")), 303)
    return problems.signed_out_page()


def _without_nul() -> ResponseReturnValue | None:
    """Answer what holds the one letter that PostgreSQL does not store, before any view asks the database for it."""
    asked, view = request.query_string, current_app.view_functions.get(request.endpoint or "")
    spelled = (b"%00" in asked or b"\0" in asked) and not getattr(view, "hears_nul", False)
    if "\0" in request.path or (spelled and _holds_nul(request.args)):
        abort(404)
    if request.method in {"GET", "HEAD"} or getattr(view, "is_bytes", False):
        return None
    return problems.unstorable_page() if _holds_nul(request.form) else None


def takes_bytes(view: View) -> View:
    """Leave a view's body unread: it is bytes and no form, whatever the client calls it."""
    view.is_bytes = True  # type: ignore[attr-defined]
    return view


def hears_nul(view: View) -> View:
    """Give a view all that is asked of it: whatever somebody pastes into the box of a search is no error."""
    view.hears_nul = True  # type: ignore[attr-defined]
    return view


def _holds_nul(given: MultiDict[str, str]) -> bool:
    return any("\0" in text for pair in given.items(multi=True) for text in pair)


def same_site(target: str | None, otherwise: str) -> str:
    """Return *target* if it is a path of this site, else *otherwise*: `next=` never leads elsewhere."""
    if not target or not target.startswith("/") or target.startswith("//"):
        return otherwise
    if "\\" in target or any(ord(letter) < 32 for letter in target):  # browsers read "/\t/" and "/\" as "//"
        return otherwise
    return target


def _secure(response: Response) -> Response:
    headers = response.headers
    present = {name.lower() for name, _value in headers}
    for name, value in HEADERS.items():
        if name.lower() not in present:
            headers.add(name, value)
    if current_app.config["HTTPS"]:
        headers["Strict-Transport-Security"] = HSTS
    if "cache-control" not in present:
        # A guest's page may be kept, but is asked after each time: it looks different once signed in.
        headers["Cache-Control"] = "private, no-store" if _viewer_known() else "no-cache"
    return response


def _viewer_known() -> bool:
    """Say whether this request was answered for a member; never asks the database."""
    return bool(g.get("_login_user", GUEST).is_authenticated)
