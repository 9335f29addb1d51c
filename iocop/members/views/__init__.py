"""Pages about a member's own account and everybody's profile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, current_app, render_template, url_for
from werkzeug.routing import BaseConverter

from iocop.members.numbers import shown

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from iocop.members.forms import Form

members = Blueprint("members", __name__)


class MemberNumber(BaseConverter):
    """A member number in an address; links may give the bare number or the shown one."""

    def to_url(self, value: Any) -> str:
        return super().to_url(shown(value) if isinstance(value, int) else value)


def form_page(template: str, form: Form, **about: Any) -> ResponseReturnValue:
    """Show a form; with what was typed and status 422 after a failed try."""
    failed = about.get("asked") or (form.is_submitted() and (form.errors or form.form_errors))
    return render_template(f"members/{template}.html", form=form, **about), 422 if failed else 200


def first_page(endpoint: str) -> str:
    """Return the address of a page of a higher feature, or of the front page where the site lacks it."""
    return url_for(endpoint) if endpoint in current_app.view_functions else "/"


from iocop.members.views import (  # noqa: E402, F401 -- they add their pages to the blueprint
    joining,
    leaving,
    profile,
    security,
    settings,
    signing_in,
)
