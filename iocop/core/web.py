"""What every page shares: access closed by default, security headers, error pages, hashed static addresses."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import structlog
from flask import Flask, Response, current_app, flash, g, has_request_context, redirect, render_template, request, url_for
from flask_babel import Babel, get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf
from markupsafe import Markup
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from iocop.core.db import db
from iocop.core.errors import Busy, DomainError, TooLarge
from iocop.core.login import GUEST, manager, viewer
from iocop.core.site import site

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

csrf = CSRFProtect()
log = structlog.get_logger(__name__)

LOCALES = ("en",)
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
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
REASONS = {
    404: _l("There is no page at this address, or it is not open to you."),
    405: _l("This address does not take that kind of request."),
    413: _l("That is more than the site takes at once."),
    429: _l("Too many attempts; wait a little."),
}


def init_app(app: Flask) -> None:
    """Give an application what every page shares."""
    Babel(app, locale_selector=_locale, timezone_selector=lambda: viewer().time_zone or None)
    csrf.init_app(app)
    manager.init_app(app)
    manager.session_protection = None  # sessions are rows here, revoked one by one
    app.before_request(_closed_by_default)
    app.after_request(_secure)
    app.context_processor(_context)
    app.jinja_env.globals.update(asset=asset, csrf_field=csrf_field)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _database_error)
    app.register_error_handler(Exception, _bug)


def _locale() -> str:
    if not has_request_context():
        return "en"
    chosen = viewer().locale
    offered = current_app.config["LOCALES"]
    if chosen in offered:
        return chosen
    return request.accept_languages.best_match(offered) or "en"


def _closed_by_default() -> ResponseReturnValue | None:
    if request.endpoint is None or request.endpoint == "static":
        return None
    view = current_app.view_functions[request.endpoint]
    if getattr(view, "is_public", False) or viewer().is_authenticated:
        g.site_version = viewer().site_version if viewer().is_authenticated else g.get("site_version")
        return None
    if request.method == "GET":
        flash(_("Please sign in to see this page."))
        return redirect(url_for("members.sign_in", next=request.full_path.rstrip("?")))
    return render_template("error.html", status=401, title=_("Please sign in"), reason=_("Your session has ended. "
        "Sign in again; what you wrote is kept as a draft in this browser.")), 401  # fmt: skip


def same_site(target: str | None, otherwise: str) -> str:
    """Return *target* if it is a path of this site, else *otherwise*: `next=` never leads elsewhere."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return otherwise
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc and "\\" not in target else otherwise


def _secure(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if current_app.config["HTTPS"]:
        response.headers.setdefault("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
    if viewer_known():
        response.headers.setdefault("Cache-Control", "private, no-store")
    return response


def viewer_known() -> bool:
    """Say whether this request was answered for a member; never asks the database."""
    user = g.get("_login_user", GUEST)
    return bool(user.is_authenticated)


def _context() -> dict[str, Any]:
    locale = get_locale()
    language = locale.language if locale else "en"
    return {
        "site": site(),
        "viewer": viewer(),
        "locale": str(locale or "en").replace("_", "-"),
        "text_direction": "rtl" if language in RIGHT_TO_LEFT else "ltr",
        "demo": current_app.extensions["settings"].demo,
    }


def asset(path: str) -> str:
    """Return a static file's address with its content's hash, so that browsers may keep it for a year."""
    kept: dict[str, str] = current_app.extensions.setdefault("assets", {})
    if path not in kept or current_app.debug:
        content = (current_app_static() / path).read_bytes()
        kept[path] = url_for("static", filename=path, v=hashlib.sha256(content).hexdigest()[:10])
    return kept[path]


def current_app_static() -> Any:
    from pathlib import Path  # only the first request of a process comes here

    return Path(str(current_app.static_folder))


def csrf_field() -> Markup:
    """Return the one hidden token a page's form needs."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())


def _error_page(
    status: int, title: Any, reason: Any, headers: dict[str, str] | None = None
) -> ResponseReturnValue:
    if request.accept_mimetypes.best == "application/json":
        return {"status": status, "title": str(title), "reason": str(reason)}, status, headers or {}
    return render_template("error.html", status=status, title=title, reason=reason), status, headers or {}


def _domain_error(error: DomainError) -> ResponseReturnValue:
    retry_after = getattr(error, "retry_after", None)
    headers = {"Retry-After": str(retry_after)} if retry_after else None
    return _error_page(error.status, error.title, error.reason, headers)


def _csrf_error(error: CSRFError) -> ResponseReturnValue:  # noqa: ARG001 -- the handler's signature
    reason = _(
        "This page was open for too long or in another session. Go back, reload the page and send it again."
    )
    return _error_page(400, _("Please send that again"), reason)


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400 or error.response is not None:  # redirects
        return error
    if error.code == TooLarge.status:
        return _domain_error(TooLarge(REASONS[413]))
    return _error_page(error.code, error.name, REASONS.get(error.code, error.description))


def _database_error(error: OperationalError) -> ResponseReturnValue:
    db.session.rollback()
    log.warning("database_busy", error=type(error.orig).__name__, request=g.get("request_id"))
    return _domain_error(
        Busy(_l("The database is busy for a moment. Nothing was lost; send it again in two seconds."))
    )


def _bug(error: Exception) -> ResponseReturnValue:
    if current_app.testing or current_app.debug:
        raise error
    db.session.rollback()
    log.exception("bug", endpoint=request.endpoint, request=g.get("request_id"))
    reason = _("Something broke on our side and was recorded as %(id)s.", id=g.get("request_id", "?"))
    return _error_page(500, _("Our mistake"), reason)
