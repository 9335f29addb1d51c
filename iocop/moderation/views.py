"""Report, queue, case, member and log pages."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types

from iocop.contributions import policy as contributions
from iocop.contributions.models import Contribution
from iocop.contributions.queries import contribution_for
from iocop.core.cache import guest_page
from iocop.core.db import db
from iocop.core.errors import Invalid
from iocop.core.login import public, viewer
from iocop.core.pages import asked_page
from iocop.core.policy import require
from iocop.members.models import Member
from iocop.members.numbers import shown
from iocop.members.photos import photo_address
from iocop.moderation import policy, queries, services, words
from iocop.moderation.forms import LiftForm, ReportForm, RulingForm, SuspendForm
from iocop.safety.asking import warned

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from flask_wtf import FlaskForm

    from iocop.safety.asking import Asked

moderation = Blueprint("moderation", __name__)


@moderation.route("/p/<int:post_id>/report", methods=["GET", "POST"])
def report(post_id: int) -> ResponseReturnValue:
    post = contribution_for(viewer(), post_id)
    require(policy.may_report(viewer(), post))
    form = ReportForm()
    sent = form.validate_on_submit()
    asked = warned(form, viewer(), post.space_id, fields=("note",)) if sent else None
    if sent and asked is None:
        try:
            services.report(viewer(), post_id, form.reason.data, form.note.data or "")
        except Invalid as error:
            _complain(form, error)
        else:
            flash(_("Thank you. Moderators will look at it."))
            return redirect(f"/p/{post_id}", 303)
    page = render_template("moderation/report.html", form=form, post=post, asked=asked)
    return page, 422 if form.errors or asked else 200


@moderation.get("/moderation")
def queue() -> ResponseReturnValue:
    require(policy.may_moderate(viewer()))
    decided = request.args.get("show") == "decided"
    find = queries.log if decided else queries.open_cases
    page = find(viewer(), asked_page())
    return render_template("moderation/queue.html", page=page, decided=decided, words=words)


@moderation.route("/moderation/<int:post_id>", methods=["GET", "POST"])
def case(post_id: int) -> ResponseReturnValue:
    require(policy.may_moderate(viewer()))
    post = _case(post_id)
    form = RulingForm()
    form.kind.choices = [
        SelectChoice(kind, words.CHOICES[kind]) for kind in policy.possible_rulings(viewer(), post)
    ]
    sent = form.validate_on_submit()
    asked = warned(form, viewer(), None, fields=("reason",)) if sent else None
    if sent and asked is None:
        try:
            services.rule(viewer(), post_id, form.kind.data, form.reason.data or "")
        except Invalid as error:
            _complain(form, error)
        else:
            flash(_("Decided, and written into the log."))
            return redirect(url_for(".queue"), 303)
    return _case_page(post, form, asked), 422 if form.errors or asked else 200


def _case(post_id: int) -> Contribution:
    """Return a post that came before moderators, or that this one may read anyway."""
    post = db.session.get(Contribution, post_id)
    if post is None or not (contributions.may_read(viewer(), post) or queries.is_case(post_id)):
        abort(404)
    return post


def _case_page(post: Contribution, form: RulingForm, asked: Asked | None) -> str:
    about = queries.subject(post.id)
    number = shown(about.number)
    author = {
        "id": post.author_id, "name": about.author, "url": url_for("members.profile", number=number),
        "photo": photo_address(about.number, about.photo_key),
        "byline": about.organization if post.byline == "named" else "",
    }  # fmt: skip
    return render_template(
        "moderation/case.html", post=post, form=form, asked=asked, words=words, subject=about, author=author,
        readable=bool(contributions.may_read(viewer(), post)), reports=queries.reports_on(post.id),
        rulings=queries.rulings_on(post.id),
        verdict=policy.may_judge(viewer(), post.author_id, post.org_group_id),
    )  # fmt: skip


@moderation.get("/moderation/members/<int:member_id>")
def member(member_id: int) -> ResponseReturnValue:
    require(policy.may_moderate(viewer()))
    return _member_page(_member(member_id))


@moderation.post("/moderation/members/<int:member_id>/suspend")
def suspend(member_id: int) -> ResponseReturnValue:
    form = SuspendForm()
    sent = form.validate()
    asked = warned(form, viewer(), None, fields=("reason",)) if sent else None
    if sent and asked is None:
        until = datetime.combine(form.until.data or date.min, time.min, UTC)
        try:
            services.suspend(viewer(), member_id, until, form.reason.data or "")
        except Invalid as error:
            _complain(form, error)
        else:
            flash(_("The member is suspended and has been told why."))
            return redirect(url_for(".member", member_id=member_id), 303)
    return _member_page(_member(member_id), suspending=form, asked=asked), 422


@moderation.post("/moderation/members/<int:member_id>/lift")
def lift(member_id: int) -> ResponseReturnValue:
    form = LiftForm()
    sent = form.validate()
    asked = warned(form, viewer(), None, fields=("reason",)) if sent else None
    if sent and asked is None:
        services.lift(viewer(), member_id, form.reason.data or "")
        flash(_("The suspension has ended."))
        return redirect(url_for(".member", member_id=member_id), 303)
    return _member_page(_member(member_id), lifting=form, asked=asked), 422


def _member(member_id: int) -> Member:
    return db.session.get(Member, member_id) or abort(404)


def _member_page(
    found: Member, suspending: SuspendForm | None = None, lifting: LiftForm | None = None, asked: Asked | None = None
) -> str:  # fmt: skip
    require(policy.may_moderate(viewer()))
    return render_template(
        "moderation/member.html", member=found, rulings=queries.rulings_on(member_id=found.id), words=words, asked=asked,
        suspending=suspending or SuspendForm(), may_suspend=policy.may_suspend(viewer(), found),
        lifting=lifting or LiftForm(), may_lift=policy.may_lift(viewer(), found),
    )  # fmt: skip


@moderation.get("/moderation/log")
@public
@guest_page("moderation", "topics")
def log() -> ResponseReturnValue:
    off, posts = queries.off_practice(viewer())
    share = off / posts if posts else 0.0
    page = queries.log(viewer(), asked_page())
    return render_template("moderation/log.html", page=page, words=words, off=off, share=share)


def _complain(form: FlaskForm, error: Invalid) -> None:
    """Show a service's objection at the field it names."""
    field = form[error.field] if error.field in form else form["reason"]
    field.errors = [*field.errors, error.reason]
