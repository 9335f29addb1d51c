"""`iocop elections verify` and `… watch`, as members use them."""

from __future__ import annotations

import json
import random
import threading
import zlib
from concurrent.futures import ProcessPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from iocop.elections import archive_verify, archiving, watching
from iocop.elections.cli import elections
from iocop.elections.sealing.canonical import digest
from tests.elections.verifying import made

if TYPE_CHECKING:
    from collections.abc import Iterator

    from click.testing import Result

PAGE = "https://community.example/elections/7"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    packed = tmp_path / "archive.zip"
    packed.write_bytes(archiving.write(made.usual().parts))
    return packed


def verify(*words: object) -> Result:
    return CliRunner().invoke(elections, ["verify", *map(str, words)])


def test_a_whole_archive_agrees(archive: Path) -> None:
    result = verify(archive)

    assert result.exit_code == 0
    assert result.stdout == "AGREES: 14 on the roll, 10 tokens, 12 ballots, 6 papers counted.\n"
    assert "12/12" in result.stderr


def test_as_many_processes_as_processors_come_to_the_same_as_one(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("iocop.elections.verifying.box.BATCH", 6)
    monkeypatch.setattr("iocop.elections.verifying.box.WORTH_IT", 2)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    started: list[int] = []

    def pool(jobs: int, *more: Any) -> ProcessPoolExecutor:
        started.append(jobs)
        return ProcessPoolExecutor(jobs, *more)

    monkeypatch.setattr("iocop.elections.verifying.box.ProcessPoolExecutor", pool)

    assert verify(archive).stdout == verify(archive, "--jobs", 1).stdout
    assert started == [2]


def test_an_altered_folder_differs_and_says_where(tmp_path: Path) -> None:
    for name, content in made.usual().parts.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "result.json").write_bytes(
        made.usual().parts["result.json"].replace(b'"blank":1', b'"blank":2')
    )
    (tmp_path / "verify.py").write_bytes(b"print('all is well')")

    result = verify(tmp_path)

    assert result.exit_code == 1
    assert "result.json, blank: expected 1, found 2\n" in result.stdout
    assert "Remark: verify.py is another one than this version ships" in result.stdout
    assert result.stdout.endswith("DIFFERS: this archive does not agree with itself.\n")


def test_mailed_heads_of_another_board_differ(archive: Path, tmp_path: Path) -> None:
    kept = tmp_path / "mail.txt"
    kept.write_text(made.usual().mailed)
    assert verify(archive, "--heads", kept).exit_code == 0

    kept.write_text("block 1 " + "0" * 64 + " tokens 10 " + "1" * 64)
    result = verify(archive, "--heads", kept)

    assert result.exit_code == 1
    assert "the mailed heads, line 1: another board was mailed" in result.stdout


@pytest.mark.parametrize("content", [None, b"no zip", b""], ids=["missing", "no zip", "empty"])
def test_what_is_no_archive_ends_with_2(content: bytes | None, tmp_path: Path) -> None:
    place = tmp_path / "archive.zip"
    if content is not None:
        place.write_bytes(content)

    result = verify(place)

    assert result.exit_code == 2
    assert "cannot be read as an archive" in result.stderr


def test_a_zip_with_a_byte_changed_anywhere_is_refused_and_nothing_breaks(tmp_path: Path) -> None:
    whole = archiving.write(made.usual().parts)
    draw, place = random.Random(2), tmp_path / "archive.zip"
    refused = 0
    for at in draw.sample(range(len(whole)), 400):
        place.write_bytes(whole[:at] + bytes([whole[at] ^ draw.randrange(1, 256)]) + whole[at + 1 :])
        try:
            archiving.read(place)
        except archiving.NotAnArchive:
            refused += 1
            assert archive_verify.main([str(place)]) == 2
    assert refused > 300


@pytest.mark.parametrize("problem", [EOFError(), zlib.error("Error -3 while decompressing data")])
def test_a_file_that_ends_too_early_or_is_not_compressed_right_is_told(
    problem: Exception, archive: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> bytes:
        raise problem

    monkeypatch.setattr("zipfile.ZipFile.read", broken)
    words = str(problem) or "a file in it ends too early"

    result = verify(archive)

    assert (result.exit_code, archive_verify.main([str(archive)])) == (2, 2)
    assert words in result.stderr
    assert words in capsys.readouterr().err


def test_a_great_many_differences_are_not_all_printed(tmp_path: Path) -> None:
    for name, content in made.usual().parts.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "opened.csv").write_bytes(b"x\n" * 300)

    result = verify(tmp_path)

    assert "… and 20" in result.stdout


class Site:
    """A site as it looks from outside; its pages can be changed."""

    def __init__(self) -> None:
        parts = made.usual().parts
        lines = parts["heads.txt"].decode().splitlines()
        self.pages = {
            f"{PAGE}/freeze.json": parts["freeze.json"],
            f"{PAGE}/heads.txt": f"{lines[0]}\n".encode(),
            "https://community.example/elections/7/booth.html": parts["booth.html"],
        }
        self.lines = lines

    def come_to(self, lines: int) -> None:
        self.pages[f"{PAGE}/heads.txt"] = archiving.heads(self.lines[:lines])

    def get(self, address: str) -> bytes:
        if address not in self.pages:
            raise watching.Unreachable(f"{address}: 404")
        return self.pages[address]


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Site:
    shown = Site()
    monkeypatch.setattr(watching.look, "__defaults__", (shown.get,))
    return shown


