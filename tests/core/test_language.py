"""Every sentence a person reads can be translated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import flask_babel
import pytest
from babel.messages.extract import extract_from_dir

from iocop.core.settings import ROOT
from iocop.core.site import Site
from iocop.members.numbers import shown
from tests.client import Browser
from tests.core.pseudo import (
    LOCALE,
    PseudoTranslations,
    bare_texts,
    data_strings,
    names_of_the_world,
    wrapped,
)
from tests.factories import make_member, make_organization

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from iocop.members.models import Member

ALLOWED = {
    Site().name, Site().licence, "Markdown", "PDF", "CSV", "JSON", "UTC", "IOCOP",
}  # fmt: skip
"""Names that are the same in every language, and the site's name as it stands before an administrator gives one."""
NOT_PAGES = ("static", "assets.", "health.")


@pytest.fixture
def abroad(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The site for readers of a language in which every sentence stands in brackets."""
    monkeypatch.setitem(app.config, "LOCALES", ("en", LOCALE))
    monkeypatch.setattr(flask_babel.Domain, "get_translations", lambda _self: PseudoTranslations())
    app.extensions["fragments"]._kept.clear()
    yield app
    app.extensions["fragments"]._kept.clear()


def addresses(app: Flask) -> list[str]:
    """The addresses of all pages that take no argument."""
    return sorted(
        rule.rule
        for rule in app.url_map.iter_rules()
        if not rule.arguments and "GET" in (rule.methods or ()) and not rule.endpoint.startswith(NOT_PAGES)
    )


def bare(app: Flask, member: Member | None, paths: list[str]) -> dict[str, list[str]]:
    """What stands on each page without brackets, by address."""
    browser = Browser(app)
    if member is not None:
        browser.sign_in(member)
    data = data_strings() | names_of_the_world() | ALLOWED
    found = {}
    for path in paths:
        answer = browser.client.get(path, headers={"Accept-Language": LOCALE})
        if answer.mimetype == "text/html" and answer.status_code not in {301, 302, 303, 308}:
            found[path] = bare_texts(answer.text, data)
    return found


SAME_FOR_EVERYBODY = {"/booth"}
"""Its bytes are in an election's freeze, so it is in one language and has its words in a script of its own."""


@pytest.mark.parametrize("who", ["guest", "member", "administrator"])
def test_no_page_holds_a_bare_sentence(abroad: Flask, who: str) -> None:
    make_organization(name="Larch & Sons", slug="larch-and-sons")
    roles = ["administrator", "moderator", "board"] if who == "administrator" else []
    member = None if who == "guest" else make_member(name="Ada Lovelace", roles=roles)

    someone = shown(make_member(name="Bob").number)
    more = ["/nowhere", f"/id/{someone}", "/organizations/larch-and-sons"]

    found = bare(
        abroad, member, [path for path in addresses(abroad) if path not in SAME_FOR_EVERYBODY] + more
    )

    assert len(found) > 5
    assert {path: texts[:5] for path, texts in found.items() if texts} == {}


def test_a_bare_sentence_is_found_wherever_it_stands() -> None:
    html = (
        "<title>⟦Forum⟧</title><p>Bare one</p><p>⟦Kept <b>by⟧</b> Ada · 12</p><img alt='Bare two'><code>for x in y</code>"
        "<input type=submit value='Bare three'><p>⟦Said by ⟦somebody⟧⟧</p><p lang=de>Guten Tag</p>"
        "<p>3 ⟦of⟧ 12, Bare four</p>"
    )

    assert sorted(bare_texts(html, {"Ada"})) == ["3 12, Bare four", "Bare one", "Bare three", "Bare two"]


def test_every_sentence_is_found_by_the_extraction() -> None:
    methods, options = _mapping()
    keywords: dict[str, Any] = {
        "_": None,
        "_l": None,
        "gettext": None,
        "lazy_gettext": None,
        "ngettext": (1, 2),
    }
    found = {
        message
        for folder in ("iocop", "templates")
        for _file, _line, message, _comments, _context in extract_from_dir(
            ROOT / folder,
            [(pattern.removeprefix(f"{folder}/"), method) for pattern, method in methods],
            options,
            keywords,
            directory_filter=lambda _folder: True,  # by itself it would leave out _macros
        )
    }

    assert {"Skip to content", "Not found", "What you wrote"} <= found
    assert wrapped("x") not in found


def _mapping() -> tuple[list[tuple[str, str]], dict[str, Any]]:
    from babel.messages.frontend import parse_mapping_cfg

    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    return methods, options
