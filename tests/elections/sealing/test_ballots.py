from __future__ import annotations

import random
from collections.abc import Callable
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from iocop.elections.sealing import ballots, codes, edwards, plaintexts
from iocop.elections.sealing.envelope import Envelope
from iocop.elections.sealing.refusals import Refused
from tests.elections.sealing import malformed
from tests.elections.sealing.malformed import CODE, MARKS, flipped, made, replaced, resigned
from tests.elections.vectors.ballots import World, rows


def refused(world: World, wire: bytes, *, inside: bool = False) -> str | None:
    """Why a wire is refused, or None."""
    try:
        ballots.check(ballots.parse(wire, world.freeze), world.freeze, inside=inside)
    except Refused as refusal:
        return refusal.reason
    return None


def test_a_sealed_ballot_is_accepted_opened_by_its_code_and_acknowledged(world: World) -> None:
    freeze = world.freeze
    wire = made(world)

    ballot = ballots.parse(wire, freeze)

    ballots.check(ballot, freeze)
    assert ballot.hash == sha256(wire).digest()
    assert made(world) == wire
    assert ballots.open_own(codes.voter(CODE, freeze), ballot, freeze) == plaintexts.encode(MARKS, freeze)
    signature = ballots.acknowledge(world.acknowledger, freeze.hash, ballot.hash)
    assert ballots.check_acknowledgement(freeze, ballot.hash, signature)
    assert not ballots.check_acknowledgement(freeze, bytes(32), signature)
    assert not ballots.check_acknowledgement(World(election=8).freeze, ballot.hash, signature)


def test_a_ballot_stands_on_the_wire_as_the_protocol_has_it(world: World) -> None:
    voter = codes.voter(CODE, world.freeze)
    wire = made(world)
    parts = [
        bytes([1, 0]),
        world.freeze.hash,
        voter.key,
        bytes([1]),
        bytes(32),
        voter.randomizer,
        world.token(voter)[2],
    ]

    assert wire.startswith(b"".join(parts))
    assert len(b"".join(parts)) == malformed.SEALED
    assert edwards.verify(voter.key, b"iocop-ballot-1" + wire[:-64], wire[-64:])


@pytest.mark.parametrize(("officers", "needed"), [(2, 2), (3, 2), (5, 3)])
def test_point_08_ballots_are_of_one_size(officers: int, needed: int) -> None:
    world = World(officers=officers, needed=needed, candidates=12)
    made = rows(world, 6)
    papers = [[0] * 12, list(range(1, 13))]
    wires = [bytes.fromhex(row["wire"]) for row in made]
    wires += [malformed.made(world, plaintexts.encode(paper, world.freeze)) for paper in papers]

    assert {len(wire) for wire in wires} == {911 + 80 * officers} == {world.freeze.wire_length}
    for wire in (b"", wires[0][:-1], wires[0] + b"\x00"):
        with pytest.raises(Refused) as refusal:
            ballots.parse(wire, world.freeze)
        assert refusal.value.reason == "length"


def test_point_08_nothing_but_the_key_the_token_and_noise_differs_between_two_votes(world: World) -> None:
    first, second = made(world), made(world, plaintexts.encode([0] * 5, world.freeze))

    assert first[: malformed.SEALED] == second[: malformed.SEALED]
    parts = [(malformed.SEALED, 787), (787, malformed.SHARES), (malformed.SHARES, len(first) - 64)]
    for begin, end in parts:
        differing = sum(
            left != right for left, right in zip(first[begin:end], second[begin:end], strict=True)
        )
        assert differing > 0.9 * (end - begin)  # two independent strings agree in one byte of 256


REBOUND: dict[str, tuple[Callable[[World], bytes], str]] = {
    "another version": (lambda world: resigned(world, replaced(made(world), 0, b"\x02")), "version"),
    "sealed by the server, it says": (
        lambda world: resigned(world, replaced(made(world), 1, b"\x01")),
        "origin",
    ),
    "an origin nobody knows": (lambda world: resigned(world, replaced(made(world), 1, b"\x02")), "origin"),
    "of another election": (lambda _world: made(World(election=8)), "election"),
    "re-bound to this election, signed anew": (
        lambda world: resigned(world, replaced(made(World(election=8)), 2, world.freeze.hash)),
        "token",
    ),
    "re-bound to this election": (
        lambda world: replaced(made(World(election=8)), 2, world.freeze.hash),
        "token",
    ),
    "copied under another voter's key": (
        lambda world: resigned(
            world, replaced(made(world), 34, codes.voter(bytes(16), world.freeze).key), bytes(16)
        ),
        "token",
    ),
    "copied with another voter's key and token": (
        lambda world: replaced(
            made(world, code=bytes(16)), malformed.SEALED, made(world)[malformed.SEALED :]
        ),
        "signature",
    ),
    "another randomizer": (lambda world: resigned(world, flipped(made(world), 99)), "token"),
    "another token": (lambda world: resigned(world, flipped(made(world), 131)), "token"),
    "the revision raised": (lambda world: replaced(made(world), 66, b"\x02" + b"\x01" * 32), "signature"),
    "the revision raised, no ballot before": (
        lambda world: resigned(world, replaced(made(world), 66, b"\x02")),
        "previous",
    ),
    "a first revision with one before": (
        lambda world: resigned(world, replaced(made(world), 67, b"\x01")),
        "previous",
    ),
    "revision 0": (lambda world: resigned(world, replaced(made(world), 66, b"\x00")), "revision"),
    "revision 21": (lambda world: resigned(world, replaced(made(world), 66, b"\x15" + b"\x01" * 32)), "many"),
    "sealed bytes changed": (lambda world: flipped(made(world), 600), "signature"),
    "the own copy changed": (lambda world: flipped(made(world), 800), "signature"),
    "a share changed": (lambda world: flipped(made(world), 900), "signature"),
    "the signature changed": (lambda world: flipped(made(world), world.freeze.wire_length - 40), "signature"),
    "signed by another": (lambda world: resigned(world, made(world), bytes(16)), "signature"),
}


