"""What the issue of a token and the casting of a ballot read: one small statement, and the freeze, kept by its hash."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from flask_babel import lazy_gettext as _l
from sqlalchemy import bindparam, func, select

from iocop.core.db import db, read
from iocop.core.errors import Missing
from iocop.elections.models import Election, ElectionDocument, ElectionSecret, RollEntry, TokenIssue
from iocop.elections.sealing import freezing
from iocop.elections.sealing.chains import Entry, issue_start

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from iocop.elections.sealing.freezing import Freeze

_STANDS = (
    select(Election.state, Election.opens_at, Election.closes_at, ElectionDocument.hash)
    .outerjoin(
        ElectionDocument,
        (ElectionDocument.election_id == Election.id) & (ElectionDocument.name == "freeze.json"),
    )
    .where(Election.id == bindparam("election"))
)
_TAKES = _STANDS.add_columns(ElectionSecret.acknowledger_key).outerjoin(
    ElectionSecret, ElectionSecret.election_id == Election.id
)
_ACKNOWLEDGER = select(ElectionSecret.acknowledger_key).where(
    ElectionSecret.election_id == bindparam("election")
)
_FREEZES = 8
"""How many frozen elections a process keeps ready."""


class Poll(NamedTuple):
    """How an election stands towards its voters.

    Attributes:
        freeze_hash: in hexadecimal; None before the freeze.
    """

    election_id: int
    state: str
    opens_at: datetime
    closes_at: datetime
    freeze_hash: str | None


def poll_of(election_id: int) -> Poll:
    """Return how an election stands.

    Raises:
        Missing: there is none.
    """
    row = read(_STANDS, {"election": election_id}).one_or_none()
    if row is None:
        raise Missing(_l("There is no such election."))
    return Poll(election_id, row.state, row.opens_at, row.closes_at, row.hash)


def taking(election_id: int) -> tuple[Poll, bytes | None]:
    """Return how an election stands, and the seed that signs acknowledgements; None after it was destroyed.

    Asked once a ballot, on a connection of its own: a session, and a transaction of it, would cost more than the row.

    Raises:
        Missing: there is no such election.
    """
    asked = {"election": election_id}
    # An act may have opened the election just now, and only its own connection sees that.
    if db.session.registry.has() and db.session().in_transaction():
        row = db.session.connection().execute(_TAKES, asked).one_or_none()
    else:
        with db.engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection.execution_options(isolation_level="AUTOCOMMIT")
            row = connection.execute(_TAKES, asked).one_or_none()
    if row is None:
        raise Missing(_l("There is no such election."))
    return Poll(election_id, *row[:4]), row.acknowledger_key


def freeze_of(poll: Poll) -> Freeze:
    """Return the frozen election.

    Raises:
        Missing: it is not frozen.
    """
    if poll.freeze_hash is None:
        raise Missing(_l("This election is not frozen yet: roll, candidates and keys can still change."))
    return _freeze(poll.election_id, poll.freeze_hash)


@lru_cache(_FREEZES)
def _freeze(election_id: int, hash_: str) -> Freeze:  # noqa: ARG001 -- another hash is another freeze
    document = db.session.get(ElectionDocument, (election_id, "freeze.json"))
    if document is None:
        raise Missing(_l("This election is not frozen yet: roll, candidates and keys can still change."))
    return freezing.read(document.content)


def acknowledger_of(election_id: int) -> bytes | None:
    """Return the seed that signs acknowledgements; None after it was destroyed."""
    seed: bytes | None = read(_ACKNOWLEDGER, {"election": election_id}).scalar()
    return seed


def entry_of(election_id: int, member_id: int) -> RollEntry | None:
    """Return a member's place on the roll."""
    return db.session.scalar(
        select(RollEntry).where(RollEntry.election_id == election_id, RollEntry.member_id == member_id)
    )


def issue_of(entry_id: int) -> TokenIssue | None:
    """Return the token issued for a place on the roll."""
    return db.session.scalar(select(TokenIssue).where(TokenIssue.entry_id == entry_id))


def last_issue(poll: Poll) -> tuple[int, bytes]:
    """Return how many tokens were issued, and the head of their register."""
    last = (
        select(TokenIssue.number, TokenIssue.head)
        .where(TokenIssue.election_id == poll.election_id)
        .order_by(TokenIssue.number.desc())
        .limit(1)
    )
    row = db.session.execute(last).one_or_none()
    return (row.number, row.head) if row else (0, issue_start(freeze_of(poll).hash))


def issued(election_id: int) -> int:
    """Return how many tokens were issued."""
    return (
        db.session.scalar(
            select(func.count()).select_from(TokenIssue).where(TokenIssue.election_id == election_id)
        )
        or 0
    )


def register(election_id: int) -> Iterator[Entry]:
    """Give the register of tokens, entry by entry."""
    rows = (
        select(RollEntry.leaf, TokenIssue.blinded, TokenIssue.blind_signature)
        .join(RollEntry, RollEntry.id == TokenIssue.entry_id)
        .where(TokenIssue.election_id == election_id)
        .order_by(TokenIssue.number)
    )
    for row in db.session.execute(rows.execution_options(yield_per=1000)):
        yield Entry(*row)
