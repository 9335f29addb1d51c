"""Candidates: proposed, seconded, with a page, a thread and one mailing each."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from iocop.core import clock
from iocop.core.db import db
from iocop.core.errors import Conflict, DomainError, Invalid
from iocop.core.forms import asked_back, show_error
from iocop.core.login import public, viewer
from iocop.core.policy import require
from iocop.domains.queries import open_domains
from iocop.elections import standing_policy as policy
from iocop.elections.queries import candidacy, elections
from iocop.elections.services import campaigning, nominating, vacating
from iocop.elections.standing_forms import MailingForm, NominateForm, StatementForm, ThreadForm
from iocop.elections.views import elections as blueprint
from iocop.members.models import Member
from iocop.members.numbers import parse, shown
from iocop.members.photos import photo_address
from iocop.members.queries import member_by_number, members_by_handles

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from werkzeug.wrappers import Response

    from iocop.elections.models import Election, Nomination


def _candidate(election_id: int, nomination_id: int) -> Response:
    address = url_for(".candidate", election_id=election_id, nomination_id=nomination_id)
    return redirect(address, HTTPStatus.SEE_OTHER)


def _named(words: str) -> Member | None:
    number = parse(words)
    if number is not None:
        return member_by_number(number)
    return next(iter(members_by_handles([words.strip().removeprefix("@")]).values()), None)


@blueprint.route("/elections/<int:election_id>/nominate", methods=["GET", "POST"])
def nominate(election_id: int) -> ResponseReturnValue:
    """Propose a member, or oneself."""
    election = elections.election(election_id)
    require(policy.is_open_for_nominations(election, clock.now()))
    form = NominateForm()
    if form.validate_on_submit():
        member = _named(form.member.data or "")
        if member is None:
            form.member.errors = [_("There is no member of this handle or number.")]
        else:
            try:
                row = nominating.nominate(viewer(), election_id, member.id)
            except DomainError as error:
                form.member.errors = [error.reason]
            else:
                return _proposed(election_id, row)
    own = policy.may_nominate(viewer(), election, viewer().id, clock.now())
    page = render_template("elections/nominate.html", election=election, form=form, own=own)
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK


def _proposed(election_id: int, row: Nomination) -> Response:
    if row.member_id == viewer().id:
        return redirect(
            url_for(".stand", election_id=election_id, nomination_id=row.id), HTTPStatus.SEE_OTHER
        )
    flash(_("Proposed. The member is told, and accepts or declines."))
    return _candidate(election_id, row.id)


@blueprint.get("/elections/<int:election_id>/candidates/<int:nomination_id>")
@public
def candidate(election_id: int, nomination_id: int) -> ResponseReturnValue:
    """Show a candidate: statement, interests, who seconds, where to ask."""
    election = elections.election(election_id)
    row = candidacy.nomination(election_id, nomination_id)
    return render_template(
        "elections/candidate.html",
        election=election,
        nomination=row,
        member=db.session.get_one(Member, row.member_id),
        seconders=candidacy.seconders(row.id),
        lacking=candidacy.lacking_seconders(election, row.id),
        may=_may(election, row),
        number=shown,
        photo_address=photo_address,
    )


def _may(election: Election, row: Nomination) -> dict[str, bool]:
    """Say what the viewer may do on a candidate's page."""
    now = clock.now()
    return {
        "second": bool(policy.may_second(viewer(), election, row, now)),
        "answer": bool(policy.may_answer(viewer(), election, row, now)),
        "withdraw": bool(policy.may_withdraw(viewer(), election, row)),
        "campaign": bool(policy.may_campaign(viewer(), election, row)),
    }


