"""Markdown files with YAML before the text, byte for byte the same each time they are written."""

from __future__ import annotations

from datetime import datetime
from hashlib import blake2s
from typing import TYPE_CHECKING, Any

import yaml

from iocop.domains.slugs import slug
from iocop.imports.stackexchange.rows import BrokenDump
from iocop.imports.words import N_

if TYPE_CHECKING:
    from pathlib import Path

FENCE = "---\n"
LONGEST_NAME = 60

Head = dict[str, Any]


def name_of(title: str, origin: str, key: str) -> str:
    """A file's name without its ending: words of the title, and what tells two of one title apart."""
    told = blake2s(f"{origin}\0{key}".encode(), digest_size=4).hexdigest()
    return f"{slug(title, LONGEST_NAME).strip('-') or 'article'}-{told}"


def said(at: datetime | None) -> str | None:
    """A moment as files have it."""
    return at.isoformat() if at is not None else None


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def maybe(text: str | None) -> datetime | None:
    return moment(text) if text else None


def write_text(path: Path, head: Head, text: str) -> None:
    write_bytes(path, f"{FENCE}{dumped(head)}{FENCE}{text}".encode())


def write_bytes(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def read_text(path: Path) -> tuple[Head, str]:
    """Raises: BrokenDump, with the line, for a file that does not begin with YAML between two lines of hyphens."""
    whole = _decoded(path)
    head, fence, text = whole.removeprefix(FENCE).partition(f"\n{FENCE}")
    if not whole.startswith(FENCE) or not fence:
        raise BrokenDump(path.name, 1, N_("It does not begin with fields between two lines of hyphens."))
    return loaded(path.name, head, 1), text


def write_list(path: Path, rows: list[Head]) -> None:
    path.write_bytes(dumped(rows).encode())


def read_list(path: Path) -> list[Head]:
    """The rows of a file; none where it is absent.

    Raises:
        BrokenDump: it is no list of rows.
    """
    if not path.is_file():
        return []
    rows = _loaded(path.name, _decoded(path), 0)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BrokenDump(path.name, 1, N_("It is no list of rows."))
    return rows


def dumped(value: object) -> str:
    return yaml.dump(value, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=1_000_000)


def loaded(name: str, text: str, before: int) -> Head:
    """Fields as YAML; *before* lines of the file stand above them.

    Raises:
        BrokenDump: with the line.
    """
    head = _loaded(name, text, before)
    if not isinstance(head, dict):
        raise BrokenDump(name, before + 1, N_("It has no fields."))
    return head


def _decoded(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except UnicodeDecodeError:
        raise BrokenDump(path.name, None, N_("It is not UTF-8.")) from None


def _loaded(name: str, text: str, before: int) -> object:
    try:
        return yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or type(error).__name__
        line = before + mark.line + 1 if mark else None
        raise BrokenDump(name, line, N_("This is not YAML (%(what)s).", what=what)) from None
