"""What stands in the Whoosh index. Change the schema, raise the version: the worker then builds the index anew."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from whoosh import fields

from iocop.core.outbox import Cursor
from iocop.search.analysis import analyse

if TYPE_CHECKING:
    from iocop.search.port import Document

VERSION: Final = 1
CURSOR_REF: Final = "cursor"
"""The ref of the one document that says how far the outbox was read: written in the commit it tells of."""


def make_schema() -> Any:
    """Return the fields. Bodies are not stored: snippets come from the database, after permission was checked."""
    return fields.Schema(
        ref=fields.ID(),
        kind=fields.ID(),
        space=fields.ID(),
        label=fields.ID(),
        language=fields.ID(),
        number=fields.NUMERIC(numtype=int, bits=64, sortable=True),
        found=fields.STORED(),
        title_stem=fields.TEXT(phrase=False),
        title_exact=fields.TEXT(phrase=True),
        stem=fields.TEXT(phrase=False),
        exact=fields.TEXT(phrase=True),
    )


def as_fields(document: Document) -> dict[str, Any]:
    """Return a document as Whoosh takes it: words ready made, so that its own analysis never sees text."""
    title = analyse(document.title, document.language)
    text = analyse(document.text, document.language)
    return {
        "ref": document.ref,
        "kind": document.kind,
        "space": str(document.space_id),
        "label": document.label,
        "language": document.language[:2].lower() or "en",
        "number": document.id,
        "found": (document.kind, document.id, document.topic_id),
        "title_stem": title.stems,
        "title_exact": title.exact,
        "stem": text.stems,
        "exact": text.exact,
    }


def cursor_fields(cursor: Cursor) -> dict[str, Any]:
    """Return the document of the cursor: it has no words, no kind and no space, so no search can find it."""
    return {"ref": CURSOR_REF, "found": json.dumps(cursor)}


def read_cursor(found: str) -> Cursor:
    return Cursor(*json.loads(found))