@blueprint.route("/elections/<int:election_id>/candidates/<int:nomination_id>/stand", methods=["GET", "POST"])
def stand(election_id: int, nomination_id: int) -> ResponseReturnValue:
    """Accept a nomination with a statement and interests, or rewrite them."""
    election = elections.election(election_id)
    row = candidacy.nomination(election_id, nomination_id)
    require(policy.may_answer(viewer(), election, row, clock.now()))
    form = StatementForm(obj=row)
    sent = form.validate_on_submit()
    asked = asked_back(form, "statement", before=row.statement) if sent else None
    if sent and asked is None:
        try:
            nominating.accept(
                viewer(), election_id, nomination_id, form.statement.data or "", form.interests.data or ""
            )
        except Invalid as error:
            show_error(form, error)
        else:
            flash(_("You stand. The officers look at every nomination; you can rewrite yours until then."))
            return _candidate(election_id, nomination_id)
    page = render_template(
        "elections/stand.html",
        election=election,
        nomination=row,
        form=form,
        asked=asked,
        rules=elections.rules_of(election),
        why_not=policy.may_stand(election, viewer().id, clock.now()),
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if form.errors or asked else HTTPStatus.OK


@blueprint.post(
    "/elections/<int:election_id>/candidates/<int:nomination_id>/<any(second, decline, withdraw):verb>"
)
def answer(election_id: int, nomination_id: int, verb: str) -> ResponseReturnValue:
    """Second, decline or withdraw by one press."""
    {"second": nominating.second, "decline": nominating.decline, "withdraw": nominating.withdraw}[verb](
        viewer(), election_id, nomination_id
    )
    flash(
        {
            "second": _("You second this candidate."),
            "decline": _("You declined."),
            "withdraw": _("You withdrew."),
        }[verb]
    )
    return _candidate(election_id, nomination_id)


@blueprint.route(
    "/elections/<int:election_id>/candidates/<int:nomination_id>/campaign", methods=["GET", "POST"]
)
def campaign(election_id: int, nomination_id: int) -> ResponseReturnValue:
    """Open one's thread, and write the one mailing."""
    election = elections.election(election_id)
    row = candidacy.nomination(election_id, nomination_id)
    require(policy.may_campaign(viewer(), election, row))
    form = MailingForm()
    sent = form.validate_on_submit()
    asked = asked_back(form, "text") if sent else None
    if sent and asked is None:
        try:
            campaigning.send_mailing(viewer(), election_id, nomination_id, form.text.data or "")
        except Invalid as error:
            show_error(form, error)
        except Conflict as error:
            form.text.errors = [error.reason]
        else:
            flash(_("Sent. It reaches everybody who may vote within a few minutes."))
            return _candidate(election_id, nomination_id)
    page = _campaign_page(election, row, form, asked)
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if form.errors or asked else HTTPStatus.OK


def _campaign_page(election: Election, row: Nomination, form: MailingForm, asked: Any) -> str:
    return render_template(
        "elections/campaign.html",
        election=election,
        nomination=row,
        form=form,
        asked=asked,
        thread_form=_thread_form(),
    )


def _thread_form() -> ThreadForm:
    form = ThreadForm()
    form.domain.choices = [(domain.id, domain.name) for domain in open_domains()]
    return form


@blueprint.post("/elections/<int:election_id>/candidates/<int:nomination_id>/thread")
def thread(election_id: int, nomination_id: int) -> ResponseReturnValue:
    """Open the candidate's thread."""
    form = _thread_form()
    if not form.validate_on_submit():
        raise Invalid(_l("Choose a domain of the list."), "domain")
    campaigning.open_thread(viewer(), election_id, nomination_id, form.domain.data)
    flash(_("Your thread is open."))
    return _candidate(election_id, nomination_id)


@blueprint.post("/elections/<int:election_id>/would-serve")
def would_serve(election_id: int) -> ResponseReturnValue:
    """Say whether one would serve in a seat that fell vacant."""
    row = vacating.say(viewer(), election_id, serves=request.form.get("serves") == "yes")
    flash(_("Thank you: you would serve.") if row.serves else _("Thank you: you would not serve."))
    return redirect(url_for(".show", election_id=election_id), HTTPStatus.SEE_OTHER)
