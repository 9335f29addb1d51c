"""How what documents are filtered by is written (`port.KEYS`). Pure."""

from __future__ import annotations

import re
from typing import Final

from iocop.domains.slugs import tag_slug

OPEN: Final = "open=1"
"""On what guests may read: a public label in a public space."""

_VERSION: Final = re.compile(r"\d\w*(?:\.\w+)*")


def key(name: str, value: int | str) -> str:
    return f"{name}={value}"


def product_slug(name: str) -> str:
    """Return what stands for a product in keys, however it is capitalised or spaced; may be empty."""
    return tag_slug(name)


def version_numbers(words: str) -> tuple[str, ...]:
    """Return the versions that words name, in lower case: of ``6.1–6.2`` both ends, as nobody knows what lies between."""
    return tuple(dict.fromkeys(_VERSION.findall(words.lower())))


def version_key(product: str, version: str) -> str:
    """Return the key of one version of a product, given as slug and as `version_numbers` has it."""
    return key("version", f"{product} {version}")


def product_keys(name: str, versions: str) -> frozenset[str]:
    """Return the keys of what is about a product; none without a name."""
    product = product_slug(name)
    if not product:
        return frozenset()
    numbered = (version_key(product, version) for version in version_numbers(versions))
    return frozenset({key("product", product), *numbered})
