"""What became of every row of an import: none is lost without a word."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from io import StringIO
from typing import TYPE_CHECKING, Any

from iocop.imports.words import N_, Phrase, Value

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.table import Table

HEADINGS = (N_("File"), N_("Read"), N_("Written"), N_("Merged"), N_("Skipped"))
NOTES = 30  # lines of notes on a terminal
WIDTH = 100  # characters; the table is for terminals and log files alike


class Unbalanced(Exception):
    """Rows were read that are neither written, merged nor skipped (or the reverse)."""


@dataclass
class Count:
    """The rows of one file, by what became of them."""

    read: int = 0
    written: int = 0
    merged: int = 0
    skipped: Counter[Phrase] = field(default_factory=Counter)

    @property
    def settled(self) -> int:
        return self.written + self.merged + self.skipped.total()


class Report:
    """Counts per file; kept as JSON between batches, so that a resumed import goes on counting."""

    def __init__(self) -> None:
        self.counts: dict[str, Count] = {}
        self.unknown: Counter[tuple[str, str]] = Counter()  # (file, attribute)
        self.notes: Counter[Phrase] = Counter()
        """What came along otherwise than it was, with how often; no row is counted by it."""

    def of(self, file: str) -> Count:
        if file not in self.counts:
            self.counts[file] = Count()
        return self.counts[file]

    def read(self, file: str, rows: int = 1) -> None:
        self.of(file).read += rows

    def written(self, file: str, rows: int = 1) -> None:
        self.of(file).written += rows

    def merged(self, file: str, rows: int = 1) -> None:
        """Rows that became part of something already there, here or from an earlier run."""
        self.of(file).merged += rows

    def skipped(self, file: str, reason: Phrase, rows: int = 1) -> None:
        if rows:
            self.of(file).skipped[reason] += rows

    def add(self, other: Report) -> None:
        """Count what another report counted as well."""
        for file, count in other.counts.items():
            mine = self.of(file)
            mine.read += count.read
            mine.written += count.written
            mine.merged += count.merged
            mine.skipped.update(count.skipped)
        self.notes.update(other.notes)

    @property
    def has_written(self) -> bool:
        return any(count.written for count in self.counts.values())

    def check(self) -> None:
        """Raises: Unbalanced, naming the first file whose rows do not add up."""
        for file, count in self.counts.items():
            if count.read != count.settled:
                numbers: dict[str, Value] = {"file": file, "read": count.read, "settled": count.settled}
                raise Unbalanced(
                    N_("%(file)s: %(read)s rows read, but %(settled)s accounted for.", **numbers)
                )

    def as_text(self, translate: Callable[[str], str] = str) -> str:
        from rich.console import Console  # pages show reports otherwise

        out = StringIO()
        console = Console(file=out, width=WIDTH, color_system=None)
        console.print(self._table(translate))
        for file, reason, rows in self.skips():
            console.print(f"{file}: {rows} · {reason.said(translate)}", markup=False, highlight=False)
        for (file, attribute), rows in sorted(self.unknown.items()):
            unknown = N_(
                "%(file)s: %(attribute)s is not known here (rows: %(rows)s).",
                file=file,
                rows=rows,
                attribute=attribute,
            )
            console.print(unknown.said(translate), markup=False, highlight=False)
        for note, times in self.notes.most_common(NOTES):
            console.print(f"{note.said(translate)} ({times})", markup=False, highlight=False)
        if len(self.notes) > NOTES:
            more = N_("%(more)s more notes are in the report's file.", more=len(self.notes) - NOTES)
            console.print(more.said(translate), markup=False, highlight=False)
        return out.getvalue()

    def as_json(self) -> str:
        return json.dumps(self.as_dict(), ensure_ascii=False, indent=2)

    def as_dict(self) -> dict[str, Any]:
        return {
            "files": {file: _count_as_dict(count) for file, count in self.counts.items()},
            "unknown": [
                {"file": file, "attribute": attribute, "rows": rows}
                for (file, attribute), rows in sorted(self.unknown.items())
            ],
            "notes": [
                {"note": str(note), "words": note.words, "values": dict(note.values), "times": times}
                for note, times in self.notes.most_common()
            ],
        }

    @classmethod
    def from_dict(cls, kept: dict[str, Any]) -> Report:
        """The report `as_dict` gave, ready to count on."""
        report = cls()
        for file, count in kept["files"].items():
            skipped = Counter({_phrase(skip): skip["rows"] for skip in count["skipped"]})
            report.counts[file] = Count(count["read"], count["written"], count["merged"], skipped)
        report.unknown.update({(row["file"], row["attribute"]): row["rows"] for row in kept["unknown"]})
        report.notes.update({_phrase(note): note["times"] for note in kept.get("notes", ())})
        return report

    def _table(self, translate: Callable[[str], str]) -> Table:
        from rich.table import Table

        table = Table()
        for place, heading in enumerate(HEADINGS):
            table.add_column(heading.said(translate), justify="right" if place else "left")
        for file, count in self.counts.items():
            numbers = (count.read, count.written, count.merged, count.skipped.total())
            table.add_row(file, *(f"{number:,}" for number in numbers))
        return table

    def skips(self) -> list[tuple[str, Phrase, int]]:
        return [
            (file, reason, rows)
            for file, count in self.counts.items()
            for reason, rows in count.skipped.most_common()
        ]


def _count_as_dict(count: Count) -> dict[str, Any]:
    skipped = [
        {"reason": str(reason), "words": reason.words, "values": dict(reason.values), "rows": rows}
        for reason, rows in count.skipped.most_common()
    ]
    return {"read": count.read, "written": count.written, "merged": count.merged, "skipped": skipped}


def _phrase(kept: dict[str, Any]) -> Phrase:
    return Phrase(kept["words"], tuple(kept["values"].items()))
