"""What administrators keep stays typed when it cannot be; charters age; who waits is let in."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine

from iocop.admin import services
from iocop.core import clock
from iocop.core.db import db
from iocop.core.errors import Invalid, Refused
from iocop.core.site import site
from iocop.domains.models import Domain
from iocop.members.numbers import shown
from iocop.spaces.models import Space
from iocop.spaces.services import grants_of
from tests.factories import make_member, viewer_of
from tests.forums.factories import make_domain, make_space
from tests.people import officer
from tests.reputation.standing import stand

if TYPE_CHECKING:
    from flask import Flask

    from tests.client import Browser

SITE = {"name": "Guild", "tagline": "", "accent": "", "registration": "open"}


@pytest.fixture
def desk(browser: Browser) -> Browser:
    """A browser at which an administrator sits."""
    return browser.sign_in(officer(make_member(name="Alice Ash"), "administrator"))


def kept(desk: Browser, slug: str, **about: Any) -> Any:
    return desk.post(f"/admin/domains/{slug}", {"name": slug.title(), "position": "0"} | about)


@pytest.mark.theory("1.63")
def test_a_charter_older_than_four_hundred_days_is_due_for_a_new_look(desk: Browser) -> None:
    make_domain(name="Controls")
    kept(desk, "controls", charter="What we are for.")
    guest, words = desk.fresh(), "due for a new look"

    with time_machine.travel(clock.now() + timedelta(days=399)):
        assert words not in guest.page("/domains/controls").text
    with time_machine.travel(clock.now() + timedelta(days=401)):
        kept_page = guest.page("/domains/controls")
        assert words in kept_page.text
        assert "Alice Ash" in kept_page.text


def test_saving_a_domain_without_touching_its_charter_keeps_the_charters_date(desk: Browser) -> None:
    make_domain(name="Controls")
    kept(desk, "controls", charter="What for.", questions="Which?")
    written = db.session.query(Domain).one().charter_at

    kept(desk, "controls", charter="What for.", questions="Which? \r\n", summary="Anew")

    domain = db.session.query(Domain).one()
    assert (domain.summary, domain.charter_at) == ("Anew", written)


def test_a_domain_is_retired_and_renamed_not_to_a_name_that_is_taken(desk: Browser) -> None:
    make_domain(name="Controls")
    make_domain(name="Air")

    taken = kept(desk, "air", name="Controls", summary="kept")
    odd = kept(desk, "air", sub_topic="...")
    gone = kept(desk, "air", retired="y")

    assert (taken.status_code, odd.status_code, gone.status_code) == (422, 422, 303)
    assert "of this name already" in taken.text
    assert 'value="kept"' in taken.text
    assert "needs a word" in odd.text
    assert desk.page("/admin/domains/air").select("input[name=retired][checked]")
    assert desk.get("/admin/domains/none").status_code == 404
    listed = [link["href"] for link in desk.page("/forums").select("aside a")]
    assert "/forums/air" not in listed
    assert "/forums/controls" in listed


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("/admin/domains", {"name": "   "}), ("/admin/domains", {"name": "!!!"}),
        ("/admin/domains/air", {"name": "   "}), ("/admin/domains/air", {"name": "Air", "position": "9" * 30}),
        ("/admin/domains/air", {"name": "Air", "position": "first"}),
        ("/admin/spaces", {"name": "   ", "audience": "public"}),
        ("/admin/spaces", {"name": "!!!", "audience": "public"}),
    ],
)  # fmt: skip
def test_names_without_a_letter_and_places_without_a_number_are_told(
    desk: Browser, path: str, given: dict[str, str]
) -> None:
    make_domain(name="Air")

    answer = desk.post(path, given | {"summary": "kept", "about": "kept"})

    assert answer.status_code == 422
    assert "kept" in answer.text
    assert "field-error" in answer.text


def test_a_space_is_renamed_and_archived_not_to_a_name_that_is_taken(desk: Browser) -> None:
    commons, board = make_space(), make_space(name="Board", audience="members")
    sent = {"name": "Board", "about": "kept", "audience": "members"}

    taken = desk.post(f"/admin/spaces/{commons.id}", sent)
    saved = desk.post(f"/admin/spaces/{board.id}", sent | {"archived": "y"})
    again = desk.post("/admin/spaces", sent)

    assert (taken.status_code, saved.status_code, again.status_code) == (422, 303, 422)
    assert "of this name already" in taken.text
    assert ">kept</textarea>" in taken.text or 'value="kept"' in taken.text
    assert desk.page(f"/admin/spaces/{board.id}").select("input[name=archived][checked]")
    db.session.expire_all()
    assert [space.archived_at is None for space in db.session.query(Space).order_by(Space.id)] == [
        True,
        False,
    ]
    for verb, path in ((desk.get, "/admin/spaces/99"), (desk.post, "/admin/spaces/99/grants")):
        assert verb(path).status_code == 404


def test_a_person_is_let_into_a_space_by_number(desk: Browser) -> None:
    space, member = make_space(name="Tender", audience="named"), make_member(name="Bob Birch")

    desk.post(f"/admin/spaces/{space.id}/grants", {"who": shown(member.number)})

    assert [grant.member_id for grant in grants_of(space.id)] == [member.id]
    assert "Bob Birch" in desk.page(f"/admin/spaces/{space.id}").text
    (grant,) = grants_of(space.id)
    ending = f"/admin/spaces/{space.id}/grants/{grant.id}/end"
    assert desk.post(ending).status_code == 303
    assert desk.post(ending).status_code == 404


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ({"name": " "}, "needs a name"), ({"registration": "lottery"}, "who may join"),
        ({"accent": "blue"}, "#rrggbb"), ({"accent": "#ffffee"}, "cannot be read"),
    ],
)  # fmt: skip
def test_a_site_that_cannot_be_is_refused(app: Flask, about: dict[str, str], words: str) -> None:
    alice = viewer_of(officer(make_member(), "administrator"))

    with pytest.raises(Invalid, match=words):
        services.present_site(alice, **SITE | about)


def test_only_administrators_present_the_site(app: Flask) -> None:
    before = site().name

    with pytest.raises(Refused, match="Only administrators"):
        services.present_site(viewer_of(make_member()), **SITE)

    assert site().name == before


def test_offices_that_cannot_be_granted_are_told_beside_their_field(desk: Browser) -> None:
    member, domain = make_member(), make_domain(name="Controls")
    form = {"member": shown(member.number), "role": "domain_steward", "decision": "1", "domain": ""}

    nobody = desk.post("/admin/roles", form | {"member": "IOCOP-0000-0000"})
    nowhere = desk.post("/admin/roles", form)
    too_long = desk.post("/admin/roles", form | {"domain": str(domain.id), "valid_to": "2999-01-01"})
    not_yet = desk.post("/admin/roles", form | {"domain": str(domain.id)})
    stand(member, domain, 3)
    granted = desk.post("/admin/roles", form | {"domain": str(domain.id)})
    page = desk.page("/admin/roles")

    assert (nobody.status_code, nowhere.status_code, granted.status_code) == (422, 422, 303)
    assert (too_long.status_code, not_yet.status_code) == (422, 422)
    assert "has reached level 3 there" in not_yet.text
    assert "no member of this number" in nobody.text
    assert "Choose the domain" in nowhere.text
    assert "Controls" in page.select_one("main").text  # type: ignore[union-attr]
    assert desk.page("/admin/roles?view=ended")
