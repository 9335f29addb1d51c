"""Lines with marks become Markdown: paragraphs, lists in lists, definitions, indented lines."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple

from iocop.imports.mediawiki.wikitext.escape import at_line_start
from iocop.imports.mediawiki.wikitext.marks import A_BLOCK, BREAK, GONE, ITEM, PARAGRAPH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from iocop.imports.mediawiki.wikitext.marks import Block

DEEPEST = 8  # lists in lists; what goes deeper stands there
_PREFIX: Final = re.compile(f"\\s*((?:{ITEM}[*#:;]\\s*?)+)[ \\t]*")
_DEFINED: Final = re.compile(f"{ITEM}:")
_INDENT: Final = "    "


class Item(NamedTuple):
    prefix: str  # of * # : ;
    text: str


def blocks(marked: str, made: Sequence[Block]) -> str:
    """The Markdown of marked lines; *made* are the blocks their numbers name."""
    out: list[str] = []
    for kind, lines in groupby(_lines(marked), key=lambda line: _kind(line, made)):
        if kind == "list":
            out.append(_list([item for line in lines for item in _items(line)], made))
        elif kind == "block":
            out += [_standing(line, made) for line in lines]
        elif kind == "words":
            out.append(_paragraph(lines, made))
    return "\n\n".join(filter(None, out))


def inlined(marked: str, made: Sequence[Block], *, line_break: str = "<br>") -> str:
    """The same on one line, as a heading, a cell or a footnote has it."""
    text = A_BLOCK.sub(lambda found: made[int(found[1])].inline, marked.replace(GONE, ""))
    parts = [_bullet(line) for line in re.split(f"[\n{BREAK}{PARAGRAPH}]", text)]
    joined = line_break if line_break and any(mark in text for mark in (BREAK, PARAGRAPH, ITEM)) else " "
    return joined.join(filter(None, (" ".join(part.split()) for part in parts)))


def _bullet(line: str) -> str:
    match = _PREFIX.match(line)
    if match is None:
        return line.replace(ITEM, "")
    sign = "• " if match[1].replace(ITEM, "").strip()[-1] in "*#" else ""
    return sign + line[match.end() :].replace(ITEM, "")


def _lines(marked: str) -> Iterator[str]:
    for line in marked.replace(PARAGRAPH, "\n\n").split("\n"):
        words = line.replace(GONE, "")
        if words.strip() or GONE not in line:  # a line with nothing but a comment is no line
            yield words


def _kind(line: str, made: Sequence[Block]) -> str:
    if not line.strip():
        return "nothing"
    if _PREFIX.match(line):
        return "list"
    numbers = A_BLOCK.findall(line)
    if numbers and (not A_BLOCK.sub("", line).strip() or any(made[int(number)].alone for number in numbers)):
        return "block"
    return "words"


def _standing(line: str, made: Sequence[Block]) -> str:
    """A line of blocks, with the words between them."""
    parts = A_BLOCK.split(line)
    out = [
        made[int(part)].text if place % 2 else _paragraph([part], made) if part.strip() else ""
        for place, part in enumerate(parts)
    ]
    return "\n\n".join(filter(None, out))


def _paragraph(lines: Iterable[str], made: Sequence[Block]) -> str:
    shown = []
    for line in lines:
        words = A_BLOCK.sub(lambda found: made[int(found[1])].inline, line).replace(ITEM, "")
        parts = [at_line_start(part.strip()) for part in words.split(BREAK)]
        shown.append("<br>\n".join(parts).removesuffix("<br>\n"))
    return "\n".join(filter(None, shown)).removeprefix("<br>\n")


def _items(line: str) -> Iterator[Item]:
    match = _PREFIX.match(line)
    assert match is not None  # noqa: S101 -- the line is one of a list
    prefix = re.sub(r"[^*#:;]", "", match[1])[:DEEPEST]
    text = line[match.end() :]
    if prefix.endswith(";"):
        term, *definitions = _DEFINED.split(text)
        yield Item(prefix, term)
        yield from (Item(prefix[:-1] + ":", words) for words in definitions)
    else:
        yield Item(prefix, text)


def _list(items: Sequence[Item], made: Sequence[Block]) -> str:
    """All items that begin with signs of one kind make one list, the longer ones lists within its items."""
    out = []
    for kind, group in groupby(items, key=lambda item: item.prefix[0].replace(";", ":")):
        some = list(group)
        out.append(
            _definitions(some, made) if kind == ":" else _points("- " if kind == "*" else "1. ", some, made)
        )
    return "\n\n".join(filter(None, out))


def _points(sign: str, items: Sequence[Item], made: Sequence[Block]) -> str:
    out: list[str] = []
    for text, inner in _heads(items):
        children = _list(inner, made) if inner else ""
        content = _content(text, made)
        if content:
            out.append(sign + _indented(content))
            out += [_indented(_INDENT + children)] if children else []
        elif children:
            out.append(children)
    return "\n".join(out)


def _definitions(items: Sequence[Item], made: Sequence[Block]) -> str:
    has_terms = any(item.prefix == ";" for item in items)
    out: list[str] = []
    for text, inner in _heads(items):
        term = text is not None and text[0] == ";"
        content = _content(text[1:] if text else None, made)
        children = _list(inner, made) if inner else ""
        if term:
            out += [_bold(content)] if content else []
            out += [children] if children else []
        elif has_terms:
            out.append("\n\n".join(filter(None, [content and f"- {_indented(content)}", children])))
        else:
            out.append(_quoted("\n\n".join(filter(None, [content, children]))))
    return "\n\n".join(filter(None, out))


def _heads(items: Sequence[Item]) -> Iterator[tuple[str | None, list[Item]]]:
    """Each item of this depth with those below it; None for those that nothing stands above.

    The text of a definition keeps its sign.
    """
    head: str | None = None
    inner: list[Item] = []
    for item in items:
        if len(item.prefix) == 1:
            if head is not None or inner:
                yield head, inner
            head = (item.prefix if item.prefix in ":;" else "") + item.text
            inner = []
        else:
            inner.append(Item(item.prefix[1:], item.text))
    yield head, inner


def _content(text: str | None, made: Sequence[Block]) -> str:
    if not text or not text.strip():
        return ""
    return _standing(text, made) if _kind(text, made) == "block" else _paragraph([text], made)


def _bold(content: str) -> str:
    return f"<strong>{content}</strong>" if "*" in content or "\n" in content else f"**{content}**"


def _indented(text: str) -> str:
    return re.sub(r"\n(?=.)", f"\n{_INDENT}", text)


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n")) if text else ""
