"""The login hook: who is looking. `members/` says how a session's row becomes a viewer."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

from flask import g, has_request_context, request, session
from flask_login import LoginManager

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

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
        along: what features had read in the same statement (`along` below returns it).
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
    along: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

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
    if known is None:  # the library would look for its own cookies as well, which nobody is given here
        token = session.get("_user_id")
        known = (manager.user_callback(token) if token else None) or GUEST
        g._login_user = known
    return known


def along(looking: Viewer, name: str, otherwise: Callable[[Viewer], Any]) -> Any:
    """Return what was read along with a viewer, or ask *otherwise* where it was not or may have changed since.

    It stands as it was when the session was read, so it holds for the request that read it, and while that only reads.
    """
    if name in looking.along and has_request_context() and request.method in {"GET", "HEAD"}:
        return looking.along[name]
    return otherwise(looking)


def forget_along() -> None:
    """Have what was read along with the viewer asked anew: the request itself changed it."""
    g._login_user = replace(viewer(), along={})


def public(view: View) -> View:
    """Open a page to guests. Every other page asks for sign-in; a test lists the open ones by name."""
    view.is_public = True  # type: ignore[attr-defined]
    return view
