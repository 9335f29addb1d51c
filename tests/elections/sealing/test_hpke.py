from __future__ import annotations

import secrets

import pytest
from cryptography.hazmat.primitives import hpke as other
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from iocop.elections.sealing import hpke
from iocop.elections.sealing.refusals import Refused

AES_128 = hpke.Suite(cipher=1, key=16)
INFO = bytes.fromhex("4f6465206f6e2061204772656369616e2055726e")
PLAINTEXT = bytes.fromhex("4265617574792069732074727574682c20747275746820626561757479")
AAD = bytes.fromhex("436f756e742d30")

# RFC 9180, appendix A.1.1: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM, base mode, sequence number 0.
A1_EPHEMERAL = bytes.fromhex("7268600d403fce431561aef583ee1613527cff655c1343f29812e66706df3234")
A1_RECIPIENT = bytes.fromhex("6db9df30aa07dd42ee5e8181afdb977e538f5e1fec8a06223f33f7013e525037")
A1_PUBLIC = bytes.fromhex("3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d")
A1_PRIVATE = bytes.fromhex("4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8")
A1_ENCAPSULATED = "37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431"
A1_CIPHERTEXT = "f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a"

# The same with AES-256-GCM, from the file of test vectors that RFC 9180, appendix A, points to.
A256_EPHEMERAL = bytes.fromhex("2cd7c601cefb3d42a62b04b7a9041494c06c7843818e0ce28a8f704ae7ab20f9")
A256_RECIPIENT = bytes.fromhex("dac33b0e9db1b59dbbea58d59a14e7b5896e9bdf98fad6891e99d1686492b9ee")
A256_PUBLIC = bytes.fromhex("430f4b9859665145a6b1ba274024487bd66f03a2dd577d7753c68d7d7d00c00c")
A256_PRIVATE = bytes.fromhex("497b4502664cfea5d5af0b39934dac72242a74f8480451e1aee7d6a53320333d")
A256_ENCAPSULATED = "6c93e09869df3402d7bf231bf540fadd35cd56be14f97178f0954db94b7fc256"


def test_the_vector_of_rfc_9180_holds() -> None:
    sealed = hpke.seal(A1_PUBLIC, A1_EPHEMERAL, INFO, AAD, PLAINTEXT, AES_128)

    assert sealed.hex() == A1_ENCAPSULATED + A1_CIPHERTEXT
    assert hpke.open_(A1_PRIVATE, sealed, INFO, AAD, AES_128) == PLAINTEXT


@pytest.mark.parametrize(
    ("material", "private"),
    [(A1_RECIPIENT, A1_PRIVATE), (A256_RECIPIENT, A256_PRIVATE)],
    ids=["A.1", "AES-256"],
)
def test_keys_are_derived_as_published(material: bytes, private: bytes) -> None:
    assert hpke.derive_private(material) == private


def test_with_aes_256_the_encapsulated_key_is_the_published_one() -> None:
    sealed = hpke.seal(A256_PUBLIC, A256_EPHEMERAL, INFO, AAD, PLAINTEXT)

    assert sealed[:32].hex() == A256_ENCAPSULATED
    assert hpke.open_(A256_PRIVATE, sealed, INFO, AAD) == PLAINTEXT


def test_another_implementation_opens_what_is_sealed_and_the_other_way_round() -> None:
    suite = other.Suite(other.KEM.X25519, other.KDF.HKDF_SHA256, other.AEAD.AES_256_GCM)
    private = secrets.token_bytes(32)
    key = X25519PrivateKey.from_private_bytes(private)
    public = key.public_key()

    ours = hpke.seal(public.public_bytes_raw(), secrets.token_bytes(32), b"info", b"", b"a vote")
    theirs = suite.encrypt(b"a vote", public, b"info")

    assert suite.decrypt(ours, key, b"info") == b"a vote"
    assert hpke.open_(private, theirs, b"info", b"") == b"a vote"


@pytest.mark.parametrize(
    ("change", "info", "aad"),
    [
        (lambda sealed: sealed, b"other", b"aad"),
        (lambda sealed: sealed, b"info", b"other"),
        (lambda sealed: bytes(32) + sealed[32:], b"info", b"aad"),
        (lambda sealed: sealed[:-1] + bytes([sealed[-1] ^ 1]), b"info", b"aad"),
        (lambda sealed: sealed[:20], b"info", b"aad"),
        (lambda sealed: sealed[:40], b"info", b"aad"),
    ],
    ids=["purpose", "data", "low order", "changed", "no key", "no tag"],
)
def test_what_was_not_sealed_for_this_does_not_open(change: object, info: bytes, aad: bytes) -> None:
    private = b"\x05" * 32
    public = X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()
    sealed = hpke.seal(public, bytes(32), b"info", b"aad", b"a vote")
    assert callable(change)

    with pytest.raises(Refused) as refusal:
        hpke.open_(private, change(sealed), info, aad)

    assert refusal.value.reason == "sealed"


def test_nothing_is_sealed_to_a_key_of_low_order() -> None:
    with pytest.raises(ValueError, match=r"."):
        hpke.seal(bytes(32), bytes(32), b"", b"", b"")
