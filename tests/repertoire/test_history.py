"""What an article said when is read, compared and brought back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iocop.contributions.models import Contribution
from iocop.core.db import act, db
from iocop.repertoire import services
from iocop.repertoire.queries.confirmations import wrote
from tests.factories import make_member, make_organization, viewer_of
from tests.forums.factories import make_topic
from tests.people import officer, person
from tests.repertoire.factories import add_revisions, curators, imported_article, make_article, make_proposal

if TYPE_CHECKING:
    from iocop.repertoire.models import Article
    from tests.client import Browser

pytestmark = pytest.mark.usefixtures("app")

FIRST = "## Steps\n\nOpen the valve.\n\n```sh\nrun --all\n```\n"


@pytest.fixture
def article() -> Article:
    people = curators()
    found = make_article(author=people.author, reviewers=(people.ann, people.ben), text=FIRST)
    proposal = make_proposal(
        author=people.author,
        act="edit",
        article_id=found.id,
        title="Balancing anew",
        text=FIRST.replace("Open", "Close"),
    )
    for reviewer in (people.ann, people.ben):
        services.approve(viewer_of(reviewer), proposal.id, 1)
    make_proposal(author=people.author, act="edit", article_id=found.id, title="Balancing", text="Shorter.")
    return found


def test_the_history_names_each_version_and_what_waits(browser: Browser, article: Article) -> None:
    page = browser.page(f"/a/{article.id}/history")

    assert [link.text for link in page.select("tbody td.number a")] == ["2", "1"]
    assert "West" in page.select_one("tbody").text  # type: ignore[union-attr]
    assert page.select_one("#suggestions + ul h3").text == "A change of the text"  # type: ignore[union-attr]


def test_any_two_versions_are_compared(browser: Browser, article: Article) -> None:
    page = browser.page(f"/a/{article.id}/compare?old=1&new=2")

    assert [part.text.strip() for part in page.select(".diff del, .diff ins")] == [
        "a circuit",
        "anew",
        "Open",
        "Close",
    ]
    sides = browser.page(f"/a/{article.id}/compare?view=sides")
    assert [part.text.strip() for part in sides.select(".sides del, .sides ins")] == ["Open", "Close"]
    assert [
        [cell.text.strip() for cell in row.select("td")] for row in sides.select(".sides tbody tr.change")
    ] == [["Open the valve.", "Close the valve."]]
    assert "Both say the same" in browser.page(f"/a/{article.id}/compare?old=2&new=2").text
    for address in ("old=9", "new=x", "old=1234567"):
        assert browser.get(f"/a/{article.id}/compare?{address}").status_code == 404


def test_a_version_stands_at_an_address_of_its_own(browser: Browser, article: Article) -> None:
    page = browser.page(f"/a/{article.id}/history/1")

    assert page.h1.text == "Balancing a circuit"  # type: ignore[union-attr]
    assert "Open the valve." in page.select_one(".reading").text  # type: ignore[union-attr]
    assert "An earlier version" in page.text
    assert "bring it back" not in page.text
    assert "An earlier version" not in browser.page(f"/a/{article.id}/history/2").text
    assert browser.get(f"/a/{article.id}/history/3").status_code == 404
    assert "bring it back" in browser.sign_in(make_member()).page(f"/a/{article.id}/history/1").text


def test_a_version_too_long_to_format_again_stands_as_typed(browser: Browser) -> None:
    member = make_member()
    article = imported_article(member, "<b>" + "long " * 20_000)
    add_revisions(article, [member], 1)

    page = browser.page(f"/a/{article.id}/history/1")

    assert page.select_one(".reading pre").text.startswith("<b>long")  # type: ignore[union-attr]


def test_whoever_may_not_read_an_article_reads_no_version_of_it(browser: Browser) -> None:
    article = make_article(label="members")

    for page in ("history", "history/1", "compare"):
        assert browser.get(f"/a/{article.id}/{page}").status_code == 404
        assert browser.fresh().sign_in(make_member()).get(f"/a/{article.id}/{page}").status_code == 200


def test_a_link_into_a_section_that_is_gone_leads_to_the_top_with_a_word_about_it(browser: Browser) -> None:
    people = curators()
    checks = "## Checks\n\nLook at the gauge weekly.\n"
    found = make_article(author=people.author, reviewers=(people.ann, people.ben), text=f"{FIRST}\n{checks}")
    assert not browser.page(f"/a/{found.id}").select(".gone-sections")

    edit = make_proposal(
        author=people.author, act="edit", article_id=found.id, title="Balancing a circuit", text=FIRST
    )
    for reviewer in (people.ann, people.ben):
        services.approve(viewer_of(reviewer), edit.id, 1)
    page = browser.page(f"/a/{found.id}")

    assert [str(span["id"]) for span in page.select(".gone-sections .old-anchor")] == ["c-checks"]
    assert "no longer part of the article" in page.select(".gone-sections .gone-section")[0].text


def test_no_version_names_an_employer_that_its_byline_keeps_back(browser: Browser) -> None:
    people = curators()
    found = make_article(author=people.author, reviewers=(people.ann, people.ben), text=FIRST)
    edit = make_proposal(
        author=people.amy, act="edit", article_id=found.id, title="Balancing", text=f"{FIRST}\nMore.\n"
    )
    for thing_id in (found.id, edit.id):
        with act() as session:
            session.get_one(Contribution, thing_id).byline = "employer_hidden"
    other = officer(person("Una East", make_organization(name="East"), "east.example"), "curator")
    for reviewer in (other, people.ben):
        services.approve(viewer_of(reviewer), edit.id, 1)

    for address in (f"/a/{found.id}/history", f"/c/{found.id}/history"):
        rows = browser.page(address).select_one("tbody")
        assert rows is not None
        assert "Amy North" in rows.text
        assert "Wim West" in rows.text
        assert not {"North", "West"} & {note.text for note in rows.select(".muted")}
    changed = browser.page(f"/a/{found.id}").get_text(" ", strip=True)
    assert "Changed by Amy North" in changed
    assert "Changed by Amy North, North" not in changed
    assert set(wrote(found.id)) == {
        db.session.get_one(Contribution, each).org_group_id for each in (found.id, edit.id)
    }


def test_a_sealed_posts_history_names_nobody(browser: Browser) -> None:
    post = make_topic(author=curators().author, byline="sealed")

    rows = browser.page(f"/c/{post.id}/history").select_one("tbody")

    assert rows is not None
    assert "A member" in rows.text
    assert "West" not in rows.text
    assert not rows.select("a[href^='/id/']")
