"""What offices are called, and what each may do: the same words everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

if TYPE_CHECKING:
    from iocop.core.policy import Sentence

NAMES: dict[str, Sentence] = {
    "administrator": _l("Administrator"),
    "moderator": _l("Moderator"),
    "curator": _l("Curator"),
    "board_member": _l("Board member"),
    "returning_officer": _l("Returning officer"),
    "facilitator": _l("Facilitator"),
    "domain_steward": _l("Domain steward"),
}
DUTIES: dict[str, Sentence] = {
    "administrator": _l("Runs the site: settings, offices, organizations' relations."),
    "moderator": _l("Decides about reports, by the rules, with a reason."),
    "curator": _l("Keeps tags, organizations and the repertoire in order."),
    "board_member": _l("Was elected to decide for the community."),
    "returning_officer": _l("Runs elections."),
    "facilitator": _l("Looks after meetings and spaces."),
    "domain_steward": _l("Was elected to look after one domain."),
}
