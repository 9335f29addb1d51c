"""Sealed ballots as a file, for the other implementation to read; and the other's file, read here.

``python -m tests.elections.vectors.ballots 1000 > ours.json`` writes, ``… --check theirs.json`` reads: every value is
derived anew from code and marks and compared byte by byte.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from functools import cache
from pathlib import Path
from typing import Any

from iocop.elections.sealing import ballots, codes, edwards, exchange, freezing, plaintexts, seeds, tokens
from iocop.elections.sealing.canonical import dumps
from iocop.elections.sealing.freezing import Freeze

ISSUER = (
    Path(__file__).parent / "issuer.pem"
)  # made once, for tests alone: a new key would cost each of them 0.3 s
RULES = {1: "scottish", 2: "approval", 3: "motion"}


@cache
def issuer() -> tokens.Issuer:
    """The issuer of every election of the tests."""
    return tokens.Issuer.from_pem(ISSUER.read_bytes())


class World:
    """An election with everybody's secrets.

    Attributes:
        encryption: the officers' X25519 private keys by number.
        signing: their Ed25519 seeds.
    """

    def __init__(
        self, *, officers: int = 3, needed: int = 2, candidates: int = 5, chance: int = 0, **changed: Any
    ) -> None:
        draw = random.Random(chance)
        self.issuer = issuer()
        self.encryption = {number: draw.randbytes(32) for number in range(1, officers + 1)}
        self.signing = {number: draw.randbytes(32) for number in range(1, officers + 1)}
        self.acknowledger = draw.randbytes(32)
        self.seed = draw.randbytes(32)
        public = [exchange.public(key) for key in self.encryption.values()]
        usual: dict[str, Any] = {
            "site": "Frost Foundry",
            "address": "https://community.example",
            "election": 7,
            "title": "Board 2026",
            "kind": "board",
            "rules": {"rule": "scottish", "seats": 2},
            "candidates": [
                {
                    "number": number,
                    "id": f"candidate-{number}",
                    "name": f"Zoë Ångström {number}",
                    "group": number % 3 or None,
                }
                for number in range(1, candidates + 1)
            ],
            "staying": [{"group": 1, "seats": 1}],
            "opens": "2026-03-01T12:00:00Z",
            "closes": "2026-03-15T12:00:00Z",
            "keys_until": "2026-03-22T12:00:00Z",
            "complaints_until": "2026-03-29T12:00:00Z",
            "roll": {"root": draw.randbytes(32).hex(), "size": 1200},
            "officers": [
                {
                    "number": number,
                    "name": f"Officer {number}",
                    "encryption": public[number - 1].hex(),
                    "signing": edwards.public(self.signing[number]).hex(),
                    "nonce": draw.randbytes(32).hex(),
                }
                for number in self.encryption
            ],
            "needed": needed,
            "issuer": {"n": f"{self.issuer.n:0768x}", "e": 65537},
            "acknowledger": edwards.public(self.acknowledger).hex(),
            "seed_commitment": seeds.commit(self.seed).hex(),
            "sealed_seed": [share.hex() for share in seeds.seal(self.seed, needed, public)],
            "booth": draw.randbytes(32).hex(),
            "block_minimum": 12,
            "plain_ballots": False,
        }
        self.fields: dict[str, Any] = usual | changed
        self.freeze: Freeze = freezing.read(freezing.write(self.fields))

    def token(self, voter: codes.Voter) -> tuple[bytes, bytes, bytes]:
        """Ask for a token: blinded message, blind signature, token."""
        message = tokens.message(self.freeze.hash, voter.key)
        n = self.freeze.modulus
        blinded = tokens.blind(message, voter.randomizer, voter.salt, voter.factor, n)
        signed = self.issuer.sign(blinded)
        return blinded, signed, tokens.finalize(message, voter.randomizer, signed, voter.factor, n)

    def keys(self, *numbers: int) -> dict[int, bytes]:
        """The officers' X25519 keys by number."""
        return {number: self.encryption[number] for number in numbers}


