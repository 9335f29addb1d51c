from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import pytest

from iocop.elections.sealing import seeds
from iocop.elections.sealing.canonical import digest
from iocop.elections.sealing.refusals import Refused
from tests.elections.vectors.ballots import World


def test_any_two_of_three_officers_find_the_seed_that_was_committed_to(world: World) -> None:
    assert world.freeze.seed_commitment == digest(world.seed)
    for chosen in combinations((1, 2, 3), 2):
        assert seeds.recover(world.keys(*chosen), world.freeze) == world.seed


def test_one_officer_finds_nothing(world: World) -> None:
    with pytest.raises(Refused) as refusal:
        seeds.recover(world.keys(2), world.freeze)

    assert refusal.value.reason == "keys"


def test_each_officer_opens_the_own_share_before_the_poll_and_no_other(world: World) -> None:
    assert len(seeds.open_share(world.encryption[2], 2, world.freeze)) == 32
    for private, officer in ((world.encryption[1], 2), (world.encryption[2], 1)):
        with pytest.raises(Refused) as refusal:
            seeds.open_share(private, officer, world.freeze)
        assert refusal.value.reason == "sealed"


def unopenable(_world: World, public: list[bytes]) -> str:
    return seeds.seal(bytes(32), 2, public)[0].hex()  # made for another commitment


def of_another_sharing(world: World, public: list[bytes]) -> str:
    return seeds.seal(world.seed, 2, public)[0].hex()  # opens, but does not go with the others


@pytest.mark.parametrize("bad", [unopenable, of_another_sharing])
def test_a_bad_share_loses_the_lot_only_when_too_few_are_left(
    bad: Callable[[World, list[bytes]], str], world: World
) -> None:
    public = [officer.encryption for officer in world.freeze.officers]
    good = [share.hex() for share in seeds.seal(world.seed, 2, public)]
    broken = World(
        seed_commitment=seeds.commit(world.seed).hex(), sealed_seed=[bad(world, public), *good[1:]]
    )

    assert seeds.recover(broken.keys(1, 2, 3), broken.freeze) == world.seed
    with pytest.raises(Refused) as refusal:
        seeds.recover(broken.keys(1, 2), broken.freeze)
    assert refusal.value.reason == "seed"


def test_sealing_again_gives_other_bytes(world: World) -> None:
    public = [officer.encryption for officer in world.freeze.officers]

    assert not set(seeds.seal(world.seed, 2, public)) & set(seeds.seal(world.seed, 2, public))
