"""Everything that one seed S of 32 bytes determines about a sealed ballot; voters seal with it, the count seals again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from iocop.elections.sealing import sharing
from iocop.elections.sealing.derive import Keyed, extract
from iocop.elections.sealing.hpke import derive_private

if TYPE_CHECKING:
    from iocop.elections.sealing.freezing import Freeze

SEED = 32


class Envelope:
    """The parts of a ballot that follow from S, for voter key V and revision r of one election."""

    __slots__ = ("_coefficients", "_freeze", "_pseudorandom", "aad", "seed")

    def __init__(self, seed: bytes, freeze: Freeze, key: bytes, revision: int) -> None:
        self.seed = seed
        self.aad = key + bytes([revision])
        self._freeze = freeze
        self._pseudorandom = Keyed(extract(freeze.hash, seed))
        drawn = self._pseudorandom.expand(b"iocop share coefficients", SEED * (freeze.needed - 1))
        self._coefficients = [drawn[place : place + SEED] for place in range(0, len(drawn), SEED)]

    def _cipher(self) -> tuple[AESGCM, bytes]:
        key = self._pseudorandom.expand(b"iocop ballot key", 32)
        return AESGCM(key), self._pseudorandom.expand(b"iocop ballot nonce", 12)

    def encrypt(self, plaintext: bytes) -> bytes:
        """Return C, 16 bytes longer than the plaintext."""
        cipher, nonce = self._cipher()
        return cipher.encrypt(nonce, plaintext, self._freeze.hash + self.aad)

    def decrypt(self, sealed: bytes) -> bytes:
        """Return the plaintext of C.

        Raises:
            InvalidTag: C was not made with this seed.
        """
        cipher, nonce = self._cipher()
        return cipher.decrypt(nonce, sealed, self._freeze.hash + self.aad)

    @property
    def own_nonce(self) -> bytes:
        """The nonce of the voter's own copy, 12 bytes."""
        return self._pseudorandom.expand(b"iocop own nonce", 12)

    def share(self, officer: int) -> bytes:
        """Return the share of S of *officer* (1 … n), 32 bytes."""
        return sharing.share(self.seed, self._coefficients, officer)

    def ephemeral(self, officer: int) -> X25519PrivateKey:
        """Return the ephemeral key under which the share of *officer* is sealed."""
        material = self._pseudorandom.expand(b"iocop ephemeral" + bytes([officer]), 32)
        return X25519PrivateKey.from_private_bytes(derive_private(material))

    def sealed_share(self, officer: int) -> bytes:
        """Return the sealed share of *officer*, 80 bytes."""
        ephemeral = self.ephemeral(officer)
        encapsulated = ephemeral.public_key().public_bytes_raw()
        recipient = self._freeze.recipients[officer - 1]
        return encapsulated + recipient.seal(ephemeral, encapsulated, self.aad, self.share(officer))
