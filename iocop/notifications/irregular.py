"""Telling members of what looks irregular about their points, and what was decided."""

from __future__ import annotations

from iocop.core.events import after
from iocop.notifications import services
from iocop.notifications.news import News
from iocop.reputation.events import IrregularityDecided, IrregularityTold
from iocop.reputation.queries.irregularities import parties_of


@after(IrregularityTold)
def tell_of_irregularity(happened: IrregularityTold) -> None:
    """Tell whom it concerns before anything is decided; the notice names neither the others nor who told."""
    news = News(f"irregular:{happened.irregularity_id}", matter="irregular")
    services.tell(news, [(member_id, "standing") for member_id in happened.member_ids])


@after(IrregularityDecided)
def tell_of_judgement(happened: IrregularityDecided) -> None:
    news = News(f"judged:{happened.irregularity_id}", matter="upheld" if happened.upheld else "unfounded")
    parties = parties_of(happened.irregularity_id)
    services.tell(news, [(party.member_id, "standing") for party in parties])
