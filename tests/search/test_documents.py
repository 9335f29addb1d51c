"""Documents say of everything what its page says, and no more; whatever happens, what is touched is all that changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from iocop.contributions.models import Contribution, Revision
from iocop.contributions.services import (
    attach,
    change_label,
    mark,
    move_space,
    remove_attachment,
    revise,
    set_state,
    withdraw_mark,
)
from iocop.core import outbox
from iocop.core.db import act, db
from iocop.core.events import Event
from iocop.domains.models import Tag
from iocop.domains.services import choose_domains, ensure_tags, merge_tags
from iocop.forums.services import accept_answer, edit_topic, withdraw_acceptance
from iocop.members.services import Profile, change_profile, erase, leave
from iocop.organizations import services as organizations
from iocop.organizations.models import Affiliation
from iocop.repertoire.models import Article
from iocop.search import documents
from iocop.search.file_texts import read_files
from iocop.search.port import KEYS, Document
from iocop.search.touched import TOUCHES, Touched, touched_by
from iocop.spaces.services import change_space, open_space
from tests.contributions.sentences import SENTENCES
from tests.factories import make_member, make_organization, viewer_of
from tests.forums.factories import make_answer, make_domain, make_space, make_topic
from tests.people import Cast, cast, officer
from tests.repertoire.factories import make_article
from tests.search.factories import statements

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from flask import Flask

    from iocop.contributions.models import Attachment
    from iocop.core.login import Viewer
    from iocop.forums.models import Topic
    from iocop.spaces.models import Space


@dataclass(frozen=True)
class World:
    """A topic with an answer, an article, and a file in each."""

    people: Cast
    space: Space
    topic: Topic
    answer: Contribution
    article: Article
    notes: Attachment
    sheet: Attachment

    @property
    def admin(self) -> Viewer:
        return viewer_of(self.people.alice)


def make_world() -> World:
    people, space = cast(), make_space()
    make_domain(name="Hydronics")
    officer(people.alice, "moderator")
    notes = attach(viewer_of(people.charlie), "notes.txt", b"Frost guard installed")
    sheet = attach(viewer_of(people.bob), "flows.csv", b"pump;flow\nP1;3.2\n")
    topic = make_topic(author=people.bob, title="Frost on the coil", tags=("coils", "frost"))
    answer = make_answer(topic, author=people.charlie, text=f"Glycol. [n](/attachments/{notes.id}/notes.txt)")
    article = make_article(
        author=people.bob, title="Balancing", product="Heat Calc", versions="2.1–2.3",
        text=f"Measure. [f](/attachments/{sheet.id}/flows.csv)",
    )  # fmt: skip
    return World(people, space, topic, answer, article, notes, sheet)


def shelf() -> dict[tuple[str, str], Document]:
    """Every document, read anew."""
    return {(one.ref, one.label): one for one in documents.everything()}


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
    brought = db.session.get_one(Contribution, db.session.get_one(Contribution, world.article.id).id)
    assert brought.byline == byline

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


def _erase(member: Any, *, with_texts: bool) -> None:
    erase(viewer_of(member), with_texts=with_texts)


def _merge_tags(world: World) -> None:
    (into,) = ensure_tags(["icing"])
    officer(world.people.alice, "curator")
    old = db.session.query(Tag).filter_by(slug="frost").one()
    merge_tags(viewer_of(world.people.alice), old.id, into.id)


def _accept(world: World) -> None:
    accept_answer(viewer_of(world.people.bob), world.topic.id, world.answer.id)


def _accept_and_think_again(world: World) -> None:
    _accept(world)
    withdraw_acceptance(viewer_of(world.people.bob), world.topic.id)


def _accept_and_hide(world: World) -> None:
    _accept(world)
    set_state(world.admin, world.answer.id, "hidden", "Spam")


def _change_space(world: World, **about: Any) -> None:
    usual: dict[str, Any] = {"name": "Commons", "about": "", "audience": "public", "archived": False}
    change_space(world.admin, world.space.id, **usual | about)


def _mark(world: World, thing: int, kind: str, context: dict[str, str]) -> None:
    mark(viewer_of(world.people.vera), thing, kind, context)


def _mark_and_withdraw(world: World) -> None:
    _mark(world, world.answer.id, "helpful", {})
    withdraw_mark(viewer_of(world.people.vera), world.answer.id, "helpful")


def _edit(world: World) -> None:
    edit_topic(viewer_of(world.people.bob), world.topic.id, title="Ice on the coil", text="It freezes.")


def _revise_with_file(world: World) -> None:
    author = viewer_of(world.people.charlie)
    late = attach(author, "late.txt", b"Late")
    revise(author, world.answer.id, f"Glycol! [l](/attachments/{late.id}/late.txt)")


def _move(world: World) -> None:
    other = open_space(world.admin, "Elsewhere")
    move_space(world.admin, world.topic.id, other.id, "It belongs there.")


def _merge_firms(world: World) -> None:
    organizations.merge(world.admin, world.people.acme.id, world.people.rival.id)


def _rename_firm(world: World) -> None:
    organizations.change_organization(world.admin, world.people.acme.id, organizations.Facts("Apex", "firm"))


def _offer(world: World) -> None:
    organizations.add_offer(world.admin, world.people.acme.id, "Pump 9")


def _hide_employer(world: World) -> None:
    bob = viewer_of(world.people.bob)
    row = db.session.query(Affiliation).filter_by(member_id=bob.id).one()
    organizations.show_affiliation(bob, row.id, "members")


ACTS: dict[str, Callable[[World], Any]] = {
    "an answer is accepted": _accept,
    "an answer is accepted no more": _accept_and_think_again,
    "the accepted answer is hidden": _accept_and_hide,
    "a topic is retitled": _edit,
    "an answer takes another file": _revise_with_file,
    "an answer helps": lambda w: _mark(w, w.answer.id, "helpful", {}),
    "an answer helps no more": _mark_and_withdraw,
    "an article is confirmed": lambda w: _mark(w, w.article.id, "works_here", {"version": "2.1", "conditions": "x"}),
    "a topic is shared less far": lambda w: change_label(w.admin, w.topic.id, "members", ""),
    "a topic moves": _move,
    "a topic is hidden": lambda w: set_state(w.admin, w.topic.id, "hidden", "Spam"),
    "tags are merged": _merge_tags,
    "a file is removed": lambda w: remove_attachment(w.admin, w.notes.id),
    "files are read": lambda _w: read_files(),
    "a space is renamed": lambda w: _change_space(w, name="Agora"),
    "a space is closed to guests": lambda w: _change_space(w, audience="members"),
    "a space is opened": lambda w: open_space(w.admin, "Workshop"),
    "a member is renamed": lambda w: change_profile(viewer_of(w.people.bob), Profile("Bob Beech")),
    "a member chooses domains": lambda w: choose_domains(viewer_of(w.people.bob), [1]),
    "a member leaves": lambda w: leave(viewer_of(w.people.charlie)),
    "a member is erased": lambda w: _erase(w.people.charlie, with_texts=False),
    "a member is erased with the texts": lambda w: _erase(w.people.charlie, with_texts=True),
    "an article's author is erased with the texts": lambda w: _erase(w.people.bob, with_texts=True),
    "an employer is hidden": _hide_employer,
    "an organization is renamed": _rename_firm,
    "an organization sells something": _offer,
    "organizations are merged": _merge_firms,
}  # fmt: skip


@pytest.mark.parametrize("done", ACTS.values(), ids=ACTS)
def test_what_an_act_touches_is_all_that_changed(app: Flask, done: Callable[[World], Any]) -> None:
    world = make_world()
    kept, since = shelf(), outbox.end()

    done(world)

    kinds = [name for name in TOUCHES if name in Event.kinds]
    _catch_up(kept, (one.event for one in outbox.read(since, kinds, 1000)))
    now = shelf()
    assert kept.keys() == now.keys()
    assert {key: one for key, one in kept.items() if one != now[key]} == {}


def _catch_up(kept: dict[tuple[str, str], Document], happened: Iterable[Event]) -> None:
    """What the indexer does to an index, done to documents."""
    touched = Touched()
    for event in happened:
        touched |= touched_by(event)
    gone = documents.refs_of(touched)
    for key in [key for key in kept if key[0] in gone]:
        del kept[key]
    for one in documents.of(touched):
        assert one.ref in gone
        kept[one.ref, one.label] = one
