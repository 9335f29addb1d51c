"""What stands around the articles goes into the folder too: whose posts they hold, what waits, what is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bs4 import BeautifulSoup
from sqlalchemy import select

from iocop.contributions.models import Contribution
from iocop.core import clock
from iocop.core.db import act, db
from iocop.forums.models import Topic
from iocop.imports.folders.files import read_text, write_text
from iocop.members.models import Member
from iocop.repertoire import services
from iocop.repertoire.fields import Fields
from iocop.repertoire.models import Article, ArticleRequest, Passage, Proposal, Review
from iocop.repertoire.services.distilling import distil
from tests.conftest import empty
from tests.contributions.factories import given
from tests.factories import make_member, viewer_of
from tests.imports.factories import make_space, total
from tests.imports.test_folder import files, read_folder, write_folder
from tests.people import person
from tests.repertoire.factories import curators, make_article, make_proposal
from tests.repertoire.test_distil import made, published, thread
from tests.repertoire.test_requests import make_request

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask


PARTS = (Topic, Passage, Proposal, Review, ArticleRequest)


def there_and_back(app: Flask, folder: Path) -> dict[str, bytes]:
    """Write a folder, bring it into an empty site, write it again; return the files, the same both times."""
    write_folder(app, folder / "one")
    out = files(folder / "one")
    empty(app)
    make_space()
    said = read_folder(app, folder / "one")
    assert said.exit_code == 0, said.output
    write_folder(app, folder / "two")
    assert files(folder / "two") == out
    return out


def from_a_thread() -> Article:
    """An article of two paragraphs of one thread, the first of a post that was given without a name."""
    people = curators()
    topic, answers = thread(people)
    with act() as session:
        session.get_one(Contribution, answers[0].id).byline = "sealed"
        session.get_one(Contribution, topic.id).label = "public"
        for answer in answers:
            session.get_one(Contribution, answer.id).label = "public"
    return published(people, distil(viewer_of(people.author), made(topic, answers[:2])))


def test_paragraphs_come_back_with_the_posts_they_stem_from(app: Flask, tmp_path: Path) -> None:
    article = from_a_thread()
    with act() as session:
        session.get_one(Contribution, article.id).label = "public"

    out = there_and_back(app, tmp_path)

    assert total(Passage) == 2
    article = db.session.scalars(select(Article)).one()
    page = BeautifulSoup(app.test_client().get(f"/a/{article.id}/provenance").text, "html.parser")
    said = [item.text.split() for item in page.select("ol.provenance li li")]
    assert [("How" in words, "member," in words, "Amy" in words) for words in said] == [
        (True, True, False), (True, False, True),
    ]  # fmt: skip
    assert len([path for path in out if path.startswith("talk/how-do-we-balance")]) == 2
    assert b"Read the gauge" not in b"".join(out.values())  # a post that gave no words stays where it is


def test_a_post_that_may_not_be_carried_stays_with_its_words(app: Flask, tmp_path: Path) -> None:
    article = from_a_thread()
    answers = select(Contribution).where(
        Contribution.kind == "answer", Contribution.text.startswith("A pump")
    )
    post = db.session.scalars(answers).one()
    with act() as session:
        session.get_one(Contribution, post.id).label = "members"
        session.get_one(Contribution, article.id).label = "public"

    write_folder(app, tmp_path / "out")

    (path,) = (tmp_path / "out" / "articles").glob("*.md")
    assert [row["text"][:4] for row in read_text(path)[0]["passages"]] == ["Open"]
    around = [
        content for name, content in files(tmp_path / "out").items() if name.startswith(("threads", "talk"))
    ]
    assert b"A pump that hums" not in b"".join(around)


def waiting() -> Proposal:
    """An edit that one of two curators approved, and talk about it; it would close a request and names a deputy."""
    people, asked = curators(), make_request(label="public", author=person("Rita Rowan"))
    article = make_article(title="Venting")
    fields = {"deputy_id": people.amy.id, "request_id": asked.id, "tags": ("valves",)}
    proposal = make_proposal(
        act="edit",
        article_id=article.id,
        title="Venting well",
        text="## Steps\n\nWait.",
        author=people.author,
        **fields,
    )
    services.approve(viewer_of(people.ann), proposal.id, proposal.round)
    services.discuss(
        viewer_of(people.ben), proposal.id, given(kind="reply", text="How *long*?", label="public")
    )
    return proposal


def test_what_waits_comes_back_with_its_reviews(app: Flask, tmp_path: Path) -> None:
    proposal = waiting()
    kept = Fields.read(proposal.fields)
    before = {model: total(model) for model in (Review,)} | {Proposal: 1}

    there_and_back(app, tmp_path)

    assert {model: total(model) for model in before} | {Review: 1} == before | {Review: 1}
    back = db.session.scalars(select(Proposal)).one()
    fields = Fields.read(back.fields)
    assert (back.title, back.status, back.act, fields.tags) == ("Venting well", "waiting", "edit", kept.tags)
    assert db.session.get_one(Member, fields.deputy_id).name == "Amy North"
    assert db.session.get_one(Article, back.article_id).title == "Venting"
    assert db.session.get_one(ArticleRequest, fields.request_id).title == "Defrost cycles explained"
    review = db.session.scalars(select(Review)).one()
    assert (review.verdict, review.org_evidence) == ("approve", "email")
    assert "long" in app.test_client().get(f"/repertoire/suggestions/{back.id}").text


def test_the_second_of_two_organizations_still_publishes_it(app: Flask, tmp_path: Path) -> None:
    waiting()
    there_and_back(app, tmp_path)
    back = db.session.scalars(select(Proposal)).one()

    services.approve(viewer_of(curators().ben), back.id, back.round)

    assert db.session.get_one(Proposal, back.id).status == "published"


def test_drafts_and_what_is_decided_stay(app: Flask, tmp_path: Path) -> None:
    make_space()
    make_proposal(title="Only begun", submit=False)
    services.withdraw(viewer_of(author := make_member()), make_proposal(title="Taken back", author=author).id)
    make_proposal(title="For members", label="members")

    write_folder(app, tmp_path / "out")

    assert not (tmp_path / "out" / "suggestions").exists()


def test_requests_come_back_with_how_many_want_them(app: Flask, tmp_path: Path) -> None:
    make_article()
    asked, wanted, taker = (
        make_request(label="public"),
        make_request(label="public", title="Ice"),
        person("Tom Taker"),
    )
    services.want(viewer_of(make_member()), wanted.id)
    services.take(viewer_of(taker), wanted.id)
    with act() as session:
        row = session.get_one(ArticleRequest, asked.id)
        row.status, row.closed_at, row.closed_reason = (
            "declined",
            row.taken_at or clock.now(),
            "Nobody knows.",
        )

    there_and_back(app, tmp_path)

    rows = db.session.scalars(select(ArticleRequest).order_by(ArticleRequest.title)).all()
    assert [(row.title, row.status, row.votes, row.closed_reason) for row in rows] == [
        ("Defrost cycles explained", "declined", 1, "Nobody knows."), ("Ice", "taken", 2, ""),
    ]  # fmt: skip
    assert db.session.get_one(Member, rows[1].taken_by_id).name == "Tom Taker"
    services.want(viewer_of(make_member()), rows[1].id)
    assert db.session.get_one(ArticleRequest, rows[1].id).votes == 3


def test_a_second_import_of_all_that_writes_nothing(app: Flask, tmp_path: Path) -> None:
    waiting()
    from_a_thread()
    write_folder(app, tmp_path / "one")
    before = {model: total(model) for model in PARTS}

    assert "Nothing was new" in read_folder(app, tmp_path / "one").output  # where it came from
    assert {model: total(model) for model in PARTS} == before
    empty(app)
    make_space()
    read_folder(app, tmp_path / "one")
    here = {model: total(model) for model in PARTS}
    assert "Nothing was new" in read_folder(app, tmp_path / "one").output
    assert {model: total(model) for model in PARTS} == here


def test_a_suggestion_without_a_field_is_named_before_anything_is_written(app: Flask, tmp_path: Path) -> None:
    waiting()
    write_folder(app, tmp_path / "one")
    (path,) = (tmp_path / "one" / "suggestions").glob("*.md")
    head, text = read_text(path)
    write_text(path, {name: head[name] for name in head if name != "reviews"}, text)
    empty(app)

    said = read_folder(app, tmp_path / "one")

    assert said.exit_code == 1
    assert "The field reviews is missing." in said.output
    assert total(Article) == 0
