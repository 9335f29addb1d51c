"""Who gets a voting token and when a ballot is taken: verdicts with the reason a voter reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from iocop.core.policy import ALLOWED, Verdict, refused

if TYPE_CHECKING:
    from datetime import datetime

    from iocop.core.login import Viewer
    from iocop.elections.models import Election, ElectionOfficer, RollEntry
    from iocop.elections.queries.casting import Poll


def is_open(poll: Poll, at: datetime) -> Verdict:
    """Say whether votes are taken at a moment: by the one clock of the server, tokens and ballots alike."""
    if poll.state == "void":
        return refused(_l("This election was declared void: no vote is taken, and none is opened."))
    if poll.state in {"draft", "nominations", "screening", "campaign"} or at < poll.opens_at:
        return refused(_l("Voting has not begun. Nothing was taken; come back when it is open."))
    if poll.state != "voting" or at >= poll.closes_at:
        return refused(
            _l("Voting is closed. This was not taken; a vote acknowledged before the close counts.")
        )
    return ALLOWED


def may_have_token(actor: Viewer, entry: RollEntry | None) -> Verdict:
    """Say whether a member gets a token. A later suspension holds back only one that was not issued yet."""
    if entry is None:
        return refused(
            _l(
                "You are not on the roll of this election. It was frozen before voting began; its page says whom"
                " it holds and until when you can complain."
            )
        )
    if entry.blocked_reason:
        return refused(
            _l("The officers decided that no token is issued to you: %(reason)s", reason=entry.blocked_reason)
        )
    if actor.suspended:
        return refused(
            _l("While you are suspended no token is issued to you. One issued before stays valid.")
        )
    return ALLOWED


def may_give_private_key(actor: Viewer, election: Election, officer: ElectionOfficer | None) -> Verdict:
    """Say whether an officer's key is taken: after the final heads are known, and not before."""
    if actor.suspended or officer is None:
        return refused(_l("Only the officers of this election give keys."))
    if election.state != "sealed":
        return refused(_l("Keys are taken once the election is sealed, and before the ballots are opened."))
    return ALLOWED
