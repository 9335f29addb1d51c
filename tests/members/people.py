"""Officers, made the way the site makes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from iocop.core import clock
from iocop.roles.models import Decision, RoleGrant
from tests.factories import make_member, saved, viewer_of

if TYPE_CHECKING:
    from iocop.core.login import Viewer


def make_officer(role: str, **given: Any) -> Viewer:
    """A member who holds a site-wide office from now on."""
    member = make_member(**{"roles": [role]} | given)
    now = clock.now()
    decision = saved(Decision(body="Founders", decided_on=now.date(), text="Because.", recorded_at=now))
    saved(RoleGrant(member_id=member.id, role=role, decision_id=decision.id, valid_from=now))
    return viewer_of(member)
