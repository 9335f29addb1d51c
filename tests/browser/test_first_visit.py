"""From a stranger to a member whose question is answered; the same without a script and without a mouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser import deeds
from tests.browser.person import COLLEAGUE, DESK, GUEST, PHONE, VENDOR

if TYPE_CHECKING:
    from tests.browser.conftest import Opens
    from tests.browser.person import Person

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("script", "width"), [(True, DESK), (False, PHONE)], ids=["scripts", "no-scripts-on-a-phone"]
)
def test_a_newcomer_joins_asks_is_answered_accepts_and_searches_by_keyboard_alone(
    open_as: Opens, *, script: bool, width: int
) -> None:
    newcomer = open_as(script=script, width=width)
    mark = f"quokka{width}"
    title = f"The {mark} valve sings at night. Why?"

    deeds.join(newcomer, f"Nora {mark.title()}", f"{mark}@home.example", "Quayside Heating")
    topic = deeds.ask(newcomer, title, "It sings from two to four, at 31 % lift, and stops when I come near.")
    expect(newcomer.page.locator("article.post").first).to_contain_text("Quayside Heating")
    deeds.answer(open_as(COLLEAGUE, script=script, width=width), topic, "Look for a vortex behind the seat.")
    deeds.open_from_inbox(newcomer, title)
    deeds.accept(newcomer)
    deeds.search(newcomer, mark, title)


@pytest.mark.theory("3.43")
def test_without_scripts_one_reads_asks_in_three_clicks_and_answers(open_as: Opens) -> None:
    reader, asker, helper = (open_as(who, script=False) for who in (GUEST, VENDOR, COLLEAGUE))
    title = "Which wombat gauge reads true below zero?"

    topic = deeds.ask(asker, title, "Two gauges, two answers, one pipe.")
    asked_in = asker.presses
    deeds.answer(helper, topic, "The one in ice water that says zero.")
    reader.page.goto("/forums")
    reader.press(reader.page.get_by_role("link", name=title))
    expect(reader.page.get_by_role("heading", level=1)).to_have_text(title)

    assert asked_in <= 3
    assert _texts(reader) == ["Two gauges, two answers, one pipe.", "The one in ice water that says zero."]


def _texts(person: Person) -> list[str]:
    return [text.strip() for text in person.page.locator("article.post .prose").all_inner_texts()]
