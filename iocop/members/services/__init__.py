"""Every write about members: one function, one act."""

from iocop.members.services.addresses import confirm_email_change, request_email_change
from iocop.members.services.claims import claim, decide_claim
from iocop.members.services.joining import (
    add_member,
    confirm,
    decide_application,
    free_handle,
    invite,
    join,
    next_number,
)
from iocop.members.services.leaving import erase, leave
from iocop.members.services.passwords import change_password, request_reset, reset_password
from iocop.members.services.profile import (
    Profile,
    change_photo,
    change_preferences,
    change_privacy,
    change_profile,
    remove_photo,
    review_profile,
)
from iocop.members.services.pushes import count_push
from iocop.members.services.second_factor import (
    confirm_totp,
    disable_totp,
    enable_totp,
    renew_recovery_codes,
)
from iocop.members.services.sessions import (
    close_session,
    end_sessions,
    open_session,
    revoke_others,
    revoke_session,
    sign_out,
    viewer_with,
)
from iocop.members.services.signing_in import (
    CodeNeeded,
    Opened,
    ReturnOffered,
    come_back,
    require_password,
    sign_in,
    sign_in_with_code,
)
from iocop.members.services.standing import lift, suspend
from iocop.members.services.tickets import drop_tickets, issue_ticket, peek_ticket, take_ticket

__all__ = [
    "CodeNeeded",
    "Opened",
    "Profile",
    "ReturnOffered",
    "add_member",
    "change_password",
    "change_photo",
    "change_preferences",
    "change_privacy",
    "change_profile",
    "claim",
    "close_session",
    "come_back",
    "confirm",
    "confirm_email_change",
    "confirm_totp",
    "count_push",
    "decide_application",
    "decide_claim",
    "disable_totp",
    "drop_tickets",
    "enable_totp",
    "end_sessions",
    "erase",
    "free_handle",
    "invite",
    "issue_ticket",
    "join",
    "leave",
    "lift",
    "next_number",
    "open_session",
    "peek_ticket",
    "remove_photo",
    "renew_recovery_codes",
    "request_email_change",
    "request_reset",
    "require_password",
    "reset_password",
    "review_profile",
    "revoke_others",
    "revoke_session",
    "sign_in",
    "sign_in_with_code",
    "sign_out",
    "suspend",
    "take_ticket",
    "viewer_with",
]
