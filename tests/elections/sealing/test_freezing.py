from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from iocop.elections.sealing import freezing
from iocop.elections.sealing.canonical import digest, dumps
from iocop.elections.sealing.refusals import Refused
from tests.elections.vectors import edges
from tests.elections.vectors.ballots import World

ZEROS = "00" * 32


def test_a_freeze_is_read_from_its_exact_bytes(world: World) -> None:
    freeze = freezing.read(world.freeze.raw)

    assert freeze == world.freeze
    assert hash(freeze) == hash(world.freeze)
    assert freeze.hash == digest(freeze.raw)
    assert freeze.raw == dumps({"format": "iocop-election-1"} | world.fields)
    assert freeze.closes == datetime(2026, 3, 15, 12, tzinfo=UTC)
    assert [candidate.group for candidate in freeze.candidates] == [1, 2, None, 1, 2]
    assert freeze.staying == {1: 1}
    assert (freeze.needed, len(freeze.officers), freeze.officers[2].number) == (2, 3, 3)
    assert freezing.opening_message(freeze.hash) == b"iocop-open-1" + freeze.hash


@pytest.mark.parametrize(("size", "least"), [(0, 10), (1000, 10), (1001, 11), (100_000, 1000)])
def test_a_block_holds_a_hundredth_of_the_roll_and_never_fewer_than_ten(size: int, least: int) -> None:
    assert freezing.block_minimum(size) == least


@pytest.mark.parametrize(
    ("rules", "highest"),
    [
        ({"rule": "scottish"}, 5),
        ({"rule": "meek", "most_ranks": 0}, 5),
        ({"rule": "schulze", "most_ranks": 3}, 3),
        ({"rule": "scottish", "most_ranks": 30}, 5),
        ({"rule": "block", "most_ranks": 3}, 1),
        ({"rule": "affirmation"}, 3),
    ],
)
def test_the_rule_says_what_a_candidate_can_be_given(rules: dict[str, Any], highest: int) -> None:
    assert World(rules=rules).freeze.highest_mark == highest


def test_a_document_that_is_not_canonical_is_no_freeze(world: World) -> None:
    with pytest.raises(Refused) as refusal:
        freezing.read(world.freeze.raw + b"\n")

    assert refusal.value.reason == "document"


def changed(fields: Any, path: str, value: object) -> Any:
    """The *fields* with what stands at *path* (``officers.0.name``) replaced, or left out for `...`."""
    name, _, rest = path.partition(".")
    if isinstance(fields, list):
        place = int(name)
        inner = changed(fields[place], rest, value) if rest else value
        return [*fields[:place], inner, *fields[place + 1 :]]
    if value is ... and not rest:
        return {key: kept for key, kept in fields.items() if key != name}
    return fields | {name: changed(fields[name], rest, value) if rest else value}


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("site", "", "site: is to be text"),
        ("site", ..., "freeze: lacks “site”"),
        ("more", 1, "freeze: has “more”, which this format does not know"),
        ("format", "iocop-election-2", "format: is “iocop-election-2”: take one of iocop-election-1"),
        ("election", "7", "election: is to be a whole number"),
        ("election", True, "election: is to be a whole number"),
        ("election", 0, "election: is 0: take 1 to"),
        ("kind", "party", "kind: is “party”: take one of affirmation, board"),
        ("rules", [], "rules: is to be an object"),
        ("rules", {"seats": 2}, "rules: is to be an object with at least “rule”"),
        ("rules.rule", "borda", "rules.rule: is “borda”: take one of"),
        ("rules.seats", 0, "rules.seats: is 0: take 1"),
        ("rules.most_ranks", -1, "rules.most_ranks: is -1: take 0"),
        ("candidates", [], "candidates: has 0 entries: give 1 to 200"),
        ("candidates", {}, "candidates: is to be a list"),
        ("candidates.1.number", 3, r"candidates\[2\].number: is 3, it has to be 2"),
        ("candidates.1.id", "candidate-1", "candidates: has the same id twice"),
        ("candidates.1", 5, r"candidates\[2\]: is to be an object"),
        ("candidates.0.group", -1, r"candidates\[1\].group: is -1"),
        ("staying", [{"group": 1, "seats": 1}] * 2, "staying: has the same group twice"),
        ("opens", "2026-03-01 12:00", "opens: is “2026-03-01 12:00”: write a moment like"),
        ("opens", "2026-3-01T12:00:00Z", "opens: is “2026-3-01T12:00:00Z”: write a moment like"),
        ("closes", "2026-03-01T12:00:00Z", "closes: is not after “opens”: choose a later moment"),
        ("keys_until", "2026-03-15T12:00:00Z", "keys_until: is not after “closes”"),
        ("complaints_until", "2026-03-15T11:00:00Z", "complaints_until: is not after “closes”"),
        ("roll", {"root": ZEROS}, "roll: lacks “size”"),
        ("roll.root", "AB" * 32, "roll.root: is to be 32 bytes in lower-case hexadecimal, 64 digits"),
        ("officers.1.encryption", ZEROS, r"officers\[2\].encryption: is of low order .* makes a new key"),
        (
            "officers.1.encryption",
            edges.scalar(edges.P + 9).hex(),
            r"officers\[2\].encryption: is not in its canonical",
        ),
        ("officers.1.signing", ZEROS, r"officers\[2\].signing: is of low order"),
        ("officers.1.signing", edges.scalar(2).hex(), r"officers\[2\].signing: is no point of the curve"),
        ("needed", 1, "needed: is 1: take 2 to 3"),
        ("needed", 4, "needed: is 4: take 2 to 3"),
        ("issuer.e", 3, "issuer.e: is 3, it has to be 65537"),
        ("issuer.n", "00" * 384, "issuer.n: is no RSA modulus of 3072 bits"),
        ("issuer.n", "ff" * 383 + "fe", "issuer.n: is no RSA modulus"),
        ("acknowledger", edges.encoded(edges.EIGHTH).hex(), "acknowledger: is of low order"),
        ("sealed_seed", ["00" * 80] * 2, "sealed_seed: has 2 shares for 3 officers"),
        ("block_minimum", 10, "block_minimum: is 10, it has to be 12"),
        ("plain_ballots", 1, "plain_ballots: is to be true or false"),
    ],
    ids=lambda given: given if isinstance(given, str) and "." in given[:20] else None,
)
def test_a_field_that_is_not_right_is_named_with_its_mend(
    path: str, value: object, told: str, world: World
) -> None:
    with pytest.raises(Refused, match=told) as refusal:
        freezing.write(changed(world.fields, path, value))

    assert refusal.value.reason == "freeze"


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("encryption", "is another officer's"),
        ("signing", "same key twice"),
        ("nonce", "same nonce twice"),
    ],
)
def test_every_officer_has_own_keys(field: str, told: str, world: World) -> None:
    first = world.fields["officers"][0][field]

    with pytest.raises(Refused, match=told):
        freezing.write(changed(world.fields, f"officers.2.{field}", first))


def test_four_officers_need_three_keys(world: World) -> None:
    with pytest.raises(Refused, match="needed: is 2: take 3 to 4"):
        World(officers=4, needed=2)
