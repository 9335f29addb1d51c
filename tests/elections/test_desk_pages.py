"""The desk in the browser: from the template to the open poll, every slip told where it happened."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from sqlalchemy import select

from iocop.core.db import db
from iocop.elections import desk_words, life
from iocop.elections.models import Election, ElectionAct, ElectionOfficer, TokenIssue
from iocop.elections.queries import roll
from iocop.elections.queries.elections import dates_of, document, officers, rules_of
from iocop.elections.sealing import edwards, exchange
from iocop.members.numbers import shown
from tests.elections.factories import (
    BEGINS,
    brought_to,
    freeze,
    give_all_keys,
    key_of,
    make_officers,
    second,
    signature_of,
    stand,
)
from tests.factories import saved
from tests.people import officer, person

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iocop.members.models import Member
    from tests.client import Browser

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture(autouse=True)
def traveller() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(BEGINS - timedelta(days=7), tick=False) as traveller:
        yield traveller


def fields(page: BeautifulSoup) -> dict[str, Any]:
    """What the page's form would send as it stands."""
    sent: dict[str, Any] = {}
    for tag in page.select("main form [name]"):
        name = str(tag["name"])
        if tag.name == "select":
            option = tag.select_one("option[selected]") or tag.select_one("option")
            if option is not None:
                sent[name] = option["value"]
        elif tag.get("type") in {"checkbox", "radio"}:
            if tag.has_attr("checked"):
                sent.setdefault(name, []).append(tag["value"])
        else:
            sent[name] = tag.text if tag.name == "textarea" else tag.get("value", "")
    sent.pop("csrf_token", None)
    return sent


def the_election() -> Election:
    return db.session.scalars(select(Election)).one()


def both(browser: Browser, people: list[Member], election: Election, verb: str, **data: Any) -> None:
    """One officer proposes in the browser, another confirms."""
    answer = browser.sign_in(people[0]).post(f"/elections/{election.id}/desk/{verb}", data)
    assert answer.status_code == 303, answer.text
    answer = browser.sign_in(people[1]).post(
        f"/elections/acts/{last_act().id}/confirm", follow_redirects=True
    )
    assert last_act().second_id is not None, answer.text


def last_act() -> ElectionAct:
    return db.session.scalars(select(ElectionAct).order_by(ElectionAct.id.desc()).limit(1)).one()


def test_a_board_election_begins_from_its_template(browser: Browser) -> None:
    people = make_officers()
    officer(person("Stay Stein"), "board_member")
    given = fields(browser.sign_in(people[0]).page("/elections/new"))
    assert given["seats"] == "6"  # of seven, one stays
    assert len(given["officers"]) == 3

    answer = browser.post("/elections/new?kind=board", given | {"title": "Board 2027", "seats": "2"})

    assert answer.status_code == 303
    election = the_election()
    assert officers(election.id)[0].member_id == int(given["chair"])
    assert life.too_short("board", dates_of(election), rules_of(election)) == {}
    assert "Board 2027" in browser.page("/elections/desks").text


def test_officers_bring_an_election_from_nominations_to_the_freeze(
    browser: Browser, traveller: time_machine.Traveller
) -> None:
    people = make_officers()
    election = _draft(people)
    traveller.move_to(election.nominations_open_at)
    both(browser, people, election, "open_nominations")
    ann = stand(election, person("Ann Ahorn"), "accepted")
    second(ann, people[1:])
    for name in ("Bela Birke", "Cem Zeder", "Dora Dorn"):
        stand(election, person(name))
    traveller.move_to(election.nominations_close_at)
    both(browser, people, election, "close_nominations")
    page = browser.page(f"/elections/{election.id}/desk")
    admit = page.select_one("a[href*=admit_nomination]")
    assert admit is not None
    looked = browser.page(str(admit["href"]))
    assert "nothing stands against this candidate" in looked.text
    assert "The statement has 2 words." in looked.text
    browser.post(f"/elections/{election.id}/desk/admit_nomination", fields(looked))
    told = browser.sign_in(people[2]).post(f"/elections/acts/{last_act().id}/confirm", follow_redirects=True)
    assert ann.state == "admitted", told.text
    both(browser, people, election, "finish_screening")
    traveller.move_to(election.opens_at - timedelta(days=1))
    all_give_keys(browser, people, election)

    both(browser, people, election, "freeze")

    frozen = document(election.id, "freeze.json")
    assert frozen is not None
    assert frozen.hash in browser.sign_out().page(f"/elections/{election.id}/acts").text


