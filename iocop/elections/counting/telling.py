"""A count told: as JSON, from which anybody can go on reckoning, and as a table for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from iocop.elections.counting.outcome import UNITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from iocop.elections.counting.outcome import Outcome, Stage, Tie
    from iocop.elections.counting.papers import Profile

DECIMALS = 5
ABREAST = 6  # stages in one table; the next ones follow below
WIDEST_NAME = 30  # characters
STAGES = {
    "first": "First",
    "surplus": "Surplus {}",
    "exclusion": "Out {}",
    "cap": "Cap {}",
    "fill": "Fill",
    "iteration": "Round",
}
PURPOSES = {
    "elected": "to be elected",
    "surplus": "to pass on a surplus",
    "exclusion": "to be excluded",
    "cap": "to be excluded under the cap",
    "winner": "to win",
}


def decimal(units: int, per_paper: int) -> str:
    """Return units as papers, with 5 decimals, or with as many more as the unit has; nothing is rounded.

    Args:
        per_paper: how many units one paper has, a power of ten.
    """
    places = max(DECIMALS, len(str(per_paper)) - 1)
    whole, rest = divmod(abs(units), per_paper)
    sign = "-" if units < 0 else ""
    return f"{sign}{whole}.{rest * 10**places // per_paper:0{places}d}"


def as_json(profile: Profile, outcome: Outcome, lot: Sequence[int]) -> dict[str, Any]:
    """Return the outcome for `json.dumps`.

    ``stages`` holds a mapping a stage, of candidate number, ``nontransferable`` and ``lost`` to papers with exactly 5
    decimals (9 under Meek's rule), which sum to ``valid``; ``acts`` says of each stage what was done and where papers
    went. ``quota`` is in papers: a whole number, under Meek's rule a text. ``ties`` are all choices among equals,
    ``lots`` those of them that the lot decided.
    """
    ties = [_tie(tie) for tie in outcome.ties]
    return {
        "title": profile.title,
        "rule": outcome.rule,
        "seats": profile.seats,
        "candidates": list(profile.candidates),
        "withdrawn": sorted(profile.withdrawn),
        "lot": list(lot),
        "quota": _quota(outcome),
        "valid": outcome.valid,
        "invalid": outcome.invalid,
        "stages": [_totals(stage, outcome.units) for stage in outcome.stages],
        "acts": [_act(stage, outcome.units) for stage in outcome.stages],
        "elected": list(outcome.elected),
        "excluded": list(outcome.excluded),
        "vacant": outcome.vacant,
        "ties": ties,
        "lots": [tie for tie in ties if tie["decided_at"] is None],
        "notes": outcome.notes,
    }


def _quota(outcome: Outcome) -> int | str | None:
    if outcome.quota is None or outcome.units > UNITS:
        return None if outcome.quota is None else decimal(outcome.quota, outcome.units)
    return outcome.quota // outcome.units


def _totals(stage: Stage, per_paper: int) -> dict[str, str]:
    told = {str(candidate): decimal(units, per_paper) for candidate, units in stage.totals.items()}
    told["nontransferable"] = decimal(stage.nontransferable, per_paper)
    told["lost"] = decimal(stage.lost, per_paper)
    return told


def _act(stage: Stage, per_paper: int) -> dict[str, Any]:
    return {
        "kind": stage.kind,
        "moved": list(stage.moved),
        "elected": list(stage.elected),
        "excluded": list(stage.excluded),
        "transfers": [
            {"from": transfer.source, "to": transfer.target, "papers": transfer.papers,
             "votes": decimal(transfer.units, per_paper)}
            for transfer in stage.transfers
        ],
    }  # fmt: skip


def _tie(tie: Tie) -> dict[str, Any]:
    return {
        "stage": tie.stage,
        "purpose": tie.purpose,
        "tied": list(tie.tied),
        "chosen": tie.chosen,
        "decided_at": tie.decided_at,
    }


def as_text(profile: Profile, outcome: Outcome, lot: Sequence[int], origin: str) -> str:
    """Return the outcome as tables of the stages, the elected, the ties and the lot.

    Args:
        origin: where the lot's order comes from, for example "the order of the file".
    """
    lines = [profile.title, f"Rule: {outcome.rule}. Seats: {profile.seats}. {_papers(outcome)}", ""]
    for first in range(0, len(outcome.stages), ABREAST):
        lines += _table(profile, outcome, first)
        lines.append("")
    lines += _results(profile, outcome)
    lines += [_sentence(profile, tie) for tie in outcome.ties]
    lines.append(f"Lot, the favoured first, from {origin}: {', '.join(map(str, lot))}")
    return "\n".join(lines) + "\n"


def _papers(outcome: Outcome) -> str:
    quota = _quota(outcome)
    said = f"Valid papers: {outcome.valid}. Invalid: {outcome.invalid}."
    return said if quota is None else f"{said} Quota: {quota}."


def _results(profile: Profile, outcome: Outcome) -> Iterator[str]:
    if not outcome.valid:
        yield "No paper is valid: this is no election."
    yield f"Elected: {_named(profile, outcome.elected)}"
    if outcome.excluded:
        yield f"Excluded: {_named(profile, outcome.excluded)}"
    if outcome.vacant:
        yield f"Seats that stay vacant: {outcome.vacant}"
    if profile.withdrawn:
        yield f"Withdrawn: {_named(profile, sorted(profile.withdrawn))}"


def _sentence(profile: Profile, tie: Tie) -> str:
    by = "lot" if tie.decided_at is None else f"stage {tie.decided_at}"
    tied = _named(profile, tie.tied)
    return f"Tie at stage {tie.stage}, {PURPOSES[tie.purpose]}, of {tied}: {_named(profile, [tie.chosen])}, by {by}."


def _named(profile: Profile, candidates: Iterable[int]) -> str:
    return ", ".join(f"{number} {profile.candidates[number - 1]}" for number in candidates) or "nobody"


def _table(profile: Profile, outcome: Outcome, first: int) -> list[str]:
    stages = outcome.stages[first : first + ABREAST]
    per_paper = outcome.units
    head = [f"{number}. {STAGES[stage.kind]}" for number, stage in enumerate(stages, first + 1)]
    rows = [
        ["Stage", *(title.format(*stage.moved or ("",)) for title, stage in zip(head, stages, strict=True))]
    ]
    for number, name in enumerate(profile.candidates, 1):
        if number not in profile.withdrawn:
            cells = [_cell(stage, number, per_paper) for stage in stages]
            rows.append([f"{number} {name}"[:WIDEST_NAME], *cells])
    rows.append(["Nontransferable", *(decimal(stage.nontransferable, per_paper) for stage in stages)])
    rows.append(["Lost by rounding", *(decimal(stage.lost, per_paper) for stage in stages)])
    return _aligned(rows)


def _cell(stage: Stage, candidate: int, per_paper: int) -> str:
    """Return a total, marked with ``*`` where the candidate is elected at this stage."""
    mark = "*" if candidate in stage.elected else ""
    return mark + decimal(stage.totals[candidate], per_paper)


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join([row[0].ljust(widths[0]), *(map(str.rjust, row[1:], widths[1:]))]).rstrip() for row in rows
    ]
