"""The demo's elections: the one that gave the board its seats verifies, one is in campaign, a motion is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from iocop.core import clock
from iocop.core.db import db
from iocop.core.models import EventRow, MailRow
from iocop.demo import personas
from iocop.demo.electing import read_source
from iocop.elections.models import Election, RollEntry, TokenIssue
from iocop.elections.queries import archive, candidacy, casting, elections
from iocop.elections.queries.elected import elected
from iocop.elections.queries.roll import entry_of
from iocop.elections.queries.rules import standing
from iocop.elections.services.boxes import box_of
from iocop.forums.models import Topic
from iocop.members.models import Member
from iocop.roles.models import Decision, RoleGrant
from iocop.roles.queries import holders
from tests.client import Browser

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask


def of(state: str) -> Election:
    return db.session.scalars(select(Election).where(Election.state == state)).one()


def handles(keys: list[int]) -> set[str]:
    return set(db.session.scalars(select(Member.handle).where(Member.id.in_(keys))))


def test_the_board_holds_its_seats_by_last_years_certified_election(filled: Flask) -> None:
    last = of("certified")

    assert handles(elected(last)) == set(personas.BOARD)
    assert set(holders("board_member")) == set(elected(last))
    decisions = select(RoleGrant.decision_id).where(RoleGrant.role == "board_member").distinct()
    assert db.session.scalars(decisions).all() == [last.decision_id]
    assert "frozen under the hash" in last.certificate
    assert "board_member" in db.session.get_one(Member, elected(last)[0]).roles
    assert db.session.get_one(Decision, last.decision_id).body == "The members, by ballot"


def test_last_years_archive_verifies(filled: Flask, tmp_path: Path) -> None:
    last = of("certified")
    packed = archive.pack(last.id, box_of(casting.freeze_of(casting.poll_of(last.id))))
    assert packed is not None
    (tmp_path / "last.zip").write_bytes(packed)

    result = filled.test_cli_runner().invoke(args=["elections", "verify", str(tmp_path / "last.zip")])

    assert result.exit_code == 0, result.output
    assert "60 tokens, 60 ballots" in result.output


def test_this_years_is_in_campaign_with_eleven_for_seven_seats(filled: Flask) -> None:
    now, last = of("campaign"), of("certified")
    standing_now = candidacy.shown(now.id, ("admitted",))

    assert (len(standing_now), now.seats, now.term_starts_on) == (11, 7, last.term_ends_on)
    assert now.nominations_close_at < clock.now() < now.opens_at
    assert min(len(row.nomination.statement.split()) for row in standing_now) >= 100
    assert all(row.nomination.interests and row.seconders == 2 for row in standing_now)
    threads = [row.nomination.thread_id for row in standing_now if row.nomination.thread_id]
    assert db.session.scalars(select(Topic.posts).where(Topic.id.in_(threads))).all() == [3, 3, 3]
    assert handles([row.member_id for row in elections.officers(now.id)]) == set(personas.OFFICERS)
    assert len(standing("board", clock.now().date()).past) == 1


def test_the_member_a_visitor_plays_can_vote_on_a_motion(filled: Flask) -> None:
    motion = of("voting")
    niamh = db.session.scalars(select(Member).where(Member.handle == personas.MEMBER)).one()

    assert motion.opens_at < clock.now() < motion.closes_at
    entry = entry_of(motion.id, niamh.id)
    assert entry is not None
    assert casting.issue_of(entry.id) is None
    page = Browser(filled).sign_in(niamh).get("/").text
    assert "Vote: Where we meet" in page


def test_nobody_is_mailed_or_told_of_what_happened_before_they_came(filled: Flask) -> None:
    assert db.session.scalar(select(func.count()).where(EventRow.name.like("Election%"))) == 0
    assert db.session.scalar(select(func.count()).where(MailRow.kind.in_(("election", "notice")))) == 0
    assert set(db.session.scalars(select(TokenIssue.told))) == {True}
    assert (db.session.scalar(select(func.count()).select_from(RollEntry)) or 0) > 200


@pytest.mark.parametrize("which", ["last", "now"])
def test_statements_are_as_long_as_the_rules_of_their_day_ask(which: str) -> None:
    source = read_source()
    least = source["rules"][0 if which == "last" else 1]["statement_words"]
    texts = [candidate["statement"] for candidate in source[which]["candidate"]]

    assert min(len(text.split()) for text in texts) >= least
    assert len({text[:40] for text in texts}) == len(texts)
