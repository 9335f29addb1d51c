"""The editor: marks, preview, files, and a draft that is never lost."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.person import SOLE_PRACTITIONER

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from tests.browser.conftest import Opens
    from tests.browser.person import Person

pytestmark = pytest.mark.browser


@pytest.fixture
def text(member: Person) -> Locator:
    """The empty field of a new question."""
    member.page.goto("/ask")
    area = member.page.get_by_label("Your text")
    area.fill("")
    return area


def test_a_tool_marks_what_is_chosen(member: Person, text: Locator) -> None:
    text.fill("valve")
    text.press("ControlOrMeta+a")

    member.page.get_by_role("button", name="Bold").click()

    expect(text).to_have_value("**valve**")
    expect(text).to_be_focused()


def test_the_tools_are_within_the_keyboards_reach(member: Person, text: Locator) -> None:
    text.fill("one\ntwo")
    text.press("ControlOrMeta+a")
    member.page.keyboard.press("Shift+Tab")

    member.press(member.page.get_by_role("button", name="Numbered list"))

    expect(text).to_have_value("1. one\n1. two")


def test_the_preview_is_what_will_stand_there(member: Person, text: Locator) -> None:
    text.fill("A **dry** `pocket`<script>alert(1)</script>")

    member.page.get_by_role("button", name="Preview").click()

    pane = member.page.locator("[data-preview-pane]")
    expect(pane.locator("strong")).to_have_text("dry")
    expect(pane.locator("code")).to_have_text("pocket")
    expect(pane.locator("script")).to_have_count(0)


def test_a_picture_is_attached_by_the_button(member: Person, text: Locator) -> None:
    page, drawing = member.page, io.BytesIO()
    Image.new("RGB", (40, 30), "#336699").save(drawing, "PNG")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Attach a file").click()
    chooser.value.set_files({"name": "gauge.png", "mimeType": "image/png", "buffer": drawing.getvalue()})
    expect(text).to_have_value(re.compile(r"!\[.*\]\(/attachments/\d+/gauge\.png\)"))

    page.get_by_role("button", name="Preview").click()

    picture = page.locator("[data-preview-pane] img")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 40


def test_a_file_that_is_not_taken_is_said_to_be(member: Person, text: Locator) -> None:
    page = member.page
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Attach a file").click()
    chooser.value.set_files({"name": "tool.exe", "mimeType": "application/exe", "buffer": b"MZ"})

    expect(page.locator("[data-status]")).to_contain_text("That file was not taken")
    expect(text).to_have_value("")
    assert [found[:4] for found in member.complaints.found] == ["422:"]
    member.complaints.found.clear()


def test_a_draft_is_kept_comes_back_and_is_listed(member: Person, text: Locator) -> None:
    page = member.page
    page.get_by_label("Title").fill("A numbat in the riser")
    text.press_sequentially("It has been there")
    expect(page.locator("[data-status]")).to_have_text("Draft kept")

    page.goto("/drafts")
    expect(page.get_by_role("main")).to_contain_text("A numbat in the riser")
    page.goto("/ask")

    expect(text).to_have_value("It has been there")
    expect(page.get_by_label("Title")).to_have_value("A numbat in the riser")


def test_without_a_connection_the_text_stays_in_the_browser(open_as: Opens) -> None:
    member = open_as(SOLE_PRACTITIONER)
    page, status = member.page, member.page.locator("[data-status]")
    page.goto("/ask")
    page.route("**/drafts", lambda route: route.abort())
    page.get_by_label("Your text").fill("Written in the cellar")
    expect(status).to_contain_text("Not kept")

    page.reload()

    expect(page.get_by_label("Your text")).to_have_value("Written in the cellar")
    expect(status).to_have_text("Your draft is back")
    assert {found.split(":")[0] for found in member.complaints.found} == {"failed"}
    member.complaints.found.clear()


def test_a_draft_is_done_with_once_the_text_is_posted(member: Person, text: Locator) -> None:
    page = member.page
    page.get_by_label("Title").fill("A bilby behind the grille")
    text.press_sequentially("It left by itself.")
    page.get_by_label("Hydronics and balancing").check()
    page.get_by_role("button", name="Post it").click()
    page.wait_for_url("**/t/*")

    page.goto("/ask")

    expect(text).to_have_value("")
