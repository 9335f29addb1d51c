"""The roll before the freeze, and what can be done about an entry after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template, request

from iocop.core import clock
from iocop.core.login import viewer
from iocop.core.policy import require
from iocop.elections import desk_words, policy
from iocop.elections.queries import casting, elections, roll
from iocop.elections.views import elections as blueprint
from iocop.members.numbers import parse
from iocop.members.queries import member_by_number

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@blueprint.get("/elections/<int:election_id>/desk/roll")
def preview_roll(election_id: int) -> ResponseReturnValue:
    """Show how many would be on the roll today, and why others not; of one member, whether and why."""
    election = elections.election(election_id)
    now = clock.now()
    require(policy.may_see_desk(viewer(), election, now))
    frozen = elections.is_frozen(election_id)
    rules = elections.rules_of(election)
    asked = request.args.get("number", "").strip()
    found = member_by_number(parse(asked)) if asked else None
    entry = roll.entry_of(election_id, found.id) if found and frozen else None
    return render_template(
        "elections/roll.html", election=election, rules=rules, words=desk_words, frozen=frozen, asked=asked,
        preview=None if frozen else roll.preview(rules, now), size=roll.size(election_id), found=found, entry=entry,
        issued=casting.issue_of(entry.id) is not None if entry else False,
        hindrance=roll.why_not(found.id, rules, now) if found else "", tokens=roll.tokens_issued(election_id),
        blocked=roll.blocked(election_id),
    )  # fmt: skip
