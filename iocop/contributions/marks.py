"""The acts a member does on what another gave, in one wording everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

if TYPE_CHECKING:
    from iocop.core.policy import Sentence


@dataclass(frozen=True)
class MarkKind:
    """One act and its words.

    Attributes:
        signed: whether the member's name and organization stand beside it; a secret one is only ever counted.
        needs: the parts of its context, of which at least one must be filled in; empty for an act of one press.
        further: what may be said besides, where the kind of contribution asks for it.
        own: whether an author may do it to their own contribution.
        value: what it adds to its number.
    """

    key: str
    words: Sentence
    icon: str
    meaning: Sentence
    done: Sentence
    withdrawn: Sentence
    signed: bool = True
    needs: tuple[str, ...] = ()
    further: tuple[str, ...] = ()
    own: bool = False
    value: int = 1


HELPFUL = MarkKind(
    "helpful",
    _l("helpful"),
    "thumbs-up",
    _l("It helped you. Only the number is shown, never who."),
    _l("You found this helpful."),
    _l("You no longer say that this was helpful."),
    signed=False,
)
WORKS_HERE = MarkKind(
    "works_here",
    _l("Works here"),
    "wrench",
    _l(
        "You did it where you work, and it held. Your name, your organization and what you write here are shown."
    ),
    _l("Your confirmation is recorded."),
    _l("Your confirmation is withdrawn."),
    needs=("version", "conditions"),
    further=("size", "sector", "shown"),
)
OUTDATED = MarkKind(
    "outdated",
    _l("Outdated"),
    "clock-alert",
    _l("It is no longer right. Your name and the reason you give are shown."),
    _l("Your remark that this is outdated is recorded."),
    _l("Your remark that this is outdated is withdrawn."),
    needs=("reason",),
    own=True,
)

DOUBT = MarkKind(
    "doubt",
    _l("Doubt this answer"),
    "circle-alert",
    _l(
        "It counts against the answer, with the reason you give. Its author reads the reason, never who gave it."
    ),
    _l("Your doubt is recorded."),
    _l("Your doubt is withdrawn."),
    signed=False,
    needs=("reason",),
    value=-1,
)
"""Kept as *helpful* with the opposite value: of the two, a member's last word stands."""

MARKS = {kind.key: kind for kind in (HELPFUL, WORKS_HERE, OUTDATED)}
ACTS = MARKS | {DOUBT.key: DOUBT}
"""Everything a member can press; what is not in `MARKS` has no place of its own beside a contribution."""
DOUBTING_LEVEL = 1
"""The rung of one of a topic's domains from which on a member doubts its answers."""
SHORTEST_DOUBT = 20
"""Characters of a reason: it has to be of use to who wrote the answer."""

CONTEXT_LIMITS = {"version": 80, "conditions": 400, "reason": 400, "size": 8, "sector": 80, "shown": 7}
"""Most characters of each part of a mark's context."""

COUNTED_ONLY = "counted"
"""What *shown* says of a confirmation whose name and organization stand nowhere: it is only ever counted."""
