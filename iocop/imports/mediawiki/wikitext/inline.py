"""Parsed wikitext becomes marked lines: what stands within a line is Markdown already, the rest is marked."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Final

from mwparserfromhell.nodes import (
    Argument,
    Comment,
    ExternalLink,
    Heading,
    HTMLEntity,
    Tag,
    Template,
    Text,
    Wikilink,
)

from iocop.imports.mediawiki.wikitext import tags
from iocop.imports.mediawiki.wikitext.blocks import blocks, inlined
from iocop.imports.mediawiki.wikitext.escape import address, code, code_block, escaped, link
from iocop.imports.mediawiki.wikitext.links import linked
from iocop.imports.mediawiki.wikitext.marks import BLOCK, BLOCK_END, GONE, Block, Found

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mwparserfromhell.nodes import Node

    from iocop.imports.mediawiki.wikitext.names import Names

_SWITCH: Final = re.compile(r"__[^\W\d_]{3,}__")
_SIGNATURE: Final = re.compile(r"~{3,5}")
_STRAY: Final = re.compile(rf"</?({tags.KNOWN})(?:\s[^<>]*|/)?>", re.IGNORECASE)
_LONGEST_NAME: Final = 80


class Walk:
    """One way through one piece of a text.

    Attributes:
        in_table: a bar would end the cell.
    """

    def __init__(self, names: Names, found: Found) -> None:
        self.names = names
        self.found = found
        self.made: list[Block] = []
        self.in_table = False
        self._ways: dict[type[Node], Callable[..., str]] = {
            Text: self._text, Template: self._template, Argument: self._argument, Comment: lambda _: GONE,
            ExternalLink: self._external, Heading: self._heading, HTMLEntity: self._entity,
            Tag: lambda tag: tags.tagged(self, tag), Wikilink: lambda node: linked(self, node),
        }  # fmt: skip

    def marked(self, nodes: Iterable[Node]) -> str:
        """The marked lines of some nodes."""
        out = ""
        for node in nodes:
            words = self._ways[type(node)](node)
            out += _apart(out, words)
        return out

    def markdown(self, nodes: Iterable[Node]) -> str:
        """Their finished Markdown."""
        return blocks(self.marked(nodes), self.made)

    def line(self, nodes: Iterable[Node]) -> str:
        """Their Markdown on one line."""
        return inlined(self.marked(nodes), self.made, line_break="")

    def block(self, text: str, inline: str = "", *, alone: bool = False) -> str:
        """The mark of a block."""
        if not text:
            return ""
        self.made.append(Block(text, inline, alone))
        return f"{BLOCK}{len(self.made) - 1}{BLOCK_END}"

    def kept(self, node: Node, what: str) -> str:
        """Something this site cannot show, as its author wrote it."""
        self.found.keep(what)
        raw = str(node)
        return self.block(code_block(raw), code(raw))

    def words(self, text: str) -> str:
        """Escaped text, with the bars of a table's cell."""
        ready = escaped(text)
        return ready.replace("|", "\\|") if self.in_table else ready

    def _text(self, node: Text) -> str:
        text = _SIGNATURE.sub("", _SWITCH.sub("", str(node.value)))
        out, last = [], 0
        for stray in _STRAY.finditer(text):
            out += [self.words(text[last : stray.start()]), tags.STRAY.get(stray[1].lower(), "")]
            last = stray.end()
        return "".join(out) + self.words(text[last:])

    def _entity(self, node: HTMLEntity) -> str:
        sign = unescape(str(node))
        if sign in "<&":
            return {"<": "&lt;", "&": "&amp;"}.get(sign, "")
        return self.words(" " if sign.isspace() else sign if sign.isprintable() else "")

    def _template(self, node: Template) -> str:
        name = " ".join(str(node.name).replace("_", " ").split())[:_LONGEST_NAME]
        name = name[:1].upper() + name[1:]
        self.found.templates[name] = self.found.templates.get(name, 0) + 1
        raw = str(node)
        return self.block(code_block(raw), code(raw))

    def _argument(self, node: Argument) -> str:
        return self.kept(node, "parameter")

    def _heading(self, node: Heading) -> str:
        title = self.line(node.title.nodes)
        ending = "\\#" if title.endswith("#") else ""
        title = title[:-1] + ending if ending else title
        sign = "#" * node.level
        return "\n" + self.block(f"{sign} {title}", title, alone=True) + "\n" if title else ""

    def _external(self, node: ExternalLink) -> str:
        written = str(node.url)
        url = address(written)
        words = self.line(node.title.nodes) if node.title is not None else ""
        if "{{" in written or not url:
            return " ".join(filter(None, [words, code(written) if "{{" in written else self.words(written)]))
        return link(words, url)


def _apart(before: str, words: str) -> str:
    """Emphasis right after emphasis would be read as one: the second says so with a tag."""
    if not (before.endswith("*") and words.startswith("*")) or before.endswith("\\*"):
        return words
    for sign, tag in (("***", ""), ("**", "strong"), ("*", "em")):
        if tag and words.startswith(sign) and words.endswith(sign) and len(words) > 2 * len(sign):
            return f"<{tag}>{words[len(sign) : -len(sign)]}</{tag}>"
    return words
