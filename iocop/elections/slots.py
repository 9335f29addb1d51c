"""What elections put on the front pages: what they ask of the member who looks, and for guests that one is held."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template
from markupsafe import Markup

from iocop.core import clock
from iocop.core.login import viewer
from iocop.core.slots import fills
from iocop.elections.queries.calling import calls, open_to_all

if TYPE_CHECKING:
    from collections.abc import Collection


@fills("member_notice")
def notices(ids: Collection[int]) -> dict[int, Markup]:
    """Say to the one who is looking what an election asks of them."""
    own = viewer()
    if own.id not in ids:
        return {}
    found = calls(own, clock.now())
    if not found:
        return {}
    return {own.id: Markup(render_template("elections/notices.html", calls=found))}  # noqa: S704 -- the template escapes


@fills("guest_notice")
def tell_guests(ids: Collection[int]) -> dict[int, Markup]:
    """Say to a guest which elections are held in the open; the page is kept until an officer's act."""
    found = open_to_all()
    if not found:
        return {}
    text = Markup(render_template("elections/guest_notice.html", elections=found))  # noqa: S704 -- the template escapes
    return dict.fromkeys(ids, text)
