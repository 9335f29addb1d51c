"""Every write about decisions and offices."""

from __future__ import annotations

from iocop.roles.services.first_administrator import (
    LINK_KIND,
    LINK_LASTS,
    become_first_administrator,
    first_administrator_link,
    look_at_link,
)
from iocop.roles.services.offices import (
    end_role,
    found_site,
    grant_role,
    lay_down_offices,
    record_decision,
    refresh_roles,
    suspend_office,
    tell_of_lapse,
    turn_offices,
)

__all__ = [
    "LINK_KIND",
    "LINK_LASTS",
    "become_first_administrator",
    "end_role",
    "first_administrator_link",
    "found_site",
    "grant_role",
    "lay_down_offices",
    "look_at_link",
    "record_decision",
    "refresh_roles",
    "suspend_office",
    "tell_of_lapse",
    "turn_offices",
]
