"""Which votes went from whom to whom between two stages. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from iocop.elections.counting.outcome import Stage


class Stream(NamedTuple):
    """Votes that went from one candidate to another, or (None) to nobody.

    Attributes:
        units: how much they were worth; papers: how many, None where a rule moves shares of papers, not papers.
    """

    source: int
    target: int | None
    units: int
    papers: int | None


def streams(before: Stage, after: Stage) -> list[Stream]:
    """Return what moved from one stage to the next.

    A rule that counts anew each time (Meek) does not say from whom a gain came; there every loss is divided among
    all gains in proportion, in whole units, rounded down.
    """
    if after.transfers:
        return [
            Stream(one.source, one.target, one.units, one.papers) for one in after.transfers if one.units > 0
        ]
    changes: dict[int | None, int] = {
        number: after.totals[number] - before.totals[number] for number in before.totals
    }
    changes[None] = after.nontransferable - before.nontransferable
    gains = {number: change for number, change in changes.items() if change > 0}
    whole = sum(gains.values())
    return [
        Stream(source, target, units, None)
        for source, loss in changes.items()
        if source is not None and loss < 0
        for target, gain in gains.items()
        if (units := min(-loss, gain * -loss // whole)) > 0
    ]
