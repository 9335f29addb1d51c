"""How the community governs itself, in figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template

from iocop.core import clock
from iocop.core.login import public
from iocop.elections.queries.figures import figures as figures_at
from iocop.elections.views import elections

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@elections.get("/elections/figures")
@public
def figures() -> ResponseReturnValue:
    """Show seats, their spread over organizations, turnout and time to decide."""
    return render_template("elections/figures.html", found=figures_at(clock.now()))