def test_every_officer_signs_in_the_browser_and_the_poll_opens(
    browser: Browser, traveller: time_machine.Traveller
) -> None:
    people = make_officers()
    election = brought_to("campaign", traveller, people)
    traveller.move_to(election.opens_at - timedelta(days=1))
    give_all_keys(election)
    both(browser, people, election, "freeze")
    frozen = document(election.id, "freeze.json")
    assert frozen is not None
    traveller.move_to(election.opens_at)
    for member, own in zip(people, officers(election.id), strict=True):
        page = browser.sign_in(member).page(f"/elections/{election.id}/desk/sign")
        assert frozen.hash in page.text
        signed = {"signature": signature_of(election, own).hex(), "freeze": frozen.hash}
        assert browser.post(f"/elections/{election.id}/desk/sign", signed).status_code == 303

    both(browser, people, election, "open_voting")

    assert the_election().state == "voting"
    log = browser.sign_out().page(f"/elections/{election.id}/acts").text
    assert "Olga Oak and Otis Olive opened the poll" in " ".join(log.split())


def all_give_keys(browser: Browser, people: list[Member], election: Election) -> None:
    path = f"/elections/{election.id}/desk"
    for member, own in zip(people, officers(election.id), strict=True):
        assert "Still to give keys" in browser.sign_in(member).page(path).text
        browser.page(f"{path}/keys")
        assert browser.post(f"{path}/keys", keys(own)).status_code == 303


def keys(own: ElectionOfficer) -> dict[str, str]:
    return {
        "encryption": exchange.public(key_of(own, "encryption")).hex(),
        "signing": edwards.public(key_of(own, "signing")).hex(),
        "nonce": key_of(own, "nonce").hex(),
    }


@pytest.mark.parametrize("kind", ["office", "affirmation", "motion"])
def test_other_kinds_begin_from_their_template(kind: str, browser: Browser) -> None:
    people = make_officers()
    given = fields(browser.sign_in(people[0]).page(f"/elections/new?kind={kind}"))

    answer = browser.post(
        f"/elections/new?kind={kind}", given | {"title": "One of them", "question": "Do we?"}
    )

    assert answer.status_code == 303, answer.text
    assert the_election().kind == kind


def test_a_countback_begins_from_the_seat_that_fell_vacant(
    browser: Browser, traveller: time_machine.Traveller
) -> None:
    from tests.elections.factories import done

    people = make_officers()
    ann = person("Ann Ahorn")
    earlier = brought_to("nominations", traveller, people, seats=2)
    stand(earlier, ann)
    traveller.move_to(earlier.nominations_close_at)
    done(earlier, "close_nominations", people)
    done(earlier, "elect_unopposed", people)
    traveller.move_to(earlier.complaints_until)
    done(earlier, "certify", people)

    page = browser.sign_in(people[0]).page("/elections/new?kind=vacancy")
    given = fields(page)
    assert "Ann Ahorn, Board 2027" in page.text
    answer = browser.post("/elections/new?kind=vacancy", given | {"title": "Ann’s seat"})

    assert answer.status_code == 303, answer.text
    made = db.session.scalars(select(Election).order_by(Election.id.desc())).first()
    assert made is not None
    assert (made.earlier_id, made.vacated_by_id) == (earlier.id, ann.id)
    assert made.term_ends_on == earlier.term_ends_on


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"title": ""}, "Give a title"),
        ({"seats": "none"}, "whole number"),
        ({"seats": "0"}, "from 1 to 50"),
        ({"closes_at": "2026-12-01"}, "at least 7 days"),
        ({"opens_at": "tomorrow"}, "year, month and day"),
        ({"officers": []}, "two to fifteen"),
        ({"needed": "1"}, "more than half"),
        ({"office": "king"}, "Not a valid choice"),
    ],
)
def test_a_slip_in_the_draft_is_told_and_nothing_typed_is_lost(
    given: dict[str, Any], words: str, browser: Browser
) -> None:
    people = make_officers()
    form = fields(browser.sign_in(people[0]).page("/elections/new?kind=affirmation"))

    typed = form | {"title": "Two", "about": "Kept."}
    answer = browser.post("/elections/new?kind=affirmation", typed | given)

    assert answer.status_code == 422
    assert words in answer.text
    assert "Kept." in answer.text
    assert db.session.scalars(select(Election)).all() == []


def test_a_draft_is_changed_at_its_desk(browser: Browser) -> None:
    people = make_officers()
    election = _draft(people)
    page = browser.sign_in(people[1]).page(f"/elections/{election.id}/desk/draft")

    answer = browser.post(f"/elections/{election.id}/desk/draft", fields(page) | {"title": "Another"})

    assert answer.status_code == 303
    assert the_election().title == "Another"
    answer = browser.post(f"/elections/{election.id}/desk/draft", fields(page) | {"needed": "9"})
    assert answer.status_code == 422


