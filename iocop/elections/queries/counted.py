"""A result as its page shows it: the count taken again from the published papers, never from a summary."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import exists, func, select

from iocop.core.db import db
from iocop.elections import tallying
from iocop.elections.counting import margins
from iocop.elections.models import ElectionComplaint, RollEntry, TokenIssue
from iocop.elections.queries import casting, elections
from iocop.elections.sealing.canonical import loads
from iocop.elections.sealing.opening import Opened
from iocop.members.models import Member

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from iocop.elections.counting.margins import Margin
    from iocop.elections.counting.outcome import Outcome
    from iocop.elections.counting.papers import Profile
    from iocop.elections.sealing.freezing import Freeze

LEAST = 5
"""Turnout of fewer people than this is told of nobody."""
BANDS = ("1", "2-9", "10-49", "50-249", "250-999", "1000+", "")
"""Sizes of employers, smallest first; empty: no employer, or one whose size is not known."""


class Result(NamedTuple):
    """What the page of a result shows.

    Attributes:
        counted, blank, spoilt, superseded, server_sealed: ballots, as result.json has them.
        lot: candidate numbers, the favoured first.
    """

    freeze: Freeze
    profile: Profile
    outcome: Outcome
    lot: Sequence[int]
    counted: int
    blank: int
    spoilt: int
    superseded: int
    server_sealed: int

    @property
    def cast(self) -> int:
        """How many voting keys cast a ballot."""
        return self.counted + self.blank + self.spoilt


class Turnout(NamedTuple):
    """How many on the roll of one size of employer took a token; both None: too few people to tell."""

    band: str
    roll: int | None
    issued: int | None


def result_of(election_id: int) -> Result | None:
    """Return a result; None before the ballots were opened."""
    document = elections.document(election_id, "result.json")
    if document is None:
        return None
    return _result(election_id, document.hash)


@lru_cache(8)
def _result(election_id: int, hash_: str) -> Result:  # noqa: ARG001 -- another hash is another result
    freeze = casting.freeze_of(casting.poll_of(election_id))
    told: Mapping[str, int] = loads(_content(election_id, "result.json"))  # type: ignore[assignment]
    lot: Sequence[int] = told["lot"]  # type: ignore[assignment]
    papers = [row.marks for row in opened(election_id) if row.state in tallying.COUNTING]
    profile = tallying.profile_of(freeze, papers)
    outcome = tallying.outcome_of(freeze, papers, profile, lot)
    names = ("counted", "blank", "spoilt", "superseded", "server_sealed")
    return Result(freeze, profile, outcome, lot, *(told[name] for name in names))


def _content(election_id: int, name: str) -> bytes:
    document = elections.document(election_id, name)
    return document.content if document else b""


def opened(election_id: int) -> Iterator[Opened]:
    """Give every ballot as it was opened, sorted by its hash."""
    for line in _content(election_id, "opened.csv").decode().splitlines()[1:]:
        ballot, state, marks = line.split(",")
        yield Opened(bytes.fromhex(ballot), state, tuple(map(int, marks.split())))


def turnout(election_id: int) -> list[Turnout]:
    """Return the turnout by the size of employers at the freeze, without telling of fewer than five people.

    What is left out would be too few together where the whole gives it away: then the next smallest goes with it.
    """
    rows = (
        select(RollEntry.size_band, func.count(), func.count(TokenIssue.id))
        .outerjoin(TokenIssue, TokenIssue.entry_id == RollEntry.id)
        .where(RollEntry.election_id == election_id)
        .group_by(RollEntry.size_band)
    )
    found = {band: (on_roll, issued) for band, on_roll, issued in db.session.execute(rows)}
    hidden = _hidden(found)
    return [
        Turnout(band, *((None, None) if band in hidden else found[band])) for band in BANDS if band in found
    ]


def _hidden(found: Mapping[str, tuple[int, int]]) -> set[str]:
    hidden = {band for band, figures in found.items() if _tells_of_few(*figures)}
    others = sorted(found.keys() - hidden, key=lambda band: found[band])
    while hidden and others and _tells_of_few(*map(sum, zip(*(found[band] for band in hidden), strict=True))):
        hidden.add(others.pop(0))
    return hidden


def _tells_of_few(on_roll: int, issued: int) -> bool:
    return on_roll < LEAST or 0 < issued < LEAST or 0 < on_roll - issued < LEAST


def took_tokens(election_id: int) -> list[str]:
    """Return by name who took a token; who was erased since is not named."""
    rows = (
        select(Member.name)
        .join(RollEntry, RollEntry.member_id == Member.id)
        .join(TokenIssue, TokenIssue.entry_id == RollEntry.id)
        .where(RollEntry.election_id == election_id)
    )
    return list(db.session.scalars(rows.order_by(Member.name, Member.id)))


def quorate(result: Result) -> bool:
    """Say whether as many of the roll took part as the rules ask for, blank papers counted; a motion counts it itself."""
    quorum: Any = result.freeze.rules.get("quorum") or (0, 1)
    p, q = quorum
    return (
        result.outcome.rule == "motion" or (result.counted + result.blank) * q >= p * result.freeze.roll_size
    )


class Closeness(NamedTuple):
    """How close a result was, and how many votes were nobody's to cast.

    Attributes:
        margin: the closest decision between somebody elected and somebody not; None: there was none.
        closest: the closest of all, those among who were not elected too.
        wrong: tokens of members who should not have been on the roll, or which somebody else took.
        waiting: members who say that somebody else took theirs, and have no answer yet.
        decides: whether as many are wrong as that margin, so that the election is void.
    """

    margin: Margin | None
    closest: Margin | None
    wrong: int
    waiting: int
    decides: bool


def closeness(election_id: int, outcome: Outcome) -> Closeness:
    """Compare what went wrong with the smallest margin that decided."""
    margin = margins.smallest(outcome)
    wrong, waiting = _wrong(election_id)
    decides = margin is not None and wrong > 0 and wrong * outcome.units >= margin.units
    return Closeness(margin, margins.closest(outcome), wrong, waiting, decides)


def _wrong(election_id: int) -> tuple[int, int]:
    """Return how many issued tokens are known to be wrong, each member's once, and of how many it is not known yet."""
    entries = select(RollEntry.member_id).where(
        RollEntry.election_id == election_id, RollEntry.blocked_reason != "",
        exists().where(TokenIssue.entry_id == RollEntry.id),
    )  # fmt: skip
    told = select(ElectionComplaint.member_id, ElectionComplaint.upheld, ElectionComplaint.answered_at).where(
        ElectionComplaint.election_id == election_id, ElectionComplaint.kind == "did_not_vote"
    )
    complaints = db.session.execute(told).all()
    known = [
        *db.session.scalars(entries),
        *(row.member_id for row in complaints if row.answered_at and row.upheld),
    ]
    named = {member_id for member_id in known if member_id is not None}
    return len(named) + known.count(None), sum(row.answered_at is None for row in complaints)


def board_groups(result: Result, alone: int = 0) -> tuple[int, int, int]:
    """Return how the body is made up: seats taken, organization groups among them, the seats of the largest group.

    Whoever belongs to no organization is a group of one.

    Args:
        alone: directors who stay and belong to none; the freeze names the groups of the others.
    """
    groups = dict(result.freeze.staying)
    by_number = {one.number: one.group for one in result.freeze.candidates}
    for number in result.outcome.elected:
        group = by_number[number]
        if group is None:
            alone += 1
        else:
            groups[group] = groups.get(group, 0) + 1
    seats = sum(groups.values()) + alone
    return seats, len(groups) + alone, max([*groups.values(), min(alone, 1)], default=0)