def watch(state: Path, *words: object) -> Result:
    return CliRunner().invoke(elections, ["watch", PAGE, "--once", "--state", str(state), *map(str, words)])


def test_watching_follows_an_election_to_its_close(site: Site, tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    kept = tmp_path / "mail.txt"
    kept.write_text(made.usual().mailed.rsplit("block 2", 1)[0])

    assert "the board has come to block 0 and 0 tokens" in watch(state).output
    site.come_to(2)
    assert "block 1 and 10 tokens" in watch(state).output
    assert watch(state).output == ""
    site.come_to(len(site.lines))
    closed = watch(state, "--heads", kept)

    assert closed.exit_code == 0
    assert "the board has come to its close" in closed.output
    assert json.loads(state.read_text())[PAGE]["heads"] == site.lines


def test_watching_ends_by_itself_at_the_close(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.come_to(1)
    slept: list[int] = []

    def sleep(seconds: int) -> None:
        slept.append(seconds)
        if len(slept) == 1:
            site.pages.pop(f"{PAGE}/heads.txt")
        else:
            site.come_to(len(site.lines))

    monkeypatch.setattr("iocop.elections.cli_verify.time.sleep", sleep)
    words = ["watch", PAGE, "--every", "30", "--state", str(tmp_path / "state.json")]
    result = CliRunner().invoke(elections, words)

    assert result.exit_code == 0
    assert slept == [30, 30]
    assert f"Not reached: {PAGE}/heads.txt: 404" in result.stderr


@pytest.mark.parametrize(
    ("page", "old", "new", "words"),
    [
        (f"{PAGE}/freeze.json", b"Board 2026", b"Board 2027", "freeze.json is another one: its hash was"),
        ("https://community.example/elections/7/booth.html", b"booth", b"trap", "the booth page is not the frozen one"),
        (f"{PAGE}/heads.txt", b"block 1 ", b"block 1 0", "heads.txt, line 2: expected the head of block 1"),
        (f"{PAGE}/heads.txt", b"tokens 10 ", b"tokens 11 ", "heads.txt, line 2: it was “block 1"),
    ],
    ids=["freeze", "booth", "malformed", "rewritten"],
)  # fmt: skip
def test_what_is_not_as_it_was_is_told(
    page: str, old: bytes, new: bytes, words: str, site: Site, tmp_path: Path
) -> None:
    site.come_to(2)
    watch(tmp_path / "state.json")
    site.pages[page] = site.pages[page].replace(old, new, 1)

    result = watch(tmp_path / "state.json")

    assert result.exit_code == 1
    assert f"DIFFERS: {words}" in result.output
    assert watch(tmp_path / "state.json").exit_code == 1  # what was seen first is not forgotten


def test_a_board_that_goes_back_is_told(site: Site, tmp_path: Path) -> None:
    site.come_to(3)
    watch(tmp_path / "state.json")
    site.come_to(2)

    assert "heads.txt, line 3: it was “block 2" in watch(tmp_path / "state.json").output


def test_a_mailed_head_that_the_site_does_not_show_is_told(site: Site, tmp_path: Path) -> None:
    kept = tmp_path / "mail.txt"
    kept.write_text(made.usual().mailed)

    result = watch(tmp_path / "state.json", "--heads", kept)

    assert result.exit_code == 1
    assert "was mailed, and is not in heads.txt" in result.output


def test_tokens_do_not_become_fewer(site: Site) -> None:
    site.come_to(3)
    page = (
        site.pages[f"{PAGE}/heads.txt"]
        .replace(b"tokens 10", b"tokens 9", 2)
        .replace(b"tokens 9", b"tokens 10", 1)
    )
    site.pages[f"{PAGE}/heads.txt"] = page

    found = list(watching.differences(watching.look(PAGE), None))

    assert found == ["heads.txt, line 3: 9 tokens, after 10 in the line before"]


def test_a_site_that_shows_nothing_ends_with_2(site: Site, tmp_path: Path) -> None:
    site.pages.clear()

    result = watch(tmp_path / "state.json")

    assert result.exit_code == 2
    assert "Not reached" in result.stderr


def test_what_is_no_freeze_is_not_reached(site: Site) -> None:
    site.pages[f"{PAGE}/freeze.json"] = b"<html>"

    with pytest.raises(watching.Unreachable, match="this is no freeze"):
        watching.look(PAGE)


@pytest.mark.parametrize("content", ["[]", "no json", json.dumps({PAGE: {"freeze": 1}})])
def test_a_file_of_something_else_is_not_overwritten(content: str, site: Site, tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    state.write_text(content)

    assert watch(state).exit_code == 2
    assert state.read_text() == content


@pytest.mark.parametrize("address", ["file:///etc/passwd", "community.example"])
def test_only_the_web_is_fetched_from(address: str) -> None:
    with pytest.raises(watching.Unreachable, match="an address begins with https"):
        watching.fetch(address)


@pytest.fixture
def site_of_files() -> Iterator[str]:
    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = self.path == "/page"
            self.send_response(200 if known else 404)
            self.end_headers()
            self.wfile.write(b"a page" if known else b"")

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_page_is_fetched(site_of_files: str) -> None:
    assert digest(watching.fetch(f"{site_of_files}/page")) == digest(b"a page")
    with pytest.raises(watching.Unreachable, match="404"):
        watching.fetch(f"{site_of_files}/nothing")
