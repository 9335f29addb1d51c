"""How the repertoire's states are put in words, the same everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

if TYPE_CHECKING:
    from iocop.core.policy import Sentence

SEALS: dict[str, tuple[Sentence, str]] = {
    "sealed": (_l("Reviewed by two organizations"), "ok"),
    "provisional": (_l("Provisional"), ""),
    "imported": (_l("Imported, not reviewed here"), ""),
}
"""What a chip says of an article's standing, and its tone."""

ACTS: dict[str, Sentence] = {
    "new": _l("A new article"),
    "edit": _l("A change of the text"),
    "seal": _l("Its approval as it stands"),
    "relabel": _l("Another sharing label"),
    "obsolete": _l("That it is marked as obsolete"),
    "merge": _l("That it is merged into another"),
    "delete": _l("That it is deleted"),
}
"""What a proposal suggests."""

STATUSES: dict[str, tuple[Sentence, str]] = {
    "draft": (_l("Work in progress"), ""),
    "waiting": (_l("Waiting for review"), "warn"),
    "changes": (_l("Changes asked for"), "warn"),
    "declined": (_l("Declined"), "danger"),
    "withdrawn": (_l("Withdrawn"), ""),
    "published": (_l("Published"), "ok"),
}
"""Where a proposal stands, and its tone."""

VERDICTS: dict[str, Sentence] = {
    "approve": _l("approved"),
    "changes": _l("asked for changes"),
    "decline": _l("declined"),
    "recuse": _l("stepped aside"),
}
"""What a reviewer said, behind their name."""

PARTS: dict[str, tuple[Sentence, str]] = {
    "decide": (_l("You may review it"), "ok"),
    "wrote": (_l("You wrote a part of it: two others decide"), ""),
    "no right": ("", ""),
    "conflict": (_l("You step aside: your organization sells %(product)s"), "warn"),
    "said": (_l("You have reviewed it"), ""),
    "spoken": (_l("Needs another organization: yours has approved it"), ""),
}
"""What a viewer can do about something that waits (`repertoire.deciding.Part`), and its tone."""

SUGGESTED: dict[str, tuple[Sentence, Sentence]] = {
    "seal": (
        _l("Suggest that it holds as it stands"),
        _l("Two people of two organizations read it and put their names to it; its time begins anew."),
    ),
    "relabel": (
        _l("Suggest another sharing label"),
        _l("How far an article may be carried is decided like its text: by two organizations."),
    ),
    "obsolete": (
        _l("Suggest that it is obsolete"),
        _l(
            "It stays reachable under a banner that says why, and leads to what took its place. You are credited."
        ),
    ),
    "merge": (
        _l("Suggest that it is merged into another"),
        _l("Its address and its titles lead to the other article from then on."),
    ),
    "delete": (
        _l("Suggest that it is deleted"),
        _l("Only the reason stays. If it no longer holds, suggest that it is obsolete instead."),
    ),
}
"""What can be suggested about an article besides its text: the page's heading, and what comes of it."""
