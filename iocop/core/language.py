"""In which language and by which clock a person reads."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

from babel import Locale
from flask import current_app, g, has_request_context, request
from flask_babel import Babel, get_locale, get_timezone
from jinja2 import Template
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from iocop.core import sentences
from iocop.core.login import viewer

if TYPE_CHECKING:
    from flask import Flask
    from jinja2.environment import TemplateModule
    from jinja2.runtime import Context

LOCALES = ("en",)


def init_app(app: Flask) -> None:
    """Choose the locale by member, then by browser; have templates look a locale's sentences up once a request."""
    app.jinja_env.template_class = SharedMacros
    Babel(app, locale_selector=_locale, timezone_selector=_time_zone)
    sentences.install(app.jinja_env)


class SharedMacros(Template):
    """A template whose macros are made once: Jinja would look for globals that differ by page, and there are none."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        made: TemplateModule | None = self._module
        return super()._get_default_module(ctx) if made is None else made


def _locale() -> Locale:
    if not has_request_context():
        return _made("en")
    chosen = viewer().locale
    offered = current_app.config["LOCALES"]
    if chosen in offered:
        return _made(chosen)
    return _made(_preferred(request.headers.get("Accept-Language", ""), offered))


_made = cache(Locale.parse)


@lru_cache(256)
def _preferred(accepted: str, offered: tuple[str, ...]) -> str:
    """Return which of the languages offered a browser wants most (RFC 9110, 12.5.4); few headers are ever sent."""
    return parse_accept_header(accepted, LanguageAccept).best_match(offered) or "en"


def _time_zone() -> str | None:
    return viewer().time_zone or None


def reader() -> tuple[str, str]:
    """Return the language and the clock of this request's page, such as ("en", "Europe/Oslo"), found once a request."""
    found: tuple[str, str] | None = g.get("reader")
    if found is None:
        found = g.reader = str(get_locale()), str(get_timezone())
    return found
