"""Where a contribution is read, whatever its kind: the permalink that features above serve."""

from __future__ import annotations


def address(contribution_id: int) -> str:
    return f"/p/{contribution_id}"
