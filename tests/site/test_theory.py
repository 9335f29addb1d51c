"""Observations of the theory register that need more than one feature."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine

from iocop.contributions.services import mark
from iocop.core.login import GUEST
from iocop.domains.services import add_sub_topic, write_charter
from iocop.forums.queries.listing import time_to_first_answer
from iocop.moderation import services as moderation
from iocop.moderation.queries import off_practice
from tests.contributions.factories import make_office
from tests.factories import make_member, make_organization, viewer_of
from tests.forums.factories import make_answer, make_domain, make_topic
from tests.people import officer, person

if TYPE_CHECKING:
    from tests.client import Browser


@pytest.mark.theory("0.15")
def test_a_domain_tells_median_and_ninetieth_percentile_of_the_first_answers(browser: Browser) -> None:
    """Nine questions answered after 1, 2, … 9 hours, one still waiting: 5 h, and 8.2 h by linear interpolation."""
    domain, elsewhere = make_domain(name="Hydronics"), make_domain(name="Controls")
    monday = datetime(2026, 3, 2, 8, tzinfo=UTC)
    with time_machine.travel(monday, tick=False) as clock_:
        topics = [make_topic(domain_ids=(domain.id,), title=f"Question {number}?") for number in range(10)]
        other = make_topic(domain_ids=(elsewhere.id,))
        for hours, topic in enumerate(topics[:9], 1):
            clock_.move_to(monday + timedelta(hours=hours))
            make_answer(topic)
            make_answer(topic)  # a second answer changes nothing
        make_answer(other)

    assert time_to_first_answer(GUEST, domain.id) == pytest.approx((5.0, 8.2, 9))
    page = " ".join(browser.page("/domains/hydronics").get_text(" ").split())
    assert "First answer, median 5 h" in page
    assert "90 of 100 within 8 h, n = 9" in page


@pytest.mark.theory("0.3c")
def test_the_share_judged_off_the_practice_is_reported(browser: Browser) -> None:
    """Two of eight posts were reported as off the practice, one of them rightly; a third went for another reason."""
    topics = [make_topic(title=f"Question {number}?") for number in range(4)]
    answers = [make_answer(topic) for topic in topics]
    office = make_office(make_member(roles=["moderator"]))
    reporter = viewer_of(make_member())
    for post, reason in zip(answers, ["off_practice", "off_practice", "spam"], strict=False):
        moderation.report(reporter, post.id, reason, "")
    for post, ruling in zip(answers, ["remove", "dismiss", "remove"], strict=False):
        moderation.rule(office, post.id, ruling, "So it is.")

    assert off_practice(GUEST) == (1, 8)
    log = browser.page("/moderation/log").select_one("main")
    assert log is not None
    assert "1 post, 12.5 % of all you may read, was judged off the practice." in log.text.replace(
        "\\xa0", " "
    )


@pytest.mark.theory("2.40")
def test_no_organizations_logo_stands_in_a_thread(browser: Browser) -> None:
    """Pictures in a thread are members' faces and what posts show; employers are words."""
    acme, rival = make_organization(name="Acme", slug="acme"), make_organization(name="Rival", slug="rival")
    asker, helper = person("Ann Alder", acme, "acme.example"), person("Charlie Cedar", rival, "rival.example")
    topic = make_topic(author=asker)
    answer = make_answer(topic, author=helper)
    mark(viewer_of(asker), answer.id, "works_here", {"version": "2"})

    for reader in (browser, browser.fresh().sign_in(asker)):
        main = reader.page(f"/t/{topic.id}").select_one("main")
        assert main is not None
        assert "Acme" in main.text
        assert "Rival" in main.text
        pictures = main.select("img, picture, svg image, object, embed, [data-logo], [class*=logo]")
        assert [str(picture) for picture in pictures] == []
    columns = {column.name for column in type(acme).__table__.columns}
    assert not {name for name in columns if "logo" in name or "photo" in name or "image" in name}


@pytest.mark.theory("1.63")
def test_a_charter_turns_amber_after_four_hundred_days_and_a_renewed_one_does_not(browser: Browser) -> None:
    domain = make_domain(name="Hydronics")
    written = datetime(2026, 3, 2, 8, tzinfo=UTC)
    with time_machine.travel(written, tick=False) as clock_:
        steward = viewer_of(officer(person("Ada Aspen"), "administrator"))
        write_charter(steward, domain.id, "What we are for.", ["Which meter lies least?"])
        clock_.move_to(written + timedelta(days=399))
        assert _ambers(browser) == []
        clock_.move_to(written + timedelta(days=401))
        assert len(_ambers(browser)) == 1
        write_charter(steward, domain.id, "What we are for.", ["Which meter lies least now?"])
        assert _ambers(browser) == []


def _ambers(browser: Browser) -> list[str]:
    return [chip.text for chip in browser.page("/domains/hydronics").select(".chip.warn, .notice.warn")]


@pytest.mark.theory("3.22")
def test_a_domain_lists_its_sub_topics_with_the_number_of_threads_in_each(browser: Browser) -> None:
    domain, steward = make_domain(name="Hydronics"), viewer_of(officer(person("Ada Aspen"), "administrator"))
    for word in ("pump-curves", "expansion"):
        add_sub_topic(steward, domain.id, word)
    for tags in (("pump-curves",), ("pump-curves", "expansion"), ("pump-curves",), ()):
        make_topic(domain_ids=(domain.id,), tags=tags)

    rows = browser.page("/domains/hydronics").select("li:has(> a[href^='/tags/'])")
    assert {row.get_text(" ") for row in rows} == {"pump-curves 3", "expansion 1"}
