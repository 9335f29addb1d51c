"""The booth's JavaScript and the site's Python come to the same bytes, and both to the published ones."""

from __future__ import annotations

import functools
import json
import random
from typing import Any

import pytest

from iocop.elections.sealing import codes, exchange, hpke, sharing
from iocop.elections.sealing.canonical import dumps
from tests.elections.booth.node import answered
from tests.elections.sealing import test_exchange, test_hpke
from tests.elections.sealing.test_edwards import EDGES
from tests.elections.sealing.test_freezing import changed
from tests.elections.sealing.test_tokens import PUBLISHED
from tests.elections.vectors import edges
from tests.elections.vectors.ballots import World, check, document, row

BALLOTS, REVISIONS = 1000, 10
KINDS = {"scottish": 600, "approval": 200, "affirmation": 200}
SMALL = [edges.encoded(edges.EIGHTH).hex(), edges.scalar(edges.P + 3).hex(), bytes(31).hex()]
LOW = [
    0,
    1,
    exchange.PRIME - 1,
    test_exchange.EIGHT,
    test_exchange.OTHER,
    exchange.PRIME,
    exchange.PRIME + 9,
    9 | 1 << 255,
]
CODE = bytes(range(16))
DOCUMENTS = [
    dumps({"a": ["Zoë \u2028\x7f\x01/\"", -(2**53) + 1, True, None], "": {"B": 0, "_": {}}}),
    b'{"a":1,"a":1}', b'{"a": 1}', b'{"b":1,"a":1}', b'{"a":1}\n', b'{"a":1.0}', b'"\\u00e4"', b"\xff", b"{", b"-0",
    b"1e3", b"9007199254740993", '{"ä":1}'.encode(), b"\xef\xbb\xbf1",
]  # fmt: skip
SPOILT: list[tuple[str, Any]] = [
    ("format", "iocop-election-2"), ("needed", 1), ("needed", 4), ("candidates", []), ("candidates.1.number", 3),
    ("rules.rule", "borda"), ("issuer.e", 3), ("issuer.n", "11" * 384), ("issuer.n", "AB" * 384),
    ("acknowledger", "00" * 32),
    ("officers.1.encryption", "00" * 32), ("officers.1.signing", edges.scalar(2).hex()), ("officers.0.number", 2),
    ("opens", "2026-3-01T12:00:00Z"), ("closes", "2026-02-31T12:00:00Z"),
]  # fmt: skip
TYPED = [
    codes.write(CODE), " OOOG 4OR4 OM3O E2O9 I85G R38E lWHH\n", "000g40r40m30e209185gr38e1whh",
    "000G-40R4-0M30-E209-185G-R38E-1WHU", "000G-40R4",
    "000G-40R4-0M30-E209-185G-R38E-1XHH", "000G-40R4-0M30-E209-185G-R38E-1WHJ",
]  # fmt: skip


@pytest.fixture(scope="module")
def theirs() -> Any:
    """What JavaScript makes of the vectors: one start of Node for all tests."""
    box = {"ephemeral": test_hpke.A256_EPHEMERAL, "recipient": test_hpke.A256_RECIPIENT, "info": test_hpke.INFO,
           "additional": test_hpke.AAD, "plaintext": test_hpke.PLAINTEXT}  # fmt: skip
    tokens = [
        vector | {"factor": f"{pow(int(vector['inv'], 16), -1, int(vector['n'], 16)):0{len(vector['n'])}x}"}
        for vector in PUBLISHED.values()
    ]
    share = {"secret": "07" * 16 + "ff" * 16, "coefficients": "5a" * 32, "numbers": [1, 2, 3]}
    return answered(
        "vectors.mjs",
        {
            "signatures": EDGES,
            "signing_keys": [EDGES[0]["key"], *SMALL],
            "encryption_keys": [
                test_hpke.A256_PUBLIC.hex(),
                *(key.to_bytes(32, "little").hex() for key in LOW),
            ],
            "tokens": tokens,
            "boxes": [{name: value.hex() for name, value in box.items()}],
            "shares": [share],
            "codes": TYPED,
            "documents": [data.hex() for data in DOCUMENTS],
            "freezes": [data.hex() for data in _freezes()],
        },
    )


