"""Passwords: how they are stored, and which are too easy to guess."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import lazy_gettext as _l

if TYPE_CHECKING:
    from iocop.core.policy import Sentence

SHORTEST: Final = 8
LONGEST: Final = 128
WEIGHED: Final = 64
"""Characters whose guessing effort is estimated; the rest can only add to it."""
LEAST_SCORE: Final = 2
"""Of zxcvbn's 0 to 4: at least a million guesses. Every password of its list of 30,000 common ones lies below."""

_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hash_password(password: str) -> str:
    """Return an argon2id hash (19 MiB, two passes); takes some 30 ms, so never inside an act."""
    return _HASHER.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Say whether a password is the one stored; without a stored one it takes the same time and says no."""
    try:
        return _HASHER.verify(stored or _nobodys(), password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def outdated(stored: str) -> bool:
    """Say whether a hash was made with other settings than today's."""
    return _HASHER.check_needs_rehash(stored)


def weakness(password: str, *about: str) -> Sentence | None:
    """Say why a password cannot be taken, or nothing; *about*: the member's own words, which others guess first."""
    if len(password) < SHORTEST:
        return _l("A password has at least 8 characters; three or four words are easy to remember.")
    if len(password) > LONGEST:
        return _l("A password has at most 128 characters.")
    from zxcvbn import zxcvbn  # its word lists take a third of a second to load

    weighed = zxcvbn(password[:WEIGHED], [word for text in about for word in (text, *text.split()) if word])
    if weighed["score"] < LEAST_SCORE:
        return _l(
            "This password is among the first that are guessed. Three or four unrelated words are a good one."
        )
    return None


@cache
def _nobodys() -> str:
    return _HASHER.hash("of nobody")
