"""Comments on a passage: they stand beside it, survive edits, or say what they were about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from iocop.contributions.models import Contribution
from iocop.contributions.services import set_state
from iocop.core.db import db
from iocop.core.errors import Conflict, Invalid, Missing, Refused
from iocop.core.login import GUEST
from iocop.repertoire import services
from iocop.repertoire.anchoring import Quote
from iocop.repertoire.models import Article, OldAnchor, PassageNote
from iocop.repertoire.services.noting import comment, settle
from tests.factories import make_member, viewer_of
from tests.people import officer
from tests.repertoire.factories import Curators, curators, make_article, make_proposal

if TYPE_CHECKING:
    from iocop.core.login import Viewer
    from tests.client import Browser

pytestmark = pytest.mark.usefixtures("app")

BYPASS = "Then close the bypass slowly, a quarter turn at a time."
TEXT = f"## Steps\n\nOpen every valve. Measure the flow & note it.\n\n{BYPASS}\n\n- one\n- two\n"


def article_of(people: Curators, **about: str) -> Article:
    return make_article(author=people.author, reviewers=(people.ann, people.ben), **{"text": TEXT} | about)


def edited(people: Curators, article: Article, text: str) -> None:
    proposal = make_proposal(
        author=people.author, act="edit", article_id=article.id, title=article.title, text=text
    )
    for reviewer in (people.ann, people.ben):
        services.approve(viewer_of(reviewer), proposal.id, proposal.round)


def noted(
    actor: Viewer, article: Article, words: str = "close the bypass slowly", key: str = "k"
) -> PassageNote:
    return comment(actor, article.id, Quote(words), "A quarter is too much for ours.", key)


def test_a_member_chooses_a_paragraph_and_comments_on_it(browser: Browser) -> None:
    people = curators()
    article = article_of(people)
    form = browser.sign_in(make_member(name="Cora Mint")).page(f"/a/{article.id}/notes/new")
    choices = {
        str(label.input["value"]): label.text
        for label in form.select("label:has(input[name=paragraph])")
        if label.input
    }
    number = next(key for key, words in choices.items() if "bypass" in words)

    answer = browser.post(
        f"/a/{article.id}/notes/new",
        {"paragraph": number, "text": "Half a turn here.", "submission_key": "k1"},
    )

    assert answer.status_code == 303
    note = db.session.scalars(select(PassageNote)).one()
    assert (note.quote, note.number) == (BYPASS, 1)
    assert note.before.endswith("note it. ")
    page = browser.page(f"/a/{article.id}/notes")
    shown = page.select_one(f"#note-{note.id}")
    assert shown is not None
    assert "Cora Mint" in shown.text
    assert "Half a turn here." in shown.text
    assert page.select_one(f"a[href='/a/{article.id}#note-mark-{note.id}']") is not None
    marked = browser.page(f"/a/{article.id}")
    mark = marked.select_one(f"sup#note-mark-{note.id}")
    assert mark is not None
    assert BYPASS in str(mark.previous_sibling)
    assert browser.get(f"/p/{note.id}").headers["Location"].startswith(f"/a/{article.id}/notes#")


def test_selected_words_come_with_the_address(browser: Browser) -> None:
    article = article_of(curators())
    browser.sign_in(make_member())

    page = browser.page(f"/a/{article.id}/notes/new?quote=the+bypass+slowly&before=Then+close+&after=,+a")

    assert [str(field["value"]) for field in page.select("input[name=quote], input[name=before]")] == [
        "the bypass slowly",
        "Then close ",
    ]
    sent = {"quote": "the bypass slowly", "text": "Why?", "submission_key": "k2"}
    assert browser.post(f"/a/{article.id}/notes/new", sent).status_code == 303


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("", "Choose the passage"),
        ("Never said here at all", "not in the article any more"),
        ("x" * 401, "at most 400"),
    ],
    ids=["nothing chosen", "not in the text", "too long"],
)
def test_a_comment_needs_a_passage_of_the_text(browser: Browser, words: str, reason: str) -> None:
    article = article_of(curators())
    browser.sign_in(make_member())

    answer = browser.post(
        f"/a/{article.id}/notes/new", {"quote": words, "text": "My words stay", "submission_key": "k"}
    )

    assert answer.status_code == 422
    assert reason in answer.text
    assert "My words stay" in answer.text


def test_a_comment_survives_edits_and_says_when_its_words_changed_or_went(browser: Browser) -> None:
    people = curators()
    article = article_of(people)
    note = noted(viewer_of(make_member()), article, BYPASS)

    edited(people, article, f"## Before\n\nDrain it first.\n\n{TEXT}")
    assert browser.page(f"/a/{article.id}").select_one(f"#note-mark-{note.id}") is not None

    edited(people, article, TEXT.replace("a quarter turn at a time", "half a turn at a time"))
    assert browser.page(f"/a/{article.id}").select_one(f"#note-mark-{note.id}") is not None
    assert "changed a little" in browser.get(f"/a/{article.id}/notes").text

    edited(people, article, "## Steps\n\nInsulate everything with wool.")
    assert browser.page(f"/a/{article.id}").select_one(f"#note-mark-{note.id}") is None
    text = browser.page(f"/a/{article.id}/notes").text
    assert f"Was about: “{BYPASS}” (version 1)." in text


def test_author_owner_and_curators_settle_a_comment_and_open_it_again(browser: Browser) -> None:
    people = curators()
    article = article_of(people)
    author, other = make_member(), make_member()
    note = noted(viewer_of(author), article)
    browser.sign_in(other)
    assert "Settle" not in browser.get(f"/a/{article.id}/notes").text
    assert browser.post(f"/a/{article.id}/notes/{note.id}", {"how": "settle"}).status_code == 403

    browser.sign_in(people.author)
    assert "Settle" in browser.get(f"/a/{article.id}/notes").text
    assert browser.post(f"/a/{article.id}/notes/{note.id}", {"how": "settle"}).status_code == 303
    assert browser.page(f"/a/{article.id}").select_one(f"#note-mark-{note.id}") is None
    assert browser.post(f"/a/{article.id}/notes/{note.id}", {"how": "settle"}).status_code == 409

    settle(viewer_of(author), note.id, settled=False)
    assert browser.page(f"/a/{article.id}").select_one(f"#note-mark-{note.id}") is not None
    settle(viewer_of(people.ann), note.id, settled=True)
    row = db.session.get_one(PassageNote, note.id)
    assert row.settled_by_id == people.ann.id
    with pytest.raises(Missing):
        settle(viewer_of(people.ann), article.id, settled=True)
    with pytest.raises(Refused, match="Join or sign in"):
        settle(GUEST, note.id, settled=False)


def test_comments_are_in_the_texts_order_and_settled_ones_last(browser: Browser) -> None:
    article = article_of(curators())
    actor = viewer_of(make_member())
    third = noted(actor, article, "Measure the flow", "k1")
    second = noted(actor, article, "close the bypass", "k2")
    first = noted(actor, article, "Open every valve", "k3")
    settle(actor, third.id, settled=True)

    found = [str(each["id"]) for each in browser.page(f"/a/{article.id}/notes").select("article.note")]

    assert found == [f"note-{first.id}", f"note-{second.id}", f"note-{third.id}"]


def test_sent_twice_it_stands_once_and_a_hidden_one_is_marked_nowhere(browser: Browser) -> None:
    article = article_of(curators())
    actor = viewer_of(make_member())

    note = noted(actor, article)
    assert noted(actor, article).id == note.id
    set_state(viewer_of(officer(make_member(), "moderator")), note.id, "hidden", "Off the point")

    assert browser.page(f"/a/{article.id}").select_one(f"#note-mark-{note.id}") is None
    assert "quarter is too much" not in browser.get(f"/a/{article.id}/notes").text


def test_comments_on_what_one_may_not_read_are_not_found(browser: Browser) -> None:
    article = article_of(curators(), label="members")
    noted(viewer_of(make_member()), article)

    assert browser.get(f"/a/{article.id}/notes").status_code == 404
    assert browser.get(f"/a/{article.id}/notes/new").status_code == 303
    with pytest.raises(Refused):
        noted(GUEST, article)
    with pytest.raises(Missing):
        comment(viewer_of(make_member()), article.id + 999, Quote("x"), "y", "k")
    with pytest.raises(Invalid):
        comment(viewer_of(make_member()), article.id, Quote(BYPASS), " ", "k")
    with pytest.raises(Conflict):
        settle(viewer_of(make_member_with_note(article)), _last_note().id, settled=False)


def make_member_with_note(article: Article):  # type: ignore[no-untyped-def]
    member = make_member()
    noted(viewer_of(member), article, key="own")
    return member


def _last_note() -> PassageNote:
    return db.session.scalars(select(PassageNote).order_by(PassageNote.id.desc())).first()  # type: ignore[return-value]


def test_a_link_to_an_old_section_leads_to_the_new_one(browser: Browser) -> None:
    people = curators()
    article = article_of(people, text="## Steps\n\nOpen every valve, measure the flow.\n\n## Why\n\nNoise.")
    edited(people, article, "## What to do\n\nOpen every valve, measure the flow.\n\n## Why\n\nNoise.")
    edited(people, article, "## What to do first\n\nOpen every valve, measure the flow.\n\n## Why\n\nNoise.")

    rows = {row.anchor: row.now for row in db.session.scalars(select(OldAnchor))}
    assert rows == {"c-steps": "c-what-to-do-first", "c-what-to-do": "c-what-to-do-first"}
    heading = browser.page(f"/a/{article.id}").select_one("#c-what-to-do-first")
    assert heading is not None
    assert {str(span["id"]) for span in heading.select("span.old-anchor")} == {"c-steps", "c-what-to-do"}
    assert db.session.get_one(Contribution, article.id).version == 3
