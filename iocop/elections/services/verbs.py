"""What is done when a second officer confirms: every verb's handler in one table, run inside that act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iocop.elections.services import (
    answering,
    appointing,
    certifying,
    correcting,
    counting,
    dating,
    freezing,
    opening,
    screening,
    vacating,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from iocop.elections.models import Election, ElectionAct

HANDLERS: dict[str, Callable[[Election, ElectionAct], None]] = {
    "open_nominations": dating.open_nominations,
    "open_campaign": dating.open_nominations,
    "extend": dating.extend,
    "admit_nomination": screening.admit,
    "refuse_nomination": screening.refuse,
    "finish_screening": screening.finish,
    "elect_unopposed": screening.finish,
    "freeze": freezing.freeze,
    "thaw": freezing.thaw,
    "open_voting": opening.open_voting,
    "block_token": correcting.block_token,
    "correct_roll": correcting.correct_roll,
    "close_voting": opening.close_voting,
    "count": lambda election, _act: counting.count(election),
    "answer_complaint": answering.answer,
    "count_back": vacating.count_back,
    "certify": certifying.certify,
    "name_officer": appointing.name,
    "relieve_officer": appointing.relieve,
    "void": opening.void,
}
"""Run before the state changes; each raises `Conflict` with what is missing. A verb without one only moves the state."""

CHECKS: dict[str, Callable[[Election, int | None], None]] = {
    "extend": dating.check_days,
    "admit_nomination": screening.check,
    "refuse_nomination": screening.check,
    "block_token": correcting.check_unissued,
    "correct_roll": correcting.check_entry,
    "answer_complaint": answering.check_complaint,
    "name_officer": appointing.check_named,
    "relieve_officer": appointing.check_relieved,
}
"""What is looked at already when an act is proposed, with its subject."""
