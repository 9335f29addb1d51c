"""The public member number and its check digit."""

from __future__ import annotations

import re

PREFIX = "IOCOP-"
DIGITS = 7
LARGEST = 10**DIGITS - 1

_WRITTEN = re.compile(r"(?:IOCOP)?([0-9]{7})([0-9X])")
_SEPARATORS = str.maketrans("", "", "- \u2010\u2011\u2013")


def check_digit(digits: str) -> str:
    """Return the character that follows *digits*: 0 to 9, or X for ten.

    Source:
        ISO/IEC 7064:2003, pure system MOD 11-2: finds every wrong digit and every swap of two neighbours.
    """
    rest = 0
    for digit in digits:
        rest = (rest + int(digit)) * 2 % 11
    return "0123456789X"[(12 - rest) % 11]


def shown(number: int) -> str:
    """Return a member number as people read it, such as ``IOCOP-0001-2348``.

    Raises:
        ValueError: the number is not from 1 to 9,999,999.
    """
    if not 1 <= number <= LARGEST:
        raise ValueError(f"no member number: {number}")
    digits = f"{number:0{DIGITS}}"
    return f"{PREFIX}{digits[:4]}-{digits[4:]}{check_digit(digits)}"


def parse(text: str) -> int | None:
    """Return the number somebody typed, with or without prefix and hyphens; None where the check digit denies it."""
    written = _WRITTEN.fullmatch(text.strip().upper().translate(_SEPARATORS))
    if written is None or check_digit(written[1]) != written[2]:
        return None
    return int(written[1]) or None
