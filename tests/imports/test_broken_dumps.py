"""A broken dump is refused with its file, its line and the reason; nothing outside it is touched."""

from pathlib import Path

import pytest

from iocop.imports.stackexchange import rows
from iocop.imports.stackexchange.reader import Dump, survey
from iocop.imports.stackexchange.records import User
from iocop.imports.stackexchange.rows import BrokenDump
from tests.imports.dumps import question, user, write, xml

SOUND = xml([user(1), user(2)])


def fault(folder: Path, users: str | bytes) -> BrokenDump:
    """What the survey says of a dump whose users are written like this."""
    (write(folder) / "Users.xml").write_bytes(users if isinstance(users, bytes) else users.encode())
    with pytest.raises(BrokenDump) as raised:
        survey(Dump(folder))
    return raised.value


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"Id": 2, "DisplayName": "x"}, "The row has no CreationDate."),
        ({"CreationDate": "2015-01-01"}, "The row has no Id."),
        (user(2, Id="two"), "Id cannot be read: “two”."),
        (user(2, Id=""), "Id cannot be read: “”."),
        (user(2, Id=2**31), "Id cannot be read: “2147483648”."),
        (user(2, Id="\x9b2J\n"), "Id cannot be read: “·2J·”."),
        (user(2, CreationDate="yesterday"), "CreationDate cannot be read: “yesterday”."),
        (
            user(2, CreationDate="0001-01-01T00:00+05:00"),
            "CreationDate cannot be read: “0001-01-01T00:00+05:00”.",
        ),
        (user(2, Reputation="9" * 5000), f"Reputation cannot be read: “{'9' * 40}”."),
    ],
)
def test_a_malformed_row_is_named_by_its_line(tmp_path: Path, row: dict[str, str | int], reason: str) -> None:
    broken = fault(tmp_path, xml([user(1), row, user(3)]))

    assert (broken.file, broken.line) == ("Users.xml", 4)
    assert str(broken) == f"Users.xml, line 4: {reason}"


def test_lines_are_counted_beyond_what_sixteen_bits_hold(tmp_path: Path) -> None:
    assert fault(tmp_path, SOUND.replace("<rows>", "<rows>" + "\n" * 70_000) + "<").line == 70_005


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        (SOUND.replace("</rows>", ""), 5, "no element found"),
        (SOUND[:150], 4, "unclosed token"),
        (SOUND.replace("Reader 2", "Reader &#x1; 2"), 4, "reference to invalid character number"),
        (SOUND.replace("Reader 2", "Reader & 2"), 4, "not well-formed"),
        (SOUND.replace("Reader 2", "&nobody;"), 4, "undefined entity"),
        (SOUND.replace("utf-8", "utf-99"), 1, "unknown encoding"),
        (SOUND.replace("<rows>", "<rows><column />"), 2, "<column> stands where only rows belong."),
        ('<row Id="1" />', 1, "A row stands outside any list of rows."),
        ("", 1, "no element found"),
        ("<!DOCTYPE html><html></html>", 1, "It declares a document type"),
    ],
)
def test_a_file_that_is_no_dump_is_refused(tmp_path: Path, text: str, line: int, reason: str) -> None:
    broken = fault(tmp_path, text)

    assert broken.line == line
    assert reason in str(broken)


def test_bytes_that_are_not_of_the_encoding_are_refused(tmp_path: Path) -> None:
    assert fault(tmp_path, SOUND.encode().replace(b"Reader 2", b"Reader \xff")).line == 4


def test_an_encoding_the_parser_cannot_take_is_refused(tmp_path: Path) -> None:
    assert "encoding cannot be read" in str(fault(tmp_path, SOUND.replace("utf-8", "shift_jis")))


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE users [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>',
        '<!DOCTYPE users [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE users SYSTEM "http://127.0.0.1:9/users.dtd">',
    ],
    ids=["expanding", "reading a file", "fetching"],
)
def test_a_document_type_is_refused_unread(tmp_path: Path, declared: str) -> None:
    text = SOUND.replace("<rows>", f"{declared}\n<rows>").replace("Reader 1", "&b;")

    assert "It declares a document type" in str(fault(tmp_path, text))


def test_a_row_without_end_is_refused_before_it_fills_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "LONGEST_ROW", 3 * rows.CHUNK)
    long = xml([user(1), user(2, AboutMe="x" * 5 * rows.CHUNK)])

    assert "A single row is longer than" in str(fault(tmp_path, long))


@pytest.mark.parametrize("name", ["Posts", "Users"])
def test_a_necessary_file_that_is_missing_is_named(tmp_path: Path, name: str) -> None:
    (write(tmp_path) / f"{name}.xml").unlink()

    with pytest.raises(BrokenDump, match=f"^{name}.xml: This file is missing"):
        Dump(tmp_path)


def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(BrokenDump, match=r"^nowhere: There is no such folder"):
        Dump(tmp_path / "nowhere")


def test_one_file_under_two_names_is_refused(tmp_path: Path) -> None:
    (write(tmp_path) / "posts.xml").write_text(xml([question(9)]))

    with pytest.raises(BrokenDump, match="This file is there twice"):
        Dump(tmp_path)


def test_reading_without_a_survey_meets_the_same_fault(tmp_path: Path) -> None:
    line = fault(tmp_path, xml([user(1), user(2, Id="x")])).line

    with pytest.raises(BrokenDump) as raised:
        list(Dump(tmp_path).read(User))

    assert raised.value.line == line


def test_a_fault_is_told_in_the_language_of_who_asks(tmp_path: Path) -> None:
    german = {
        "%(file)s, line %(line)s": "%(file)s, Zeile %(line)s",
        "The row has no %(attribute)s.": "Der Zeile fehlt %(attribute)s.",
    }

    broken = fault(tmp_path, xml([{"Id": 1}]))

    assert broken.said(german.__getitem__) == "Users.xml, Zeile 3: Der Zeile fehlt CreationDate."
