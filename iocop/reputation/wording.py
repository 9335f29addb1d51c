"""How standing is put in words, the same everywhere: levels, factors, what is undone, what is missing."""

from __future__ import annotations

from datetime import timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from math import sqrt
from typing import TYPE_CHECKING, Any, Final

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from iocop.reputation import weighing
from iocop.reputation.rules import POINT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from iocop.core.policy import Sentence
    from iocop.reputation.ladder import Needs
    from iocop.reputation.settling import Share

LEVELS: Final[tuple[Sentence, ...]] = (
    _l("Newcomer"), _l("Participant"), _l("Practitioner"), _l("Expert"), _l("Master"), _l("Steward"),
)  # fmt: skip
UNLOCKS: Final[tuple[Sentence, ...]] = (
    _l("Ask, answer, comment, accept and find helpful: everything ordinary, from the first minute."),
    _l("Doubt an answer, with a reason. What you find helpful counts in full."),
    _l("Look over what waits for review, send back what is not ready, help others to write it."),
    _l("Approve into the repertoire, together with somebody of another organization; become a steward."),
    _l("Close and reopen topics, merge two that ask the same."),
    _l("The domain's charter. An office by a decision of the board, for twelve months."),
)
KINDS: Final[dict[str, Sentence]] = {
    "answering": _l("Answering"),
    "curating": _l("Curating"),
    "mentoring": _l("Mentoring"),
    "governing": _l("Governing"),
}
BECAUSE: Final[dict[str, Sentence]] = {
    "withdrawn": _l("taken back by who gave it"),
    "removed": _l("what it was given for is no longer shown"),
    "irregular": _l("found irregular, by a decision of moderators"),
    "restored": _l("restored"),
    "moved": _l("moved with its domain"),
}
TIES: Final[dict[str, Sentence]] = {
    "apart": _l("by another organization"),
    "unproved": _l("one of you has no proved organization"),
    "colleagues_before": _l("by a colleague of the year before"),
    "together": _l("from your own organization"),
    "interest": _l(
        "your organizations do business or compete with each other, or one of you declared an interest"
    ),
}
FACTORS: Final[dict[str, Sentence]] = {
    "domains": _l("Divided among the domains it is filed under."),
    "org": _l(
        "In full from another organization; half where an organization is not proved or you were colleagues within a"
        " year; a quarter from your own organization, or where an interest is declared."
    ),
    "pair": _l("The nth time within 180 days that the same person endorses the same author: 1/√n."),
    "mutual": _l("Where the author endorsed that person m times within 180 days: 1/(1 + m/5)."),
    "item": _l("The kth endorsement of the same answer or article: 1/√k."),
    "level": _l(
        "By the endorser's level in the domain: half from newcomers, 1.25 from experts, 1.5 from masters and stewards."
    ),
    "share": _l("By the author's share of the text as it stands."),
    "approvers": _l("Half for each of the two who approve."),
    "most": _l("No more than 200 points a day from endorsements."),
    "shield": _l("In the first 30 days a doubt brings nobody below nothing."),
    "sealed": _l(
        "What you gave without your name brings points that you alone see: they count for no level."
    ),
}
"""What each factor of `rules` does, in the order they are told."""

POWERS: Final[dict[str, Sentence]] = {
    "steward": _l("You look as a steward of this domain"),
    "curator": _l("You look as a curator: this domain's stewards are not of two organizations"),
    "board": _l("You look for the board: this domain's stewards and curators are not of two organizations"),
}
NOBODY_ELSE: Final[Sentence] = _l(
    "At the moment nobody of a second organization can look: administrators can enter another steward or curator, by a"
    " decision."
)

SMALL: Final = 20
"""Points below which decimals are told."""

_ORDINALS: Final[tuple[Sentence, ...]] = (
    _l("second"), _l("third"), _l("fourth"), _l("fifth"), _l("sixth"), _l("seventh"), _l("eighth"), _l("ninth"),
    _l("tenth"), _l("eleventh"), _l("twelfth"), _l("thirteenth"), _l("fourteenth"), _l("fifteenth"), _l("sixteenth"),
    _l("seventeenth"), _l("eighteenth"), _l("nineteenth"), _l("twentieth"),
)  # fmt: skip


def points(milli: int) -> str:
    """Return milli-points as people read points, with two decimals at most."""
    exact = (Decimal(milli) / POINT).quantize(Decimal("0.01"), ROUND_HALF_EVEN)
    return str(format_decimal(exact, format="#,##0.##;−#,##0.##"))


def whole_points(milli: int) -> str:
    """Return milli-points as whole points."""
    return str(
        format_decimal((Decimal(milli) / POINT).quantize(Decimal(1), ROUND_HALF_EVEN), format="#,##0;−#,##0")
    )


