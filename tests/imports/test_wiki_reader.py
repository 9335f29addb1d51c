"""Exports of wikis as pages and revisions, in all the forms in which they come; what is broken is said with its line."""

from __future__ import annotations

import bz2
import gzip
import lzma
from datetime import UTC, datetime
from pathlib import Path

import pytest

from iocop.imports.mediawiki import parser
from iocop.imports.mediawiki.reader import Export
from iocop.imports.mediawiki.records import Page, Revision
from iocop.imports.stackexchange.rows import BrokenDump
from tests.imports.wikis import page, state, wiki, write_wiki


def events(file: Path) -> list[Page | Revision]:
    return list(Export(file).read())


def only_revision(folder: Path, text: str) -> Revision:
    return next(event for event in events(write_wiki(folder, page("A", text))) if isinstance(event, Revision))


@pytest.mark.parametrize("version", ["0.10", "0.11"])
def test_pages_come_with_their_revisions_in_the_order_of_the_file(tmp_path: Path, version: str) -> None:
    file = write_wiki(
        tmp_path,
        page("Pump_house", state("One", 1), state("Two ≥", 2, by="ip:10.0.0.1", comment="more"), number=7),
        page("Old name", redirect="Pump house", namespace=None),
        version=version,
    )
    export = Export(file)

    found = list(export.read())

    assert found == [
        Page("Pump house", 0, 7),
        Revision(datetime(2015, 3, 2, 10, tzinfo=UTC), 1, "Ann", 1, text="One"),
        Revision(datetime(2015, 3, 3, 10, tzinfo=UTC), 2, "10.0.0.1", None, True, "more", "Two ≥"),
        Page("Old name", None, None, "Pump house"),
        Revision(datetime(2015, 3, 2, 10, tzinfo=UTC), 1, "Ann", 1, text="Water."),
    ]  # fmt: skip
    assert (export.wiki.name, export.wiki.language, export.wiki.version) == ("Pumps", "en", version)
    assert export.wiki.namespaces[12] == "Help"
    assert not export.unknown


@pytest.mark.parametrize("by", ["deleted", ""])
def test_an_author_may_be_removed_or_missing(tmp_path: Path, by: str) -> None:
    assert only_revision(tmp_path, state(by=by)).user is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('<text deleted="deleted" />', None),
        ('<text id="5" bytes="12" />', None),
        ("", None),
        ('<text bytes="0" />', ""),
        ('<text xml:space="preserve" />', ""),
        ('<text bytes="3" sha1="x" xml:space="preserve">a\nb</text>', "a\nb"),
    ],
    ids=["removed", "only counted", "no element", "empty", "empty in 0.10", "whole"],
)
def test_a_text_may_be_removed_left_out_or_empty(tmp_path: Path, text: str, expected: str | None) -> None:
    given = f"<revision><timestamp>2015-03-01T10:00:00Z</timestamp>{text}</revision>"

    assert only_revision(tmp_path, given).text == expected


def test_texts_in_other_roles_are_counted_not_read(tmp_path: Path) -> None:
    slot = "<content><role>info</role><model>json</model><text>{}</text></content>"

    found = only_revision(tmp_path, state("Main", more=slot))

    assert (found.text, found.model, found.slots) == ("Main", "wikitext", 1)


@pytest.mark.parametrize(
    ("pack", "name"),
    [
        (bz2.compress, "wiki.xml.bz2"),
        (gzip.compress, "wiki.xml.gz"),
        (lzma.compress, "wiki"),
        (bytes, "wiki.bz2"),
    ],
    ids=["bzip2", "gzip", "xz", "plain, whatever its name"],
)
def test_packed_files_are_unpacked_while_they_are_read(tmp_path: Path, pack, name: str) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / name
    file.write_bytes(pack(wiki(page("A"), page("B")).encode()))
    read: list[int] = []

    found = [event.title for event in Export(file).read(read.append) if isinstance(event, Page)]

    assert found == ["A", "B"]
    assert sum(read) == file.stat().st_size


def test_files_packed_one_after_the_other_are_one(tmp_path: Path) -> None:
    whole = wiki(page("A"), page("B")).encode()
    file = tmp_path / "wiki.bz2"
    file.write_bytes(bz2.compress(whole[:700]) + bz2.compress(whole[700:]))

    assert len(events(file)) == 4


