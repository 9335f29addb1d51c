"""Addresses within a text: what was relative on the other site would lead astray on this one."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urljoin

_RELATIVE: Final = re.compile(r"""\s(href|src)=("|')(?![A-Za-z][A-Za-z0-9+.-]*:|//)(.*?)\2""")


def led_back(html: str, address: str | None) -> str:
    """The same HTML with relative addresses led to the site at *address*; without one, the words stay unlinked."""
    if "href=" not in html and "src=" not in html:
        return html
    base = f"{address}/" if address else ""

    def lead(match: re.Match[str]) -> str:
        name, quote, path = match.groups()
        if not base:
            return ""
        try:
            return f" {name}={quote}{urljoin(base, path)}{quote}"
        except ValueError:  # brackets that are no IPv6 address
            return ""

    return _RELATIVE.sub(lead, html)
