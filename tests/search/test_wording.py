"""What a page of results says in few steps is what the site's usual ways would say."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, get_args

import pytest
from flask import get_template_attribute
from flask_babel import force_locale, get_babel

from iocop.search.why import Reason, What
from iocop.search.wording import reasons_in_words, timer

if TYPE_CHECKING:
    from flask import Flask


@pytest.mark.parametrize(
    ("locale", "zone"), [("en", "UTC"), ("de", "Europe/Vienna"), ("ar", "Asia/Kathmandu")]
)
def test_a_moment_is_written_as_the_macro_writes_it(
    app: Flask, monkeypatch: pytest.MonkeyPatch, locale: str, zone: str
) -> None:
    moments = [datetime(2026, month, 3 * month - 2, 23, month, 7, tzinfo=UTC) for month in range(1, 10)]

    with app.test_request_context(), force_locale(locale):
        monkeypatch.setattr(get_babel(), "timezone_selector", lambda: zone)
        time = timer()
        usual = get_template_attribute("_macros/time.html", "time")

        assert [time(one) for one in moments] == [usual(one) for one in moments]


def test_every_reason_has_words(app: Flask) -> None:
    reasons = [Reason(what, 2, 3, "valve", "tap") for what in get_args(What)]

    with app.test_request_context():
        said = reasons_in_words([*reasons, *reasons, Reason("some words", 2, 3)])

    assert said.keys() == {*reasons, Reason("some words", 2, 3)}
    assert said[Reason("called", 2, 3, "valve", "tap")] == "you typed “valve”; members also call it “tap”"
    assert said[Reason("confirmed", 2, 3, "valve", "tap")] == "confirmed in practice at 2 organizations"
    assert len(set(said.values())) == len(said)
