"""Every write about members: one function, one act."""

from iocop.members.services.sessions import (
    close_session,
    end_sessions,
    open_session,
    revoke_others,
    revoke_session,
    sign_out,
    viewer_with,
)
from iocop.members.services.tickets import drop_tickets, issue_ticket, peek_ticket, take_ticket

__all__ = [
    "close_session",
    "drop_tickets",
    "end_sessions",
    "issue_ticket",
    "open_session",
    "peek_ticket",
    "revoke_others",
    "revoke_session",
    "sign_out",
    "take_ticket",
    "viewer_with",
]
