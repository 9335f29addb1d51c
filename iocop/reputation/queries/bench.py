"""Who may look at the members who wait for level 3, read at once for all of them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from iocop.core import clock
from iocop.core.db import db
from iocop.members.models import Member
from iocop.reputation.promotion import Panel, panel
from iocop.reputation.queries.groups import groups_now, voices_now
from iocop.roles.models import RoleGrant
from iocop.roles.queries import in_force

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Select

    from iocop.reputation.queries.levels import Place

_POWERS: Final = {"domain_steward": "steward", "curator": "curator", "board_member": "board"}


class Bench:
    """The holders of every office that looks at candidates, with their organizations: five statements.

    Args:
        candidates: the members about whom it will be asked.
    """

    def __init__(self, candidates: Collection[int]) -> None:
        self._holders: dict[tuple[str, int | None], list[int]] = defaultdict(list)
        rows = db.session.execute(
            select(RoleGrant.role, RoleGrant.scope_id, RoleGrant.member_id)
            .join(Member, Member.id == RoleGrant.member_id)
            .where(
                RoleGrant.role.in_(_POWERS),
                RoleGrant.scope_kind.in_(("site", "domain")),
                in_force(clock.now()),
                Member.state == "active",
            )
            .order_by(RoleGrant.valid_from, RoleGrant.id)
        ).all()
        for row in rows:
            self._holders[_POWERS[row.role], row.scope_id].append(row.member_id)
        people = {row.member_id for row in rows} | {*candidates}
        self._groups = groups_now(people).of_member
        self._voices = voices_now(people)

    def panel(self, place: Place) -> Panel:
        """Return who is asked about a member in a domain."""
        offices = {
            power: [*self._holders[power, place.domain_id], *self._holders[power, None]]
            for power in _POWERS.values()
        }
        theirs = self._groups.get(place.member_id, frozenset())
        near = {
            member_id
            for holders in offices.values()
            for member_id in holders
            if member_id == place.member_id or self._groups.get(member_id, frozenset()) & theirs
        }
        return panel(offices, near, self._voices)


def serving(member_id: int) -> Select[Any]:
    """Return the grants by which a member may be asked about candidates."""
    return select(RoleGrant.id).where(
        RoleGrant.member_id == member_id, RoleGrant.role.in_(_POWERS), in_force(clock.now())
    )


def serves_somewhere(member_id: int) -> bool:
    return db.session.scalar(serving(member_id).limit(1)) is not None
