"""Documents say of everything what its page says, and no more."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from iocop.contributions.models import Contribution, Revision
from iocop.contributions.services import attach, change_label
from iocop.core.db import act, db
from iocop.domains.models import Tag
from iocop.domains.services import choose_domains
from iocop.forums.services import accept_answer
from iocop.search import documents
from iocop.search.file_texts import read_files
from iocop.search.port import KEYS, Document
from tests.contributions.sentences import SENTENCES
from tests.factories import make_member, make_organization, viewer_of
from tests.forums.factories import make_answer, make_space, make_topic
from tests.search.factories import statements
from tests.search.world import make_world, shelf

if TYPE_CHECKING:
    from flask import Flask


def the(ref: str, label: str = "public") -> Document:
    return shelf()[ref, label]


def own(ref: str, *names: str, label: str = "public") -> set[str]:
    """The own keys of a document, those of some names only if any are given."""
    keys = the(ref, label).own_keys
    return {key for key in keys if not names or key.partition("=")[0] in names}


def change(row: Any, **values: Any) -> None:
    with act() as session:
        mine = session.merge(row)
        for name, value in values.items():
            setattr(mine, name, value)


def test_a_post_says_when_by_whom_from_where_and_where_it_is_filed(app: Flask) -> None:
    world = make_world()
    change(world.answer, created_at=datetime(2024, 5, 6, tzinfo=UTC), helpful=2, imported_score=3)
    domain = next(iter(own(f"post:{world.topic.id}", "domain")))
    tags = {f"tag={tag.id}" for tag in db.session.query(Tag)}

    answer = the(f"post:{world.answer.id}")

    assert answer.own_keys == {
        f"author={world.people.charlie.id}", f"org={world.people.rival.id}", domain, *tags, "status=open",
        "year=2024", "open=1",
    }  # fmt: skip
    assert (answer.at, answer.votes, answer.title) == (1714953600, 5, "")
    assert the(f"post:{world.topic.id}").title == "Frost on the coil"


def test_a_question_is_open_until_an_answer_is_accepted_and_a_discussion_is_neither(app: Flask) -> None:
    world = make_world()
    talk = make_topic(kind="discussion", title="What do you use?")
    assert own(f"post:{talk.id}", "status") == set()

    accept_answer(viewer_of(world.people.bob), world.topic.id, world.answer.id)

    for ref in (f"post:{world.topic.id}", f"post:{world.answer.id}", f"file:{world.notes.id}"):
        assert own(ref, "status") == {"status=solved"}


@pytest.mark.parametrize(
    ("byline", "shown"),
    [("named", {"author", "org"}), ("employer_hidden", {"author"}), ("sealed", set())],
)
def test_what_a_byline_hides_is_no_key_of_a_post_its_files_or_an_article(
    app: Flask, byline: str, shown: set[str]
) -> None:
    world = make_world()
    for thing in (world.answer.id, world.article.id):
        change(db.session.get_one(Contribution, thing), byline=byline)

    for ref in (f"post:{world.answer.id}", f"article:{world.article.id}", f"file:{world.notes.id}"):
        assert {key.partition("=")[0] for key in own(ref, "author", "org")} == shown


def test_an_articles_organization_is_that_of_its_present_text(app: Flask) -> None:
    world = make_world()
    thing = db.session.get_one(Contribution, world.article.id)
    change(thing, byline="sealed")
    revision = db.session.get_one(Revision, (thing.id, thing.version))
    assert own(f"article:{thing.id}", "author", "org") == set()

    change(revision, editor_id=world.people.vera.id, organization_id=world.people.vendor.id)

    keys = {f"author={world.people.vera.id}", f"org={world.people.vendor.id}"}
    assert own(f"article:{thing.id}", "author", "org") == keys


def test_an_article_says_its_product_versions_and_the_year_it_was_renewed(app: Flask) -> None:
    world = make_world()
    change(world.article, renewed_at=datetime(2023, 1, 2, tzinfo=UTC))

    assert own(f"article:{world.article.id}", "product", "version", "year") == {
        "product=heat-calc", "version=heat-calc 2.1", "version=heat-calc 2.3", "year=2023",
    }  # fmt: skip
    assert the(f"article:{world.article.id}").at == 1672617600


def test_a_file_stands_where_it_hangs_under_the_stricter_label(app: Flask) -> None:
    world = make_world()
    read_files()

    notes, sheet = the(f"file:{world.notes.id}"), the(f"file:{world.sheet.id}")

    assert (notes.title, notes.text) == ("notes.txt", "Frost guard installed")
    assert (notes.topic_id, notes.space_id) == (world.topic.id, world.space.id)
    assert (sheet.topic_id, sheet.text) == (world.article.id, "pump;flow\nP1;3.2")
    assert own(f"file:{world.sheet.id}", "product") == {"product=heat-calc"}
    change_label(viewer_of(world.people.charlie), world.answer.id, "members", "")
    assert own(f"file:{world.notes.id}", "open", label="members") == set()


def test_a_file_is_of_the_language_it_says_it_is_of_or_of_its_post(app: Flask) -> None:
    owner = make_member()
    german = attach(viewer_of(owner), "heft.txt", SENTENCES["de"][0].encode())
    figures = attach(viewer_of(owner), "figures.txt", b"35 28 7")
    text = f"{SENTENCES['en'][0]} [a](/attachments/{german.id}/heft.txt) [b](/attachments/{figures.id}/figures.txt)"
    make_topic(author=owner, title="Two files for you", text=text)
    read_files()

    assert (the(f"file:{german.id}").language, the(f"file:{figures.id}").language) == ("de", "en")


def test_a_file_nobody_has_posted_yet_is_not_found(app: Flask) -> None:
    world = make_world()
    waiting = attach(viewer_of(world.people.bob), "later.txt", b"Later")

    assert (f"file:{waiting.id}", "public") not in shelf()


def test_a_members_organization_is_the_one_their_card_shows(app: Flask) -> None:
    world = make_world()
    hydronics = next(iter(own(f"post:{world.topic.id}", "domain")))
    choose_domains(viewer_of(world.people.bob), [int(hydronics.partition("=")[2])])

    bob = world.people.bob.id

    assert own(f"member:{bob}") == {f"author={bob}", f"org={world.people.acme.id}", hydronics, "open=1"}
    assert own(f"organization:{world.people.vendor.id}") == {
        f"org={world.people.vendor.id}", "product=v6", "open=1",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("audience", "label"),
    [("public", "public"), ("members", "members"), ("verified", "members"), ("named", "members")],
)
def test_a_space_is_known_to_those_who_may_be_there(app: Flask, audience: str, label: str) -> None:
    space = make_space(name="Workshop", about="Tools", audience=audience)

    found = the(f"space:{space.id}", label)

    assert (found.space_id, found.title, found.text) == (space.id, "Workshop", "Tools")
    assert ("open=1" in found.own_keys) is (audience == "public")


def test_only_what_guests_may_read_is_open(app: Flask) -> None:
    world = make_world()
    inside = make_space(name="Inside", audience="members")
    closed = make_topic(author=world.people.bob, space=inside, label="members", title="Behind the door")

    open_ones = {key for key, one in shelf().items() if "open=1" in one.own_keys}

    assert {label for _ref, label in open_ones} == {"public"}
    assert (f"post:{closed.id}", "members") not in open_ones
    assert (f"post:{world.topic.id}", "public") in open_ones


def test_every_key_has_a_known_name(app: Flask) -> None:
    make_world()

    assert {key.partition("=")[0] for one in shelf().values() for key in one.keys} <= {*KEYS, "open"}


def test_twice_as_many_documents_take_no_more_statements(app: Flask) -> None:
    make_world()

    def asked() -> int:
        with statements() as seen:
            list(documents.everything())
        return len(seen)

    before = asked()
    for number in range(12):
        make_answer(make_topic(title=f"Frost number {number}", tags=("more",)))
    make_organization()
    make_space(name="Another")

    assert asked() == before
