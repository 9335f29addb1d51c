"""How a member became who they are here, on the profile, as far as its reader may know."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from sqlalchemy import update

from iocop.contributions.models import Contribution
from iocop.core import clock
from iocop.core.db import act
from iocop.core.versions import bump
from iocop.forums import services as forums
from iocop.members.numbers import shown
from iocop.reputation.models import RungChange
from tests.factories import make_organization, saved, viewer_of
from tests.forums.factories import make_answer, make_domain, make_topic
from tests.people import belong, officer, person
from tests.repertoire.factories import make_article
from tests.reputation.standing import stand
from tests.search.factories import index_all

if TYPE_CHECKING:
    from iocop.members.models import Member
    from tests.client import Browser

JOINED = datetime(2025, 1, 15, 9, tzinfo=UTC)


def timeline(browser: Browser, member: Member) -> list[tuple[str, str]]:
    page = browser.page(f"/id/{shown(member.number)}")
    rows = page.select("section[aria-labelledby=becoming] .timeline li")
    found = []
    for row in rows:
        assert row.time is not None
        day = row.time.extract()
        found.append((day.text, " ".join(row.text.split())))
    return found


@pytest.mark.theory("3.7")
def test_first_deeds_levels_employers_and_offices_stand_on_the_timeline_by_ascending_date(
    browser: Browser,
) -> None:
    acme, rival = make_organization(name="Acme"), make_organization(name="Rival")
    domain = make_domain(name="Hydronics")
    ada = person("Ada Aspen", joined_at=JOINED)
    belong(ada, acme, valid_from=date(2021, 5, 1), valid_to=date(2025, 9, 1))
    belong(ada, rival, valid_from=date(2025, 9, 1))
    asker = person("Cleo Cherry")
    with time_machine.travel(JOINED, tick=False) as clock_:
        for month, deed in enumerate(("question", "answer", "accepted", "article", "level", "office"), 1):
            clock_.move_to(JOINED + timedelta(days=31 * month))
            _do(deed, ada, asker, domain.id)
        clock_.move_to(JOINED + timedelta(days=400))
        make_answer(make_topic(), author=ada)  # not the first

        expected = [
            ("May 2021", "At Acme"), ("January 2025", "Joined"), ("February 2025", "First question"),
            ("March 2025", "First answer"), ("April 2025", "First accepted answer"), ("May 2025", "First article"),
            ("June 2025", "Participant in Hydronics"), ("July 2025", "Moderator"), ("September 2025", "At Rival"),
        ]  # fmt: skip
        assert timeline(browser, ada) == expected
        assert timeline(browser.fresh().sign_in(asker), ada) == expected


def _do(deed: str, ada: Member, asker: Member, domain_id: int) -> None:
    if deed == "question":
        make_topic(author=ada, domain_ids=(domain_id,))
    elif deed == "answer":
        make_answer(make_topic(author=asker, domain_ids=(domain_id,)), author=ada)
    elif deed == "accepted":
        topic = make_topic(author=asker)
        forums.accept_answer(viewer_of(asker), topic.id, make_answer(topic, author=ada).id)
    elif deed == "article":
        make_article(author=ada)
    elif deed == "level":
        made = RungChange(
            member_id=ada.id, domain_id=domain_id, at=_now(), old=0, new=1, why="reached", evidence={}
        )
        saved(made)
    else:
        officer(ada, "moderator", valid_from=_now())


def _now() -> datetime:
    return clock.now()


def test_what_the_reader_may_not_read_or_its_author_sealed_is_no_step(browser: Browser) -> None:
    """A question shared with members, and a sealed answer: the guest reads of neither, the member of the first."""
    ada, ben = person("Ada Aspen", joined_at=JOINED), person("Ben Beech")
    make_topic(author=ada, label="members")
    sealed = make_answer(make_topic(author=ben), author=ada)
    with act() as session:
        session.execute(update(Contribution).where(Contribution.id == sealed.id).values(byline="sealed"))
        bump("topics", "people")

    assert [words for _, words in timeline(browser, ada)] == ["Joined"]
    assert [words for _, words in timeline(browser.fresh().sign_in(ben), ada)] == ["Joined", "First question"]


def test_an_employer_shown_to_nobody_is_on_nobodys_timeline_but_ones_own(browser: Browser) -> None:
    ada, ben = person("Ada Aspen", joined_at=JOINED), person("Ben Beech")
    belong(ada, make_organization(name="Acme"), visibility="self")
    for reader, expected in ((ben, ["Joined"]), (ada, ["At Acme", "Joined"])):
        assert [words for _, words in timeline(browser.fresh().sign_in(reader), ada)] == expected


def test_an_answer_one_accepted_oneself_is_no_accepted_answer(browser: Browser) -> None:
    ada = person("Ada Aspen", joined_at=JOINED)
    topic = make_topic(author=ada)
    forums.accept_answer(viewer_of(ada), topic.id, make_answer(topic, author=ada).id)
    assert [words for _, words in timeline(browser, ada)] == ["Joined", "First question", "First answer"]


def test_the_profile_names_levels_and_leads_to_what_they_rest_on(browser: Browser) -> None:
    ada, domain = person("Ada Aspen", joined_at=JOINED), make_domain(name="Hydronics")
    stand(ada, domain, 2)
    page = browser.page(f"/id/{shown(ada.number)}")
    section = page.select_one("section[aria-labelledby=standing]")
    assert section is not None
    assert "Practitioner in Hydronics" in section.text
    assert section.select_one(f"a[href='/id/{shown(ada.number)}/standing']")


def test_members_in_lists_carry_their_levels(browser: Browser) -> None:
    """Three at most, the highest first; in a list narrowed to a domain, the one there."""
    domains = [make_domain(name=name) for name in ("Hydronics", "Controls", "Air", "Noise")]
    ada, ben = person("Ada Aspen"), person("Ben Beech")
    for level, domain in enumerate(domains, 1):
        stand(ada, domain, level)
    browser.sign_in(ben)

    def chips(path: str) -> list[str]:
        return [chip.text for chip in browser.page(path).select(".list-row .chip")]

    assert chips("/members") == ["Master in Noise", "Expert in Air", "Practitioner in Controls"]
    assert chips("/members?domain=999") == []


def test_people_that_were_searched_for_carry_their_levels(browser: Browser) -> None:
    ada, domain = person("Ada Aspen"), make_domain(name="Hydronics")
    stand(ada, domain, 3)
    index_all()
    rows = browser.page("/search?q=Aspen&kind=members").select(".list-row .chip")
    assert [chip.text for chip in rows] == ["Expert in Hydronics"]
