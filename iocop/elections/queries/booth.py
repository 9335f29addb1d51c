"""What the booth is told, as plain data (docs/ballot-protocol.md, section 8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from iocop.core.db import db
from iocop.elections.models import BoardHead, Nomination
from iocop.elections.queries import casting
from iocop.elections.voting import is_open, may_have_token
from iocop.members.models import Member
from iocop.members.photos import photo_address
from iocop.members.queries import number_of
from iocop.organizations.models import Organization

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from iocop.core.login import Viewer
    from iocop.elections.queries.casting import Poll


def heads(election_id: int) -> list[BoardHead]:
    """Return the blocks of a board, in their order."""
    rows = select(BoardHead).where(BoardHead.election_id == election_id).order_by(BoardHead.number)
    return list(db.session.scalars(rows))


def moment(at: datetime) -> str:
    """Write a moment as the freeze does, to the second."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def state(poll: Poll, at: datetime) -> dict[str, Any]:
    """Tell how the election stands, by the clock that decides."""
    freeze = casting.freeze_of(poll)
    board = heads(poll.election_id)
    return {
        "state": poll.state,
        "now": moment(at),
        "opens": moment(freeze.opens),
        "closes": moment(freeze.closes),
        "board": (board[-1].head if board else freeze.hash).hex(),
        "blocks": len(board),
        "issued": casting.issued(poll.election_id),
    }


def candidates(election_id: int) -> list[dict[str, Any]]:
    """Tell what the frozen candidates wrote, by number; plain text."""
    rows = (
        select(
            Nomination.number,
            Nomination.statement,
            Nomination.interests,
            Organization.name,
            Member.photo_key,
            Member.number.label("member"),
        )
        .join(Member, Member.id == Nomination.member_id)
        .outerjoin(Organization, Organization.id == Nomination.group_id)
        .where(Nomination.election_id == election_id, Nomination.number.is_not(None))
        .order_by(Nomination.number)
    )
    return [
        {
            "number": row.number,
            "organization": row.name,
            "statement": row.statement,
            "interests": row.interests,
            "photo": photo_address(row.member, row.photo_key) or None,
        }
        for row in db.session.execute(rows)
    ]


def own(actor: Viewer, poll: Poll, at: datetime) -> dict[str, Any]:
    """Tell a member of their place on the roll, of the token issued to them, and of what holds one up."""
    entry = casting.entry_of(poll.election_id, actor.id)
    issue = casting.issue_of(entry.id) if entry else None
    verdict = is_open(poll, at) and may_have_token(actor, entry)
    return {
        "member": actor.name,
        "number": number_of(actor.id),
        "on_roll": entry is not None,
        "leaf": entry.leaf.hex() if entry else None,
        "salt": entry.salt.hex() if entry and entry.salt else None,
        "token_issued": issue is not None,
        "blinded": issue.blinded.hex() if issue else None,
        "blind_signature": issue.blind_signature.hex() if issue else None,
        "refusal": None if verdict else str(verdict.reason),
    }


def block(board: Sequence[BoardHead], number: int, hashes: Sequence[bytes], start: bytes) -> dict[str, Any]:
    """Tell one block: its heads and its ballots' hashes, sorted.

    Args:
        start: the head before block 1, which is the freeze hash.
    """
    return {
        "number": number,
        "previous": (board[number - 2].head if number > 1 else start).hex(),
        "head": board[number - 1].head.hex(),
        "ballots": [one.hex() for one in hashes],
    }
