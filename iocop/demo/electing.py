"""Holds the demo's elections through the services: last year's to its archive, this year's to its campaign, a motion."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, func, select, update

from iocop.contributions.events import ContributionsLoaded
from iocop.contributions.services import Given
from iocop.core import clock
from iocop.core.db import act
from iocop.core.events import emit
from iocop.core.models import EventRow
from iocop.demo.personas import OFFICERS, PERSONAS
from iocop.demo.voters import Officers, Voters
from iocop.elections import life
from iocop.elections.models import (
    BoardHead,
    Election,
    ElectionRuleSet,
    Nomination,
    TokenIssue,
)
from iocop.elections.queries import casting, elections, roll
from iocop.elections.queries.elected import elected
from iocop.elections.queries.rules import rules_on
from iocop.elections.rules import Rules
from iocop.elections.services import acting, blocking, boxes, campaigning, counting, creating, nominating
from iocop.forums.services import reply
from iocop.members.queries import viewer_of
from iocop.roles.models import Decision
from iocop.roles.services import refresh_roles

if TYPE_CHECKING:
    from datetime import datetime

    from iocop.core.login import Viewer
    from iocop.demo.settle import Settlement

SOURCE: Final = Path(__file__).with_name("elections.toml")
SEED: Final = 20
"""By which the voters' minds are drawn: with it the seven of `personas.BOARD` are elected."""
MORNING: Final = timedelta(hours=9)
HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)

Source = dict[str, Any]


def read_source() -> Source:
    """Return who stands, what they say and when, as the file tells it."""
    return tomllib.loads(SOURCE.read_text("utf-8"))


def hold_elections(settlement: Settlement, now: datetime) -> None:
    """Hold every election in the current act, and tell nobody: it happened before they came."""
    with act() as session:
        before = session.scalar(select(func.max(EventRow.id))) or 0
        source = read_source()
        host = Host(settlement, now)
        for rules in source["rules"]:
            host.record(rules)
        last = host.last_years(source["last"])
        threads = host.this_years(source["now"], last)
        host.motion(source["motion"])
        session.execute(update(TokenIssue).values(told=True))
        session.execute(update(BoardHead).values(mailed_at=BoardHead.made_at))
        session.execute(delete(EventRow).where(EventRow.id > before))
        for member_id in host.elected:
            refresh_roles(member_id)
        emit(ContributionsLoaded(actor_id=None, root_ids=tuple(threads)))


