"""What was imported is browsable; administrators see what became of every row."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from iocop.core import clock
from iocop.core.db import db
from iocop.forums.models import Topic
from iocop.imports.models import ImportRun
from tests.contributions.factories import make_office
from tests.factories import make_member, saved
from tests.imports.dumps import answer, comment, question, real_dump, vote, write
from tests.imports.factories import SOURCE, counts, given, imported, make_space

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

    from tests.client import Browser

SAMPLE = 30  # topics


def test_a_guest_reads_an_imported_topic_with_its_credit(
    app: Flask, browser: Browser, tmp_path: Path
) -> None:
    make_space()
    write(
        tmp_path, Posts=[question(1), answer(2, 1, Body="<p>Bleed <b>it</b>.</p>")], Comments=[comment(1, 2)]
    )
    imported(app, tmp_path)

    page = browser.page(f"/t/{given('post-1').id}")

    assert "Bleed it." in page.text
    assert "Which one?" in page.text
    assert f"by Reader 1 on {SOURCE}, CC BY-SA 3.0" in page.text


@pytest.mark.parametrize("name", ["bicycles-meta", "small"])
def test_a_real_dump_stands_whole_and_can_be_read(app: Flask, browser: Browser, name: str) -> None:
    folder = real_dump(name)
    make_space()

    said = imported(app, folder)

    posts = said["Posts.xml"]["read"]
    topics = list(db.session.scalars(select(Topic.id).order_by(Topic.id)))
    written, merged, skipped = counts(said, "Posts.xml")
    assert (written + merged, skipped) == (posts, 0)
    assert counts(said, "Comments.xml") == (said["Comments.xml"]["read"], 0, 0)
    for topic in Random(1).sample(topics, min(SAMPLE, len(topics))):
        assert browser.get(f"/t/{topic}", follow_redirects=True).status_code == 200
    again = imported(app, folder)
    assert all(count["written"] == 0 for count in again.values())


def test_administrators_see_every_import_with_its_report(
    app: Flask, browser: Browser, tmp_path: Path
) -> None:
    make_space()
    administrator = make_member()
    make_office(administrator, "administrator")
    write(tmp_path, Votes=[vote(1, 1, 15)])
    imported(app, tmp_path)
    saved(ImportRun(source="other.example", fingerprint="x", stages={}, report={}, started_at=clock.now()))

    page = browser.sign_in(administrator).page("/admin/imports")

    assert [heading.text for heading in page.select("h2")][:2] == ["other.example", SOURCE]
    assert "Under way, or stopped" in page.text
    rows = [[cell.text for cell in row.select("th, td")] for row in page.select("tbody tr")]
    assert ["Posts.xml", "1", "1", "0", "0"] in rows
    assert "Votes.xml: 1 · reviews of the other site" in page.text


def test_before_the_first_import_the_page_says_so(app: Flask, browser: Browser) -> None:
    administrator = make_member()
    make_office(administrator, "administrator")

    assert "Nothing was imported yet" in browser.sign_in(administrator).page("/admin/imports").text


def test_nobody_else_sees_it(app: Flask, browser: Browser) -> None:
    moderator = make_member()
    make_office(moderator, "moderator")

    guest = browser.get("/admin/imports")
    refused = browser.sign_in(moderator).get("/admin/imports")

    assert guest.status_code == 303
    assert refused.status_code == 403
    assert "Only administrators see what was imported." in BeautifulSoup(refused.text, "html.parser").text
