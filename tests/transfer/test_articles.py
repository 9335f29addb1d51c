"""An article is taken home with what it applies to, who stands behind it, and its licence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iocop.contributions.services import mark
from iocop.core.db import act, db
from iocop.repertoire.models import Article
from tests.contributions.factories import make_contribution
from tests.factories import make_member, viewer_of
from tests.people import person
from tests.repertoire.factories import curators, imported_article, make_article, make_proposal
from tests.transfer.factories import sent, taken

if TYPE_CHECKING:
    from tests.client import Browser


@pytest.mark.theory("3.54")
def test_a_guest_reads_an_articles_licence_and_downloads_it(browser: Browser) -> None:
    about = {"product": "V6", "versions": "2 to 4", "standard": "EN 12831", "region": "Alps"}
    article = make_article(text="Open **every** valve.", **about)
    address = f"/c/{article.id}/take-home"

    page = browser.page(f"/a/{article.id}")
    assert page.select_one("[rel=license]").text == "CC BY-SA 4.0"  # type: ignore[union-attr]
    assert page.select_one(f'aside a[href="{address}"]') is not None
    for extension, start in (("pdf", b"%PDF"), ("docx", b"PK"), ("md", b"# Balancing a circuit")):
        file = browser.post(address, data=sent(browser.page(address)) | {"format": extension})
        assert file.status_code == 200
        assert file.data.startswith(start)

    text = file.text
    assert f"http://localhost/a/{article.id}/balancing-a-circuit" in text
    assert "**Licence**: CC BY-SA 4.0" in text
    assert "**By**: Wim West" in text
    assert "Reviewed by two organizations; to be looked at again by" in text
    for which in about.values():
        assert which in text.partition("Check locally")[2]


def test_an_article_labelled_take_home_names_neither_author_nor_reviewer(browser: Browser) -> None:
    article = make_article(label="take-home", text="Wim West of West learned it from Ann North at North.")
    mark(viewer_of(make_member()), article.id, "works_here", {"conditions": "as in Ben South’s shop"})

    file = taken(browser.sign_in(make_member()), f"/c/{article.id}/take-home").text

    for name in ("Wim", "West", "Ann", "North", "Ben", "South"):
        assert name not in file
    assert "Practitioner A of organization A learned it from another member at organization B." in file
    assert f"http://localhost/a/{article.id}." not in file.partition("Cite as")[0]
    assert "as in another member’s shop" in file


def test_what_is_said_below_an_article_stays(browser: Browser) -> None:

    article = make_article(text="The article itself.")
    make_contribution(parent_id=article.id, kind="reply", text="Said below.", label="public")

    file = browser.post(f"/c/{article.id}/take-home", data={"step": "take", "format": "md"}).text

    assert "The article itself." in file
    assert "Said below." not in file
    assert "stay" not in file.partition("Check locally")[0].partition("## ")[2]


def test_an_obsolete_article_says_so(browser: Browser) -> None:
    article = imported_article(person("Ida Imp"), "Words.")
    with act():
        row = db.session.get_one(Article, article.id)
        row.retired_at, row.retired_how, row.retired_reason = row.published_at, "obsolete", "The V7 came."

    file = browser.post(f"/c/{article.id}/take-home", data={"step": "take", "format": "md"}).text

    assert "Imported, not reviewed here; it holds no longer: The V7 came." in file
    assert "Ida Imp" in file


def test_a_suggestion_is_not_taken_home(browser: Browser) -> None:

    proposal = make_proposal(author=curators().author)

    assert browser.sign_in(curators().ann).get(f"/c/{proposal.id}/take-home").status_code == 404
