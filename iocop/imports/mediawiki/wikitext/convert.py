"""One text of a wiki as Markdown, with what was met in it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple, TypedDict

import mwparserfromhell

from iocop.imports.mediawiki.wikitext.blocks import blocks
from iocop.imports.mediawiki.wikitext.chunks import chunks, tidied
from iocop.imports.mediawiki.wikitext.escape import code_block
from iocop.imports.mediawiki.wikitext.inline import Walk
from iocop.imports.mediawiki.wikitext.marks import A_NOTE, Found, Note

if TYPE_CHECKING:
    from iocop.imports.mediawiki.wikitext.names import Names

LONGEST: Final = 2**21  # characters; what is longer stays as it is
KEPT: Final = 4096  # pieces, which the next revision is likely to have as well
_INDENTED: Final = re.compile(r"(?:[ ].*(?:\n|$))+")


class Converted(TypedDict):
    """A text in Markdown.

    Attributes:
        categories: without their namespace, each once, in order.
        templates: how often each was kept as text, by name.
        kept: other things kept as text or named only.
    """

    text: str
    categories: list[str]
    templates: dict[str, int]
    kept: dict[str, int]


class _Piece(NamedTuple):
    text: str
    found: Found


def convert(wikitext: str, names: Names) -> Converted:
    """Raises: ValueError, for a text that is longer than any page of a wiki can be."""
    if len(wikitext) > LONGEST:
        raise ValueError(f"{len(wikitext)} characters")
    pieces = [_piece(chunk, names) for chunk in chunks(tidied(wikitext)) if chunk.strip()]
    numbers = _Numbers()
    texts = [numbers.put_into(piece) for piece in pieces]
    return Converted(
        text="\n\n".join([*filter(None, texts), *filter(None, [numbers.definitions()])]),
        categories=list(dict.fromkeys(name for piece in pieces for name in piece.found.categories if name)),
        templates=_sum([piece.found.templates for piece in pieces]),
        kept=_sum([piece.found.kept for piece in pieces]),
    )


@lru_cache(maxsize=KEPT)
def _piece(chunk: str, names: Names) -> _Piece:
    found = Found()
    walk = Walk(names, found)
    parsed = mwparserfromhell.parse(chunk)
    if _INDENTED.fullmatch(chunk) and "\n" in chunk.strip(
        "\n"
    ):  # lines that begin with a space stand as they are
        plain = str(parsed) if "{{" in chunk else parsed.strip_code(normalize=True, collapse=False)
        walk.marked(parsed.nodes)  # for the categories and notes in it
        if not found.notes:
            return _Piece(code_block(re.sub(r"^ ", "", plain, flags=re.MULTILINE)), found)
        found = Found()
        walk = Walk(names, found)
    return _Piece(blocks(walk.marked(parsed.nodes), walk.made), found)


def _sum(counts: list[dict[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for each in counts:
        for name, count in each.items():
            total[name] = total.get(name, 0) + count
    return total


class _Numbers:
    """Footnotes numbered through the whole text; the same name, the same number."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._named: dict[str, int] = {}

    def put_into(self, piece: _Piece) -> str:
        numbers = [self._number(note) for note in piece.found.notes]
        return A_NOTE.sub(lambda mark: f"[^{numbers[int(mark[1])]}]", piece.text)

    def definitions(self) -> str:
        return "\n".join(f"[^{number}]: {text or '–'}" for number, text in enumerate(self._texts, 1))

    def _number(self, note: Note) -> int:
        number = self._named.get(note.name) if note.name else None
        if number is None:
            self._texts.append("")
            number = len(self._texts)
            if note.name:
                self._named[note.name] = number
        if note.text and not self._texts[number - 1]:
            self._texts[number - 1] = A_NOTE.sub("", note.text)
        return number
