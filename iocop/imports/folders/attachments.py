"""Files that articles show: in a folder they have names of what they hold, the same in every export."""

from __future__ import annotations

import re
from dataclasses import replace
from hashlib import blake2s
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from iocop.contributions.filenames import address_name, clean_name
from iocop.contributions.models import Attachment, Contribution
from iocop.contributions.references import attached_in
from iocop.contributions.services import load_file
from iocop.core.db import db
from iocop.core.errors import DomainError
from iocop.core.storage import storage
from iocop.imports.words import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from iocop.imports.folders.files import Head
    from iocop.imports.folders.loading import Filed
    from iocop.imports.report import Report

FOLDER = "files"
ABSENT = N_("files of articles that are missing from the folder, or may not be attached here")

_HERE = re.compile(r"(?<![\w.])/attachments/(\d{1,18})/")
_THERE = re.compile(rf"(?:\.\./)+{FOLDER}/([0-9a-f]{{16}})/")
_PLACE = re.compile(r"[0-9a-f]{16}")


def shown_in(thing: Contribution, texts: Iterable[str], labels: Collection[str]) -> dict[str, Attachment]:
    """Return the files that a text or its earlier versions show, by their place in the folder.

    Args:
        labels: how far what carries a file may be shared, for the file to go along.
    """
    named = {number for text in texts for number in attached_in(text)}
    rows = db.session.scalars(
        select(Attachment)
        .join(Contribution, Contribution.id == Attachment.contribution_id)
        .where(
            or_(Attachment.id.in_(named), Attachment.contribution_id == thing.id),
            Attachment.removed_at.is_(None), Contribution.state == "visible", Contribution.label.in_(labels),
        )
        .order_by(Attachment.created_at.desc(), Attachment.id.desc())
    )  # fmt: skip
    return dict(sorted((_place(row.sha256, row.name), row) for row in rows))


def _place(sha256: str, name: str) -> str:
    """Return the folder of a file: what tells it apart is its content and its name."""
    return blake2s(f"{sha256}\0{name}".encode(), digest_size=8).hexdigest()


def led_to_files(text: str, places: Mapping[int, str], up: str) -> str:
    """Return a text, or HTML, whose addresses of files lead into the folder.

    Args:
        places: by the files' keys here.
        up: from where the text stands to the folder's top.
    """

    def lead(match: re.Match[str]) -> str:
        place = places.get(int(match[1]))
        return f"{up}{FOLDER}/{place}/" if place else match[0]

    return _HERE.sub(lead, text)


def contents(rows: Mapping[str, Attachment]) -> Iterator[tuple[str, bytes]]:
    """Return the files' paths in the folder with their bytes, the smaller copies of large pictures too."""
    for place, row in rows.items():
        name = address_name(row.name)
        for path, key in ((f"{place}/{name}", row.key), (f"{place}/small/{name}", row.small_key)):
            if key:
                yield f"{FOLDER}/{path}", storage().get(key)


class Bringer:
    """Keeps the files of a folder's articles here, until the article takes them.

    Args:
        member: whose a file is, by the number the folder gives.
        moment: reads a time.
    """

    def __init__(
        self, folder: Path, report: Report, member: Callable[[int | None], int], moment: Callable[[str], datetime]
    ) -> None:  # fmt: skip
        self.folder, self.report, self.member, self.moment = folder / FOLDER, report, member, moment

    def brought(self, filed: Filed) -> tuple[Filed, list[int]]:
        """Return an article whose texts show its files here, and the files' keys; what cannot be kept is noted."""
        keys: dict[str, int] = {}
        for row in filed.head.get("files") or ():
            key = self._kept(row)
            if key is None:
                self.report.notes[ABSENT] += 1
            else:
                keys[row["place"]] = key
        if not keys:
            return filed, []

        def lead(match: re.Match[str]) -> str:
            key = keys.get(match[1])
            return f"/attachments/{key}/" if key else match[0]

        history, talk = (
            [(head, _THERE.sub(lead, text)) for head, text in part] for part in (filed.history, filed.talk)
        )
        there = replace(filed, text=_THERE.sub(lead, filed.text), history=history, talk=talk)
        return there, list(keys.values())

    def _kept(self, row: Head) -> int | None:
        name = clean_name(str(row["name"]))
        if not _PLACE.fullmatch(str(row["place"])):
            return None
        path = self.folder / row["place"] / address_name(name)
        small = path.parent / "small" / path.name
        try:
            return load_file(
                self.member(row["owner"]), name, path.read_bytes(), self.moment(row["at"]),
                small=small.read_bytes() if small.is_file() else b"",
            )  # fmt: skip
        except (OSError, DomainError):
            return None
