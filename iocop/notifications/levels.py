"""Telling members of their levels, and the board of a steward's silence."""

from __future__ import annotations

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from iocop.core.db import db
from iocop.core.events import after
from iocop.domains.queries import domain_name
from iocop.members.models import Member
from iocop.notifications import services
from iocop.notifications.news import News
from iocop.reputation.events import LevelLowered, LevelNoticed, LevelReached, StewardSilent
from iocop.reputation.models import Rung
from iocop.reputation.queries.levels import newest_step
from iocop.reputation.queries.stewards import last_told
from iocop.reputation.wording import LEVELS
from iocop.roles.queries import holders


@after(LevelReached, LevelLowered)
def tell_of_step(happened: LevelReached | LevelLowered) -> None:
    """Tell a member, and nobody else, where they stand now; of a step that was taken since, nothing."""
    why = "reached" if isinstance(happened, LevelReached) else "lowered"
    step = newest_step(happened.member_id, happened.domain_id)
    if step is None or (step.why, step.new) != (why, happened.level):
        return
    news = News(
        f"level:{step.id}", matter=why, words=_level(happened.member_id, happened.domain_id, happened.level)
    )
    services.tell(news, [(happened.member_id, "standing")])


@after(LevelNoticed)
def tell_of_notice(happened: LevelNoticed) -> None:
    """Warn a member, and nobody else, while there is time; not once the conditions hold again."""
    rung = db.session.get(Rung, (happened.member_id, happened.domain_id))
    if rung is None or rung.noticed_at is None or rung.level != happened.level:
        return
    news = News(
        f"noticed:{happened.domain_id}:{rung.noticed_at.isoformat()}", matter="noticed",
        words=_level(happened.member_id, happened.domain_id, happened.level),
    )  # fmt: skip
    services.tell(news, [(happened.member_id, "standing")])


@after(StewardSilent)
def tell_of_silence(happened: StewardSilent) -> None:
    """Tell the members of the board: they can ask whether something is the matter."""
    since = last_told(happened.member_id, happened.domain_id)
    news = News(
        f"silent:{happened.domain_id}:{since}", matter="silent", words=domain_name(happened.domain_id)
    )
    board = [member_id for member_id in holders("board_member") if member_id != happened.member_id]
    services.tell(news, [(member_id, "account") for member_id in board])


def _level(member_id: int, domain_id: int, level: int) -> str:
    """Return a level with its domain, in the language of the member who reads it."""
    locale = db.session.scalar(select(Member.locale).where(Member.id == member_id))
    with force_locale(locale or current_app.config["BABEL_DEFAULT_LOCALE"]):
        return str(_("%(level)s in %(domain)s", level=LEVELS[level], domain=domain_name(domain_id)))
