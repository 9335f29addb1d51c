"""The documents say what the code says: a feature, event, permission or command that one of them lacks fails here."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import pytest

from iocop import FEATURES
from iocop.core.events import Event
from tests.documents import DOCUMENTS, IOCOP, ROOT

if TYPE_CHECKING:
    from flask import Flask

MAP_ROW = re.compile(r"^\|[^|]*\| `(\w+)` \| (\w+) \| ([^|]+) \|$", re.MULTILINE)
DOCSTRING = re.compile(r"^(.+)\. \(Facet: (\w+)\)$")


def test_the_map_tells_each_features_facet_and_purpose() -> None:
    rows = MAP_ROW.findall((ROOT / "docs" / "map.md").read_text(encoding="utf-8"))

    said = {feature: (facet, words.strip()) for feature, facet, words in rows}
    meant = {}
    for feature in FEATURES:
        found = DOCSTRING.match(
            ast.get_docstring(ast.parse((IOCOP / feature / "__init__.py").read_text())) or ""
        )
        assert found, feature
        meant[feature] = (found[2], found[1])
    assert said == meant


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_made_from_the_code_is_up_to_date(name: str, shared_app: Flask) -> None:
    kept = (ROOT / "docs" / name).read_text(encoding="utf-8")

    assert kept == DOCUMENTS[name](shared_app).rstrip() + "\n", "run: python -m tests.documents"


def test_every_event_stands_in_the_document() -> None:
    own = [name for name, kind in Event.kinds.items() if kind.__module__.startswith("iocop.")]
    text = (ROOT / "docs" / "events.md").read_text(encoding="utf-8")

    assert own
    assert [name for name in own if f"| `{name}` |" not in text] == []


def test_every_question_of_policy_stands_in_the_document() -> None:
    asked = {
        node.name
        for path in IOCOP.glob("*/policy.py")
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("may_")
    }
    text = (ROOT / "docs" / "permissions.md").read_text(encoding="utf-8")

    assert [name for name in sorted(asked) if f"| `{name}` |" not in text] == []


def test_every_command_says_what_it_does(shared_app: Flask) -> None:
    text = DOCUMENTS["commands.md"](shared_app)

    silent = re.findall(r"^## (iocop .+)\n\n\n", text, re.MULTILINE)
    assert silent == []
