"""Standing weighs no ballot and no candidacy: nothing about offices and decisions reads it, and it reads nothing of them.

What elections themselves must show is shown when they are built; here stands what keeps the two apart until then.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from iocop.core import events
from iocop.core.db import Model
from iocop.reputation.rules import RULES
from tests.documents import IOCOP

DECIDING = ("roles", "motions", "elections", "gatherings")
"""Features in which somebody is chosen or something is put to the vote; those to come are held to it as well."""
FACTS = {"level", "levels", "rung", "ability"}
ALLOWED = {("roles/policy.py", "may_steward", "rung")}
"""Stewards are appointed, not elected: the board chooses among a domain's experts."""


def modules() -> list[Path]:
    return [path for feature in DECIDING for path in (IOCOP / feature).rglob("*.py")]


def facts_asked(path: Path) -> set[tuple[str, str, str]]:
    """Return which facts of standing a module asks, each with the function that does."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        (str(path.relative_to(IOCOP)), function.name, str(call.args[0].value))
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for call in ast.walk(function)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "fact"
        if call.args and isinstance(call.args[0], ast.Constant) and call.args[0].value in FACTS
    }


def imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    return names | {
        alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    }


def test_nothing_about_offices_and_decisions_asks_for_standing_but_the_appointment_of_stewards() -> None:
    assert modules()
    assert {asked for path in modules() for asked in facts_asked(path)} == ALLOWED


def test_nothing_about_offices_and_decisions_imports_reputation() -> None:
    assert [
        path for path in modules() if any(name.startswith("iocop.reputation") for name in imported(path))
    ] == []


@pytest.mark.usefixtures("shared_app")
def test_no_table_of_offices_and_decisions_refers_to_standing() -> None:
    standing = {
        str(mapper.local_table)
        for mapper in Model.registry.mappers
        if mapper.class_.__module__.startswith("iocop.reputation")
    }
    deciding = [
        mapper.local_table
        for mapper in Model.registry.mappers
        if mapper.class_.__module__.split(".")[1] in DECIDING
    ]

    assert {"ledger", "balance", "rung"} <= standing
    assert deciding
    assert [
        key.target_fullname
        for table in deciding
        for key in table.foreign_keys
        if key.target_fullname.split(".")[0] in standing
    ] == []


@pytest.mark.usefixtures("shared_app")
def test_nothing_that_is_decided_moves_points_or_levels() -> None:
    heard = {
        kind.__module__.split(".")[1]
        for listening in (events._within, _after())
        for kind, handlers in listening.items()
        for handler in handlers
        if handler.__module__.startswith("iocop.reputation")
    }

    assert "contributions" in heard
    assert heard.isdisjoint(DECIDING)
    assert not any(
        word in rule for rule in RULES for word in ("vote", "ballot", "candida", "elect", "office")
    )


def _after() -> dict[type, list[object]]:
    found: dict[type, list[object]] = {}
    for listener in events.listeners().values():
        for name in listener.kinds:
            found.setdefault(events.Event.kinds[name], []).append(listener.tell)
    return found
