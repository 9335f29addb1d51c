"""What the converting process does with one text: its wiki's names, a line end, the wikitext."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from iocop.imports.mediawiki.wikitext import convert as converting
from iocop.imports.mediawiki.wikitext.names import Names

if TYPE_CHECKING:
    from collections.abc import Callable

    from iocop.imports.mediawiki.wikitext.convert import Converted


def format_wikitext(request: str) -> Converted:
    names, _, wikitext = request.partition("\n")
    return converting.convert(wikitext, _names(names))


def packed(names: Names) -> str:
    """The names as the first line of a request."""
    return json.dumps([*names[:1], sorted(names.languages), *names[2:]])


@lru_cache(maxsize=8)
def _names(line: str) -> Names:
    namespaces, languages, *rest = json.loads(line)
    return Names(tuple((number, name) for number, name in namespaces), frozenset(languages), *rest)


def forget_converter() -> None:
    """Nothing is left of a text that failed: each piece is read from the beginning."""


VERBS: Final[dict[str, Callable[[str], Converted]]] = {"wikitext": format_wikitext}
