"""Questions answered with yes or no: affirmations of candidates, and motions by secret ballot. In whole numbers."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from iocop.elections.counting.levels import by_votes, seated
from iocop.elections.counting.outcome import Outcome, Stage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

YES: Final = 1
NO: Final = 2
"""Of a motion there are two candidates, as it were."""


@dataclass(frozen=True, slots=True)
class Answers:
    """How many papers answered one question how. Abstentions and blanks stand outside every threshold."""

    yes: int
    no: int
    abstain: int = 0
    blank: int = 0

    def __post_init__(self) -> None:
        if min(self.yes, self.no, self.abstain, self.blank) < 0:
            raise ValueError("fewer than no papers")

    @property
    def papers(self) -> int:
        """Everybody who answered in any way."""
        return self.yes + self.no + self.abstain + self.blank

    def reach(self, threshold: Fraction, *, more_than: bool) -> bool:
        """Say whether enough of those who say yes or no say yes: yes x q >= p x (yes + no), at least one of them."""
        have = self.yes * threshold.denominator
        need = threshold.numerator * (self.yes + self.no)
        return self.yes > 0 and (have > need if more_than else have >= need)


def affirmation(
    tally: Mapping[int, Answers],
    seats: int,
    threshold: Fraction,
    *,
    more_than: bool = False,
    lot: Sequence[int],
    invalid: int = 0,
) -> Outcome:
    """Elect every candidate who is affirmed; of more than there are seats, those with most yes, then by lot.

    Args:
        tally: candidate number to the answers about them.
        threshold: share of yes among yes and no, above 0 and not above 1.
        more_than: whether the share must be above the threshold; else it suffices to reach it.
        invalid: papers that were spoilt, for the record.

    Returns:
        An outcome of one stage, whose totals are the yes. The notes have the threshold, and as ``answers`` and
        ``affirmed`` what was said about everybody and who reached it, seat or no seat.

    Raises:
        ValueError: the threshold is out of range, or the lot does not name somebody it has to choose among.
    """
    if not 0 < threshold <= 1:
        raise ValueError(f"a threshold of {threshold}")
    yes = {number: tally[number].yes for number in sorted(tally)}
    affirmed = [number for number in yes if tally[number].reach(threshold, more_than=more_than)]
    elected, ties = seated(by_votes({number: yes[number] for number in affirmed}), seats, lot)
    return Outcome(
        "affirmation", 1, None, max((answers.papers for answers in tally.values()), default=0), invalid,
        (Stage("first", (), yes, elected=elected),), elected, (),
        vacant=seats - len(elected), ties=ties,
        notes={
            "threshold": str(threshold), "more_than": more_than, "affirmed": affirmed,
            "answers": {number: asdict(tally[number]) for number in yes},
        },
    )  # fmt: skip


def motion(
    answers: Answers,
    roll: int,
    *,
    threshold: Fraction | None = None,
    more_than: bool = False,
    quorum: Fraction = Fraction(0),
    invalid: int = 0,
) -> Outcome:
    """Say whether a motion is carried: more yes than no, and the threshold where the rules have one.

    Args:
        roll: how many may vote.
        threshold: share of yes among yes and no, from a half to 1; a tie fails in any case.
        more_than: whether the share must be above the threshold; else it suffices to reach it.
        quorum: least share of the roll that must answer in any way, abstentions and blanks among them; 0 to 1.
        invalid: papers that were spoilt, for the record; they do not help to the quorum.

    Returns:
        An outcome of one stage with `YES` and `NO` as candidates; `YES` is elected if the motion is carried. The
        notes say so too, as ``carried`` and ``quorate``, with the numbers they rest on.

    Raises:
        ValueError: more papers than the roll, or a threshold or quorum out of range.
    """
    if answers.papers + invalid > roll:
        raise ValueError(f"{answers.papers + invalid} papers from a roll of {roll}")
    if not 0 <= quorum <= 1 or (threshold is not None and not Fraction(1, 2) <= threshold <= 1):
        raise ValueError(f"a quorum of {quorum} or a threshold of {threshold}")
    quorate = answers.papers * quorum.denominator >= quorum.numerator * roll
    enough = threshold is None or answers.reach(threshold, more_than=more_than)
    carried = quorate and answers.yes > answers.no and enough
    elected = (YES,) if carried else ()
    return Outcome(
        "motion", 1, None, answers.papers, invalid,
        (Stage("first", (), {YES: answers.yes, NO: answers.no}, elected=elected,
               nontransferable=answers.abstain + answers.blank),),
        elected, (),
        notes={
            "carried": carried, "quorate": quorate, "roll": roll, "quorum": str(quorum), "answers": asdict(answers),
            "threshold": None if threshold is None else str(threshold), "more_than": more_than,
        },
    )  # fmt: skip
