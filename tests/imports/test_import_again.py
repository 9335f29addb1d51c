"""An import run again changes nothing; a newer dump adds what is new; a broken one leaves nothing half-written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from iocop.contributions.models import Contribution, Revision
from iocop.core.db import db
from iocop.domains.models import Tag
from iocop.forums import services
from iocop.forums.models import Topic
from iocop.imports.models import ImportRun
from iocop.imports.runs import alone
from iocop.members.models import Member
from tests.factories import make_member, viewer_of
from tests.forums.factories import given as forum_given
from tests.imports.dumps import answer, comment, link, question, turn, user, vote, write
from tests.imports.factories import SOURCE, counts, given, imported, make_space, run_import, total
from tests.imports.snapshots import snapshot

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

DAYS = [f"2015-03-{day:02}T10:00:00.000" for day in range(1, 20)]


def whole(folder: Path) -> Path:
    return write(
        folder,
        Posts=[question(1, ClosedDate=DAYS[3]), answer(2, 1), question(3), answer(4, 3)],
        Comments=[comment(1, 2), comment(2, 1)],
        Votes=[vote(1, 2, 2, UserId=1), vote(2, 2, 2), vote(3, 2, 1), vote(4, 1, 5, UserId=2)],
        PostHistory=[
            turn(1, 1, 1, Text="Matter 1"),
            turn(2, 1, 2, Text="x"),
            turn(3, 1, 10, "c", Comment="101"),
        ],
        PostLinks=[link(1, 1, 3, kind=3)],
        Tags=[{"Id": 1, "TagName": "pumps"}],
        TagSynonyms=[{"Id": 1, "SourceTagName": "pump", "TargetTagName": "pumps", "ApprovalDate": DAYS[0]}],
    )


def test_a_second_run_changes_nothing_and_says_so(app: Flask, tmp_path: Path) -> None:
    make_space()
    files = imported(app, whole(tmp_path))
    before = snapshot()

    said = run_import(app, tmp_path)
    again = imported(app, tmp_path)

    assert "Nothing was new: everything stands here already." in said.output
    assert snapshot() == before
    assert all(count["written"] == 0 for count in again.values())
    assert {file: count["read"] for file, count in again.items()} == {
        file: count["read"] for file, count in files.items()
    }
    assert total(ImportRun) == 3


def test_another_source_stands_beside_it(app: Flask, tmp_path: Path) -> None:
    make_space()
    whole(tmp_path)

    run_import(app, tmp_path, source="a.example")
    run_import(app, tmp_path, source="b.example")

    assert total(Topic) == 4
    assert total(Tag) == 1
    assert total(Member) == 4


def test_a_newer_dump_adds_only_what_is_new(app: Flask, tmp_path: Path) -> None:
    make_space()
    write(tmp_path, Posts=[question(1), answer(2, 1)])
    imported(app, tmp_path)
    root = given("post-1")
    mine = services.reply(viewer_of(make_member(number=9_001)), root.id, forum_given())
    write(
        tmp_path,
        Users=[user(1), user(2), user(3)],
        Posts=[
            question(1, Body="<p>Changed</p>"), answer(2, 1),
            answer(5, 1, OwnerUserId=3, CreationDate=DAYS[8]), question(6),
        ],
        Comments=[comment(1, 5, CreationDate=DAYS[9]), comment(2, 2, CreationDate=DAYS[7])],
        Votes=[vote(1, 5, 1, CreationDate=DAYS[9])],
    )  # fmt: skip

    files = imported(app, tmp_path)

    topic = db.session.get_one(Topic, root.id)
    rows = db.session.scalars(
        select(Contribution).where(Contribution.root_id == root.id).order_by(Contribution.position)
    ).all()
    assert [row.source_id for row in rows] == ["post-1", "post-2", None, "comment-2", "post-5", "comment-1"]
    assert [row.position for row in rows] == [1, 2, 3, 4, 5, 6]
    assert [row.parent_id for row in rows] == [None, root.id, mine.parent_id, rows[1].id, root.id, rows[4].id]
    assert (topic.posts, topic.answers, topic.accepted_id) == (6, 2, rows[4].id)
    assert (topic.last_post_id, topic.last_author_id) == (rows[5].id, rows[5].author_id)
    assert given("post-1").html == "<p>Why?</p>"
    assert total(Revision) == total(Contribution)
    assert counts(files, "Posts.xml") == (2, 2, 0)
    assert counts(files, "Comments.xml") == (2, 0, 0)
    assert counts(files, "Users.xml") == (1, 2, 0)


@pytest.mark.parametrize("file", ["Posts", "Users", "Votes", "Badges"])
def test_a_broken_dump_leaves_nothing_half_written(app: Flask, tmp_path: Path, file: str) -> None:
    make_space()
    whole(tmp_path)
    (tmp_path / f"{file}.xml").write_text('<?xml version="1.0"?>\n<rows>\n  <row Id="1"\n</rows>')

    said = run_import(app, tmp_path)

    assert said.exit_code == 1
    assert f"Error: {file}.xml, line " in said.output
    assert [total(model) for model in (Contribution, Member, Tag, ImportRun)] == [0, 0, 0, 0]


def test_two_imports_of_one_source_do_not_run_at_once(app: Flask, tmp_path: Path) -> None:
    make_space()
    write(tmp_path)

    with alone(SOURCE) as path:
        said = run_import(app, tmp_path)
        assert path.parent.is_dir()

    assert said.exit_code == 1
    assert "Another import from this source is under way." in said.output
