"""A pytest plugin: which rows of docs/theory.md a test shows, and which are open."""

import re
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path

import pytest

REGISTER = Path(__file__).parents[1] / "docs" / "theory.md"
ROW = re.compile(r"^\| (\d\.\d+[a-e]?) \| ([^|]+) \| ([^|]+) \| (\d+)( softened)? \|$", re.MULTILINE)
SHOWN = pytest.StashKey[dict[str, list[str]]]()
PIECES = {
    2: "foundation",
    3: "repertoire",
    4: "search",
    5: "reputation",
    6: "elections",
    7: "daily life",
    9: "governance",
    10: "learning transfer",
    11: "dashboard",
    12: "people and places",
    13: "credentials",
}


@dataclass(frozen=True, slots=True)
class Row:
    number: str
    deed: str
    observation: str
    piece: int
    softened: bool

    def __str__(self) -> str:
        return f"{self.number}{' (softened)' if self.softened else ''}  {self.observation}"


def rows_of(text: str) -> list[Row]:
    return [
        Row(number, deed, observation, int(piece), bool(softened))
        for number, deed, observation, piece, softened in ROW.findall(text)
    ]


@cache
def register() -> dict[str, Row]:
    return {row.number: row for row in rows_of(REGISTER.read_text(encoding="utf-8"))}


def named(item: pytest.Item) -> str:
    return item.nodeid.partition("[")[0]  # a parametrized test is one observation


def numbers(item: pytest.Item) -> Iterator[object]:
    for marker in item.iter_markers("theory"):
        yield from marker.args


def shown_by(items: Iterable[pytest.Item]) -> dict[str, list[str]]:
    """Map each shown number to its tests; a test that is always skipped, or meant to fail, shows nothing."""
    shown: dict[str, list[str]] = {}
    for item in items:
        if item.get_closest_marker("skip") or item.get_closest_marker("xfail"):
            continue
        for number in numbers(item):
            tests = shown.setdefault(str(number), [])
            if named(item) not in tests:
                tests.append(named(item))
    return shown


def open_rows(shown: dict[str, list[str]]) -> list[Row]:
    """List what no test shows, by piece of work, else in the order of the register."""
    return sorted((row for row in register().values() if row.number not in shown), key=lambda row: row.piece)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("theory")
    group.addoption("--theory", action="store_true", help="list shown and open rows; run nothing")
    group.addoption(
        "--theory-issue", type=int, choices=list(PIECES), help="as --theory; fail if this piece is open"
    )


def asked(config: pytest.Config) -> bool:
    return bool(config.getoption("theory")) or config.getoption("theory_issue") is not None


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    items = [node for node in report.result or () if isinstance(node, pytest.Item)]
    errors = [
        f"{named(item)} is marked with {number!r}, which is no row of docs/theory.md"
        for item in items
        for number in numbers(item)
        if number not in register()
    ]
    if errors:
        report.outcome = "failed"
        report.longrepr = "\n".join(dict.fromkeys(errors))
    return report


def pytest_collection_finish(session: pytest.Session) -> None:
    session.config.stash[SHOWN] = shown_by(session.items)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    return True if asked(session.config) else None  # anything but None ends the loop before its first test


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    issue = session.config.getoption("theory_issue")
    if any(row.piece == issue for row in open_rows(session.config.stash.get(SHOWN, {}))):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if asked(config):
        for line in lines(config.stash.get(SHOWN, {})):
            terminalreporter.write_line(line)


def lines(shown: dict[str, list[str]]) -> Iterator[str]:
    for row in register().values():
        if row.number in shown:
            yield str(row)
            yield from (f"    {test}" for test in shown[row.number])
    missing = open_rows(shown)
    for piece, rows in groupby(missing, key=lambda row: row.piece):
        yield f"\nOpen in {piece} {PIECES[piece]}:"
        yield from (f"    {row}" for row in rows)
    total = len(register())
    yield f"\n{total - len(missing)} of {total} rows shown, {len(missing)} open"
