"""What is closed is closed at once, before the index knows of it, in hits and counts alike; and after it knows too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from sqlalchemy import select

from iocop.contributions.services import attach, change_label, move_space
from iocop.core import mail, outbox
from iocop.core.db import db
from iocop.core.login import GUEST
from iocop.core.models import MailRow
from iocop.domains.models import Tag
from iocop.moderation.services import rule
from iocop.search import alerts, indexer
from iocop.search.plan import Bounds
from iocop.search.planning import plan_of
from iocop.search.port import Mask
from iocop.search.query import parse
from iocop.search.results import find
from iocop.spaces.models import SpaceGrant
from iocop.spaces.services import change_space, dismiss
from tests.client import Browser
from tests.factories import make_organization, saved, viewer_of
from tests.forums.factories import make_answer, make_domain, make_space, make_topic
from tests.people import officer, person
from tests.search.factories import index_all, let_in
from tests.search.leaking import feed_of, searching_with

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask

    from iocop.core.login import Viewer
    from iocop.search.results import Tab

SECRET: Final = "zygomorphic"
ENGINES: Final = ("whoosh", "postgresql")
SHOWN: Final[tuple[Tab, ...]] = ("topics", "files", "spaces")
"""Tabs that have something, each with the counts of all."""


@pytest.fixture(params=ENGINES, autouse=True)
def searching(request: pytest.FixtureRequest, app: Flask) -> Iterator[None]:
    with searching_with(app, request.param):
        index_all()
        yield


class Room:
    """A topic of two posts with a file in an open room; *reader* may read it, until something changes."""

    def __init__(self, app: Flask) -> None:
        acme = make_organization(name="Acme", slug="acme")
        self.author = person("Ann Alder", acme, "acme.example")
        keeper = officer(officer(person("Ada Aspen"), "administrator"), "moderator")
        self.admin = viewer_of(keeper)
        self.reader = person("Mia Maple")
        make_domain(name="Hydronics")
        self.open, self.closed = make_space(), make_space(name="Closed", audience="named")
        for one in (self.author, self.reader, keeper):
            let_in(one, self.closed)
        file = attach(viewer_of(self.author), f"{SECRET}.txt", SECRET.encode())
        text = f"Of {SECRET}. [it](/attachments/{file.id}/{file.name})"
        self.topic = make_topic(
            author=self.author, space=self.open, title=f"The {SECRET} pump", text=text, tags=("quench",)
        )
        self.answer = make_answer(self.topic, author=self.author, text=f"More {SECRET}.")
        make_topic(author=self.author, space=self.open, title="Another pump", text="Another pump.")
        self.feed = feed_of(self.reader, SECRET, "topics")
        self.browsers = {"guest": Browser(app), "member": Browser(app).sign_in(self.reader)}

    def viewer(self, who: str) -> Viewer:
        return GUEST if who == "guest" else viewer_of(self.reader)


def grant_of(there: Room) -> int:
    mine = SpaceGrant.member_id == there.reader.id
    return db.session.scalars(select(SpaceGrant.id).where(mine)).one()


def move(there: Room) -> None:
    move_space(there.admin, there.topic.id, there.closed.id)


def move_and_dismiss(there: Room) -> None:
    move(there)
    index_all()
    dismiss(there.admin, grant_of(there))


def close(there: Room) -> None:
    change_space(there.admin, there.open.id, name="Commons", about="", audience="named", archived=False)


def make_stricter(there: Room) -> None:
    change_label(viewer_of(there.author), there.topic.id, "space", "A client asked.")


def take_down(there: Room) -> None:
    rule(there.admin, there.topic.id, "hide", "A client asked.")


CHANGES: Final = {
    "moved": (move, "guest"), "moved and dismissed": (move_and_dismiss, "member"), "closed": (close, "member"),
    "stricter": (make_stricter, "guest"), "hidden": (take_down, "member"),
}  # fmt: skip


def figures(there: Room, who: str, typed: str = SECRET) -> dict[str, int]:
    """Return all a viewer is told, as figures: counts of tabs, rows and facets."""
    told: dict[str, int] = {}
    for tab in SHOWN:
        found = find(there.viewer(who), parse(typed), tab)
        told |= {f"rows {tab}": len(found.page.rows), f"total {tab}": found.page.total}
        told |= {f"counted {name} beside {tab}": number for name, number in found.counts.items()}
        told |= {
            f"{facet.name} {one.words} of {tab}": one.number
            for facet in found.facets
            for one in facet.choices
        }
    return {name: number for name, number in told.items() if number}


def pages(there: Room, who: str) -> str:
    browser = there.browsers[who]
    addresses = [f"/search?q=pump&kind={tab}" for tab in SHOWN]
    addresses += [f"/search/suggest?q={SECRET[:6]}", "/search/suggest?q=quen", "/search?q=zygomorphik"]
    addresses += [f"/search/similar?title=The+pump+{SECRET[:-2]}", "/search?q=tag:quench+pump"]
    texts = [browser.peek(address).text for address in addresses]
    return "\n".join([*texts, there.browsers["guest"].peek(there.feed).text if who == "member" else ""])


@pytest.mark.parametrize(("change", "who"), CHANGES.values(), ids=CHANGES)
def test_what_is_closed_is_neither_shown_nor_counted_from_that_moment(
    app: Flask, change: Callable[[Room], None], who: str
) -> None:
    there = Room(app)
    index_all()
    assert figures(there, who)["counted topics beside files"] == 1
    assert SECRET in pages(there, who)

    change(there)

    assert figures(there, who) == {}
    after = pages(there, who).replace(f"search?q={SECRET}", "").replace(f">{SECRET} ·", "")
    assert f"The {SECRET}" not in after
    assert f"{SECRET}.txt" not in after
    assert SECRET not in there.browsers[who].peek("/search?q=zygomorphik").text
    others = figures(there, who, "pump")
    index_all()
    assert figures(there, who) == {}
    assert figures(there, who, "pump") == others
    assert f"The {SECRET}" not in pages(there, who)


def test_an_answer_shared_less_far_is_counted_no_longer_and_its_topic_stays(app: Flask) -> None:
    there = Room(app)
    other = make_answer(there.topic, author=there.author, text="Quillwort.")
    index_all()
    assert figures(there, "guest", "quillwort")["rows topics"] == 1

    change_label(viewer_of(there.author), other.id, "space", "A client asked.")

    assert figures(there, "guest", "quillwort") == {}
    assert figures(there, "guest")["rows topics"] == 1
    index_all()
    assert figures(there, "guest", "quillwort") == {}


def test_a_hidden_employer_and_a_sealed_author_are_found_by_nothing(app: Flask) -> None:
    works = make_organization(name="Quillwort Works", slug="quillwort")
    author = person("Quentin Quayle", works, "quillwort.example")
    make_domain(name="Hydronics")
    make_topic(author=author, title="Frost one", text="Frost.", byline="employer_hidden")
    make_topic(author=author, title="Frost two", text="Frost.", byline="sealed")
    make_topic(
        author=person("Mia Maple", make_organization(name="Acme"), "acme.example"), title="Frost three"
    )
    index_all()
    browser = Browser(app).sign_in(person("Bob Birch"))

    page = browser.peek("/search?q=frost").text
    assert "Quillwort" not in page
    assert page.count("Quentin Quayle") == 1
    assert "Acme" in page
    for typed, titles in {
        "org:quillwort": [], "org:quillwort frost": [], "@quentin frost": ["Frost one"], "@quentin": ["Frost one"],
        "-@quentin frost": ["Frost three", "Frost two"],
        "-org:quillwort frost": ["Frost one", "Frost three", "Frost two"],
    }.items():  # fmt: skip
        found = find(viewer_of(author), parse(typed), "topics")
        assert sorted(one.row.title for one in found.page.rows) == titles, typed
        assert found.page.total == len(titles)
    assert "Quillwort" not in browser.peek("/search?q=frost&kind=members").text


@pytest.mark.parametrize("word", ["quench", "dousing"])
def test_a_tag_that_only_closed_texts_have_is_unknown_to_others_by_any_of_its_names(
    app: Flask, word: str
) -> None:
    there = Room(app)
    quench = db.session.scalars(select(Tag).where(Tag.slug == "quench")).one()
    saved(Tag(slug="dousing", merged_into_id=quench.id))
    query = parse(f"tag:{word}")
    named = find(GUEST, query, "topics").resolved
    assert (list(named.names.values()), named.problems) == (["quench"], {})

    move(there)

    unknown = find(GUEST, query, "topics").resolved
    assert (unknown.names, len(unknown.problems), unknown.bounds.all_of) == ({}, 1, (frozenset(),))
    assert list(find(there.viewer("member"), query, "topics").resolved.names.values()) == ["quench"]


def test_an_alert_that_waits_is_not_sent_to_whom_it_is_closed_to_meanwhile(app: Flask) -> None:
    there = Room(app)
    alerts.look_through_new()
    move(there)
    index_all()
    while alerts.look_through_new():
        pass
    dismiss(there.admin, grant_of(there))
    outbox.deliver_all()
    mail.send_due()

    letters = db.session.scalars(select(MailRow.body).where(MailRow.recipient_id == there.reader.id)).all()
    assert [letter for letter in letters if f"The {SECRET}" in letter] == []
    assert f"The {SECRET}" not in there.browsers["member"].peek("/inbox").text


def test_nothing_is_found_through_an_empty_mask_or_a_filter_that_names_nothing(app: Flask) -> None:
    there = Room(app)
    index_all()
    engine = indexer.engine()
    for member in (True, False):
        plan = plan_of(parse(SECRET), Bounds(), engine.languages())
        assert len(engine.search(plan, Mask(frozenset(), member)).ids) == 0
        assert not engine.suggest([SECRET[:6]], Mask(frozenset(), member), 10)
    for name in ("by", "org", "domain", "tag", "space", "product", "version", "status", "lang", "year"):
        for typed in (f"{name}:nothing-here", f"{name}:nothing-here {SECRET}"):
            found = find(there.viewer("member"), parse(typed), "topics")
            assert not any(found.counts.values()), typed
            assert not found.page.rows, typed
    close(there)
    assert figures(there, "guest") == {}
    assert figures(there, "guest", "pump") == {}