def row(
    world: World, code: bytes, marks: list[int], revision: int = 1, previous: bytes = ballots.NO_BALLOT
) -> dict[str, Any]:
    """One sealed ballot with everything on the way to it."""
    freeze = world.freeze
    voter = codes.voter(code, freeze)
    blinded, signed, token = world.token(voter)
    wire = ballots.seal(voter, token, plaintexts.encode(marks, freeze), revision, previous, freeze)
    return {
        "code": codes.write(code),
        "marks": marks,
        "kind": freeze.ballot_kind,
        "revision": revision,
        "previous": previous.hex(),
        "blinded": blinded.hex(),
        "blind_signature": signed.hex(),
        "token": token.hex(),
        "wire": wire.hex(),
        "hash": ballots.parse(wire, freeze).hash.hex(),
    }


def rows(world: World, count: int, chance: int = 1) -> list[dict[str, Any]]:
    """*count* ballots of random voters; every fifth voter revises once."""
    draw = random.Random(chance)
    made: list[dict[str, Any]] = []
    while len(made) < count:
        code = draw.randbytes(16)
        made.append(row(world, code, _marks(world.freeze, draw)))
        if len(made) % 5 == 0 and len(made) < count:
            made.append(row(world, code, _marks(world.freeze, draw), 2, bytes.fromhex(made[-1]["hash"])))
    return made


def _marks(freeze: Freeze, draw: random.Random) -> list[int]:
    number = len(freeze.candidates)
    if freeze.ballot_kind != freezing.RANKING:
        return [draw.randint(0, freeze.highest_mark) for _ in range(number)]
    ranked = draw.sample(range(number), draw.randint(0, number))
    return [ranked.index(place) + 1 if place in ranked else 0 for place in range(number)]


def document(world: World, made: list[dict[str, Any]]) -> dict[str, Any]:
    """The file both sides read."""
    return {
        "freeze": world.freeze.raw.hex(),
        "issuer": world.issuer.to_pem().decode(),
        "officers": [
            {
                "encryption_private": world.encryption[number].hex(),
                "signing_seed": world.signing[number].hex(),
            }
            for number in world.encryption
        ],
        "ballots": made,
    }


def check(given: dict[str, Any]) -> list[str]:
    """Derive every ballot of a file anew; what differs is named."""
    freeze = freezing.read(bytes.fromhex(given["freeze"]))
    issuer = tokens.Issuer.from_pem(given["issuer"].encode())
    faults: list[str] = []
    for number, ballot in enumerate(given["ballots"], 1):
        voter = codes.voter(codes.read(ballot["code"]), freeze)
        message = tokens.message(freeze.hash, voter.key)
        blinded = tokens.blind(message, voter.randomizer, voter.salt, voter.factor, freeze.modulus)
        signed = issuer.sign(blinded)
        token = tokens.finalize(message, voter.randomizer, signed, voter.factor, freeze.modulus)
        previous = bytes.fromhex(ballot["previous"])
        plaintext = plaintexts.encode(ballot["marks"], freeze)
        wire = ballots.seal(voter, token, plaintext, ballot["revision"], previous, freeze)
        parsed = ballots.parse(bytes.fromhex(ballot["wire"]), freeze)
        ballots.check(parsed, freeze)
        ours = {
            "code": codes.write(codes.read(ballot["code"])),
            "kind": freeze.ballot_kind,
            "blinded": blinded.hex(),
            "blind_signature": signed.hex(),
            "token": token.hex(),
            "wire": wire.hex(),
            "hash": ballots.parse(wire, freeze).hash.hex(),
        }
        faults += [
            f"ballot {number}: {name} differs" for name, value in ours.items() if ballot[name] != value
        ]
        if ballots.open_own(voter, parsed, freeze) != plaintext:
            faults.append(f"ballot {number}: the own copy holds something else")
    return faults


def main() -> None:
    """Write or check a file, as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=10)
    parser.add_argument("--kind", type=int, choices=RULES, default=1, help="1 ranking, 2 marks, 3 answers")
    parser.add_argument("--officers", type=int, default=3)
    parser.add_argument("--needed", type=int, default=2)
    parser.add_argument("--check", type=Path, help="a file of the other implementation")
    given = parser.parse_args()
    if given.check:
        faults = check(json.loads(given.check.read_text()))
        sys.exit("\n".join(faults) or None)
    world = World(officers=given.officers, needed=given.needed, rules={"rule": RULES[given.kind], "seats": 2})
    sys.stdout.write(dumps(document(world, rows(world, given.count))).decode() + "\n")


if __name__ == "__main__":
    main()
