"""When and why a question was closed there, in our words."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from iocop.imports.words import N_, Phrase

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from iocop.imports.stackexchange.records import History, Post

CLOSED, REOPENED = 10, 11


class Reason(StrEnum):
    DUPLICATE = "duplicate"
    OFF_TOPIC = "off topic"
    ARGUMENT = "argument"
    UNCLEAR = "unclear"
    BROAD = "broad"
    OPINION = "opinion"
    LOCAL = "local"
    LOOKED_UP = "looked up"
    NOISE = "noise"
    UNSTATED = "unstated"


WORDS = {
    Reason.DUPLICATE: N_("The same was asked before."),
    Reason.OFF_TOPIC: N_("This lies outside what the place was for."),
    Reason.ARGUMENT: N_("This called for a debate rather than for answers."),
    Reason.UNCLEAR: N_("It was not clear what was asked."),
    Reason.BROAD: N_("This asked more than one thing, or more than an answer can hold."),
    Reason.OPINION: N_("Answers to this could only be opinions."),
    Reason.LOCAL: N_("This could help nobody but the one who asked."),
    Reason.LOOKED_UP: N_("Any work of reference answers this."),
    Reason.NOISE: N_("This had no point that others could see."),
    Reason.UNSTATED: N_("No reason was kept."),
}
NUMBERS = {
    1: Reason.DUPLICATE, 2: Reason.OFF_TOPIC, 3: Reason.ARGUMENT, 4: Reason.UNCLEAR,
    7: Reason.LOCAL, 10: Reason.LOOKED_UP, 20: Reason.NOISE,  # until 2013
    101: Reason.DUPLICATE, 102: Reason.OFF_TOPIC, 103: Reason.UNCLEAR, 104: Reason.BROAD, 105: Reason.OPINION,
}  # fmt: skip


class Closing(NamedTuple):
    at: datetime
    reason: Reason
    originals: tuple[int, ...] = ()  # ids of the questions that asked it first
    closer_id: int | None = None  # the account that closed it, where given

    @property
    def words(self) -> Phrase:
        return WORDS[self.reason]


def closing_of(question: Post, history: Iterable[History], duplicates: Sequence[int] = ()) -> Closing | None:
    """The closing that stands at the end of the question's history.

    Args:
        history: the question's rows, in order.
        duplicates: what its links call its originals, for the time before history named them.
    """
    turns = [row for row in history if row.post_history_type_id in (CLOSED, REOPENED)]
    if turns and turns[-1].post_history_type_id == CLOSED:
        return _closing(turns[-1], duplicates)
    if question.closed_date is not None:  # stated by the post alone
        reason = Reason.DUPLICATE if duplicates else Reason.UNSTATED
        return Closing(question.closed_date, reason, tuple(duplicates))
    return None


def _closing(row: History, duplicates: Sequence[int]) -> Closing:
    reason = _reason(row)
    originals = _originals(row.text) or tuple(duplicates)
    return Closing(row.creation_date, reason, originals if reason is Reason.DUPLICATE else (), row.user_id)


def _reason(row: History) -> Reason:
    """Its number stands in the comment, in the oldest dumps in an attribute of its own."""
    stated = (row.comment or "").strip()
    number = int(stated) if stated.isdecimal() else row.close_reason_id
    return NUMBERS.get(number, Reason.UNSTATED) if number is not None else Reason.UNSTATED


def _originals(text: str | None) -> tuple[int, ...]:
    """The ids in `{"OriginalQuestionIds": [1, 2], …}`; none in whatever else the text is."""
    try:
        stated: Any = json.loads(text or "null")
    except (ValueError, RecursionError):
        return ()
    ids = stated.get("OriginalQuestionIds") if isinstance(stated, dict) else None
    return tuple(number for number in ids if type(number) is int) if isinstance(ids, list) else ()
