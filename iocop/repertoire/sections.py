"""Markdown in sections: one is taken out to be edited, and put back where it was. Pure.

A section begins with a heading and goes on to the next one of its level or above. What stands in a code block is no
heading. Anchors are those the renderer gives the same headings.
"""

from __future__ import annotations

import re
from hashlib import blake2s
from typing import Final, NamedTuple

PREFIX: Final = "c-"
"""What the renderer puts before every id of a member's text."""

# Each of these takes time in proportion to the text, whatever was typed.
_HASHES: Final = re.compile(r"(#{1,6})(.*)")
_LINE: Final = re.compile(r"[^\n]*\n|[^\n]+")
"""As the renderer reads lines; other letters end one for `splitlines`."""
_UNDERLINE: Final = re.compile(r"(=+|-+)[ ]*$")
_FENCE: Final = re.compile(r"[ \t]*(`{3,}|~{3,})")
_IMAGE_OR_LINK: Final = re.compile(r"!?\[([^\[\]]*)\](?:\([^()]*\)|\[[^\[\]]*\])")
_WIKI_LINK: Final = re.compile(r"\[\[(?:[^\[\]|]*\|)?([^\[\]]*)\]\]")
_TAG: Final = re.compile(r"</?[a-zA-Z][^<>]*>")
_EMPHASIS: Final = re.compile(r"((?<=[^\W_])_+(?=[^\W_]))|(?<!\w)_+(?=\S)|(?<=\S)_+(?!\w)")
"""Underscores that are no part of a word; those within one are its group."""


class Section(NamedTuple):
    """One heading with what stands below it.

    Attributes:
        level: 1 to 6; 0 for what stands before the first heading.
        words: of the heading, as typed.
        anchor: as the address of the heading has it, behind the #.
        start, end: its own lines, up to the next heading of any level, in characters.
        whole_end: where it ends with all sections below it.
    """

    level: int
    words: str
    anchor: str
    start: int
    end: int
    whole_end: int


def split(text: str) -> list[Section]:
    """Return the sections of a text in order; their own lines together are the whole text."""
    from markdown.extensions.toc import slugify_unicode, unique  # a library that reading pages do without

    heads = _heads(text)
    starts = [0, *(start for start, _level, _words in heads), len(text)]
    found = [Section(0, "", "", 0, starts[1], starts[1])] if starts[1] else []
    used: set[str] = set()
    last: dict[str, str] = {}  # what the same heading was given before: those in between are used
    for place, (start, level, words) in enumerate(heads):
        below = (
            later[0] for later in map(heads.__getitem__, range(place + 1, len(heads))) if later[1] <= level
        )
        wanted = slugify_unicode(_plain(words), "-")
        last[wanted] = unique(last.get(wanted, wanted), used)
        anchor, whole_end = PREFIX + last[wanted], next(below, len(text))
        found.append(Section(level, words, anchor, start, starts[place + 2], whole_end))
    return found


def part(text: str, anchor: str) -> str | None:
    """Return one section with all below it; None where the text has no such heading."""
    section = _section(text, anchor)
    return text[section.start : section.whole_end] if section else None


def spliced(text: str, anchor: str, new: str) -> str | None:
    """Return the text with other words in place of one section; None where the text has no such heading."""
    section = _section(text, anchor)
    if section is None:
        return None
    before, after = text[: section.start], text[section.whole_end :]
    if after and new and not new.endswith("\n\n"):
        new = new.rstrip("\n") + "\n\n"  # the next heading stays one
    return before + new + after


def short(anchor: str) -> str:
    """Return what stands for an anchor that is too long to be kept."""
    return f"~{blake2s(anchor.encode(), digest_size=8).hexdigest()}"


def in_full(text: str, asked: str) -> str:
    """Return the anchor of a text for which `short` stands; every other one is itself."""
    if not asked.startswith("~"):
        return asked
    return next((one.anchor for one in split(text) if short(one.anchor) == asked), asked)


def _section(text: str, anchor: str) -> Section | None:
    return next((one for one in split(text) if one.anchor == anchor and anchor), None)


def _heads(text: str) -> list[tuple[int, int, str]]:
    """Return place, level and words of every heading."""
    found: list[tuple[int, int, str]] = []
    lines, fence, place, fresh = _LINE.findall(text), "", 0, True
    for number, line in enumerate(lines):
        fence, inside = _fence_after(line, fence)
        if not inside:
            head = _head(line, lines[number + 1] if fresh and number + 1 < len(lines) else "")
            if head:
                found.append((place, *head))
        fresh = not line.strip() or inside
        place += len(line)
    return found


def _fence_after(line: str, fence: str) -> tuple[str, bool]:
    """Return which fence is open after a line, and whether the line belongs to a code block."""
    mark = _FENCE.match(line)
    if fence:
        closes = (
            mark and mark[1][0] == fence[0] and len(mark[1]) >= len(fence) and not line[mark.end() :].strip()
        )
        return ("" if closes else fence), True
    return (mark[1], True) if mark else ("", False)


def _head(line: str, following: str) -> tuple[int, str] | None:
    """Return level and words where a line is a heading, by its # or by what underlines it."""
    hashes = _HASHES.match(line.rstrip("\r\n"))
    if hashes:
        return len(hashes[1]), hashes[2].rstrip(" \t").rstrip("#").strip()
    underline = _UNDERLINE.match(following.rstrip("\r\n"))
    if underline and line.strip() and not line.startswith(("    ", "\t", ">", "|", "-", "*")):
        return (1 if underline[1][0] == "=" else 2), line.strip()
    return None


def _plain(words: str) -> str:
    """Return a heading's words without their markup."""
    bare = _WIKI_LINK.sub(r"\1", words)
    bare = _TAG.sub("", _IMAGE_OR_LINK.sub(r"\1", bare))
    return _EMPHASIS.sub(r"\1", bare).strip()
