"""A real wiki is imported whole; skipped, with the reason, where it is absent."""

from __future__ import annotations

import re
from collections import Counter
from html import unescape
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from iocop.contributions.models import Contribution
from iocop.core.db import db
from iocop.imports.mediawiki.reader import Export
from iocop.imports.mediawiki.records import Page, Revision
from iocop.repertoire.models import Article, ArticleAlias
from tests.imports.factories import imported_wiki, make_space, total
from tests.imports.wikis import real_wiki

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

WORD = re.compile(r"\w+")
OUTSIDE = (  # what is markup, or stays as text or by name only, in the order in which it is taken away
    (re.compile(r"<!--.*?-->", re.DOTALL), " "),
    (re.compile(r"<(math|timeline|inputbox|gallery|syntaxhighlight|source)\b.*?</\1>", re.DOTALL | re.IGNORECASE), " "),
    (re.compile(r"\{\{[^{}]*\}\}"), " "),
    (re.compile(r"__[A-Z]+__"), " "),
    (re.compile(r"<[^<>]*>"), " "),
    (re.compile(r"^\{\|.*$|^\|-.*$", re.MULTILINE), " "),
    (re.compile(r"\[\[[^\[\]|]*:[^\[\]]*\]\]"), " "),  # categories, pictures, other languages
    (re.compile(r"\[\[(?:[^\[\]|]*\|)?([^\[\]|]*)\]\]"), r"\1"),
    (re.compile(r"\[\[[^\[\]|]*:.*?\]\]", re.DOTALL), " "),
    (re.compile(r"\[(?:https?:)?//\S+ ?([^\]]*)\]"), r"\1"),
    (re.compile(r"https?://\S+"), " "),
    (re.compile(r"'{2,}"), ""),
    (re.compile(r"^[|!][^|\[\n]*=[^|\n]*\|(?!\|)|(?<=\|\|)[^|\[\n]*=[^|\n]*\|(?!\|)", re.MULTILINE), " "),
)  # fmt: skip


def words_of(wikitext: str) -> Counter[str]:
    """The words that a reader sees, found without any parser; templates within templates are gone after three rounds."""
    text = wikitext
    for _ in range(3):
        for pattern, left in OUTSIDE[:3]:
            text = pattern.sub(left, text)
    for pattern, left in OUTSIDE:
        text = pattern.sub(left, text)
    return Counter(WORD.findall(unescape(text)))


def pages_of(file: Path) -> list[tuple[Page, Revision]]:
    """Its pages, each with its one revision."""
    events = list(Export(file).read())
    return [
        (page, revision)
        for page, revision in zip(events[::2], events[1::2], strict=True)
        if isinstance(page, Page) and isinstance(revision, Revision)
    ]


@pytest.mark.only("sqlite")
def test_every_page_and_redirect_is_accounted_for_and_the_words_survive(app: Flask, tmp_path: Path) -> None:
    real = real_wiki()
    file = tmp_path / "wiki.xml"
    file.symlink_to(real)
    make_space()
    pages = pages_of(file)
    expected = [page.title for page, _ in pages if page.namespace in {0, 4, 12} and page.redirect is None]

    files = imported_wiki(app, file)

    raw = real.read_bytes()
    assert files["page"]["read"] + files["redirect"]["read"] == raw.count(b"<page>")
    assert files["redirect"]["read"] == raw.count(b"<redirect ")
    assert files["revision"]["read"] == raw.count(b"<revision>")
    assert sorted(db.session.scalars(select(Article.title))) == sorted(expected)
    assert total(ArticleAlias) == files["redirect"]["written"]
    assert survived(pages) > 0.99


def survived(pages: list[tuple[Page, Revision]]) -> float:
    """The share of words outside templates and markup that readers of the articles see."""
    plain = dict(
        db.session.execute(select(Article.title, Contribution.plain).join(Contribution, Contribution.id == Article.id))
        .all()
    )  # fmt: skip
    asked = lost = 0
    for page, revision in pages:
        if page.title in plain:
            wanted = words_of(revision.text or "")
            asked += wanted.total()
            lost += (wanted - Counter(WORD.findall(plain[page.title]))).total()
    assert asked > 50_000
    return 1 - lost / asked
