"""Colours as readers see them: contrast, and the shade of a colour that can be read on a ground."""

from __future__ import annotations

import re
from typing import NamedTuple

HEX = re.compile(r"#[0-9a-f]{6}")
READABLE = 4.5
"""Least contrast of text against its ground (WCAG 2.2, 1.4.3, level AA)."""

LIGHT_GROUND = "#f4f2ec"
"""The darkest ground that text stands on in the light theme: `--well` of tokens.css."""
DARK_GROUND = "#1d252e"
"""The lightest ground that text stands on in the dark theme."""


class Colour(NamedTuple):
    """Red, green and blue, each 0 to 255."""

    red: int
    green: int
    blue: int

    def __str__(self) -> str:
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"


def parse(text: str) -> Colour:
    """Read ``#rrggbb``.

    Raises:
        ValueError: anything else.
    """
    if not HEX.fullmatch(text.lower()):
        raise ValueError(f"not a colour of the form #rrggbb: {text!r}")
    return Colour(*bytes.fromhex(text[1:]))


def luminance(colour: Colour) -> float:
    """Return the relative luminance, 0 (black) to 1 (white).

    Source:
        WCAG 2.2, definition of relative luminance, with the threshold of IEC 61966-2-1.
    """
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return float(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast ratio of two colours, 1 to 21, whichever is the lighter."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def readable(text: str) -> bool:
    """Say whether a colour can be an accent: words in it on the light ground, and light words on it, can be read."""
    return contrast(parse(text), parse(LIGHT_GROUND)) >= READABLE


def towards(colour: Colour, end: Colour, share: float) -> Colour:
    """Mix a colour with another: *share* 0 leaves it, 1 gives the other."""
    return Colour(*(round(a + (b - a) * share) for a, b in zip(colour, end, strict=True)))


def lightened(colour: Colour) -> Colour:
    """Return the colour, mixed with as little white as makes it readable on the dark ground."""
    ground, white = parse(DARK_GROUND), Colour(255, 255, 255)
    shades = (towards(colour, white, step / 20) for step in range(21))
    return next(shade for shade in shades if contrast(shade, ground) >= READABLE)
