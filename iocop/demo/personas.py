"""As whom a visitor of the demo can sign in."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from flask_babel import lazy_gettext as _l

if TYPE_CHECKING:
    from iocop.core.policy import Sentence

MEMBER = "niamh.carrick"
MODERATOR = "ruth.callander"
BOARD_MEMBER = "katrin.ullmann"
ADMINISTRATOR = "grant.mcivor"
SOLE_PRACTITIONER = "ama.boateng"
MOVED = "ines.falcao"  # codespell:ignore ines
"""Left the city for the polytechnic; what she wrote before keeps the city."""

NEWCOMER = "newcomer"
"""Not a handle: whoever joined last."""

MODERATORS = (MODERATOR, "mehmet.aksoy")
CURATORS = ("priya.raman", MOVED, "dieter.brandl", "tomas.greaney")
OFFICERS = ("tomas.greaney", "priya.raman", "mehmet.aksoy")
"""Returning officers: who hold elections, and so stand in none."""
BOARD = (
    BOARD_MEMBER, "rui.sequeira", "saoirse.lally", "elodie.gagnon", "hemi.tawhara", "friederike.haas", "afonso.teles",
)  # fmt: skip


class Persona(NamedTuple):
    """Somebody to be for a while: *what* says how they look at things."""

    handle: str
    role: Sentence
    what: Sentence


PERSONAS = (
    Persona(MEMBER, _l("Member"), _l("Asked a question; the answers wait in the inbox.")),
    Persona(MODERATOR, _l("Moderator"), _l("Sees the review queue; one report waits.")),
    Persona(
        "dieter.brandl",
        _l("Curator"),
        _l(
            "Decides on suggestions for the repertoire; two wait. Works for the firm that bids against the member's."
        ),
    ),
    Persona(BOARD_MEMBER, _l("Board member"), _l("One of seven, elected last year.")),
    Persona(ADMINISTRATOR, _l("Administrator"), _l("Runs the site: domains, spaces, offices, settings.")),
    Persona("declan.rowe", _l("Colleague"), _l("Works where the member works.")),
    Persona("petra.lindqvist", _l("Vendor's employee"), _l("Answers about a product her employer sells.")),
    Persona(
        SOLE_PRACTITIONER, _l("Sole practitioner"), _l("An organization of one; her question still waits.")
    ),
    Persona(NEWCOMER, _l("Newcomer"), _l("Joined a few days ago.")),
)
