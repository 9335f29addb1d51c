"""What links here, and which links lead nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iocop.contributions.services import set_state
from iocop.repertoire.links import things_linked
from tests.factories import make_member, viewer_of
from tests.forums.factories import make_answer, make_space, make_topic
from tests.people import officer
from tests.repertoire.factories import curators, make_article, make_proposal

if TYPE_CHECKING:
    from tests.client import Browser

pytestmark = pytest.mark.usefixtures("app")


def test_what_links_here_is_listed_by_title_and_by_address(browser: Browser) -> None:
    people = curators()
    reviewers = (people.ann, people.ben)
    article = make_article(author=people.author, reviewers=reviewers, title="Balancing a circuit")
    other = make_article(
        author=people.author, reviewers=reviewers, title="Pumps", text="See [[balancing a  circuit]]."
    )
    third = make_article(
        author=people.author, reviewers=reviewers, title="Gauges", text=f"See [it](/a/{article.id})."
    )
    topic = make_topic(
        title="What about this?", text=f"I read /a/{article.id} first: [there](/a/{article.id})."
    )
    waiting = make_proposal(author=people.author, title="Yet another", text=f"[it](/a/{article.id})")

    page = browser.page(f"/a/{article.id}/links")

    section = page.select_one("section[aria-labelledby=here]")
    assert section is not None
    assert {str(link["href"]) for link in section.select("a")} == {
        f"/a/{other.id}", f"/a/{third.id}", f"/t/{topic.id}", f"/repertoire/suggestions/{waiting.id}",
    }  # fmt: skip
    assert "Nothing that you may read" in browser.get(f"/a/{other.id}/links").text


def test_what_one_may_not_read_is_not_said_to_link_here(browser: Browser) -> None:
    people = curators()
    article = make_article(author=people.author, reviewers=(people.ann, people.ben))
    room = make_space(name="Room", audience="members")
    make_topic(title="Hidden title", space=room, label="members", text=f"[it](/a/{article.id})")
    topic = make_topic(title="Open title")
    make_answer(topic, kind="answer", label="members", text=f"[it](/a/{article.id})")

    guest = browser.get(f"/a/{article.id}/links").text
    member = browser.fresh().sign_in(make_member()).get(f"/a/{article.id}/links").text

    assert "Hidden title" not in guest
    assert "Open title" not in guest
    assert "Hidden title" in member
    assert "Open title" in member


def test_links_that_lead_nowhere_are_told_to_curators(browser: Browser) -> None:
    people = curators()
    topic = make_topic(title="To be removed")
    make_article(
        author=people.author, reviewers=(people.ann, people.ben), title="Full of links",
        text=f"[[Never written]], [gone](/t/{topic.id}), [never](/p/999999), [file](/attachments/77/x.png), "
        f"[[Full of links]], [fine](/forums)",
    )  # fmt: skip
    make_article(author=people.author, reviewers=(people.ann, people.ben), title="Never linked", text="None.")
    browser.sign_in(people.ann)
    before = browser.get("/repertoire/links").text
    assert "1 to a title nobody has written" in before
    assert "2 to things that are not there" in before

    set_state(viewer_of(officer(make_member(), "moderator")), topic.id, "removed", "Spam")

    page = browser.page("/repertoire/links")
    rows = [[cell.text.strip() for cell in row.select("td")] for row in page.select("tbody tr")]
    assert rows == [
        ["Full of links", "/attachments/77", "It was never here"],
        ["Full of links", "/p/999999", "It was never here"],
        ["Full of links", f"/t/{topic.id}", "It was removed"],
        ["Full of links", "Never written", "Nobody has written it yet"],
    ]
    assert "in 1 article" in page.text
    assert browser.get("/repertoire/links?page=2").status_code == 200


def test_the_report_is_empty_when_every_link_leads_somewhere(browser: Browser) -> None:
    people = curators()
    make_article(author=people.author, reviewers=(people.ann, people.ben))

    assert "Every link leads somewhere" in browser.sign_in(people.ben).get("/repertoire/links").text


def test_others_do_not_see_the_report(browser: Browser) -> None:
    assert browser.get("/repertoire/links").status_code == 303
    assert browser.sign_in(make_member()).get("/repertoire/links").status_code == 403


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<a href="/t/12/any-words">x</a><a href="/t/12">y</a>', [("t", 12)]),
        ('<a href="https://here.example/a/5#c-x">x</a>', [("a", 5)]),
        ('<img src="/attachments/7/x.png"><a href="/p/3?page=2">x</a>', [("attachments", 7), ("p", 3)]),
        ('<a href="/tags/12">x</a><a href="/t/12x">y</a><a href="https://there.example/t/4">z</a>', []),
        (f'<a href="/t/{2**63}">x</a>', []),
    ],
    ids=["each once", "a full address", "files and posts", "nothing of ours", "no such key"],
)
def test_what_a_text_links_to(html: str, expected: list[tuple[str, int]]) -> None:
    assert things_linked(html, "https://here.example/") == expected
