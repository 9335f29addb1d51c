from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iocop.elections.sealing import sharing


def slow(left: int, right: int) -> int:
    """The product in GF(2⁸) by long multiplication and long division: another way than the module's."""
    product = 0
    for bit in range(8):
        product ^= (left << bit) * (right >> bit & 1)
    for bit in range(14, 7, -1):
        product ^= (0x11B << bit - 8) * (product >> bit & 1)
    return product


def test_the_field_is_that_of_fips_197() -> None:
    assert sharing._times(0x57)[0x83] == 0xC1  # FIPS 197, section 4.2
    assert all(
        sharing._times(left)[right] == slow(left, right) for left in range(256) for right in range(0, 256, 15)
    )


@given(
    st.binary(min_size=32, max_size=32), st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=3)
)
def test_any_k_shares_give_the_secret(secret: bytes, coefficients: list[bytes]) -> None:
    needed = len(coefficients) + 1
    shares = dict(enumerate(sharing.split(secret, coefficients, needed + 2), 1))

    for chosen in combinations(shares, needed):
        assert sharing.combine({number: shares[number] for number in chosen}) == secret


def test_a_share_is_the_value_of_the_polynomial_at_the_officers_number() -> None:
    coefficients = [bytes([7]), bytes([200])]

    shares = sharing.split(bytes([42]), coefficients, 255)

    assert [share[0] for share in shares] == [42 ^ slow(x, 7) ^ slow(slow(x, x), 200) for x in range(1, 256)]


def test_fewer_shares_fit_every_secret() -> None:
    share = sharing.split(b"\x2a", [b"\x07"], 3)[1]

    fitting = {share[0] ^ slow(2, coefficient) for coefficient in range(256)}

    assert fitting == set(range(256))


@pytest.mark.parametrize(
    ("coefficients", "n"),
    [([b"ab", b"cd"], 2), ([b"ab"], 256), ([b"abc"], 3)],
    ids=["too few", "too many", "length"],
)
def test_what_cannot_be_shared_is_an_error(coefficients: list[bytes], n: int) -> None:
    with pytest.raises(ValueError, match=r"take as many or more|as long as the secret"):
        sharing.split(b"se", coefficients, n)


@pytest.mark.parametrize(
    "shares", [{}, {0: b"a"}, {256: b"a"}, {1: b"a", 2: b"bc"}], ids=["none", "at 0", "beyond", "lengths"]
)
def test_what_cannot_be_combined_is_an_error(shares: dict[int, bytes]) -> None:
    with pytest.raises(ValueError, match=r"x = 1 to 255|one length"):
        sharing.combine(shares)
