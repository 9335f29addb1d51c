"""Voting tokens: RSABSSA-SHA384-PSS-Randomized. The issuer signs unseen; a token bears no name.

Source: RFC 9474, sections 4 and 5; PSS and MGF1: RFC 8017, sections 8.1, 9.1 and B.2.1.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from functools import cached_property, lru_cache

import gmpy2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from iocop.elections.sealing.refusals import Refused

BITS = 3072
EXPONENT = 65537
SALT = 48

_SCHEME = padding.PSS(padding.MGF1(hashes.SHA384()), SALT)


def message(freeze_hash: bytes, key: bytes) -> bytes:
    """Return what a token says: this voter *key* is of one member on the roll of this election."""
    return b"iocop-token-1" + freeze_hash + key


def _length(modulus: int) -> int:
    return (modulus.bit_length() + 7) // 8


def _mask(seed: bytes, length: int) -> bytes:
    blocks = -(-length // 48)
    return b"".join(hashlib.sha384(seed + counter.to_bytes(4)).digest() for counter in range(blocks))[:length]


def _encode(prepared: bytes, salt: bytes, bits: int) -> bytes:
    """EMSA-PSS-ENCODE of RFC 8017, section 9.1.1, with a given *salt*."""
    length = (bits + 7) // 8
    hashed = hashlib.sha384(bytes(8) + hashlib.sha384(prepared).digest() + salt).digest()
    block = (b"\x01" + salt).rjust(length - 49, b"\x00")
    masked = int.from_bytes(block) ^ int.from_bytes(_mask(hashed, len(block)))
    masked &= (1 << bits - 8 * 49) - 1
    return masked.to_bytes(len(block)) + hashed + b"\xbc"


def blind(message: bytes, randomizer: bytes, salt: bytes, factor: int, n: int, e: int = EXPONENT) -> bytes:
    """Hide *message* from the issuer.

    Args:
        message: before preparation; *randomizer* (32 bytes) is put before it.
        salt: of PSS, 48 bytes.
        factor: 1 to n − 1, known to nobody else.

    Returns:
        What the issuer is to sign, as long as the modulus.

    Raises:
        ValueError: message or factor share a divisor with n, which no honest modulus brings about.
    """
    encoded = int.from_bytes(_encode(randomizer + message, salt, n.bit_length() - 1))
    if gmpy2.gcd(encoded, n) != 1 or gmpy2.gcd(factor, n) != 1:
        raise ValueError("Message or factor share a divisor with the modulus.")
    return int(encoded * gmpy2.powmod(factor, e, n) % n).to_bytes(_length(n))


def finalize(
    message: bytes, randomizer: bytes, blind_signature: bytes, factor: int, n: int, e: int = EXPONENT
) -> bytes:
    """Unveil the issuer's signature: the token.

    Raises:
        Refused: reason ``token``: the issuer did not sign what was asked.
    """
    if len(blind_signature) != _length(n):
        raise Refused("token", f"A blind signature is {_length(n)} bytes, not {len(blind_signature)}.")
    token = int(int.from_bytes(blind_signature) * gmpy2.invert(factor, n) % n).to_bytes(_length(n))
    if not verify(message, randomizer, token, n, e):
        raise Refused("token", "The issuer did not sign what was asked.")
    return token


@lru_cache(maxsize=16)
def _public_key(n: int, e: int) -> rsa.RSAPublicKey:
    return rsa.RSAPublicNumbers(e, n).public_key()


def verify(message: bytes, randomizer: bytes, token: bytes, n: int, e: int = EXPONENT) -> bool:
    """Say whether *token* is the issuer's signature of *randomizer* and *message*; never raises on bad tokens."""
    try:
        _public_key(n, e).verify(token, randomizer + message, _SCHEME, hashes.SHA384())
    except InvalidSignature:
        return False
    return len(token) == _length(n)


def issued(blinded: bytes, blind_signature: bytes, n: int, e: int = EXPONENT) -> bool:
    """Say whether an entry of the register holds: the blind signature raised to e is the blinded message."""
    if not len(blinded) == len(blind_signature) == _length(n):
        return False
    signature = int.from_bytes(blind_signature)
    return signature < n and gmpy2.powmod(signature, e, n) == int.from_bytes(blinded)


@dataclass(frozen=True)
class Issuer:
    """The private key of one election and electorate, made at the freeze and destroyed at the close."""

    key: rsa.RSAPrivateKey

    @classmethod
    def generate(cls, bits: int = BITS) -> Issuer:
        """Make a new key; 3072 bits except in tests."""
        return cls(rsa.generate_private_key(EXPONENT, bits))

    @classmethod
    def from_pem(cls, pem: bytes) -> Issuer:
        """Read a key from unencrypted PKCS #8, as this site wrote it.

        Its primes are not tested again: that takes twenty times longer than a signature, and each is verified before
        it leaves `sign`.

        Raises:
            ValueError: no RSA key.
        """
        key = serialization.load_pem_private_key(pem, None, unsafe_skip_rsa_key_validation=True)
        if not isinstance(key, rsa.RSAPrivateKey):
            raise ValueError("The issuer's key is an RSA key.")  # noqa: TRY004 -- what the file holds, not how it is called
        return cls(key)

    def to_pem(self) -> bytes:
        """Write the key as unencrypted PKCS #8."""
        return self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    @cached_property
    def _numbers(self) -> rsa.RSAPrivateNumbers:
        return self.key.private_numbers()

    @property
    def n(self) -> int:
        """The modulus."""
        return self._numbers.public_numbers.n

    @property
    def e(self) -> int:
        """The public exponent."""
        return self._numbers.public_numbers.e

    def sign(self, blinded: bytes) -> bytes:
        """Sign a blinded message; the same one always has the same answer.

        The private operation runs in time that does not depend on the key, on a number the requester does not know,
        and only a result that verifies leaves it: a faulty one would betray the key (Boneh, DeMillo, Lipton 1997).

        Raises:
            Refused: reason ``blinded``: not as long as the modulus, or not below it.
            ArithmeticError: the result is wrong; ask again.
        """
        number = int.from_bytes(blinded)
        if len(blinded) != _length(self.n) or not 0 < number < self.n:
            raise Refused("blinded", f"A blinded message is {_length(self.n)} bytes and below the modulus.")
        base = secrets.randbelow(self.n - 1) + 1
        hidden = number * gmpy2.powmod(base, self.e, self.n) % self.n
        signature = self._power(int(hidden)) * gmpy2.invert(base, self.n) % self.n
        if gmpy2.powmod(signature, self.e, self.n) != number:
            raise ArithmeticError("The signature does not verify.")
        return int(signature).to_bytes(_length(self.n))

    def _power(self, number: int) -> int:
        """Raise to the private exponent, by the Chinese remainder theorem."""
        key = self._numbers
        left = gmpy2.powmod_sec(number % key.p, key.dmp1, key.p)
        right = gmpy2.powmod_sec(number % key.q, key.dmq1, key.q)
        return int(right + key.q * ((left - right) * key.iqmp % key.p))
