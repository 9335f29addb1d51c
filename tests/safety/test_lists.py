"""An organization's list that nobody can read, and a member's own that nobody else can."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from iocop.core import backup, clock, health
from iocop.core.db import act, db
from iocop.core.errors import Conflict, Invalid, Missing, Refused
from iocop.members.export import as_json
from iocop.members.services import erase
from iocop.organizations import services as organizations
from iocop.organizations.models import Affiliation, OrganizationAlias
from iocop.safety import policy, services
from iocop.safety.export import safe_to_post
from iocop.safety.key import key_file, made_key, terms_key
from iocop.safety.models import ConfidentialTerm, OwnWord, SwitchedOff
from iocop.safety.queries import check, own_words, switched_off, term_count
from tests.client import Browser
from tests.core.test_backup import iocop
from tests.factories import make_organization, saved, viewer_of
from tests.people import Cast, belong
from tests.safety.factories import community

pytestmark = pytest.mark.usefixtures("app")


def found(people: Cast, name: str, text: str) -> list[tuple[str, str]]:
    return [(each.because, each.words) for each in check(viewer_of(people.members[name]), text, None)]


# ------------------------------------------------------------------ an organization's terms


@pytest.mark.theory("1.3", "3.70")
def test_the_contact_lists_terms_that_nobody_can_read(app: Flask, browser: Browser) -> None:
    people = community()
    browser.sign_in(people.bob)

    answer = browser.post(
        "/organizations/acme/terms", {"terms": "Blue Heron\r\n\r\nquiet floor\r\nBlue  Heron"}
    )
    page = browser.page("/organizations/acme/terms").text

    assert answer.status_code == 303
    assert "2 terms are on the list" in page
    assert "could test guesses" in page
    assert "Heron" not in page
    rows = repr(db.session.execute(select(ConfidentialTerm.__table__)).all()).lower()
    assert "heron" not in rows
    assert "quiet" not in rows
    folder = Path(app.extensions["settings"].data_dir)
    assert not any(b"heron" in path.read_bytes().lower() for path in folder.rglob("*") if path.is_file())


def test_nobody_else_comes_near_the_list(browser: Browser) -> None:
    people = community("Blue Heron")

    for member in (people.alice, people.charlie):
        other = browser.fresh().sign_in(member)
        assert other.get("/organizations/acme/terms").status_code == 403
        assert other.post("/organizations/acme/terms", {"terms": "x y z"}).status_code == 403
        assert other.post("/organizations/acme/terms/remove", {"gone": "Blue Heron"}).status_code == 403
    assert browser.sign_in(people.bob).get("/organizations/nobody/terms").status_code == 404
    assert term_count(people.acme.id) == 1


def test_a_term_is_taken_off_by_typing_it_again(browser: Browser) -> None:
    people = community("Blue Heron", "quiet floor")
    browser.sign_in(people.bob)

    assert (
        browser.post("/organizations/acme/terms/remove", {"gone": "BLUE-HERON\nunknown"}).status_code == 303
    )

    assert "1 term is off the list" in browser.page("/organizations/acme/terms").text
    assert term_count(people.acme.id) == 1
    assert found(people, "alice", "Blue Heron, quiet floor") == [("term", "quiet floor")]
    assert services.unlist_terms(viewer_of(people.bob), people.acme.id, ["nothing"]) == 0


@pytest.mark.parametrize("typed", ["", "  \n ", "one two three four five six", "ab", "…"])
def test_what_cannot_be_a_term_is_refused_with_the_reason(browser: Browser, typed: str) -> None:
    people = community()
    browser.sign_in(people.bob)

    for address, field in (("terms", "terms"), ("terms/remove", "gone")):
        answer = browser.post(f"/organizations/acme/{address}", {field: typed})
        assert answer.status_code == 422
        assert "error-summary" in answer.text
    assert term_count(people.acme.id) == 0


def test_a_list_ends_at_two_thousand_terms(monkeypatch: pytest.MonkeyPatch) -> None:
    people = community("one", "two")
    monkeypatch.setattr(services, "MOST_TERMS", 3)
    actor = viewer_of(people.bob)

    with pytest.raises(Invalid, match="two thousand"):
        services.list_terms(actor, people.acme.id, ["three", "four"])
    assert services.list_terms(actor, people.acme.id, ["three", "one"]) == 1
    assert services.list_terms(actor, people.acme.id, ["three"]) == 0


def test_only_a_living_records_contact_lists() -> None:
    people = community()
    actor, now = viewer_of(people.bob), clock.now()

    with pytest.raises(Missing):
        services.list_terms(actor, 10**6, ["blue heron"])
    assert policy.may_list_terms(actor, people.acme, now)
    assert not policy.may_list_terms(people.guest, people.acme, now)
    assert not policy.may_list_terms(actor, people.rival, now)
    with act():
        people.rival.merged_into_id = people.acme.id
    assert "merged" in str(policy.may_list_terms(actor, people.rival, now).reason)


def test_a_merged_records_list_goes_on_for_the_people_of_the_one_that_stays() -> None:
    people = community()
    admin = viewer_of(people.alice)
    double = make_organization(name="Acme Ltd", slug="acme-ltd")
    belong(people.bob, double, "acme.example")
    organizations.name_contact(admin, double.id, people.bob.id)
    services.list_terms(viewer_of(people.bob), double.id, ["Blue Heron"])

    organizations.merge(admin, double.id, people.acme.id)

    assert found(people, "alice", "Blue Heron") == [("term", "Blue Heron")]
    assert term_count(people.acme.id) == 1
    assert services.unlist_terms(viewer_of(people.bob), people.acme.id, ["Blue Heron"]) == 1


def test_whoever_has_left_the_organization_is_warned_no_more() -> None:
    people = community("Blue Heron")
    with act():
        row = db.session.scalars(select(Affiliation).where(Affiliation.member_id == people.alice.id)).one()
        row.valid_to = clock.now().date()

    assert found(people, "alice", "Blue Heron") == []


# ------------------------------------------------------------------ the key


def test_the_key_lies_beside_the_database_for_the_site_alone_and_is_made_once(app: Flask) -> None:
    key_file().unlink(missing_ok=True)
    assert terms_key() is None

    key = made_key()

    assert len(key) == 32
    assert key_file().stat().st_mode & 0o777 == 0o600
    assert [path.name for path in key_file().parent.iterdir()] == ["safety.key"]
    assert made_key() == terms_key() == key


def test_two_that_make_the_key_at_once_end_with_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    key_file().unlink(missing_ok=True)

    def another_was_first(_: object, path: Path) -> None:
        path.write_bytes(b"x" * 32)
        raise FileExistsError

    monkeypatch.setattr(os, "link", another_was_first)

    assert made_key() == b"x" * 32
    key_file().unlink()


def test_a_lost_key_is_told_and_not_replaced_in_silence() -> None:
    people = community("Blue Heron")
    key = key_file().read_bytes()
    assert "the key is there" in [each.words for each in health.findings()]

    key_file().unlink()

    assert found(people, "alice", "Blue Heron") == []
    assert [each.name for each in health.findings() if not each.well and "key" in each.words] == [
        "confidential terms"
    ]
    with pytest.raises(Conflict):
        services.list_terms(viewer_of(people.bob), people.acme.id, ["other"])
    assert services.unlist_terms(viewer_of(people.bob), people.acme.id, ["Blue Heron"]) == 0
    key_file().write_bytes(key)
    assert found(people, "alice", "Blue Heron") == [("term", "Blue Heron")]


@pytest.mark.only("sqlite")
def test_a_backup_leaves_the_key_out_and_names_it(app: Flask, tmp_path: Path) -> None:
    community("Blue Heron")
    key = key_file().read_bytes()
    db.session.rollback()

    backup.backup(tmp_path / "copy")

    assert not any(key in path.read_bytes() for path in (tmp_path / "copy").rglob("*") if path.is_file())
    assert list(json.loads((tmp_path / "copy" / backup.MANIFEST).read_text())["keys"]) == ["keys/safety.key"]
    settings = app.extensions["settings"]
    said = iocop("backup", str(tmp_path / "other"), data_dir=settings.data_dir, url=settings.database)
    assert "Not in it: keys/safety.key" in said
    elsewhere = tmp_path / "elsewhere"
    said = iocop(
        "restore", str(tmp_path / "copy"), data_dir=elsewhere, url=f"sqlite:///{tmp_path / 'restored.db'}"
    )
    assert "Put keys/safety.key of the old site into the data folder" in said
    assert backup.missing_keys(tmp_path / "copy") == []


# ------------------------------------------------------------------ names


def test_names_of_the_directory_are_found_but_not_ones_own_employer_nor_makers() -> None:
    people = community()
    make_organization(name="Janssen Koel B.V.", slug="janssen")
    make_organization(name="B.V.", slug="bv")
    saved(OrganizationAlias(organization_id=people.rival.id, name="Rivalry Works"))
    with act():
        from iocop.core.versions import bump

        bump("organizations")
    text = "Acme, Rival, Rivalry Works, Vendor and Janssen Koel met."

    assert found(people, "alice", text) == [
        ("directory", "Rival"), ("directory", "Rivalry Works"), ("directory", "Janssen Koel"),
    ]  # fmt: skip
    assert [words for _, words in found(people, "charlie", text)] == ["Acme", "Janssen Koel"]


def test_an_employer_that_is_not_public_is_named_as_such() -> None:
    people = community()
    with act():
        row = db.session.scalars(select(Affiliation).where(Affiliation.member_id == people.charlie.id)).one()
        row.visibility = "self"

    assert found(people, "charlie", "At Rival we use oil.") == [("unspoken", "Rival")]


def test_a_new_name_in_the_directory_is_known_at_once() -> None:
    people = community()
    assert found(people, "alice", "We saw Tamarisk there.") == []

    organizations.found_organization(
        viewer_of(people.bob), organizations.Facts(name="Tamarisk Ltd", type="firm")
    )

    assert found(people, "alice", "We saw Tamarisk there.") == [("directory", "Tamarisk")]


def test_a_members_list_is_the_members_alone(browser: Browser) -> None:
    people = community()
    browser.sign_in(people.alice)

    answer = browser.post("/settings/safety/names", {"word": "Northgate  Dairy", "role": "a dairy"})

    assert answer.status_code == 303
    assert "Northgate Dairy" in browser.page("/settings/safety").text
    assert "Northgate" not in browser.fresh().sign_in(people.bob).page("/settings/safety").text
    assert found(people, "alice", "northgate dairy") == [("own", "northgate dairy")]
    assert found(people, "bob", "northgate dairy") == []
    browser.post("/settings/safety/names", {"word": "northgate dairy", "role": "a plant"})
    (row,) = own_words(people.alice.id)
    assert (row.word, row.role) == ("northgate dairy", "a plant")
    assert (
        browser.fresh().sign_in(people.bob).post(f"/settings/safety/names/{row.id}/remove").status_code == 404
    )
    assert browser.post(f"/settings/safety/names/{row.id}/remove").status_code == 303
    assert own_words(people.alice.id) == []


@pytest.mark.parametrize(
    "given", [{"word": ""}, {"word": "é!"}, {"word": "x" * 121}, {"word": "name", "role": "x" * 121}]
)
def test_what_cannot_be_listed_stays_in_the_form(browser: Browser, given: dict[str, str]) -> None:
    people = community()

    answer = browser.sign_in(people.alice).post("/settings/safety/names", given)

    assert answer.status_code == 422
    assert own_words(people.alice.id) == []


def test_a_members_list_ends_at_five_hundred_names(monkeypatch: pytest.MonkeyPatch) -> None:
    people = community()
    actor = viewer_of(people.alice)
    monkeypatch.setattr(services, "MOST_WORDS", 1)
    services.keep_own_word(actor, "Northgate")

    with pytest.raises(Invalid, match="five hundred"):
        services.keep_own_word(actor, "Southgate")
    with pytest.raises(Refused):
        services.keep_own_word(people.guest, "Southgate")


def test_rules_are_switched_off_and_on_in_the_settings(browser: Browser) -> None:
    people = community()
    browser.sign_in(people.alice)

    assert browser.post("/settings/safety/rules", {"rules": ["client", "file"]}).status_code == 303

    assert switched_off(people.alice.id) == {"confidential", "money", "address"}
    checked = browser.page("/settings/safety").select("input[name=rules][checked]")
    assert [box["value"] for box in checked] == ["client", "file"]
    assert browser.post("/settings/safety/rules", {"rules": ["nonsense"]}).status_code == 422
    with pytest.raises(Invalid):
        services.choose_rules(viewer_of(people.alice), ["nonsense"])


def test_a_text_is_tried_and_kept_nowhere(browser: Browser) -> None:
    people = community("Blue Heron")
    services.keep_own_word(viewer_of(people.bob), "Northgate", "a dairy")
    browser.sign_in(people.bob)

    page = browser.post("/settings/safety/try", {"text": "Blue Heron at Northgate: our bid price"}).text

    for words in (
        "Blue Heron",
        "your organization's contact",
        "Blue Heron at a dairy: our bid price",
        "competitors",
    ):
        assert words in page
    assert "No rule finds anything" in browser.post("/settings/safety/try", {"text": "It drips."}).text
    assert browser.post("/settings/safety/try", {"text": ""}).status_code == 422
    assert "/organizations/acme/terms" in browser.page("/settings/safety").decode()


def test_lists_go_with_their_member_and_into_the_own_data() -> None:
    people = community()
    actor = viewer_of(people.charlie)
    services.keep_own_word(actor, "Northgate", "a dairy")
    services.switch_rules_off(actor, ["file"])

    assert json.loads(as_json(safe_to_post(people.charlie.id))) == {
        "names": [{"word": "Northgate", "role": "a dairy"}],
        "rules_switched_off": ["file"],
    }
    erase(actor, with_texts=False)
    assert db.session.scalars(select(OwnWord.id)).all() == []
    assert db.session.scalars(select(SwitchedOff.rule)).all() == []


def test_an_expired_proof_ends_the_contacts_say() -> None:
    people = community("Blue Heron")
    with act():
        row = db.session.scalars(select(Affiliation).where(Affiliation.member_id == people.bob.id)).one()
        row.expires_at = clock.now() - timedelta(minutes=1)

    with pytest.raises(Refused):
        services.unlist_terms(viewer_of(people.bob), people.acme.id, ["Blue Heron"])
