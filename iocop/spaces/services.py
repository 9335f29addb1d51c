"""Every change of a space and of who may be in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.errors import Conflict, Invalid, Missing
from iocop.core.events import emit
from iocop.core.policy import require
from iocop.core.versions import bump
from iocop.domains.slugs import address
from iocop.organizations.models import Affiliation
from iocop.organizations.queries import survivor_of
from iocop.spaces import policy
from iocop.spaces.events import (
    AudienceChanged,
    SpaceAccessEnded,
    SpaceAccessGiven,
    SpaceChanged,
    SpaceOpened,
)
from iocop.spaces.models import AUDIENCES, Space, SpaceGrant
from iocop.spaces.queries import readers_among

if TYPE_CHECKING:
    from iocop.core.login import Viewer


def open_space(actor: Viewer, name: str, about: str = "", audience: str = "members") -> Space:
    """Open a space.

    Raises:
        Refused: not an administrator.
        Conflict: a space has this name.
        Invalid: not an audience, or no letter or digit is in the name.
    """
    _require_audience(audience)
    slug = address(name)
    if not slug:
        raise Invalid(_l("A name has at least one letter or digit."), "name")
    with act() as session:
        require(policy.may_open_spaces(actor))
        space = Space(
            name=name.strip(), slug=slug, about=about.strip(), audience=audience, created_at=clock.now()
        )
        session.add(space)
        _flush()
        bump("spaces", "topics")
        emit(SpaceOpened(actor.id, space_id=space.id))
    return space


def change_space(
    actor: Viewer, space_id: int, *, name: str, about: str, audience: str, archived: bool
) -> Space:
    """Rename a space, open or close it to an audience, archive it.

    Raises:
        Refused: not an administrator.
        Conflict: another space has this name.
    """
    _require_audience(audience)
    with act():
        require(policy.may_open_spaces(actor))
        space = _space(space_id)
        before = space.audience
        space.name, space.about, space.audience = name.strip(), about.strip(), audience
        space.archived_at = (space.archived_at or clock.now()) if archived else None
        _flush()
        bump("spaces", "topics", "site")  # every page a guest was served may have become closed
        emit(SpaceChanged(actor.id, space_id=space_id))
        if audience != before:
            emit(AudienceChanged(actor.id, space_id=space_id))
    return space


def admit(
    actor: Viewer, space_id: int, *, member_id: int | None = None, organization_id: int | None = None
) -> SpaceGrant:
    """Let a person, or everybody verified of an organization, into a named space.

    Raises:
        Refused: not an administrator.
        Conflict: they are in already.
        Invalid: neither or both were named.
    """
    if (member_id is None) == (organization_id is None):
        raise Invalid(_l("Name either a person or an organization."), "who")
    with act() as session:
        require(policy.may_open_spaces(actor))
        _space(space_id)
        if organization_id is not None:
            organization_id = survivor_of(organization_id)
        grant = SpaceGrant(
            space_id=space_id, member_id=member_id, organization_id=organization_id, granted_at=clock.now(),
            granted_by_id=actor.id,
        )  # fmt: skip
        session.add(grant)
        try:
            with session.begin_nested():
                session.flush()
        except IntegrityError as error:
            raise Conflict(_l("They are in this space already.")) from error
        emit(
            SpaceAccessGiven(
                actor.id, space_id=space_id, member_id=member_id, organization_id=organization_id
            )
        )
    return grant


def dismiss(actor: Viewer, grant_id: int) -> None:
    """End a grant; whoever rested on it alone is out at once, and told.

    Raises:
        Refused: not an administrator.
    """
    with act() as session:
        require(policy.may_open_spaces(actor))
        grant = session.get(SpaceGrant, grant_id)
        if grant is None or grant.ended_at is not None:
            raise Missing(_l("There is no such grant, or it has ended."))
        inside = readers_among(_named_by(grant), grant.space_id)
        grant.ended_at = clock.now()
        session.flush()
        for member_id in sorted(inside - readers_among(sorted(inside), grant.space_id)):
            emit(SpaceAccessEnded(actor.id, member_id=member_id, space_id=grant.space_id))
        emit(SpaceChanged(actor.id, space_id=grant.space_id))


def _named_by(grant: SpaceGrant) -> list[int]:
    """Return whom a grant names, or who states to be of the organization it names."""
    if grant.member_id is not None:
        return [grant.member_id]
    of_it = select(Affiliation.member_id).where(
        Affiliation.organization_id == grant.organization_id, Affiliation.superseded_at.is_(None)
    )
    return list(db.session.scalars(of_it.distinct()))


def grants_of(space_id: int) -> list[SpaceGrant]:
    """Return the live grants of a space, oldest first."""
    live = select(SpaceGrant).where(SpaceGrant.space_id == space_id, SpaceGrant.ended_at.is_(None))
    return list(db.session.scalars(live.order_by(SpaceGrant.id)))


def _require_audience(audience: str) -> None:
    if audience not in AUDIENCES:
        raise Invalid(
            _l("Choose who may read: public, members, verified members or named people."), "audience"
        )


def _space(space_id: int) -> Space:
    space = db.session.get(Space, space_id)
    if space is None:
        raise Missing(_l("There is no such space."))
    return space


def _flush() -> None:
    try:
        with db.session.begin_nested():
            db.session.flush()
    except IntegrityError as error:
        raise Conflict(_l("There is a space of this name already.")) from error
