"""How a count is put in words: figures, fates, what happened at each stage, who stood equal and what decided."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING, Any, Final

from babel.lists import format_list
from flask_babel import format_decimal, get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from iocop.elections.counting.picture import order_of
from iocop.elections.counting.streams import streams

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from iocop.core.policy import Sentence
    from iocop.elections.counting.margins import Margin
    from iocop.elections.counting.outcome import Outcome, Stage, Tie
    from iocop.elections.counting.streams import Stream

DECIMALS: Final = 5
"""What a table shows; Meek's nine stand in the archive."""
NAMED: Final = 3
"""Receivers of votes whom a sentence names."""
LONGEST: Final = 17
"""Letters of a name that fit beside the drawing."""
KINDS: Final[dict[str, Sentence]] = {
    "first": _l("First votes"),
    "surplus": _l("Surplus"),
    "exclusion": _l("Exclusion"),
    "cap": _l("Seats full"),
    "fill": _l("Last seats"),
    "iteration": _l("Surpluses"),
}
FATES: Final[dict[str, Sentence]] = {
    "elected": _l("elected"),
    "excluded": _l("excluded"),
    "sitting": _l("stays in office"),
    "not elected": _l("not elected"),
}
FOR: Final[dict[str, Sentence]] = {
    "elected": _l("%(tied)s stood equal when one was to be elected first: %(chosen)s was taken."),
    "surplus": _l("%(tied)s had equal surpluses: that of %(chosen)s was transferred first."),
    "exclusion": _l("%(tied)s stood equal as the lowest: %(chosen)s was excluded."),
    "cap": _l(
        "%(tied)s stood equal where the seats of an organization were full: %(chosen)s was excluded first."
    ),
    "winner": _l("%(tied)s stood equal for a seat: %(chosen)s was taken."),
}


COUNTED: Final[dict[str, Sentence]] = {
    "scottish": _l("Every paper counts for whom it names first."),
    "meek": _l("Every paper counts for whom it names first; equals share it."),
    "plurality": _l("Every paper counts for whom it names first."),
    "block": _l("Every mark counts once."),
    "approval": _l("Every mark counts once."),
    "schulze": _l(
        "Everybody is compared with everybody: who wins along the strongest paths is elected. The table has the papers"
        " that name somebody first."
    ),
    "affirmation": _l(
        "Who has enough yes is affirmed, and of those who are the most yes count. The table has the yes."
    ),
    "motion": _l("Abstentions and blank papers count for the quorum, and for nothing else."),
}


