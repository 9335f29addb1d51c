"""Where redirects lead in the end."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from iocop.imports.words import N_, Phrase

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST_CHAIN: Final = 20  # redirects, one after the other
IN_A_CIRCLE: Final = N_("redirects that lead in a circle")
TO_NOTHING: Final = N_("redirects to pages that are not in the file")
LEFT_BEHIND: Final = N_("redirects to pages that stay behind")
NOT_OURS: Final = N_("redirects of pages that would stay behind")

_REDIRECT: Final = re.compile(r"\s*#[^\W\d_]{3,}\s*:?\s*\[\[([^\[\]|#\n]+)", re.UNICODE)
_SAID: Final = re.compile(r"\s*#REDIRECT\b", re.IGNORECASE)


def target_in(text: str, *, marked: bool) -> str | None:
    """The title a text leads to; None where it is no redirect.

    Args:
        marked: the export says that it is one; its word is then of any language.
    """
    if not marked and not _SAID.match(text):
        return None
    match = _REDIRECT.match(text)
    return " ".join(match[1].replace("_", " ").lstrip(" :").split()) if match else None


def end_of(title: str, step: Callable[[str], str | None]) -> str | Phrase:
    """The title at the end of a chain, or why there is none.

    Args:
        step: the title a redirect leads to; None for a title that is no redirect.
    """
    passed = {title}
    while (following := step(title)) is not None:
        if following in passed or len(passed) > LONGEST_CHAIN:
            return IN_A_CIRCLE
        passed.add(following)
        title = following
    return title
