"""Which sharing label a text gets: pure. The labels themselves stand in `spaces.labels`."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from iocop.spaces.labels import LABELS, strictest

NAMES = {
    "space": _l("this space"),
    "members": _l("members"),
    "take-home": _l("take home"),
    "public": _l("public"),
}
"""What members read on a chip."""

MEANINGS = {
    "space": _l("This space only: it is not mailed, quoted elsewhere or exported"),
    "members": _l("Members: it may be mailed to and quoted for members"),
    "take-home": _l("Take home: members may also export it, without names"),
    "public": _l("Public: everybody may read and share it"),
}
"""What members read where they choose."""

FREEST = {"public": "public", "members": "take-home", "verified": "take-home", "named": "take-home"}
"""By a space's audience: what is not open to everybody cannot be labelled so."""

USUAL = {"public": "public", "members": "members", "verified": "members", "named": "space"}
"""By a space's audience: the label of a topic whose author chose none."""


def freer(label: str, than: str) -> bool:
    """Say whether one label lets a text travel further than another."""
    return LABELS.index(label) > LABELS.index(than)


def bound(audience: str, root_label: str | None = None) -> str:
    """Return the freest label possible in a space, and under a topic where there is one."""
    return strictest(FREEST[audience], root_label or LABELS[-1])


def inherited(audience: str, root_label: str | None) -> str:
    """Return the label of a text whose author chose none."""
    return strictest(root_label or USUAL[audience], FREEST[audience])


def offered(audience: str, root_label: str | None = None) -> tuple[str, ...]:
    """Return the labels an author may choose from, strictest first."""
    most = bound(audience, root_label)
    return tuple(label for label in LABELS if not freer(label, most))
