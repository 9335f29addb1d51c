"""What a page loads is ours or accounted for, and light."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

STATIC = Path(__file__).parents[2] / "static"
MANIFEST: list[dict[str, Any]] = json.loads((STATIC / "vendor" / "manifest.json").read_text())
KILOBYTE = 1024
OWN = sorted([*STATIC.glob("css/*.css"), *STATIC.glob("js/*.js"), *STATIC.glob("img/*.svg")])


def zipped(pattern: str) -> int:
    """Bytes of all matching files, each compressed as it is served."""
    return sum(len(gzip.compress(path.read_bytes(), 9)) for path in STATIC.glob(pattern))


@pytest.mark.parametrize("entry", MANIFEST, ids=lambda entry: entry["path"])
def test_a_file_from_elsewhere_is_the_one_the_manifest_names(entry: dict[str, Any]) -> None:
    assert hashlib.sha256((STATIC / entry["path"]).read_bytes()).hexdigest() == entry["sha256"]
    assert (STATIC / entry["licence_file"]).read_text().strip()
    assert all(entry[key] for key in ("name", "version", "licence", "source", "change"))


def test_no_file_from_elsewhere_is_missing_in_the_manifest() -> None:
    kept = {path.relative_to(STATIC).as_posix() for path in (STATIC / "vendor").rglob("*") if path.is_file()}
    named = {entry[key] for entry in MANIFEST for key in ("path", "licence_file")}

    assert kept - {"vendor/manifest.json"} <= named


def test_the_style_of_a_page_is_light() -> None:
    assert zipped("css/*.css") <= 15 * KILOBYTE


def test_all_scripts_together_are_light() -> None:
    assert zipped("js/*.js") - zipped("js/officer_keys.js") <= 15 * KILOBYTE


def test_the_officers_script_is_light_enough_for_one_page() -> None:
    assert zipped("js/officer_keys.js") <= 40 * KILOBYTE


def test_the_typeface_is_light_in_all_its_letters() -> None:
    assert sum(path.stat().st_size for path in STATIC.glob("vendor/**/*.woff2")) <= 40 * KILOBYTE


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_nothing_is_asked_of_another_host(path: Path) -> None:
    hosts = re.findall(r"https?://[\w.-]+", path.read_text())

    assert set(hosts) <= {"http://www.w3.org"}  # the name of SVG's namespace, never fetched


@pytest.mark.parametrize("path", sorted(STATIC.glob("js/*.js")), ids=lambda path: path.name)
def test_a_script_says_what_it_does_and_stands_alone(path: Path) -> None:
    text = path.read_text()

    assert text.startswith("// ")
    assert not re.search(
        r"^(?:import|export)\b|\beval\(|new Function\b|\.style\b|document\.write", text, re.MULTILINE
    )
