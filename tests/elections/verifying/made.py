"""Whole small elections, from the roll to the archive, made through `sealing` as the site makes them."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from iocop.elections import archiving, tallying
from iocop.elections.rules import Rules
from iocop.elections.sealing import ballots, chains, codes, edwards, hpke, opening, plaintexts, rolls, sharing
from iocop.elections.sealing.canonical import digest
from iocop.elections.sealing.freezing import block_minimum, opening_message
from tests.elections.vectors.ballots import World

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

BOOTH = b"<!doctype html><title>The booth</title>"


@dataclass
class Made:
    """One election with everybody's secrets, and the files of its archive.

    Attributes:
        wires: as they stand in ballots.bin.
        mailed: what members got by mail, as text.
    """

    world: World
    parts: dict[str, bytes]
    wires: list[bytes]
    mailed: str
    voters: list[codes.Voter] = field(default_factory=list)


def election(
    rule: str = "scottish",
    *,
    seats: int = 2,
    candidates: int = 4,
    voters: int = 10,
    members: int = 14,
    without: int | None = None,
    **rules: Any,
) -> Made:
    """Return an election of 10 voters: one votes blank, two revise (the last ones, for the blocks), some spoil.

    Args:
        without: a voter whose ballots the site leaves out, or nobody's.
    """
    roll = [
        rolls.leaf(hashlib.sha256(b"salt %d" % number).digest(), number) for number in range(1, members + 1)
    ]
    given = Rules(rule=rule, board_size=5, **rules).as_data() | {"seats": seats}
    world = World(
        candidates=1 if rule == "motion" else candidates,
        kind={"motion": "motion", "affirmation": "affirmation"}.get(rule, "board"),
        rules=given,
        roll={"root": rolls.root(sorted(roll)).hex(), "size": members},
        block_minimum=block_minimum(members),
        booth=digest(BOOTH).hex(),
        plain_ballots=True,
        sealed_seed=_sealed_seed(),
    )  # fmt: skip
    draw = random.Random(5)
    people = [codes.voter(draw.randbytes(16), world.freeze) for _ in range(voters)]
    asked = [world.token(voter) for voter in people]
    issued = [
        chains.Entry(leaf, blinded, signed)
        for leaf, (blinded, signed, _) in zip(draw.sample(roll, voters), asked, strict=True)
    ]
    tokens = [token for _, _, token in asked]
    wires = cast(world, people, tokens, draw) if people else []
    kept = [wire for wire in wires if without is None or wire[34:66] != people[without].key]
    made = Made(world, {}, wires, "", people)
    first = max(10, world.freeze.block_minimum)
    close(made, roll, issued, [kept[:first], kept[first:]])
    return made


@cache
def _sealed_seed() -> list[str]:
    """Seal the lot's seed with nothing drawn, so that an election is the same in every run."""
    world = World()
    shares = sharing.split(world.seed, [digest(b"coefficient")], len(world.freeze.officers))
    return [
        hpke.seal(
            officer.encryption,
            digest(share),
            b"iocop-seed-1" + world.freeze.seed_commitment + bytes([officer.number]),
            b"",
            share,
        ).hex()
        for officer, share in zip(world.freeze.officers, shares, strict=True)
    ]


