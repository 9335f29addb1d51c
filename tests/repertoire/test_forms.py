"""Every form of the repertoire that others read: looked at before it is sent, sent once, kept whatever was typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import func, select

from iocop.contributions.models import Contribution
from iocop.core.db import db
from iocop.domains.models import Domain
from iocop.repertoire.anchoring import Quote
from iocop.repertoire.models import Article
from iocop.repertoire.services import name_term
from iocop.repertoire.services.noting import comment
from iocop.safety.services import list_terms
from tests.factories import viewer_of
from tests.forums.factories import make_answer, make_topic
from tests.people import officer, person
from tests.repertoire.factories import make_article
from tests.safety.factories import community, pressed, warning
from tests.worlds import kept

if TYPE_CHECKING:
    from iocop.members.models import Member
    from tests.client import Browser
    from tests.people import Cast

pytestmark = pytest.mark.usefixtures("app")

SENTENCE = "Project Blue Heron begins in May at the sluice."
FORMS = (
    "new", "edit", "rewrite", "discuss", "comment", "request", "obsolete", "delete", "distil", "summary",
)  # fmt: skip


@kept
def sealed() -> tuple[Cast, Article]:
    """A community, and an article that two curators of two organizations approved."""
    people = community()
    reviewers = [officer(each, "curator") for each in (people.charlie, people.sol)]
    return people, make_article(
        author=people.vera, reviewers=reviewers, text="Open every valve. Measure the flow."
    )


def form_of(
    which: str, browser: Browser, member: Member, article: Article, words: str
) -> tuple[str, dict[str, str]]:
    """Return the address of a form, and what it sends with some words where others read them."""
    if which == "distil":
        return _of_thread(browser, member, words)
    once, about = {"submission_key": "once"}, f"/a/{article.id}"
    whole = once | {
        "kind": "how-to", "title": "Where to begin", "text": words, "language": "en",
        "domains": str(db.session.scalar(select(Domain.id).limit(1))),
        "space": str(db.session.get_one(Contribution, article.id).space_id),
    }  # fmt: skip
    if which == "rewrite":
        begun = browser.post(
            "/repertoire/new", whole | {"text": "Begin at the pump.", "submission_key": "first"}
        )
        return f"{begun.location}/edit", whole | {"version": "1"}
    return {
        "new": ("/repertoire/new", whole),
        "summary": ("/repertoire/new", whole | {"text": "Begin at the pump.", "summary": words}),
        "edit": (f"{about}/edit", whole | {"base_version": "1", "title": article.title}),
        "discuss": (f"/repertoire/discussion/{article.id}", once | {"text": words}),
        "comment": (f"{about}/notes/new", once | {"text": words, "quote": "Open every valve"}),
        "request": ("/repertoire/requests/new", whole),
        "obsolete": (f"{about}/suggest/obsolete", once | {"reason": words}),
        "delete": (f"{about}/suggest/delete", once | {"reason": words}),
    }[which]


def _of_thread(browser: Browser, member: Member, words: str) -> tuple[str, dict[str, str]]:
    topic = make_topic(author=member, text="One begins at the pump, always.")
    taken = browser.page(f"/t/{topic.id}/distil").select_one("input[name=take][value*='-']")
    assert taken is not None
    return f"/t/{topic.id}/distil", {
        "title": "Where to begin", "kind": "how-to", "text": words, "submission_key": "once",
        "taken": str(taken["value"]), "how": "save",
    }  # fmt: skip


@pytest.mark.parametrize("which", FORMS)
def test_every_form_asks_back_once_keeps_what_was_typed_and_is_sent_once(
    browser: Browser, which: str
) -> None:
    people, article = sealed()
    list_terms(viewer_of(people.bob), people.acme.id, ("Blue Heron",))
    browser.sign_in(people.alice)
    path, form = form_of(which, browser, people.alice, article, SENTENCE)
    before = contributions()

    asked = browser.post(path, form)

    assert asked.status_code == 422
    assert "Blue Heron – your organization's contact listed this as confidential" in warning(asked.text)
    assert contributions() == before
    assert SENTENCE in [
        field.get_text().strip() for field in BeautifulSoup(asked.text, "html.parser")("textarea")
    ]
    form.pop("how", None)
    again = form | pressed(asked.text, "Post as it is")
    assert browser.post(path, again).status_code == 303
    browser.post(path, again)  # the button pressed twice
    assert contributions() == before + (which != "rewrite")


def contributions() -> int:
    return db.session.scalar(select(func.count()).select_from(Contribution)) or 0


PROBE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'><b>"
MAP = "".join(f"Term {n} -- leads to --> Term {n + 1}\n" for n in range(1_800))
HOSTILE = {
    "brackets": "[[" * 32_000, "dashes": "--\n" * 3_000, "fences": "```\n````\n~~~\n" * 400, "emoji": "👩‍🚒" * 5_000,
    "map": f"```concept-map\n{MAP}```\n", "path": "../../etc/passwd [x](../../../etc) ![y](//evil.example/x)",
    "long": "word " * 20_000, "overrides": "\u202e\u2066" * 9_000, "quotes": "> " * 20_000,
}  # fmt: skip


@pytest.mark.parametrize(
    ("which", "sort"),
    [*((which, "markup") for which in FORMS), *(("new", sort) for sort in HOSTILE), ("comment", "long")],
)
def test_hostile_words_are_taken_or_refused_at_their_field(browser: Browser, which: str, sort: str) -> None:
    people, article = sealed()
    browser.sign_in(people.alice)
    path, form = form_of(which, browser, people.alice, article, (HOSTILE | {"markup": PROBE})[sort])

    answer = browser.client.post(path, data=form | {"csrf_token": browser.csrf_token()})

    assert (answer.status_code == 422) == (sort == "long")
    page = BeautifulSoup(
        browser.peek(answer.location).text if answer.location else answer.text, "html.parser"
    )
    if sort == "long":
        assert page.select_one("textarea[name=text][aria-invalid=true]") is not None
        assert page.select("textarea[name=text]")[0].get_text().strip() == HOSTILE[sort].strip()
    assert not page.select("script:not([src])")
    assert not [tag for tag in page.find_all(True) if any(name.startswith("on") for name in tag.attrs)]


@pytest.mark.parametrize(
    "field", ["title", "summary", "product", "versions", "standard", "region", "tags", "owner", "note"]
)
def test_markup_in_any_field_is_shown_as_typed(browser: Browser, field: str) -> None:
    people, article = sealed()
    browser.sign_in(people.alice)
    _path, form = form_of("new", browser, people.alice, article, "Some words.")
    typed = PROBE[:70]

    answer = browser.post("/repertoire/new", form | {field: typed})

    if answer.status_code == 422:
        assert field in {"tags", "owner"}
        shown = BeautifulSoup(answer.text, "html.parser").select_one(f"[name={field}]")
        assert shown is not None
        assert shown.get("value") == typed
        assert "<img src=x" not in answer.text
        return
    for path in (answer.location, "/repertoire/queue", "/repertoire", f"{answer.location}/edit"):
        assert "<img src=x" not in browser.get(path).text
        assert "<script>alert" not in browser.get(path).text


@pytest.mark.parametrize("title", ["👩‍🚒" * 67, "x" * 201, "a\x00b", "  .  ", "   "])
def test_titles_that_cannot_be_are_refused_at_the_title(browser: Browser, title: str) -> None:
    people, article = sealed()
    browser.sign_in(people.alice)
    for which in ("new", "request", "distil"):
        path, form = form_of(which, browser, people.alice, article, "Words that stay.")
        before = contributions()
        answer = browser.post(path, form | {"title": title})
        assert answer.status_code == 422
        assert contributions() == before
        if "\x00" in title:
            continue  # no browser types it: the whole request is refused
        page = BeautifulSoup(answer.text, "html.parser")
        assert "Words that stay." in [each.get_text().strip() for each in page("textarea")]
        assert page.select_one("[name=title][aria-invalid=true]") is not None, (which, title)


def test_an_answer_that_was_distilled_is_no_article_of_its_authors_to_approve(browser: Browser) -> None:
    people, _article = sealed()
    topic = make_topic(author=people.vera)
    make_answer(topic, author=people.sol, text="One begins at the pump, always.")
    browser.sign_in(people.alice)
    page = browser.page(f"/t/{topic.id}/distil")
    mark = [each["value"] for each in page.select("input[name=take]") if "-" in str(each["value"])][-1]
    kept = browser.post(
        f"/t/{topic.id}/distil",
        {"title": "Where to begin", "kind": "how-to", "text": "One begins at the pump, always.",
         "submission_key": "once", "taken": mark, "how": "save"},
    )  # fmt: skip
    browser.post(f"{kept.location}/submit")

    approves = {"verdict": "approve", "round": "1"}
    assert browser.fresh().sign_in(people.sol).post(f"{kept.location}/review", approves).status_code == 403
    assert (
        browser.fresh().sign_in(people.charlie).post(f"{kept.location}/review", approves).status_code == 303
    )
    other = officer(person("Ola Other"), "curator")
    assert browser.fresh().sign_in(other).post(f"{kept.location}/review", approves).status_code == 303


def test_markup_in_terms_names_maps_and_passages_is_shown_as_typed(browser: Browser) -> None:
    people, _article = sealed()
    reviewers = (people.charlie, people.sol)
    term = make_article(
        author=people.vera,
        reviewers=reviewers,
        kind="term",
        title=f"Weir {PROBE}",
        summary=PROBE,
        text="It holds.",
    )
    name_term(viewer_of(people.vera), term.id, f"sill {PROBE}")
    drawn = f"A weir and a sill.\n\n```concept-map\n{PROBE} -- {PROBE} --> Second {PROBE}\n```\n"
    article = make_article(author=people.vera, reviewers=reviewers, kind="map", title="Drawn", text=drawn)
    comment(viewer_of(people.vera), article.id, Quote("A weir and a sill."), PROBE, "k")

    for path in (
        f"/a/{article.id}", f"/a/{article.id}/notes", f"/a/{term.id}", f"/glossary/{term.id}/names", "/glossary",
        f"/a/{article.id}/compare", f"/a/{article.id}/provenance", f"/a/{article.id}/credits", "/repertoire",
    ):  # fmt: skip
        page = BeautifulSoup(browser.sign_in(people.alice).peek(path).text, "html.parser")
        assert page.h1 is not None, path
        assert not page.select("script:not([src]), img[src=x]"), path
        assert not [tag for tag in page.find_all(True) if any(name.startswith("on") for name in tag.attrs)], (
            path
        )
