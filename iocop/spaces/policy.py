"""Who may read what, and carry it where: one verdict a thing, and for each the same rule as a filter of queries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, literal, true

from iocop.core import clock
from iocop.core.policy import ALLOWED, Verdict, refused
from iocop.roles.queries import holds
from iocop.spaces.labels import CARRIED, Channel, carried_labels, carries
from iocop.spaces.queries import scope_of

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, SQLColumnExpression

    from iocop.core.login import Viewer
    from iocop.spaces.models import Space
    from iocop.spaces.queries import Scope


class Shared(Protocol):
    """Anything that stands in a space under a sharing label."""

    @property
    def space_id(self) -> Any: ...
    @property
    def label(self) -> Any: ...


NOT_HERE = refused(_l("There is nothing here, or it is not open to you."))


def may_enter(viewer: Viewer, space_id: int) -> Verdict:
    """Say whether the viewer may be in a space."""
    return ALLOWED if space_id in scope_of(viewer).spaces else NOT_HERE


def may_read(viewer: Viewer, thing: Shared) -> Verdict:
    """Say whether the viewer may read a thing: the space's audience and the label, the stricter wins."""
    scope = scope_of(viewer)
    if thing.space_id not in scope.spaces:
        return NOT_HERE
    if not scope.member and thing.label != "public":
        return refused(_l("This is shared with members: join or sign in to read it."))
    return ALLOWED


def readable(
    scope: Scope, space: SQLColumnExpression[int], label: SQLColumnExpression[str]
) -> ColumnElement[bool]:
    """Return `may_read` as a filter. An empty scope lets nothing through."""
    in_space = space.in_(scope.spaces) if scope.spaces else literal(value=False)
    return in_space if scope.member else and_(in_space, label == "public")


def may_carry(viewer: Viewer, thing: Shared, channel: Channel) -> Verdict:
    """Say whether a thing may reach the viewer by a channel: they may read it, and its label lets it go so far."""
    verdict = may_read(viewer, thing)
    if not verdict:
        return verdict
    if not carries(channel, thing.label):
        return refused(_l("Its sharing label does not let it go there."))
    return ALLOWED


def carriable(
    scope: Scope, space: SQLColumnExpression[int], label: SQLColumnExpression[str], channel: Channel
) -> ColumnElement[bool]:
    """Return `may_carry` as a filter."""
    further = true() if CARRIED[channel] == "space" else label.in_(carried_labels(channel))
    return and_(readable(scope, space, label), further)


def may_open_spaces(actor: Viewer) -> Verdict:
    if actor.suspended:
        return refused(_l("Suspended members cannot do this."))
    if not holds(actor.id, "administrator", clock.now()):
        return refused(_l("Only administrators open and change spaces."))
    return ALLOWED


def may_write_in(actor: Viewer, space: Space) -> Verdict:
    """Say whether the actor may post in a space."""
    if not actor.is_authenticated:
        return refused(_l("Join or sign in to do this."))
    if actor.suspended:
        return refused(_l("Suspended members cannot post."))
    if space.archived_at is not None:
        return refused(_l("This space is archived: it can be read, not added to."))
    return may_enter(actor, space.id)
