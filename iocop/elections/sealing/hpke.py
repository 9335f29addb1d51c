"""HPKE, base mode, one message a key: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM.

The ephemeral key is derived, not drawn: whoever learns what it was derived from seals again and compares bytes.

Source: RFC 9180, sections 4.1, 5.1 and 6.1; 7.1.3 (DeriveKeyPair); numbers of the suite in 7.1 to 7.3.
"""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from iocop.elections.sealing.derive import Keyed, mac
from iocop.elections.sealing.refusals import Refused

ENCAPSULATED = 32
TAG = 16

_VERSION = b"HPKE-v1"
_KEM = b"KEM\x00\x20"


@dataclass(frozen=True, slots=True)
class Suite:
    """The cipher at the end: its number in RFC 9180, section 7.3, and the bytes of its key."""

    cipher: int
    key: int

    @property
    def number(self) -> bytes:
        """The suite as it enters every label."""
        return b"HPKE\x00\x20\x00\x01" + self.cipher.to_bytes(2)


AES_256 = Suite(cipher=2, key=32)


_EMPTY = Keyed(b"")
"""What is extracted without salt."""


def _extracting(suite: bytes, label: bytes) -> bytes:
    """Return what stands before the material of LabeledExtract."""
    return _VERSION + suite + label


def _expanding(suite: bytes, label: bytes, length: int) -> bytes:
    """Return what stands before the information of LabeledExpand; after it stands a 1: no value is over 32 bytes."""
    return length.to_bytes(2) + _VERSION + suite + label


_PRIVATE_FROM = _extracting(_KEM, b"dkp_prk")
_PRIVATE = _expanding(_KEM, b"sk", 32) + b"\x01"
_SHARED_FROM = _extracting(_KEM, b"eae_prk")
_SHARED = _expanding(_KEM, b"shared_secret", 32)


def derive_private(material: bytes) -> bytes:
    """Return the private key, 32 bytes, that *material* (32 bytes or more) stands for."""
    return mac(_EMPTY.mac(_PRIVATE_FROM + material), _PRIVATE)


class Recipient:
    """Everything about one public key and one purpose that does not change from message to message."""

    __slots__ = ("_for_key", "_for_nonce", "_for_secret", "_key", "_shared_with", "_suite", "public")

    def __init__(self, public: bytes, info: bytes, suite: Suite = AES_256) -> None:
        self.public = public
        self._suite = suite
        self._key = X25519PublicKey.from_public_bytes(public)
        context = b"\x00" + b"".join(
            _EMPTY.mac(_extracting(suite.number, label) + value)
            for label, value in ((b"psk_id_hash", b""), (b"info_hash", info))
        )
        self._shared_with = public + b"\x01"
        self._for_secret = _extracting(suite.number, b"secret")
        self._for_key = _expanding(suite.number, b"key", suite.key) + context + b"\x01"
        self._for_nonce = _expanding(suite.number, b"base_nonce", 12) + context + b"\x01"

    def lock(self, agreed: bytes, encapsulated: bytes) -> tuple[AESGCM, bytes]:
        """Return cipher and nonce for what two keys *agreed* on (the raw X25519 secret)."""
        pseudorandom = _EMPTY.mac(_SHARED_FROM + agreed)
        shared = mac(pseudorandom, _SHARED + encapsulated + self._shared_with)
        secret = Keyed(mac(shared, self._for_secret))
        return AESGCM(secret.mac(self._for_key)[: self._suite.key]), secret.mac(self._for_nonce)[:12]

    def seal(self, ephemeral: X25519PrivateKey, encapsulated: bytes, aad: bytes, plaintext: bytes) -> bytes:
        """Return the ciphertext alone, for an ephemeral key whose public half is *encapsulated*."""
        cipher, nonce = self.lock(ephemeral.exchange(self._key), encapsulated)
        return cipher.encrypt(nonce, plaintext, aad)

    def open(self, private: X25519PrivateKey, sealed: bytes, aad: bytes) -> bytes | None:
        """Return the plaintext, or None if *sealed* was not made for this key and purpose."""
        encapsulated = sealed[:ENCAPSULATED]
        try:
            agreed = private.exchange(X25519PublicKey.from_public_bytes(encapsulated))
            cipher, nonce = self.lock(agreed, encapsulated)
            return cipher.decrypt(nonce, sealed[ENCAPSULATED:], aad)
        except (InvalidTag, ValueError):  # ValueError: an encapsulated key of low order, or cut short
            return None


def seal(
    public: bytes, ikm: bytes, info: bytes, aad: bytes, plaintext: bytes, suite: Suite = AES_256
) -> bytes:
    """Seal *plaintext* to *public* with the ephemeral key that *ikm* (32 bytes, never used twice) stands for.

    Returns:
        The encapsulated key, 32 bytes, and the ciphertext, 16 bytes longer than the plaintext.

    Raises:
        ValueError: the public key is of low order.
    """
    ephemeral = X25519PrivateKey.from_private_bytes(derive_private(ikm))
    encapsulated = ephemeral.public_key().public_bytes_raw()
    return encapsulated + Recipient(public, info, suite).seal(ephemeral, encapsulated, aad, plaintext)


def open_(private: bytes, sealed: bytes, info: bytes, aad: bytes, suite: Suite = AES_256) -> bytes:
    """Open what was sealed to *private*'s public key for the same *info* and *aad*.

    Raises:
        Refused: reason ``sealed``: made for another key or purpose, or changed on the way.
    """
    key = X25519PrivateKey.from_private_bytes(private)
    plaintext = Recipient(key.public_key().public_bytes_raw(), info, suite).open(key, sealed, aad)
    if plaintext is None:
        raise Refused("sealed", "This was sealed for another key or purpose, or was changed.")
    return plaintext
