"""The locks hold what pyproject.toml asks for, and name no place to fetch it from."""

from __future__ import annotations

import json
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PIN = re.compile(r"^[a-z0-9][^\\\n]*==[^\\\n]*", re.MULTILINE)
SITE, TOOLS = "requirements.lock", "requirements-dev.lock"


def project() -> dict[str, Any]:
    content: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return content


def pins(lock: str) -> dict[str, str]:
    """Return the versions *lock* gives this Python, by package."""
    found = map(Requirement, PIN.findall((ROOT / lock).read_text(encoding="utf-8")))
    here = [pin for pin in found if pin.marker is None or pin.marker.evaluate()]
    return {canonicalize_name(pin.name): str(pin.specifier).removeprefix("==") for pin in here}


def unmet(lock: str, extras: list[str]) -> list[str]:
    optional = project()["optional-dependencies"]
    wanted = [*project()["dependencies"], *(line for extra in extras for line in optional[extra])]
    pinned = pins(lock)
    return [
        line
        for line in wanted
        if not (wish := Requirement(line)).specifier.contains(pinned.get(canonicalize_name(wish.name), "0"))
    ]


def test_the_sites_lock_meets_every_dependency() -> None:
    assert unmet(SITE, ["postgresql", "redis"]) == [], "say: make lock"


def test_the_tools_lock_meets_every_extra_and_agrees_with_the_sites() -> None:
    assert unmet(TOOLS, list(project()["optional-dependencies"])) == [], "say: make lock"
    assert pins(SITE).items() <= pins(TOOLS).items()


def test_a_dependency_that_is_not_pinned_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = project() | {"dependencies": ["never-heard-of>=1", "flask>=99"]}
    monkeypatch.setattr(sys.modules[__name__], "project", lambda: asked)

    assert unmet(SITE, []) == ["never-heard-of>=1", "flask>=99"]


@pytest.mark.parametrize("lock", [SITE, TOOLS])
def test_a_lock_names_hashes_and_no_addresses(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")

    assert "://" not in text
    assert not re.search(r"^--|find-links", text, re.MULTILINE)
    assert all("--hash=sha256:" in block for block in PIN.split(text)[1:])


def test_the_page_checkers_lock_names_hashes_and_no_addresses() -> None:
    lock = json.loads((ROOT / "tests/browser/package-lock.json").read_text(encoding="utf-8"))
    packages = [package for path, package in lock["packages"].items() if path]

    assert packages
    assert all(package["integrity"] and "resolved" not in package for package in packages)
