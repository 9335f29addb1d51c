"""Where articles and suggestions are read: pure, and told to permalinks."""

from __future__ import annotations

from typing import Final

from iocop.contributions.addresses import shows
from iocop.domains.slugs import slug

POSTS_A_PAGE: Final = 20
"""Of the discussion below an article or a suggestion."""

RESERVED: Final = frozenset({
    "compare", "confirmations", "credits", "distil", "edit", "history", "keepers", "links", "notes",
    "provenance", "suggest", "taken-home", "take-home",
})  # fmt: skip
"""What pages about an article are called: a title of this name stays out of its address."""


def article_address(article_id: int, title: str) -> str:
    """Return an article's own address, with its title's words."""
    words = slug(title)
    return f"/a/{article_id}" + (f"/{words}" if words not in RESERVED | {"-"} else "")


def suggestion_address(proposal_id: int) -> str:
    return f"/repertoire/suggestions/{proposal_id}"


def page_of(position: int) -> int:
    """Return the number of the page that shows a position; the root itself stands on every page."""
    return max(0, position - 2) // POSTS_A_PAGE + 1


@shows("article")
def _article(article_id: int, position: int) -> str:
    return _below(f"/a/{article_id}", position)


@shows("proposal")
def _proposal(proposal_id: int, position: int) -> str:
    return _below(suggestion_address(proposal_id), position)


@shows("comment")
def _comment(article_id: int, position: int) -> str:
    return f"/a/{article_id}/notes#post-{position}"


def _below(address: str, position: int) -> str:
    if position == 1:
        return address
    page = page_of(position)
    return address + (f"?page={page}" if page > 1 else "") + f"#post-{position}"
