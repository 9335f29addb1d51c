"""A rule of the ledger gets another value."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from iocop.core import clock
from iocop.core.errors import Conflict, Invalid
from iocop.core.forms import show_error
from iocop.core.login import viewer
from iocop.core.policy import require
from iocop.reputation import wording
from iocop.reputation.deciding_forms import RuleForm, offered_decisions
from iocop.reputation.policy import may_enter_rules
from iocop.reputation.queries.shown import rule_versions
from iocop.reputation.rules import RULES
from iocop.reputation.services.rules import change_rule
from iocop.reputation.views import reputation

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@reputation.route("/admin/rules", methods=["GET", "POST"])
def change_rules() -> ResponseReturnValue:
    """What each rule is worth and was worth, above the form that gives one another value."""
    require(may_enter_rules(viewer()))
    form = RuleForm()
    form.decision.choices = offered_decisions()
    if form.validate_on_submit():
        since = datetime.combine(form.since.data or date.min, time.min, UTC)
        try:
            change_rule(viewer(), form.rule.data, form.points.data or 0, since, form.decision.data)
        except Invalid as error:
            show_error(form, error)
        except Conflict as error:
            form.since.errors = [error.reason]
        else:
            flash(_("Entered: it is in force from that day on, and everybody can read it now."))
            return redirect(url_for(".rules"), 303)
    page = render_template(
        "reputation/change_rules.html",
        form=form,
        rules=RULES,
        versions=rule_versions(clock.now()),
        words=wording,
    )
    return page, 422 if form.errors else 200