def cast(
    world: World, people: Sequence[codes.Voter], tokens: Sequence[bytes], draw: random.Random
) -> list[bytes]:
    """Return a ballot of everybody, and at the end second revisions of the first two."""
    freeze = world.freeze
    papers = [plaintexts.encode(_marks(world, draw), freeze) for _ in people]
    papers[2] = plaintexts.encode([0] * len(freeze.candidates), freeze)
    papers[3] = papers[3][:1] + bytes([3 - freeze.ballot_kind // 3]) + papers[3][2:]  # another kind of ballot
    papers[4] = papers[4][:-1] + b"x"  # padding
    papers[5] = papers[5][:34] + b"\xc9" + papers[5][35:]  # value
    wires = [
        ballots.seal(voter, token, paper, 1, ballots.NO_BALLOT, freeze, int(at == 7))
        for at, (voter, token, paper) in enumerate(zip(people, tokens, papers, strict=True))
    ]
    wires[6] = misshapen(world, people[6], wires[6])
    again = [
        ballots.seal(
            people[at],
            tokens[at],
            plaintexts.encode(_marks(world, draw), freeze),
            2,
            digest(wires[at]),
            freeze,
        )
        for at in (0, 1)
    ]
    return wires + again


def misshapen(world: World, voter: codes.Voter, wire: bytes) -> bytes:
    """Return the ballot with one bit of the third officer's share turned, signed anew by its voter."""
    body = bytearray(wire[:-64])
    body[-5] ^= 1
    return bytes(body) + edwards.sign(voter.seed, b"iocop-ballot-1" + bytes(body))


def resigned(voter: codes.Voter, wire: bytes, **changed: Any) -> bytes:
    """Return a ballot with other bytes at some places (``at_66=b"…"``), signed anew by its voter."""
    body = bytearray(wire[:-64])
    for place, value in changed.items():
        start = int(place.removeprefix("at_"))
        body[start : start + len(value)] = value
    return bytes(body) + edwards.sign(voter.seed, b"iocop-ballot-1" + bytes(body))


def _marks(world: World, draw: random.Random) -> list[int]:
    count = len(world.freeze.candidates)
    if world.freeze.ballot_kind != 1:
        return [draw.randint(0, world.freeze.highest_mark) for _ in range(count)]
    ranked = draw.sample(range(count), draw.randint(1, count))
    return [ranked.index(at) + 1 if at in ranked else 0 for at in range(count)]


def close(
    made: Made, leaves: Sequence[bytes], issued: Sequence[chains.Entry], blocks: Sequence[Sequence[bytes]],
    officers: Sequence[int] = (1, 3),
    documents: Mapping[str, bytes] | None = None,
) -> None:  # fmt: skip
    """Fill the archive: board, register, seal, keys, result; all fits whatever the ballots are.

    Args:
        documents: of a result that is claimed instead of what the ballots come to.
    """
    world, freeze = made.world, made.world.freeze
    ordered = [sorted(block, key=digest) for block in blocks if block]
    heads = [freeze.hash]
    for number, block in enumerate(ordered, 1):
        heads.append(chains.block_head(heads[-1], number, [digest(wire) for wire in block]))
    register = [chains.issue_start(freeze.hash)]
    for entry in issued:
        register.append(chains.issue_head(register[-1], entry))
    made.wires = [wire for block in ordered for wire in block]
    sealed = chains.sealed_document(
        freeze.hash, heads[-1], len(ordered), len(made.wires), register[-1], len(issued)
    )
    lines = [
        archiving.head_line(number, head, len(issued) if number else 0, register[-1 if number else 0])
        for number, head in enumerate(heads)
    ]
    lines.append(archiving.sealed_line(digest(sealed)))
    signatures = {
        number: edwards.sign(seed, opening_message(freeze.hash)) for number, seed in world.signing.items()
    }
    closing = {
        number: (
            world.encryption[number],
            edwards.sign(world.signing[number], chains.closing_message(digest(sealed))),
        )
        for number in officers
    }
    if documents is None:
        parsed = [ballots.parse(wire, freeze) for wire in made.wires]
        opened = opening.open_box(freeze, world.keys(*officers), parsed)
        by_server = sum(ballot.origin for ballot in parsed)
        documents = tallying.tally(freeze, opened, world.seed, digest(sealed), by_server).documents
    made.parts = {
        "README.txt": archiving.readme(freeze),
        "ballots.bin": b"".join(made.wires),
        "blocks.json": archiving.blocks(heads[1:], [[digest(wire) for wire in block] for block in ordered]),
        "booth.html": BOOTH,
        "freeze.json": freeze.raw,
        "heads.txt": archiving.heads(lines),
        "issues.bin": b"".join(entry.raw for entry in issued),
        "keys.json": archiving.keys(closing),
        "openings.json": archiving.openings(signatures),
        "roll.json": archiving.roll(leaves),
        "sealed.json": sealed,
        "verify.py": archiving.VERIFIER.read_bytes(),
        **documents,
    }
    made.mailed = "Dear member,\n\n" + "\n".join(lines) + "\n\nThe officers\n"


def entries_of(made: Made) -> list[chains.Entry]:
    """Return the register of an archive."""
    return chains.entries(made.parts["issues.bin"])


def with_keys_of(made: Made, officers: Sequence[int]) -> dict[str, bytes]:
    """Return the archive as if these officers had opened it."""
    world, closing = made.world, chains.closing_message(digest(made.parts["sealed.json"]))
    given = {
        number: (world.encryption[number], edwards.sign(world.signing[number], closing))
        for number in officers
    }
    return {**made.parts, "keys.json": archiving.keys(given)}


@cache
def usual() -> Made:
    """Return the election most tests look at; they copy its parts before they change them."""
    return election()
