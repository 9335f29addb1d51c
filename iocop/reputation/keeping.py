"""Pages that show levels and rules are kept under versions, which move in the act that changes what they show."""

from __future__ import annotations

from iocop.core.events import within
from iocop.core.versions import bump
from iocop.reputation.events import LevelLowered, LevelReached, RuleChanged


@within(LevelReached, LevelLowered)
def levels_look_different(_event: LevelReached | LevelLowered) -> None:
    """A level stands beside names, wherever they stand."""
    bump("people")


@within(RuleChanged)
def rules_look_different(_event: RuleChanged) -> None:
    bump("rules")
