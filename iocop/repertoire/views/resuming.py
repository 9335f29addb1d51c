"""Where a draft is gone on with."""

from __future__ import annotations

from iocop.contributions.resuming import resumes
from iocop.contributions.services.drafting import LONGEST_KEY
from iocop.repertoire.addresses import suggestion_address
from iocop.repertoire.sections import short


def draft_key(article_id: int, section: str) -> str:
    """Return the name of the draft of an article's edit, or of one section's."""
    key = f"edit:{article_id}:{section}" if section else f"edit:{article_id}"
    return key if len(key) <= LONGEST_KEY else f"edit:{article_id}:{short(section)}"


@resumes("article")
def _new_resumed(kind: str) -> str:
    return f"/repertoire/new?kind={kind}"


@resumes("edit")
def _edit_resumed(reference: str) -> str:
    article_id, _colon, section = reference.partition(":")
    return f"/a/{article_id}/edit" + (f"?section={section}" if section else "")


@resumes("suggestion")
def _suggestion_resumed(proposal_id: str) -> str:
    return f"{suggestion_address(int(proposal_id))}/edit"
