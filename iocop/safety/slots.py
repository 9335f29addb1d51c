"""What stands about contacts and their lists on the pages of organizations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import render_template
from markupsafe import Markup

from iocop.core import clock
from iocop.core.slots import fills
from iocop.organizations.queries import contacts_of
from iocop.safety.queries import term_count

if TYPE_CHECKING:
    from collections.abc import Collection

    from iocop.core.login import Viewer


@fills("organization_section")
def contacts(organization_ids: Collection[int], viewer: Viewer, **_about: Any) -> dict[int, Markup]:
    """Who speaks for the organization, for members; for its contact, the way to the list of terms."""
    (organization_id,) = organization_ids  # the page of an organization shows one
    found = [each for each in contacts_of(organization_id, clock.now()) if each.proved] if viewer.id else []
    if not found:
        return {}
    own = any(each.number == viewer.number for each in found)
    count = term_count(organization_id) if own else 0
    page = render_template("safety/_contacts.html", contacts=found, own=own, count=count, key=organization_id)
    return {organization_id: Markup(page)}  # noqa: S704 -- a template's own output
