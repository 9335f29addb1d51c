"""Attached files are read by the worker, whatever they are; a hostile one is noted, and costs no more than its time."""

from __future__ import annotations

import io
import time
import zipfile
from typing import TYPE_CHECKING

import pytest
from docx import Document as Word
from openpyxl import Workbook
from reportlab.pdfgen.canvas import Canvas

from iocop.contributions.models import Attachment
from iocop.contributions.services import attach, purge_files, remove_attachment
from iocop.core.db import act, db
from iocop.core.jobs import periodic_jobs
from iocop.core.storage import storage
from iocop.core.text.worker import Worker
from iocop.members.services import erase
from iocop.search import extracting, file_texts
from iocop.search.extracting import MOST_CHARACTERS, packed
from iocop.search.file_texts import read_files
from iocop.search.models import AttachmentText
from tests.contributions import samples
from tests.factories import make_member, viewer_of
from tests.forums.factories import make_topic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from iocop.members.models import Member


def a_pdf(*pages: str) -> bytes:
    out = io.BytesIO()
    paper = Canvas(out)
    for text in pages:
        paper.drawString(72, 720, text)
        paper.showPage()
    paper.save()
    return out.getvalue()


def a_word_document() -> bytes:
    document, out = Word(), io.BytesIO()
    document.add_heading("Commissioning")
    document.add_paragraph("Frost guard in").add_run("stalled.")
    document.add_table(1, 2).cell(0, 1).text = "glycol"
    document.save(out)
    return out.getvalue()


def a_workbook() -> bytes:
    book, out = Workbook(write_only=True), io.BytesIO()
    book.create_sheet("Pumps").append(["flow", 3.2, None, "m³/h"])
    book.save(out)
    return out.getvalue()


def zipped(**files: str) -> bytes:
    return samples.archive({name.replace("__", "/"): text.encode() for name, text in files.items()})


SLIDES = zipped(
    **{"ppt__slides__slide1.xml": '<p:sld xmlns:p="p" xmlns:a="a"><a:p><a:t>Load curve</a:t></a:p></p:sld>'}
)
LETTER = zipped(
    **{"content.xml": '<o xmlns:text="t"><text:p>Dear <text:span>reader</text:span></text:p></o>'}
)

READ = {
    "pdf": ("pdf", a_pdf("Frost guard", "Second page"), "Frost guard\nSecond page"),
    "docx": ("docx", a_word_document(), "Commissioning\nFrost guard installed.\nglycol"),
    "xlsx": ("xlsx", a_workbook(), "Pumps\nflow 3.2 m³/h"),
    "pptx": ("pptx", SLIDES, "Load curve"),
    "odt": ("odt", LETTER, "Dear reader"),
    "utf-8": ("text", "\ufeffVorlauf 35 °C\n\nRücklauf".encode(), "Vorlauf 35 °C\nRücklauf"),
    "utf-16": ("text", "a;b".encode("utf-16"), "a;b"),
    "latin": ("text", "35 °C".encode("latin-1"), "35 °C"),
    "zero bytes": ("text", b"a\0b", "a b"),
    "a letter cut in two": (
        "text",
        ("x" + "é" * MOST_CHARACTERS * 2).encode(),
        "x" + "é" * (MOST_CHARACTERS - 1),
    ),
}


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker[str]]:
    made = Worker[str]("iocop.search.extracting", 8)
    yield made
    made.close()


@pytest.mark.parametrize(("verb", "content", "text"), READ.values(), ids=READ)
def test_each_kind_of_file_is_read(worker: Worker[str], verb: str, content: bytes, text: str) -> None:
    assert worker.run(verb, [packed(content)]) == [text]


def _bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("content.xml", "w") as part:
        part.write(b"<o><p>")
        for _ in range(60):
            part.write(b"A " * 2**22)
    return out.getvalue()


def _laughs() -> str:
    entities = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 50}">' for n in range(8))
    return f'<!DOCTYPE l [<!ENTITY a "{"ha" * 500}">{entities}]><l>&i;</l>'


