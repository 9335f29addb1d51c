from __future__ import annotations

import random
from itertools import combinations

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from iocop.elections.sealing import ballots, exchange, opening, sharing
from iocop.elections.sealing.ballots import Ballot
from iocop.elections.sealing.envelope import Envelope
from iocop.elections.sealing.opening import Opened, Opener
from iocop.elections.sealing.refusals import Refused
from tests.elections.sealing import malformed
from tests.elections.vectors.ballots import World, rows


def parsed(world: World, made: list[dict[str, str]]) -> list[Ballot]:
    return [ballots.parse(bytes.fromhex(row["wire"]), world.freeze) for row in made]


@pytest.mark.parametrize("kind", malformed.KINDS)
def test_point_07_fewer_than_k_keys_cannot_decrypt_and_every_subset_gives_the_same(
    kind: str, world: World
) -> None:
    ballot = malformed.ballot(world, kind)
    ballots.check(ballot, world.freeze)  # it comes into the box: nothing outside shows what is wrong inside

    results = [
        Opener(world.freeze, world.keys(*chosen)).open(ballot) for chosen in combinations((1, 2, 3), 2)
    ]

    assert results == [Opened(ballot.hash, f"spoilt:{malformed.KINDS[kind][1]}")] * 3
    for officer in (1, 2, 3):
        with pytest.raises(Refused) as refusal:
            Opener(world.freeze, world.keys(officer))
        assert refusal.value.reason == "keys"


def test_point_07_with_three_of_five_every_subset_gives_the_same() -> None:
    world = World(officers=5, needed=3)
    made = rows(world, 4)
    box = parsed(world, made)

    tables = {
        opening.table(opening.open_box(world.freeze, world.keys(*chosen), box))
        for size in (3, 4, 5)
        for chosen in combinations(range(1, 6), size)
    }

    (table,) = tables
    for row in made:
        state = "counted" if any(row["marks"]) else "blank"
        assert f"{row['hash']},{state},{' '.join(map(str, row['marks']))}\n".encode() in table


def test_point_07_one_officer_cannot_even_tell_whether_a_guess_of_the_vote_is_right(world: World) -> None:
    wire = malformed.made(world)
    share = malformed.opened_share(world, wire, 1)

    tried = Envelope(
        share, world.freeze, wire[34:66], 1
    )  # the best one can do: take the own share for the secret

    with pytest.raises(InvalidTag):
        tried.decrypt(wire[malformed.SEALED : malformed.SEALED + 272])


def test_a_hostile_ballot_is_never_read_differently_by_other_officers(world: World) -> None:
    draw = random.Random(5)
    sound = malformed.resigned(world, malformed.made(world))
    openers = [Opener(world.freeze, world.keys(*chosen)) for chosen in combinations((1, 2, 3), 2)]
    for _ in range(60):
        wire = sound
        for _ in range(draw.randint(1, 3)):
            wire = malformed.flipped(wire, draw.randrange(malformed.SEALED, len(wire) - malformed.SIGNATURE))
        ballot = ballots.parse(malformed.resigned(world, wire), world.freeze)
        results = {opener.open(ballot) for opener in openers}
        hidden = ballot.sealed + b"".join(ballot.shares)
        same = (
            hidden
            == sound[malformed.SEALED : malformed.SEALED + 272]
            + sound[malformed.SHARES : -malformed.SIGNATURE]
        )
        assert len(results) == 1
        assert results.pop().state == ("counted" if same else "spoilt:sealing")


@pytest.mark.parametrize("kind", [*malformed.KINDS, "nothing wrong"])
def test_the_quick_comparison_of_an_opened_share_is_that_of_its_bytes(kind: str, world: World) -> None:
    sound = ballots.parse(malformed.made(world), world.freeze)
    ballot = malformed.ballot(world, kind) if kind in malformed.KINDS else sound
    shares = {number: malformed.opened_share(world, sound.wire, number) for number in (1, 2)}
    envelope = Envelope(sharing.combine(shares), world.freeze, ballot.key, ballot.revision)

    for number, key in world.encryption.items():
        sealed = ballot.shares[number - 1]
        private = X25519PrivateKey.from_private_bytes(key)
        opened = world.freeze.recipients[number - 1].open(private, sealed, envelope.aad)
        quick = opened is not None and opening._same(envelope, number, sealed, opened)
        assert quick is (envelope.sealed_share(number) == sealed)


def test_the_box_is_opened_sorted_with_its_superseded_and_blank_ballots(world: World) -> None:
    made = rows(world, 12)
    box = parsed(world, made)
    random.Random(1).shuffle(box)
    seen: list[int] = []

    opened = opening.open_box(world.freeze, world.keys(1, 3), box, progress=seen.append)

    assert [row.ballot for row in opened] == sorted(ballot.hash for ballot in box)
    assert sum(seen) == 12
    by_hash = {row.ballot.hex(): row for row in opened}
    replaced = {row["previous"] for row in made}
    for row in made:
        state = "superseded" if row["hash"] in replaced else "counted" if any(row["marks"]) else "blank"
        expected = () if state == "superseded" else tuple(row["marks"])
        assert (by_hash[row["hash"]].state, by_hash[row["hash"]].marks) == (state, expected)
    assert [row.state for row in opened].count("superseded") == 2


def test_several_processes_give_the_same_table(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    box = parsed(world, rows(world, 9))
    alone = opening.open_box(world.freeze, world.keys(2, 3), box)
    monkeypatch.setattr(opening, "BATCH", 4)

    assert opening.open_box(world.freeze, world.keys(2, 3), box, jobs=2) == alone
    opening._equip(world.freeze.raw, world.keys(2, 3))  # what each process does, here where it is measured
    assert opening._work(box[:1])[0] in alone


def test_a_key_that_is_not_in_the_freeze_opens_nothing(world: World) -> None:
    for keys in (
        {1: world.encryption[1], 2: world.encryption[3]},
        {1: world.encryption[1], 4: world.encryption[2]},
    ):
        with pytest.raises(Refused, match="not the one in the freeze") as refusal:
            Opener(world.freeze, keys)
        assert refusal.value.reason == "keys"
    assert exchange.public(world.encryption[1]) == world.freeze.officers[0].encryption


def test_the_table_of_opened_ballots_is_written_byte_by_byte() -> None:
    table = opening.table([Opened(b"\x01" * 2, "counted", (2, 1, 0)), Opened(b"\x02" * 2, "spoilt:padding")])

    assert table == b"ballot,state,marks\n0101,counted,2 1 0\n0202,spoilt:padding,\n"
