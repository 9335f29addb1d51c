"""A dump replayed: only what happened on earlier days judges a question."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from iocop.imports.foretelling import Contest, Site, judged
from iocop.imports.stackexchange.records import Post, Vote
from tests.imports import dumps

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

BEGIN = datetime(2020, 1, 1, tzinfo=UTC)
ACCEPTED, UP = 1, 2


def question(key: int, day: int, accepted: int | None = None, asker: int = 1, tag: str = "pumps") -> Post:
    return Post(
        key, 1, BEGIN + timedelta(days=day), tags=(tag,), accepted_answer_id=accepted, owner_user_id=asker
    )


def answer(key: int, of: int, by: int | None, day: int) -> Post:
    return Post(key, 2, BEGIN + timedelta(days=day), parent_id=of, owner_user_id=by)


def vote(kind: int, post: int, day: int) -> Vote:
    return Vote(post * 100 + day, post, kind, BEGIN + timedelta(days=day))


def contests(posts: list[Post], votes: list[Vote]) -> list[Contest]:
    return list(Site(posts, votes).contests(BEGIN.date()))


def test_who_was_accepted_before_is_put_first() -> None:
    posts = [
        question(10, 0, accepted=11), answer(11, 10, by=2, day=0), answer(12, 10, by=3, day=0),
        question(20, 5, accepted=21), answer(21, 20, by=2, day=5), answer(22, 20, by=3, day=5),
    ]  # fmt: skip

    first, second = contests(posts, [vote(ACCEPTED, 11, 1), vote(UP, 12, 2)])

    assert [len(set(row)) for row in first.scores] == [1, 1, 1, 1]  # nobody had anything yet
    raw, standing, asked, _ = second.scores
    assert list(raw) == [15, 10]
    assert standing[0] > standing[1]
    assert asked[0] > asked[1]


def test_what_happens_on_the_day_itself_is_not_known_to_it() -> None:
    posts = [
        question(10, 0), answer(11, 10, by=2, day=0),
        question(20, 5, accepted=21), answer(21, 20, by=2, day=5), answer(22, 20, by=3, day=5),
    ]  # fmt: skip

    (same,) = contests(posts, [vote(UP, 11, 5), vote(ACCEPTED, 21, 5)])
    (before,) = contests(posts, [vote(UP, 11, 4), vote(ACCEPTED, 21, 5)])

    assert list(same.scores[0]) == [0, 0]
    assert list(before.scores[0]) == [10, 0]


def test_only_registered_others_make_a_contest() -> None:
    alone = [question(10, 0, accepted=11), answer(11, 10, by=2, day=0), answer(12, 10, by=None, day=0)]
    own = [question(10, 0, accepted=11), answer(11, 10, by=1, day=0), answer(12, 10, by=3, day=0)]
    twice = [question(10, 0, accepted=11), answer(11, 10, by=2, day=0), answer(12, 10, by=2, day=1)]

    assert contests(alone, []) == contests(own, []) == contests(twice, []) == []


def test_a_rate_is_of_the_domain_and_points_of_all() -> None:
    posts = [
        question(10, 0, accepted=11, tag="fans"), answer(11, 10, by=2, day=0), answer(12, 10, by=3, day=0),
        question(20, 9, accepted=21), answer(21, 20, by=2, day=9), answer(22, 20, by=4, day=9),
    ]  # fmt: skip

    _, second = contests(posts, [vote(ACCEPTED, 11, 1)])

    here, everywhere = second.scores[2][0], second.scores[3][0]
    assert everywhere / here == pytest.approx((3 / 7) / (2 / 6))


def test_figures_count_pairs_a_tie_half() -> None:
    sure = Contest(((2.0, 1.0, 0.0),) * 4)
    tied = Contest(((1.0, 1.0),) * 4)
    wrong = Contest(((0.0, 1.0), (1.0, 0.0), (1.0, 0.0), (0.0, 1.0)))

    raw, standing, *_ = judged([sure, tied, wrong])

    assert raw.auc == pytest.approx(2.5 / 4)
    assert standing.auc == pytest.approx(3.5 / 4)
    assert standing.top == pytest.approx(2.5 / 3)
    assert standing.gain[0] == pytest.approx(1 / 4)
    assert standing.gain[1] <= standing.gain[0] <= standing.gain[2]
    with pytest.raises(ValueError, match="no question"):
        judged([])


@pytest.mark.theory("1.58")
def test_the_command_says_how_little_a_small_dump_tells(app: Flask, shared_data: Path) -> None:
    done = app.test_cli_runner().invoke(
        args=["bench", "reputation", str(shared_data / "stackexchange/bicycles-meta")]
    )

    assert done.exit_code == 0, done.output
    areas = dict(re.findall(r"(\w[\w ]*?) +AUC (0\.\d{4})", done.output))
    assert 0.5 < float(areas["raw points"]) <= float(areas["who to ask"])
    assert "Too few questions" in done.output


def test_the_command_names_what_is_missing(app: Flask, tmp_path: Path) -> None:
    done = app.test_cli_runner().invoke(args=["bench", "reputation", str(tmp_path)])

    assert done.exit_code == 1
    assert "Posts.xml" in done.output


@pytest.mark.parametrize(
    ("votes", "words"), [({}, "Votes.xml is missing"), ({"Votes": []}, "No question can be judged")]
)
def test_a_dump_that_tells_nothing_is_said_plainly(
    app: Flask, tmp_path: Path, votes: dict[str, list[dumps.Row]], words: str
) -> None:
    done = app.test_cli_runner().invoke(args=["bench", "reputation", str(dumps.write(tmp_path, **votes))])

    assert done.exit_code == 1
    assert done.output.splitlines()[-1].startswith("Error: ")
    assert words in done.output


def test_a_day_that_cannot_be_right_is_borne() -> None:
    posts = [
        question(10, 0, accepted=11)._replace(creation_date=datetime(1, 1, 1, tzinfo=UTC)),
        answer(11, 10, by=2, day=0), answer(12, 10, by=3, day=0),
        question(20, 9, accepted=21), answer(21, 20, by=2, day=9), answer(22, 20, by=4, day=9),
    ]  # fmt: skip

    votes = [vote(ACCEPTED, 11, 1), *(vote(UP, 11, day) for day in range(2, 8))]

    first, second = Site(posts, votes).contests(date(1, 1, 1))

    assert {score for row in first.scores for score in row} == {0}
    assert second.scores[1][0] > second.scores[1][1] == 0
