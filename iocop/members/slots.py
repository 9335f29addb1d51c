"""What members/ itself puts on higher features' pages: quiet notices to the member who is looking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template
from markupsafe import Markup

from iocop.core.login import viewer
from iocop.core.slots import fills
from iocop.members import queries

if TYPE_CHECKING:
    from collections.abc import Collection


@fills("member_notice")
def notices(ids: Collection[int]) -> dict[int, Markup]:
    """Say to the one who is looking what is due: the yearly question, an officer's second step."""
    own = viewer().id
    if own not in ids:
        return {}
    due = what_is_due()
    if not any(due.values()):
        return {}
    return {own: Markup(render_template("members/notices.html", **due))}  # noqa: S704 -- the template escapes


def what_is_due() -> dict[str, bool]:
    """Return what ``members/notices.html`` shows to the one who is looking."""
    own = viewer()
    return {
        "review_due": queries.review_is_due(own),
        "officer": bool(own.roles) and queries.lacks_authenticator(own.id),
    }
