"""What went wrong, as a page or as JSON: the status, the reason, and what the person had written."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import structlog
from flask import current_app, g, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, SecurityError

from iocop.core.db import db
from iocop.core.errors import Busy, DomainError, Full, TooLarge
from iocop.core.login import GUEST
from iocop.core.site import last_known

if TYPE_CHECKING:
    from flask import Flask
    from flask.typing import ResponseReturnValue

log = structlog.get_logger(__name__)

WORDS = {
    400: (_l("That did not work"), _l("The site could not read that request.")),
    403: (_l("Not allowed"), _l("This is not open to you.")),
    404: (_l("Not found"), _l("There is no page at this address, or it is not open to you.")),
    405: (_l("Not that way"), _l("This address does not take that kind of request.")),
    410: (_l("Removed"), _l("It was here and was removed.")),
    413: (_l("Too large"), _l("That is more than the site takes at once.")),
    415: (_l("Not that kind"), _l("The site does not take that kind of content.")),
    429: (_l("Too many attempts"), _l("Too many attempts; wait a little.")),
}
AWAY = (OperationalError, InterfaceError, PoolTimeout)
LEAST_WORTH_KEEPING = 20
"""Characters from which a typed value is shown again on a page that could not take it."""
SECRET = ("csrf", "password", "token", "code")
NOT_TYPED = ("key", "version", "base", "safety", "how", "next")
"""Names of fields, or ends of such, that the page fills by itself."""
SQLITE_FULL = ("SQLITE_FULL",)
SQLITE_BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_CANTOPEN", "SQLITE_IOERR", "SQLITE_READONLY")
POSTGRESQL_FULL = "53100"


def init_app(app: Flask) -> None:
    app.register_error_handler(DomainError, domain_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(SecurityError, _another_name)
    app.register_error_handler(HTTPException, _http_error)
    for kind in AWAY:
        app.register_error_handler(kind, _database_error)
    app.register_error_handler(Exception, _bug)


def wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"


def error_page(
    status: int,
    title: Any,
    reason: Any,
    headers: dict[str, str] | None = None,
    written: list[str] | None = None,
) -> ResponseReturnValue:
    if wants_json():
        return {"status": status, "title": str(title), "reason": str(reason)}, status, headers or {}
    told = {"status": status, "title": title, "reason": reason, "written": written or []}
    try:
        page = render_template("error.html", **told)
    except AWAY:
        _do_without_database()
        page = render_template("error.html", **told)
    return page, status, headers or {}


def signed_out_page() -> ResponseReturnValue:
    """Refuse what somebody sent whose session has ended, without losing the words."""
    reason = _("Your session has ended, so nothing was sent. Sign in again; what you wrote stands below.")
    return error_page(401, _("Please sign in"), reason, written=_written())


def unstorable_page() -> ResponseReturnValue:
    """Refuse a form with the one letter that no database keeps, without losing the words around it."""
    reason = _(
        "A field holds a character that cannot be stored (NUL). What you wrote stands below without it."
    )
    return error_page(422, _("Something is missing or wrong"), reason, written=_written(least=1))


def domain_error(error: DomainError) -> ResponseReturnValue:
    retry_after = getattr(error, "retry_after", None)
    headers = {"Retry-After": str(retry_after)} if retry_after else None
    return error_page(error.status, error.title, error.reason, headers, _sent_in_vain())


def _sent_in_vain() -> list[str]:
    """Return what a refused form held, as browsers forget what was typed into a page they may not keep."""
    if request.method not in {"GET", "HEAD"}:
        with suppress(HTTPException):  # more than the site takes, or cut off
            return _written()
    return []


def _written(least: int = LEAST_WORTH_KEEPING) -> list[str]:
    """Return the texts of the form that was sent, secrets left out.

    Args:
        least: characters from which one is kept; a choice is kept too, as the form alone cannot tell it from a word.
    """
    texts = (
        value.replace("\0", "")
        for name, value in request.form.items(multi=True)
        if not any(word in name.lower() for word in SECRET) and not name.lower().endswith(NOT_TYPED)
    )
    return [text for text in dict.fromkeys(texts) if len(text.strip()) >= least]


def _csrf_error(error: CSRFError) -> ResponseReturnValue:  # noqa: ARG001 -- the handler's signature
    reason = _(
        "This page was open for too long or in another session. Go back, reload the page and send it again."
    )
    return error_page(400, _("Please send that again"), reason, written=_written())


def _another_name(error: SecurityError) -> ResponseReturnValue:  # noqa: ARG001 -- the handler's signature
    """Answer under a host name that is not ours: no page, as no address of ours can be made there."""
    return (
        str(_l("The site does not answer to this name.")),
        400,
        {"Content-Type": "text/plain; charset=utf-8"},
    )


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400 or error.response is not None:  # redirects
        return error
    if error.code == TooLarge.status:
        return domain_error(TooLarge(WORDS[413][1]))
    title, reason = WORDS.get(error.code, WORDS[400])
    headers = {name: value for name, value in error.get_headers() if name in {"Allow", "Retry-After"}}
    return error_page(error.code, title, reason, headers)


def _database_error(error: OperationalError | InterfaceError | PoolTimeout) -> ResponseReturnValue:
    problem = trouble(error)
    if problem is None:
        return _bug(error)
    original = getattr(error, "orig", error)
    code = getattr(original, "sqlite_errorname", None) or getattr(original, "sqlstate", None)
    log.warning("database_trouble", error=type(original).__name__, code=code, status=problem.status)
    _do_without_database()
    return domain_error(problem)


def trouble(error: Exception) -> DomainError | None:
    """Say what a database's error means to a member; None for a mistake of ours."""
    cause = getattr(error, "orig", None)
    name = str(getattr(cause, "sqlite_errorname", ""))
    if name.startswith(SQLITE_FULL) or getattr(cause, "sqlstate", "") == POSTGRESQL_FULL:
        return Full(
            _l("The site's disk is full, so nothing can be written; reading goes on. Nothing was changed.")
        )
    if name and not name.startswith(SQLITE_BUSY):
        return None
    return Busy(_l("The database is busy for a moment. Nothing was lost; send it again in two seconds."))


def _do_without_database() -> None:
    """Let the page be made of what this process knows: the database may not answer a second time."""
    with suppress(SQLAlchemyError):
        db.session.rollback()
    g.setdefault("_login_user", GUEST)
    g.site_version, g.site = last_known()
    g.header = None


def _bug(error: Exception) -> ResponseReturnValue:
    if current_app.testing or current_app.debug:
        raise error
    log.error("bug", endpoint=request.endpoint, request=g.get("request_id"), exc_info=error)
    _do_without_database()
    reason = _("Something broke on our side and was recorded as %(id)s.", id=g.get("request_id", "?"))
    return error_page(500, _("Our mistake"), reason)
