"""An article's care is handed over by who has it, and taken on where nobody has."""

from __future__ import annotations

import pytest

from tests.client import Browser
from tests.factories import make_member
from tests.repertoire.factories import curators, make_article

pytestmark = pytest.mark.usefixtures("app")


def test_the_owner_hands_an_article_over(browser: Browser) -> None:
    people = curators()
    article, heir = make_article(), make_member(handle="heir")

    page = browser.sign_in(people.author).post(
        f"/a/{article.id}/keepers", data={"owner": "@heir", "deputy": "@ben"}, follow_redirects=True
    )

    assert (article.owner_id, article.deputy_id) == (heir.id, people.ben.id)
    assert "They are asked from now on" in page.text


def test_a_stranger_does_not(browser: Browser) -> None:
    article = make_article()
    before = article.owner_id

    answer = browser.sign_in(make_member()).post(f"/a/{article.id}/keepers", data={"owner": "", "deputy": ""})

    assert answer.status_code == 403
    assert article.owner_id == before


def test_an_article_nobody_keeps_is_anybodys_to_take(browser: Browser) -> None:
    people = curators()
    article, taker = make_article(), make_member(handle="taker")
    browser.sign_in(people.author).post(f"/a/{article.id}/keepers", data={"owner": "", "deputy": ""})

    browser.sign_in(taker).post(f"/a/{article.id}/keepers", data={"owner": "@taker", "deputy": ""})

    assert article.owner_id == taker.id


def test_one_person_cannot_stand_in_for_themselves(browser: Browser) -> None:
    people = curators()
    article = make_article()

    answer = browser.sign_in(people.author).post(
        f"/a/{article.id}/keepers", data={"owner": "@ben", "deputy": "@ben"}
    )

    assert answer.status_code == 422
    assert "somebody else than the owner" in answer.text


def test_nobody_of_that_name_is_said_at_the_field(browser: Browser) -> None:
    people = curators()
    article = make_article()

    answer = browser.sign_in(people.author).post(f"/a/{article.id}/keepers", data={"owner": "@nobody-here"})

    assert answer.status_code == 422
    assert 'value="@nobody-here"' in answer.text


def test_who_leaves_keeps_nothing(browser: Browser) -> None:
    from iocop.members.services.leaving import erase
    from tests.factories import viewer_of

    people = curators()
    article = make_article()

    erase(viewer_of(people.author))

    assert article.owner_id is None
