"""Small made-up dumps, written row by row."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

CHECKOUT = Path(__file__).parents[2]
DATA = Path(os.environ.get("IOCOP_DATA", CHECKOUT.parent / "shared" / "data"))
DAY = "2015-03-01T10:00:00.000"

Row = dict[str, str | int]


def real_dump(name: str) -> Path:
    folder = DATA / "stackexchange" / name
    if not folder.is_dir():
        pytest.skip(f"there is no real dump at {folder}")
    return folder


def user(number: int, **more: str | int) -> Row:
    usual: Row = {"Id": number, "Reputation": 1, "CreationDate": DAY, "DisplayName": f"Reader {number}"}
    return usual | more


def question(number: int, **more: str | int) -> Row:
    usual: Row = {"Id": number, "PostTypeId": 1, "CreationDate": DAY, "Score": 0, "Body": "<p>Why?</p>"}
    return usual | {"Title": f"Matter {number}", "Tags": "<pumps>", "OwnerUserId": 1} | more


def answer(number: int, parent: int, **more: str | int) -> Row:
    usual: Row = {"Id": number, "PostTypeId": 2, "ParentId": parent, "CreationDate": DAY, "Score": 0}
    return usual | {"Body": "<p>Because.</p>", "OwnerUserId": 2} | more


def turn(number: int, post: int, kind: int, guid: str = "a", **more: str | int) -> Row:
    """A row of a post's history."""
    usual: Row = {"Id": number, "PostId": post, "PostHistoryTypeId": kind, "RevisionGUID": guid}
    return usual | {"CreationDate": DAY, "UserId": 1} | more


def comment(number: int, post: int, **more: str | int) -> Row:
    usual: Row = {
        "Id": number,
        "PostId": post,
        "Score": 0,
        "Text": "Which one?",
        "CreationDate": DAY,
        "UserId": 2,
    }
    return usual | more


def vote(number: int, post: int, kind: int, **more: str | int) -> Row:
    usual: Row = {"Id": number, "PostId": post, "VoteTypeId": kind, "CreationDate": DAY}
    return usual | more


def link(number: int, post: int, related: int, kind: int = 1) -> Row:
    row: Row = {"Id": number, "PostId": post, "RelatedPostId": related, "LinkTypeId": kind}
    row["CreationDate"] = DAY
    return row


def xml(rows: Iterable[Mapping[str, str | int]], root: str = "rows") -> str:
    lines = "".join(f"  <row {_attributes(row)} />\n" for row in rows)
    return f'<?xml version="1.0" encoding="utf-8"?>\n<{root}>\n{lines}</{root}>'


def write(folder: Path, **files: Iterable[Mapping[str, str | int]]) -> Path:
    """A dump with these files; Posts and Users are there in any case."""
    for name, rows in ({"Posts": [question(1)], "Users": [user(1), user(2)]} | files).items():
        (folder / f"{name}.xml").write_text(xml(rows), encoding="utf-8-sig")
    return folder


def _attributes(row: Mapping[str, str | int]) -> str:
    return " ".join(f"{name}={quoteattr(str(value))}" for name, value in row.items())
