"""A dump's threads stand here: placed, credited, licensed, with votes, history and outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from iocop.contributions.events import ContributionsLoaded
from iocop.contributions.models import Contribution, Follow, Link, Mark, Revision
from iocop.core.db import db
from iocop.core.models import EventRow, MailRow
from iocop.forums.models import Topic
from tests.imports.dumps import answer, comment, link, question, turn, user, vote, write
from tests.imports.factories import author, counts, given, imported, make_space, reasons, run_import, total

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

DAYS = [f"2015-03-{day:02}T10:00:00.000" for day in range(1, 20)]


def test_a_thread_stands_in_the_order_it_was_written(app: Flask, tmp_path: Path) -> None:
    make_space()
    write(
        tmp_path,
        Posts=[
            question(1, ViewCount=40),
            answer(2, 1, CreationDate=DAYS[3]),
            answer(3, 1, CreationDate=DAYS[1], OwnerUserId=1),
        ],
        Comments=[comment(7, 2, CreationDate=DAYS[5]), comment(8, 1, CreationDate=DAYS[2])],
    )

    files = imported(app, tmp_path)

    first = given("post-1")
    rows = db.session.scalars(select(Contribution).order_by(Contribution.position)).all()
    assert [(row.source_id, row.kind, row.position) for row in rows] == [
        ("post-1", "question", 1),
        ("post-3", "answer", 2),
        ("comment-8", "reply", 3),
        ("post-2", "answer", 4),
        ("comment-7", "reply", 5),
    ]
    assert {row.parent_id for row in rows[1:4]} == {first.id}
    assert rows[4].parent_id == rows[3].id
    assert {row.root_id for row in rows} == {first.id}
    assert {row.label for row in rows} == {"public"}
    topic = db.session.get_one(Topic, first.id)
    assert (topic.title, topic.posts, topic.answers, topic.views) == ("Matter 1", 5, 2, 40)
    assert topic.opened_at.isoformat() == "2015-03-01T10:00:00+00:00"
    assert counts(files, "Posts.xml") == (3, 0, 0)
    assert counts(files, "Comments.xml") == (2, 0, 0)


def test_a_post_keeps_html_markdown_licence_and_credit(app: Flask, tmp_path: Path) -> None:
    make_space()
    write(
        tmp_path,
        Posts=[question(1, Body="<p>Why <em>air</em>?</p>", ContentLicense="CC BY-SA 2.5"), answer(2, 1)],
        PostHistory=[turn(1, 1, 2, Text="Why *air*?")],
    )

    imported(app, tmp_path, "--address", "https://pumps.example/")

    asked, answered = given("post-1"), given("post-2")
    assert (asked.html, asked.plain, asked.text) == ("<p>Why <em>air</em>?</p>", "Why air?", "Why *air*?")
    assert asked.licence == "CC BY-SA 2.5"
    assert asked.attribution == "by Reader 1 on pumps.example, CC BY-SA 2.5, https://pumps.example/q/1"
    assert answered.attribution == "by Reader 2 on pumps.example, CC BY-SA 3.0, https://pumps.example/a/2"
    assert (answered.text, answered.html) == ("", "<p>Because.</p>")  # no history: the HTML is all there is


def test_edits_become_revisions_with_their_reasons(app: Flask, tmp_path: Path) -> None:
    make_space()
    history = [
        turn(1, 1, 1, "a", Text="Matter"), turn(2, 1, 2, "a", Text="Why?"), turn(3, 1, 3, "a", Text="<pumps>"),
        turn(4, 1, 5, "b", Text="Why, then?", UserId=2, CreationDate=DAYS[4], Comment="clearer"),
        turn(5, 1, 14, "c"),
    ]  # fmt: skip
    write(tmp_path, PostHistory=history)

    files = imported(app, tmp_path)

    post = given("post-1")
    rows = db.session.scalars(select(Revision).order_by(Revision.number)).all()
    assert [(row.number, row.title, row.text, row.reason) for row in rows] == [
        (1, "Matter", "Why?", ""),
        (2, "Matter", "Why, then?", "clearer"),
    ]
    assert [row.editor_id for row in rows] == [author("user-1").id, author("user-2").id]
    assert (post.version, post.edited_at) == (2, rows[1].at)
    assert counts(files, "PostHistory.xml") == (2, 2, 1)
    assert reasons(files, "PostHistory.xml") == {"locks": 1}


def test_votes_are_a_sum_and_those_with_a_voter_are_acts(app: Flask, tmp_path: Path) -> None:
    make_space()
    votes = [
        vote(1, 1, 2), vote(2, 1, 3), vote(3, 1, 2, UserId=2), vote(4, 1, 5, UserId=2), vote(5, 1, 5),
        vote(6, 2, 1), vote(7, 2, 15), vote(8, 99, 2),
    ]  # fmt: skip
    write(tmp_path, Posts=[question(1, Score=3), answer(2, 1, Score=-4)], Votes=votes)

    files = imported(app, tmp_path)

    asked = given("post-1")
    voter = author("user-2").id
    assert (asked.helpful, asked.imported_score, given("post-2").imported_score) == (1, 2, -4)
    assert [(mark.member_id, mark.kind) for mark in db.session.scalars(select(Mark))] == [(voter, "helpful")]
    assert [follow.member_id for follow in db.session.scalars(select(Follow))] == [voter]
    assert counts(files, "Votes.xml") == (2, 3, 3)
    assert reasons(files, "Votes.xml") == {
        "bookmarks of nobody named": 1,
        "reviews of the other site": 1,
        "rows of posts that are not in the dump": 1,
    }


@pytest.mark.parametrize("said_by", ["the question", "a vote"])
def test_the_accepted_answer_is_accepted_here(app: Flask, tmp_path: Path, said_by: str) -> None:
    make_space()
    accepted = {"AcceptedAnswerId": 3} if said_by == "the question" else {}
    votes = [] if accepted else [vote(1, 3, 1, CreationDate=DAYS[6])]
    write(tmp_path, Posts=[question(1, **accepted), answer(2, 1), answer(3, 1)], Votes=votes)

    imported(app, tmp_path)

    assert db.session.get_one(Topic, given("post-1").id).accepted_id == given("post-3").id


def test_a_duplicate_is_closed_and_points_to_its_original(app: Flask, tmp_path: Path) -> None:
    make_space()
    write(
        tmp_path,
        Posts=[question(1), question(2, ClosedDate=DAYS[2]), answer(3, 1)],
        PostHistory=[turn(1, 2, 10, UserId=2, CreationDate=DAYS[2], Comment="101",
                          Text='{"OriginalQuestionIds":[1]}')],
        PostLinks=[link(1, 2, 1, kind=3), link(2, 1, 2), link(3, 1, 77), link(4, 3, 3), link(5, 1, 2)],
    )  # fmt: skip

    files = imported(app, tmp_path)

    original, duplicate = given("post-1"), given("post-2")
    topic = db.session.get_one(Topic, duplicate.id)
    assert (topic.successor_id, topic.closed_by_id) == (original.id, author("user-2").id)
    assert topic.closed_reason == "The same was asked before."
    assert topic.closed_at is not None
    assert topic.closed_at.day == 3
    links = {(row.from_id, row.to_id, row.kind) for row in db.session.scalars(select(Link))}
    assert links == {(duplicate.id, original.id, "duplicate"), (original.id, duplicate.id, "linked")}
    assert counts(files, "PostLinks.xml") == (2, 1, 2)


def test_a_question_that_moved_away_says_where_it_went_on(app: Flask, tmp_path: Path) -> None:
    make_space()
    moved = turn(1, 1, 35, Comment="to https://other.example/questions/5")
    write(tmp_path, PostHistory=[moved, turn(2, 1, 36, "b", Comment="from https://third.example/q/1")])

    files = imported(app, tmp_path)

    topic = db.session.get_one(Topic, given("post-1").id)
    assert topic.closed_reason == "This went on at https://other.example/questions/5."
    assert reasons(files, "PostHistory.xml") == {"moves from another site": 1}


def test_what_was_deleted_or_has_no_place_stays_behind_with_its_reason(app: Flask, tmp_path: Path) -> None:
    make_space()
    posts = [
        question(1), answer(2, 1, DeletionDate=DAYS[2]), question(3, DeletionDate=DAYS[2]), answer(4, 3), answer(5, 88),
        question(6, PostTypeId=6), question(7, PostTypeId=5), question(8, PostTypeId=1, ParentId=1),
    ]  # fmt: skip
    write(tmp_path, Posts=posts, Comments=[comment(1, 2), comment(2, 4)], Votes=[vote(1, 5, 2)],
          PostHistory=[turn(1, 3, 2, Text="x")])  # fmt: skip

    files = imported(app, tmp_path)

    assert total(Topic) == 1
    assert counts(files, "Posts.xml") == (1, 0, 7)
    assert reasons(files, "Posts.xml") == {
        "deleted before the dump was made": 2,
        "answers whose question stays behind": 1,
        "answers whose question is not in the dump": 2,
        "nominations in an election held elsewhere": 1,
        "wikis of no tag": 1,
    }
    for file in ("Comments.xml", "Votes.xml", "PostHistory.xml"):
        assert list(reasons(files, file)) == ["what hung on posts that stay behind"]


EVIL = (
    "<p onclick='x()'>Hi<script>alert(1)</script><img src=x onerror=alert(1)>"
    '<a href="javascript:alert(1)">go</a></p><iframe src="https://x.example"></iframe>'
)


def test_nothing_that_runs_comes_through(app: Flask, tmp_path: Path) -> None:
    make_space()
    text = 'See [here](https://x.example/"onmouseover="x) <script>alert(1)</script> `<b>` javascript:alert(1)'
    write(
        tmp_path,
        Posts=[question(1, Body=EVIL, Title="<script>x</script>")],
        Comments=[comment(1, 1, Text=text)],
    )

    imported(app, tmp_path)

    for key in ("post-1", "comment-1"):
        html = given(key).html.lower()
        for word in ("<script", "onclick", "onerror=", 'javascript:alert(1)"', "<iframe", "<b>"):
            assert word not in html, (key, word)
    assert "&lt;b&gt;" in given("comment-1").html


def test_signs_of_every_script_come_through(app: Flask, tmp_path: Path) -> None:
    make_space()
    words = "Größe 日本語 हिन्दी 🛠️ \u202eabc e\u0301"
    people = [user(1, DisplayName="Łukasz 李"), user(2, DisplayName="🛠️")]
    write(
        tmp_path,
        Users=people,
        Posts=[question(1, Title=words * 6, Body=f"<p>{words}</p>", Tags="<größe><日本語>")],
    )

    imported(app, tmp_path)

    assert given("post-1").html == f"<p>{words}</p>"
    assert len(db.session.scalars(select(Topic.title)).one()) <= 200
    assert author("user-1").name == "Łukasz 李"


def test_one_event_a_batch_is_told_and_nobody_gets_mail(app: Flask, tmp_path: Path) -> None:
    make_space()
    write(tmp_path, Posts=[question(1), question(2), answer(3, 2)])

    imported(app, tmp_path)

    loaded = [
        row.payload
        for row in db.session.scalars(select(EventRow))
        if row.name == ContributionsLoaded.__name__
    ]
    assert loaded == [{"actor_id": None, "root_ids": [given("post-1").id, given("post-2").id]}]
    assert total(MailRow) == 0


def test_a_closed_space_is_told_apart(app: Flask, tmp_path: Path) -> None:
    make_space()
    inner = make_space(slug="inner", name="Inner", audience="members")
    write(tmp_path)

    imported(app, tmp_path, "--space", "inner")

    assert (given("post-1").space_id, given("post-1").label) == (inner.id, "space")


def test_an_unknown_space_or_a_strange_address_is_said_and_nothing_written(
    app: Flask, tmp_path: Path
) -> None:
    make_space()
    write(tmp_path)

    for options, words in (
        (("--space", "moon"), "There is no such space."),
        (("--address", "pumps"), "http"),
    ):
        said = run_import(app, tmp_path, *options)
        assert said.exit_code == 1
        assert words in said.output
    assert total(Contribution) == 0


def test_a_thread_is_in_the_language_it_begins_in_and_a_short_one_in_that_of_the_others(
    app: Flask, tmp_path: Path
) -> None:
    make_space()
    german = "<p>Wenn ich die Pumpe einschalte, dann läuft sie nicht an. Was kann das sein und wie finde ich es?</p>"
    english = (
        "<p>What would you do if the pump does not start, and how did you find out why it was stuck?</p>"
    )
    write(
        tmp_path,
        Posts=[
            question(1, Title="Warum läuft die Pumpe nicht?", Body=german), answer(2, 1, Body="<p>V6 prüfen.</p>"),
            question(3, Title="Die Pumpe ist zu laut", Body=german),
            question(4, Title="Why is it stuck?", Body=f"<pre><code>und oder nicht der die das</code></pre>{english}"),
            question(5, Title="V6 R32", Body="<p>40 K?</p>"),
        ],
        Comments=[comment(7, 2)],
    )  # fmt: skip

    imported(app, tmp_path)

    rows = db.session.execute(select(Contribution.source_id, Contribution.language))
    assert {row.source_id: row.language for row in rows} == {
        "post-1": "de", "post-2": "de", "comment-7": "de", "post-3": "de", "post-4": "en", "post-5": "de",
    }  # fmt: skip
