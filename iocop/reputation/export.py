"""A member's own ledger, what settled of it, the steps on the ladders and what looked irregular, in the own export.

Givers are not named, nor who else was concerned.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from iocop.core.db import db
from iocop.domains.models import Domain
from iocop.members.export import exports
from iocop.reputation.models import (
    Irregularity,
    IrregularityParty,
    LedgerRow,
    LevelReview,
    LevelWord,
    RungChange,
    Settlement,
)
from iocop.reputation.queries.candidates import words_of


@exports("ledger")
def ledger(member_id: int) -> list[dict[str, Any]]:
    rows = (
        select(
            LedgerRow.id, LedgerRow.at, Domain.name.label("domain"), LedgerRow.rule, LedgerRow.rule_version,
            LedgerRow.base_mp, LedgerRow.factors, LedgerRow.amount_mp, LedgerRow.source_id, LedgerRow.reverses_id,
            LedgerRow.because,
        )
        .join(Domain, Domain.id == LedgerRow.domain_id)
        .where(LedgerRow.member_id == member_id)
        .order_by(LedgerRow.id)
    )  # fmt: skip
    return [dict(row) for row in db.session.execute(rows).mappings()]


@exports("settlements")
def settlements(member_id: int) -> list[dict[str, Any]]:
    rows = select(Settlement.ledger_id, Settlement.because_id, Settlement.amount_mp, Settlement.day)
    own = rows.where(Settlement.member_id == member_id).order_by(Settlement.id)
    return [dict(row) for row in db.session.execute(own).mappings()]


@exports("levels")
def levels(member_id: int) -> list[dict[str, Any]]:
    rows = (
        select(
            RungChange.at, Domain.name.label("domain"), RungChange.old, RungChange.new, RungChange.why,
            RungChange.evidence,
        )
        .join(Domain, Domain.id == RungChange.domain_id)
        .where(RungChange.member_id == member_id)
        .order_by(RungChange.at, RungChange.id)
    )  # fmt: skip
    return [dict(row) for row in db.session.execute(rows).mappings()]


@exports("level_reviews")
def level_reviews(member_id: int) -> list[dict[str, Any]]:
    """What was said of the member's way to level 3, once both had looked; who they are is theirs."""
    rows = db.session.execute(
        select(LevelReview, Domain.name.label("domain"))
        .join(Domain, Domain.id == LevelReview.domain_id)
        .where(LevelReview.member_id == member_id)
        .order_by(LevelReview.id)
    ).all()
    said = words_of([review.id for review, _ in rows if review.closed_at is not None])
    return [
        {
            "domain": domain, "opened_at": review.opened_at, "closed_at": review.closed_at, "state": review.state,
            "evidence": review.evidence, "words": [_word(word) for word in said.get(review.id, ())],
        }
        for review, domain in rows
    ]  # fmt: skip


@exports("level_words")
def level_words(member_id: int) -> list[dict[str, Any]]:
    """What the member said as one who looks; of whom is theirs."""
    own = select(LevelWord).where(LevelWord.reviewer_id == member_id).order_by(LevelWord.at)
    return [{"at": word.at, "power": word.power} | _word(word) for word in db.session.scalars(own)]


@exports("irregularities")
def irregularities(member_id: int) -> list[dict[str, Any]]:
    """What looked irregular about the member and they were told of, their answer, and what was decided."""
    rows = (
        select(
            Irregularity.kind, Irregularity.told_at, Irregularity.state, Irregularity.decided_at, Irregularity.note,
            IrregularityParty.answer, IrregularityParty.answered_at,
        )
        .join(IrregularityParty, IrregularityParty.irregularity_id == Irregularity.id)
        .where(IrregularityParty.member_id == member_id, Irregularity.told_at.is_not(None))
        .order_by(Irregularity.id)
    )  # fmt: skip
    return [dict(row) for row in db.session.execute(rows).mappings()]


def _word(word: LevelWord) -> dict[str, Any]:
    return {"agrees": word.agrees, "reason": word.reason}
