"""A contribution's history: its revisions, what changed between any two, how far it was shared when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template, request

from iocop.contributions import queries
from iocop.contributions.addresses import address
from iocop.contributions.labels import NAMES
from iocop.contributions.views import contributions
from iocop.core.login import public, viewer
from iocop.core.pages import asked_version
from iocop.core.text import diff
from iocop.members.numbers import shown

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@contributions.get("/c/<int:contribution_id>/history")
@public
def history(contribution_id: int) -> ResponseReturnValue:
    thing = queries.contribution_for(viewer(), contribution_id)
    new = queries.revision(thing.id, asked_version("new", thing.version))
    old = queries.revision(thing.id, asked_version("old", max(1, new.number - 1)))
    return render_template(
        "contributions/history.html",
        thing=thing,
        permalink=address(thing.id),
        revisions=queries.revisions(thing.id),
        moves=queries.label_changes(thing.id),
        names=NAMES,
        old=old,
        new=new,
        title=diff.word_diff(old.title, new.title) if old.title != new.title else [],
        rows=diff.sides(old.text, new.text),
        segments=diff.word_diff(old.text, new.text),
        sides=request.args.get("view") == "sides",
        number=shown,
    )
