from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from iocop.elections.sealing import edwards
from tests.elections.vectors import edges

FILE = Path(edges.__file__).parent / "ed25519.json"
EDGES: list[dict[str, Any]] = json.loads(FILE.read_text())


@pytest.mark.parametrize("edge", EDGES, ids=lambda edge: edge["name"])
def test_a_signature_is_good_only_in_the_strict_sense(edge: dict[str, Any]) -> None:
    key, message, signature = (bytes.fromhex(edge[name]) for name in ("key", "message", "signature"))

    assert edwards.verify(key, message, signature) is edge["valid"]


def test_the_shared_file_is_what_its_generator_writes() -> None:
    assert edges.edges() == EDGES
    assert len(EDGES) >= 20


def test_signing_is_that_of_rfc_8032() -> None:
    seed = bytes.fromhex("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7")

    assert edwards.public(seed).hex() == EDGES[1]["key"]
    assert edwards.sign(seed, bytes.fromhex("af82")).hex() == EDGES[1]["signature"]


@pytest.mark.parametrize(
    ("key", "fault"),
    [
        (edwards.public(bytes(32)), None),
        (bytes(31), "length"),
        (edges.scalar(edges.P + 3), "non-canonical"),
        (edges.encoded(edges.EIGHTH), "low-order"),
        (edges.scalar(1 | 1 << 255), "low-order"),
        (bytes.fromhex(next(edge["key"] for edge in EDGES if "no point" in edge["name"])), "off-curve"),
    ],
    ids=["sound", "length", "non-canonical", "low order", "low order and sign", "off the curve"],
)
def test_a_key_that_is_not_sound_is_told_why(key: bytes, fault: str | None) -> None:
    assert edwards.key_fault(key) == fault


def test_all_eight_points_of_small_order_are_known() -> None:
    assert {edges.times(number, edges.EIGHTH)[1] for number in range(8)} == edwards.SMALL_ORDER
