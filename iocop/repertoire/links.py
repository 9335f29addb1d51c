"""What a rendered text links to on this site. Pure."""

from __future__ import annotations

import re
from typing import Final

LARGEST: Final = 2**63 - 1

_ADDRESS: Final = re.compile(r'(?:href|src)="([^"]{2,2000})')
_THING: Final = re.compile(r"/(a|t|p|c|attachments)/(\d{1,19})(?![^/?#])")


def things_linked(html: str, base_url: str = "") -> list[tuple[str, int]]:
    """Return what rendered HTML links to by address, such as ``("t", 12)`` for ``/t/12/any-words``, each once, in order.

    Args:
        base_url: the site's own address, so that a pasted full address counts too.
    """
    found: dict[tuple[str, int], None] = {}
    for link in _ADDRESS.finditer(html):
        match = _THING.match(link[1].removeprefix(base_url.rstrip("/")))
        if match is not None and int(match[2]) <= LARGEST:
            found[match[1], int(match[2])] = None
    return list(found)