def few_points(milli: int) -> str:
    """Return whole points, with decimals only where they are so few that these matter."""
    return points(milli) if abs(milli) < SMALL * POINT else whole_points(milli)


def signed_points(milli: int) -> str:
    return f"+{points(milli)}" if milli > 0 else points(milli)


def percent(share: Share) -> str:
    """Return a share of `settling` as people read shares: whole percent, never more than all."""
    return f"{min(100, round(100 * share.above / share.below))} %"


def reasons(factors: Mapping[str, Any], amount_mp: int) -> list[str]:
    """Return why a row's amount is not its base: a clause for each factor that changed it."""
    told = ((_CLAUSES[name], factors[name]) for name in _CLAUSES if name in factors)
    found = [clause for tell, value in told if (clause := tell(value))]
    if factors.get("most") == amount_mp:
        found.append(_("no more than 200 points a day from endorsements: these were left"))
    if "shield" in factors and -factors["shield"] == amount_mp:
        found.append(_("in the first 30 days a doubt brings nobody below nothing"))
    return found


def _weighed(words: str, factor: float) -> str:
    """Append what a factor does; nothing is left of one that changes nothing."""
    if factor == 1:
        return ""
    known = {0.25: _("a quarter"), 0.5: _("half")}
    return f"{words} → {known.get(factor) or '× ' + str(format_decimal(round(factor, 2)))}"


def _part(share: tuple[int, int]) -> float:
    return share[0] / share[1]


def ordinal(number: int) -> str:
    """Return the second, third, … thing's word, from 2."""
    return str(_ORDINALS[number - 2]) if number - 2 < len(_ORDINALS) else _("number %(n)s:", n=number)


def _of_pair(number: int) -> str:
    words = _("%(nth)s endorsement by the same person within half a year", nth=ordinal(max(2, number)))
    return _weighed(words, 1 / sqrt(number))


def _of_mutual(times: int) -> str:
    words = ngettext(
        "you endorsed them %(num)s time in that time", "you endorsed them %(num)s times in that time", times
    )
    return _weighed(words, 1 / (1 + times / 5))


def _of_item(number: int) -> str:
    words = _("%(nth)s endorsement of the same text", nth=ordinal(max(2, number)))
    return _weighed(words, 1 / sqrt(number))


def _of_tie(tie: str) -> str:
    return _weighed(str(TIES[tie]), _part(weighing.ORGANIZATIONS[tie]))


def _of_level(level: int) -> str:
    words = _("given by: %(level)s in this domain", level=str(LEVELS[level]).lower())
    return _weighed(words, _part(weighing.LEVELS[level]))


def _of_domains(count: int) -> str:
    return _weighed(_("filed under %(count)s domains", count=count), 1 / count)


def _of_share(share: int) -> str:
    written = str(format_decimal(round(share / 100, 1)))
    return _("your share of the text: %(share)s %%", share=written) if share != 10_000 else ""


def _of_seal(_sealed: bool) -> str:
    return str(_("given without your name: for you alone, and for no level"))


def _of_approvers(count: int) -> str:
    return _weighed(_("one of the two who approved"), 1 / count)


_CLAUSES: Final[dict[str, Callable[[Any], str]]] = {
    "pair": _of_pair, "mutual": _of_mutual, "org": _of_tie,
    "level": _of_level, "item": _of_item, "share": _of_share, "approvers": _of_approvers, "domains": _of_domains,
    "sealed": _of_seal,
}  # fmt: skip


def usual_wait(wait: timedelta | None) -> str:
    """Return how long candidates for level 3 waited of late, in whole days, at least one."""
    if wait is None:
        return str(_("too few have been looked at within a year to say how long it takes"))
    days = max(1, round(wait / timedelta(days=1)))
    return str(ngettext("usually it takes %(num)s day", "usually it takes %(num)s days", days))


def needs_words(needs: Needs) -> list[str]:
    """Return what a level still asks for, a clause each; empty where nothing is missing."""
    found = []
    if needs.standing_mp:
        found.append(_("%(points)s more points of standing", points=_rounded_up(needs.standing_mp)))
    if needs.organizations:
        found.append(
            ngettext(
                "endorsements from %(num)s more organization",
                "endorsements from %(num)s more organizations",
                needs.organizations,
            )
        )
    if needs.accepted:
        found.append(
            ngettext("%(num)s more accepted answer", "%(num)s more accepted answers", needs.accepted)
        )
    if needs.reliability is not None:
        share = str(format_decimal(float(needs.reliability * 100)))
        found.append(_("%(share)s %% of your answers to solved questions accepted", share=share))
    return found


def _rounded_up(milli: int) -> str:
    """Return whole points: what is missing is never told as less than it is."""
    return whole_points(-(-milli // POINT) * POINT)
