"""By which rules elections are held: what holds, what will, what held, and the decision behind each."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from iocop.core import clock
from iocop.core.errors import Invalid, Missing
from iocop.core.login import public, viewer
from iocop.core.policy import require
from iocop.elections import ruling_words
from iocop.elections.models.elections import KINDS
from iocop.elections.policy import may_record_rules
from iocop.elections.queries import rules as queries
from iocop.elections.rules import Rules
from iocop.elections.ruling_forms import RuleSetForm, filled
from iocop.elections.services.ruling import UNASKED, Resolution, record_rules
from iocop.elections.views import elections
from iocop.safety.asking import warned

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@elections.get("/elections/rules")
@public
def rules() -> ResponseReturnValue:
    """Show what holds for a kind of election, beside what will, and what held before."""
    now = clock.now()
    standing = queries.standing(_asked_kind(), now.date())
    sets = [standing.rules, *(Rules.from_data(row.data) for row in standing.coming)]
    return render_template(
        "elections/rules.html", standing=standing, rows=list(ruling_words.rows(*sets)), words=ruling_words,
        may_record=bool(viewer().is_authenticated and may_record_rules(viewer(), now)),
    )  # fmt: skip


def _asked_kind() -> str:
    kind = request.args.get("kind", "board")
    if kind not in KINDS:
        raise Missing(_l("There is no such kind of election."))
    return kind


@elections.get("/elections/rules/<int:rule_set_id>")
@public
def rule_set(rule_set_id: int) -> ResponseReturnValue:
    """Show one rule set beside the one before it."""
    row = queries.rule_set(rule_set_id)
    if row is None:
        raise Missing(_l("There is no such rule set."))
    before = queries.before(row)
    sets = [Rules.from_data(each.data) for each in (before, row) if each is not None]
    return render_template(
        "elections/rule_set.html", row=row, before=before, rows=list(ruling_words.rows(*sets)), words=ruling_words
    )  # fmt: skip


@elections.route("/elections/rules/new", methods=["GET", "POST"])
def new_rules() -> ResponseReturnValue:
    """Record a decision that changes the rules of a kind of election."""
    now = clock.now()
    require(may_record_rules(viewer(), now))
    kind = _asked_kind()
    standing = queries.standing(kind, now.date())
    form = RuleSetForm(kind, data=filled(standing.rules))
    sent = form.validate_on_submit()
    asked = warned(form, viewer(), None, fields=("text",)) if sent else None
    if sent and asked is None:
        try:
            _record(kind, form)
        except Invalid as error:
            form.take(error)
        else:
            flash(_("The rules are recorded; everybody can read them, and the decision, now."))
            return redirect(url_for(".rules", kind=kind), 303)
    page = render_template(
        "elections/new_rules.html", form=form, asked=asked, kind=kind, words=ruling_words,
        unasked=UNASKED.get(kind, frozenset()),
    )  # fmt: skip
    return page, 422 if form.errors or asked else 200


def _record(kind: str, form: RuleSetForm) -> None:
    day, since = form.decided_on.data or date.min, form.takes_effect_on.data or date.min
    resolution = Resolution(
        form.given("body"), day, form.given("text"), form.given("vote"), form.given("link")
    )
    record_rules(viewer(), kind, form.rules(), since, resolution)
