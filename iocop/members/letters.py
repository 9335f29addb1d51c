"""The same mail to many members: written once a language, then only names and addresses are put in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from flask import current_app
from flask_babel import force_locale

from iocop.core.mail import Letter
from iocop.core.site import site
from iocop.members.mails import write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

_GAP: Final = re.compile("\ue000([a-z_]+)\ue001")


class Addressee(NamedTuple):
    """A member as a mail needs one; *locale* may be empty."""

    id: int
    name: str
    email: str | None
    locale: str
    state: str = "active"


def letters(
    addressees: Iterable[Addressee],
    template: str,
    subject: Callable[[], str],
    about: Callable[[], Mapping[str, Any]],
    own: Mapping[str, Callable[[Addressee], str]] | None = None,
    headers: Callable[[Addressee], dict[str, str]] = lambda _to: {},
) -> Iterator[Letter]:
    """Give each member's mail; who has no address gets none.

    Args:
        template: of ``templates/email``; it is given *name*, what *about* returns and the names in *own*.
        subject, about: asked once for each language, in it.
        own: what differs from member to member: lines of text.
    """
    written: dict[str, tuple[str, str]] = {}
    own = {"name": lambda to: to.name} | dict(own or {})
    gaps = {name: f"\ue000{name}\ue001" for name in own}
    for to in addressees:
        if not to.email:
            continue
        locale = to.locale or current_app.config["BABEL_DEFAULT_LOCALE"]
        if locale not in written:
            with force_locale(locale):
                written[locale] = f"{subject()} · {site().name}", write(template, locale, **about(), **gaps)
        line, body = written[locale]
        yield Letter(to.id, to.email, line, _filled(body, own, to), headers(to))


def _filled(body: str, own: Mapping[str, Callable[[Addressee], str]], to: Addressee) -> str:
    return _GAP.sub(lambda gap: own[gap[1]](to) if gap[1] in own else "", body)
