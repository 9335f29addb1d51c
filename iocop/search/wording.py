"""What a page of results says: how kinds are called, why something was found, and when it was written."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from babel.dates import get_month_names
from flask_babel import get_locale, get_timezone, ngettext
from flask_babel import gettext as _
from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from babel.core import Locale

    from iocop.search.why import Reason, What


def tab_words() -> dict[str, str]:
    return {
        "topics": _("Topics"),
        "articles": _("Articles"),
        "members": _("Members"),
        "organizations": _("Organizations"),
        "files": _("Files"),
        "spaces": _("Spaces"),
    }


_SAID: Final[dict[What, Callable[[Reason], str]]] = {
    "title": lambda _one: _("the title is what you typed"),
    "in title": lambda one: ngettext(
        "your word is in the title", "your words are in the title", one.number
    ),
    "all words": lambda _one: _("all your words"),
    "some words": lambda one: _("without “%(word)s”", word=one.words) if one.words
    else _("%(num)s of your %(of)s words", num=one.number, of=one.of),
    "word": lambda _one: _("it has your word"),
    "phrase": lambda _one: _("the exact phrase"),
    "name": lambda _one: _("the name is what you typed"),
    "in name": lambda one: ngettext("your word is in the name", "your words are in the name", one.number),
    "filters": lambda _one: _("it fits your filters"),
    "further": lambda _one: _("it has of your words, further down"),
    "called": lambda one: _(
        "you typed “%(words)s”; members also call it “%(other)s”", words=one.words, other=one.other
    ),
    "confirmed": lambda one: ngettext(
        "confirmed in practice at %(num)s organization", "confirmed in practice at %(num)s organizations", one.number
    ),
    "accepted": lambda _one: _("the accepted answer"),
    "solved": lambda _one: _("has an accepted answer"),
}  # fmt: skip


def reasons_in_words(reasons: Iterable[Reason]) -> dict[Reason, str]:
    """Return what each reason says; a page's rows have few different ones."""
    return {one: _SAID[one.what](one) for one in set(reasons)}


def answers_in_words(numbers: Iterable[int]) -> dict[int, str]:
    """Return what so many answers are called."""
    return {number: ngettext("answer", "answers", number) for number in set(numbers)}


def timer() -> Callable[[datetime], Markup]:
    """Return what writes a moment (UTC) as the macro ``time`` does, in a fifth of the time."""
    zone, months = get_timezone(), _months(get_locale())

    def time(moment: datetime) -> Markup:
        at = moment.astimezone(zone)
        seen = f"{at.day} {months[at.month]} {at.year}, {at.hour:02}:{at.minute:02}"
        exact = f"{moment.replace(tzinfo=None).isoformat(timespec='seconds')}Z"
        return Markup(f'<time datetime="{exact}" data-relative>{seen}</time>')  # noqa: S704 -- no text of anybody's

    return time


@lru_cache(maxsize=16)
def _months(locale: Locale | None) -> dict[int, str]:
    return dict(get_month_names("abbreviated", locale=locale).items())
