"""What others see of a member's standing, and how standing works."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, url_for
from flask_babel import lazy_gettext as _l

from iocop.core import clock
from iocop.core.cache import guest_page
from iocop.core.errors import Gone, Missing
from iocop.core.login import public, viewer
from iocop.domains.queries import all_domains
from iocop.members.numbers import parse, shown
from iocop.members.queries import member_by_number
from iocop.reputation import ladder, wording
from iocop.reputation.queries.candidates import looked_at_since
from iocop.reputation.queries.shown import FEWEST, rule_versions, shown_standing
from iocop.reputation.rules import RULES
from iocop.reputation.views import reputation

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from iocop.members.models import Member


@reputation.get("/id/<member_number:number>/standing")
@public
def member_standing(number: str) -> ResponseReturnValue:
    member = _member(number)
    if number != shown(member.number):
        return redirect(url_for(".member_standing", number=member.number), 301)
    return render_template(
        "reputation/member.html", member=member, own=member.id == viewer().id, few=FEWEST, words=wording,
        rows=shown_standing(member.id, ladder.STEWARD), domains={row.id: row for row in all_domains()},
    )  # fmt: skip


def _member(number: str) -> Member:
    member = member_by_number(parse(number))
    if member is None or member.state == "imported":
        raise Missing(_l("There is no such member."))
    if member.state == "erased":
        raise Gone(
            _l("This was a member who had their personal data erased. What they left to others stays.")
        )
    return member


@reputation.get("/reputation")
@public
@guest_page("rules")
def rules() -> ResponseReturnValue:
    """How standing comes about: every rule with its versions, the ladder, and what nothing of it touches."""
    return render_template(
        "reputation/rules.html",
        rules=RULES,
        versions=rule_versions(clock.now()),
        ladder=ladder,
        looked_at_since=looked_at_since(),
        words=wording,
    )
