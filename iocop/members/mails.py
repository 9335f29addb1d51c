"""The mails members get about their own account: plain text, in the language they chose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import current_app
from flask_babel import force_locale

from iocop.core import mail
from iocop.core.site import site

if TYPE_CHECKING:
    from iocop.core.policy import Sentence
    from iocop.members.models import Member


def link(endpoint: str, **values: Any) -> str:
    """Return the full address of a page, also outside a request."""
    routes = current_app.url_map.bind("site")
    base_url: str = current_app.extensions["settings"].base_url
    return base_url.rstrip("/") + routes.build(endpoint, values)


def write(template: str, locale: str = "", **about: Any) -> str:
    """Return a mail's text from ``templates/email/<template>.txt``."""
    with force_locale(locale or current_app.config["BABEL_DEFAULT_LOCALE"]):
        text: str = current_app.jinja_env.get_template(f"email/{template}.txt").render(
            site=site(), home=link("static", filename="").removesuffix("/static/"), **about
        )
    return text.strip() + "\n"


def to_address(
    address: str, kind: str, event_key: str, subject: Sentence, member_id: int = 0, **about: Any
) -> None:
    """Queue a mail to an address that belongs to no member yet, in the current act.

    Args:
        member_id: whom it is about, so that it goes when the member is erased; 0: nobody yet.
    """
    _queue(address, member_id, "", kind, event_key, subject, about)


def to_member(member: Member, kind: str, event_key: str, subject: Sentence, **about: Any) -> None:
    """Queue a mail to a member, in the current act; one without an address gets none."""
    if member.email:
        _queue(
            member.email, member.id, member.locale, kind, event_key, subject, {"name": member.name} | about
        )


def _queue(
    address: str,
    recipient_id: int,
    locale: str,
    kind: str,
    event_key: str,
    subject: Sentence,
    about: dict[str, Any],
) -> None:
    with force_locale(locale or current_app.config["BABEL_DEFAULT_LOCALE"]):
        words = f"{subject} · {site().name}"
    mail.queue_mail(
        event_key=event_key, recipient_id=recipient_id, kind=kind, address=address, subject=words,
        body=write(f"members/{kind}", locale, **about),
    )  # fmt: skip
