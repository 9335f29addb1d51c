"""The login hook: who is looking. `members/` says how a session's row becomes a viewer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar, cast

from flask import g, has_request_context
from flask_login import LoginManager, current_user

if TYPE_CHECKING:
    from collections.abc import Callable

View = TypeVar("View", bound="Callable[..., Any]")

manager = LoginManager()


@dataclass(frozen=True)
class Viewer:
    """Who is looking: a member with a live session, as one row. Services take it as *actor* and read their own rows.

    Attributes:
        id: the member's key; 0 for a guest.
        session_id: the key of the session's row; 0 outside a request.
        number: the public member number with its check digit, such as ``IOCOP-0001-234X``.
        locale, time_zone: as the member chose; empty: as the browser says, UTC.
        roles: the offices held site-wide at this moment (`roles/` names them); none while suspended, as they rest then.
        site_version, people_version, topics_version: what most pages are kept under, read along with the viewer.
    """

    id: int = 0
    session_id: int = 0
    number: str = ""
    name: str = ""
    photo: str = ""
    locale: str = ""
    time_zone: str = ""
    theme: str = ""
    suspended: bool = False
    roles: frozenset[str] = frozenset()
    token: str = ""
    site_version: int = 0
    people_version: int = 0
    topics_version: int = 0

    @property
    def is_authenticated(self) -> bool:
        return self.id != 0

    @property
    def is_active(self) -> bool:
        return True

    @property
    def is_anonymous(self) -> bool:
        return self.id == 0

    def get_id(self) -> str:
        """Return the opaque session token, never the member's key."""
        return self.token


GUEST = Viewer()
manager.anonymous_user = lambda: GUEST


def viewer() -> Viewer:
    """Return who is looking at this request; where there is none, as in the worker, a guest."""
    if not has_request_context():
        return GUEST
    known: Viewer | None = g.get("_login_user")
    return known if known is not None else cast("Viewer", current_user._get_current_object())


def public(view: View) -> View:
    """Open a page to guests. Every other page asks for sign-in; a test lists the open ones by name."""
    view.is_public = True  # type: ignore[attr-defined]
    return view
