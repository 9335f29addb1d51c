"""A feed shows a saved search as its owner would find it now, and no label goes further in it than in any feed."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest
from sqlalchemy import select

from iocop.contributions.models import Attachment, Contribution
from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.errors import Invalid
from iocop.members.models import Member
from iocop.members.services import erase, leave
from iocop.members.tokens import hashed
from iocop.organizations.models import Organization
from iocop.search import services
from iocop.search.models import SavedSearch
from iocop.spaces.labels import LABELS
from iocop.spaces.models import SpaceGrant
from tests.factories import saved, viewer_of
from tests.repertoire.factories import imported_article
from tests.search.factories import (
    index_all,
    let_in,
    make_answer,
    make_firm,
    make_person,
    make_space,
    make_topic,
)

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

    from tests.client import Browser

ATOM = "{http://www.w3.org/2005/Atom}"


def address(member: Member, text: str = "frost", kind: str = "topics") -> str:
    actor = viewer_of(member)
    row = services.save_search(actor, text, kind)
    return f"/search/feed/{services.renew_feed(actor, row.id)}"


def entries(answer: TestResponse) -> list[dict[str, str]]:
    assert answer.status_code == 200
    assert answer.mimetype == "application/atom+xml"
    feed = ElementTree.fromstring(answer.data)  # noqa: S314 -- the site's own
    found = []
    for entry in feed.iter(f"{ATOM}entry"):
        link = entry.find(f"{ATOM}link")
        assert link is not None
        found.append(
            {
                "title": entry.findtext(f"{ATOM}title") or "", "summary": entry.findtext(f"{ATOM}summary") or "",
                "author": entry.findtext(f"{ATOM}author/{ATOM}name") or "", "link": link.attrib["href"],
                "id": entry.findtext(f"{ATOM}id") or "", "updated": entry.findtext(f"{ATOM}updated") or "",
            }
        )  # fmt: skip
    return found


def titles(answer: TestResponse) -> list[str]:
    return [entry["title"] for entry in entries(answer)]


def test_a_feed_is_made_shown_once_renewed_and_ended(browser: Browser) -> None:
    alice = make_person()
    row = services.save_search(viewer_of(alice), "frost", "topics")
    index_all()
    browser.sign_in(alice)
    assert browser.page(f"/search/saved/{row.id}").select_one("code") is None

    made = browser.post(f"/search/saved/{row.id}/feed")
    address = made.text.split("<code>")[1].split("</code>")[0].removeprefix("http://localhost")
    assert made.headers["Cache-Control"] == "private, no-store"
    kept = db.session.scalars(select(SavedSearch.feed_hash)).one()
    assert kept == hashed(address.rsplit("/", 1)[1])
    assert address not in browser.get(f"/search/saved/{row.id}").text
    reader = browser.fresh()
    assert reader.get(address).status_code == 200

    second = browser.post(f"/search/saved/{row.id}/feed").text.split("<code>")[1].split("</code>")[0]
    second = second.removeprefix("http://localhost")
    assert reader.get(address).status_code == 404
    assert reader.get(second).status_code == 200
    assert browser.post(f"/search/saved/{row.id}/feed/end").status_code == 303
    assert reader.get(second).status_code == 404


def test_a_feed_is_what_the_standard_asks_for(browser: Browser) -> None:
    alice = make_person()
    bell = chr(7)
    topic = make_topic(
        f"Frost & <b>coil</b>{bell}", "Night & day", author_id=make_person(name="Ada Lovell").id
    )
    answer = make_answer(topic, "More frost")
    path = address(alice)
    index_all()

    response = browser.get(path)

    feed = ElementTree.fromstring(response.data)  # noqa: S314 -- the site's own
    for name in ("title", "id", "updated", "link", "author"):
        assert feed.find(f"{ATOM}{name}") is not None, name
    assert {link.attrib["rel"]: link.attrib["href"] for link in feed.iterfind(f"{ATOM}link")} == {
        "self": f"http://localhost{path}",
        "alternate": "http://localhost/search?q=frost&kind=topics",
    }
    [entry] = entries(response)
    assert entry["title"] == "Frost & <b>coil</b>"
    assert entry["link"] in {f"http://localhost/p/{topic.id}", f"http://localhost/p/{answer.id}"}
    assert entry["author"] == "Ada Lovell"
    assert entry["id"].startswith("tag:localhost,")
    assert entry["updated"].endswith("Z")
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert "Set-Cookie" not in response.headers
    again = browser.get(path, headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304


def test_the_newest_with_all_words_come_first_each_topic_once(browser: Browser) -> None:
    path = address(make_person(), "frost coil")
    old = make_topic("Frost coil, old")
    make_topic("Frost coil, new", created_at=clock.now().replace(year=2100))
    make_topic("Frost alone")
    make_answer(old, "frost coil again")
    index_all()

    assert titles(browser.get(path)) == ["Frost coil, new", "Frost coil, old"]


def test_articles_and_files_have_feeds_people_have_none(browser: Browser) -> None:
    alice = make_person()
    article = imported_article(make_person(), "About frost", title="Frost guide")
    topic = make_topic("Plans")
    saved(
        Attachment(
            contribution_id=topic.id, owner_id=alice.id, key="k", name="frost.pdf", size=1, sha256="",
            media_type="application/pdf", created_at=clock.now(),
        )
    )  # fmt: skip
    articles, files = address(alice, kind="articles"), address(alice, kind="files")
    index_all()

    [entry] = entries(browser.get(articles))
    assert (entry["title"], entry["author"]) == ("Frost guide", "")
    assert entry["link"] == f"http://localhost/p/{article.id}"
    assert titles(browser.get(files)) == ["frost.pdf · Plans"]
    with pytest.raises(Invalid):
        address(alice, kind="members")


def test_author_lines_are_those_of_the_pages(browser: Browser) -> None:
    firm = make_firm(name="Secret Employer")
    ada = make_person(name="Ada Lovell")
    for number, byline in enumerate(("named", "employer_hidden", "sealed")):
        make_topic(f"Frost {byline}", author_id=ada.id, byline=byline, organization_id=firm.id,
                   created_at=clock.now().replace(year=2090 + number))  # fmt: skip
    path = address(make_person())
    index_all()

    assert [entry["author"] for entry in entries(browser.get(path))] == [
        "A member",
        "Ada Lovell",
        "Ada Lovell, Secret Employer",
    ]
    assert db.session.scalar(select(Organization.name)) == "Secret Employer"


@pytest.mark.parametrize("audience", ["public", "members", "verified", "named"])
@pytest.mark.parametrize("label", LABELS)
def test_who_reads_what_through_which_feed(browser: Browser, audience: str, label: str) -> None:
    """Viewer × label × space: what the owner may not read is not there at all; what is not for feeds has no words."""
    outsider, insider = make_person(), make_person()
    space = make_space(audience)
    let_in(insider, space)
    topic = make_topic("Zygomorph frost", "zygomorph", space_id=space.id, label=label)
    make_answer(topic, "zygomorph frost again")
    paths = {"outsider": address(outsider), "insider": address(insider)}
    index_all()

    for who, path in paths.items():
        answer = browser.get(path)
        may_read = audience in {"public", "members"} or (audience == "named" and who == "insider")
        assert len(entries(answer)) == int(may_read), who
        assert (b"ygomorph" in answer.data) is (may_read and label == "public"), who


def test_a_stricter_answer_or_topic_keeps_its_words_in(browser: Browser) -> None:
    path = address(make_person(), "zygomorph")
    open_topic, members_only = make_topic("Open", "x"), make_topic("Zygomorph kept", "x", label="members")
    make_answer(open_topic, "zygomorph inside", label="members")
    make_answer(members_only, "zygomorph outside", label="public")
    index_all()

    answer = browser.get(path)
    assert len(entries(answer)) == 2
    assert b"inside" not in answer.data
    assert b"outside" not in answer.data
    assert b"Zygomorph kept" not in answer.data


def test_what_is_revoked_moved_or_hidden_is_gone_at_once(browser: Browser) -> None:
    """Also before the index has heard of it."""
    member = make_person()
    named = make_space("named")
    grant = let_in(member, named)
    inside, hidden = make_topic("Frost inside", space_id=named.id), make_topic("Frost hidden")
    path = address(member)
    index_all()
    assert sorted(titles(browser.get(path))) == ["Frost hidden", "Frost inside"]

    with act() as session:
        session.get_one(Contribution, hidden.id).state = "hidden"
        session.get_one(SpaceGrant, grant.id).ended_at = clock.now()
    assert titles(browser.get(path)) == []
    assert inside.id


@pytest.mark.parametrize("how", ["suspended", "left", "erased"])
def test_who_is_suspended_has_left_or_was_erased_has_no_feed(browser: Browser, how: str) -> None:
    alice = make_person()
    path = address(alice)
    index_all()
    assert browser.get(path).status_code == 200
    if how == "suspended":
        with act() as session:
            session.get_one(Member, alice.id).state = "suspended"
    else:
        (leave if how == "left" else erase)(viewer_of(alice))

    assert browser.get(path).status_code == 404


def test_an_address_nobody_made_leads_nowhere(browser: Browser) -> None:
    for token in ("x", "None", "a" * 43, "ä", "%00"):
        assert browser.get(f"/search/feed/{token}").status_code == 404


def test_while_the_index_is_away_a_feed_asks_for_patience(app: Flask, browser: Browser) -> None:
    path = address(make_person())
    shutil.rmtree(app.extensions["settings"].data_dir / "search", ignore_errors=True)

    answer = browser.get(path)
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
