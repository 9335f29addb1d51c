from __future__ import annotations

from typing import Any

import pytest

from iocop.elections.sealing import plaintexts
from iocop.elections.sealing.plaintexts import Paper
from tests.elections.vectors.ballots import World


@pytest.mark.parametrize(
    ("rule", "marks", "kind"),
    [("scottish", (1, 0, 2, 2, 5), 1), ("approval", (1, 0, 1, 1, 0), 2), ("motion", (0, 1, 2, 3, 1), 3)],
)
def test_a_paper_is_read_as_it_was_written(rule: str, marks: tuple[int, ...], kind: int) -> None:
    freeze = World(rules={"rule": rule}).freeze

    plaintext = plaintexts.encode(marks, freeze)

    assert plaintext == bytes([1, kind]) + freeze.hash + bytes(marks) + bytes(217)
    assert plaintexts.decode(plaintext, freeze) == Paper("counted", marks)


def test_point_19_a_paper_without_a_mark_is_blank(world: World) -> None:
    assert plaintexts.decode(plaintexts.encode([0] * 5, world.freeze), world.freeze) == Paper(
        "blank", (0,) * 5
    )


@pytest.mark.parametrize(
    ("places", "reason"),
    [
        ({0: 2}, "version"),
        ({2: 0}, "election"),
        ({1: 2}, "kind"),
        ({39: 1}, "padding"),
        ({255: 1}, "padding"),
        ({34: 6}, "value"),
        ({0: 0, 2: 0, 1: 0, 255: 1, 34: 9}, "version"),
        ({2: 0, 1: 0, 255: 1, 34: 9}, "election"),
        ({1: 0, 255: 1, 34: 9}, "kind"),
        ({255: 1, 34: 9}, "padding"),
    ],
    ids=str,
)
def test_point_19_a_paper_is_spoilt_for_the_first_reason_that_holds(
    places: dict[int, int], reason: str, world: World
) -> None:
    changed: Any = bytearray(plaintexts.encode([1, 2, 3, 0, 0], world.freeze))
    for place, value in places.items():
        changed[place] = value if value != changed[place] else value ^ 0x80

    assert plaintexts.decode(bytes(changed), world.freeze) == Paper(f"spoilt:{reason}")


@pytest.mark.parametrize(
    ("marks", "told"), [([1], "1 marks for 5"), ([6, 0, 0, 0, 0], "0 to 5"), ([-1, 0, 0, 0, 0], "0 to 5")]
)
def test_what_no_paper_can_say_is_not_written(marks: list[int], told: str, world: World) -> None:
    with pytest.raises(ValueError, match=told):
        plaintexts.encode(marks, world.freeze)


def test_two_hundred_candidates_have_room(world: World) -> None:
    large = World(candidates=200).freeze

    assert plaintexts.decode(plaintexts.encode(range(1, 201), large), large).marks == tuple(range(1, 201))


def test_a_paper_of_another_length_is_an_error(world: World) -> None:
    with pytest.raises(ValueError, match="256 bytes, not 255"):
        plaintexts.decode(bytes(255), world.freeze)
