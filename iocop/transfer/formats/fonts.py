"""The letters of a PDF: fonts that are embedded, and what is written where a font has no such letter."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FOLDERS: Final = (
    "/usr/share/fonts/truetype/dejavu",
    "/usr/share/fonts/dejavu",
    "/usr/share/fonts/dejavu-sans-fonts",
    "/usr/share/fonts/TTF",
    "/Library/Fonts",
)
"""Where systems keep DejaVu, which writes Latin, Greek and Cyrillic; without it Vera, which the PDF library brings."""
DEJAVU: Final = (
    "DejaVuSans.ttf",
    "DejaVuSans-Bold.ttf",
    "DejaVuSans-Oblique.ttf",
    "DejaVuSans-BoldOblique.ttf",
)
VERA: Final = ("Vera.ttf", "VeraBd.ttf", "VeraIt.ttf", "VeraBI.ttf")
UNKNOWN: Final = "?"
"""Stands for one letter until `Writing.text` says of a run of them which letters they are."""
SCRIPTS: Final = {
    "ARABIC": _l("Arabic"), "HEBREW": _l("Hebrew"), "CJK": _l("Chinese"), "HIRAGANA": _l("Japanese"),
    "KATAKANA": _l("Japanese"), "HANGUL": _l("Korean"), "THAI": _l("Thai"), "DEVANAGARI": _l("Devanagari"),
}  # fmt: skip
"""What readers call them, by how their letters' names begin."""
MOST_WORDS: Final = 20_000
"""Widths of words a font remembers."""

_MARK: Final = "\0"
_RUN: Final = re.compile(f"{_MARK}.(?:[ .,:;-]*{_MARK}.)*", re.DOTALL)

_CYRILLIC_SOUNDS = """
    a b v g d e yo zh z i y k l m n o p r s t u f kh ts ch sh shch ' y ' e yu ya i yi ye g w j lj nj c d dz gj kj dz
"""
_CYRILLIC: Final = dict(
    zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґўјљњћђџѓќѕ", _CYRILLIC_SOUNDS.split(), strict=True)
)
_GREEK_SOUNDS = "a b g d e z i th i k l m n x o p r s t y f ch ps o s f th"
_GREEK: Final = dict(zip("αβγδεζηθικλμνξοπρστυφχψωςϕϑ", _GREEK_SOUNDS.split(), strict=True))
_SIGNS: Final = {
    "→": "->", "←": "<-", "↔": "<->", "⇒": "=>", "☑": "[x]", "☐": "[ ]", "✓": "x", "✔": "x", "✗": "-", "▸": ">",
    "−": "-", "‑": "-", "≈": "~", "≠": "!=", "⋅": "·", "∙": "·", "●": "•", "▪": "•", "◦": "•", "Δ": "Delta ",
    "₀": "0", "₁": "1", "₂": "2", "₃": "3", "₄": "4", "₅": "5", "₆": "6", "₇": "7", "₈": "8", "₉": "9",
}  # fmt: skip
_SPACES: Final = frozenset("\u00a0\u2007\u2008\u2009\u200a\u202f\u2002\u2003")
_NOTHING: Final = frozenset("\u200b\u200c\u200d\u2060\ufeff\ufe0f\u00ad")
_RIGHT_TO_LEFT: Final = frozenset({"R", "AL", "AN"})


class _Font(TTFont):
    """A font that measures each word once: a third of the time a long pack takes."""

    def __init__(self, name: str, file: str) -> None:
        super().__init__(name, file)
        self.widths: dict[str, float] = {}

    def stringWidth(self, text: str, size: float, encoding: str = "utf8") -> float:  # noqa: N802 -- the library's name
        width = self.widths.get(text)
        if width is None:
            if len(self.widths) > MOST_WORDS:
                self.widths.clear()
            width = self.widths[text] = super().stringWidth(text, 1000.0, encoding)
        return width * size / 1000.0


class Family(NamedTuple):
    """Fonts that go together; *letters* are those all of them have."""

    name: str
    code: str
    letters: frozenset[int]


@lru_cache(maxsize=2)
def family(*, folders: tuple[str, ...] = FOLDERS) -> Family:
    """Return the fonts of this machine, registered: DejaVu where it is installed, else Vera."""
    folder = next(
        (Path(one) for one in folders if all((Path(one) / file).is_file() for file in DEJAVU)), None
    )
    name = "DejaVu" if folder else "Vera"
    files = [str(folder / file) for file in DEJAVU] if folder else list(VERA)
    fonts = [_Font(f"{name}-{number}", file) for number, file in enumerate(files)]
    for font in fonts:
        pdfmetrics.registerFont(font)
    _go_together(name, [font.fontName for font in fonts])
    letters = frozenset.intersection(*(frozenset(font.face.charToGlyph) for font in fonts))
    return Family(name, _code(folder) or name, letters)


def _go_together(name: str, fonts: list[str]) -> None:
    plain, bold, italic, both = fonts
    pdfmetrics.registerFontFamily(name, normal=plain, bold=bold, italic=italic, boldItalic=both)


def _code(folder: Path | None) -> str:
    file = folder / "DejaVuSansMono.ttf" if folder else None
    if file is None or not file.is_file():
        return ""
    pdfmetrics.registerFont(_Font("DejaVu-code", str(file)))
    _go_together("DejaVu-code", ["DejaVu-code"] * 4)
    return "DejaVu-code"


class Writing:
    """Text as a font can write it; what it cannot is spelt in letters it has, and counted where there are none."""

    def __init__(self, letters: frozenset[int]) -> None:
        self.letters = letters
        self.spelt = self.unknown = 0
        self._known: dict[str, str] = {}

    def text(self, text: str) -> str:
        if text.isascii():
            return text
        return _RUN.sub(self._named, "".join(self._marked(letter) for letter in text))

    def _marked(self, letter: str) -> str:
        """Return a letter as it can be written, or itself behind a mark where it cannot."""
        if letter.isascii():
            return letter
        found = self._letter(letter)
        return f"{_MARK}{letter}" if found == UNKNOWN else found

    def _named(self, run: re.Match[str]) -> str:
        """Say in brackets what stands there, where it is no single sign."""
        letters = [letter for letter in run[0] if not letter.isascii()]
        names = dict.fromkeys(SCRIPTS.get(unicodedata.name(letter, "").split(" ")[0]) for letter in letters)
        scripts = [str(name) for name in dict.fromkeys(map(str, filter(None, names)))]
        if not scripts:
            return UNKNOWN * len(letters)
        return str(_("[text in %(scripts)s letters]", scripts=", ".join(scripts)))

    def _letter(self, letter: str) -> str:
        if letter in _SPACES:
            return "\u00a0" if letter in "\u00a0\u202f" else " "
        if letter in _NOTHING:
            return ""
        if unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT:
            self.unknown += 1  # it could be drawn, but from the wrong side
            return UNKNOWN
        if ord(letter) in self.letters:
            return letter
        found = self._known.get(letter)
        if found is None:
            found = self._known[letter] = self._spelt(letter)
        self.unknown += found == UNKNOWN
        self.spelt += found != UNKNOWN
        return found

    def _spelt(self, letter: str) -> str:
        """Spell a letter by its sound, or without its marks."""
        for one in (letter, unicodedata.normalize("NFKD", letter)[0]):
            sound = _SIGNS.get(one) or _CYRILLIC.get(one.lower()) or _GREEK.get(one.lower())
            if sound is None and ord(one) in self.letters:
                sound = one
            if sound and all(ord(sign) in self.letters for sign in sound):
                return sound.capitalize() if letter.isupper() else sound
        return UNKNOWN
