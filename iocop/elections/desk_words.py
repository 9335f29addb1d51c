"""How states, acts and hindrances of elections are called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

if TYPE_CHECKING:
    from iocop.core.policy import Sentence

STATES: Final[dict[str, Sentence]] = {
    "draft": _l("Draft"),
    "nominations": _l("Nominations"),
    "screening": _l("Screening"),
    "campaign": _l("Campaign"),
    "voting": _l("Voting"),
    "sealed": _l("Sealed"),
    "counted": _l("Counted"),
    "certified": _l("Certified"),
    "void": _l("Void"),
}
STATES_TOLD: Final[dict[str, Sentence]] = {
    "draft": _l("Officers prepare it; nobody else is asked anything yet."),
    "nominations": _l("Members propose candidates, who accept and write their statements."),
    "screening": _l("Officers look whether each candidate may stand."),
    "campaign": _l("Candidates answer questions; then roll, candidates and keys are frozen."),
    "voting": _l("Everybody on the roll can vote, and vote anew until the close."),
    "sealed": _l("The box is closed; officers give the keys that open it together."),
    "counted": _l("The count stands; complaints are taken."),
    "certified": _l("The result stands, and the elected have their offices."),
    "void": _l("It has no result; its ballots were never opened."),
}
VERBS: Final[dict[str, Sentence]] = {
    "open_nominations": _l("Open nominations"),
    "close_nominations": _l("Close nominations"),
    "finish_screening": _l("Begin the campaign"),
    "open_campaign": _l("Announce the motion"),
    "open_voting": _l("Open the poll"),
    "close_voting": _l("Close the poll and seal the box"),
    "count": _l("Count the ballots"),
    "elect_unopposed": _l("Declare the candidates elected without a poll"),
    "count_back": _l("Fill the seat by countback"),
    "certify": _l("Certify the result"),
    "admit_nomination": _l("Admit a candidate"),
    "refuse_nomination": _l("Refuse a nomination"),
    "extend": _l("Move the dates"),
    "freeze": _l("Freeze roll, candidates and keys"),
    "thaw": _l("Take the freeze back"),
    "block_token": _l("Block a voting token"),
    "correct_roll": _l("Record an error of the roll"),
    "answer_complaint": _l("Answer a complaint"),
    "name_officer": _l("Name a further officer"),
    "relieve_officer": _l("Relieve an officer"),
    "void": _l("Declare the election void"),
}
VERBS_TOLD: Final[dict[str, Sentence]] = {
    "finish_screening": _l("Every nomination is admitted or refused by then."),
    "freeze": _l(
        "Who may vote at this moment is on the roll, and nobody else. From then on no date, candidate or rule changes;"
        " the hash is mailed to everybody on the roll."
    ),
    "thaw": _l("Possible until the poll opens. The earlier freeze stays to be read, and every officer makes new keys."),
    "open_voting": _l("Every officer has loaded the key file again and signed the freeze."),
    "close_voting": _l("What was acknowledged is in the box for good, and the key that issues tokens is destroyed."),
    "count": _l("It takes the keys of as many officers as were agreed."),
    "certify": _l("Records the members’ decision and gives the offices. Every complaint is answered by then."),
    "elect_unopposed": _l("There are no more candidates than seats, and the rules ask for no poll then."),
    "count_back": _l("The ballots of the earlier election are counted again without the member who left."),
    "extend": _l("All dates still to come move later by as many days; nothing ever moves earlier."),
    "block_token": _l("For somebody on the roll who must not vote any more. A token that was issued stays valid."),
    "correct_roll": _l(
        "For an entry that should never have been on the roll. The roll stays as it was frozen; your decision stands"
        " beside it. If as many wrong tokens were used as the smallest margin that decided, declare the election void."
    ),
    "name_officer": _l(
        "Somebody who holds the office of returning officer joins: for acts, complaints and the certificate. Before the"
        " freeze they make keys like the others; after it they get none, for what is frozen opens the ballots."
    ),
    "relieve_officer": _l(
        "For who resigns, is ill, lost the office or has a share in the outcome. Before the freeze the keys are"
        " theirs no more. After it the frozen key stays with them: it counts if they give it all the same, but nobody"
        " can count on it. What they proposed and nobody confirmed is taken back."
    ),
    "void": _l("Its ballots are deleted unopened, its keys are never published, and nobody can take this back."),
    "refuse_nomination": _l("The candidate reads your reason, and can have two other officers look at it again."),
}  # fmt: skip
DONE: Final[dict[str, Sentence]] = {
    "open_nominations": _l("opened nominations"),
    "close_nominations": _l("closed nominations"),
    "finish_screening": _l("began the campaign"),
    "open_campaign": _l("announced the motion"),
    "open_voting": _l("opened the poll"),
    "close_voting": _l("closed the poll and sealed the box"),
    "count": _l("had the ballots counted"),
    "elect_unopposed": _l("declared the candidates elected without a poll"),
    "count_back": _l("filled the seat by countback"),
    "certify": _l("certified the result"),
    "admit_nomination": _l("admitted a candidate"),
    "refuse_nomination": _l("refused a nomination"),
    "extend": _l("moved the dates"),
    "freeze": _l("froze roll, candidates and keys"),
    "thaw": _l("took the freeze back"),
    "block_token": _l("blocked a voting token"),
    "correct_roll": _l("recorded an error of the roll"),
    "answer_complaint": _l("answered a complaint"),
    "name_officer": _l("named a further officer"),
    "relieve_officer": _l("relieved an officer"),
    "void": _l("declared the election void"),
}
"""What two officers did, after their names."""
HINDRANCES: Final[dict[str, Sentence]] = {
    "not_a_member": _l("You are no active member: only members vote."),
    "suspended": _l("Who is suspended on the day of the freeze is not on the roll."),
    "too_new": _l("Your membership was younger than the rules ask for on the day of the freeze."),
    "unaffiliated": _l("The rules ask for an organization you belong to on the day of the freeze; you had none."),
    "elsewhere": _l("The rules let members of other countries vote; mend the country in your profile if it is wrong."),
}  # fmt: skip
"""Why somebody is not on the roll, as they read it."""
HINDRANCES_COUNTED: Final[dict[str, Sentence]] = {
    "not_a_member": _l("no member"),
    "suspended": _l("suspended"),
    "too_new": _l("a member too short a time"),
    "unaffiliated": _l("without an organization"),
    "elsewhere": _l("of another country"),
}
DATES: Final[dict[str, Sentence]] = {
    "nominations_open_at": _l("Nominations open"),
    "nominations_close_at": _l("Nominations close"),
    "opens_at": _l("The poll opens"),
    "closes_at": _l("The poll closes"),
    "keys_until": _l("Officers give their keys until"),
    "complaints_until": _l("Complaints until"),
}
POSTS: Final[dict[str, Sentence]] = {
    "relieved": _l("relieved"),
    "left": _l("is no member any more"),
    "suspended": _l("suspended"),
    "ended": _l("the office of returning officer has ended"),
    "stands": _l("is proposed as a candidate"),
}
"""Why somebody named as an officer does not serve."""
COMPLAINTS: Final[dict[str, Sentence]] = {
    "complaint": _l("Complaint"),
    "refused_nomination": _l("Refused nomination"),
    "did_not_vote": _l("“I did not vote”"),
}
NOMINATIONS: Final[dict[str, Sentence]] = {
    "proposed": _l("proposed, not accepted yet"),
    "declined": _l("declined"),
    "accepted": _l("accepted, waits for the officers"),
    "admitted": _l("stands"),
    "refused": _l("refused"),
    "withdrawn": _l("withdrawn"),
}
SMALL_ROLL: Final = 30
TINY_ROLL: Final = 10
LARGE_ROLL: Final = 500


def warnings(roll: int, candidates: int, officers: int | None = None) -> list[str]:
    """Return what officers should know before the freeze, and voters after it: how much few ballots say.

    Args:
        roll: how many are on it, or would be, in members.
        officers: for them, how many they are: how many keys are wise.
    """
    told = []
    if roll < TINY_ROLL:
        told.append(
            _("Fewer than 10 may vote: vote openly or by post, for no ballot can be secret among so few.")
        )
    elif roll < SMALL_ROLL:
        told.append(_("Fewer than 30 may vote: with so few, a ballot that stands alone can be guessed."))
    if _orders(candidates) > roll > 0:
        told.append(
            _(
                "There are more possible orders of the candidates than voters: a full ranking can be as good as a"
                " signature. A rule can limit how many are ranked."
            )
        )
    if officers is not None and roll > LARGE_ROLL and officers < 5:
        told.append(_("More than 500 may vote: five officers, of whom three open the ballots, are advised."))
    return told


def _orders(candidates: int) -> int:
    """Return candidates! up to 12, beyond which no roll is larger."""
    product = 1
    for number in range(2, min(candidates, 12) + 1):
        product *= number
    return product
