"""Sharing a secret among officers, byte by byte over GF(2⁸) with the polynomial 0x11b.

A row of products is kept for each factor, so a share of 32 bytes costs one table look-up a byte.

Source: A. Shamir, How to share a secret, Communications of the ACM 22 (1979) 612–613; the field is that of FIPS 197,
section 4.2.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

POLYNOMIAL = 0x11B


def _product(left: int, right: int) -> int:
    product = 0
    while right:
        if right & 1:
            product ^= left
        left <<= 1
        if left & 0x100:
            left ^= POLYNOMIAL
        right >>= 1
    return product


@cache
def _times(factor: int) -> bytes:
    """The products of every byte by *factor*, as a table for `bytes.translate`."""
    return bytes(_product(factor, value) for value in range(256))


def _inverse(value: int) -> int:
    return _times(value).index(1)


def _add(left: bytes, right: bytes) -> bytes:
    return (int.from_bytes(left) ^ int.from_bytes(right)).to_bytes(len(left))


def share(secret: bytes, coefficients: Sequence[bytes], number: int) -> bytes:
    """Return the value at x = *number* (1 to 255) of the polynomials that begin with *secret*.

    Args:
        coefficients: of degree 1, 2, …, each as long as the secret; one fewer than shares are needed.
    """
    if not coefficients:
        return secret
    table = _times(number)
    value = coefficients[-1].translate(table)
    for coefficient in coefficients[-2::-1]:
        value = _add(value, coefficient).translate(table)
    return _add(value, secret)


def split(secret: bytes, coefficients: Sequence[bytes], n: int) -> list[bytes]:
    """Share *secret* among *n* (1 to 255), so that any ``len(coefficients) + 1`` find it and fewer find nothing.

    Returns:
        The shares in order; the first is the value at x = 1.

    Raises:
        ValueError: n out of range, fewer shares than are needed, or a coefficient of another length.
    """
    if not len(coefficients) < n <= 255:
        raise ValueError(
            f"{n} shares, of which {len(coefficients) + 1} are needed: take as many or more, at most 255."
        )
    if any(len(coefficient) != len(secret) for coefficient in coefficients):
        raise ValueError("Every coefficient is as long as the secret.")
    return [share(secret, coefficients, number) for number in range(1, n + 1)]


@cache
def _weights(numbers: tuple[int, ...]) -> tuple[bytes, ...]:
    """Tables of Lagrange's factors at x = 0 for shares at *numbers*."""
    tables = []
    for own in numbers:
        weight = 1
        for other in numbers:
            if other != own:
                weight = _product(weight, _product(other, _inverse(other ^ own)))
        tables.append(_times(weight))
    return tuple(tables)


def combine(shares: Mapping[int, bytes]) -> bytes:
    """Find the secret from exactly as many *shares* as are needed, by their x.

    Any shares at all combine to something: whether it is the secret, only what was derived from it can tell.

    Raises:
        ValueError: no share, an x outside 1 to 255, or shares of different lengths.
    """
    if not shares or not all(1 <= number <= 255 for number in shares):
        raise ValueError("Shares stand at x = 1 to 255.")
    numbers = tuple(sorted(shares))
    length = len(shares[numbers[0]])
    if any(len(value) != length for value in shares.values()):
        raise ValueError("Shares of one secret are of one length.")
    secret = 0
    for number, table in zip(numbers, _weights(numbers), strict=True):
        secret ^= int.from_bytes(shares[number].translate(table))
    return secret.to_bytes(length)
