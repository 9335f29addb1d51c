"""A text as blocks of runs, the same for every format, read from its sanitised HTML. Pure."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class Run(NamedTuple):
    """Some characters that look alike. *mark* says what happened to them: see `naming`."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    struck: bool = False
    href: str = ""
    mark: str = ""


Runs = tuple[Run, ...]


class Block(NamedTuple):
    """One piece of a text.

    Attributes:
        kind: ``heading``, ``paragraph``, ``item``, ``code``, ``table``, ``picture`` or ``rule``.
        level: of a heading, from 3; of an item, how deep its list lies, from 1.
        marker: what stands before an item: a bullet, a number, or nothing where the item goes on.
        quoted: how many quotations it stands in.
        rows: a table's cells, its head first.
        picture: the key of the attachment it shows; its runs say what is on it.
    """

    kind: str
    runs: Runs = ()
    level: int = 0
    marker: str = ""
    quoted: int = 0
    rows: tuple[tuple[Runs, ...], ...] = ()
    picture: int = 0

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


BULLET: Final = "•"
_PARAGRAPHS: Final = frozenset({"p", "div", "dt", "dd", "caption"})
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_HIDDEN: Final = frozenset({"code-language", "footnote-backref"})
_STYLES: Final = {
    "b": "bold", "strong": "bold", "dt": "bold", "i": "italic", "em": "italic", "cite": "italic", "dfn": "italic",
    "var": "italic", "code": "code", "kbd": "code", "samp": "code", "s": "struck", "del": "struck",
}  # fmt: skip
_RAISED: Final = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
_LOWERED: Final = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_SPACES: Final = re.compile(r"[ \t\r\n\f]+")
_OWN_FILE: Final = re.compile(r"/attachments/(\d{1,18})/")


