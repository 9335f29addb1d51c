"""Rooms of every audience with things under every label, each with words of its own, and all who may come to them."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING, Final

from iocop.contributions.models import Contribution
from iocop.contributions.services import attach
from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.events import emit
from iocop.core.login import GUEST
from iocop.repertoire.events import ArticleRenewed
from iocop.repertoire.services import name_term
from iocop.search import services
from iocop.search.file_texts import read_files
from iocop.search.whoosh_engine.engine import WhooshEngine
from iocop.spaces.events import SpaceOpened
from iocop.spaces.labels import LABELS
from iocop.spaces.models import SpaceGrant
from tests.client import Browser
from tests.factories import make_organization, saved, viewer_of
from tests.forums.factories import make_answer, make_domain, make_space, make_topic
from tests.people import officer, person
from tests.repertoire.factories import imported_article

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from iocop.core.login import Viewer
    from iocop.members.models import Member
    from iocop.search.port import SearchEngine
    from iocop.spaces.models import Space

LURE: Final = "marzipan"
"""Stands in everything, so that whoever looks for it finds all they may read."""
LETTERS: Final = "bcfghjkmpqvwxz"
VIEWERS: Final = (
    "guest", "member", "verified", "colleague", "named", "revoked", "competitor", "suspended",
)  # fmt: skip
MEMBERS: Final = VIEWERS[1:]
INSIDE: Final = {
    "public": frozenset(MEMBERS),
    "members": frozenset(MEMBERS),
    "verified": frozenset({"verified", "colleague", "competitor"}),
    "named": frozenset({"colleague", "named"}),
}
"""By a space's audience: who is in it, whatever the label. A guest reads only what is public in a public space."""
CASES: Final = tuple(
    (audience, label) for audience in INSIDE for label in (LABELS if audience == "public" else LABELS[:3])
)
THINGS: Final = (
    "title", "body", "answer", "file", "inside", "tag", "article", "text", "product", "version", "term", "meaning",
)  # fmt: skip
"""What has a word of its own in each case."""


def word(*of: str) -> str:
    """Return a word that nothing else has and nothing is spelt nearly like."""
    return "".join(Random(" ".join(of)).choices(LETTERS, k=12))


@dataclass(frozen=True)
class Case:
    """A question with an answer and a file, an article and a term, under one label in one space.

    Attributes:
        key: stands in all of them; the glossary also calls the term so.
        words: by thing, its own word.
        signed: the names of their author and of the author's organization.
    """

    audience: str
    label: str
    key: str
    words: dict[str, str]
    signed: frozenset[str]
    ids: tuple[int, ...]

    @property
    def readers(self) -> frozenset[str]:
        everybody = self.audience == self.label == "public"
        return INSIDE[self.audience] | ({"guest"} if everybody else frozenset())


@dataclass(frozen=True)
class Site:
    """All of it, with a browser and the feeds of each viewer by tab."""

    cases: list[Case]
    rooms: dict[str, Space]
    people: dict[str, Member]
    browsers: dict[str, Browser]
    feeds: dict[tuple[str, str], str]

    def viewer(self, who: str) -> Viewer:
        return GUEST if who == "guest" else viewer_of(self.people[who])

    def readable(self, who: str) -> list[Case]:
        return [case for case in self.cases if who in case.readers]

    def closed(self, who: str) -> list[Case]:
        return [case for case in self.cases if who not in case.readers]


@contextmanager
def searching_with(app: Flask, name: str) -> Iterator[SearchEngine]:
    """Let the site search with an engine, and with what it had before afterwards."""
    before = app.extensions["settings"]
    app.extensions["settings"] = replace(before, search_engine=name)
    app.extensions["search"] = _made(app, name)
    try:
        yield app.extensions["search"]
    finally:
        app.extensions["settings"] = before
        app.extensions.pop("search")


def _made(app: Flask, name: str) -> SearchEngine:
    if name == "postgresql":
        from iocop.search.postgres_engine.engine import PostgresEngine

        return PostgresEngine()
    return WhooshEngine(app.extensions["settings"].data_dir / "search")


