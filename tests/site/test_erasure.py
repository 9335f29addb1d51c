"""After an erasure nothing personal is left anywhere: tables, index, mails, files, pages; others' counts stay."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from iocop.contributions.models import Contribution
from iocop.contributions.services import attach, mark, purge_files, revise, save_draft
from iocop.core import mail, outbox
from iocop.core.db import db
from iocop.core.text.quote import quote
from iocop.domains.models import Domain
from iocop.forums.models import Topic
from iocop.members.models import Member
from iocop.members.numbers import shown
from iocop.members.passwords import hash_password
from iocop.members.services import (
    Profile,
    change_photo,
    change_profile,
    erase,
    open_session,
    request_email_change,
)
from iocop.moderation.services import report
from iocop.organizations.services import record_affiliation, request_verification
from iocop.reputation.services.asking import request_answer
from iocop.reputation.services.offering import offer
from iocop.search import indexer
from iocop.search.file_texts import read_files
from iocop.search.port import EVERYWHERE, Mask
from iocop.search.services import save_search
from iocop.spaces.models import Space
from tests.client import Browser
from tests.contributions import samples
from tests.factories import make_organization, viewer_of
from tests.forums.factories import make_answer, make_domain, make_space, make_topic
from tests.members.factories import PASSWORD
from tests.organizations.factories import make_mail_domain
from tests.people import officer, person
from tests.reputation.experts import make_balance
from tests.search.engines import found
from tests.search.factories import index_all

if TYPE_CHECKING:
    from flask import Flask

PERSONAL = {
    "name": "Quarterflash Umbrage",
    "handle": "qfl-storm",
    "address": "qf.private@umbrage.example",
    "new address": "qf.newer@umbrage.example",
    "address at work": "q.umbrage@boreal.example",
    "about": "Collects theremins",
    "link": "https://theremin.example/qf",
    "job title": "Chief Gasketeer",
    "device": "Abacus 3000",
    "draft": "Never sent: spindrift",
    "saved search": "Nimbostratus ledger",
    "note to moderators": "He is my neighbour Ulfric",
    "how to be reached": "Knock thrice at dusk",
    "why somebody is asked": "Aunt Ottilie praised you",
}
OWN_TEXTS = {
    "conditions": "in the cellar at Hollowell",
    "file": "passport-scan-qf",
    "words in a file": "unburnished spigot",
    "title": "Wimbledon manifold",
    "text": "obstreperous gasket",
    "reason": "misspelled before",
}


@pytest.mark.parametrize("with_texts", [True, False], ids=["texts too", "texts stay"])
def test_nothing_of_an_erased_member_is_left(app: Flask, with_texts: bool) -> None:
    reader, member, topic_id = _a_life_here(app)
    assert _found(app, reader, PERSONAL | OWN_TEXTS) != set(), "the test looks where nothing ever was"
    asked = select(Topic.answers, Topic.posts, Contribution.helpful, Contribution.works_here)
    counts = asked.join(Contribution, Contribution.id == Topic.id).where(Topic.id == topic_id)
    before = db.session.execute(counts).one()

    erase(viewer_of(member), with_texts=with_texts)
    _let_worker_go_round()

    for _step in indexer.rebuild():  # what a segment no longer answers with stays in its bytes until then
        pass
    assert _found(app, reader, PERSONAL | (OWN_TEXTS if with_texts else {})) == set()
    after = db.session.execute(counts).one()
    assert (after.posts, after.helpful, after.works_here) == (before.posts, before.helpful, before.works_here)
    assert after.answers == before.answers - with_texts


def _a_life_here(app: Flask) -> tuple[Browser, Member, int]:
    """Let a member leave a trace in every corner, and others speak of them; return a reader, them, and a topic."""
    make_space()
    make_domain(name="Hydronics")
    other = person("Olga Oak")
    office = officer(person("Ada Aspen"), "administrator")
    member = person(
        PERSONAL["name"],
        handle=PERSONAL["handle"],
        email=PERSONAL["address"],
        password_hash=hash_password(PASSWORD),
    )
    actor = viewer_of(member)
    change_profile(actor, Profile(PERSONAL["name"], about=PERSONAL["about"], links=(PERSONAL["link"],)))
    change_photo(actor, samples.GOOD["a.png"])
    open_session(member.id, PERSONAL["device"])
    boreal = make_organization(name="Boreal", slug="boreal")
    make_mail_domain(boreal, "boreal.example")
    record = record_affiliation(
        actor, member.id, boreal.id, PERSONAL["job title"],
        member.joined_at.date(),
    )  # fmt: skip
    request_verification(actor, record.id, PERSONAL["address at work"])
    request_email_change(actor, PERSONAL["new address"], PASSWORD)
    topic_id = _words(member, other)
    _let_worker_go_round()
    return Browser(app).sign_in(office), member, topic_id


def _words(member: Member, other: Member) -> int:
    """Let a member write, and another mention and quote them; return the topic."""
    actor = viewer_of(member)
    topic = make_topic(author=other, title="What leaks?", text=f"Ask @{PERSONAL['handle']}.")
    file = attach(actor, f"{OWN_TEXTS['file']}.png", samples.GOOD["a.png"])
    notes = attach(actor, "notes.txt", OWN_TEXTS["words in a file"].encode())
    own = f"{OWN_TEXTS['text']} ![](/attachments/{file.id}/{file.name}) [notes](/attachments/{notes.id}/notes.txt)"
    answer = make_answer(topic, author=member, text=own)
    revise(actor, answer.id, own + "!", reason=OWN_TEXTS["reason"])
    asked = make_topic(author=member, title=OWN_TEXTS["title"], text="Which?")
    offer(actor, per_week=2, away_until=None, note=PERSONAL["how to be reached"])
    make_balance(other, db.session.scalars(select(Domain)).one())
    request_answer(actor, asked.id, other.id, PERSONAL["why somebody is asked"])
    make_answer(
        topic,
        author=other,
        text=quote("The gland.", author=PERSONAL["name"], url=f"/p/{answer.id}")
        + f"Is it, @{PERSONAL['handle']}?",
    )
    mark(actor, topic.id, "helpful")
    mark(actor, topic.id, "works_here", {"version": "1", "conditions": OWN_TEXTS["conditions"]})
    save_draft(actor, "topic", {"title": "x", "text": PERSONAL["draft"]})
    save_search(actor, PERSONAL["saved search"], "topics", alert="mail")
    report(actor, topic.id, "other", PERSONAL["note to moderators"])
    return topic.id


def _let_worker_go_round() -> None:
    outbox.deliver_all()
    mail.send_due()
    read_files()
    purge_files()
    index_all()


def _found(app: Flask, reader: Browser, strings: dict[str, str]) -> set[str]:
    """Return where each string is found, however it is written."""
    places = _rows() | _files(app.extensions["settings"].data_dir) | _pages(reader)
    found = {
        f"{what} in {place}"
        for place, content in places.items()
        for what, string in strings.items()
        if string.lower() in content.lower()
    }
    return found | {f"a search result for {what}" for what, string in strings.items() if _hits(string)}


def _rows() -> dict[str, str]:
    """Return all that stands in the database, by table."""
    db.session.rollback()
    with db.engine.connect() as connection:
        return {
            f"table {table.name}": repr(connection.execute(select(table)).all())
            for table in db.metadata.sorted_tables
        }


def _files(folder: Path) -> dict[str, str]:
    """Return what every file of the site holds: mails, uploads, the search index."""
    return {
        f"file {path.relative_to(folder)}": path.read_bytes().decode(errors="replace")
        for path in folder.rglob("*")
        if path.is_file()
    }


def _pages(reader: Browser) -> dict[str, str]:
    """Return the pages an administrator can turn to."""
    topics, members = db.session.scalars(select(Topic.id)), db.session.scalars(select(Member.number))
    posts = db.session.scalars(select(Contribution.id))
    addresses = [
        "/", "/forums", "/forums/hydronics", "/members", "/organizations/boreal", "/admin/people", "/inbox",
        "/moderation/log",
        *(f"/t/{topic}" for topic in topics), *(f"/id/{shown(number)}" for number in members),
        *(f"/c/{post}/{page}" for post in posts for page in ("history", "marks")),
    ]  # fmt: skip
    return {f"page {address}": reader.peek(address).text for address in addresses}


def _hits(string: str) -> int:
    """Return how many documents the index itself has for a string, all spaces open."""
    spaces = frozenset({EVERYWHERE, *db.session.scalars(select(Space.id))})
    return int(found(indexer.engine(), string, Mask(spaces, member=True)).whole.sum())
