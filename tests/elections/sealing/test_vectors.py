from __future__ import annotations

import json

import pytest

from tests.elections.vectors.ballots import RULES, World, check, document, rows


@pytest.mark.parametrize("kind", RULES)
def test_ballots_written_for_the_other_implementation_are_derived_anew_to_the_byte(kind: int) -> None:
    world = World(rules={"rule": RULES[kind], "seats": 2})

    given = json.loads(json.dumps(document(world, rows(world, 7))))

    assert check(given) == []
    assert [ballot["revision"] for ballot in given["ballots"]] == [1, 1, 1, 1, 1, 2, 1]


def test_a_ballot_that_differs_is_named(world: World) -> None:
    given = document(world, rows(world, 2))
    given["ballots"][1]["blinded"] = "00"

    assert check(given) == ["ballot 2: blinded differs"]
