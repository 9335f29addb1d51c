"""Words that mean themselves, in Markdown."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

_SIGNS: Final = re.compile(r"[\\`*\[]|~(?=~)|(?<=~)~|(?<!\w)_|_(?!\w)|<(?=[A-Za-z/!?])|&(?=#?\w+;)")
_ENTITIES: Final = {"<": "&lt;", "&": "&amp;"}
_LINE_START: Final = re.compile(
    r"#|>|[-+](?=\s|$)|-{2,}|=+\s*$|\d+(?=[.)]\s)|~{3,}|:{3,}|!(?=\\\[)|[|:-][\s|:-]*$"
)
_TICKS: Final = re.compile(r"`+")
_SPACES: Final = re.compile(r"\s+")
_UNSAFE: Final = re.compile(r"[\s<>()\\`*\[\]{}|^\"]")
_WEB: Final = re.compile(r"(?:https?|mailto):\S", re.IGNORECASE)


def escaped(words: str) -> str:
    """The same words, so that nothing in them is markup; what counts at the start of a line alone is left."""
    return _SIGNS.sub(lambda sign: _ENTITIES.get(sign[0], "\\" + sign[0]), words)


def at_line_start(line: str) -> str:
    """A line of ready Markdown that begins a paragraph or goes on with it, and is nothing else."""
    match = _LINE_START.match(line)
    if match is None:
        return line
    end = match.end() if match[0].isdigit() else match.start()
    sign = f"&#{ord(line[end])};{line[end + 1 :]}" if line[end] in "=:" else f"\\{line[end:]}"
    return line[:end] + sign


def code(words: str) -> str:
    """A code span; empty for nothing but space."""
    line = _SPACES.sub(" ", words).strip()
    if not line:
        return ""
    fence = "`" * (1 + max(map(len, _TICKS.findall(line)), default=0))
    return f"{fence} {line} {fence}" if "`" in line else f"{fence}{line}{fence}"


def code_block(text: str, language: str = "") -> str:
    """A fenced block; empty for nothing but space."""
    body = text.strip("\n").rstrip()
    if not body.strip():
        return ""
    fence = "`" * max(3, 1 + max(map(len, _TICKS.findall(body)), default=0))
    return f"{fence}{language}\n{body}\n{fence}"


def address(url: str) -> str:
    """An address as it may stand in a link; empty for one that is not of the web or of mail."""
    url = f"https:{url}" if url.startswith("//") else url.strip()
    return _UNSAFE.sub(lambda sign: quote(sign[0], safe=""), url) if _WEB.match(url) else ""


def link(words: str, url: str) -> str:
    """*words* are ready Markdown."""
    closed = re.sub(r"(?<!\\)\]", r"\]", words)
    return f"[{closed}]({url})" if words.strip() else f"<{url}>"
