"""Curators keep the tags, stewards write charters: each where they meet them, without the administrator's desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iocop.contributions.models import Contribution
from iocop.core.db import act, db
from iocop.domains.models import Domain, Tag
from iocop.domains.queries import resolve_tags
from iocop.domains.services import ensure_tags
from iocop.forums.queries.tags import TAGS_A_PAGE, kept_tags
from tests.factories import make_member, viewer_of
from tests.forums.factories import make_domain, make_space, make_topic
from tests.people import officer

if TYPE_CHECKING:
    from flask import Flask

    from tests.client import Browser


@pytest.fixture
def curator(browser: Browser) -> Browser:
    return browser.sign_in(officer(make_member(name="Cora Curie"), "curator"))


def tag(word: str) -> Tag:
    return ensure_tags([word])[0]


def stands_for(word: str) -> list[str]:
    db.session.expire_all()
    return [found.slug for found in resolve_tags([word])]


def test_a_curator_sees_every_tag_with_its_uses_and_words(curator: Browser) -> None:
    make_topic(tags=("pumps", "c++"))
    make_topic(tags=("pumps",))
    curator.post(f"/tags/{tag('pumps').id}/words", {"word": "Circulators"})

    page = curator.page("/tags")

    rows = [" ".join(row.text.split()) for row in page.select("main ul.list > li")]
    assert [row.split()[0] for row in rows] == ["c++", "pumps"]
    assert "also: circulators" in rows[1]
    assert rows[1].endswith("2topics")
    assert [row.split()[0] for row in _rows(curator, "/tags?q=Circul")] == ["pumps"]
    assert "No such tag" in curator.page("/tags?q=zzz").text


def _rows(browser: Browser, path: str) -> list[str]:
    return [" ".join(row.text.split()) for row in browser.page(path).select("main ul.list > li")]


def test_many_tags_come_in_pages(app: Flask) -> None:
    ensure_tags([f"tag-{number:03}" for number in range(TAGS_A_PAGE + 3)])
    keeper = viewer_of(officer(make_member(), "curator"))

    first, second = kept_tags(keeper, "", 1), kept_tags(keeper, "", 2)

    assert (len(first.rows), first.total) == (TAGS_A_PAGE, TAGS_A_PAGE + 3)
    assert [row.slug for row in second.rows] == ["tag-050", "tag-051", "tag-052"]
    assert kept_tags(keeper, "tag%", 1).rows == []


def test_a_word_of_a_closed_room_is_not_told(curator: Browser) -> None:
    make_topic(tags=("open",))
    room = make_space(name="Tender", audience="named")
    topic = make_topic(tags=("merger", "open"))
    with act() as session:
        session.get_one(Contribution, topic.id).space_id = room.id

    assert [row.split()[0] for row in _rows(curator, "/tags")] == ["open"]
    assert _rows(curator, "/tags")[0].endswith("1topic")
    assert curator.get(f"/tags/{tag('merger').id}/words").status_code == 404


def test_a_synonym_that_cannot_be_is_told_beside_its_field(curator: Browser) -> None:
    pumps, fans = tag("pumps"), tag("fans")

    taken = curator.post(f"/tags/{pumps.id}/words", {"word": "Fans"})
    nothing = curator.post(f"/tags/{pumps.id}/words", {"word": ""})

    assert (taken.status_code, nothing.status_code) == (422, 422)
    assert "merge the two instead" in taken.text
    assert 'value="Fans"' in taken.text
    assert stands_for("fans") == [fans.slug]


def test_two_tags_are_merged_after_a_second_look(curator: Browser) -> None:
    make_topic(title="Where does it cavitate?", tags=("circulators",))
    old, new = tag("circulators"), tag("pumps")

    asked = curator.post(f"/tags/{old.id}/merge", {"into": "Pumps"})
    assert asked.status_code == 200
    assert "cannot be undone" in asked.text
    assert stands_for("circulators") == ["circulators"]
    done = curator.post(f"/tags/{old.id}/merge", {"into": "pumps", "confirmed": "1"})

    assert (done.status_code, done.location) == (303, f"/tags/{new.id}/words")
    assert stands_for("circulators") == ["pumps"]
    assert "Where does it cavitate?" in curator.page("/tags/pumps").text
    assert "circulators" in curator.page(f"/tags/{new.id}/words").text
    assert curator.get(f"/tags/{old.id}/merge").status_code == 404


@pytest.mark.parametrize("word", ["pumps", "zzz", ""])
def test_a_tag_is_not_merged_into_itself_or_nothing(curator: Browser, word: str) -> None:
    pumps = tag("pumps")

    refused = curator.post(f"/tags/{pumps.id}/merge", {"into": word, "confirmed": "1"})

    assert refused.status_code == 422
    assert f'value="{word}"' in refused.text
    assert db.session.get_one(Tag, pumps.id).merged_into_id is None


def test_members_do_not_keep_the_tags(browser: Browser) -> None:
    make_topic(tags=("pumps",))
    one, member = tag("pumps").id, browser.sign_in(make_member())

    for path in ("/tags", f"/tags/{one}/words", f"/tags/{one}/merge"):
        assert member.get(path).status_code == 403
        assert browser.fresh().get(path).status_code == 303
    assert member.post(f"/tags/{one}/words", {"word": "fans"}).status_code == 403
    assert 'href="/tags?q=pumps"' not in member.page("/tags/pumps").decode()


@pytest.mark.parametrize("office", ["curator", "moderator", "administrator"])
def test_keepers_find_the_way_from_a_tags_page(browser: Browser, office: str) -> None:
    make_topic(tags=("pumps",))

    page = browser.sign_in(officer(make_member(), office)).page("/tags/pumps")

    assert page.select_one('main a[href="/tags?q=pumps"]')
    assert bool(browser.get("/admin").status_code == 200) is (office == "administrator")


def test_administrators_find_tags_and_imports_from_the_desk(browser: Browser) -> None:
    desk = browser.sign_in(officer(make_member(), "administrator")).page("/admin")

    assert {"/tags", "/admin/imports"} <= {link["href"] for link in desk.select("main a")}


def test_a_steward_writes_the_charter_from_the_domains_page(browser: Browser) -> None:
    domain, other = make_domain(name="Controls"), make_domain(name="Air")
    steward = officer(
        make_member(name="Stella Stern"), "domain_steward", scope_kind="domain", scope_id=domain.id
    )
    browser.sign_in(steward)
    (link,) = browser.page("/domains/controls").select('a[href="/domains/controls/charter"]')

    sent = browser.post(
        str(link["href"]), {"charter": "What we are **for**.", "questions": "Which?\n \nWhy?"}
    )

    assert (sent.status_code, sent.location) == (303, "/domains/controls")
    page = browser.page("/domains/controls")
    assert "Stella Stern" in page.text
    assert page.select_one(".prose strong")
    form = browser.page(str(link["href"]))
    assert form.select_one("textarea[name=questions]").text.split() == ["Which?", "Why?"]  # type: ignore[union-attr]
    assert db.session.get_one(Domain, other.id).charter == ""
    assert browser.get("/domains/air/charter").status_code == 403
    assert not browser.page("/domains/air").select('a[href$="/charter"]')


def test_members_do_not_write_charters_and_an_empty_one_is_not_written(browser: Browser) -> None:
    domain = make_domain(name="Controls")
    member, stella = make_member(), make_member()
    officer(stella, "domain_steward", scope_kind="domain", scope_id=domain.id)

    refused = browser.sign_in(member).get("/domains/controls/charter")
    empty = (
        browser.fresh()
        .sign_in(stella)
        .post("/domains/controls/charter", {"charter": " ", "questions": "Why?"})
    )
    long = browser.fresh().sign_in(stella).post("/domains/controls/charter", {"charter": "x" * 1_500_000})

    assert refused.status_code == 403
    assert "steward" in refused.text
    assert not browser.page("/domains/controls").select('a[href$="/charter"]')
    assert (empty.status_code, long.status_code) == (422, 422)
    assert ">Why?</textarea>" in empty.text.replace("\r\n", "")
    assert browser.get("/domains/none/charter").status_code == 404
