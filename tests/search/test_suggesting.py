"""What the box offers while somebody types: quickly, and never what they may not read."""

from __future__ import annotations

import shutil
import time
from typing import TYPE_CHECKING

import pytest

from iocop.contributions.models import Contribution, ContributionTag
from iocop.core.db import act, db
from iocop.core.limits import limiter
from iocop.domains.models import Tag
from iocop.repertoire import services as repertoire
from tests.factories import make_member, saved, viewer_of
from tests.repertoire.factories import make_article
from tests.search.factories import index_all, let_in, make_firm, make_person, make_space, make_topic

if TYPE_CHECKING:
    from flask import Flask

    from iocop.forums.models import Topic
    from tests.client import Browser


def offered(browser: Browser, typed: str) -> list[tuple[str, str, str]]:
    found = browser.page(f"/search/suggest?q={typed}").select("[role=option]")
    lines = [[part.get_text() for part in one.select("span")] for one in found]
    return [(words, kind, str(one["data-address"])) for (words, kind), one in zip(lines, found, strict=True)]


def names(browser: Browser, typed: str) -> list[str]:
    return [one[0] for one in offered(browser, typed)]


def tagged(topic: Topic, slug: str) -> None:
    tag = saved(Tag(slug=slug))
    saved(ContributionTag(contribution_id=topic.id, tag_id=tag.id))


def test_everything_that_has_a_name_is_offered(browser: Browser) -> None:
    topic = make_topic("Frost on the coil")
    tagged(topic, "frost-protection")
    space = saved_space("Frost room")
    firm = make_firm(name="Frost & Sons")
    person = make_person(name="Jack Frost")
    term = make_article(kind="term", title="Glycol", text="It keeps water liquid.")
    repertoire.name_term(viewer_of(make_member()), term.id, "Frostschutz")
    index_all()

    assert offered(browser.sign_in(make_person()), "fros") == [
        ("Frost on the coil", "Topic", f"/t/{topic.id}"),
        ("Jack Frost", "Member", f"/id/{shown_of(person)}"),
        ("Frost & Sons", "Organization", f"/organizations/{firm.slug}"),
        ("Frost room", "Space", f"/spaces/{space}"),
        ("frostschutz", "Term", f"/a/{term.id}"),
        ("frost-protection", "Tag", "/tags/frost-protection"),
    ]
    assert names(browser, "coil+fr") == ["Frost on the coil"]
    assert offered(browser, "glyc") == [("Glycol", "Term", f"/a/{term.id}")]


def saved_space(name: str) -> str:
    space = make_space()
    with act():
        space.name = name
    return space.slug


def shown_of(person: object) -> str:
    from iocop.members.numbers import shown

    return shown(person.number)  # type: ignore[attr-defined]


def test_nothing_is_offered_for_next_to_nothing(browser: Browser) -> None:
    make_topic("Frost")
    index_all()

    for typed in ("", "f", "%25", "***", "zzz", "%01", "x" * 5000, "tag:"):
        assert offered(browser, typed) == []
    page = browser.page("/search/suggest?q=frost").select_one("[data-said]")
    assert page is not None
    assert page["data-said"] == "1 suggestion"


def test_each_is_offered_what_they_may_read(browser: Browser) -> None:
    """Titles, tags, spaces and terms alike; members are listed for members, as in the directory."""
    insider, closed = make_person(), make_space("named")
    let_in(insider, closed)
    with act():
        closed.name = "Frost cellar"
    inside = make_topic("Frost inside", space_id=closed.id)
    tagged(inside, "frost-secret")
    members = make_topic("Frost for members", label="members")
    tagged(members, "frost-members")
    make_person(name="Jack Frost")
    saved(Tag(slug="frost-unused"))
    index_all()

    assert names(browser, "frost") == []
    assert names(browser.fresh().sign_in(make_person()), "frost") == [
        "Frost for members", "Jack Frost", "frost-members",
    ]  # fmt: skip
    assert set(names(browser.fresh().sign_in(insider), "frost")) == {
        "Frost for members", "Frost inside", "Jack Frost", "Frost cellar", "frost-members", "frost-secret",
    }  # fmt: skip


def test_what_was_closed_is_not_offered_even_before_the_index_has_heard_of_it(browser: Browser) -> None:
    topic = make_topic("Frost on the coil")
    index_all()
    assert names(browser, "frost") == ["Frost on the coil"]

    with act():
        db.session.get_one(Contribution, topic.id).label = "members"

    assert names(browser, "frost") == []


def test_an_attack_in_a_title_stays_text(browser: Browser) -> None:
    make_topic('Frost "><img src=x onerror=alert(1)>')
    index_all()

    page = browser.page("/search/suggest?q=frost")

    assert page.select("img") == []
    assert len(page.select("[role=option]")) == 1


def test_without_an_index_names_come_from_the_database(app: Flask, browser: Browser) -> None:
    make_topic("Frost on the coil")
    make_topic("Frost inside", space_id=make_space("named").id)
    make_firm(name="Frost & Sons")
    index_all()
    shutil.rmtree(app.extensions["settings"].data_dir / "search", ignore_errors=True)

    assert names(browser, "frost") == ["Frost on the coil", "Frost & Sons"]


def test_the_box_of_every_page_and_the_search_page_offer(browser: Browser) -> None:
    boxes = browser.page("/search").select("input[data-suggest='/search/suggest']")

    assert [box["id"] for box in boxes] == ["site-search", "search-box"]


def test_too_many_at_once_are_told_to_wait(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiter, "enabled", True)

    answers = {browser.peek("/search/suggest?q=f").status_code for _ in range(245)}

    assert answers == {200, 429}


def test_a_suggestion_costs_ten_milliseconds_at_most(browser: Browser) -> None:
    space, author = make_space(), make_person()
    for number in range(60):
        topic = make_topic(f"Frost case {number}", space_id=space.id, author_id=author.id)
    tagged(topic, "frost-protection")
    make_firm(name="Frost & Sons")
    index_all()
    browser.sign_in(author)
    least = 1.0

    for _ in range(12):
        began = time.process_time()
        answer = browser.peek("/search/suggest?q=frost")
        least = min(least, time.process_time() - began)

    assert answer.text.count('role="option"') == 6
    assert least <= 0.020, least  # the test's own browser and a loaded machine take as long again
