"""Whose words an article's present text is: reckoned before the act that publishes it, and kept beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import delete, select

from iocop.contributions.models import Contribution
from iocop.core import clock
from iocop.core.db import LARGEST_ID, act, db
from iocop.repertoire.blame import Saved, shares, weigh
from iocop.repertoire.models import Credit, Proposal
from iocop.repertoire.queries.credits import Giver, givers, passages_taken, revisions_saved

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NEXT = LARGEST_ID
"""Stands for the revision that is about to be saved."""


class Reckoned(NamedTuple):
    """Whose words a text will be once it is published.

    Attributes:
        version: the article's version it was reckoned from; 0 for a new one.
        weights: words by what they stem from: ``("revision", number)`` or ``("post", id)``.
    """

    version: int
    weights: Mapping[tuple[str, int], int]


def foresee(proposal_id: int) -> Reckoned | None:
    """Reckon, before the act, whose words an article will be once a proposal is carried out.

    Returns:
        None for a proposal that publishes no text.
    """
    proposal = db.session.get(Proposal, proposal_id)
    if proposal is None or proposal.act not in {"new", "edit"}:
        return None
    article = db.session.get(Contribution, proposal.article_id) if proposal.article_id else None
    text = db.session.get_one(Contribution, proposal_id).text
    saved = revisions_saved(article.id) if article else []
    taken = passages_taken(proposal_id) + (passages_taken(article.id) if article else [])
    return Reckoned(
        article.version if article else 0,
        _weighed([*saved, Saved(("revision", NEXT), clock.now(), text)], taken),
    )


def reckon(article_id: int) -> Mapping[tuple[str, int], int]:
    """Return how many words of an article's present text stem from which of its revisions and from which posts."""
    return _weighed(revisions_saved(article_id), passages_taken(article_id))


def _weighed(revisions: Sequence[Saved], passages: Sequence[Saved]) -> Mapping[tuple[str, int], int]:
    return {(str(origin[0]), int(origin[1])): weight for origin, weight in weigh(revisions, passages).items()}  # type: ignore[index]


def credits_from(article_id: int, weights: Mapping[tuple[str, int], int]) -> list[Credit]:
    """Return the credits that words by origin amount to, the largest first; not written."""
    known = givers(article_id, weights)
    words: dict[tuple[int, bool], int] = {}
    latest: dict[tuple[int, bool], Giver] = {}
    for origin, weight in weights.items():
        giver = known[origin]
        key = (giver.member_id, giver.sealed)
        words[key] = words.get(key, 0) + weight
        if key not in latest or giver.at >= latest[key].at:
            latest[key] = giver
    parts = shares({key: words[key] for key in sorted(words)})
    return [
        Credit(
            article_id=article_id, member_id=key[0], sealed=key[1], share=part,
            organization_id=latest[key].organization_id,
        )
        for key, part in sorted(parts.items(), key=lambda each: (-each[1], each[0]))
    ]  # fmt: skip


def write_credits(article_id: int, foreseen: Reckoned | None = None) -> None:
    """Keep an article's credit shares anew, inside the publishing act.

    Args:
        foreseen: as `foresee` reckoned them; not used where the article was changed since.
    """
    with act() as session:
        version = session.get_one(Contribution, article_id).version
        if foreseen is not None and foreseen.version + 1 == version:
            weights = {
                (kind, version if number == NEXT else number): weight
                for (kind, number), weight in foreseen.weights.items()
            }
        else:
            weights = dict(reckon(article_id))
        session.execute(delete(Credit).where(Credit.article_id == article_id))
        session.add_all(credits_from(article_id, weights))
        session.flush()


def adopt_credits(imported_id: int, member_id: int) -> None:
    """Give an imported author's credits to the member they turned out to be; shares of the same article add up."""
    with act() as session:
        own = {(each.article_id, each.sealed): each for each in _of(member_id)}
        for each in _of(imported_id):
            standing = own.get((each.article_id, each.sealed))
            if standing is None:
                each.member_id = member_id
            else:
                standing.share += each.share
                session.delete(each)
        session.flush()


def _of(member_id: int) -> Sequence[Credit]:
    return db.session.scalars(select(Credit).where(Credit.member_id == member_id)).all()
