"""The close: the last block, the final heads of both chains, and the end of the keys that issued."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iocop.core import clock
from iocop.core.db import db
from iocop.elections.models import ElectionDocument, ElectionSecret
from iocop.elections.queries import casting
from iocop.elections.queries.booth import heads
from iocop.elections.sealing.canonical import digest
from iocop.elections.sealing.chains import sealed_document
from iocop.elections.services import blocking
from iocop.elections.services.boxes import box_of, destroy

if TYPE_CHECKING:
    from iocop.elections.models import Election


def close(election: Election) -> None:
    """Seal an election inside the officers' act: all acknowledged ballots go into the last block.

    The box is closed first, for good; what follows can be done again after a kill, from what the box holds.
    """
    poll = casting.poll_of(election.id)
    freeze = casting.freeze_of(poll)
    # Held until the act ends: a token that is being issued is in the register by now, or is issued no more.
    secret = db.session.get_one(ElectionSecret, election.id, with_for_update=True, populate_existing=True)
    box = box_of(freeze)
    box.close()
    blocks = blocking.catch_up(poll)
    last = heads(election.id)[-1:] if blocks else []
    issued, issues = casting.last_issue(poll)
    content = sealed_document(
        freeze.hash, last[0].head if last else freeze.hash, blocks, box.count(), issues, issued
    )
    write_document(election.id, "sealed.json", content)
    secret.issuer_key = None


def discard(election: Election) -> None:
    """Forget a void election's ballots and keys: they are never opened."""
    secret = db.session.get(ElectionSecret, election.id)
    if secret is not None:
        secret.issuer_key = secret.acknowledger_key = secret.seed = None
    destroy(election.id)


def write_document(election_id: int, name: str, content: bytes) -> None:
    """Keep a document of the archive, to the byte."""
    db.session.add(
        ElectionDocument(
            election_id=election_id,
            name=name,
            content=content,
            hash=digest(content).hex(),
            made_at=clock.now(),
        )
    )
