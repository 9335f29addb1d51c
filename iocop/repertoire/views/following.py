"""One press: to be told of what happens to an article or a suggestion, or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from iocop.contributions import services as contributions
from iocop.core.errors import Invalid
from iocop.core.login import viewer
from iocop.repertoire.views import repertoire

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@repertoire.post("/repertoire/follow/<int:root_id>")
def follow(root_id: int) -> ResponseReturnValue:
    how = request.form.get("how", "follow")
    if how not in {"follow", "unfollow"}:
        raise Invalid(_l("Choose to follow, to mute or neither."), "how")
    if how == "follow":
        contributions.follow(viewer(), root_id)
        flash(_("You will be told of what comes here."))
    else:
        contributions.unfollow(viewer(), root_id)
        flash(_("You will no longer be told of it."))
    return redirect(f"/p/{root_id}", 303)
