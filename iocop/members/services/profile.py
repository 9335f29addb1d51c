"""What a member says of themselves, who sees it, and that it is still right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from iocop.core import clock
from iocop.core.db import act
from iocop.core.errors import Invalid
from iocop.core.events import emit
from iocop.core.policy import require
from iocop.core.storage import storage
from iocop.core.text.render import TooLong, render
from iocop.members import photos, policy, privacy
from iocop.members.events import MemberChanged, MemberReviewed
from iocop.members.models import Member

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iocop.core.login import Viewer


@dataclass(frozen=True)
class Profile:
    """What a member says of themselves.

    Attributes:
        name_mode: ``real`` or ``pseudonym``.
        about: Markdown.
        languages: codes such as ``de``.
        country: a code such as ``DE``, or empty.
        links: addresses beginning with http.
    """

    name: str
    name_mode: str = "real"
    about: str = ""
    languages: tuple[str, ...] = ()
    country: str = ""
    links: tuple[str, ...] = ()


def change_profile(actor: Viewer, profile: Profile) -> None:
    """Write what the member says of themselves.

    Raises:
        Invalid: the text about the member is too long, or the name is empty.
    """
    name = " ".join(profile.name.split())
    if not name:
        raise Invalid(_l("A name is needed; it may be a pseudonym."), "name")
    try:
        about_html = render(profile.about).html if profile.about.strip() else ""
    except TooLong as error:
        raise Invalid(str(error), "about") from error
    with act() as session:
        require(policy.may_change_own(actor))
        member = session.get_one(Member, actor.id, with_for_update=True)
        member.name, member.name_mode = name, profile.name_mode
        member.about, member.about_html = profile.about, about_html
        member.languages, member.links = list(profile.languages), list(profile.links)
        member.country = profile.country
        emit(MemberChanged(actor_id=actor.id, member_id=actor.id))


def change_photo(actor: Viewer, content: bytes) -> None:
    """Take a new photo; the old one's bytes are removed.

    Raises:
        TooLarge, Invalid: as `photos.square` says.
    """
    require(policy.may_change_own(actor))
    _replace_photo(actor, storage().put(photos.square(content)))


def remove_photo(actor: Viewer) -> None:
    """Go back to the monogram."""
    require(policy.may_change_own(actor))
    _replace_photo(actor, "")


def _replace_photo(actor: Viewer, key: str) -> None:
    with act() as session:
        member = session.get_one(Member, actor.id, with_for_update=True)
        old, member.photo_key = member.photo_key, key
        emit(MemberChanged(actor_id=actor.id, member_id=actor.id))
    if old:
        storage().delete(old)


def change_privacy(actor: Viewer, choices: Mapping[str, str]) -> None:
    """Say who sees which field; a field not named keeps its default.

    Raises:
        Invalid: an unknown field or audience.
    """
    if not (choices.keys() <= privacy.DEFAULTS.keys() and set(choices.values()) <= set(privacy.AUDIENCES)):
        raise Invalid(_l("There is no such choice."))
    with act() as session:
        require(policy.may_change_own(actor))
        session.get_one(Member, actor.id, with_for_update=True).visibility = dict(choices)
        emit(MemberChanged(actor_id=actor.id, member_id=actor.id))


def change_preferences(actor: Viewer, locale: str, time_zone: str, theme: str) -> None:
    """Choose the language, the time zone (an IANA name) and light or dark; empty: as the browser says."""
    with act() as session:
        require(policy.may_change_own(actor))
        member = session.get_one(Member, actor.id, with_for_update=True)
        member.locale, member.time_zone, member.theme = locale, time_zone, theme
        emit(MemberChanged(actor_id=actor.id, member_id=actor.id))


def review_profile(actor: Viewer) -> None:
    """Say that name, address and employer are still right; asked for once a year."""
    with act() as session:
        require(policy.may_change_own(actor))
        session.get_one(Member, actor.id, with_for_update=True).reviewed_at = clock.now()
        emit(MemberReviewed(actor_id=actor.id, member_id=actor.id))
