"""The life of an election: its states, what brings it from one to the next, from when and until when. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime

    from iocop.elections.rules import Rules

END: Final = frozenset({"certified", "void"})


class Dates(NamedTuple):
    """The moments of one election, in their order."""

    nominations_open_at: datetime
    nominations_close_at: datetime
    opens_at: datetime
    closes_at: datetime
    keys_until: datetime
    complaints_until: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """An act that brings an election from one state to the next.

    Attributes:
        earliest: the date before which it cannot be; empty: at any time in its state.
        latest: the date after which it cannot be; empty: at any time.
        room: the rule that says how many days must still lie before *latest*.
        frozen: whether the freeze must stand.
    """

    verb: str
    source: str
    target: str
    earliest: str = ""
    latest: str = ""
    room: str = ""
    frozen: bool = False


STEPS: Final = (
    Step("open_nominations", "draft", "nominations", "nominations_open_at", "nominations_close_at", "nomination_days"),
    Step("close_nominations", "nominations", "screening", "nominations_close_at", "opens_at"),
    Step("finish_screening", "screening", "campaign", "nominations_close_at", "opens_at"),
    Step("open_campaign", "draft", "campaign", "", "opens_at"),
    Step("open_voting", "campaign", "voting", "opens_at", "closes_at", "voting_days", frozen=True),
    Step("close_voting", "voting", "sealed", "closes_at", frozen=True),
    Step("count", "sealed", "counted", "closes_at", frozen=True),
    Step("elect_unopposed", "screening", "counted", "nominations_close_at", "opens_at"),
    Step("count_back", "draft", "counted"),
    Step("certify", "counted", "certified", "complaints_until"),
)  # fmt: skip
"""Every transition but *void*, which leads out of every state before the end."""

POLL: Final = ("draft", "nominations", "screening", "campaign", "voting", "sealed", "counted", "certified")
MOTION: Final = ("draft", "campaign", "voting", "sealed", "counted", "certified")
UNOPPOSED: Final = ("draft", "nominations", "screening", "counted", "certified")
COUNTBACK: Final = ("draft", "counted", "certified")

BEFORE_THE_FREEZE: Final = frozenset({"draft", "nominations", "screening", "campaign"})


@dataclass(frozen=True, slots=True)
class Deed:
    """An act that leaves the election in its state.

    Attributes:
        states: in which it can be done.
        frozen: whether the freeze must stand (True), must not (False), or does not matter (None).
        about: what its subject is; empty: nothing.
    """

    verb: str
    states: frozenset[str]
    frozen: bool | None = None
    about: str = ""


DEEDS: Final = (
    Deed("admit_nomination", frozenset({"nominations", "screening", "campaign"}), False, "nomination"),
    Deed("refuse_nomination", frozenset({"nominations", "screening", "campaign"}), False, "nomination"),
    Deed("extend", frozenset({"nominations", "screening", "campaign"}), False, "days"),
    Deed("freeze", frozenset({"campaign"}), False),
    Deed("thaw", frozenset({"campaign"}), True),
    Deed("block_token", frozenset({"campaign", "voting"}), True, "entry"),
    Deed("correct_roll", frozenset({"campaign", "voting", "sealed", "counted"}), True, "entry"),
    Deed("answer_complaint", frozenset(POLL) - {"draft", "certified"}, None, "complaint"),
    Deed("name_officer", frozenset(POLL) - {"draft", "certified"}, None, "officer"),
    Deed("relieve_officer", frozenset(POLL) - {"draft", "certified"}, None, "officer"),
)  # fmt: skip

APPOINTING: Final = frozenset({"name_officer", "relieve_officer"})
"""Acts about who the officers are; a draft's are simply written anew."""

VERBS: Final = (*(step.verb for step in STEPS), *(deed.verb for deed in DEEDS), "void")
WITH_REASON: Final = frozenset(
    {
        "void", "refuse_nomination", "block_token", "correct_roll", "extend", "thaw", "answer_complaint",
        "name_officer", "relieve_officer",
    }
)  # fmt: skip
"""What is done only with words that are published with it."""


