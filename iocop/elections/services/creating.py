"""An election begins as a draft: what it decides, when, under whose eyes."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete

from iocop.core import audit, clock
from iocop.core.db import act
from iocop.core.errors import Invalid
from iocop.core.events import emit
from iocop.core.policy import require
from iocop.core.text.render import render
from iocop.elections import life, policy
from iocop.elections.events import ElectionChanged, ElectionCreated
from iocop.elections.models import Election, ElectionOfficer, ElectionSecret
from iocop.elections.queries.elections import election as election_of
from iocop.elections.queries.elections import locked
from iocop.elections.queries.rules import in_force
from iocop.elections.rules import Rules, months_after
from iocop.elections.sealing import seeds
from iocop.elections.services.founding import founding_rules
from iocop.roles.queries import holders

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from iocop.core.login import Viewer

LONGEST_TITLE = 160
LONGEST_ABOUT = 20_000
MOST_SEATS = 50
MOST_OFFICERS = 15


@dataclass(frozen=True)
class Draft:
    """What an election is to be.

    Attributes:
        kind: one of `models.elections.KINDS`.
        question: what a motion asks.
        office: the role the elected get.
        officers: members who hold the office of returning officer, two or more, each once; the first chairs.
        needed: how many officers' keys open the ballots: 2 or more, and more than half.
        earlier_id, vacated_by_id: for a casual vacancy: the election it is filled from, and whose seat it is.
    """

    kind: str
    title: str
    dates: life.Dates
    officers: tuple[int, ...]
    term_starts_on: date
    seats: int = 1
    needed: int = 2
    office: str = "board_member"
    about: str = ""
    question: str = ""
    earlier_id: int | None = None
    vacated_by_id: int | None = None


def create_election(actor: Viewer, draft: Draft) -> Election:
    """Begin an election as a draft; the seed of its lot is committed to at once.

    Raises:
        Refused: neither a returning officer nor an administrator.
        Invalid: a field is missing or cannot be; dates shorter than the rules in force ask for.
    """
    html = render(draft.about).html if draft.about else ""
    with act() as session:
        now = clock.now()
        require(policy.may_create_election(actor, now))
        row = in_force(draft.kind, now.date()) or founding_rules(draft.kind)
        check(draft, Rules.from_data(row.data))
        election = Election(
            kind=draft.kind, rule_set_id=row.id, rules=row.data, created_at=now, created_by_id=actor.id,
            state_since=now, **_columns(draft, Rules.from_data(row.data), html),
        )  # fmt: skip
        session.add(election)
        session.flush()
        _appoint(session, election, draft.officers)
        seed = secrets.token_bytes(seeds.LENGTH)
        session.add(ElectionSecret(election_id=election.id, seed=seed, seed_commitment=seeds.commit(seed)))
        audit.record("election.create", actor.id, f"election:{election.id}")
        emit(ElectionCreated(actor.id, election_id=election.id))
    return election


def change_draft(actor: Viewer, election_id: int, draft: Draft) -> Election:
    """Write a draft anew; its kind stays. Officers who are no longer named take their keys with them.

    Raises:
        Refused: no officer of it, or it is no draft any more.
        Invalid: as `create_election`.
    """
    html = render(draft.about).html if draft.about else ""
    with act() as session:
        election = locked(election_id)
        require(policy.may_change_draft(actor, election, clock.now()))
        row = in_force(election.kind, clock.now().date()) or founding_rules(election.kind)
        rules = Rules.from_data(row.data)
        check(draft, rules)
        for name, value in _columns(draft, rules, html).items():
            setattr(election, name, value)
        election.rule_set_id, election.rules = row.id, row.data
        _appoint(session, election, draft.officers)
        audit.record("election.change", actor.id, f"election:{election.id}")
        emit(ElectionChanged(actor.id, election_id=election.id))
    return election


def _columns(draft: Draft, rules: Rules, html: str) -> dict[str, object]:
    ends = None if draft.kind == "motion" else months_after(draft.term_starts_on, rules.term_months)
    if draft.earlier_id is not None:  # who fills a seat serves the rest of its term
        ends = election_of(draft.earlier_id).term_ends_on
    return {
        "title": draft.title.strip(), "about": draft.about, "about_html": html, "question": draft.question.strip(),
        "office": draft.office, "seats": draft.seats, "term_starts_on": draft.term_starts_on, "term_ends_on": ends,
        "needed": draft.needed, "earlier_id": draft.earlier_id, "vacated_by_id": draft.vacated_by_id,
        **draft.dates._asdict(),
    }  # fmt: skip


def _appoint(session: Session, election: Election, member_ids: tuple[int, ...]) -> None:
    """Name the officers; their keys are made anew whenever the list changes, for a number is part of a share."""
    session.execute(delete(ElectionOfficer).where(ElectionOfficer.election_id == election.id))
    for number, member_id in enumerate(member_ids, 1):
        session.add(
            ElectionOfficer(election_id=election.id, member_id=member_id, number=number, chairs=number == 1)
        )
    session.flush()


def check(draft: Draft, rules: Rules) -> None:
    """Go on only if a draft can become an election under some rules.

    Raises:
        Invalid: with the field and the mend.
    """
    _check_words(draft)
    if not 1 <= draft.seats <= MOST_SEATS:
        raise Invalid(_l("Give a number of seats from 1 to 50."), "seats")
    if draft.kind in {"office", "motion"} and draft.seats != 1:
        raise Invalid(_l("This kind of election fills one place: give 1."), "seats")
    _check_officers(draft)
    if draft.kind == "vacancy":
        if draft.earlier_id is None or draft.vacated_by_id is None:
            raise Invalid(_l("Choose the seat that fell vacant, and the election it was won in."), "vacated")
        return
    for name, (_before, days) in life.too_short(draft.kind, draft.dates, rules).items():
        raise Invalid(
            _l(
                "Leave at least %(days)s days after the date before this one: the rules ask for it.",
                days=days,
            ),
            name,
        )


def _check_words(draft: Draft) -> None:
    if not 3 <= len(draft.title.strip()) <= LONGEST_TITLE:
        raise Invalid(_l("A title has 3 to 160 characters."), "title")
    if len(draft.about) > LONGEST_ABOUT:
        raise Invalid(_l("Keep it to 20,000 characters."), "about")
    if draft.kind == "motion" and not draft.question.strip():
        raise Invalid(_l("Write the question members answer with yes or no."), "question")


def _check_officers(draft: Draft) -> None:
    named = draft.officers
    if not 2 <= len(set(named)) <= MOST_OFFICERS or len(set(named)) < len(named):
        raise Invalid(_l("Choose two to fifteen officers, each once; three are usual."), "officers")
    if not set(named) <= set(holders("returning_officer", clock.now())):
        raise Invalid(_l("Choose among those who hold the office of returning officer today."), "officers")
    if not 2 <= draft.needed <= len(named) or 2 * draft.needed <= len(named):
        raise Invalid(
            _l("At least two keys open the ballots, more than half of the officers' and at most all."),
            "needed",
        )
