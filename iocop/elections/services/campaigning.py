"""Candidates open their thread and write the one mailing that the site sends for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from iocop.contributions.services import Given
from iocop.core import audit, clock
from iocop.core.db import act
from iocop.core.errors import Conflict, Invalid
from iocop.core.events import emit
from iocop.core.policy import require
from iocop.elections import standing_policy as policy
from iocop.elections.events import CandidateWrote, MailingSent
from iocop.elections.queries import candidacy, elections
from iocop.forums.services import open_topic

if TYPE_CHECKING:
    from iocop.core.login import Viewer
    from iocop.elections.models import Nomination

LONGEST_MAILING = 4_000
"""Characters: the same for every candidate."""


def open_thread(actor: Viewer, election_id: int, nomination_id: int, domain_id: int) -> Nomination:
    """Open the candidate's thread, where members ask and everybody reads the answers.

    Raises:
        Conflict: it is open already.
    """
    election = elections.election(election_id)
    row = candidacy.nomination(election_id, nomination_id)
    require(policy.may_campaign(actor, election, row))
    given = Given(
        kind="discussion",
        title=_("Ask me: %(name)s, candidate of “%(election)s”", name=actor.name, election=election.title)[
            :200
        ],
        text=row.statement,
        submission_key=f"campaign-{row.id}",
        domain_ids=(domain_id,),
    )
    with act():
        election = elections.locked(election_id)
        row = candidacy.nomination(election_id, nomination_id)
        require(policy.may_campaign(actor, election, row))
        if row.thread_id is not None:
            raise Conflict(_l("Your thread is open already."))
        row.thread_id = open_topic(actor, given).id
        emit(CandidateWrote(actor.id, election_id=election_id, nomination_id=row.id))
    return row


def send_mailing(actor: Viewer, election_id: int, nomination_id: int, text: str) -> Nomination:
    """Have the site send the candidate's one mailing, to everybody who may vote and as plain text.

    Raises:
        Invalid: nothing is written, or more than every candidate has.
        Conflict: it was sent already.
    """
    with act():
        election = elections.locked(election_id)
        row = candidacy.nomination(election_id, nomination_id)
        require(policy.may_campaign(actor, election, row))
        if row.mailing_sent_at is not None:
            raise Conflict(_l("Your mailing was sent: every candidate has one."))
        if not text.strip():
            raise Invalid(_l("Write what members should read."), "text")
        if len(text) > LONGEST_MAILING:
            raise Invalid(_l("A mailing has at most 4,000 characters, the same for every candidate."), "text")
        row.mailing, row.mailing_sent_at = text.strip(), clock.now()
        audit.record("send_mailing", actor.id, f"nomination:{row.id}")
        emit(MailingSent(actor.id, election_id=election_id, nomination_id=row.id))
    return row
