"""The booth is one page that anybody can build again to the byte, and that asks nothing of anybody else."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tests.browser.htmlvalidate import problems
from tests.elections.booth.node import run
from tests.elections.booth.stub import BOOTH, ROOT

STATIC = ROOT / "static"
BUILT = ("booth/booth.html", "js/officer_keys.js")
PAGE = BOOTH.read_text(encoding="utf-8")
SOUP = BeautifulSoup(PAGE, "html.parser")
LOCK = json.loads((ROOT / "tests/browser/package-lock.json").read_text(encoding="utf-8"))["packages"]
MANIFEST = json.loads((STATIC / "vendor/manifest.json").read_text(encoding="utf-8"))
KILOBYTE = 1024


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("booth")
    run(STATIC / "booth" / "build.mjs", str(folder))
    return folder


@pytest.mark.parametrize("path", BUILT)
def test_what_is_served_is_what_the_sources_make(rebuilt: Path, path: str) -> None:
    assert (rebuilt / path).read_bytes() == (STATIC / path).read_bytes(), "say: make booth"


@pytest.mark.parametrize("path", BUILT)
def test_what_is_built_of_packages_stands_in_the_manifest(path: str) -> None:
    [entry] = [entry for entry in MANIFEST if entry["path"] == path]

    versions = [
        f"{name} {LOCK[f'node_modules/@noble/{name}']['version']}" for name in ("ciphers", "curves", "hashes")
    ]
    assert entry["version"] == ", ".join(versions)


def hash_of(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_the_policy_of_the_page_lets_in_its_own_script_and_style_alone() -> None:
    [policy] = SOUP.select('meta[http-equiv="Content-Security-Policy"]')
    [script], [style] = SOUP.find_all("script"), SOUP.find_all("style")

    assert str(policy["content"]).split("; ") == [
        "default-src 'none'", f"script-src {hash_of(script.string or '')}", f"style-src {hash_of(style.string or '')}",
        "connect-src 'self'", "img-src 'self' data:", "form-action 'none'", "base-uri 'none'",
    ]  # fmt: skip


def test_the_page_is_valid_and_has_no_script_or_style_in_its_elements() -> None:
    assert problems(PAGE) == []
    assert not [
        name for tag in SOUP.find_all(True) for name in tag.attrs if name.startswith("on") or name == "style"
    ]


def test_the_page_asks_nothing_of_another_host_and_keeps_no_cookie() -> None:
    assert set(re.findall(r"https?://[\w.-]+", PAGE)) <= {"http://www.w3.org"}  # SVG's name, never fetched
    assert not re.search(
        r"document\.cookie|\beval\(|new Function\b|innerHTML|\.style\b|document\.write\b", PAGE
    )


def test_the_page_is_light() -> None:
    assert len(gzip.compress(PAGE.encode(), 9)) <= 62 * KILOBYTE
    assert len(gzip.compress(str(SOUP.script).encode(), 9)) <= 60 * KILOBYTE


def test_every_sentence_of_the_booth_is_used_and_every_one_used_is_there() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (STATIC / "booth/src/app").glob("*.js")]
    words = (STATIC / "booth/src/app/words.js").read_text(encoding="utf-8")
    table = set(re.findall(r'(?:^|, )\s*"?([\w.]+)"?: "', words, re.MULTILINE))
    used = {key for text in sources for key in re.findall(r'"([a-z]+\.(?!json")[A-Za-z0-9]+)"', text)}

    assert {key for key in used if key.split(".")[0] in {name.split(".")[0] for name in table}} <= table
