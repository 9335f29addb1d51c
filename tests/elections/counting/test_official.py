"""Real wards of Scotland's council elections of 2017, against what the returning officers printed.

Source:
    Ballots and tables of 66 wards (CC BY-SA 4.0, transcribed by a volunteer); some figures have fewer decimals.
"""

from __future__ import annotations

import json
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

import pytest

from iocop.elections.counting import blt
from iocop.elections.counting.outcome import UNITS
from iocop.elections.counting.scottish import count

if TYPE_CHECKING:
    from pathlib import Path

    from iocop.elections.counting.outcome import Outcome


@pytest.fixture(scope="session")
def wards(shared_data: Path) -> Path:
    folder = shared_data / "elections" / "scottish-2017"
    if not folder.is_dir():
        pytest.skip(f"no real wards at {folder}")
    return folder


def differences(outcome: Outcome, printed: dict[str, Any]) -> list[str]:
    """Return where the count differs from the table, at the precision to which it is printed."""
    found = []
    if (outcome.valid, outcome.quota, len(outcome.stages)) != (
        printed["valid"], printed["quota"] * UNITS, printed["stages"],
    ):  # fmt: skip
        found.append(f"{outcome.valid} papers, quota {outcome.quota}, {len(outcome.stages)} stages")
    for row in printed["candidates"]:
        number = row["candidate"]
        for at, (text, stage) in enumerate(zip(row["totals"], outcome.stages, strict=True), 1):
            mine = Decimal(stage.totals[number]) / UNITS
            if not same(text, mine):
                found.append(f"candidate {number} has {mine} at stage {at}, not {text}")
        if row["at_stage"] != decided(outcome, number, elected=row["elected"]):
            found.append(f"candidate {number} is not {row['status']} at stage {row['at_stage']}")
    return found


def same(text: str, mine: Decimal) -> bool:
    """Say whether a figure is the one printed: exactly, or rounded or cut off where fewer decimals were printed."""
    printed = Decimal(text)
    step = Decimal(1).scaleb(-len(text.partition(".")[2]))
    return printed == mine or (
        step < 1 and printed in {mine.quantize(step, way) for way in (ROUND_HALF_UP, ROUND_DOWN)}
    )


def decided(outcome: Outcome, number: int, *, elected: bool) -> int | None:
    """Return the stage at whose end the candidate was elected, or was the next to go."""
    for at, stage in enumerate(outcome.stages, 1):
        if elected and number in stage.elected:
            return at
        if not elected and number in stage.excluded:
            return at - 1
    return None


def test_point_14_official_stage_tables_are_reproduced(wards: Path) -> None:
    """Every total of every candidate at every stage, and who is elected or excluded when, in all wards there are."""
    official = json.loads((wards / "official.json").read_text(encoding="utf-8"))
    wrong, cells = {}, 0
    for name, printed in official.items():
        profile = blt.read((wards / name).read_bytes())
        outcome = count(profile, range(1, len(profile.candidates) + 1))
        cells += sum(len(row["totals"]) for row in printed["candidates"])
        if found := differences(outcome, printed):
            wrong[name] = found

    assert wrong == {}
    assert len(official) >= 66
    assert cells > 2000


def test_transfer_values_rounded_the_other_way_would_be_noticed(wards: Path) -> None:
    """The winners alone are a weak test; the tables are a strong one."""
    official = json.loads((wards / "official.json").read_text(encoding="utf-8"))
    name, printed = next(iter(official.items()))
    printed["candidates"][1]["totals"][1] = str(
        Decimal(printed["candidates"][1]["totals"][1]) + Decimal("0.00001")
    )
    profile = blt.read((wards / name).read_bytes())

    assert differences(count(profile, range(1, len(profile.candidates) + 1)), printed)
