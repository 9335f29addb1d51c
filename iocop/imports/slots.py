"""What imports say on a profile: where somebody wrote before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import bindparam, select

from iocop.core.cache import kept_with_people
from iocop.core.db import read
from iocop.core.slots import fills
from iocop.members.models import Member

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


_CLAIMED = (
    select(Member.claimed_by_id, Member.name, Member.source)
    .where(Member.claimed_by_id.in_(bindparam("members", expanding=True)))
    .order_by(Member.id)
)


@fills("profile_section")
def wrote_elsewhere(member_ids: Collection[int], **_about: Any) -> Mapping[int, Markup]:
    """Under which names a member wrote on other sites, as an administrator has confirmed."""
    rows = kept_with_people(
        ("claimed", *member_ids), lambda: read(_CLAIMED, {"members": list(member_ids)}).all()
    )
    found: dict[int, Markup] = {}
    for row in rows:
        line = _("Wrote elsewhere: as %(name)s on %(source)s.", name=row.name, source=row.source)
        found[row.claimed_by_id] = found.get(row.claimed_by_id, Markup()) + Markup("<p>{}</p>").format(line)
    return found
