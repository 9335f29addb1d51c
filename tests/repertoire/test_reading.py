"""Reading an article: what it rests on, whether it still holds, and who may."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from iocop.contributions.models import Contribution
from iocop.contributions.services import mark
from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.versions import bump
from iocop.repertoire import services
from iocop.repertoire.fields import Fields
from iocop.repertoire.models import Article
from tests.client import Browser
from tests.factories import make_member, viewer_of
from tests.people import officer
from tests.repertoire.factories import curators, make_article, make_proposal

pytestmark = pytest.mark.usefixtures("app")

TEXT = """## Before you start

Close the valve.

## Steps

1. Open it.
2. Measure.

### When it leaks

Stop.
"""


@pytest.mark.theory("1.39")
@pytest.mark.theory("3.54")
def test_a_guest_reads_a_public_article_with_its_licence(browser: Browser) -> None:
    article = make_article(
        text=TEXT, summary="How to balance", product="V6", versions="2 to 4", tags=("valves",)
    )

    page = browser.page(f"/a/{article.id}")

    assert page.h1 is not None
    assert page.h1.text == "Balancing a circuit"
    assert "Close the valve." in page.text
    assert page.select_one("[rel=license]").text == "CC BY-SA 4.0"  # type: ignore[union-attr]
    assert [entry.text for entry in page.select(".contents a")] == [
        "Before you start",
        "Steps",
        "When it leaks",
    ]
    assert [heading.text for heading in page.select(".reading h2")] == ["Before you start", "Steps"]
    assert page.select_one("link[rel=canonical]")["href"] == f"/a/{article.id}/balancing-a-circuit"  # type: ignore[index]
    assert "V6" in page.select_one(".applies").text  # type: ignore[union-attr]


def test_the_seal_names_both_organizations_then_and_now(browser: Browser) -> None:
    people = curators()
    article = make_article(author=people.author, reviewers=(people.ann, people.ben))

    page = browser.page(f"/a/{article.id}")

    sentence = " ".join(page.select_one(".standing").text.split())  # type: ignore[union-attr]
    assert "Approved by Ann North (North) and Ben South (South)" in sentence
    assert "Wim West" in page.select_one(".imprint").text  # type: ignore[union-attr]


def test_a_provisional_article_says_that_nobody_else_has_read_it(browser: Browser) -> None:
    curator = officer(make_member(), "curator")
    article = make_article(reviewers=(curator,))

    assert "before two organizations were active" in browser.page(f"/a/{article.id}").text


def test_a_stale_article_says_no_more_than_is_known(browser: Browser) -> None:
    article = make_article()
    assert "Nobody has confirmed" not in browser.page(f"/a/{article.id}").text
    with act():
        article.review_by = clock.now() - timedelta(days=1)
        bump(f"topic:{article.id}")

    banner = browser.page(f"/a/{article.id}").select_one(".notice.warn")

    assert banner is not None
    assert "Nobody has confirmed this since" in banner.text
    assert "It may still hold." in banner.text


def _retired(act_: str, **about: Any) -> tuple[Article, Article]:
    people = curators()
    reviewers = (people.ann, people.ben)
    old = make_article(author=people.author, reviewers=reviewers, text=TEXT)
    new = make_article(author=people.author, reviewers=reviewers, title="Balancing anew")
    proposal = make_proposal(
        author=people.author, act=act_, article_id=old.id, reason="Valves balance themselves now.",
        successor_id=new.id if act_ != "delete" else None, **about,
    )  # fmt: skip
    for reviewer in reviewers:
        services.approve(viewer_of(reviewer), proposal.id, 1)
    return old, new


def test_an_obsolete_article_stays_and_leads_on(browser: Browser) -> None:
    old, new = _retired("obsolete")

    page = browser.page(f"/a/{old.id}")

    banner = page.select_one(".notice.warn")
    assert banner is not None
    assert "Valves balance themselves now." in banner.text
    assert "Suggested by Wim West" in banner.text
    assert banner.select_one(f"a[href='/a/{new.id}']") is not None
    assert "Close the valve." in page.text


def test_a_merged_article_leads_to_what_took_its_place(browser: Browser) -> None:
    old, new = _retired("merge")

    response = browser.get(f"/a/{old.id}")

    assert (response.status_code, response.location) == (301, f"/a/{new.id}/balancing-anew")


def test_a_deleted_article_says_why(browser: Browser) -> None:
    old, _new = _retired("delete")

    response = browser.get(f"/a/{old.id}")

    assert response.status_code == 410
    assert "Valves balance themselves now." in response.text


def test_members_read_what_is_labelled_for_members_and_guests_do_not(browser: Browser) -> None:
    article = make_article(label="members")

    assert browser.get(f"/a/{article.id}").status_code == 404
    page = browser.sign_in(make_member()).page(f"/a/{article.id}")
    assert "members" in page.select_one(".page-header .facts").text  # type: ignore[union-attr]


def test_members_talk_below_an_article(browser: Browser) -> None:
    article = make_article()
    member = make_member(name="Mia Moss")
    browser.sign_in(member)

    response = browser.post(
        f"/repertoire/discussion/{article.id}", {"text": "Works on DN 80 too.", "submission_key": "k1"}
    )

    post = db.session.scalars(select(Contribution).where(Contribution.author_id == member.id)).one()
    assert (response.status_code, response.location) == (303, f"/p/{post.id}")
    followed = browser.get(f"/p/{post.id}")
    assert followed.location == f"/a/{article.id}#post-2"
    page = browser.page(f"/a/{article.id}")
    assert "Works on DN 80 too." in page.select_one("#post-2").text  # type: ignore[union-attr]


def test_what_is_said_below_something_keeps_what_was_typed_when_it_cannot_be(browser: Browser) -> None:
    article = make_article()
    browser.sign_in(make_member())

    response = browser.post(f"/repertoire/discussion/{article.id}", {"text": " ", "submission_key": "k1"})

    assert response.status_code == 422
    assert browser.get("/repertoire/discussion/9999").status_code == 404


def test_a_suspended_member_talks_nowhere(browser: Browser) -> None:
    article = make_article()
    member = make_member(state="suspended")

    assert browser.sign_in(member).get(f"/repertoire/discussion/{article.id}").status_code == 403


@pytest.mark.theory("4.1")
@pytest.mark.theory("1.62")
def test_the_repertoire_has_its_sections(browser: Browser) -> None:
    page = browser.page("/repertoire")

    sections = {link.text for link in page.select(".sections a")}
    assert {
        "How-tos",
        "Routines",
        "Glossary",
        "Concept maps",
        "Traditions",
        "Coping with…",
        "Conduct",
    } <= sections
    for link in page.select(".sections a"):
        assert browser.page(str(link["href"])).h1.text == link.text  # type: ignore[union-attr]
    assert browser.get("/repertoire/nonsense").status_code == 404


def test_a_list_is_narrowed_and_sorted(browser: Browser) -> None:
    people = curators()
    reviewers = (people.ann, people.ben)
    wanted: dict[str, dict[str, Any]] = {
        "Venting": {"product": "V6"}, "Aligning": {"kind": "routine", "tags": ("shafts",)}, "Sizing": {},
    }  # fmt: skip
    for title, about in wanted.items():
        make_article(author=people.author, reviewers=reviewers, title=title, **about)

    def titles(address: str) -> list[str]:
        return [link.text for link in browser.page(address).select(".list-row h2 a")]

    assert titles("/repertoire") == ["Sizing", "Aligning", "Venting"]
    assert titles("/repertoire?sort=title") == ["Aligning", "Sizing", "Venting"]
    assert titles("/repertoire?product=v6") == ["Venting"]
    assert titles("/repertoire?tag=shafts") == titles("/repertoire/routine") == ["Aligning"]
    assert titles("/repertoire?standing=imported") == titles("/repertoire?show=stale") == []
    assert len(titles(f"/repertoire?owner={people.author.handle}")) == 3
    sizing = db.session.scalars(select(Article).where(Article.title == "Sizing")).one()
    mark(viewer_of(people.amy), sizing.id, "works_here", {"version": "2"})
    assert titles("/repertoire?domain=controls&sort=confirmed") == ["Sizing"]
    assert len(Browser(browser.app).sign_in(people.amy).page("/repertoire").select(".list-row")) == 3


def test_an_obsolete_article_is_listed_on_demand(browser: Browser) -> None:
    old, _new = _retired("obsolete")

    assert f"/a/{old.id}" not in str(browser.page("/repertoire"))
    assert f"/a/{old.id}" in str(browser.page("/repertoire?show=obsolete"))


def test_a_title_in_brackets_leads_to_its_article(browser: Browser) -> None:
    article = make_article(title="Hydraulic balance")

    for words in ("Hydraulic balance", "hydraulic_Balance", "HYDRAULIC%20BALANCE"):
        assert browser.get(f"/wiki/{words}").location == f"/a/{article.id}/hydraulic-balance"
    missing = browser.get("/wiki/Something_else")
    assert missing.status_code == 404
    assert "Something else" in missing.text
    assert browser.get("/wiki/%20").status_code == 404


def test_a_former_title_leads_on(browser: Browser) -> None:
    people = curators()
    reviewers = (people.ann, people.ben)
    article = make_article(author=people.author, reviewers=reviewers, title="Old name")
    proposal = make_proposal(
        author=people.author, act="edit", article_id=article.id, title="New name", text="Text."
    )
    for reviewer in reviewers:
        services.approve(viewer_of(reviewer), proposal.id, 1)

    assert browser.get("/wiki/Old_name").location == f"/a/{article.id}/new-name"


def test_an_article_is_followed_and_no_more(browser: Browser) -> None:
    article = make_article()
    browser.sign_in(make_member())

    browser.post(f"/repertoire/follow/{article.id}", {"how": "follow"})
    assert "Following" in browser.page(f"/a/{article.id}").text
    browser.post(f"/repertoire/follow/{article.id}", {"how": "unfollow"})
    assert "Following" not in browser.page(f"/a/{article.id}").text
    assert browser.post(f"/repertoire/follow/{article.id}", {"how": "wonder"}).status_code == 422


def test_the_author_is_named_then_and_now(browser: Browser) -> None:
    people = curators()
    article = make_article(author=people.author, reviewers=(people.ann, people.ben))
    assert Fields(title="x").stored()["title"] == "x"

    page = browser.page(f"/a/{article.id}")

    assert "West" in page.select_one(".imprint .author-line").text  # type: ignore[union-attr]


def test_a_domain_shows_its_articles(browser: Browser) -> None:
    assert browser.get("/domains/controls").status_code == 404
    article = make_article()

    link = browser.page("/domains/controls").select_one("section h3 a")

    assert link is not None
    assert link["href"] == f"/a/{article.id}"