@dataclass(frozen=True)
class CountWords:
    """One count and its candidates' names, for the templates that show it.

    Attributes:
        names: candidate number n is ``names[n - 1]``.
    """

    outcome: Outcome
    names: Sequence[str]

    def name(self, candidate: int | None) -> str:
        return _("Not transferable") if candidate is None else self.names[candidate - 1]

    def short(self, candidate: int | None) -> str:
        """Return a name that fits beside the drawing."""
        name = self.name(candidate)
        return name if len(name) <= LONGEST else name[: LONGEST - 1].rstrip() + "…"

    def listed(self, candidates: Sequence[int]) -> str:
        return str(format_list([self.name(candidate) for candidate in candidates], locale=get_locale()))

    def whole(self, units: int) -> str:
        """Return votes to the nearest whole one; more than none and less than half of one is "<1"."""
        votes = round(units / self.outcome.units)
        return "<1" if units and not votes else str(format_decimal(votes))

    def exactly(self, units: int) -> str:
        """Return votes as the table shows them: whole where all of this count are, else with five decimals."""
        if not self._divided:
            return str(format_decimal(units // self.outcome.units))
        votes = Decimal(units) / self.outcome.units
        rounded = votes.quantize(Decimal(1).scaleb(-DECIMALS), ROUND_HALF_EVEN)
        return str(format_decimal(rounded, format=f"#,##0.{'0' * DECIMALS}"))

    @property
    def _divided(self) -> bool:
        return any(
            units % self.outcome.units
            for stage in self.outcome.stages
            for units in (*stage.totals.values(), stage.nontransferable, stage.lost)
        )

    @property
    def order(self) -> list[int]:
        """Everybody, as they stand beside the drawing and in the table."""
        return [candidate for candidate in order_of(self.outcome) if candidate is not None]

    def remainders(self) -> Iterator[tuple[str, list[str]]]:
        """Return the rows under the candidates: what is with nobody, and what all sums to; each stage's figure."""
        stages = self.outcome.stages
        nobody = [stage.nontransferable for stage in stages]
        lost = [stage.lost for stage in stages]
        quotas: Any = self.outcome.notes.get("quotas")
        if any(nobody):
            yield _("Not transferable"), list(map(self.exactly, nobody))
        if any(lost):
            yield _("Lost in rounding"), list(map(self.exactly, lost))
        sums = [sum(stage.totals.values()) + stage.nontransferable + stage.lost for stage in stages]
        yield _("Together"), list(map(self.exactly, sums))
        if quotas:
            yield _("Quota"), list(map(self.exactly, quotas))

    def kind(self, kind: str) -> Sentence:
        """Return what a stage is called in the head of its column."""
        return KINDS[kind]

    def fate(self, fate: str, decided_at: int | None = None) -> str:
        if fate == "elected" and decided_at:
            return str(_("elected at stage %(stage)s", stage=decided_at))
        if fate == "excluded" and decided_at:
            return str(_("excluded at stage %(stage)s", stage=decided_at))
        return str(FATES[fate])

    def happened(self, number: int) -> str:
        """Tell a stage (1 is the first) in a few sentences: why, where the votes went, who is elected."""
        stages = self.outcome.stages
        stage = stages[number - 1]
        went = self._went(streams(stages[number - 2], stage)) if stage.moved and number > 1 else ()
        return " ".join([self._cause(stage), *went, *self._elected(number)])

    def _went(self, moved: Sequence[Stream]) -> Iterator[str]:
        gains = Counter[int | None]()
        for stream in moved:
            gains[stream.target] += stream.units
        nobody = gains.pop(None, 0)
        most = [f"{self.name(target)} ({self.whole(units)})" for target, units in gains.most_common(NAMED)]
        if most:
            listed = str(format_list(most, locale=get_locale()))
            whole = _("The votes go to %(targets)s.", targets=listed)
            yield whole if len(gains) <= NAMED else _("Most of the votes go to %(targets)s.", targets=listed)
        if nobody:
            yield _("Not transferable: %(votes)s.", votes=self.whole(nobody))

    def _elected(self, number: int) -> Iterator[str]:
        if self.outcome.rule == "motion":
            yield self._carried()
            return
        stage, quota = self.outcome.stages[number - 1], self.quota(number)
        sitting = [one for one in stage.elected if one not in self.outcome.elected]
        reached = [
            one for one in stage.elected
            if one not in sitting and quota is not None and stage.totals[one] >= quota
        ]  # fmt: skip
        others = [one for one in stage.elected if one not in [*sitting, *reached]]
        if sitting:
            yield _("In office already, and above the quota: %(names)s.", names=self.listed(sitting))
        if reached:
            yield ngettext(
                "%(names)s reaches the quota and is elected.", "%(names)s reach the quota and are elected.",
                len(reached), names=self.listed(reached),
            )  # fmt: skip
        if others and quota is not None and stage.kind != "fill":
            yield _("As many continue as there are seats left.")
        if others:
            yield ngettext(
                "%(names)s is elected.", "%(names)s are elected.", len(others), names=self.listed(others)
            )

    def _carried(self) -> str:
        if self.outcome.elected:
            return str(_("The motion is carried."))
        if not self.outcome.notes["quorate"]:
            return str(_("The quorum was missed; the motion is not carried."))
        return str(_("The motion is not carried."))

    def quota(self, number: int) -> int | None:
        """Return the quota of a stage, in units: Meek's falls."""
        quotas: Any = self.outcome.notes.get("quotas")
        return int(quotas[number - 1]) if quotas else self.outcome.quota

    def _cause(self, stage: Stage) -> str:
        moved = self.listed(stage.moved)
        said: dict[str, str] = {
            "first": str(COUNTED[self.outcome.rule]),
            "surplus": _("What %(name)s has above the quota is passed on.", name=moved),
            "exclusion": _("%(name)s has the fewest votes and is excluded.", name=moved),
            "cap": _("%(name)s is excluded: the seats their organization may hold are taken.", name=moved),
            "fill": _("As many continue as there are seats left; nothing more is transferred."),
            "iteration": _("What the elected have above the quota is shared anew."),
        }
        if stage.kind == "fill" and stage.excluded:
            excluded = _("%(name)s has the fewest votes and is excluded.", name=self.listed(stage.excluded))
            return f"{excluded} {said['fill']}"
        return said[stage.kind]

    def margin(self, margin: Margin) -> str:
        """Tell one decision and how close it was: between two, or how few papers less would have turned an answer."""
        if margin.behind is None and self.outcome.rule == "motion":
            return str(
                ngettext(
                    "%(num)s paper less would have turned the answer.",
                    "%(num)s papers less would have turned the answer.",
                    margin.units,
                )
            )
        if margin.behind is None:
            return str(
                ngettext(
                    "%(num)s paper less would have turned the answer about %(name)s.",
                    "%(num)s papers less would have turned the answer about %(name)s.",
                    margin.units, name=self.name(margin.ahead),
                )
            )  # fmt: skip
        names = {"ahead": self.name(margin.ahead), "behind": self.name(margin.behind)}
        if not margin.units:
            return str(
                _("%(ahead)s and %(behind)s stood equal at stage %(stage)s.", stage=margin.stage, **names)
            )
        return str(
            _("%(ahead)s was ahead of %(behind)s by %(votes)s votes at stage %(stage)s.",
              votes=self.exactly(margin.units), stage=margin.stage, **names)
        )  # fmt: skip

    def tie(self, tie: Tie) -> str:
        """Tell one choice among equals, and what decided it."""
        taken = FOR[tie.purpose] % {"tied": self.listed(tie.tied), "chosen": self.name(tie.chosen)}
        if tie.decided_at is None:
            return f"{taken} {_('The lot decided.')}"
        return f"{taken} {_('The votes at stage %(stage)s decided.', stage=tie.decided_at)}"

    def stream(self, stream: Stream) -> str:
        """Tell what one ribbon is."""
        gaps = {
            "source": self.name(stream.source),
            "target": self.name(stream.target),
            "votes": self.exactly(stream.units),
        }
        if stream.papers is None:
            return str(_("%(source)s → %(target)s: %(votes)s votes", **gaps))
        said: str = ngettext(
            "%(source)s → %(target)s: %(papers)s paper, worth %(votes)s votes",
            "%(source)s → %(target)s: %(papers)s papers, worth %(votes)s votes",
            stream.papers, papers=format_decimal(stream.papers), **gaps,
        )  # fmt: skip
        return said
