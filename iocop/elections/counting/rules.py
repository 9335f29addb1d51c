"""The counting rules by their names; a rule's module is loaded when somebody counts by it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from iocop.elections.counting.outcome import Outcome
    from iocop.elections.counting.papers import Profile

    Counter = Callable[[Profile, Sequence[int]], Outcome]

RULES = {
    "scottish": ("scottish", "count"),
    "meek": ("meek", "meek"),
    "schulze": ("schulze", "schulze"),
    "plurality": ("marks", "plurality"),
    "block": ("marks", "block"),
    "approval": ("marks", "approval"),
}
"""Rules that take a profile and the lot and nothing else, to their module and function."""


def counter(rule: str) -> Counter:
    """Return the function that counts by a rule.

    Raises:
        KeyError: no such rule.
    """
    module, function = RULES[rule]
    return cast("Counter", getattr(import_module(f"iocop.elections.counting.{module}"), function))
