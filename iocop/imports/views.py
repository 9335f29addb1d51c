"""What was imported, for administrators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template
from flask_babel import gettext

from iocop.core import clock
from iocop.core.login import viewer
from iocop.core.pages import asked_page
from iocop.core.policy import require
from iocop.imports import policy, queries
from iocop.imports.report import Report

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

imports = Blueprint("imports", __name__)


@imports.get("/admin/imports")
def runs() -> ResponseReturnValue:
    require(policy.may_see_imports(viewer(), clock.now()))
    page = queries.runs(asked_page())
    reports = {run.id: Report.from_dict(run.report) for run in page.rows if run.report}
    return render_template("imports/runs.html", page=page, reports=reports, translate=gettext)
