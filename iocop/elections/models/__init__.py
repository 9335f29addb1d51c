"""Rule sets, elections, officers and their acts, nominations, the frozen roll, tokens, complaints."""

from __future__ import annotations

from iocop.elections.models.candidates import ElectionComplaint, Nomination, Seconding
from iocop.elections.models.elections import (
    Election,
    ElectionAct,
    ElectionDocument,
    ElectionOfficer,
    ElectionSecret,
)
from iocop.elections.models.roll import BoardHead, RollEntry, TokenIssue
from iocop.elections.models.rules import ElectionRuleSet

__all__ = [
    "BoardHead",
    "Election",
    "ElectionAct",
    "ElectionComplaint",
    "ElectionDocument",
    "ElectionOfficer",
    "ElectionRuleSet",
    "ElectionSecret",
    "Nomination",
    "RollEntry",
    "Seconding",
    "TokenIssue",
]
