"""What templates say, as Jinja's own callables would."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from flask_babel import force_locale
from jinja2 import Environment
from markupsafe import Markup

from iocop.core import sentences

if TYPE_CHECKING:
    from flask import Flask

pytestmark = pytest.mark.only("sqlite")


def said(source: str, *, escaped: bool = True) -> str:
    environment = Environment(autoescape=escaped, extensions=["jinja2.ext.i18n"])  # noqa: S701 -- some texts are plain
    sentences.install(environment)
    return environment.from_string(source).render(name="<Ann>", trusted=Markup("<b>Ann</b>"))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ _('100%% & more') }}", "100% & more"),
        ("{{ gettext('by %(who)s', who=name) }}", "by &lt;Ann&gt;"),
        ("{{ _('by %(who)s', who=trusted) }}", "by <b>Ann</b>"),
        ("{{ ngettext('one', '%(num)s of %(of)s', 2, of=name) }}", "2 of &lt;Ann&gt;"),
        ("{{ ngettext('%(num)s answer', '%(num)s answers', 1) }}", "1 answer"),
        ("{{ pgettext('a month', 'May') }}", "May"),
        ("{{ npgettext('a pump', '%(num)s seal', '%(num)s seals', 3) }}", "3 seals"),
        ("{% trans who=name %}by {{ who }}{% endtrans %}", "by &lt;Ann&gt;"),
    ],
)
@pytest.mark.usefixtures("app")
def test_a_page_escapes_what_is_put_into_a_sentence_and_no_more(source: str, expected: str) -> None:
    assert [said(source), said(source)] == [expected] * 2


@pytest.mark.usefixtures("app")
def test_a_plain_text_escapes_nothing() -> None:
    assert said("{{ _('by %(who)s', who=name) }}, {{ _('A & B') }}", escaped=False) == "by <Ann>, A & B"


def test_a_sentence_is_said_in_the_language_that_holds_now(app: Flask) -> None:
    with app.test_request_context():
        with force_locale("de"):
            abroad = sentences._now()
        at_home = sentences._now()

    assert abroad.translations is not at_home.translations
