"""Builds the booth and the officers' script, and writes their hashes into the manifest of what comes from elsewhere.

``python -m tests.elections.booth.build`` (``make booth``); the packages are those of tests/browser/package-lock.json.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from tests.elections.booth.node import run

STATIC = Path(__file__).parents[3] / "static"
LOCK = Path(__file__).parents[2] / "browser" / "package-lock.json"
BUILT = ("booth/booth.html", "js/officer_keys.js")
PACKAGES = ("ciphers", "curves", "hashes")


def entry(path: str, versions: str) -> dict[str, Any]:
    return {
        "path": path,
        "name": "noble cryptography",
        "version": versions,
        "licence": "MIT",
        "licence_file": "vendor/noble/LICENSE.txt",
        "source": ", ".join(f"npm:@noble/{name}" for name in PACKAGES),
        "change": "bundled with our own code by static/booth/build.mjs",
        "sha256": hashlib.sha256((STATIC / path).read_bytes()).hexdigest(),
    }


def main() -> None:
    run(STATIC / "booth" / "build.mjs")
    packages = json.loads(LOCK.read_text(encoding="utf-8"))["packages"]
    versions = ", ".join(f"{name} {packages[f'node_modules/@noble/{name}']['version']}" for name in PACKAGES)
    manifest = STATIC / "vendor" / "manifest.json"
    others = [one for one in json.loads(manifest.read_text(encoding="utf-8")) if one["path"] not in BUILT]
    kept = [*others, *(entry(path, versions) for path in BUILT)]
    manifest.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