def path(kind: str, *, poll: bool = True) -> tuple[str, ...]:
    """Return the states an election of a kind goes through, one after the other.

    Args:
        poll: False: there are no more candidates than seats, and the rules ask for no affirmation.
    """
    if kind == "vacancy":
        return COUNTBACK
    if kind == "motion":
        return MOTION
    return POLL if poll else UNOPPOSED


def step_of(verb: str) -> Step | None:
    return next((step for step in STEPS if step.verb == verb), None)


def deed_of(verb: str) -> Deed | None:
    return next((deed for deed in DEEDS if deed.verb == verb), None)


def steps_from(state: str, kind: str, *, poll: bool = True) -> list[Step]:
    """Return the one step that leads on along the path of an election; none at its end."""
    states = path(kind, poll=poll)
    if state not in states or state == states[-1]:
        return []
    following = states[states.index(state) + 1]
    return [step for step in STEPS if (step.source, step.target) == (state, following)]


def target(verb: str, state: str) -> str:
    """Return the state an act leads to; the same where it leads nowhere."""
    if verb == "void":
        return "void"
    step = step_of(verb)
    return step.target if step else state


def fits(verb: str, state: str, kind: str, *, poll: bool = True, frozen: bool = False) -> bool:
    """Say whether an act can be done in a state, whatever the date."""
    if verb == "void":
        return state not in END
    deed = deed_of(verb)
    if deed is not None:
        return state in deed.states and deed.frozen in {None, frozen}
    return any(
        step.verb == verb and (frozen or not step.frozen) for step in steps_from(state, kind, poll=poll)
    )


def earliest(verb: str, dates: Dates) -> datetime | None:
    """Return the moment from which an act can be done; None: at once."""
    step = step_of(verb)
    return getattr(dates, step.earliest) if step and step.earliest else None


def latest(verb: str, dates: Dates, rules: Rules) -> datetime | None:
    """Return the last moment at which an act can be done; None: there is none."""
    step = step_of(verb)
    if step is None or not step.latest:
        return None
    end: datetime = getattr(dates, step.latest)
    room: int = getattr(rules, step.room) if step.room else 0
    return end - timedelta(days=room)


def proposed(kind: str, begins: datetime, rules: Rules) -> Dates:
    """Return dates that keep every least length, with a day to spare for two officers to meet at the desk."""
    if kind == "vacancy":
        return Dates(begins, begins, begins, begins, begins, begins + timedelta(days=rules.complaint_days))
    spare = timedelta(days=1)
    weeks = timedelta(days=7)
    closed = begins if kind == "motion" else begins + timedelta(days=rules.nomination_days) + spare
    opens = closed + (weeks if kind == "motion" else 2 * weeks)
    closes = opens + timedelta(days=rules.voting_days) + spare
    keys = closes + timedelta(days=rules.key_days)
    return Dates(begins, closed, opens, closes, keys, keys + timedelta(days=rules.complaint_days))


def moved(dates: Dates, at: datetime, days: int) -> Dates:
    """Return the dates with all that are still to come so many days later."""
    later = timedelta(days=days)
    return Dates(*(moment + later if moment > at else moment for moment in dates))


def too_short(kind: str, dates: Dates, rules: Rules) -> dict[str, tuple[str, int]]:
    """Return which dates lie too early, each with the date it follows and the least days between.

    A motion has no nominations, a casual vacancy no poll.
    """
    if kind == "vacancy":
        return {}
    least = {
        "nominations_close_at": ("nominations_open_at", 0 if kind == "motion" else rules.nomination_days),
        "opens_at": ("nominations_close_at", 0),
        "closes_at": ("opens_at", rules.voting_days),
        "keys_until": ("closes_at", rules.key_days),
        "complaints_until": ("keys_until", rules.complaint_days),
    }
    return {
        name: (before, days)
        for name, (before, days) in least.items()
        if getattr(dates, name) < getattr(dates, before) + timedelta(days=days)
    }
