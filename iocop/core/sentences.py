"""The sentences of templates in the language that holds now: what Jinja's own callables say, in fewer steps.

Those pass a sentence through three functions and format it even where nothing is to be put in; a page has a hundred.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from flask import g
from flask_babel import get_locale, get_translations
from jinja2 import pass_eval_context
from markupsafe import Markup

if TYPE_CHECKING:
    from babel.core import Locale
    from jinja2 import Environment
    from jinja2.nodes import EvalContext

MOST = 8000
"""Sentences without values that a language keeps; the templates have fewer."""


class Sentences:
    """One language's. `whole(text, escaped)` returns one without values as a page writes it."""

    def __init__(self, translations: Any) -> None:
        self.translations = translations
        self.whole = lru_cache(MOST)(self._whole)

    def _whole(self, text: str, escaped: bool) -> str:
        return _formatted(self.translations.ugettext(text), {}, escaped)


def install(environment: Environment) -> None:
    """Let templates say their sentences by these functions; a percent sign in a sentence is written twice."""
    environment.newstyle_gettext = True  # type: ignore[attr-defined]  # the extension's, read for {% trans %}
    environment.globals.update(
        _=_gettext, gettext=_gettext, ngettext=_ngettext, pgettext=_pgettext, npgettext=_npgettext
    )


@pass_eval_context
def _gettext(context: EvalContext, text: str, /, **values: Any) -> str:
    if not values:
        return _now().whole(text, context.autoescape)
    return _formatted(_now().translations.ugettext(text), values, context.autoescape)


@pass_eval_context
def _ngettext(context: EvalContext, one: str, many: str, number: int, /, **values: Any) -> str:
    said = _now().translations.ungettext(one, many, number)
    return _formatted(said, {"num": number} | values, context.autoescape)


@pass_eval_context
def _pgettext(context: EvalContext, about: str, text: str, /, **values: Any) -> str:
    said = _now().translations.upgettext(about, text)
    return _formatted(said, {"context": about} | values, context.autoescape)


@pass_eval_context
def _npgettext(context: EvalContext, about: str, one: str, many: str, number: int, /, **values: Any) -> str:
    said = _now().translations.unpgettext(about, one, many, number)
    return _formatted(said, {"context": about, "num": number} | values, context.autoescape)


def _formatted(said: str, values: dict[str, Any], escaped: bool) -> str:
    return (Markup(said) if escaped else said) % values  # noqa: S704 -- a sentence of ours; % escapes what is put in


def _now() -> Sentences:
    """Return those of the locale that holds now; mail in another language may change it for a while."""
    locale: Locale | None = get_locale()
    kept: tuple[Locale | None, Sentences] | None = g.get("sentences")
    if kept is None or kept[0] is not locale:
        kept = g.sentences = locale, _of(get_translations())
    return kept[1]


_of = lru_cache(16)(Sentences)