@pytest.mark.parametrize("head", ["\ufeff", '<?xml version="1.0" encoding="utf-8"?>\n'])
def test_a_byte_order_mark_or_a_declaration_may_come_first(tmp_path: Path, head: str) -> None:
    file = tmp_path / "wiki.xml"
    file.write_text(wiki(page("A"), head=head), encoding="utf-8")

    assert len(events(file)) == 2


def test_an_export_without_a_namespace_or_a_site_is_read(tmp_path: Path) -> None:
    file = tmp_path / "wiki.xml"
    file.write_text(f"<mediawiki>{page('A')}<logitem><id>x</id></logitem></mediawiki>")

    assert [type(event) for event in events(file)] == [Page, Revision]


def test_what_nobody_knows_is_counted(tmp_path: Path) -> None:
    export = Export(write_wiki(tmp_path, page("A", state(more="<shape>round</shape>"))))

    list(export.read())

    assert export.unknown == {("revision", "shape"): 1}


GOOD = "<timestamp>2015-03-01T10:00:00Z</timestamp>"


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        (wiki(page("A"), page("B")).removesuffix("</mediawiki>"), 5, "not well-formed XML (no element found)"),
        ("", 1, "no element found"),
        (wiki(page("A")).replace("</title>", "</name>"), 3, "mismatched tag"),
        ('<!DOCTYPE x [<!ENTITY a "b">]>' + wiki(page("A")), 1, "document type"),
        ("<rows></rows>", 1, "It begins with <rows>"),
        (wiki(page(" ")), 3, "The page has no title."),
        (wiki(page("A", "<revision></revision>")), 3, "The revision has no time."),
        (wiki(page("A", "<revision><timestamp>soon\u200b</timestamp></revision>")), 3, "“soon·”"),
        (wiki(page("A", state().replace("2015-03-02T10:00:00Z", "0001-01-01T00:00:00+05:00"))), 3, "“0001-01-01T00"),
        (wiki(page("A").replace("<ns>0", "<ns>many")), 3, "page.ns is no number: “many”"),
        (wiki(page("A", f"<revision><id>{'9' * 30}</id>{GOOD}</revision>")), 3, "revision.id is no number"),
        ('<?xml version="1.0" encoding="nonsense"?><mediawiki/>', 1, "unknown encoding"),
    ],
    ids=["cut off", "empty", "torn", "document type", "no wiki", "no title", "no time", "no moment", "too early",
         "no number", "too large", "encoding"],
)  # fmt: skip
def test_what_cannot_be_read_is_said_with_its_line(
    tmp_path: Path, content: str, line: int, reason: str
) -> None:
    file = tmp_path / "wiki.xml"
    file.write_text(content, encoding="utf-8")

    with pytest.raises(BrokenDump) as broken:
        events(file)

    assert broken.value.line == line
    assert reason in broken.value.said()


@pytest.mark.parametrize("pack", [bz2.compress, gzip.compress, lzma.compress], ids=["bzip2", "gzip", "xz"])
def test_a_packed_file_that_ends_too_early_is_said(tmp_path: Path, pack) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "wiki"
    file.write_bytes(pack(wiki(*map(page, map(str, range(3000)))).encode())[:-20])

    with pytest.raises(BrokenDump, match="line") as broken:
        events(file)

    assert "unpacked further" in broken.value.said()


@pytest.mark.parametrize(("head", "name"), [(b"7z\xbc\xaf\x27\x1c", "7-Zip"), (b"PK\x03\x04xx", "ZIP")])
def test_other_packings_are_named(tmp_path: Path, head: bytes, name: str) -> None:
    file = tmp_path / "wiki.xml"
    file.write_bytes(head)

    with pytest.raises(BrokenDump, match=name):
        events(file)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    export = Export(tmp_path / "none.xml")

    assert export.size == 0
    with pytest.raises(BrokenDump, match="no such file"):
        list(export.read())


def test_a_text_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parser, "LONGEST_TEXT", 100)

    with pytest.raises(BrokenDump, match="longer than 100"):
        events(write_wiki(tmp_path, page("A", state("x" * 200))))
