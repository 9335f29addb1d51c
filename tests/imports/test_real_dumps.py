"""The real dumps are read whole; skipped, with the reason, where they are absent."""

from collections import Counter, defaultdict

import pytest

from iocop.imports.stackexchange.plan.closing import Reason, closing_of
from iocop.imports.stackexchange.plan.history import markdown_of, revisions
from iocop.imports.stackexchange.plan.licences import licence_of
from iocop.imports.stackexchange.plan.posts import Kind, accepted_answer, kind_of, title_of
from iocop.imports.stackexchange.plan.votes import Effect, effect_of
from iocop.imports.stackexchange.reader import Dump, survey
from iocop.imports.stackexchange.records import Comment, History, Post, Record, User, Vote
from tests.imports.dumps import real_dump


@pytest.fixture(params=["bicycles-meta", "small"])
def dump(request: pytest.FixtureRequest) -> Dump:
    return Dump(real_dump(request.param))


def test_every_row_is_read_and_no_attribute_is_unknown(dump: Dump) -> None:
    found = survey(dump)

    assert found.unknown == {}
    assert dump.foreign == []
    for file, rows in found.rows.items():
        assert rows == (dump.folder / file).read_bytes().count(b"<row "), file


def test_votes_add_up_to_the_scores(dump: Dump) -> None:
    worth = {Effect.COUNTS_UP: 1, Effect.COUNTS_DOWN: -1}
    sums: Counter[int] = Counter()
    for vote in dump.read(Vote):
        effect = effect_of(vote, ())
        sums[vote.post_id] += worth.get(effect, 0) if isinstance(effect, Effect) else 0

    for post in dump.read(Post):
        assert post.score == sums[post.id], post.id


def test_acceptance_is_the_same_by_question_and_by_vote(dump: Dump) -> None:
    voted = [vote.post_id for vote in dump.read(Vote) if effect_of(vote, ()) is Effect.ACCEPTS]
    answers = defaultdict(set)
    for post in dump.read(Post):
        if post.parent_id is not None:
            answers[post.parent_id].add(post.id)

    for post in dump.read(Post):
        if post.accepted_answer_id is not None:
            unnamed = post._replace(accepted_answer_id=None)
            assert accepted_answer(post, answers[post.id]) == accepted_answer(
                unnamed, answers[post.id], voted
            )


def test_every_post_has_its_markdown_and_every_question_its_last_title(dump: Dump) -> None:
    history = _by_post(dump)

    for post in dump.read(Post):
        last = revisions(history[post.id])[-1]
        assert last.source is not None
        assert last.source == markdown_of(history[post.id])
        if kind_of(post) is Kind.QUESTION:
            assert last.title == str(title_of(post))


def test_closings_stand_where_the_posts_say_so(dump: Dump) -> None:
    history = _by_post(dump)

    for post in dump.read(Post):
        closing = closing_of(post, history[post.id])
        assert (closing is not None) == (post.closed_date is not None), post.id
        assert closing is None or closing.reason is not Reason.UNSTATED


@pytest.mark.parametrize("record", [Comment, History])
def test_the_licence_of_the_day_is_the_stated_one(dump: Dump, record: type[Record]) -> None:
    for row in dump.read(record):
        stated = row.content_license  # type: ignore[attr-defined]  # both have it
        assert stated in (None, licence_of(None, row.creation_date).name)  # type: ignore[attr-defined]


def test_nobody_but_known_accounts_is_named(dump: Dump) -> None:
    known = {user.id for user in dump.read(User)}

    assert {post.owner_user_id for post in dump.read(Post)} - {None} <= known


def _by_post(dump: Dump) -> dict[int, list[History]]:
    rows = defaultdict(list)
    for row in dump.read(History):
        rows[row.post_id].append(row)
    return rows
