"""Every colour has one name, and every pair of colours that meet can be read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CSS = Path(__file__).parents[2] / "static" / "css"
TOKENS = (CSS / "tokens.css").read_text()
SHEETS = sorted(CSS.glob("*.css"))

LIGHT_DARK = re.compile(r"--([\w-]+): light-dark\((#\w+), (#\w+)\)")
COLOURS = {name: (light, dark) for name, light, dark in LIGHT_DARK.findall(TOKENS)}
TEXTS = ("ink", "muted", "accent-text", "ok", "warn", "danger")
GROUNDS = ("paper", "sheet", "well", "accent-wash", "ok-wash", "warn-wash", "danger-wash")
TEXT_CONTRAST, THING_CONTRAST = 4.5, 3.0  # WCAG 2.2, 1.4.3 and 1.4.11


def luminance(colour: str) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.2)."""
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    channels = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("text", TEXTS)
def test_text_can_be_read_on_every_ground(text: str, ground: str, scheme: int) -> None:
    assert contrast(COLOURS[text][scheme], COLOURS[ground][scheme]) >= TEXT_CONTRAST


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_a_primary_button_can_be_read(scheme: int) -> None:
    assert contrast(COLOURS["on-accent"][scheme], COLOURS["accent"][scheme]) >= TEXT_CONTRAST


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("thing", ["edge", "accent", "portfolio", "technology", "structure", "identity"])
def test_borders_and_marks_can_be_seen(thing: str, scheme: int) -> None:
    assert all(
        contrast(COLOURS[thing][scheme], COLOURS[on][scheme]) >= THING_CONTRAST for on in ("paper", "sheet")
    )


def test_a_monogram_can_be_read_in_each_of_its_colours() -> None:
    hues = re.findall(r"--hue-\d: (#\w+)", TOKENS)

    assert len(hues) == 8
    assert all(contrast("#fff", hue) >= TEXT_CONTRAST for hue in hues)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_a_sheet_uses_only_names_that_exist(sheet: Path) -> None:
    text = sheet.read_text()
    named = set(re.findall(r"(--[\w-]+):", TOKENS + text))

    assert set(re.findall(r"var\((--[\w-]+)", text)) <= named


@pytest.mark.parametrize(
    "sheet", [sheet for sheet in SHEETS if sheet.name != "tokens.css"], ids=lambda sheet: sheet.name
)
def test_a_colour_is_written_only_in_the_tokens(sheet: Path) -> None:
    assert re.findall(r"#[0-9a-f]{3,8}\b|rgba?\(|hsla?\(", sheet.read_text()) == []


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_a_sheet_is_laid_out_for_both_directions(sheet: Path) -> None:
    physical = (
        r"(?:margin|padding|border)-(?:left|right|top|bottom)|[{;]\s*(?:left|right|top|bottom|width|height):"
    )

    assert re.findall(physical, sheet.read_text()) == []


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_every_rule_stands_in_a_layer(sheet: Path) -> None:
    outside = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)
    while (inner := re.sub(r"\{[^{}]*\}", "", outside)) != outside:
        outside = inner

    assert re.fullmatch(r"(?:\s*@layer [\w, ]+;?)+\s*", outside)
