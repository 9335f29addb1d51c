"""What rules are called, and how their values read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from iocop.core.policy import Sentence
    from iocop.elections.rules import Rules

KINDS: Final[dict[str, Sentence]] = {
    "board": _l("Board election"),
    "office": _l("Single office"),
    "affirmation": _l("Affirmation"),
    "motion": _l("Motion by secret ballot"),
    "vacancy": _l("Casual vacancy"),
}
KINDS_TOLD: Final[dict[str, Sentence]] = {
    "board": _l("Several seats of the board; voters rank the candidates."),
    "office": _l("One person for one office."),
    "affirmation": _l("Yes or no to each candidate, where nobody stands against them."),
    "motion": _l("One question, answered with yes, no or abstain."),
    "vacancy": _l("A seat that fell vacant is filled from the ballots of the election it was won in."),
}
COUNTING: Final[dict[str, Sentence]] = {
    "scottish": _l("Single transferable vote (Scottish rules)"),
    "meek": _l("Single transferable vote (Meek’s method)"),
    "schulze": _l("Schulze’s method"),
    "plurality": _l("Most votes"),
    "block": _l("As many marks as seats"),
    "approval": _l("Approval"),
    "affirmation": _l("Yes or no to each"),
    "motion": _l("Yes or no"),
}
LABELS: Final[dict[str, Sentence]] = {
    "rule": _l("Counted by"),
    "board_size": _l("Seats of the whole board"),
    "cap": _l("Limit for one organization group"),
    "term_months": _l("Length of a term"),
    "most_terms": _l("Terms in a row, at most"),
    "days_to_vote": _l("Membership before the freeze, to vote"),
    "days_to_stand": _l("Membership before the nomination, to stand"),
    "seconders": _l("Seconders of a candidate"),
    "statement_words": _l("Statement of a candidate, at least"),
    "photo": _l("Photo of a candidate"),
    "regions": _l("Countries that vote and stand"),
    "affiliation": _l("Belonging to an organization, to vote and stand"),
    "quorum": _l("Part of the roll that must take part"),
    "threshold": _l("Part of yes and no that must say yes"),
    "more_than": _l("Exactly that part"),
    "affirm_uncontested": _l("No more candidates than seats"),
    "nomination_days": _l("Nominations are open, at least"),
    "voting_days": _l("Voting is open, at least"),
    "key_days": _l("Officers give their keys after the close, within"),
    "complaint_days": _l("Complaints after the keys are due, for"),
    "turnout_by_name": _l("Who took a voting token"),
    "plain_ballots": _l("Voting without JavaScript"),
    "most_ranks": _l("Candidates a voter may rank"),
}
_CHOICES: Final[dict[str, tuple[Sentence, Sentence]]] = {
    "photo": (_l("needed"), _l("not needed")),
    "affiliation": (_l("needed"), _l("not needed")),
    "more_than": (_l("is not enough: it takes more"), _l("is enough")),
    "affirm_uncontested": (_l("are voted on one by one"), _l("are elected without a poll")),
    "turnout_by_name": (_l("members can read by name"), _l("is not published")),
    "plain_ballots": (
        _l("possible; the server seals such a ballot, and their number is published"),
        _l("not possible"),
    ),
}


def value(name: str, rules: Rules) -> str:
    """Return how one rule reads."""
    given: Any = getattr(rules, name)
    if name in _CHOICES:
        return str(_CHOICES[name][0 if given else 1])
    own: dict[str, Callable[[], object]] = {
        "rule": lambda: COUNTING[given],
        "cap": lambda: _cap(rules),
        "quorum": lambda: _share(given),
        "threshold": lambda: _share(given),
        "regions": lambda: ", ".join(given) or _("all"),
        "most_ranks": lambda: given or _("all"),
    }
    return str(own[name]()) if name in own else _counted(name, given)


def _cap(rules: Rules) -> str:
    if not rules.cap:
        return str(_("none"))
    most = max(2, rules.board_size // 3)
    return str(_("%(most)s of %(all)s seats, directors who stay counted", most=most, all=rules.board_size))


def _share(pair: tuple[int, int]) -> str:
    p, q = pair
    return f"{p}/{q}" if p else str(_("none"))


def _counted(name: str, given: int) -> str:
    if name.endswith("_days") or name.startswith("days_"):
        return str(ngettext("%(num)s day", "%(num)s days", given))
    if name == "term_months":
        return str(ngettext("%(num)s month", "%(num)s months", given))
    if name == "statement_words":
        return str(ngettext("%(num)s word", "%(num)s words", given))
    return str(given)


def rows(*sets: Rules) -> Iterator[tuple[str, list[str], bool]]:
    """Give each rule's name with how it reads in some rule sets, and whether the last two differ."""
    for name, label in LABELS.items():
        values = [value(name, rules) for rules in sets]
        yield str(label), values, len(values) > 1 and values[-1] != values[-2]
