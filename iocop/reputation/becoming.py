"""How a member became who they are here, in words: on the profile, the earliest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from flask import render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from iocop.contributions.addresses import address
from iocop.core.frame import kept_parts
from iocop.core.login import viewer
from iocop.core.slots import fills
from iocop.domains.queries import all_domains
from iocop.members.numbers import shown
from iocop.organizations.queries import affiliations_of
from iocop.reputation.queries.becoming import steps
from iocop.reputation.queries.chips import levels_held
from iocop.reputation.wording import LEVELS
from iocop.roles.wording import NAMES
from iocop.spaces.queries import scope_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from markupsafe import Markup

    from iocop.core.policy import Sentence
    from iocop.reputation.queries.becoming import Step

DEEDS: Final[dict[str, Sentence]] = {
    "joined": _l("Joined"),
    "question": _l("First question"),
    "answer": _l("First answer"),
    "accepted": _l("First accepted answer"),
    "article": _l("First article"),
}


class Moment(NamedTuple):
    """A line of the timeline."""

    day: date
    words: str
    address: str


@fills("profile_section")
def becoming(member_ids: Collection[int], **_about: Any) -> dict[int, Markup]:
    """Levels by domain, and a timeline from joining on, as far as the viewer may read what it names."""
    (member_id,) = member_ids  # a profile shows one person
    looking = viewer()
    versions = (looking.topics_version, looking.people_version, looking.site_version)
    seen = (scope_of(looking), looking.id == member_id, "board_member" in looking.roles)
    return kept_parts((member_id,), ("becoming", member_id, versions, seen), _section)


def _section(member_id: int) -> str:
    domains = {row.id: row.name for row in all_domains()}
    levels = [
        _("%(level)s in %(domain)s", level=LEVELS[held.level], domain=domains.get(held.domain_id, ""))
        for held in levels_held([member_id])
    ]
    found = steps(viewer(), member_id)
    if not found and not levels:
        return ""
    moments = [*(_moment(step, domains) for step in found), *_employers(member_id)]
    number = next((shown(step.level) for step in found if step.what == "joined"), "")
    return render_template(
        "reputation/_profile.html", levels=levels, number=number, own=viewer().id == member_id,
        moments=sorted(moments, key=lambda moment: moment.day),
    )  # fmt: skip


def _moment(step: Step, domains: Mapping[int, str]) -> Moment:
    day = step.at.date()
    if step.what == "level":
        words = _("%(level)s in %(domain)s", level=LEVELS[step.level], domain=domains.get(step.ref, ""))
        return Moment(day, words, "")
    if step.what == "office":
        return Moment(day, str(NAMES[step.role]), url_for("roles.decision", decision_id=step.ref))
    return Moment(day, str(DEEDS[step.what]), address(step.ref) if step.ref else "")


def _employers(member_id: int) -> list[Moment]:
    return [
        Moment(
            row.Affiliation.valid_from,
            _("At %(organization)s", organization=row.name),
            url_for("organizations.show", slug=row.slug),
        )
        for row in affiliations_of([member_id], viewer())
    ]
