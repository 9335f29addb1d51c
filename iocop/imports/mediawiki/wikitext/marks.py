"""Control characters that stand for structure between the two passes; the text itself has none."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

ITEM: Final = "\x01"  # before one of * # : ;
BLOCK, BLOCK_END = "\x02", "\x03"  # around the number of a block
NOTE, NOTE_END = "\x04", "\x05"  # around the number of a footnote
GONE: Final = "\x06"  # a comment or a category stood here
BREAK: Final = "\x07"  # a line's end that shows
PARAGRAPH: Final = "\x08"

A_BLOCK: Final = re.compile(f"{BLOCK}(\\d+){BLOCK_END}")
A_NOTE: Final = re.compile(f"{NOTE}(\\d+){NOTE_END}")


@dataclass(frozen=True, slots=True)
class Block:
    """Something that stands by itself, or as *inline* within a line.

    Attributes:
        alone: it always stands by itself.
    """

    text: str
    inline: str = ""
    alone: bool = False


@dataclass(slots=True)
class Note:
    """A footnote: the same *name*, the same note; *text* is empty where it is only called again."""

    name: str
    text: str


@dataclass(slots=True)
class Found:
    """What was met on the way through a text.

    Attributes:
        templates: how often each was kept as text, by name.
        kept: other things kept as text or named only, by what they are.
    """

    categories: list[str] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    templates: dict[str, int] = field(default_factory=dict)
    kept: dict[str, int] = field(default_factory=dict)

    def keep(self, what: str) -> None:
        self.kept[what] = self.kept.get(what, 0) + 1
