"""A comment's own small markup as HTML: emphasis, code and links on one line, nothing else."""

from __future__ import annotations

import re
from html import escape
from typing import Final

DEEPEST: Final = 3  # emphasis within emphasis; beyond it, signs stay signs

_SIGNS: Final = ("`", "[", "*", "_", "://")  # without any of them there is no token
_TOKEN: Final = re.compile(
    r"(?P<fence>`+)(?P<code>.+?)(?P=fence)"
    r"|\[(?P<words>[^\[\]]{1,400})\]\((?P<link>https?://[^\s()]{1,1000}(?:\([^\s()]{0,200}\)[^\s()]{0,200})?)"
    r"(?:\s+\"[^\"]{0,200}\")?\)"
    r"|(?P<bare>https?://[^\s<>\"]{0,1000}[^\s<>\".,;:!?'()\[\]*_])"
    r"|(?<![\w*])\*\*(?P<strong>\S|\S[^*]{0,600}?\S)\*\*(?!\w)"
    r"|(?<![\w*])\*(?P<star>(?![\s*])(?:[^*]|\*\*){1,600}?(?<!\s))\*(?![\w*])"
    r"|(?<![\w_])_(?P<dash>[^\s_]|[^\s_][^_]{0,600}?[^\s_])_(?!\w)",
    re.DOTALL,
)


def html_of(text: str) -> str:
    """The comment as one paragraph; what follows must still be sanitised, as any foreign HTML."""
    return f"<p>{_inline(text.strip(), DEEPEST)}</p>"


def _inline(text: str, depth: int) -> str:
    if not any(sign in text for sign in _SIGNS):
        return escape(text)
    parts, end = [], 0
    for match in _TOKEN.finditer(text):
        parts += [escape(text[end : match.start()]), _token(match, depth)]
        end = match.end()
    return "".join([*parts, escape(text[end:])])


def _token(match: re.Match[str], depth: int) -> str:
    code, words, bare, strong = match["code"], match["words"], match["bare"], match["strong"]
    if code is not None:
        return f"<code>{escape(code.strip())}</code>"
    if words is not None:
        return _link(match["link"], escape(words))
    if bare is not None:
        return _link(bare, escape(bare))
    if not depth:
        return escape(match[0])
    if strong is not None:
        return f"<strong>{_inline(strong, depth - 1)}</strong>"
    return f"<em>{_inline(match['star'] or match['dash'], depth - 1)}</em>"


def _link(address: str, words: str) -> str:
    return f'<a href="{escape(address)}">{words}</a>'
