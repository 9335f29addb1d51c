"""In which language and by which clock a person reads."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from flask import current_app, g, has_request_context, request
from flask_babel import Babel, get_locale, get_timezone, get_translations
from jinja2 import Template
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

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
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # the extension's, added by Babel above
        gettext=lambda text: _sentences().ugettext(text),
        ngettext=lambda one, many, count: _sentences().ungettext(one, many, count),
        pgettext=lambda about, text: _sentences().upgettext(about, text),
        npgettext=lambda about, one, many, count: _sentences().unpgettext(about, one, many, count),
        newstyle=True,
    )


class SharedMacros(Template):
    """A template whose macros are made once: Jinja would look for globals that differ by page, and there are none."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        made: TemplateModule | None = self._module
        return super()._get_default_module(ctx) if made is None else made


def _locale() -> str:
    if not has_request_context():
        return "en"
    chosen = viewer().locale
    offered = current_app.config["LOCALES"]
    if chosen in offered:
        return chosen
    return _preferred(request.headers.get("Accept-Language", ""), offered)


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


def _sentences() -> Any:
    """Return the sentences of the locale that holds now; mail in another language may change it for a while."""
    locale = get_locale()
    kept = g.get("sentences")
    if kept is None or kept[0] is not locale:
        kept = g.sentences = (locale, get_translations())
    return kept[1]
