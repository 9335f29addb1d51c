"""Who waits for level 3: the queue of those who look, the evidence they look at, and the member's own page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from iocop.core import clock
from iocop.core.db import db
from iocop.core.errors import Conflict, Invalid
from iocop.core.forms import show_error
from iocop.core.login import viewer
from iocop.core.policy import require
from iocop.domains.queries import all_domains
from iocop.members.models import Member
from iocop.reputation import ladder, policy, selecting, wording
from iocop.reputation.irregular import reciprocity
from iocop.reputation.judging_forms import CandidateForm
from iocop.reputation.ladder import REVIEWED, Evidence
from iocop.reputation.models import LevelReview
from iocop.reputation.promotion import AGAIN, NEEDED
from iocop.reputation.queries import candidates as queries
from iocop.reputation.queries.bench import Bench
from iocop.reputation.queries.irregularities import endorsements
from iocop.reputation.queries.levels import Place, active_organizations, evidence_of
from iocop.reputation.queries.standing import tally
from iocop.reputation.selecting import Wanted
from iocop.reputation.services import reviewing as services
from iocop.reputation.views import reputation
from iocop.safety.asking import warned

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from iocop.reputation.promotion import Panel
    from iocop.safety.asking import Asked


@reputation.get("/standing/candidates")
def candidates() -> ResponseReturnValue:
    """Who waits in the domains whose members the viewer is asked about."""
    require(policy.may_see_candidates(viewer()))
    rows = queries.waiting()
    bench = Bench({row.place.member_id for row in rows})
    asked = []
    for row in rows:
        panel = bench.panel(row.place)
        if viewer().id in panel.powers:
            counts = policy.word_counts(viewer(), "open", row.place.member_id, panel, row.words)
            asked.append((row, counts, panel.suffices({word.org_group_id for word in row.words})))
    return render_template(
        "reputation/candidates.html", asked=asked, wait=queries.usual_wait(), words=wording, needed=NEEDED
    )


@reputation.route("/standing/candidates/<int:review_id>", methods=["GET", "POST"])
def candidate(review_id: int) -> ResponseReturnValue:
    """One candidate before those who look: the figures of the member's own page, without what names anybody."""
    review = _review(review_id)
    panel = Bench([review.member_id]).panel(Place(review.member_id, review.domain_id))
    require(policy.may_see_candidate(viewer(), panel))
    words = queries.words_of([review.id]).get(review.id, [])
    verdict = policy.word_counts(viewer(), review.state, review.member_id, panel, words)
    if not verdict:
        raise Conflict(verdict.reason)
    form = CandidateForm()
    sent = form.validate_on_submit()
    asked = warned(form, viewer(), None, fields=("reason",)) if sent else None
    if sent and asked is None:
        try:
            state = services.say(
                viewer(), review.id, agrees=form.agrees.data == "yes", reason=form.reason.data or ""
            )
        except Invalid as error:
            show_error(form, error)
        else:
            flash(_outcome(state))
            return redirect(url_for(".candidates"), 303)
    return _evidence_page(review, panel, form, asked), 422 if form.errors or asked else 200


def _outcome(state: str) -> str:
    words: dict[str, str] = {
        "open": _("Thank you. One more looks, of another organization."),
        "granted": _("Thank you. Both agree: the member is told, and the level is reached."),
        "declined": _("Thank you. The member reads why; two people look anew after 90 days."),
    }
    return words[state]


def _evidence_page(review: LevelReview, panel: Panel, form: CandidateForm, asked: Asked | None) -> str:
    place = Place(review.member_id, review.domain_id)
    whole = [part for part in selecting.parts_of(tally(place.member_id)) if not part.tally.sealed]
    wanted = Wanted(place.domain_id)
    here = [part for part in whole if wanted.takes(part)]
    now = evidence_of([place]).get(place, Evidence())
    return render_template(
        "reputation/candidate.html", review=review, form=form, asked=asked, words=wording,
        power=panel.powers[viewer().id],
        member=db.session.get_one(Member, place.member_id), domain=_domain_name(place.domain_id), now=now,
        level=ladder.LEVELS[REVIEWED], reliability=ladder.reliability(now),
        needs=wording.needs_words(ladder.lacking(now, REVIEWED, active_organizations())),
        total=selecting.summed(here), by_kind=selecting.by_kind(here),
        by_organization=selecting.by_organization(whole, wanted),
        mutual=reciprocity(endorsements(clock.now(), place.member_id), place.member_id),
        irregular=queries.told_irregularities(place.member_id),
    )  # fmt: skip


@reputation.get("/standing/reviews/<int:review_id>")
def own_review(review_id: int) -> ResponseReturnValue:
    """Where it stands, for the member whom it is about."""
    review = _review(review_id)
    if not policy.may_read_own_review(viewer(), review):
        abort(404)  # whether there is one is nobody else's business
    words: list[Any] = queries.words_of([review.id]).get(review.id, [])
    panel = Bench([review.member_id]).panel(Place(review.member_id, review.domain_id))
    return render_template(
        "reputation/own_review.html", review=review, spoken=words, needed=NEEDED, again=AGAIN.days,
        suffices=panel.suffices({word.org_group_id for word in words}), wait=queries.usual_wait(), words=wording,
        domain=_domain_name(review.domain_id),
    )  # fmt: skip


def _review(review_id: int) -> LevelReview:
    return db.session.get(LevelReview, review_id) or abort(404)


def _domain_name(domain_id: int) -> str:
    return next((row.name for row in all_domains() if row.id == domain_id), "")
