"""A member takes a thread home: without names where its label asks, with its source, licence and what to check."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from iocop.contributions.services import attach, change_label, mark
from iocop.core.db import db
from tests.factories import make_member, make_organization, viewer_of
from tests.forums.factories import make_answer, make_space, make_topic
from tests.transfer.factories import sent, taken, thread, word_text

if TYPE_CHECKING:
    from tests.client import Browser


def test_what_is_labelled_take_home_leaves_without_names(browser: Browser) -> None:
    told = thread(text="Ann Alder of ACME asked Bob of Rival, see [hers](/id/IOCOP-0001) or ann@acme.example.")
    browser.sign_in(make_member())

    file = taken(browser, told.address)

    assert file.mimetype == "text/markdown"
    for name in ("Ann", "Alder", "Bob", "Birch", "Acme", "ACME", "Rival", "acme.example", "@ann", "/id/"):
        assert name not in file.text, name
    assert "practitioner A" in file.text
