"""By how much a count was decided: on how few papers a seat, or an answer, hung. Pure.

What counts is where somebody who was elected in the end stood ahead of somebody who was not, at the moment when the other
fell: at an exclusion, or when the last seat was taken. Reaching the quota is no such moment, for whoever lacks a vote
there goes on. Decisions among those who all lost are told apart, as `closest`.
"""

from __future__ import annotations

from bisect import bisect_left
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from iocop.elections.counting.questions import Answers, motion

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iocop.elections.counting.outcome import Outcome


class Margin(NamedTuple):
    """One decision.

    Attributes:
        units: by how much, in the outcome's units; of answers: how many papers less would have turned it.
        stage: at whose end they stood so; 1 is the first.
        ahead, behind: candidates; *behind* is None where it was no contest but a question.
    """

    units: int
    stage: int
    ahead: int
    behind: int | None


def smallest(outcome: Outcome) -> Margin | None:
    """Return the closest decision between somebody elected and somebody not; None where there was none."""
    if outcome.rule in {"motion", "affirmation"}:
        return _least([*_answers(outcome), *_last_seat(outcome, _affirmed(outcome))])
    if outcome.rule == "schulze":
        return _least(_paths(outcome))
    return _least([*_exclusions(outcome, outcome.elected), *_last_seat(outcome, _left(outcome))])


def closest(outcome: Outcome) -> Margin | None:
    """Return the closest decision of all, those among who were not elected too; None where there was none."""
    everybody = outcome.stages[0].totals if outcome.stages else ()
    decided = smallest(outcome)
    return _least([*_exclusions(outcome, everybody), *([decided] if decided else [])])


def _least(found: Iterable[Margin]) -> Margin | None:
    return min(found, key=lambda one: one[:3], default=None)


def _exclusions(outcome: Outcome, rivals: Iterable[int]) -> Iterator[Margin]:
    """Give each exclusion with the lowest of some rivals who went on; what the cap excludes no votes decided."""
    gone: set[int] = set()
    for number, (before, stage) in enumerate(zip(outcome.stages, outcome.stages[1:], strict=False), 1):
        gone.update(before.elected, before.excluded)
        for out in () if stage.kind == "cap" else stage.excluded:
            others = [one for one in rivals if one not in gone and one != out]
            if others:
                ahead = min(others, key=lambda one: (before.totals[one], one))
                yield Margin(before.totals[ahead] - before.totals[out], number, ahead, out)


def _left(outcome: Outcome) -> list[int]:
    """Return who was neither elected nor excluded when the last seat was taken."""
    everybody = outcome.stages[0].totals if outcome.stages else {}
    decided = {one for stage in outcome.stages for one in (*stage.elected, *stage.excluded)}
    return [one for one in everybody if one not in decided]


def _last_seat(outcome: Outcome, left: Iterable[int]) -> Iterator[Margin]:
    for number, stage in reversed(list(enumerate(outcome.stages, 1))):
        winners = [one for one in stage.elected if one in outcome.elected]
        if winners:
            ahead = min(winners, key=lambda one: (stage.totals[one], one))
            gaps = {one: stage.totals[ahead] - stage.totals[one] for one in left}
            yield from (Margin(gap, number, ahead, one) for one, gap in gaps.items() if gap >= 0)
            return  # who had more and was barred by the cap lost by no votes


def _paths(outcome: Outcome) -> Iterator[Margin]:
    paths: Any = outcome.notes["paths"]
    for ahead in outcome.elected:
        for behind in paths:
            if behind not in outcome.elected:
                yield Margin(paths[ahead][behind] - paths[behind][ahead], 1, ahead, behind)


def _affirmed(outcome: Outcome) -> list[int]:
    affirmed: Any = outcome.notes.get("affirmed", ())
    return [one for one in affirmed if one not in outcome.elected]


def _answers(outcome: Outcome) -> Iterator[Margin]:
    """Give for each question how many papers less would have turned its answer; nothing where none would."""
    notes: Any = outcome.notes
    asked = {1: notes["answers"]} if outcome.rule == "motion" else notes["answers"]
    for number, said in asked.items():
        fewer = _turned(Answers(**said), notes)
        if fewer is not None:
            yield Margin(fewer, 1, int(number), None)


def _turned(said: Answers, notes: dict[str, Any]) -> int | None:
    """Return how many yes (where it was yes), or no, must be away for the other answer.

    Fewer papers never help to a quorum: where a no turns only below it, nothing turns it.
    """
    stood = _holds(said, notes)
    asked = notes if stood or "quorum" not in notes else notes | {"quorum": "0"}

    def left(fewer: int) -> Answers:
        yes, no = (said.yes - fewer, said.no) if stood else (said.yes, said.no - fewer)
        return Answers(yes, no, said.abstain, said.blank)

    most = said.yes if stood else said.no
    fewer = bisect_left(range(most + 1), True, key=lambda papers: _holds(left(papers), asked) is not stood)
    return fewer if fewer <= most and _holds(left(fewer), notes) is not stood else None


def _holds(said: Answers, notes: dict[str, Any]) -> bool:
    threshold = None if notes["threshold"] is None else Fraction(notes["threshold"])
    if "roll" not in notes:
        return threshold is None or said.reach(threshold, more_than=notes["more_than"])
    quorum, more_than = Fraction(notes["quorum"]), notes["more_than"]
    return bool(motion(said, notes["roll"], threshold=threshold, more_than=more_than, quorum=quorum).elected)
