"""Where a draft is taken up again: the feature that made its key says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from iocop.contributions.addresses import address

if TYPE_CHECKING:
    from collections.abc import Callable

Opener = TypeVar("Opener", bound="Callable[[str], str]")

_openers: dict[str, Callable[[str], str]] = {}


def resumes(kind: str) -> Callable[[Opener], Opener]:
    """Have the decorated function return the page of drafts whose key is *kind*, or begins with ``kind:``.

    It gets what stands behind the colon, such as the id of the contribution that is answered.
    """

    def register(opener: Opener) -> Opener:
        _openers[kind] = opener
        return opener

    return register


def resume_address(key: str) -> str:
    """Return where a draft is taken up again; by default the contribution its key names, else the front page."""
    kind, _, reference = key.partition(":")
    if kind in _openers:
        return _openers[kind](reference)
    return address(int(reference)) if reference.isascii() and reference.isdigit() else "/"
