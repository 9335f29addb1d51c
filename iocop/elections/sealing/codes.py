"""Voting codes: how 16 bytes are written and read, and everything a voter derives from them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from iocop.elections.sealing import edwards
from iocop.elections.sealing.canonical import digest
from iocop.elections.sealing.derive import expand, extract
from iocop.elections.sealing.refusals import Refused

if TYPE_CHECKING:
    from iocop.elections.sealing.freezing import Freeze

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U
LENGTH = 16
_LETTERS = 26
_CHECKS = 2
_READ = str.maketrans({"I": "1", "L": "1", "O": "0"} | dict.fromkeys("-–—_.", ""))


def _check_letters(code: bytes) -> str:
    bits = int.from_bytes(digest(b"iocop-code-1" + code)[:2]) >> 6
    return ALPHABET[bits >> 5] + ALPHABET[bits & 31]


def write(code: bytes) -> str:
    """Write a code of 16 bytes as people copy it: seven groups of four letters.

    Raises:
        ValueError: not 16 bytes.
    """
    if len(code) != LENGTH:
        raise ValueError(f"A voting code is {LENGTH} bytes, not {len(code)}.")
    bits = int.from_bytes(code) << 2
    letters = "".join(ALPHABET[bits >> 5 * place & 31] for place in reversed(range(_LETTERS)))
    text = letters + _check_letters(code)
    return "-".join(text[place : place + 4] for place in range(0, len(text), 4))


def read(text: str) -> bytes:
    """Read a code as somebody typed it; case, white space and ``-–—_.`` do not matter, I and L are 1, O is 0.

    Raises:
        Refused: reason ``code-letter`` (a character no code holds), ``code-length`` or ``code-check`` (a letter is
            mistyped, or two are swapped); the message says what to mend.
    """
    plain = "".join(text.upper().split()).translate(_READ)
    for letter in plain:
        if letter not in ALPHABET:
            raise Refused(
                "code-letter", f"“{letter}” does not occur in a voting code: look at that place again."
            )
    if len(plain) != _LETTERS + _CHECKS:
        raise Refused(
            "code-length",
            f"A voting code has {_LETTERS + _CHECKS} letters; these are {len(plain)}: compare it group by group.",
        )
    bits = 0
    for letter in plain[:_LETTERS]:
        bits = bits << 5 | ALPHABET.index(letter)
    code = (bits >> 2).to_bytes(LENGTH)
    if bits & 3 or plain[_LETTERS:] != _check_letters(code):
        raise Refused(
            "code-check", "One letter or digit of this voting code is not right: compare it group by group."
        )
    return code


@dataclass(frozen=True, slots=True)
class Voter:
    """What a voting code means in one election; nothing of it is stored on the server.

    Attributes:
        seed: of the signing key whose public half is *key*.
        randomizer, salt, factor: of the token request (RFC 9474).
        own_key: closes the voter's own copy.
    """

    key: bytes
    randomizer: bytes
    salt: bytes = field(repr=False)
    factor: int = field(repr=False)
    seed: bytes = field(repr=False)
    own_key: bytes = field(repr=False)
    pseudorandom: bytes = field(repr=False)  # of the code under the freeze hash

    def ballot_seed(self, revision: int, plaintext_hash: bytes) -> bytes:
        """Return S of section 4: another 32 bytes for every revision and every vote."""
        return expand(self.pseudorandom, b"iocop ballot seed" + bytes([revision]) + plaintext_hash, 32)


def voter(code: bytes, freeze: Freeze) -> Voter:
    """Derive everything from a *code* of 16 bytes for the election of *freeze*."""
    if len(code) != LENGTH:
        raise ValueError(f"A voting code is {LENGTH} bytes, not {len(code)}.")
    pseudorandom = extract(freeze.hash, code)
    seed = expand(pseudorandom, b"iocop voter key", 32)
    blind = int.from_bytes(expand(pseudorandom, b"iocop blind", 448))
    return Voter(
        key=edwards.public(seed),
        randomizer=expand(pseudorandom, b"iocop randomizer", 32),
        salt=expand(pseudorandom, b"iocop salt", 48),
        factor=1 + blind % (freeze.modulus - 1),
        seed=seed,
        own_key=expand(pseudorandom, b"iocop own key", 32),
        pseudorandom=pseudorandom,
    )
