"""Addresses are built by programs that are made when they are first needed."""

from __future__ import annotations

from iocop.core.application import Application


def test_an_address_is_built_the_same_the_second_time() -> None:
    app = Application("addresses")
    app.add_url_rule("/t/<int:key>/<word>", "topic", lambda key, word: f"{key} {word}")

    with app.test_request_context():
        built = [app.url_for("topic", key=1, word="a b", page=2) for _ in range(2)]
    [rule] = app.url_map.iter_rules("topic")

    assert built == ["/t/1/a%20b?page=2"] * 2
    assert rule.build({"key": 3, "word": "c"}, append_unknown=False) == ("", "/t/3/c")
    assert app.test_client().get("/t/4/d").text == "4 d"
