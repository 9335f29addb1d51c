"""The ledger, the ladders' rungs, what experts are asked, and what looked irregular."""

from __future__ import annotations

from iocop.reputation.models.asking import Availability, ExpertRequest, Greeting
from iocop.reputation.models.irregularities import Irregularity, IrregularityParty
from iocop.reputation.models.ladder import Rung, RungChange, StewardTold
from iocop.reputation.models.ledger import (
    Balance,
    CommunityDay,
    DayBalance,
    LedgerRow,
    RuleVersion,
    Settlement,
)
from iocop.reputation.models.reviews import LadderRule, LevelReview, LevelWord

__all__ = [
    "Availability",
    "Balance",
    "CommunityDay",
    "DayBalance",
    "ExpertRequest",
    "Greeting",
    "Irregularity",
    "IrregularityParty",
    "LadderRule",
    "LedgerRow",
    "LevelReview",
    "LevelWord",
    "RuleVersion",
    "Rung",
    "RungChange",
    "Settlement",
    "StewardTold",
]