class Host:
    """Does on the right day what officers, candidates and voters did."""

    def __init__(self, settlement: Settlement, now: datetime) -> None:
        self.settlement = settlement
        self._viewers: dict[int, Viewer] = {}
        self.midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        self.officers = [self._who(handle) for handle in OFFICERS]
        self.rng = Random(SEED)  # noqa: S311 -- nothing here is secret
        self.elected: set[int] = set()

    def _who(self, handle: str) -> Viewer:
        return self._viewer(self.settlement.members[handle])

    def _viewer(self, member_id: int) -> Viewer:
        if member_id not in self._viewers:
            found = viewer_of(member_id)
            if found is None:
                raise LookupError(f"nobody of the demo has the key {member_id}")
            self._viewers[member_id] = found
        return self._viewers[member_id]

    def record(self, given: Source) -> None:
        """Enter what the members decided about the rules of board elections."""
        at = self.midnight - given["days_ago"] * DAY + MORNING
        data = Rules(photo=False, term_months=12, statement_words=given["statement_words"]).as_data()
        with act() as session:
            decision = Decision(body="Members", decided_on=at.date(), text=given["text"], recorded_at=at)
            session.add(decision)
            session.flush()
            session.add(
                ElectionRuleSet(
                    kind="board", takes_effect_on=(at + 10 * DAY).date(), data=data, decision_id=decision.id,
                    vote=given["vote"], recorded_at=at, recorded_by_id=self.officers[0].id,
                )
            )  # fmt: skip

    def last_years(self, given: Source) -> Election:
        """Hold the election that gave the board of today its seats; return it, certified."""
        election = self._draft("board", given, seats=7)
        self._nominations(election, given["candidate"], [row["who"] for row in given["candidate"]])
        officers = self._opened(election)
        minds = {self.settlement.members[row["who"]]: row["weight"] for row in given["candidate"]}
        weights = {row.number or 0: minds[row.member_id] for row in elections.candidates(election.id)}
        voters = Voters(self.rng, election.id)
        for number, member_id in enumerate(self._turnout(election, given["turnout"])):
            with clock.telling(election.opens_at + number * (election.closes_at - election.opens_at) / 80):
                voters.rank(self._viewer(member_id), weights)
                if not number % 22:
                    blocking.catch_up(casting.poll_of(election.id))
        self._do(election, "close_voting", election.closes_at + HOUR)
        with clock.telling(election.closes_at + DAY):
            officers.give_private_keys(2)
            counting.open_what_can_be()
        self._do(election, "count", election.closes_at + DAY + HOUR)
        self._do(election, "certify", election.complaints_until + HOUR)
        self.elected = set(elected(election))
        return election

    def this_years(self, given: Source, last: Election) -> list[int]:
        """Bring this year's election into its campaign; return the candidates' threads."""
        election = self._draft("board", given, seats=7, starts=last.term_ends_on)
        rows = self._nominations(election, given["candidate"], given["seconders"])
        campaign = election.nominations_close_at + DAY
        asked = [(one, row) for one, row in zip(given["candidate"], rows, strict=True) if "thread" in one]
        return [
            self._thread(election, candidate, row, campaign + number * 7 * HOUR)
            for number, (candidate, row) in enumerate(asked)
        ]

    def _thread(self, election: Election, candidate: Source, row: Nomination, at: datetime) -> int:
        """Open a candidate's thread, in which a member asks and the candidate answers."""
        who, domain = self._who(candidate["who"]), self.settlement.domains[candidate["thread"]]
        with clock.telling(at):
            thread = campaigning.open_thread(who, election.id, row.id, domain).thread_id or 0
        asker, question, answer = candidate["asked"]
        with clock.telling(at + 9 * HOUR):
            post = reply(
                self._who(asker),
                thread,
                Given(kind="reply", text=question, submission_key=f"demo-asked-{row.id}"),
            )
        with clock.telling(at + 23 * HOUR):
            reply(who, post.id, Given(kind="reply", text=answer, submission_key=f"demo-said-{row.id}"))
        return thread

    def motion(self, given: Source) -> None:
        """Open the vote on a motion, so that whoever looks at the demo can cast a ballot."""
        election = self._draft("motion", given, question=given["question"])
        self._do(election, "open_campaign", election.nominations_open_at)
        self._opened(election)
        voters = Voters(self.rng, election.id)
        for number, member_id in enumerate(self._turnout(election, given["turnout"])):
            with clock.telling(election.opens_at + (number + 1) * HOUR / 2):
                voters.answer(self._viewer(member_id))
        with clock.telling(election.opens_at + 8 * HOUR):
            blocking.catch_up(casting.poll_of(election.id))

    def _draft(
        self, kind: str, given: Source, *, seats: int = 1, question: str = "", starts: Any = None
    ) -> Election:
        begins = self.midnight - given["begins"] * DAY + MORNING
        with clock.telling(begins - 3 * DAY):
            dates = life.proposed(kind, begins, rules_on(kind, clock.now().date()))
            draft = creating.Draft(
                kind=kind, title=given["title"], dates=dates, officers=tuple(one.id for one in self.officers),
                term_starts_on=starts or (dates.complaints_until + DAY).date(), seats=seats, about=given["about"],
                question=question,
            )  # fmt: skip
            election = creating.create_election(self.officers[0], draft)
        boxes.destroy(election.id)  # a box that an earlier, broken-off start left behind is nobody's
        return election

    def _nominations(self, election: Election, given: list[Source], seconders: list[str]) -> list[Nomination]:
        """Have everybody proposed, accepted, seconded and admitted, and the campaign begun."""
        begins = election.nominations_open_at
        self._do(election, "open_nominations", begins)
        rows = []
        for number, candidate in enumerate(given):
            at = begins + (number + 1) * 26 * HOUR
            rows.append(
                self._stands(election, candidate, [one for one in seconders if one != candidate["who"]], at)
            )
        closed = election.nominations_close_at
        self._do(election, "close_nominations", closed + HOUR)
        for number, row in enumerate(rows):
            self._do(election, "admit_nomination", closed + 2 * HOUR + number * HOUR / 6, row.id)
        self._do(election, "finish_screening", closed + 6 * HOUR)
        return rows

    def _stands(
        self, election: Election, candidate: Source, seconders: list[str], at: datetime
    ) -> Nomination:
        who = self._who(candidate["who"])
        with clock.telling(at):
            row = nominating.nominate(who, election.id, who.id)
            text = " ".join(candidate["statement"].split())
            nominating.accept(who, election.id, row.id, text, candidate["interests"])
        for number, handle in enumerate(self.rng.sample(seconders, 2), 1):
            with clock.telling(at + number * 5 * HOUR):
                nominating.second(self._who(handle), election.id, row.id)
        return row

    def _opened(self, election: Election) -> Officers:
        """Give keys, freeze, sign, open the poll."""
        officers = Officers(self.rng, election.id, self.officers)
        with clock.telling(election.opens_at - 12 * HOUR):
            officers.give_keys()
        self._do(election, "freeze", election.opens_at - 10 * HOUR)
        with clock.telling(election.opens_at - 2 * HOUR):
            officers.sign_opening()
        self._do(election, "open_voting", election.opens_at)
        return officers

    def _turnout(self, election: Election, count: int) -> list[int]:
        """Draw who votes; the member a visitor plays does not, and can."""
        played = {self.settlement.members.get(persona.handle) for persona in PERSONAS}
        return self.rng.sample([one for one in roll.on_roll(election.id) if one not in played], count)

    def _do(self, election: Election, verb: str, at: datetime, subject_id: int | None = None) -> None:
        """Have one officer propose an act and another confirm it within the hour."""
        first, second = self.rng.sample(self.officers, 2)
        with clock.telling(at):
            proposed = acting.propose(first, election.id, verb, subject_id=subject_id)
        with clock.telling(at + HOUR / 6):
            acting.confirm(second, proposed.id)
