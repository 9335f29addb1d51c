"""The house's rules that no linter knows."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from iocop import FEATURES

ROOT = Path(__file__).parents[2]
IOCOP = ROOT / "iocop"
FACET = re.compile(r"\(Facet: (?:portfolio|technology|structure|identity)\)$")
FILES = sorted(IOCOP.rglob("*.py"))
LONG = {
    "elections/archive_verify.py"
}  # lies in every archive as the one file a sceptic reads, with nothing beside it


def name(path: Path) -> str:
    return path.relative_to(IOCOP).as_posix()


def imports(tree: ast.Module) -> set[str]:
    """The modules a file imports from, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


@pytest.mark.parametrize("feature", FEATURES)
def test_a_feature_says_in_one_line_which_facet_it_serves(feature: str) -> None:
    words = ast.get_docstring(ast.parse((IOCOP / feature / "__init__.py").read_text()))

    assert words
    assert len(words.splitlines()) == 1
    assert FACET.search(words)


def test_every_folder_is_a_feature_of_the_table_of_contents() -> None:
    folders = {path.parent.name for path in IOCOP.glob("*/__init__.py")}

    assert folders == set(FEATURES)


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_file_is_short_and_nothing_imports_the_table_of_contents(path: Path) -> None:
    text = path.read_text()
    back = {"core/cli.py"}  # the command line alone makes an application

    assert len(text.splitlines()) <= 300 or name(path) in LONG
    assert ("iocop" in imports(ast.parse(text))) is (name(path) in back)


@pytest.mark.parametrize("path", [path for path in FILES if path.name == "events.py"], ids=name)
def test_events_know_nothing_but_themselves(path: Path) -> None:
    if name(path) == "core/events.py":
        return
    found = imports(ast.parse(path.read_text()))

    assert {module for module in found if module.startswith("iocop.")} <= {"iocop.core.events"}


@pytest.mark.parametrize("path", FILES, ids=name)
def test_nothing_but_the_clock_asks_what_time_it_is(path: Path) -> None:
    if name(path) in {"core/clock.py"}:
        return

    assert not re.search(r"\bdatetime\.(?:now|utcnow|today)\(|\bdate\.today\(", path.read_text())


WITHOUT_PARAMETERS = {"contributions/services/loading.py", "elections/box/founding.py"}
"""Pragmas, and the definition of a table whose name holds an election's number: what takes no parameter; all ours."""


@pytest.mark.parametrize("path", FILES, ids=name)
def test_no_statement_is_made_of_text(path: Path) -> None:
    """A value in a statement is always a parameter (ASVS 5.0, 1.2.4)."""
    if name(path) in WITHOUT_PARAMETERS:
        return
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if called in {"text", "exec_driver_sql"} and node.args:
            assert not isinstance(node.args[0], (ast.JoinedStr, ast.BinOp)), f"{name(path)}:{node.lineno}"
