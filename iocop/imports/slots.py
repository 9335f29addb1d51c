"""What imports say on a profile: where somebody wrote before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import select

from iocop.core.cache import kept_with_people
from iocop.core.db import db
from iocop.core.slots import fills
from iocop.members.models import Member

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


@fills("profile_section")
def wrote_elsewhere(member_ids: Collection[int], **_about: Any) -> Mapping[int, Markup]:
    """Under which names a member wrote on other sites, as an administrator has confirmed."""
    claimed = (
        select(Member.claimed_by_id, Member.name, Member.source)
        .where(Member.claimed_by_id.in_(member_ids))
        .order_by(Member.id)
    )
    rows = kept_with_people(("claimed", *member_ids), lambda: db.session.execute(claimed).all())
    found: dict[int, Markup] = {}
    for member_id, name, source in rows:
        assert member_id is not None  # noqa: S101 -- asked for by it
        line = _("Wrote elsewhere: as %(name)s on %(source)s.", name=name, source=source)
        found[member_id] = found.get(member_id, Markup()) + Markup("<p>{}</p>").format(line)
    return found
