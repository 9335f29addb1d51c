"""What a count found, stage by stage, in whole units."""

from __future__ import annotations

from dataclasses import dataclass, field

UNITS = 100_000
"""One paper: Scottish transfer values have five decimals (SSI 2011/399, Schedule 1)."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """Papers that went from one candidate to another, or (None) to nobody, in one stage."""

    source: int
    target: int | None
    papers: int
    units: int


@dataclass(frozen=True, slots=True)
class Stage:
    """How everybody stood at the end of one stage.

    Attributes:
        kind: ``first``, ``surplus``, ``exclusion``, ``cap`` (excluded because the own organizations' seats are full),
            ``fill`` (those who continue equal the vacancies), ``iteration`` (Meek).
        moved: whose papers moved in this stage.
        totals: candidate number to units; every candidate who is not withdrawn.
        nontransferable: units that found no continuing candidate, so far.
        lost: units cut off by rounding, so far; totals, nontransferable and lost sum to the valid papers.
        elected, excluded: who became so in this stage, in that order.
        transfers: where the papers went.
    """

    kind: str
    moved: tuple[int, ...]
    totals: dict[int, int]
    nontransferable: int = 0
    lost: int = 0
    elected: tuple[int, ...] = ()
    excluded: tuple[int, ...] = ()
    transfers: tuple[Transfer, ...] = ()


@dataclass(frozen=True, slots=True)
class Tie:
    """Candidates who stood equal where one had to be chosen.

    Attributes:
        purpose: ``elected``, ``surplus``, ``exclusion``, ``cap`` or ``winner``.
        tied: everybody who stood equal; chosen: who was taken.
        decided_at: number of the earlier stage (1 is the first) at which they differed; None: by lot.
    """

    stage: int
    purpose: str
    tied: tuple[int, ...]
    chosen: int
    decided_at: int | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one count.

    Attributes:
        rule: ``scottish``, ``meek``, ``plurality``, ``block``, ``approval``, ``affirmation``, ``motion``, ``schulze``.
        units: how many units one paper has (`UNITS`; 10**9 for Meek; 1 where nothing is divided).
        quota: in units; None where a rule has none.
        valid, invalid: papers, counted once each.
        elected: by stage, then by the larger vote there, then by the tie rule.
        vacant: seats nobody could fill.
        ties: every choice among equals; those with ``decided_at`` None are the lots.
        notes: what else the rule found (pairwise table, keep factors, yes and no), by name, as plain numbers and text.
    """

    rule: str
    units: int
    quota: int | None
    valid: int
    invalid: int
    stages: tuple[Stage, ...]
    elected: tuple[int, ...]
    excluded: tuple[int, ...]
    vacant: int = 0
    ties: tuple[Tie, ...] = ()
    notes: dict[str, object] = field(default_factory=dict)
