"""Every entry into the ledger, one at a time, each once however often its event is told."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from iocop.reputation.book import Act, Tie
from iocop.reputation.queries import rows
from iocop.reputation.services.ledger import writing

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from datetime import datetime

    from iocop.reputation.chains import Chain
    from iocop.reputation.models import LedgerRow
    from iocop.reputation.queries.irregularities import Given
    from iocop.reputation.services.ledger import Ledger

__all__ = ["Act", "Tie", "record", "restore", "reverse", "reverse_given"]

NAMED_ONLY = "content_removed"
"""A rule whose rows are undone only where it is named: they outlive the removal they tell of."""


def record(acts: Sequence[Act]) -> None:
    """Enter what members earned.

    What stands already is not entered again; what had been withdrawn or removed comes back as it was. What somebody
    gives themselves brings nothing.
    """
    with writing() as ledger:
        for happened in acts:
            ledger.record(happened)


def reverse(
    source_id: int, because: str, at: datetime, *, rule: str = "", actor_id: int | None = None,
    occasion: str | None = None, member_id: int | None = None,
) -> None:  # fmt: skip
    """Undo what stands about a contribution by exact negatives.

    Args:
        because: ``withdrawn``, ``removed``, ``irregular`` or, of what a removal cost, ``restored``. What was irregular
            never comes back.
        rule: only of this rule; empty: of every rule but that for removed content.
        actor_id: only what this member gave.
        occasion: only on this occasion.
        member_id: only what this member received.
    """
    with writing() as ledger:
        for receiver in _receivers(ledger, source_id, rule, actor_id, member_id):
            book = ledger.book(receiver)
            chains = (
                chain
                for chain in book.chains.about(source_id)
                if _matches(chain, rule, actor_id) and occasion in {None, chain.first.occasion}
            )
            book.reverse(chains, because, at)


def reverse_given(given: Iterable[Given], because: str, at: datetime) -> None:
    """Undo what stands of many gifts at once, by every rule: each receiver's book is opened once."""
    by_receiver: dict[int, set[tuple[int, int | None]]] = defaultdict(set)
    for each in given:
        by_receiver[each.receiver_id].add((each.source_id, each.giver_id))
    with writing() as ledger:
        for receiver_id, gifts in sorted(by_receiver.items()):
            book = ledger.book(receiver_id)
            book.reverse((chain for chain in book.chains if _is_among(chain, gifts)), because, at)


def _is_among(chain: Chain, gifts: Collection[tuple[int, int | None]]) -> bool:
    first = chain.first
    return first.rule != NAMED_ONLY and (first.source_id, first.actor_id) in gifts


def restore(source_id: int, at: datetime, keep: Callable[[LedgerRow], bool]) -> None:
    """Bring back what was undone when a contribution was removed.

    Args:
        keep: says of the first row of a chain whether its act still stands.
    """
    with writing() as ledger:
        for receiver in rows.members_with(ledger.session, source_id):
            book = ledger.book(receiver)
            removed = [
                chain
                for chain in book.chains.about(source_id)
                if not chain.live and chain.because == "removed"
            ]
            firsts = {row.id: row for row in rows.firsts(ledger.session, removed)}
            book.restore((chain for chain in removed if keep(firsts[chain.first.id])), at)


def _receivers(
    ledger: Ledger, source_id: int, rule: str, actor_id: int | None, member_id: int | None
) -> Iterator[int]:
    for receiver in rows.members_with(ledger.session, source_id, rule, actor_id):
        if member_id in {None, receiver}:
            yield receiver


def _matches(chain: Chain, rule: str, actor_id: int | None) -> bool:
    first = chain.first
    of_rule = first.rule == rule if rule else first.rule != NAMED_ONLY
    return of_rule and actor_id in {None, first.actor_id}
