"""One topic's page: right at once for everybody, and each reader's own for nobody else."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from iocop.contributions import services as contributions
from iocop.core import clock
from iocop.core.db import act, db
from iocop.forums import services
from iocop.forums.models import Topic
from iocop.members.services.profile import Profile, change_profile
from iocop.organizations import services as organizations
from iocop.organizations.queries import current_rows
from iocop.organizations.services import Facts
from iocop.spaces import services as spaces
from tests.factories import make_member, viewer_of
from tests.forums.factories import given, make_answer, make_topic
from tests.people import Cast, belong, cast

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag
    from flask import Flask

    from tests.client import Browser


@pytest.fixture
def people(app: Flask) -> Cast:
    return cast()


def posts(page: BeautifulSoup) -> list[Tag]:
    return list(page.select("article.post"))


def author(post: Tag) -> str:
    return " ".join(post.select_one(".author").get_text(" ", strip=True).split())  # type: ignore[union-attr]


@pytest.mark.parametrize("label", ["space", "members", "take-home"])
def test_a_reply_for_members_is_not_shown_to_guests(browser: Browser, people: Cast, label: str) -> None:
    topic = make_topic(author=people.bob)
    make_answer(topic, author=people.charlie, text="Between us members.", label=label)

    guest = browser.page(f"/t/{topic.id}")
    threaded = browser.page(f"/t/{topic.id}?view=threaded")
    member = browser.sign_in(make_member()).page(f"/t/{topic.id}")

    for page in (guest, threaded):
        assert "Between us members." not in page.text
        assert "join or sign in to read it" in posts(page)[1].text
    assert "Between us members." in posts(member)[1].text


def test_an_author_who_takes_another_name_bears_it_at_once(browser: Browser, people: Cast) -> None:
    topic, reader = make_topic(author=people.bob), make_member()
    guest, member = browser, browser.fresh().sign_in(reader)
    for one in (guest, member):
        assert "Bob Birch" in author(posts(one.page(f"/t/{topic.id}"))[0])
        assert "Bob Birch" in one.page("/forums").text

    change_profile(viewer_of(people.bob), Profile(name="Robert Rowan"))

    for one in (guest, member):
        for path in (f"/t/{topic.id}", "/forums"):
            text = one.page(path).text
            assert "Robert Rowan" in text
            assert "Bob Birch" not in text


def test_an_edit_is_read_at_once(browser: Browser, people: Cast) -> None:
    topic = make_topic(author=people.bob, text="As it was.")
    guest, member = browser, browser.fresh().sign_in(make_member())
    for one in (guest, member):
        assert "As it was." in one.page(f"/t/{topic.id}").text

    services.edit_topic(viewer_of(people.bob), topic.id, title="A better title for it", text="As it is.")

    for one in (guest, member):
        text = one.page(f"/t/{topic.id}").text
        assert "As it is." in text
        assert "As it was." not in text
        assert "A better title for it" in one.page("/forums").text


def test_a_guests_kept_page_vanishes_with_its_space(browser: Browser, people: Cast) -> None:
    topic = make_topic(author=people.bob)
    assert browser.get(f"/t/{topic.id}").status_code == 200
    assert browser.get(f"/t/{topic.id}").status_code == 200

    spaces.change_space(
        viewer_of(people.alice), 1, name="Commons", about="", audience="members", archived=False
    )

    assert browser.get(f"/t/{topic.id}").status_code == 404
    assert not browser.page("/forums").select(".list-row")
    assert browser.sign_in(people.charlie).get(f"/t/{topic.id}").status_code == 200


def test_my_marks_are_pressed_for_me_alone(browser: Browser, people: Cast) -> None:
    topic = make_topic(author=people.bob)
    answer = make_answer(topic, author=people.charlie)
    vera, sol = browser.sign_in(people.vera), browser.fresh().sign_in(people.sol)
    assert pressed(vera, topic.id) == pressed(sol, topic.id) == []

    contributions.mark(viewer_of(people.vera), answer.id, "helpful")

    assert pressed(vera, topic.id) == ["helpful"]
    assert pressed(sol, topic.id) == []
    shown = posts(sol.page(f"/t/{topic.id}"))[1].select_one(".post-side strong")
    assert shown is not None
    assert shown.text == "1"


def pressed(browser: Browser, topic_id: int) -> list[str]:
    buttons = browser.page(f"/t/{topic_id}").select('button[aria-pressed="true"][name=kind]')
    return [str(button["value"]) for button in buttons]


def test_only_the_author_is_offered_to_edit(browser: Browser, people: Cast) -> None:
    topic = make_topic(author=people.bob)

    bob = browser.sign_in(people.bob).page(f"/t/{topic.id}")
    vera = browser.fresh().sign_in(people.vera).page(f"/t/{topic.id}")

    assert bob.select(f'a[href="/p/{topic.id}/edit"]')
    assert not vera.select(f'a[href="/p/{topic.id}/edit"]')
    assert vera.select(f'a[href="/p/{topic.id}/report"]')


def test_a_closed_topic_shows_no_form(browser: Browser, people: Cast) -> None:
    topic = make_topic(author=people.bob)
    member = browser.sign_in(people.vera)
    assert member.page(f"/t/{topic.id}").select("#answer form")

    services.close_topic(viewer_of(people.bob), topic.id, "Asked before.")

    page = member.page(f"/t/{topic.id}")
    assert not page.select("#answer")
    assert not page.select(f'a[href="/p/{topic.id}/reply"]')
    assert "Asked before." in page.text
    assert not browser.fresh().page(f"/t/{topic.id}").select("#answer")


def test_who_sells_what_is_discussed_is_marked_so(browser: Browser, people: Cast) -> None:
    named = make_topic(author=people.bob, title="Does the V6 lose its clock?")
    tagged = make_topic(author=people.bob, title="Who has met this before?", tags=("v6",))
    other = make_topic(author=people.bob, title="Does the V60 lose its clock?")

    for topic, marked in ((named, True), (tagged, True), (other, False)):
        make_answer(topic, author=people.vera)
        make_answer(topic, author=people.charlie)
        _, vera, charlie = posts(browser.page(f"/t/{topic.id}"))
        assert ("sells V6" in author(vera)) is marked
        assert "sells" not in author(charlie)


def test_a_product_entered_later_marks_what_is_said_already(browser: Browser, people: Cast) -> None:
    topic = make_topic(author=people.vera, title="Is the Q9 any good then?")
    member = browser.sign_in(people.bob)
    assert "sells" not in author(posts(member.page(f"/t/{topic.id}"))[0])

    organizations.add_offer(viewer_of(people.alice), people.vendor.id, "Q9")

    assert "sells Q9" in author(posts(member.page(f"/t/{topic.id}"))[0])


def test_an_organization_that_is_renamed_is_called_so_at_once(browser: Browser, people: Cast) -> None:
    topic, member = make_topic(author=people.bob), browser.fresh().sign_in(people.vera)
    for one in (browser, member):
        assert "Acme" in author(posts(one.page(f"/t/{topic.id}"))[0])

    organizations.change_organization(
        viewer_of(people.alice), people.acme.id, Facts(name="Zenith Air", type="firm")
    )

    for one in (browser, member):
        assert "Zenith Air" in author(posts(one.page(f"/t/{topic.id}"))[0])


def test_who_moved_on_is_shown_then_and_now(browser: Browser, people: Cast) -> None:
    topic = make_topic(author=people.bob)
    belong(people.bob, people.rival, "rival.example", valid_from=clock.now().date(), is_main=True)
    organizations.choose_main(viewer_of(people.bob), _affiliation(people.bob.id, people.rival.id))

    assert "then at Acme, now at Rival" in author(posts(browser.page(f"/t/{topic.id}"))[0])
    make_answer(topic, author=people.bob)
    assert "then at" not in author(posts(browser.page(f"/t/{topic.id}"))[1])


def _affiliation(member_id: int, organization_id: int) -> int:
    return next(row.id for row in current_rows(member_id) if row.organization_id == organization_id)


def test_bylines_hide_what_their_author_chose(browser: Browser, people: Cast) -> None:
    topic = make_topic(author=people.charlie)
    make_answer(topic, author=people.bob, byline="employer_hidden")
    make_answer(topic, author=people.bob, byline="sealed")

    for reader in (browser, browser.fresh().sign_in(people.vera)):
        _, quiet, sealed = posts(reader.page(f"/t/{topic.id}"))
        assert "Bob Birch" in author(quiet)
        assert "employer not shown" in author(quiet)
        assert "Acme" not in author(quiet)
        assert "A member" in author(sealed)
        assert "Bob" not in str(sealed)
        assert "Acme" not in str(sealed)


def test_a_quotation_of_a_sealed_post_names_nobody(browser: Browser, people: Cast) -> None:
    topic = make_topic(author=people.charlie)
    sealed = make_answer(topic, author=people.bob, byline="sealed", text="What I saw.")

    typed = browser.sign_in(people.vera).page(f"/p/{sealed.id}/reply?quote=1").select_one("textarea")

    assert typed is not None
    assert "What I saw." in typed.text
    assert "Bob" not in typed.text


def test_a_permalink_leads_only_who_may_read(browser: Browser, people: Cast) -> None:
    topic = make_topic(author=people.bob)
    answer = make_answer(topic, author=people.charlie, label="members")

    assert browser.get(f"/p/{answer.id}").status_code == 404
    assert browser.get("/p/999").status_code == 404
    assert browser.sign_in(people.vera).get(f"/p/{answer.id}").location == f"/t/{topic.id}#post-2"


def test_the_wait_for_the_first_answer_is_told_in_a_persons_unit(browser: Browser, people: Cast) -> None:
    for waited, words in (
        (timedelta(seconds=5), "1 min"),
        (timedelta(hours=3), "3 h"),
        (timedelta(days=4), "4 days"),
    ):
        topic = make_topic(author=people.bob)
        answer = make_answer(topic, author=people.vera)
        with act():
            db.session.get_one(Topic, topic.id).first_answer_at = topic.opened_at + waited
        assert f"first after {words}" in browser.page(f"/t/{topic.id}").text
        assert answer.position == 2


def test_following_muting_and_neither(browser: Browser, people: Cast) -> None:
    topic = make_topic(author=people.bob)
    member = browser.sign_in(people.vera)

    for how, words in (
        ("follow", "You will be told"),
        ("mute", "nothing more"),
        ("unfollow", "no longer follow"),
    ):
        assert member.post(f"/t/{topic.id}/follow", {"how": how}).status_code == 303
        assert words in member.page(f"/t/{topic.id}").text
    assert member.post(f"/t/{topic.id}/follow", {"how": "love"}).status_code == 422


def test_posts_in_a_thread_of_replies_stand_below_their_parents(browser: Browser, people: Cast) -> None:
    topic = make_topic(author=people.bob)
    parent = make_answer(topic, author=people.charlie)
    for _ in range(4):
        parent = services.reply(viewer_of(people.vera), parent.id, given())

    shown = posts(browser.page(f"/t/{topic.id}?view=threaded"))

    assert [post.get("data-depth") for post in shown] == [None, None, "1", "2", "3", "3"]
