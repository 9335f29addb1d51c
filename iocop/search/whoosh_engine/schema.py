"""What stands in the Whoosh index. Change the schema, raise the version: the worker then builds the index anew."""

from __future__ import annotations

import json
from array import array
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from whoosh import columns as _whoosh_columns
from whoosh import fields, formats

from iocop.core.outbox import Cursor
from iocop.search.analysis import analyse
from iocop.search.keys import OPEN
from iocop.search.port import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from iocop.search.port import Document

whoosh_columns: Any = _whoosh_columns  # untyped inside

VERSION: Final = 2
CURSOR_REF: Final = "cursor"
"""The ref of the one document that says how far the outbox was read: written in the commit it tells of."""
CURSOR_KIND: Final = len(KINDS)

COLUMNS: Final = {
    "kind": "b",
    "label": "b",
    "space": "i",
    "number": "i",
    "topic": "i",
    "votes": "i",
    "at": "q",
}
"""Numbers of each document, and how wide they are."""
_NEVER: Final = {"b": -(2**7), "i": -(2**31), "q": -(2**63)}
"""No document has this: Whoosh leaves a column's default out, and then a file cut short could not be told."""


class Present(formats.Format):
    """Says of a word that it is there, no more."""

    posting_size = 0

    def word_values(self, value: Sequence[str], *_: Any, **__: Any) -> Iterator[Any]:
        return ((word, 1, 1.0, b"") for word in set(value))


class Counted(formats.Format):
    """Says how often a word is there; Whoosh's own writes that twice."""

    posting_size = 0

    def word_values(self, value: Sequence[str], *_: Any, **__: Any) -> Iterator[Any]:
        return ((word, count, float(count), b"") for word, count in Counter(value).items())


class Placed(formats.Format):
    """Says where a word is, in four bytes a place, so that many are read at once."""

    def word_values(self, value: Sequence[str], *_: Any, **__: Any) -> Iterator[Any]:
        places: dict[str, array[int]] = {}
        for place, word in enumerate(value):
            places.setdefault(word, array("I")).append(place)
        return ((word, len(found), float(len(found)), found.tobytes()) for word, found in places.items())

    def decode_positions(self, value: bytes) -> list[int]:
        """What Whoosh itself asks when it looks for a phrase."""
        return array("I", value).tolist()


def _words(form: Any, *, scorable: bool = True) -> Any:
    field = fields.TEXT(phrase=False)
    field.format, field.scorable = form, scorable
    return field


def make_schema() -> Any:
    """Return the fields. Bodies are not stored: snippets come from the database, after permission was checked.

    *public* has the exact words of what everybody may read, which others may be told; *title* is stored for
    suggestions, *cursor* in one document only.
    """
    numbers = {
        name: fields.COLUMN(whoosh_columns.NumericColumn(width, _NEVER[width]))
        for name, width in COLUMNS.items()
    }
    return fields.Schema(
        ref=_words(Present(), scorable=False),
        key=_words(Present(), scorable=False),
        public=_words(Present(), scorable=False),
        title=fields.STORED(),
        cursor=fields.STORED(),
        title_stem=_words(Counted()),
        title_exact=_words(Placed()),
        stem=_words(Counted()),
        exact=_words(Placed()),
        **numbers,
    )


def as_fields(document: Document) -> dict[str, Any]:
    """Return a document as Whoosh takes it: words ready made, so that its own analysis never sees text."""
    title = analyse(document.title, document.language)
    text = analyse(document.text, document.language)
    return {
        "ref": [document.ref],
        "key": sorted(document.keys),
        "public": [*title.exact, *text.exact] if OPEN in document.own_keys else None,
        "title": document.title or None,
        "title_stem": title.stems,
        "title_exact": title.exact,
        "stem": text.stems,
        "exact": text.exact,
        "kind": KINDS.index(document.kind),
        "label": int(document.label == "public"),
        "space": document.space_id,
        "number": document.id,
        "topic": document.topic_id,
        "votes": document.votes,
        "at": document.at,
    }


def cursor_fields(cursor: Cursor) -> dict[str, Any]:
    """Return the document of the cursor: no search can find it, as its kind is none and its space nowhere."""
    numbers = dict.fromkeys(COLUMNS, 0) | {"kind": CURSOR_KIND, "space": -1}
    return {"ref": [CURSOR_REF], "cursor": json.dumps(cursor), **numbers}


def read_cursor(found: str) -> Cursor:
    return Cursor(*json.loads(found))
