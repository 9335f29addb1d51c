"""What becomes of a page, by its namespace and by what its text is."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from iocop.imports.mediawiki.wikitext.names import (
    CATEGORY,
    FILE,
    HELP,
    MAIN,
    MEDIAWIKI,
    MODULE,
    PROJECT,
    TEMPLATE,
    USER,
)
from iocop.imports.words import N_

if TYPE_CHECKING:
    from iocop.imports.words import Phrase


class Fate(StrEnum):
    ARTICLE = "article"
    TAG = "tag"  # a category becomes a tag, and its page the tag's description


TALK: Final = N_("talk pages")
OTHER: Final = N_("pages of namespaces that only that wiki has")
NO_TEXT: Final = N_("pages without any text in the file")

BY_NAMESPACE: Final[dict[int, Fate | Phrase]] = {
    MAIN: Fate.ARTICLE,
    PROJECT: Fate.ARTICLE,
    HELP: Fate.ARTICLE,
    CATEGORY: Fate.TAG,
    USER: N_("pages of users"),
    FILE: N_("pages of files, which an export does not hold"),
    MEDIAWIKI: N_("messages of that wiki's own pages"),
    TEMPLATE: N_("templates, whose uses stand in the articles as text"),
    MODULE: N_("modules that templates call"),
}
TEXTS: Final = frozenset({"wikitext", "text"})
"""Content models that are read as wikitext."""


def fate_of(namespace: int, model: str) -> Fate | Phrase:
    """Say what a page becomes, or the reason why it stays behind.

    Args:
        model: of its last revision.
    """
    if namespace % 2:
        return TALK
    fate = BY_NAMESPACE.get(namespace, OTHER)
    if isinstance(fate, Fate) and model not in TEXTS:
        return N_("pages of another kind than text: %(model)s", model=model[:40])
    return fate
