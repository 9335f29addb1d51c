"""Whom to ask: by domain, while a question is written, and for one's own open question; and what is asked of oneself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from iocop.contributions.queries import contribution_for
from iocop.core import clock
from iocop.core.db import db
from iocop.core.errors import Invalid, Missing
from iocop.core.forms import show_error
from iocop.core.limits import limiter
from iocop.core.login import viewer
from iocop.core.pages import asked_page
from iocop.core.policy import require
from iocop.domains.queries import all_domains, open_domains
from iocop.forums.models import Topic
from iocop.members.numbers import parse, shown
from iocop.members.photos import photo_address
from iocop.members.queries import member_by_number
from iocop.reputation.asking import policy
from iocop.reputation.asking.forms import RequestForm
from iocop.reputation.queries import newcomers, requested
from iocop.reputation.queries.asking import suggestions
from iocop.reputation.services import asking as services
from iocop.reputation.views import reputation
from iocop.safety.asking import warned

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from iocop.members.models import Member

MOST_DOMAINS = 3


@reputation.get("/ask-whom")
def ask_whom() -> ResponseReturnValue:
    """Suggest a few members for a domain; the page of a question asks them."""
    domain = next((row for row in open_domains() if row.slug == request.args.get("domain", "")), None)
    return render_template(
        "reputation/ask_whom.html", domain=domain, domains=open_domains(), **people(),
        suggested=suggestions(viewer(), [domain.id]) if domain else [],
        own=requested.own_open_questions(viewer(), domain.id) if domain else [],
    )  # fmt: skip


@reputation.get("/ask-whom/suggested")
@limiter.limit("120 per minute")
def suggested() -> ResponseReturnValue:
    """List who may know, for the page where a question is written: a fragment, empty where nobody is known to."""
    known = {row.id for row in open_domains()}
    wanted = [key for key in map(_number, request.args.getlist("domain")) if key in known][:MOST_DOMAINS]
    found = suggestions(viewer(), wanted) if wanted else []
    return render_template("reputation/suggested.html", suggested=found, **people()) if found else ""


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


def people() -> dict[str, Any]:
    """Return what templates need to show people and domains."""
    names = {row.id: row.name for row in all_domains()}
    return {"names": names, "shown": shown, "photo_address": photo_address}


@reputation.route("/t/<int:topic_id>/ask-whom/<member_number:number>", methods=["GET", "POST"])
def request_answer(topic_id: int, number: str) -> ResponseReturnValue:
    """Ask one member, once more being told how they like to be reached."""
    root, topic = contribution_for(viewer(), topic_id), db.session.get(Topic, topic_id)
    if topic is None:
        raise Missing(_l("There is no such topic, or it is not open to you."))
    require(policy.may_ask_people(viewer(), topic, root))
    expert = _member(number)
    asked, waiting = requested.whether_asked(topic_id, expert.id)
    require(policy.may_be_asked(asked, waiting, clock.now().date()))
    form = RequestForm()
    sent = form.validate_on_submit()
    warning = warned(form, viewer(), root.space_id, fields=("note",)) if sent else None
    if sent and warning is None:
        try:
            services.request_answer(viewer(), topic_id, expert.id, form.given("note"))
        except Invalid as error:
            show_error(form, error)
        else:
            flash(_("%(name)s is asked. You are told what comes of it.", name=expert.name))
            return redirect(f"/t/{topic_id}#whom", 303)
    page = render_template(
        "reputation/request.html", form=form, topic=topic, expert=expert, asked=warning,
        availability=requested.availability_of(expert.id), **people(),
    )  # fmt: skip
    return page, 422 if form.errors or warning else 200


def _member(number: str) -> Member:
    found = member_by_number(parse(number))
    if found is None or found.state in {"erased", "imported"}:
        raise Missing(_l("There is no such member."))
    return found


@reputation.post("/asked/<int:request_id>/agree")
def agree(request_id: int) -> ResponseReturnValue:
    found = services.agree(viewer(), request_id)
    flash(_("Thank you. Who asked is told that you mean to answer; you have 14 days."))
    return redirect(f"/t/{found.topic_id}#answer", 303)


@reputation.post("/asked/<int:request_id>/decline")
def decline(request_id: int) -> ResponseReturnValue:
    services.decline(viewer(), request_id)
    flash(_("That is fine. Only who asked is told."))
    return redirect("/needs-me", 303)


@reputation.get("/needs-me")
def needs_me() -> ResponseReturnValue:
    """What is asked of the viewer directly, then what waits in their domains."""
    looking, number = viewer(), asked_page()
    return render_template(
        "reputation/needs_me.html", page=requested.needs(looking, number),
        asked=requested.asked_of(looking) if number == 1 else [], duties=newcomers.duties(looking.id),
        **people(),
    )  # fmt: skip
