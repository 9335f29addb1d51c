"""Merging a topic into another: the other is named first, then what will happen is confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _

from iocop.core.errors import Conflict, Invalid
from iocop.core.login import viewer
from iocop.core.policy import require
from iocop.forums import services
from iocop.forums.forms import MergeTopicForm
from iocop.forums.policy import may_merge
from iocop.forums.views import forums
from iocop.forums.views.acts import number_in, topic_with_root

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@forums.route("/t/<int:topic_id>/merge", methods=["GET", "POST"])
def merge_topics(topic_id: int) -> ResponseReturnValue:
    root, topic = topic_with_root(topic_id)
    require(may_merge(viewer(), root))
    form, into, status = MergeTopicForm(), None, 200
    if form.validate_on_submit():
        try:
            number = number_in(form.into.data, "into") or 0
            if "confirmed" in request.form:
                services.merge_topics(viewer(), topic_id, number)
                flash(_("The two are one topic now."))
                return redirect(f"/p/{topic_id}", 303)
            into = services.merging_into(viewer(), topic_id, number)
        except (Conflict, Invalid) as error:
            form.into.errors, status = [str(error)], error.status
    elif form.errors:
        status = 422
    return render_template("forums/merge.html", form=form, topic=topic, into=into), status
