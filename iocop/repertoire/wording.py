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
