"""One press: accept, withdraw, close, reopen, follow."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from iocop.contributions import services as contributions
from iocop.contributions.models import Contribution
from iocop.contributions.queries import contribution_for
from iocop.core.db import db
from iocop.core.errors import Invalid, Missing
from iocop.core.login import viewer
from iocop.core.policy import require
from iocop.forums import services
from iocop.forums.forms import CloseForm
from iocop.forums.models import Topic
from iocop.forums.policy import may_accept, may_close
from iocop.forums.views import forums
from iocop.safety.asking import warned

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@forums.route("/p/<int:post_id>/accept", methods=["GET", "POST"])
def accept(post_id: int) -> ResponseReturnValue:
    """Accept an answer, or withdraw the acceptance; the page asks once, without a script too."""
    answer = contribution_for(viewer(), post_id)
    topic = db.session.get(Topic, answer.root_id)
    if topic is None:
        raise Missing(_l("There is no such post, or it is not open to you."))
    accepted = topic.accepted_id == post_id
    if request.method == "GET":
        require(may_accept(viewer(), topic, db.session.get_one(Contribution, topic.id), answer))
        return render_template("forums/accept.html", topic=topic, answer=answer, accepted=accepted)
    if accepted:
        services.withdraw_acceptance(viewer(), topic.id)
        flash(_("The question is open again."))
    else:
        services.accept_answer(viewer(), topic.id, post_id)
        flash(_("You accepted this answer. Thank you for telling the others what solved it."))
    return redirect(f"/p/{post_id}", 303)


@forums.route("/t/<int:topic_id>/close", methods=["GET", "POST"])
def close(topic_id: int) -> ResponseReturnValue:
    root, topic = topic_with_root(topic_id)
    require(may_close(viewer(), topic, root))
    form = CloseForm()
    sent = form.validate_on_submit()
    asked = warned(form, viewer(), root.space_id, fields=("reason",)) if sent else None
    if sent and asked is None:
        try:
            services.close_topic(
                viewer(), topic_id, form.reason.data or "", number_in(form.successor.data, "successor")
            )
        except Invalid as error:
            getattr(form, error.field or "reason").errors = [str(error)]
        else:
            flash(_("The topic is closed."))
            return redirect(f"/t/{topic_id}", 303)
    page = render_template("forums/close.html", form=form, topic=topic, asked=asked)
    return page, 422 if form.errors or asked else 200


def topic_with_root(topic_id: int) -> tuple[Contribution, Topic]:
    """Return a topic that stands by itself, with its first post.

    Raises:
        Missing: there is none, it was merged into another, or it is not open to the viewer.
    """
    root, topic = contribution_for(viewer(), topic_id), db.session.get(Topic, topic_id)
    if topic is None or root.root_id != topic_id:
        raise Missing(_l("There is no such topic, or it is not open to you."))
    return root, topic


def number_in(text: str | None, field: str) -> int | None:
    """Read a topic's number or address, typed into a field.

    Raises:
        Invalid: there is text, but no number in it.
    """
    if not (text or "").strip():
        return None
    found = re.search(r"(?:^|/t/)(\d{1,18})\b", (text or "").strip())
    if found is None:
        raise Invalid(_l("Give the number or the address of a topic."), field)
    return int(found[1])


@forums.post("/t/<int:topic_id>/reopen")
def reopen(topic_id: int) -> ResponseReturnValue:
    services.reopen_topic(viewer(), topic_id)
    flash(_("The topic is open again."))
    return redirect(f"/t/{topic_id}", 303)


@forums.post("/t/<int:topic_id>/follow")
def follow(topic_id: int) -> ResponseReturnValue:
    """Follow, mute or neither, as the button says."""
    how = request.form.get("how", "follow")
    done = {
        "follow": contributions.follow,
        "mute": contributions.mute,
        "unfollow": contributions.unfollow,
    }.get(how)
    if done is None:
        raise Invalid(_l("Choose to follow, to mute or neither."), "how")
    done(viewer(), topic_id)
    told = {
        "follow": _("You will be told of what comes here."),
        "mute": _("You will hear nothing more of this topic."),
        "unfollow": _("You no longer follow this topic."),
    }
    flash(told[how])
    return redirect(f"/t/{topic_id}", 303)