def test_the_edges_of_ed25519_have_the_verdicts_both_sides_share(theirs: Any) -> None:
    found = {edge["name"]: valid for edge, valid in zip(EDGES, theirs["signatures"], strict=True)}

    assert found == {edge["name"]: edge["valid"] for edge in EDGES}


def test_keys_that_are_not_sound_are_refused(theirs: Any) -> None:
    assert theirs["signing_keys"] == [True, False, False, False]
    assert theirs["encryption_keys"] == [True, *(False for _ in LOW)]


def test_blind_signatures_are_those_of_rfc_9474(theirs: Any) -> None:
    published = [(vector["blinded_msg"], vector["sig"]) for vector in PUBLISHED.values()]

    assert [(found["blinded"], found["token"]) for found in theirs["tokens"]] == published
    assert not any(found["altered"] for found in theirs["tokens"])


def test_sealed_boxes_are_those_of_rfc_9180(theirs: Any) -> None:
    [box] = theirs["boxes"]
    ours = hpke.seal(
        test_hpke.A256_PUBLIC, test_hpke.A256_EPHEMERAL, test_hpke.INFO, test_hpke.AAD, test_hpke.PLAINTEXT
    )

    assert box["private"] == test_hpke.A256_PRIVATE.hex()
    assert box["sealed"].startswith(test_hpke.A256_ENCAPSULATED)
    assert box["sealed"] == ours.hex()
    assert box["opened"] == test_hpke.PLAINTEXT.hex()


def test_shares_are_the_same_on_both_sides(theirs: Any) -> None:
    [found] = theirs["shares"]
    ours = sharing.split(bytes([7] * 16 + [255] * 16), [bytes([0x5A] * 32)], 3)

    assert found["shares"] == [share.hex() for share in ours]
    assert found["combined"] == "07" * 16 + "ff" * 16


def test_a_typed_code_is_read_or_told_what_is_wrong(theirs: Any) -> None:
    assert theirs["codes"] == [*[CODE.hex()] * 3, "letter", "length", "check", "check"]


def test_only_the_one_canonical_form_is_read(theirs: Any) -> None:
    assert theirs["documents"] == [True, *(False for _ in DOCUMENTS[1:])]


def test_a_freeze_that_could_not_be_voted_on_is_refused(theirs: Any) -> None:
    told = zip([("", None), *SPOILT, ("two officers with one key", None)], theirs["freezes"], strict=True)

    assert [spoilt for spoilt, taken in told if taken] == [("", None)]


def _freezes() -> list[bytes]:
    """A sound one, then each with one thing spoilt."""
    world = World()
    own = world.fields["officers"][0]["signing"]
    spoilt = [*SPOILT, ("officers.2.signing", own)]
    fields = [changed(json.loads(world.freeze.raw), path, value) for path, value in spoilt]
    return [world.freeze.raw, *map(dumps, fields)]


@pytest.mark.parametrize(("rule", "count"), KINDS.items())
def test_a_thousand_ballots_are_the_same_bytes_in_both_languages(rule: str, count: int) -> None:
    """600 rankings, 200 marks, 200 answers; ten revisions a voter, so that tokens do not take all the time."""
    world = World(rules={"rule": rule, "seats": 2}, candidates=9, officers=2 if count > 200 else 3)
    world.token = functools.cache(world.token)  # type: ignore[method-assign]
    ours = document(world, _revised(world, count))

    assert answered("ballots.mjs", ours) == ours


def test_python_takes_what_javascript_made() -> None:
    world = World(officers=5, needed=3)

    made = answered("ballots.mjs", document(world, _revised(world, 5)))

    assert check(made) == []


def _revised(world: World, count: int) -> list[dict[str, Any]]:
    draw = random.Random(count)
    made: list[dict[str, Any]] = []
    for number in range(count):
        revision = number % REVISIONS + 1
        if revision == 1:
            code, previous = draw.randbytes(16), bytes(32)
        marks = [draw.randint(0, world.freeze.highest_mark) for _ in world.freeze.candidates]
        made.append(row(world, code, marks, revision, previous))
        previous = bytes.fromhex(made[-1]["hash"])
    return made
