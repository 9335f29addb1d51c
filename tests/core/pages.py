"""Pages that only the tests of the ground have."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from flask import flash, render_template_string, request

from iocop.core import errors
from iocop.core.cache import guest_page
from iocop.core.db import act
from iocop.core.login import public, viewer
from iocop.core.models import SiteSetting

if TYPE_CHECKING:
    from flask import Flask
    from flask.typing import ResponseReturnValue

PAGE = (
    "{% extends 'base.html' %}{% block main %}<h1>{{ words }}</h1>{% if form %}{{ csrf_field() }}{% endif %}"
    "{% endblock %}"
)
asked = count(1)


def add_pages(app: Flask) -> None:
    for view in (kept, kept_form, flashing, closed, big, goes_wrong, wrote):
        rule = f"/ground/{view.__name__.replace('_', '-')}"
        methods = ["GET", "POST"] if view in (closed, wrote) else ["GET"]
        app.add_url_rule(rule, view_func=view, methods=methods)
    app.add_url_rule("/ground/things/<int:key>", view_func=thing)


@public
@guest_page("ground")
def kept() -> ResponseReturnValue:
    return render_template_string(PAGE, words=f"asked {next(asked)} by {viewer().name or 'a guest'}")


@public
@guest_page("ground")
def kept_form() -> ResponseReturnValue:
    return render_template_string(PAGE, words=f"form {next(asked)}", form=True)


@public
def flashing() -> ResponseReturnValue:
    flash("A word for you alone")
    return "", 204


def closed() -> ResponseReturnValue:
    return render_template_string(PAGE, words="members only")


@public
def big() -> ResponseReturnValue:
    raise errors.TooMany("Wait.", retry_after=7)


@public
def goes_wrong() -> ResponseReturnValue:
    return str(1 / int(request.args.get("by", "0")))


@public
def wrote() -> ResponseReturnValue:
    with act() as session:
        session.add(SiteSetting(key="wrote", value=request.form.get("text", "")))
    return "written"


@public
def thing(key: int) -> ResponseReturnValue:
    return str(key)
