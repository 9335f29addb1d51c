"""Telling a member that two people look before level 3, those two that somebody waits, and the member what came of it."""

from __future__ import annotations

from iocop.core.events import after
from iocop.domains.queries import domain_name
from iocop.notifications import services
from iocop.notifications.news import News
from iocop.reputation.events import LevelReviewClosed, LevelReviewOpened
from iocop.reputation.queries.bench import Bench
from iocop.reputation.queries.levels import Place


@after(LevelReviewOpened)
def tell_of_candidate(happened: LevelReviewOpened) -> None:
    """Tell the member where it stands, and whoever can look that somebody waits; their colleagues are not asked."""
    words = domain_name(happened.domain_id)
    own = News(f"promotion:{happened.review_id}", matter="looked_at", words=words)
    services.tell(own, [(happened.member_id, "standing")])
    panel = Bench([happened.member_id]).panel(Place(happened.member_id, happened.domain_id))
    news = News(f"candidate:{happened.review_id}", matter="candidate", words=words)
    services.tell(news, [(member_id, "reviewing") for member_id in panel.able])


@after(LevelReviewClosed)
def tell_of_outcome(happened: LevelReviewClosed) -> None:
    matter = "agreed" if happened.granted else "not_yet"
    news = News(f"promoted:{happened.review_id}", matter=matter, words=domain_name(happened.domain_id))
    services.tell(news, [(happened.member_id, "standing")])
