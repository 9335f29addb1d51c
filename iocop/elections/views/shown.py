"""The public pages: all elections, one election from draft to archive, and who holds which office."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import render_template

from iocop.core import clock
from iocop.core.login import public, viewer
from iocop.core.pages import asked_page
from iocop.elections import desk_words, policy, ruling_words, standing_policy
from iocop.elections.queries import (
    booth,
    candidacy,
    casting,
    countbacks,
    desk,
    elections,
    lists,
    officers,
    roll,
)
from iocop.elections.queries.elected import elected
from iocop.elections.sealing.freezing import RANKING
from iocop.elections.views import elections as blueprint
from iocop.elections.voting import is_open, may_have_token
from iocop.members.numbers import shown as number
from iocop.members.photos import photo_address
from iocop.roles.wording import DUTIES, NAMES

if TYPE_CHECKING:
    from datetime import datetime

    from flask.typing import ResponseReturnValue

    from iocop.elections.models import Election
    from iocop.elections.sealing.freezing import Freeze

STANDING = {
    "nominations": ("proposed", "accepted", "admitted"),
    "screening": ("accepted", "admitted", "refused"),
}
"""Which nominations everybody reads of, by state; later only candidates."""
KEYS_COUNT = ("campaign", "voting", "sealed")
"""In which states of a frozen election it still matters how many keys can be counted on."""


@blueprint.get("/elections")
@public
def all_elections() -> ResponseReturnValue:
    """List elections under way and those that are over."""
    return render_template(
        "elections/all.html",
        running=lists.running(),
        drafts=desk.desks(viewer()) if viewer().is_authenticated else [],
        ended=lists.ended(asked_page()),
        words=desk_words,
        may_create=viewer().is_authenticated and policy.may_create_election(viewer(), clock.now()),
    )


@blueprint.get("/elections/<int:election_id>")
@public
def show(election_id: int) -> ResponseReturnValue:
    """Show one election: what is next, who must act, who stands, how to vote, and what its officers did."""
    election = elections.election(election_id)
    now = clock.now()
    frozen = elections.is_frozen(election_id)
    posts = officers.posts(election, now)
    done = desk.done_acts(election_id)
    asked = countbacks.others(election) if election.kind == "vacancy" else []
    chosen = elected(election) if election.state in {"counted", "certified"} else []
    shown = candidacy.shown(election_id, STANDING.get(election.state, ("admitted",)))
    shown.sort(key=lambda one: chosen.index(one.member.id) if one.member.id in chosen else len(chosen))
    return render_template(
        "elections/show.html",
        election=election,
        photo_address=photo_address,
        asked=asked,
        words=desk_words,
        stages=desk.timeline(election),
        next=desk.coming(election),
        posts=posts,
        keys=officers.keys(election, posts) if frozen and election.state in KEYS_COUNT else None,
        now=now,
        candidates=shown,
        frozen=frozen,
        freezes=desk.freezes(election_id),
        counted_by=ruling_words.COUNTING[elections.rules_of(election).rule],
        poll=_poll(election, now) if frozen else None,
        done=done,
        elected=chosen,
        nominations=standing_policy.is_open_for_nominations(election, now),
        may_see_desk=viewer().is_authenticated and policy.may_see_desk(viewer(), election, now),
        names=desk.names(
            [*desk.parties(done), election.vacated_by_id, *(row.member_id for row in asked), *chosen]
        ),
    )


def _poll(election: Election, at: datetime) -> dict[str, Any]:
    """Return how the poll stands: for everybody, and for who is looking."""
    poll = casting.poll_of(election.id)
    freeze = casting.freeze_of(poll)
    entry = casting.entry_of(election.id, viewer().id) if viewer().is_authenticated else None
    return {
        "freeze": freeze,
        "size": roll.size(election.id),
        "issued": casting.issued(election.id),
        "heads": booth.heads(election.id),
        "open": is_open(poll, at),
        "entry": entry,
        "issue": casting.issue_of(entry.id) if entry else None,
        "may": may_have_token(viewer(), entry),
        "warnings": _warnings(freeze),
    }


def _warnings(freeze: Freeze) -> list[str]:
    """Return what voters should know of how much few ballots, or full rankings, say."""
    free = freeze.ballot_kind == RANKING and freeze.highest_mark == len(freeze.candidates)
    return desk_words.warnings(freeze.roll_size, len(freeze.candidates) if free else 0)


@blueprint.get("/board")
@public
def office_holders() -> ResponseReturnValue:
    """Show who holds which office, since when, until when and by what, and who did before."""
    now = clock.now()
    return render_template(
        "elections/offices.html",
        seats=lists.seats(now),
        past=lists.past_seats(now),
        names=NAMES,
        duties=DUTIES,
        number=number,
    )
