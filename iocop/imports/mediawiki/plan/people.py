"""Who wrote, and what may be said of it: nobody is known by an address of the internet."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from iocop.imports.mediawiki.wikitext.names import is_unregistered

if TYPE_CHECKING:
    from collections.abc import Container

    from iocop.imports.mediawiki.records import Revision

UNREGISTERED: Final = "unregistered"
NOBODY: Final = "nobody"

_ADDRESS: Final = re.compile(
    r"(?<![\w.:])(?:(?:\d{1,3}\.){3}(?:\d{1,3}|xxx)|[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7})(?![\w:]|\.\d)"
)


def name_of(revision: Revision) -> str | None:
    """The name of an account; None for what was written without one, or by somebody who was removed."""
    if revision.user is None or revision.is_address or is_unregistered(revision.user):
        return None
    return revision.user.rpartition(">")[2].strip() or None


def is_anonymous(revision: Revision) -> bool:
    """Say whether it was written without an account."""
    return revision.user is not None and name_of(revision) is None


def unaddressed(text: str, nobody: str, known: Container[str] | None = None) -> str:
    """The text with *nobody* for addresses of the internet.

    Args:
        known: only these; None: whatever is one.
    """

    def said(found: re.Match[str]) -> str:
        word = found[0]
        return nobody if is_unregistered(word) and (known is None or word in known) else word

    return _ADDRESS.sub(said, text)