def _draft(people: list[Member]) -> Election:
    from tests.elections.factories import make_election

    return make_election(people)


def test_who_is_no_officer_stays_outside(browser: Browser) -> None:
    people = make_officers()
    election = _draft(people)
    browser.sign_in(person("Ben Beech"))

    assert browser.get("/elections/new").status_code == 403
    for page in ("desk", "desk/draft", "desk/keys", "desk/roll", "desk/void", "desk/sign"):
        assert browser.get(f"/elections/{election.id}/{page}").status_code == 403, page
    assert browser.page("/elections/desks").select_one(".empty") is not None
    browser.sign_in(officer(person("Ada Alder"), "administrator"))
    assert "Only the officers" in browser.page(f"/elections/{election.id}/desk").text
    assert browser.post(f"/elections/{election.id}/desk/void", {"note": "No."}).status_code == 403
    assert browser.get("/elections/99/desk").status_code == 404
    assert browser.get(f"/elections/{election.id}/desk/bake_bread").status_code == 404
    assert browser.get("/elections/new?kind=nothing").status_code == 404
    assert browser.post("/elections/acts/99/confirm").status_code == 404


def test_an_act_that_needs_words_asks_for_them(browser: Browser) -> None:
    people = make_officers()
    election = _draft(people)
    browser.sign_in(people[0]).page(f"/elections/{election.id}/desk/void")

    answer = browser.post(f"/elections/{election.id}/desk/void", {"note": " "})
    assert answer.status_code == 422
    assert "Say why" in answer.text
    both(browser, people, election, "void", note="Wrong year.")

    assert "Wrong year." in browser.page(f"/elections/{election.id}/desk").text


def test_what_is_missing_is_told_at_the_desk(browser: Browser, traveller: time_machine.Traveller) -> None:
    people = make_officers()
    election = brought_to("campaign", traveller, people)
    browser.sign_in(people[0]).post(f"/elections/{election.id}/desk/freeze")

    answer = browser.sign_in(people[1]).post(
        f"/elections/acts/{last_act().id}/confirm", follow_redirects=True
    )

    assert "have not given their keys" in answer.text
    browser.sign_in(people[0]).post(f"/elections/acts/{last_act().id}/take-back")
    assert "Nothing waits" in browser.page(f"/elections/{election.id}/desk").text


def test_dates_move_by_a_form(browser: Browser, traveller: time_machine.Traveller) -> None:
    people = make_officers()
    election = brought_to("nominations", traveller, people)
    closes = election.closes_at
    answer = browser.sign_in(people[0]).post(
        f"/elections/{election.id}/desk/extend", {"note": "Snow.", "days": "0"}
    )
    assert answer.status_code == 422
    assert "1 to 90" in answer.text

    both(browser, people, election, "extend", note="Snow.", days="3")

    assert the_election().closes_at == closes + timedelta(days=3)


def test_point_03_non_members_suspended_and_late_are_refused_with_the_reason(
    browser: Browser, traveller: time_machine.Traveller
) -> None:
    people = make_officers()
    kept = {
        "suspended": person("Sue Sorb", state="suspended"),
        "a member too short a time": person("Lara Late", joined_at=BEGINS + timedelta(days=1)),
        "may vote": person("Bob Birch"),
    }
    election = brought_to("campaign", traveller, people)

    browser.sign_in(people[0])
    for words, member in kept.items():
        page = browser.page(f"/elections/{election.id}/desk/roll?number={shown(member.number)}")
        assert f"{member.name}: {words}." in page.text
    counted = browser.page(f"/elections/{election.id}/desk/roll").text
    assert "a member too short a time" in counted
    assert "There is no such member" in browser.page(f"/elections/{election.id}/desk/roll?number=nobody").text
    freeze(election, people, traveller)
    on_roll = roll.on_roll(election.id)
    assert kept["may vote"].id in on_roll
    assert kept["suspended"].id not in on_roll
    assert kept["a member too short a time"].id not in on_roll
    for reason in desk_words.HINDRANCES_COUNTED:
        assert str(desk_words.HINDRANCES[reason])


