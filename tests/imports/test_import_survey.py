"""`iocop import survey` says what a dump holds, or where it is broken."""

from pathlib import Path

from click.testing import CliRunner

from iocop.imports.cli import imports
from tests.imports.dumps import user, write, xml


def test_a_sound_dump_is_counted(tmp_path: Path) -> None:
    write(tmp_path, Users=[user(1, Mood="fair"), user(2)])
    (tmp_path / "Flags.xml").write_text(xml([]))

    said = CliRunner().invoke(imports, ["survey", str(tmp_path)])

    assert said.exit_code == 0
    assert "│ Users.xml │    2 │" in said.output
    assert "Users.xml: Mood is not known here (rows: 1)." in said.output
    assert "Flags.xml belongs to no table and stays unread." in said.output


def test_a_broken_dump_is_named_by_file_line_and_reason(tmp_path: Path) -> None:
    write(tmp_path, Users=[user(1), user(2, Id="x")])

    said = CliRunner().invoke(imports, ["survey", str(tmp_path)])

    assert said.exit_code == 1
    assert "Error: Users.xml, line 4: Id cannot be read: “x”." in said.output
