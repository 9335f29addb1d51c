"""The pages of elections a browser looks at: the demo's, and one more at each stage that the demo has none of."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from iocop.core import clock
from iocop.core.db import act, db
from iocop.demo.personas import MODERATOR, OFFICERS
from iocop.elections import life
from iocop.elections.models import Election, ElectionComplaint, Nomination
from iocop.elections.queries.rules import rules_on
from iocop.elections.services import creating
from iocop.elections.services.closing import write_document
from iocop.members.models import Member
from tests.browser.links import inside
from tests.browser.person import MEMBER
from tests.factories import viewer_of
from tests.people import officer

if TYPE_CHECKING:
    from tests.browser.site import Site

OFFICER = MODERATOR
"""Whom the demo lets one be; made a returning officer here."""
COUNTED = "select id from election where kind = 'board' and state = 'certified' order by id limit 1"
STANDS = "select election_id, id from nomination where state = 'admitted' order by id desc limit 1"
AT = "select id from election where title = ?"
ASKED = "select id from nomination where state = 'proposed' order by id desc limit 1"
FILES = {
    f"elections.{name}"
    for name in (
        "archive", "block", "candidates", "document", "freeze", "frozen_booth", "heads", "newest", "newest_booth",
        "own", "register", "state", "vote",
    )
}  # fmt: skip
"""What is asked with GET and is a file, or the booth: tests/elections/booth looks at that."""
OF_FEW = {"elections.campaign", "elections.plain_ballot"}
"""A candidate's own page, and one that only other rules open: tests/elections look at their HTML."""


def want_more(site: Site) -> None:
    """Leave an election in nominations that asks the member to stand, one to sign, one to open, and a complaint."""
    if site.rows(AT, "Stage nominations"):
        return
    with inside(site):
        found = {
            row.handle: row
            for row in db.session.scalars(select(Member))
            if row.handle in {OFFICER, *OFFICERS, MEMBER}
        }
        officers = [found[handle] for handle in (OFFICER, *OFFICERS[:2])]
        member = found[MEMBER]
        officer(officers[0], "returning_officer")
        for state in ("draft", "nominations", "campaign", "sealed"):
            _stage(state, officers)
        asking = db.session.scalars(select(Election).where(Election.state == "nominations")).first()
        assert asking is not None
        with act() as session:
            of_both = {"election_id": asking.id, "member_id": member.id}
            session.add(Nomination(**of_both, nominated_by_id=officers[0].id, nominated_at=clock.now()))
            session.add(
                ElectionComplaint(**of_both, kind="complaint", text="My mail came late.", made_at=clock.now())
            )


def _stage(state: str, officers: list[Member]) -> None:
    """Prepare an election and put it where it is to be looked at; its frozen documents are empty."""
    now = clock.now()
    draft = creating.Draft(
        kind="board", title=f"Stage {state}", officers=tuple(one.id for one in officers), seats=2,
        dates=life.proposed("board", now + timedelta(days=1), rules_on("board", now.date())),
        term_starts_on=now.date() + timedelta(days=90),
    )  # fmt: skip
    election = creating.create_election(viewer_of(officers[0]), draft)
    with act():
        election.state, election.nominations_open_at = state, now - timedelta(hours=1)
        if state in {"campaign", "sealed"}:
            write_document(election.id, "freeze.json", b"{}")
        if state == "sealed":
            write_document(election.id, "sealed.json", b"{}")


def of_everybody(site: Site) -> list[str]:
    """Return what a guest sees too."""
    want_more(site)
    election, stands = site.rows(STANDS)[0]
    counted = f"/elections/{site.value(COUNTED)}"
    return [
        f"/elections/{election}", f"/elections/{election}/candidates/{stands}", counted,
        *(f"{counted}/{page}" for page in ("result", "opened", "opened?hash=zz", "board", "acts")),
        *(f"/elections/{topic}" for topic in ("secret", "risks", "check")),
        f"/elections/rules/{site.value('select min(id) from election_rule_set')}",
    ]  # fmt: skip


def of_member(site: Site) -> list[str]:
    """Return where a member proposes, stands and complains."""
    asking = f"/elections/{site.value(AT, 'Stage nominations')}"
    return [f"{asking}/nominate", f"{asking}/candidates/{site.value(ASKED)}/stand", f"{asking}/complaints"]


def of_officer(site: Site) -> list[str]:
    """Return the desk with everything on it."""
    at = {
        state: f"/elections/{site.value(AT, f'Stage {state}')}/desk"
        for state in ("draft", "nominations", "campaign", "sealed")
    }
    return [
        "/elections/desks", at["draft"], f"{at['draft']}/draft", f"{at['draft']}/void",
        at["nominations"], f"{at['nominations']}/keys", f"{at['nominations']}/roll", f"{at['campaign']}/sign",
        f"{at['sealed']}/open", f"/elections/complaints/{site.value('select max(id) from election_complaint')}/answer",
    ]  # fmt: skip
