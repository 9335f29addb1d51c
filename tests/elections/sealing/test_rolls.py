from __future__ import annotations

import hashlib
import hmac

import pytest

from iocop.elections.sealing import rolls

# The trees over the first n of these are the published examples of the reference implementation of RFC 6962.
INPUTS = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.mark.parametrize("size", range(1, 9))
def test_the_root_is_that_of_rfc_6962(size: int) -> None:
    assert rolls.root(INPUTS[:size]).hex() == ROOTS[size - 1]


def test_an_empty_roll_has_the_hash_of_nothing() -> None:
    assert rolls.root([]) == hashlib.sha256(b"").digest()


def test_a_leaf_hides_the_member_behind_a_salt() -> None:
    salt = bytes(range(32))

    assert rolls.leaf(salt, 4711) == hmac.new(salt, b"4711", "sha256").digest()
    assert rolls.leaf(bytes(32), 4711) != rolls.leaf(salt, 4711)


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 13])
def test_every_member_can_prove_the_own_leaf_and_nobody_another(size: int) -> None:
    leaves = rolls.ordered(rolls.leaf(bytes(32), number) for number in range(size))
    head = rolls.root(leaves)

    for own in leaves:
        place, path = rolls.proof(leaves, own)
        assert rolls.included(own, place, path, size, head)
        assert not rolls.included(rolls.leaf(bytes(32), size), place, path, size, head)
        assert not rolls.included(own, place, [*path, own], size, head)
        assert not rolls.included(own, size, path, size, head)
        assert not rolls.included(own, -1, path, size, head)
        assert all(
            not rolls.included(own, other, path, size, head) for other in range(size) if other != place
        )


def test_who_is_not_on_the_roll_has_no_proof() -> None:
    with pytest.raises(ValueError, match=r"."):
        rolls.proof([bytes(32)], b"\x01" * 32)


@pytest.mark.parametrize("leaves", [[bytes(32), bytes(32)], [bytes(31)]], ids=["twice", "length"])
def test_leaves_are_32_bytes_each_once(leaves: list[bytes]) -> None:
    with pytest.raises(ValueError, match="each stands once"):
        rolls.ordered(leaves)
