"""A dump is given out thread by thread, each post with all that hangs on it."""

from itertools import chain
from pathlib import Path

import pytest

from iocop.imports.stackexchange.reader import Dump
from iocop.imports.stackexchange.records import Comment, History, Link, Post, Vote
from iocop.imports.stackexchange.rows import BrokenDump
from iocop.imports.stackexchange.threads import Scratch
from tests.imports.dumps import DAY, Row, answer, question, turn, write
from tests.imports.generate import write_dump


def hung(number: int, post: int, **more: str | int) -> Row:
    usual: Row = {"Id": number, "PostId": post, "CreationDate": DAY}
    return usual | more


def small(folder: Path) -> Dump:
    posts = [
        answer(1, parent=4),
        question(2),
        answer(3, parent=2),
        question(4, Tags="|a|b|"),
        answer(5, parent=2),
    ]
    said = {1: (5, "so"), 2: (2, "and?"), 3: (5, "then"), 4: (99, "lost")}
    return Dump(
        write(
            folder,
            Posts=posts,
            Comments=[hung(number, post, Text=text) for number, (post, text) in said.items()],
            Votes=[hung(1, 3, VoteTypeId=2), hung(2, 99, VoteTypeId=2), hung(3, 98, VoteTypeId=3)],
            PostHistory=[turn(2, post=4, kind=2, Text="why"), turn(1, post=1, kind=2, Text="since")],
            PostLinks=[hung(1, 4, RelatedPostId=2, LinkTypeId=3)],
        )
    )


def test_a_thread_begins_with_its_root_and_ends_with_its_last_answer(tmp_path: Path) -> None:
    with Scratch(tmp_path / "scratch") as scratch:
        scratch.fill(small(tmp_path))
        threads = [[piece.post.id for piece in thread] for thread in scratch.threads()]

    assert threads == [[2, 3, 5], [4, 1]]


def test_each_post_comes_with_its_own(tmp_path: Path) -> None:
    with Scratch(tmp_path / "scratch") as scratch:
        scratch.fill(small(tmp_path))
        pieces = {piece.post.id: piece for piece in chain.from_iterable(scratch.threads())}

    assert [comment.text for comment in pieces[5].comments] == ["so", "then"]
    assert [comment.text for comment in pieces[2].comments] == ["and?"]
    assert [vote.id for vote in pieces[3].votes] == [1]
    assert [row.text for row in pieces[1].history] == ["since"]
    assert [link.related_post_id for link in pieces[4].links] == [2]
    assert not any((pieces[3].comments, pieces[3].history, pieces[3].links, pieces[5].votes))


def test_an_import_goes_on_behind_the_last_thread_it_finished(tmp_path: Path) -> None:
    with Scratch(tmp_path / "scratch") as scratch:
        scratch.fill(small(tmp_path))
        [rest] = scratch.threads(after=2)

    assert [piece.post.id for piece in rest] == [4, 1]
    assert [row.text for piece in rest for row in piece.history] == ["why", "since"]


def test_rows_of_posts_that_are_not_there_are_counted(tmp_path: Path) -> None:
    with Scratch(tmp_path / "scratch") as scratch:
        scratch.fill(small(tmp_path))

        assert scratch.orphans() == {
            "PostHistory.xml": 0,
            "Comments.xml": 1,
            "Votes.xml": 2,
            "PostLinks.xml": 0,
        }


def test_answers_to_a_question_that_is_not_there_come_without_root(tmp_path: Path) -> None:
    dump = Dump(write(tmp_path, Posts=[question(1), answer(2, parent=99)]))

    with Scratch(tmp_path / "scratch") as scratch:
        scratch.fill(dump)

        assert [[piece.post.id for piece in thread] for thread in scratch.threads()] == [[1], [2]]


def test_nothing_is_lost_or_changed_on_the_way(tmp_path: Path) -> None:
    write_dump(tmp_path / "dump", posts=200)
    dump = Dump(tmp_path / "dump")

    with Scratch(tmp_path / "scratch") as scratch:
        scratch.fill(dump)
        pieces = [piece for thread in scratch.threads() for piece in thread]

    assert sorted((piece.post for piece in pieces), key=lambda row: row.id) == list(dump.read(Post))
    assert sorted((row for p in pieces for row in p.history), key=lambda row: row.id) == list(
        dump.read(History)
    )
    assert sorted((row for p in pieces for row in p.comments), key=lambda row: row.id) == list(
        dump.read(Comment)
    )
    assert sorted((row for p in pieces for row in p.votes), key=lambda row: row.id) == list(dump.read(Vote))
    assert sorted((row for p in pieces for row in p.links), key=lambda row: row.id) == list(dump.read(Link))


def test_the_scratch_file_is_replaced_at_the_start_and_removed_at_the_end(tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.write_text("left by a run that was killed")

    with Scratch(scratch) as made:
        made.fill(small(tmp_path))
        assert scratch.stat().st_size > 4096

    assert not scratch.exists()


def test_two_rows_with_one_id_are_a_broken_dump(tmp_path: Path) -> None:
    dump = Dump(write(tmp_path, Posts=[question(1), question(2), question(1), question(3)]))

    with Scratch(tmp_path / "scratch") as scratch, pytest.raises(BrokenDump) as raised:
        scratch.fill(dump)

    assert str(raised.value) == "Posts.xml, line 5: Two rows have one Id, 1."
