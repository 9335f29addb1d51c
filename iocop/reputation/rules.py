"""What earns points, and how much before anything is weighed. Base points are data with dates; the kinds stand here."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from flask_babel import lazy_gettext as _l

if TYPE_CHECKING:
    from iocop.core.policy import Sentence

POINT = 1000
"""Milli-points of one point: everything is reckoned in whole milli-points."""


class Rule(NamedTuple):
    """One way of earning.

    Attributes:
        points: the base of the first version, in points.
        kind: what sort of giving it is: ``answering``, ``curating`` or ``mentoring``.
        weighed: which factors of `weighing` it takes, besides the number of domains.
        daily: whether it counts towards the most that endorsements bring in one day.
        by_others: whether it settles only as far as no organization and no person dominates, and the actor's
            organization counts as one that endorses.
    """

    points: int
    kind: str
    words: Sentence
    weighed: frozenset[str]
    daily: bool = False
    by_others: bool = True


_ALL = frozenset({"org", "pair", "mutual", "item", "level"})

_SHARED = frozenset({"org", "share"})

RULES = {
    "answer_endorsed": Rule(10, "answering", _l("found helpful"), _ALL, daily=True),
    "answer_accepted": Rule(25, "answering", _l("accepted by who asked"), _ALL - {"item"}),
    "answer_doubted": Rule(-4, "answering", _l("doubted, with a reason"), _ALL | {"shield"}, by_others=False),
    "article_endorsed": Rule(10, "curating", _l("article found helpful"), _ALL | {"share"}, daily=True),
    "article_approved": Rule(30, "curating", _l("approved into the repertoire"), _SHARED | {"approvers"}),
    "article_confirmed": Rule(5, "curating", _l("still works elsewhere"), _SHARED),
    "confirmation_given": Rule(2, "curating", _l("confirmed that it still works"), frozenset(), by_others=False),
    "edit_approved": Rule(2, "curating", _l("suggested change approved"), frozenset({"approvers"})),
    "home_taken": Rule(20, "mentoring", _l("taken home by another organization, confirmed"), _SHARED),
    "home_kept": Rule(10, "mentoring", _l("still in use there, as a colleague confirms"), _SHARED),
    "question_endorsed": Rule(0, "answering", _l("question found worthwhile"), frozenset(), by_others=False),
    "content_removed": Rule(-50, "answering", _l("removed for breaking rules"), frozenset(), by_others=False),
}  # fmt: skip
"""The more the community relied on something, the more it brings."""

ENDORSING = tuple(key for key, rule in RULES.items() if rule.by_others and "pair" in rule.weighed)
"""What counts as an endorsement between two people."""

KINDS = ("answering", "curating", "mentoring", "governing")

DAILY_MOST = 200 * POINT
"""Most that endorsements bring one member in one UTC day."""
EDITS_A_DAY = 20
WINDOW_DAYS = 180
"""How far back endorsements between two people are counted."""
CAP_DAYS = 365
"""How far back the share of one organization or person is watched."""
HALF_LIFE_DAYS = 730
NEWCOMER_DAYS = 30
"""From joining; a doubt cannot bring a newcomer below nothing."""
