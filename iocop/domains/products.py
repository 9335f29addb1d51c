"""Whether something is about a product: the one rule behind every conflict of interest. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from iocop.domains.slugs import tag_slug

if TYPE_CHECKING:
    from collections.abc import Collection


def is_about(product: str, words: str, tags: Collection[str]) -> bool:
    """Say whether words name a product, as whole words in any case, or tags (their slugs) stand for it."""
    if tag_slug(product) in tags:
        return True
    return re.search(rf"(?<!\w){re.escape(product)}(?!\w)", words, re.IGNORECASE) is not None