def _endless_pdf() -> bytes:
    """A page tree that is its own child."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Count 9/Kids[2 0 R 2 0 R]>>endobj\ntrailer<</Root 1 0 R>>\n"
    )


HOSTILE = {
    "an archive that unpacks to a gigabyte": ("odt", _bomb()),
    "entities within entities": ("odt", zipped(**{"content.xml": _laughs()})),
    "broken XML": ("docx", zipped(word__document_xml="")),
    "a PDF that is none": ("pdf", b"%PDF-1.7 nothing"),
    "pages that hold themselves": ("pdf", _endless_pdf()),
    "no archive": ("xlsx", b"PK\x03\x04"),
}


@pytest.mark.parametrize(("verb", "content"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_ends_nothing_but_its_reading(worker: Worker[str], verb: str, content: bytes) -> None:
    assert worker.run(verb, [packed(content)]) in ([None], [""])

    assert worker.run("text", [packed(b"still here")]) == ["still here"]


def test_a_file_that_takes_too_long_is_given_up() -> None:
    began, impatient = time.monotonic(), Worker[str]("iocop.search.extracting", 0.2)
    rows = b"<row><c><v/></c></row>" * 2_000_000  # without a word: what has many is cut short
    heavy = samples.archive({"content.xml": b"<o>" + rows + b"</o>"})

    assert impatient.run("ods", [packed(heavy)]) == [None]
    impatient.close()
    assert time.monotonic() - began < 60


def test_what_takes_long_is_cut_where_it_has_come_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extracting, "SECONDS", -1.0)

    assert extracting.gathered(iter(["first", "second"])) == "first"


def test_half_a_surrogate_pair_is_kept_as_a_question_mark() -> None:
    assert extracting.gathered(["a\ud800b"]) == "a?b"


def posted(owner: Member, name: str, content: bytes) -> Attachment:
    file = attach(viewer_of(owner), name, content)
    make_topic(author=owner, title="See the file below", text=f"[f](/attachments/{file.id}/{file.name})")
    return db.session.get_one(Attachment, file.id, populate_existing=True)


def kept(file: Attachment) -> tuple[str, str] | None:
    row = db.session.get(AttachmentText, file.id, populate_existing=True)
    return (row.state, row.text) if row else None


def test_files_are_read_once_a_contribution_took_them(app: Flask) -> None:
    owner = make_member()
    waiting = attach(viewer_of(owner), "waiting.txt", b"Not posted")
    notes, table = posted(owner, "notes.txt", b"Frost guard"), posted(owner, "a.pdf", a_pdf("Glycol"))
    picture, broken = posted(owner, "a.png", samples.GOOD["a.png"]), posted(owner, "b.pdf", b"%PDF-1.7\n")
    drawing = posted(owner, "a.dwg", samples.GOOD["a.dwg"])

    assert read_files() == 4
    assert read_files() == 0

    assert kept(notes) == ("read", "Frost guard")
    assert kept(table) == ("read", "Glycol")
    assert kept(broken) == ("unreadable", "")
    assert kept(drawing) == ("skipped", "")
    assert kept(waiting) is kept(picture) is None


def test_a_file_that_is_too_large_or_lost_is_noted(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = make_member()
    large, lost = posted(owner, "large.txt", b"Too many words"), posted(owner, "lost.txt", b"Lost")
    monkeypatch.setattr(file_texts, "MOST_BYTES", 10)
    storage().delete(lost.key)

    read_files()

    assert (kept(large), kept(lost)) == (("skipped", ""), ("unreadable", ""))


def test_a_round_ends_in_time_and_the_next_goes_on(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    notes = posted(make_member(), "notes.txt", b"Frost guard")
    with monkeypatch.context() as patched:
        patched.setattr(file_texts, "A_ROUND", -1.0)
        assert read_files() == 0

    assert read_files() == 1
    assert kept(notes) == ("read", "Frost guard")


def test_what_a_file_said_goes_with_the_file(app: Flask) -> None:
    owner = make_member()
    notes = posted(owner, "notes.txt", b"Frost guard")
    read_files()

    remove_attachment(viewer_of(owner), notes.id)

    assert kept(notes) is None
    assert read_files() == 0
    assert purge_files() == 1


@pytest.mark.parametrize("with_texts", [True, False], ids=["texts too", "texts stay"])
def test_what_a_file_said_goes_with_its_owners_texts(app: Flask, with_texts: bool) -> None:
    owner = make_member()
    notes = posted(owner, "notes.txt", b"Frost guard")
    read_files()

    erase(viewer_of(owner), with_texts=with_texts)

    assert (kept(notes) is None) is with_texts


def test_a_file_removed_while_it_was_read_is_not_kept(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = make_member()
    notes = posted(owner, "notes.txt", b"Frost guard")

    def read_too_late(row: object, worker: object) -> tuple[str, str]:
        remove_attachment(viewer_of(owner), notes.id)
        return "read", "Frost guard"

    monkeypatch.setattr(file_texts, "_read", read_too_late)
    read_files()

    assert kept(notes) is None


def test_what_two_workers_read_is_kept_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    notes = posted(make_member(), "notes.txt", b"Frost guard")

    def read_by_another_too(row: object, worker: object) -> tuple[str, str]:
        with act():
            file_texts._keep(notes.id, "read", "The other's")
        return "read", "Ours"

    monkeypatch.setattr(file_texts, "_read", read_by_another_too)
    read_files()

    assert kept(notes) == ("read", "The other's")


def test_the_worker_reads_files_every_minute() -> None:
    job = periodic_jobs()["iocop.search.jobs.read_files"]

    assert (job.minute, job.hour) == ("*", "*")