class _Reader(HTMLParser):
    """Reads what `core.text` wrote: well formed, with the tags of its list alone."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[Block] = []
        self.runs: list[Run] = []
        self.styles: list[str] = []
        self.href = ""
        self.hidden: list[str] = []
        self.lists: list[list[int | None]] = []
        self.marker = ""
        self.level = 0
        self.quoted = 0
        self.preformatted = False
        self.shift = ""
        self.rows: list[list[Runs]] | None = None
        starts: dict[str, Callable[[dict[str, str]], None]] = {
            "a": self._link, "blockquote": self._quote, "br": self._break, "hr": self._rule, "img": self._picture,
            "li": self._item, "ol": self._list, "pre": self._code, "sub": self._shifted, "sup": self._shifted,
            "table": self._table, "td": self._cell, "th": self._cell, "tr": self._row, "ul": self._list,
        }  # fmt: skip
        ends: dict[str, Callable[[], None]] = {
            "a": self._link_ends, "blockquote": self._quote_ends, "li": self._item_ends, "ol": self._list_ends,
            "pre": self._code_ends, "sub": self._shift_ends, "sup": self._shift_ends, "table": self._table_ends,
            "td": self._cell_ends, "th": self._cell_ends, "ul": self._list_ends,
        }  # fmt: skip
        self.starts, self.ends = starts, ends

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if self.hidden or given.get("class") in _HIDDEN:
            self.hidden.append(tag)
            return
        if tag in _HEADINGS or (tag in _PARAGRAPHS and not self.preformatted):
            self.flush()
            self.level = int(tag[1]) if tag in _HEADINGS else 0
        if tag in _STYLES:
            self.styles.append(_STYLES[tag])
        if tag in self.starts:
            self.starts[tag](given)

    def handle_endtag(self, tag: str) -> None:
        if self.hidden:
            self.hidden.pop()
            return
        if tag in _STYLES and self.styles:
            self.styles.pop()
        if tag in self.ends:
            self.ends[tag]()
        elif tag in _HEADINGS or (tag in _PARAGRAPHS and not self.preformatted):
            self.flush()
            self.level = 0

    def handle_data(self, data: str) -> None:
        if self.hidden:
            return
        if self.shift:
            data = data.translate(_RAISED if self.shift == "sup" else _LOWERED)
        text = data if self.preformatted else _SPACES.sub(" ", data)
        begins = not self.runs or self.runs[-1].text.endswith("\n")
        if begins and not self.preformatted:
            text = text.lstrip(" ")
        if text:
            self.runs.append(self._run(text))

    def _run(self, text: str) -> Run:
        return Run(text, **dict.fromkeys(self.styles, True), href=self.href)  # type: ignore[arg-type]  # flags only

    def flush(self, kind: str = "") -> None:
        """End the block that is being read, if it holds anything; inside a table, a cell's lines stay together."""
        if self.rows is not None:
            if self.runs and not self.runs[-1].text.endswith(" "):
                self.runs.append(self._run(" "))
            return
        runs = merged(self.runs)
        self.runs = []
        if not any(run.text.strip() for run in runs):
            return
        depth = len(self.lists)
        kind = kind or ("heading" if self.level else "item" if depth else "paragraph")
        self.blocks.append(Block(kind, runs, self.level or depth, self.marker, self.quoted))
        self.marker = ""

    def _link(self, given: dict[str, str]) -> None:
        target = given.get("href", "")
        self.href = "" if target.startswith("#") else target

    def _link_ends(self) -> None:
        self.href = ""

    def _quote(self, _given: dict[str, str]) -> None:
        self.flush()
        self.quoted += 1

    def _quote_ends(self) -> None:
        self.flush()
        self.quoted -= 1

    def _break(self, _given: dict[str, str]) -> None:
        self.runs.append(self._run(" " if self.rows is not None else "\n"))

    def _rule(self, _given: dict[str, str]) -> None:
        self.flush()
        self.blocks.append(Block("rule", quoted=self.quoted))

    def _picture(self, given: dict[str, str]) -> None:
        found = _OWN_FILE.match(given.get("src", ""))
        words = given.get("alt", "")
        if found is None or self.rows is not None:
            self.handle_data(words)
            return
        self.flush()
        self.blocks.append(Block("picture", (Run(words),), quoted=self.quoted, picture=int(found[1])))

    def _list(self, given: dict[str, str]) -> None:
        self.flush()
        start = given.get("start", "1")
        self.lists.append([int(start) if self.lasttag == "ol" and start.isdigit() else 1, None])
        if self.lasttag == "ul":
            self.lists[-1] = [None, None]

    def _list_ends(self) -> None:
        self.flush()
        if self.lists:
            self.lists.pop()

    def _item(self, _given: dict[str, str]) -> None:
        self.flush()
        number = self.lists[-1][0] if self.lists else None
        self.marker = BULLET if number is None else f"{number}."
        if number is not None:
            self.lists[-1][0] = number + 1

    def _item_ends(self) -> None:
        self.flush()
        self.marker = ""

    def _code(self, _given: dict[str, str]) -> None:
        self.flush()
        self.preformatted = True

    def _code_ends(self) -> None:
        if self.runs:
            self.runs = [Run("".join(run.text for run in self.runs).strip("\n"), code=True)]
        self.preformatted = False
        self.flush("code")

    def _shifted(self, _given: dict[str, str]) -> None:
        self.shift = self.lasttag

    def _shift_ends(self) -> None:
        self.shift = ""

    def _table(self, _given: dict[str, str]) -> None:
        self.flush()
        self.rows = []

    def _row(self, _given: dict[str, str]) -> None:
        if self.rows is not None:
            self.rows.append([])

    def _cell(self, _given: dict[str, str]) -> None:
        self.runs = []

    def _cell_ends(self) -> None:
        if self.rows:
            self.rows[-1].append(merged(self.runs))
        self.runs = []

    def _table_ends(self) -> None:
        rows = tuple(tuple(row) for row in self.rows or () if row)
        self.rows, self.runs = None, []
        if rows:
            self.blocks.append(Block("table", rows=rows, quoted=self.quoted))


def merged(runs: Iterable[Run]) -> Runs:
    """Return runs without neighbours that look alike, and without space at the end."""
    found: list[Run] = []
    for run in runs:
        if found and found[-1][1:] == run[1:]:
            found[-1] = found[-1]._replace(text=found[-1].text + run.text)
        else:
            found.append(run)
    while found and not found[-1].text.strip():
        found.pop()
    if found and not found[-1].code:
        found[-1] = found[-1]._replace(text=found[-1].text.rstrip())
    return tuple(found)


def blocks_of(html: str) -> list[Block]:
    """Return the blocks of a finished text; what is no part of it, such as the name of a code's language, is left out."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.flush()
    return reader.blocks