def test_an_entry_is_blocked_from_the_page_of_the_roll(
    browser: Browser, traveller: time_machine.Traveller
) -> None:
    people = make_officers()
    bob = person("Bob Birch")
    election = brought_to("voting", traveller, people)
    entry = roll.entry_of(election.id, bob.id)
    assert entry is not None
    page = browser.sign_in(people[0]).page(f"/elections/{election.id}/desk/roll?number={shown(bob.number)}")
    assert "Bob Birch: on the roll" in " ".join(page.text.split())
    browser.page(f"/elections/{election.id}/desk/block_token?subject={entry.id}")

    both(browser, people, election, "block_token", note="Suspended since.", subject=str(entry.id))

    assert "Suspended since." in browser.sign_out().page(f"/elections/{election.id}/acts").text


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"encryption": ""}, "with the button first"),
        ({"signing": "zz"}, "damaged"),
        ({"encryption": "00" * 32}, "low order"),
        ({"nonce": "00"}, "32 bytes"),
    ],
)
def test_keys_that_cannot_be_are_told_at_the_form(
    given: dict[str, str], words: str, browser: Browser, traveller: time_machine.Traveller
) -> None:
    people = make_officers()
    election = brought_to("nominations", traveller, people)
    own = officers(election.id)[0]

    answer = browser.sign_in(people[0]).post(f"/elections/{election.id}/desk/keys", keys(own) | given)

    assert answer.status_code == 422
    assert words in answer.text


def test_a_wrong_signature_is_told(browser: Browser, traveller: time_machine.Traveller) -> None:
    from tests.elections.factories import done

    people = make_officers()
    election = brought_to("campaign", traveller, people)
    traveller.move_to(election.opens_at - timedelta(days=1))
    give_all_keys(election)
    done(election, "freeze", people)

    answer = browser.sign_in(people[0]).post(f"/elections/{election.id}/desk/sign", {"signature": "00" * 64})

    assert answer.status_code == 422
    assert "no signature of this freeze" in answer.text


def test_who_did_not_vote_tells_the_officers_with_one_button(
    browser: Browser, traveller: time_machine.Traveller
) -> None:
    people = make_officers()
    bob, cara = person("Bob Birch"), person("Cara Cork")
    election = brought_to("voting", traveller, people)
    entry = roll.entry_of(election.id, cara.id)
    assert entry is not None
    saved(
        TokenIssue(
            election_id=election.id, entry_id=entry.id, number=1, blinded=b"", blind_signature=b"", head=b""
        )
    )
    path = f"/elections/{election.id}/complaints"

    browser.sign_in(bob)
    assert "I did not vote" not in browser.page(path).text
    assert "I did not vote" in browser.sign_in(cara).page(path).text
    assert browser.post(f"/elections/{election.id}/did-not-vote").status_code == 303
    assert "waits for its answer" in browser.page(path).text


def test_a_member_complains_and_all_read_the_answer(
    browser: Browser, traveller: time_machine.Traveller
) -> None:
    people = make_officers()
    bob, cara = person("Bob Birch"), person("Cara Cork")
    election = brought_to("nominations", traveller, people)
    path = f"/elections/{election.id}/complaints"
    assert browser.sign_in(bob).post(path, {"text": ""}).status_code == 422
    assert browser.post(path, {"text": "The roll is too short."}).status_code == 303
    assert "The roll is too short." not in browser.sign_in(cara).page(path).text

    page = browser.sign_in(people[0]).page(f"/elections/{election.id}/desk")
    link = page.select_one("a[href$='/answer']")
    assert link is not None
    answer_path = str(link["href"])
    browser.page(answer_path)
    assert browser.post(answer_path, {"note": "No."}).status_code == 422
    assert browser.post(answer_path, {"note": "It holds 14 members.", "upheld": "no"}).status_code == 303
    browser.sign_in(people[1]).post(f"/elections/acts/{last_act().id}/confirm")

    text = browser.sign_in(cara).page(path).text
    assert "The roll is too short." in text
    assert "It holds 14 members." in text


@pytest.mark.parametrize(
    ("roll_size", "candidates", "officers_named", "words"),
    [
        (9, 2, 3, ["Fewer than 10"]),
        (29, 3, 3, ["Fewer than 30"]),
        (30, 4, 3, []),
        (30, 5, 3, ["more possible orders"]),
        (501, 5, 3, ["five officers"]),
        (501, 5, 5, []),
        (100_000, 50, 5, ["more possible orders"]),
    ],
)
def test_officers_are_warned_of_what_few_ballots_tell(
    roll_size: int, candidates: int, officers_named: int, words: list[str]
) -> None:
    told = desk_words.warnings(roll_size, candidates, officers_named)

    assert len(told) == len(words)
    assert all(word in sentence for word, sentence in zip(words, told, strict=True))


def test_every_state_verb_and_reason_has_its_words() -> None:
    from iocop.elections.franchise import HINDRANCES
    from iocop.elections.models.elections import STATES

    assert set(desk_words.VERBS) == set(desk_words.DONE) == set(life.VERBS)
    assert set(desk_words.STATES) == set(desk_words.STATES_TOLD) == set(STATES)
    assert set(desk_words.HINDRANCES) == set(desk_words.HINDRANCES_COUNTED) == set(HINDRANCES)
