"""Every write to what was given; one module a kind of act."""

from iocop.contributions.services.adopting import adopt_contributions
from iocop.contributions.services.attaching import attach, load_file, purge_files, remove_attachment
from iocop.contributions.services.copying import bring_forward
from iocop.contributions.services.drafting import discard_draft, save_draft
from iocop.contributions.services.filing import check_filing, file_root
from iocop.contributions.services.following import follow, mute, note_read, unfollow
from iocop.contributions.services.labelling import (
    change_label,
    draw_along,
    draw_quotations_along,
    move_label,
    move_space,
)
from iocop.contributions.services.leaving import forget_member
from iocop.contributions.services.locking import locked
from iocop.contributions.services.marking import mark, withdraw_mark
from iocop.contributions.services.revising import Saved, Stale, revise, write_revision
from iocop.contributions.services.states import others_wrote, set_state
from iocop.contributions.services.text import Written, write_out
from iocop.contributions.services.writing import Given, contribute

__all__ = [
    "Given",
    "Saved",
    "Stale",
    "Written",
    "adopt_contributions",
    "attach",
    "bring_forward",
    "change_label",
    "check_filing",
    "contribute",
    "discard_draft",
    "draw_along",
    "draw_quotations_along",
    "file_root",
    "follow",
    "forget_member",
    "load_file",
    "locked",
    "mark",
    "move_label",
    "move_space",
    "mute",
    "note_read",
    "others_wrote",
    "purge_files",
    "remove_attachment",
    "revise",
    "save_draft",
    "set_state",
    "unfollow",
    "withdraw_mark",
    "write_out",
    "write_revision",
]
