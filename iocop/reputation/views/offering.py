"""How one likes to be asked, and the list of newcomers for those who greet them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from iocop.core.errors import Invalid
from iocop.core.login import viewer
from iocop.core.pages import asked_page
from iocop.core.policy import require
from iocop.reputation.asking import policy
from iocop.reputation.asking.forms import AvailabilityForm
from iocop.reputation.models import Availability
from iocop.reputation.queries import newcomers as queries
from iocop.reputation.queries import requested
from iocop.reputation.ranking import USUAL_PER_WEEK
from iocop.reputation.services import offering as services
from iocop.reputation.views import reputation
from iocop.reputation.views.asking import people
from iocop.safety.asking import warned

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

ASKED_OFTEN = Availability(per_week=USUAL_PER_WEEK, time_zone="", note="")
"""What holds of a member who has said nothing; never written."""


@reputation.route("/settings/availability", methods=["GET", "POST"])
def availability() -> ResponseReturnValue:
    form = AvailabilityForm(obj=requested.availability_of(viewer().id) or ASKED_OFTEN)
    sent = form.validate_on_submit()
    asked = warned(form, viewer(), None, fields=("note",)) if sent else None
    if sent and asked is None:
        try:
            services.offer(
                viewer(), per_week=form.per_week.data or 0, away_until=form.away_until.data,
                time_zone=form.given("time_zone"), note=form.given("note"),
            )  # fmt: skip
        except Invalid as error:
            form.take(error)
        else:
            flash(_("Saved. It holds from the next suggestion on."))
            return redirect(url_for(".availability"), 303)
    promises = requested.promises_of(viewer().id)
    page = render_template("reputation/availability.html", form=form, asked=asked, promises=promises)
    return page, 422 if form.errors or asked else 200


@reputation.get("/newcomers")
def newcomers() -> ResponseReturnValue:
    looking = viewer()
    require(policy.may_greet(looking, greets=queries.greets(looking.id)))
    return render_template(
        "reputation/newcomers.html", page=queries.newcomers(looking, asked_page()), hours=_hours,
        replied=queries.first_replies(looking), **people(),
    )  # fmt: skip


def _hours(row: Any) -> str:
    """Say how long a newcomer's first topic waited for its reply."""
    return str(_("%(hours)s h", hours=queries.hours(row.opened_at, row.replied_at)))


@reputation.post("/newcomers/<int:member_id>/greet")
def greet(member_id: int) -> ResponseReturnValue:
    services.greet(viewer(), member_id)
    flash(_("They are told that you greet them. A word under their first topic does more."))
    return redirect(url_for(".newcomers"), 303)
