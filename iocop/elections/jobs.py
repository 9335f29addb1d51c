"""Periodic work of elections: the board follows the box, and ballots are opened once the keys are there."""

from __future__ import annotations

from sqlalchemy import select

from iocop.core.db import db
from iocop.core.jobs import periodic
from iocop.elections.models import Election
from iocop.elections.queries import casting
from iocop.elections.services import blocking, counting, lapsing, mailing, reminding


@periodic()
def write_blocks() -> None:
    """Write the heads of new blocks, each minute."""
    for election_id in list(db.session.scalars(select(Election.id).where(Election.state == "voting"))):
        blocking.catch_up(casting.poll_of(election_id))


@periodic()
def open_ballots() -> None:
    """Open the ballots of whatever election has its keys, each minute."""
    counting.open_what_can_be()


@periodic()
def void_without_keys() -> None:
    """Declare void whatever election got too few keys by their day, each minute."""
    lapsing.void_without_keys()


@periodic(minute="17")
def remind() -> None:
    """Remind everybody on the roll three days and one day before the close, and officers of their keys likewise."""
    reminding.remind()
    reminding.remind_of_keys()


@periodic(minute="*/10")
def tell_of_tokens() -> None:
    """Mail everybody in whose name a token was issued; many at once, so that the mails say little of when."""
    mailing.tell_of_tokens()


@periodic(minute="*/10")
def mail_heads() -> None:
    """Mail the newest heads of the board, at most hourly."""
    mailing.mail_heads()