@pytest.mark.parametrize("kind", REBOUND)
def test_point_09_replayed_copied_rebound_and_rolled_back_ballots_are_refused(
    kind: str, world: World
) -> None:
    change, reason = REBOUND[kind]

    assert refused(world, change(world)) == reason


def test_point_09_any_bit_changed_on_the_way_is_noticed(world: World) -> None:
    wire = made(world)

    places = random.Random(9).sample(range(len(wire)), 60)

    assert refused(world, wire) is None
    assert all(refused(world, flipped(wire, place)) for place in places)


def test_point_09_a_ballot_only_ever_follows_the_one_directly_before_it(world: World) -> None:
    voter = codes.voter(CODE, world.freeze)
    token = world.token(voter)[2]
    chain = [ballots.NO_BALLOT]
    box = []
    for revision in (1, 2, 3):
        paper = plaintexts.encode([revision, 0, 0, 0, 0], world.freeze)
        wire = ballots.seal(voter, token, paper, revision, chain[-1], world.freeze)
        box.append(ballots.parse(wire, world.freeze))
        chain.append(box[-1].hash)
    first, second, third = box

    def refusal(ballot: ballots.Ballot, revision: int, hash_: bytes) -> str | None:
        try:
            ballots.follow(ballot, revision, hash_)
        except Refused as refused:
            return refused.reason
        return None

    assert refusal(first, 0, ballots.NO_BALLOT) is None
    assert refusal(third, 2, second.hash) is None
    assert (
        refusal(first, 2, second.hash) == "superseded"
    )  # an old one posted again does not roll the voter back
    assert refusal(second, 2, first.hash) == "superseded"
    assert refusal(third, 1, first.hash) == "gap"
    assert refusal(second, 0, ballots.NO_BALLOT) == "gap"
    assert refusal(second, 1, third.hash) == "previous"
    assert ballots.standing([third, first, second]) == {voter.key: third}
    for wrong, reason in (([first, third], "gap"), ([second], "gap"), ([first, first], "superseded")):
        with pytest.raises(Refused) as found:
            ballots.standing(wrong)
        assert found.value.reason == reason


def test_a_ballot_of_the_server_comes_from_inside_where_the_election_takes_them(world: World) -> None:
    allowing = World(plain_ballots=True)
    voter = codes.voter(CODE, allowing.freeze)
    paper = plaintexts.encode(MARKS, allowing.freeze)
    wire = ballots.seal(
        voter, allowing.token(voter)[2], paper, 1, ballots.NO_BALLOT, allowing.freeze, ballots.SERVER
    )

    assert refused(allowing, wire, inside=True) is None
    assert refused(allowing, wire) == "origin"
    assert (
        refused(allowing, resigned(allowing, replaced(wire, 66, b"\x02" + b"\x01" * 32)), inside=True)
        == "revision"
    )
    assert refused(world, resigned(world, replaced(made(world), 1, b"\x01")), inside=True) == "origin"


def test_the_own_copy_opens_with_no_other_code_and_lies_about_nothing(world: World) -> None:
    voter = codes.voter(CODE, world.freeze)
    other = codes.voter(bytes(16), world.freeze)
    wire = made(world)
    copies = [
        (other, wire),
        (voter, flipped(wire, 800)),
        (voter, flipped(wire, malformed.SEALED)),
        (voter, replaced(wire, 34, other.key)),
        (voter, replaced(wire, 66, b"\x02")),
        (
            voter,
            replaced(
                wire,
                malformed.SEALED,
                made(world, plaintexts.encode([0] * 5, world.freeze))[malformed.SEALED : 787],
            ),
        ),
    ]

    for who, changed in copies:
        with pytest.raises(Refused) as refusal:
            ballots.open_own(who, ballots.parse(changed, world.freeze), world.freeze)
        assert refusal.value.reason == "own"


def test_the_own_copy_of_a_seed_that_does_not_come_from_the_code_is_refused(world: World) -> None:
    voter = codes.voter(CODE, world.freeze)
    envelope = Envelope(b"\x07" * 32, world.freeze, voter.key, 1)
    own = AESGCM(voter.own_key).encrypt(envelope.own_nonce, envelope.seed, envelope.aad)
    hidden = envelope.encrypt(plaintexts.encode(MARKS, world.freeze)) + envelope.own_nonce + own
    wire = replaced(made(world), malformed.SEALED, hidden)

    with pytest.raises(Refused) as refusal:
        ballots.open_own(voter, ballots.parse(wire, world.freeze), world.freeze)

    assert refusal.value.reason == "own"


@pytest.mark.parametrize(
    ("revision", "previous"), [(0, bytes(32)), (21, b"\x01" * 32), (2, bytes(32)), (1, b"\x01" * 32)]
)
def test_what_the_box_would_refuse_is_not_sealed(revision: int, previous: bytes, world: World) -> None:
    voter = codes.voter(CODE, world.freeze)

    with pytest.raises(ValueError, match="1 to 20"):
        ballots.seal(voter, bytes(384), bytes(256), revision, previous, world.freeze)
