"""Before a text is posted its author is asked back, once, and nobody else ever learns of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import func, select

from iocop.contributions.models import Contribution
from iocop.contributions.services import attach
from iocop.core.db import db
from iocop.core.models import AuditRow, EventRow
from iocop.forums.models import Topic
from iocop.safety.models import OwnWord, SwitchedOff
from iocop.safety.services import keep_own_word
from tests.client import Browser
from tests.contributions import samples
from tests.factories import viewer_of
from tests.forums.factories import make_answer, make_topic
from tests.safety.factories import community, compete, pressed, question, warning
from tests.safety.test_properties import document

SENTENCE = "Project Blue Heron begins in May at the sluice."


def posts() -> list[str]:
    return list(db.session.scalars(select(Contribution.text).order_by(Contribution.id)))


@pytest.mark.theory("1.3", "3.70")
def test_a_listed_term_warns_the_organizations_own_members_alone(browser: Browser) -> None:
    people = community("Blue Heron")
    browser.sign_in(people.alice)
    asked = browser.post("/ask", question(browser, SENTENCE))

    assert asked.status_code == 422
    assert "Blue Heron – your organization's contact listed this as confidential" in warning(asked.text)
    assert posts() == []
    for other in (people.charlie, people.vera, people.sol):
        stranger = browser.fresh().sign_in(other)
        assert stranger.post("/ask", question(stranger, SENTENCE)).status_code == 303
    assert posts() == [SENTENCE] * 3


def test_who_only_states_the_employer_is_not_warned_so_nobody_gets_at_the_list(browser: Browser) -> None:
    from tests.people import belong, person

    people = community("Blue Heron")
    spy = person("Sam Spy")
    belong(spy, people.acme)
    browser.sign_in(spy)

    assert browser.post("/ask", question(browser, SENTENCE)).status_code == 303


@pytest.mark.theory("1.3")
def test_a_warning_leaves_no_trace(app: Flask, browser: Browser, capfd: pytest.CaptureFixture[str]) -> None:
    people = community("Blue Heron")
    browser.sign_in(people.alice)
    form = question(browser, SENTENCE)
    counted = [db.session.scalar(select(func.count()).select_from(kind)) for kind in (EventRow, AuditRow)]
    before = _everything(app)

    answer = browser.post("/ask", form)

    assert warning(answer.text)
    assert [
        db.session.scalar(select(func.count()).select_from(kind)) for kind in (EventRow, AuditRow)
    ] == counted
    after = _everything(app)
    assert {
        place for place, content in after.items() if "sluice" in content or "Blue Heron" in content
    } == set()
    assert {place for place in after if after[place] != before.get(place)} <= {"table member_session"}
    logged = capfd.readouterr()
    assert "sluice" not in logged.out + logged.err


def _everything(app: Flask) -> dict[str, str]:
    """All that stands in the tables and files of the site."""
    db.session.rollback()
    with db.engine.connect() as connection:
        tables = {
            f"table {table.name}": repr(connection.execute(select(table)).all())
            for table in db.metadata.sorted_tables
        }
    folder = Path(app.extensions["settings"].data_dir)
    return tables | {
        f"file {path.relative_to(folder)}": path.read_bytes().decode(errors="replace")
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_everything_typed_stands_in_the_form_and_post_as_it_is_posts_it(browser: Browser) -> None:
    people = community("Blue Heron")
    browser.sign_in(people.alice)
    form = question(browser, SENTENCE + "\r\n\r\nMore.", tags="sluice", language="de")
    asked = browser.post("/ask", form)
    page = BeautifulSoup(asked.text, "html.parser")

    shown = page.select_one("textarea[name=text]").text.strip().replace("\r\n", "\n")  # type: ignore[union-attr]
    assert shown == form["text"].replace("\r\n", "\n")
    assert page.select_one("input[name=tags]")["value"] == "sluice"  # type: ignore[index]
    assert page.select_one("option[value=de]").has_attr("selected")  # type: ignore[union-attr]
    assert browser.post("/ask", form).status_code == 422, "the ordinary button acknowledges nothing"
    assert (
        browser.post("/ask", form | {"text": shown} | pressed(asked.text, "Post as it is")).status_code == 303
    )
    assert len(posts()) == 1


def test_a_changed_text_is_looked_at_anew(browser: Browser) -> None:
    people = community("Blue Heron", "Quiet Floor")
    browser.sign_in(people.alice)
    form = question(browser, SENTENCE)
    seal = pressed(browser.post("/ask", form).text, "Post as it is")

    again = browser.post("/ask", form | seal | {"text": SENTENCE + " Quiet Floor too."})

    assert "Quiet Floor" in warning(again.text)
    assert browser.post("/ask", form | {"safety": "no such seal é"}).status_code == 422
    other = browser.fresh().sign_in(people.bob)
    assert other.post("/ask", question(other, SENTENCE) | seal).status_code == 422, (
        "the seal is its member's own"
    )
    assert posts() == []


def test_the_first_button_of_the_warning_only_sends_the_form(browser: Browser) -> None:
    """What Return in a field presses must neither post unasked nor rewrite."""
    people = community("Blue Heron")
    browser.sign_in(people.alice)
    page = BeautifulSoup(browser.post("/ask", question(browser, SENTENCE)).text, "html.parser")

    first = page.select_one("form[action='/ask'] button[type=submit], form[action='/ask'] button:not([type])")

    assert first is not None
    assert not first.has_attr("name")


def test_the_title_is_looked_at_too(browser: Browser) -> None:
    people = community("Blue Heron")
    browser.sign_in(people.alice)

    asked = browser.post("/ask", question(browser, "Where would you begin?", title="Trouble with Blue Heron"))

    assert "Blue Heron" in warning(asked.text)


def test_a_rule_is_switched_off_where_it_warns(browser: Browser) -> None:
    people = community("Blue Heron")
    browser.sign_in(people.alice)
    form = question(browser, SENTENCE + " Write to q@umbrage-works.ie.")
    asked = browser.post("/ask", form)

    assert "Addresses" in warning(asked.text)
    again = browser.post("/ask", form | {"safety_off": "address"})
    assert "Addresses" not in warning(again.text)
    assert "Blue Heron" in warning(again.text)
    assert db.session.scalars(select(SwitchedOff.rule)).all() == ["address"]
    browser.post("/ask", form | {"safety_off": "address"})
    assert browser.post("/ask", form | {"safety_off": "nonsense"}).status_code == 422
    assert browser.post("/ask", form | {"safety_off": "confidential"}).status_code == 303


@pytest.mark.theory("3.49")
def test_listed_names_are_replaced_by_roles_on_request(browser: Browser) -> None:
    people = community()
    keep_own_word(viewer_of(people.charlie), "Northgate Dairy", "a dairy in the north")
    browser.sign_in(people.charlie)
    form = question(browser, "At NORTHGATE DAIRY it drips.", title="Drips at Northgate Dairy")
    asked = browser.post("/ask", form)
    assert "would read: a dairy in the north" in warning(asked.text)

    again = browser.post("/ask", form | pressed(asked.text, "Replace names by roles"))
    page = BeautifulSoup(again.text, "html.parser")
    rewritten = form | {
        "text": page.select_one("textarea[name=text]").text.strip(),  # type: ignore[union-attr]
        "title": str(page.select_one("input[name=title]")["value"]),  # type: ignore[index]
    }

    assert warning(again.text).startswith("Names are replaced by roles")
    assert posts() == []
    assert (rewritten["title"], rewritten["text"]) == (
        "Drips at a dairy in the north",
        "At a dairy in the north it drips.",
    )
    assert browser.post("/ask", rewritten).status_code == 303


def test_a_name_found_gets_its_role_in_the_warning_and_goes_on_the_members_list(browser: Browser) -> None:
    people = community()
    browser.sign_in(people.charlie)
    form = question(browser, "It drips at Halloran Mechanical Ltd since May.")
    asked = browser.post("/ask", form)
    name = BeautifulSoup(asked.text, "html.parser").select_one("input[name=safety_word]")
    assert name is not None

    typed = {"safety_word": str(name["value"]), "safety_role": "a contractor", "safety": "replace"}
    again = browser.post("/ask", form | typed)

    assert "It drips at a contractor since May." in again.text
    assert db.session.execute(select(OwnWord.word, OwnWord.role)).all() == [
        ("Halloran Mechanical Ltd", "a contractor")
    ]
    unsaid = browser.post("/ask", form | {"safety_word": "Kestrel", "safety_role": " "})
    assert "Halloran Mechanical Ltd" in warning(unsaid.text)
    assert "letters at least" in warning(browser.post("/ask", form | typed | {"safety_word": "x"}).text)
    nothing = browser.post("/ask", question(browser, "It drips.") | {"safety": "replace"})
    assert warning(nothing.text).startswith("There was nothing to replace")


@pytest.mark.theory("1.17")
def test_prices_are_reminded_of_where_competitors_meet(browser: Browser) -> None:
    people = community()
    browser.sign_in(people.bob)
    form = question(browser, "Our bid price was four percent too high.")
    assert browser.post("/ask", form).status_code == 303

    compete(people.acme, people.rival)

    asked = browser.post("/ask", question(browser, "Our bid price was four percent too high."))
    assert "Our bid price – competitors read here" in warning(asked.text)


def test_answers_replies_and_edits_are_asked_about_too(browser: Browser) -> None:
    people = community("Blue Heron", "Quiet Floor")
    topic = make_topic(author=people.charlie)
    browser.sign_in(people.alice)

    for address in (f"/t/{topic.id}/answer", f"/p/{topic.id}/reply"):
        asked = browser.post(address, {"text": SENTENCE, "submission_key": address})
        assert asked.status_code == 422
        assert "Blue Heron" in warning(asked.text)
        sent = {"text": SENTENCE, "submission_key": address} | pressed(asked.text, "Post as it is")
        assert browser.post(address, sent).status_code == 303
    assert browser.post(f"/t/{topic.id}/answer", {"text": SENTENCE, "more": "1"}).status_code == 200


def test_an_edit_asks_about_what_is_new_alone(browser: Browser) -> None:
    people = community("Blue Heron", "Quiet Floor")
    answer = make_answer(make_topic(author=people.charlie), author=people.alice, text=SENTENCE)
    browser.sign_in(people.alice)
    address, form = f"/p/{answer.id}/edit", {"reason": "clearer", "version": "1"}

    asked = browser.post(address, form | {"text": SENTENCE + " And Quiet Floor."})

    assert "Quiet Floor" in warning(asked.text)
    assert "Blue Heron" not in warning(asked.text)
    assert browser.post(address, form | {"text": SENTENCE + " And more."}).status_code == 303


def test_a_topics_edit_keeps_what_its_title_said(browser: Browser) -> None:
    people = community("Blue Heron")
    topic = make_topic(author=people.alice, title="Trouble with Blue Heron")
    browser.sign_in(people.alice)
    form = {
        "title": "Trouble with Blue Heron",
        "text": "It still drips.",
        "reason": "clearer",
        "version": "1",
    }

    assert browser.post(f"/p/{topic.id}/edit", form).status_code == 303
    assert db.session.get_one(Topic, topic.id).title == "Trouble with Blue Heron"


def test_own_files_are_looked_into_and_others_are_not(browser: Browser) -> None:
    people = community()
    own = attach(viewer_of(people.charlie), "plan.docx", document())
    others = attach(viewer_of(people.vera), "plan.docx", document())
    picture = attach(viewer_of(people.charlie), "a.png", samples.GOOD["a.png"])
    browser.sign_in(people.charlie)

    shown = question(
        browser, f"See [plan](/attachments/{own.id}/plan.docx), /attachments/{picture.id}/a.png."
    )
    asked = browser.post("/ask", shown)

    assert "Otto in plan.docx – who saved it last" in warning(asked.text)
    foreign = question(browser, f"See [plan](/attachments/{others.id}/plan.docx).")
    assert browser.post("/ask", foreign).status_code == 303


def test_long_lists_of_findings_are_cut(browser: Browser) -> None:
    people = community()
    browser.sign_in(people.charlie)
    machines = " ".join(f"10.1.2.{number}," for number in range(1, 31))

    asked = browser.post("/ask", question(browser, f"Look at {machines} please, and at 10.1.2.7 again"))

    assert "and 18 more" in warning(asked.text)
