"""The paragraphs of a Markdown text, and the words in them. Pure."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Final

_FENCE: Final = re.compile(r" {0,3}(`{3,}|~{3,})")
_WORD: Final = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+"
)  # Han and kana have no spaces
_TARGET: Final = re.compile(r"\]\([^()\s]*\)")

COMMON: Final = frozenset({
    "a", "about", "after", "all", "also", "an", "and", "any", "are", "as", "at", "be", "because", "been",
    "but", "by", "can", "could", "did", "do", "does", "else", "for", "from", "had", "has", "have", "he",
    "her", "his", "how", "i", "if", "in", "into", "is", "it", "its", "just", "may", "me", "more", "most",
    "must", "my", "no", "not", "of", "on", "one", "only", "or", "other", "our", "out", "over", "own", "s",
    "she", "should", "so", "some", "such", "t", "than", "that", "the", "their", "them", "then", "there",
    "these", "they", "this", "those", "to", "too", "under", "up", "us", "very", "was", "we", "were",
    "what", "when", "where", "which", "while", "who", "why", "will", "with", "would", "you", "your",
})  # fmt: skip
"""English words that say nothing alone; other languages' weigh as much as any word there."""


def paragraphs(source: str) -> list[str]:
    """Return what stands between empty lines, in order; a fenced block is one paragraph, whatever it holds.

    Nothing but empty lines and spaces at the ends of lines is lost.
    """
    found: list[list[str]] = [[]]
    fence = ""
    for line in source.splitlines():
        mark = _FENCE.match(line)
        if fence:
            fence = "" if mark and mark[1].startswith(fence) and not line.strip(" `~") else fence
        elif mark:
            fence = mark[1]
        elif not line.strip():
            found.append([])
            continue
        found[-1].append(line.rstrip())
    return [text for lines in found if (text := "\n".join(lines).strip("\n")).strip()]


def words(text: str) -> list[str]:
    """Return a text's words in order, in small letters; punctuation and where links lead are left out."""
    return _WORD.findall(_TARGET.sub("]", text.casefold()))


def fingerprint(text: str) -> str:
    """Return 12 characters that name a paragraph's text, so that a form can say which one was chosen."""
    return sha256(" ".join(text.split()).encode()).hexdigest()[:12]
