"""What stands in files of members' programs beside their content, and in none of the broken ones."""

from __future__ import annotations

import io
import zipfile
import zlib

import pytest
from docx import Document
from reportlab.pdfgen.canvas import Canvas

from iocop.safety.rules import properties


def said(content: bytes) -> set[tuple[str, str]]:
    return {(each.because, each.words) for each in properties("plan.bin", content)}


def document() -> bytes:
    made, out = Document(), io.BytesIO()
    made.core_properties.author = "Rosa Falcão & Sons"
    made.core_properties.last_modified_by = "Otto"
    made.core_properties.keywords = "Northgate"
    made.save(out)
    return out.getvalue()


def archive(**parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in parts.items():
            packed.writestr(name.replace("__", "/"), text)
    return out.getvalue()


def pdf(**said: str) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.setAuthor(said["author"])
    canvas.setSubject(said["subject"])
    canvas.drawString(72, 72, "Hello")
    canvas.save()
    return out.getvalue()


def test_a_word_document_names_author_editor_and_keywords() -> None:
    found = said(document())

    assert {("author", "Rosa Falcão & Sons"), ("editor", "Otto"), ("subject", "Northgate")} <= found


def test_a_workbook_names_company_and_who_commented() -> None:
    content = archive(
        **{
            "docProps__app.xml": "<Properties><Company>Halloran Ltd</Company><Manager> </Manager></Properties>",
            "xl__persons__person.xml": '<person displayName="Otto &amp; Co" id="1"/>',
        }
    )

    assert said(content) == {("company", "Halloran Ltd"), ("writer", "Otto & Co")}


def test_an_open_document_names_who_began_and_who_saved_it() -> None:
    meta = "<office:meta><meta:initial-creator>Ann</meta:initial-creator><dc:creator>Ben</dc:creator></office:meta>"

    assert said(archive(**{"meta.xml": meta})) == {("author", "Ann"), ("editor", "Ben")}


def test_a_pdf_names_its_author_in_every_way_of_writing() -> None:
    found = said(pdf(author="Inês (Ltd)", subject="Northgate"))

    assert ("author", "Inês (Ltd)") in found
    assert ("subject", "Northgate") in found
    assert said(b"%PDF-1.4 /Author <FEFF0049006E00EA0073> /Company <41 43 4D 45>") == {
        ("author", "Inês"),
        ("company", "ACME"),
    }
    assert said(b"%PDF-1.4 /Author <41 43 4>") == {("author", "AC@")}
    assert said(b"%PDF-1.4 /Author (\xef\xbb\xbfIn\xc3\xaas) /Subject (\\101cme)") == {
        ("author", "Inês"),
        ("subject", "Acme"),
    }
    assert said(b"%PDF <dc:creator><rdf:Seq><rdf:li>Ann &amp; Ben</rdf:li>") == {("author", "Ann & Ben")}


def test_a_pdf_that_keeps_its_properties_compressed_is_read_too() -> None:
    packed = zlib.compress(b"<< /Author (Packed Pat) >>")

    assert said(b"%PDF-1.7 /ObjStm >> stream\r\n" + packed + b" endstream") == {("author", "Packed Pat")}
    assert said(b"%PDF-1.7 /ObjStm >> stream\nnothing packed") == set()
    assert said(b"%PDF-1.7 /ObjStm") == set()
    assert said(b"%PDF-1.7" + b" /ObjStm stream x" * 100) == set()


def test_a_drawing_names_who_saved_it_last() -> None:
    assert said(b"  9\r\n$LASTSAVEDBY\r\n  1\r\nOtto\r\n  9\r\n") == {("editor", "Otto")}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"plain words",
        b"PK\x03\x04 not a zip",
        archive(**{"docProps__core.xml": ""}),
        b"%PDF-1.4 /Author ()",
    ],
    ids=["nothing", "text", "broken", "empty", "no author"],
)
def test_a_file_that_says_nothing_gives_nothing(content: bytes) -> None:
    assert properties("a", content) == []


def test_a_bomb_is_not_unpacked() -> None:
    bomb = archive(**{"docProps__core.xml": "<dc:creator>Ann</dc:creator>" + " " * 50_000_000})

    assert said(bomb) == {("author", "Ann")}