def make_site(app: Flask) -> Site:
    """Make everybody, their saved searches, and then everything; nothing is indexed yet."""
    people, rooms = _people(), {audience: _room(audience) for audience in INSIDE}
    named = rooms["named"].id
    now = clock.now()
    for who, ended in (("named", None), ("revoked", now)):
        saved(SpaceGrant(space_id=named, member_id=people[who].id, granted_at=now, ended_at=ended))
    feeds = {(who, tab): feed_of(people[who], LURE, tab) for who in MEMBERS for tab in services.TOLD_OF}
    make_domain(name="Hydronics")
    cases = [_case(audience, label, rooms[audience]) for audience, label in CASES]
    read_files()
    browsers = {who: Browser(app).sign_in(one) for who, one in people.items()}
    return Site(cases, rooms, people, {"guest": Browser(app)} | browsers, feeds)


def feed_of(member: Member, text: str, tab: str) -> str:
    """Save a search that tells by mail; return the address of its feed."""
    actor = viewer_of(member)
    row = services.save_search(actor, text, tab, alert="mail")
    return f"/search/feed/{services.renew_feed(actor, row.id)}"


def _people() -> dict[str, Member]:
    acme, rival = make_organization(name="Acme", slug="acme"), make_organization(name="Rival", slug="rival")
    return {
        "member": person("Mia Maple"),
        "verified": person("Vic Vine", acme, "acme.example"),
        "colleague": person("Col Cedar", make_organization(name="Guild", slug="guild"), "guild.example"),
        "named": person("Nan Nettle"),
        "revoked": person("Ron Rowan"),
        "competitor": person("Cat Clover", rival, "rival.example"),
        "suspended": person("Sue Sorrel", state="suspended"),
        "moderator": officer(person("Mod Myrtle"), "moderator"),
    }


def _room(audience: str) -> Space:
    room = make_space(
        name=f"{word(audience, 'room')} {LURE}", audience=audience, about=word(audience, "about")
    )
    with act():
        emit(SpaceOpened(None, room.id))
    if audience == "named":
        from iocop.organizations.models import Organization

        guild = db.session.query(Organization).filter_by(slug="guild").one()
        saved(SpaceGrant(space_id=room.id, organization_id=guild.id, granted_at=clock.now()))
    return room


def _case(audience: str, label: str, room: Space) -> Case:
    name = f"{audience} {label}"
    words, key = {thing: word(name, thing) for thing in THINGS}, word(name, "key")
    firm = make_organization(name=f"{word(name, 'firm')} Works", slug=word(name, "firm"))
    author = person(f"{word(name, 'author')} Ash", firm, f"{word(name, 'firm')}.example")
    if audience == "named":
        saved(SpaceGrant(space_id=room.id, organization_id=firm.id, granted_at=clock.now()))
    actor, where = viewer_of(author), {"space_id": room.id, "label": label}
    file = attach(actor, f"{words['file']}-{LURE}.txt", f"{words['inside']} {key} {LURE}".encode())
    topic = make_topic(
        author=author, space=room, label=label, title=f"About {words['title']} {LURE}", tags=(words["tag"],),
        text=f"{words['body']} {key} [it](/attachments/{file.id}/{file.name})",
    )  # fmt: skip
    answer = make_answer(topic, author=author, label=label, text=f"{words['answer']} {key} {LURE}")
    article = imported_article(
        author, f"{words['text']} {key}", title=f"{words['article']} {LURE}", product=words["product"],
        versions=words["version"], **where,
    )  # fmt: skip
    term = imported_article(author, f"{words['meaning']} {LURE}", title=words["term"], kind="term", **where)
    name_term(actor, term.id, key)
    with act():
        emit(ArticleRenewed(author.id, article.id))
        emit(ArticleRenewed(author.id, term.id))
    ids = (topic.id, answer.id, article.id, term.id)
    return Case(audience, label, key, words, frozenset({author.name, firm.name}), ids)


def contribution(key: int) -> Contribution:
    return db.session.get_one(Contribution, key)
