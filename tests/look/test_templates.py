"""Templates are made of known parts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"
ALL = sorted(TEMPLATES.rglob("*.html"))
MACROS = sorted((TEMPLATES / "_macros").glob("*.html"))
LEAST_ICONS = 40
JINJA = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)


def name(path: Path) -> str:
    return path.relative_to(TEMPLATES).as_posix()


@pytest.mark.parametrize("path", MACROS, ids=lambda path: path.stem)
def test_a_component_says_first_what_it_is(path: Path) -> None:
    assert re.match(r"\{# .{20,}", path.read_text())


@pytest.mark.parametrize("path", MACROS, ids=lambda path: path.stem)
def test_a_component_is_used(path: Path) -> None:
    others = "\n".join(other.read_text() for other in ALL if other != path)

    assert f'"_macros/{path.name}"' in others


@pytest.mark.parametrize("path", MACROS, ids=lambda path: path.stem)
def test_a_macro_is_listed_with_its_signature(path: Path) -> None:
    listed = (TEMPLATES / "_macros" / "README.md").read_text()

    assert all(
        signature in listed for signature in re.findall(r"\{% macro (\w+\(.*?\)) -?%\}", path.read_text())
    )


@pytest.mark.parametrize("path", ALL, ids=name)
def test_an_icon_is_in_the_sprite(path: Path) -> None:
    known = set(re.findall(r'<symbol id="([\w-]+)"', (ROOT / "static" / "img" / "icons.svg").read_text()))
    named = re.findall(r'\bicon\("([\w-]+)"\)|icon_name="([\w-]+)"', path.read_text())

    assert len(known) >= LEAST_ICONS
    assert {one or other for one, other in named} <= known


@pytest.mark.parametrize("path", ALL, ids=name)
def test_a_template_is_short_and_holds_no_style_or_script(path: Path) -> None:
    text = path.read_text()

    assert len(text.splitlines()) <= 120
    assert not re.search(
        r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|href=.javascript:", JINJA.sub("", text)
    )
