"""A room with a topic, a contact with a list, competitors."""

from __future__ import annotations

from datetime import date

from bs4 import BeautifulSoup

from iocop.organizations.models import Organization, OrganizationRelation
from iocop.organizations.services import name_contact
from iocop.safety.services import list_terms
from tests.client import Browser
from tests.factories import saved, viewer_of
from tests.forums.factories import make_domain, make_space
from tests.people import Cast, cast
from tests.worlds import kept


def community(*terms: str) -> Cast:
    """Everybody, a public space and a domain; bob is Acme's contact and has listed some terms."""
    people = _community()
    if terms:
        list_terms(viewer_of(people.bob), people.acme.id, terms)
    return people


@kept
def _community() -> Cast:
    people = cast()
    make_space()
    make_domain()
    name_contact(viewer_of(people.alice), people.acme.id, people.bob.id)
    return people


def compete(one: Organization, other: Organization) -> None:
    saved(OrganizationRelation(a_id=one.id, b_id=other.id, kind="competitor", valid_from=date(2020, 1, 1)))


def question(
    browser: Browser, text: str, title: str = "Where would you look first?", **more: str
) -> dict[str, str]:
    """What the form to ask sends, filled in."""
    page = browser.page("/ask")
    usual = {
        "title": title, "text": text, "kind": "question", "domains": _value(page, "domains"),
        "space": _value(page, "space"), "language": "en", "submission_key": _value(page, "submission_key"),
    }  # fmt: skip
    return usual | more


def _value(page: BeautifulSoup, name: str) -> str:
    found = page.select_one(f"input[name={name}], select[name={name}] option")
    assert found is not None
    return str(found["value"])


def warning(html: str) -> str:
    """The words of the warning on a page; empty where there is none."""
    found = BeautifulSoup(html, "html.parser").select_one("#safety")
    return " ".join(found.get_text(" ").split()) if found else ""


def pressed(html: str, words: str) -> dict[str, str]:
    """What a button of the warning sends."""
    for button in BeautifulSoup(html, "html.parser").select("#safety button"):
        if words in button.get_text():
            return {str(button["name"]): str(button["value"])}
    raise AssertionError(f"no button {words!r}")
