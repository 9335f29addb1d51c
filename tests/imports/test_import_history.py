"""A post's history becomes revisions, its Markdown, and the closing that stands."""

from datetime import UTC, datetime, timedelta

import pytest

from iocop.imports.stackexchange.plan.closing import NUMBERS, WORDS, Closing, Reason, closing_of
from iocop.imports.stackexchange.plan.history import (
    markdown_of,
    moved_from,
    moved_to,
    revisions,
    stays_behind,
)
from iocop.imports.stackexchange.records import History, Post

DAY = datetime(2015, 3, 1, tzinfo=UTC)
ASKED = Post(7, 1, DAY, title="Matter")


def turn(number: int, kind: int, guid: str = "", text: str | None = None, **more: str | int) -> History:
    at = DAY + timedelta(days=number)
    row = History(number, kind, 7, guid or str(number), at, user_id=1, text=text)
    return row._replace(**more)  # type: ignore[arg-type]  # the fields are the test's own


WRITTEN = [
    turn(1, 2, "a", "Which *pump*?\r\n\r\nThe old one hums."),
    turn(2, 1, "a", " Pump "),
    turn(3, 3, "a", "<pumps>"),
    turn(4, 16, "a"),
]
EDITED = [turn(5, 5, "b", "Which pump?"), turn(6, 4, "b", "Pump hums", comment="clearer"), turn(7, 24, "b")]
ROLLED_BACK = [
    turn(8, 8, "c", "Which *pump*?", comment="Rollback to Revision 1"),
    turn(9, 9, "c", "|pumps|noise|"),
]


def test_rows_of_one_edit_are_one_revision_of_the_whole_post() -> None:
    first, second, third = revisions([*WRITTEN, *EDITED, *ROLLED_BACK])

    assert (first.title, first.source) == ("Pump", "Which *pump*?\n\nThe old one hums.")
    assert (second.title, second.source) == ("Pump hums", "Which pump?")
    assert (third.title, third.source) == ("Pump hums", "Which *pump*?")
    assert [revision.comment for revision in (first, second, third)] == [
        "",
        "clearer",
        "Rollback to Revision 1",
    ]
    assert [revision.at.day for revision in (first, second, third)] == [2, 6, 9]


def test_rows_of_two_edits_at_once_are_told_apart() -> None:
    mixed = [turn(1, 2, "a", "one"), turn(2, 4, "b", "Title"), turn(3, 6, "a", "<x>"), turn(4, 5, "b", "two")]

    assert [(revision.guid, revision.source) for revision in revisions(mixed)] == [("a", "one"), ("b", "two")]


def test_a_revision_has_its_own_author() -> None:
    gone = turn(1, 2, text="x", user_display_name="Left")._replace(user_id=None)

    [made] = revisions([gone])

    assert (made.user_id, made.user_name) == (None, "Left")


def test_the_markdown_is_the_text_typed_last() -> None:
    assert markdown_of(WRITTEN) == "Which *pump*?\n\nThe old one hums."
    assert markdown_of([*WRITTEN, *EDITED]) == "Which pump?"
    assert markdown_of([turn(1, 1, text="a title alone")]) is None


def test_where_a_post_came_from_and_went() -> None:
    rows = [
        turn(1, 36, comment="from https://old.example/questions/5"),
        turn(2, 35, comment="to https://new.example/questions/6"),
    ]

    assert moved_from(rows) == "https://old.example/questions/5"
    assert moved_to(rows) == "https://new.example/questions/6"
    assert moved_from([turn(1, 17, text="from http://old.example/1")]) == "http://old.example/1"
    assert moved_from([turn(1, 36, comment="from javascript:alert(1)")]) is None
    assert moved_to(rows[:1]) is None


@pytest.mark.parametrize("kind", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 17, 35, 36])
def test_rows_that_are_carried_over(kind: int) -> None:
    assert stays_behind(turn(1, kind)) is None


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (25, "announcements on another network"),
        (999, "turns of kind 999 in a post's history, which has no place here"),
    ],
)
def test_rows_that_stay_behind_say_why(kind: int, reason: str) -> None:
    assert str(stays_behind(turn(1, kind))) == reason


@pytest.mark.parametrize(("number", "reason"), NUMBERS.items())
def test_a_closing_tells_its_reason_in_our_words(number: int, reason: Reason) -> None:
    closing = closing_of(ASKED, [turn(1, 10, comment=str(number), text='{"Voters":[{"Id":5}]}')])

    assert closing == Closing(DAY + timedelta(days=1), reason, closer_id=1)
    assert closing.words == WORDS[reason]


@pytest.mark.parametrize(
    ("row", "originals"),
    [
        (turn(1, 10, comment="101", text='{"OriginalQuestionIds":[3,4],"Voters":[]}'), (3, 4)),
        (turn(1, 10, comment="1", text='[{"Id":5}]'), (9,)),
        (turn(1, 10, close_reason_id=1), (9,)),
        (turn(1, 10, comment="101", text="{broken"), (9,)),
        (turn(1, 10, comment="101", text='{"OriginalQuestionIds":["3",true]}'), (9,)),
        (turn(1, 10, comment="101", text="[" * 100_000), (9,)),
    ],
    ids=["as of today", "as of 2010", "as of 2009", "broken", "no numbers", "too deep"],
)
def test_a_duplicate_names_its_originals(row: History, originals: tuple[int, ...]) -> None:
    closing = closing_of(ASKED, [row], duplicates=[9])

    assert closing is not None
    assert (closing.reason, closing.originals) == (Reason.DUPLICATE, originals)


def test_only_duplicates_have_originals() -> None:
    closing = closing_of(ASKED, [turn(1, 10, comment="102")], duplicates=[9])

    assert closing is not None
    assert closing.originals == ()


def test_a_closing_that_was_undone_does_not_stand() -> None:
    closed, reopened = turn(1, 10, comment="102"), turn(2, 11)

    assert closing_of(ASKED, [closed, reopened]) is None
    assert closing_of(ASKED, [closed, reopened, closed]) is not None


@pytest.mark.parametrize(
    ("duplicates", "reason"), [([], Reason.UNSTATED), ([9], Reason.DUPLICATE)], ids=["alone", "with a link"]
)
def test_a_closing_without_history_still_stands(duplicates: list[int], reason: Reason) -> None:
    closed = ASKED._replace(closed_date=DAY)

    assert closing_of(closed, [], duplicates) == Closing(DAY, reason, tuple(duplicates))


@pytest.mark.parametrize("comment", ["", "why not", "999", "²"])
def test_a_reason_nobody_knows_is_unstated(comment: str) -> None:
    closing = closing_of(ASKED, [turn(1, 10, comment=comment)])

    assert closing is not None
    assert closing.reason is Reason.UNSTATED
