"""A domain is divided in two: what stands under some of its tags goes to the other, and what was earned by it too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, or_, select, update

from iocop.contributions.models import Contribution
from iocop.contributions.services.filing import refile
from iocop.core import audit, clock
from iocop.core.db import act, db
from iocop.core.errors import Invalid, Missing
from iocop.core.events import emit
from iocop.core.policy import require
from iocop.core.versions import bump
from iocop.domains.models import Domain, Tag
from iocop.repertoire.models import Proposal
from iocop.reputation import policy
from iocop.reputation.events import DomainDivided
from iocop.reputation.models import LedgerRow
from iocop.reputation.services.counting import count_answers_of
from iocop.reputation.services.ledger import writing
from iocop.roles.queries import decision

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from iocop.core.login import Viewer
    from iocop.reputation.chains import Chain

AT_ONCE = 500
"""Keys named in one statement."""


def divide_domain(
    actor: Viewer, domain_id: int, into_id: int, tag_ids: Sequence[int], decision_id: int | None
) -> int:
    """Move what stands in a domain under some tags into another one; return how many roots moved.

    Members' points total the same as before: each row is undone in the first domain and stands in the other as it
    was, with what of it had settled and since when. Levels in either follow from it, down only after a notice.

    Raises:
        Refused: not an administrator, or on no decision.
        Missing: no such domain.
        Invalid: no tag, or one domain twice, or a retired one.
    """
    with act() as session:
        require(policy.may_divide_domain(actor, decision(decision_id) if decision_id else None))
        _check(domain_id, into_id, tag_ids)
        roots = refile(domain_id, into_id, tag_ids)
        session.execute(
            update(Tag).where(Tag.id.in_(tag_ids), Tag.domain_id == domain_id).values(domain_id=into_id)
        )
        _move(domain_id, into_id, roots)
        bump("site", "topics", "domains", "repertoire")
        audit.record("divide_domain", actor.id, f"domain:{domain_id}", into=into_id, decision=decision_id)
        emit(
            DomainDivided(
                actor.id,
                domain_id=domain_id,
                into_id=into_id,
                decision_id=decision_id or 0,
                root_ids=tuple(roots),
            )
        )
    return len(roots)


def _check(domain_id: int, into_id: int, tag_ids: Sequence[int]) -> None:
    if not tag_ids:
        raise Invalid(_l("Choose at least one tag: what stands under it moves."), "tags")
    domain, into = db.session.get(Domain, domain_id), db.session.get(Domain, into_id)
    if domain is None or into is None:
        raise Missing(_l("There is no such domain."))
    if domain_id == into_id:
        raise Invalid(_l("Choose another domain than this one."), "into")
    if into.retired_at is not None:
        raise Invalid(_l("That domain is retired: open it again first, or choose another."), "into")


def _move(domain_id: int, into_id: int, roots: Sequence[int]) -> None:
    """Carry every chain about these roots that stands in the first domain into the other, in the order of the rows."""
    moved = {thing_id for some in _some(roots) for thing_id in _things(some)}
    authors = {author_id for some in _some(roots) for author_id in _authors(some)}
    with writing() as ledger:
        receivers = [member_id for some in _some(sorted(moved)) for member_id in _receivers(domain_id, some)]
        now = clock.now()
        for member_id in sorted(set(receivers)):
            book = ledger.book(member_id)
            for chain in _standing(book.chains, domain_id, moved):
                book.move(chain, into_id, now)
    count_answers_of(authors)


def _standing(chains: Iterable[Chain], domain_id: int, moved: set[int]) -> list[Chain]:
    return [
        chain
        for chain in chains
        if chain.live and chain.first.domain_id == domain_id and chain.first.source_id in moved
    ]


def _some(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))


def _things(roots: Sequence[int]) -> Iterable[int]:
    """Return what stands under some roots, with the changes that were suggested to them."""
    under = select(Contribution.id).where(
        or_(Contribution.id.in_(roots), func.coalesce(Contribution.root_id, 0).in_(roots))
    )
    yield from db.session.scalars(under)
    yield from db.session.scalars(select(Proposal.id).where(Proposal.article_id.in_(roots)))


def _authors(roots: Sequence[int]) -> Iterable[int]:
    wrote = select(Contribution.author_id).where(
        Contribution.root_id.in_(roots), Contribution.kind == "answer"
    )
    return db.session.scalars(wrote.distinct())


def _receivers(domain_id: int, things: Sequence[int]) -> Iterable[int]:
    rows = select(LedgerRow.member_id).where(
        LedgerRow.source_id.in_(things), LedgerRow.domain_id == domain_id
    )
    return db.session.scalars(rows.distinct())
