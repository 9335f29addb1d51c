"""Each contribution is of a language: chosen, or as it is written, or else that of where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from iocop.contributions.languages import LANGUAGES, first_known
from iocop.contributions.models import Contribution
from iocop.core.db import db
from tests.contributions.sentences import SENTENCES
from tests.factories import make_member
from tests.forums.factories import make_answer, make_domain, make_space, make_topic

if TYPE_CHECKING:
    from flask import Flask

    from tests.client import Browser


def language_of(contribution_id: int) -> str:
    return db.session.scalars(select(Contribution.language).where(Contribution.id == contribution_id)).one()


def test_a_topic_is_of_the_language_it_is_written_in(app: Flask) -> None:
    topic = make_topic(title="Ventil ohne Zähler", text=SENTENCES["de"][0])

    assert language_of(topic.id) == "de"


def test_what_its_author_chose_stands(app: Flask) -> None:
    topic = make_topic(title="Ventil ohne Zähler", text=SENTENCES["de"][0], language="nl")

    assert language_of(topic.id) == "nl"


def test_an_answer_may_be_of_another_language_than_its_topic(app: Flask) -> None:
    topic = make_topic(title="Ventil ohne Zähler", text=SENTENCES["de"][0])

    assert language_of(make_answer(topic, text=SENTENCES["en"][1]).id) == "en"
    assert language_of(make_answer(topic, text="DN 25, kvs 6.3").id) == "de"


def test_where_it_cannot_be_told_a_topic_is_as_its_author_reads(app: Flask) -> None:
    finn, nobody = make_member(locale="fi"), make_member()

    assert language_of(make_topic(author=finn, title="KNX, BACnet", text="DN 25").id) == "fi"
    assert language_of(make_topic(author=nobody, title="KNX, BACnet", text="DN 25").id) == "en"


@pytest.mark.parametrize(("codes", "found"), [(("xx", "sv"), "sv"), (("",), "en"), ((), "en")])
def test_the_first_language_members_can_write_in(codes: tuple[str, ...], found: str) -> None:
    assert first_known(*codes) == found


def choices(page: str) -> list[str]:
    return [option.text for option in BeautifulSoup(page, "html.parser").select("[name=language] option")]


@pytest.mark.parametrize("address", ["/ask", "/repertoire/new?kind=how-to"])
def test_a_form_offers_the_language_as_written_first(browser: Browser, address: str) -> None:
    make_space()
    make_domain()
    page = browser.sign_in(make_member()).get(address)

    assert choices(page.text)[1:] == [name for _, name in LANGUAGES]
    assert choices(page.text)[0] in {"As it is written", "Detected: English"}


def test_a_form_that_comes_back_says_what_was_detected(browser: Browser) -> None:
    make_space()
    make_domain()
    typed = {"title": "Kurz", "text": SENTENCES["de"][1], "kind": "question", "language": ""}

    page = browser.sign_in(make_member()).post("/ask", typed)

    assert choices(page.text)[0] == "Detected: Deutsch"
    assert "Deutsch" in choices(page.text)[1:]


def test_a_topics_page_says_of_which_language_it_is(browser: Browser) -> None:
    german = make_topic(title="Ventil ohne Zähler", text=SENTENCES["de"][0])
    english = make_topic(title="A valve without a meter", text=SENTENCES["en"][0])

    facts = BeautifulSoup(browser.get(f"/t/{german.id}").text, "html.parser").select(".facts [lang]")

    assert [each.text for each in facts] == ["de"]
    assert not BeautifulSoup(browser.get(f"/t/{english.id}").text, "html.parser").select(".facts [lang]")
