"""What a reader should check where they work, before they do as a pack says. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from flask_babel import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST: Final = 8
"""Most standards, values or versions that are listed."""
_STANDARD: Final = re.compile(
    r"(?<![\w-])(?:(?:BS|DIN|NF|SN|ÖNORM|UNE|UNI|NEN) )?(?:EN|ISO|IEC|DIN|BS|ASHRAE|IEEE|NFPA|ANSI|ASTM|VDI|RFC|UL)"
    r"(?:[ /](?:EN|ISO|IEC)){0,3}[ -]?\d[\d.-]*(?::\d{4})?"
)
_VALUE: Final = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)?[\s\u00a0\u202f]?(?:k?V|Hz|°C|°F|bar|psi)(?![\w/])")
_VERSION: Final = re.compile(
    r"(?<![\w.])(?:(?i:versions? |release )|v)\d++(?:\.\d++)*+(?![\w.]*\w)|(?<![\w.:])\d++\.\d++\.\d++(?![\w.]*\w)"
)


def found(pattern: re.Pattern[str], texts: Iterable[str]) -> list[str]:
    """Return what a pattern finds in some texts, each once, at most `MOST`."""
    seen: dict[str, None] = {}
    for text in texts:
        for match in pattern.finditer(text):
            seen.setdefault(" ".join(match[0].rstrip(".-").split()))
            if len(seen) == MOST:
                return list(seen)
    return list(seen)


def to_check(texts: list[str], applies: Iterable[tuple[str, str]], conditions: Iterable[str]) -> list[str]:
    """Return the list "check locally": what the text itself names first, then the questions that always hold.

    Args:
        applies: what an article says it applies to, each as (what, which).
        conditions: under which others said that it works where they are.
    """
    listed = [
        *(_("It is written for this %(what)s: %(which)s. Is yours the same?", what=what, which=which)
          for what, which in applies),
        *_named(texts),
        *(_("It worked elsewhere under these conditions: %(conditions)s. Do they hold where you are?",
            conditions=one) for one in dict.fromkeys(conditions)),
        _("Does your version, model or edition behave as described?"),
        _("Which law, code or standard holds where you are, and does it say otherwise?"),
        _("Who at your place must agree, and who must know before it is done?"),
        _("How will you notice that it does not work here, and how do you get back?"),
    ]  # fmt: skip
    return [str(line) for line in listed]


def _named(texts: list[str]) -> Iterator[str]:
    if standards := found(_STANDARD, texts):
        yield _("Standards named: %(names)s. Which edition holds where you are?", names=", ".join(standards))
    if versions := found(_VERSION, texts):
        yield _("Versions named: %(names)s. Which do you run?", names=", ".join(versions))
    if values := found(_VALUE, texts):
        yield _(
            "Values named: %(names)s. Are they the same in your grid, units and climate?",
            names=", ".join(values),
        )
