"""What can go wrong when people of many organizations share what they know, and what the site does about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from flask_babel import lazy_gettext as _l

if TYPE_CHECKING:
    from iocop.core.policy import Sentence


class Risk(NamedTuple):
    """One risk.

    Attributes:
        done: what the site does about it.
        left: what no site can take away.
        pages: where it is done, as endpoint and words; those the site has no page for are left out.
    """

    key: str
    name: Sentence
    done: Sentence
    left: Sentence
    pages: tuple[tuple[str, Sentence], ...] = ()


RISKS: tuple[Risk, ...] = (
    Risk(
        "proprietary", _l("Losing what is your organization's own"),
        _l("Every text is looked through before it is posted: confidential terms, client names, addresses, what files"
           " say about themselves. Each post carries a label that says how far it may travel."),
        _l("Whoever has read something knows it. The check warns, it does not forbid."),
        (("safety.settings", _l("Safe to post?")),),
    ),
    Risk(
        "management", _l("Too complicated to run"),
        _l("Every office rests on a recorded decision, every ruling has a reason, and one page says who decides what."),
        _l("Somebody has to hold the offices."),
        (("home.how", _l("How this community works")),),
    ),
    Risk(
        "financial", _l("Costs without return"),
        _l("Membership is personal and free; no organization pays to be heard, and none can lose money by leaving."),
        _l("Members' hours are given, and somebody pays for them."),
    ),
    Risk(
        "dependence", _l("Depending on one organization"),
        _l("On this page each organization's people see which share of the answers to their questions came from a"
           " single other organization; above one half it is marked."),
        _l("Nobody can be made to answer."),
    ),
    Risk(
        "autonomy", _l("Losing the freedom to decide"),
        _l("People, not organizations, are members. An employer can prove that somebody works there; it can neither enrol"
           " nor remove anybody, and it reads nothing that other members cannot read."),
        _l("Employers have other ways to press their people."),
    ),
    Risk(
        "culture", _l("Ways of working that clash"),
        _l("Posts carry their author's organization of that time, domains have charters, and reports are decided by"
           " people of other organizations than those they concern."),
        _l("Disagreement is part of learning."),
        (("forums.domains", _l("The domains and their charters")),),
    ),
    Risk(
        "flexibility", _l("Being tied down"),
        _l("A member takes number, posts and standing along to the next employer, can take the own data home at any time,"
           " and can leave."),
        _l("What was given under an open licence stays given."),
    ),
    Risk(
        "antitrust", _l("Breaking competition law"),
        _l("Where people of competing organizations can read, whoever types prices, bids, wages or who serves whom is"
           " reminded before it is posted."),
        _l("The reminder knows words, not intentions. Who is unsure asks a lawyer before posting."),
        (("moderation.log", _l("What moderators did")),),
    ),
)  # fmt: skip
"""Source of the eight: Barringer and Harrison 2000, Walking a tightrope, Journal of Management 26 (3)."""
