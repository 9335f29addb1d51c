"""Which contributions a rendered text refers to: pure."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Final

_INTERNAL: Final = re.compile(r"/(?:p|t|c|a)/(\d{1,18})(?![\d])")
_NAMED: Final = re.compile(r"/attachments/(\d{1,18})/")
_ATTACHED: Final = re.compile(r'"/attachments/(\d{1,18})/')


class _References(HTMLParser):
    def __init__(self, base_url: str) -> None:
        super().__init__()
        self.base_url = base_url.rstrip("/")
        self.quotations = 0
        self.found: dict[int, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.quotations += tag == "blockquote"
        if tag == "a":
            self._take(dict(attrs).get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        self.quotations -= tag == "blockquote" and self.quotations > 0

    def _take(self, address: str) -> None:
        match = _INTERNAL.match(address.removeprefix(self.base_url))
        if match is None:
            return
        if self.quotations:
            self.found[int(match[1])] = "quoted"
        else:
            self.found.setdefault(int(match[1]), "linked")


def references(html: str, base_url: str) -> dict[int, str]:
    """Return the ids of the contributions *html* links to, each ``quoted`` (inside a quotation) or ``linked``.

    Args:
        base_url: the site's own address, so that a pasted full address counts too.
    """
    reader = _References(base_url)
    reader.feed(html)
    reader.close()
    return reader.found


def attached_in(text: str) -> set[int]:
    """Return the ids of the attachments a text in Markdown names."""
    return {int(number) for number in _NAMED.findall(text)}


def attached(html: str) -> set[int]:
    """Return the ids of the attachments *html* shows or links to."""
    return {int(number) for number in _ATTACHED.findall(html)}
