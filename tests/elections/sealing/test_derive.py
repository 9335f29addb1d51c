from __future__ import annotations

import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iocop.elections.sealing.derive import expand, extract, hkdf


@pytest.mark.parametrize(
    ("key", "salt", "info", "expected"),
    [
        (
            bytes([0x0B]) * 22,
            bytes(range(0x0D)),
            bytes(range(0xF0, 0xFA)),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
        ),
        (
            bytes(range(0x50)),
            bytes(range(0x60, 0xB0)),
            bytes(range(0xB0, 0x100)),
            (
                "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09"
                "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87"
            ),
        ),
        (
            bytes([0x0B]) * 22,
            b"",
            b"",
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
        ),
    ],
    ids=["A.1", "A.2", "A.3"],
)
def test_the_vectors_of_rfc_5869_hold(key: bytes, salt: bytes, info: bytes, expected: str) -> None:
    assert hkdf(key, salt, info, len(expected) // 2).hex() == expected


@pytest.mark.parametrize("length", [0, 8161])
def test_what_cannot_be_derived_is_an_error(length: int) -> None:
    with pytest.raises(ValueError, match="take 1 to 8160"):
        expand(extract(b"", b""), b"", length)


@given(st.binary(max_size=130), st.binary(max_size=130))
def test_the_code_s_own_hmac_is_that_of_the_library(key: bytes, message: bytes) -> None:
    assert extract(key, message) == hmac.digest(key, message, "sha256")
