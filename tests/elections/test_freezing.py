"""The freeze, the officers' keys, and what can still be done to a frozen roll."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from sqlalchemy import select

from iocop.core.db import act, db
from iocop.core.errors import Conflict, Invalid, Refused
from iocop.elections.counting import lots
from iocop.elections.models import Election, ElectionOfficer, ElectionSecret, Nomination, RollEntry
from iocop.elections.queries import roll
from iocop.elections.queries.elections import acts, document, officers, rules_of
from iocop.elections.sealing import edwards, exchange, freezing, rolls, seeds
from iocop.elections.services import acting, keying
from iocop.members.models import Member
from iocop.members.numbers import shown
from tests.elections.factories import (
    BEGINS,
    brought_to,
    done,
    freeze,
    give_all_keys,
    key_of,
    make_officers,
    sign_all,
    signature_of,
    stand,
)
from tests.factories import make_member, make_organization, viewer_of
from tests.people import belong, person

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture(autouse=True)
def traveller() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(BEGINS - timedelta(days=3), tick=False) as traveller:
        yield traveller


def frozen(election: Election) -> freezing.Freeze:
    found = document(election.id, "freeze.json")
    assert found is not None
    return freezing.read(found.content)


def test_point_01_the_roll_is_frozen_and_hashed_and_later_changes_are_refused_or_visible(
    traveller: time_machine.Traveller,
) -> None:
    people = make_officers()
    newcomer = person("Nia Newly", joined_at=BEGINS + timedelta(days=10))
    election = brought_to("campaign", traveller, people)
    freeze(election, people, traveller)
    first = frozen(election)
    leaves = [bytes.fromhex(leaf) for leaf in json.loads(document(election.id, "roll.json").content)]  # type: ignore[union-attr]
    on_roll = roll.on_roll(election.id)

    assert (first.roll_root, first.roll_size) == (rolls.root(leaves), len(leaves))
    assert newcomer.id not in on_roll
    mine = db.session.scalars(select(RollEntry).where(RollEntry.member_id == people[0].id)).one()
    assert rolls.leaf(mine.salt or b"", people[0].number) in leaves

    # whatever changes afterwards changes no roll
    late = person("Lara Late")
    with act():
        db.session.get_one(Member, people[2].id).state = "suspended"
    assert roll.on_roll(election.id) == on_roll
    assert late.id not in on_roll
    for verb, subject in (("freeze", None), ("extend", 3), ("admit_nomination", 1), ("refuse_nomination", 1)):
        with pytest.raises(Refused, match="present state"):
            acting.propose(viewer_of(people[0]), election.id, verb, "Please.", subject)
    with pytest.raises(Refused, match="its keys stand"):
        keying.give_keys(viewer_of(people[0]), election.id, *_public(9))


def test_point_01_a_freeze_taken_back_stays_and_the_next_has_another_hash(
    traveller: time_machine.Traveller,
) -> None:
    people = make_officers()
    election = brought_to("campaign", traveller, people)
    freeze(election, people, traveller)
    first, late = frozen(election), person("Lara Late")

    done(election, "thaw", people, "Lara was forgotten.")
    assert document(election.id, "freeze.json") is None
    kept = document(election.id, "freeze-1.json")
    assert kept is not None
    assert bytes.fromhex(kept.hash) == first.hash
    assert [(row.verb, row.note) for row in acts(election.id)][-1] == ("thaw", "Lara was forgotten.")
    give_all_keys_anew(election)
    done(election, "freeze", people)
    second = frozen(election)
    assert late.id in roll.on_roll(election.id)
    assert second.hash != first.hash
    assert second.seed_commitment != first.seed_commitment


def give_all_keys_anew(election: Election) -> None:
    for row in officers(election.id):
        member = db.session.get_one(Member, row.member_id)
        keying.give_keys(viewer_of(member), election.id, *_public(100 + row.number))


def _public(number: int) -> tuple[bytes, bytes, bytes]:
    private = bytes([number]) * 32
    return exchange.public(private), edwards.public(private), private


def test_the_freeze_holds_rules_candidates_and_officers_and_destroys_the_seed(
    traveller: time_machine.Traveller,
) -> None:
    people = make_officers()
    acme = make_organization(name="Acme")
    candidates = [person("Zoe Zeder", acme), person("Abel Ahorn")]
    staying = person("Stay Stein", acme)
    _grant(staying)
    election = brought_to("campaign", traveller, people, candidates=candidates, seats=1)
    freeze(election, people, traveller)

    stands = frozen(election)
    assert [(one.number, one.id, one.name, one.group) for one in stands.candidates] == [
        (1, "1", "Abel Ahorn", None),
        (2, "2", "Zoe Zeder", acme.id),
    ]
    assert stands.rules["seats"] == 1
    assert stands.rules["board_size"] == rules_of(election).board_size
    assert stands.staying == {acme.id: 1}
    assert [officer.name for officer in stands.officers] == ["Olga Oak", "Otis Olive", "Omar Osier"]
    assert stands.needed == 2
    secret = db.session.get_one(ElectionSecret, election.id)
    assert secret.seed is None
    assert secret.issuer_key is not None
    assert secret.acknowledger_key is not None
    assert edwards.public(secret.acknowledger_key) == stands.acknowledger


def _grant(member: Member) -> None:
    from tests.people import officer

    officer(member, "board_member")


def test_two_candidates_of_one_name_bear_their_member_numbers_in_the_freeze(
    traveller: time_machine.Traveller,
) -> None:
    people = make_officers()
    candidates = [make_member(name=name) for name in ("Ann Ahorn", "Ann Ahorn", "Bela Birke")]
    election = brought_to("campaign", traveller, people, candidates=candidates, seats=1)
    freeze(election, people, traveller)
    names = [one.name for one in frozen(election).candidates]
    numbers = [shown(member.number) for member in candidates[:2]]
    assert names == [*(f"Ann Ahorn ({number})" for number in numbers), "Bela Birke"]


def test_point_16_the_lots_seed_was_committed_to_first_and_any_two_officers_give_it_back(
    traveller: time_machine.Traveller,
) -> None:
    people = make_officers()
    election = brought_to("nominations", traveller, people)
    before = db.session.get_one(ElectionSecret, election.id)
    commitment, seed = before.seed_commitment, before.seed
    assert seed is not None
    assert seeds.commit(seed) == commitment
    assert all(row.nonce is None for row in officers(election.id))
    for step in ("close_nominations", "finish_screening"):
        traveller.move_to(election.nominations_close_at)
        if step == "close_nominations":
            stand(election, person("Ann Ahorn"))
            stand(election, person("Bela Birke"))
            stand(election, person("Cem Zeder"))
            stand(election, person("Dora Dorn"))
        done(election, step, people)
    freeze(election, people, traveller)

    stands = frozen(election)
    keys = {row.number: key_of(row, "encryption") for row in officers(election.id)}
    assert stands.seed_commitment == commitment
    for missing in (1, 2, 3):
        some = {number: key for number, key in keys.items() if number != missing}
        assert seeds.recover(some, stands) == seed
    nonces = [officer.nonce for officer in stands.officers]
    order = lots.order(lots.lot_key(seed, nonces), [one.number for one in stands.candidates])
    assert sorted(order) == [1, 2, 3, 4]
    assert order == lots.order(lots.lot_key(seed, nonces), [4, 3, 2, 1])


LOW_ORDER = bytes(32)
NON_CANONICAL = (2**255 - 19).to_bytes(32, "little")


@pytest.mark.parametrize(
    ("field", "keys", "words"),
    [
        ("encryption", (LOW_ORDER, b"", b""), "low order"),
        ("encryption", (NON_CANONICAL, b"", b""), "canonical"),
        ("encryption", (b"short", b"", b""), "32 bytes"),
        ("signing", (b"", b"\x01" + bytes(31), b""), "low order"),
        ("signing", (b"", b"\xff" * 31 + b"\x7f", b""), "canonical"),
        ("nonce", (b"", b"", b"short"), "32 bytes"),
    ],
)
def test_keys_that_cannot_be_are_refused_at_their_field(
    field: str, keys: tuple[bytes, bytes, bytes], words: str, traveller: time_machine.Traveller
) -> None:
    people = make_officers()
    election = brought_to("nominations", traveller, people)
    mixed = [bad or fine for bad, fine in zip(keys, _public(5), strict=True)]

    with pytest.raises(Invalid, match=words) as error:
        keying.give_keys(viewer_of(people[0]), election.id, *mixed)

    assert error.value.field == field


def test_one_officers_keys_are_nobody_elses_in_any_election(traveller: time_machine.Traveller) -> None:
    people = make_officers()
    election = brought_to("nominations", traveller, people)
    keying.give_keys(viewer_of(people[0]), election.id, *_public(5))
    other = brought_to("nominations", traveller, people, begins=BEGINS + timedelta(days=1))

    with pytest.raises(Invalid, match="given before"):
        keying.give_keys(viewer_of(people[1]), election.id, *_public(5))
    with pytest.raises(Invalid, match="given before"):
        keying.give_keys(viewer_of(people[0]), other.id, *_public(5))
    with pytest.raises(Refused, match="Only the officers"):
        keying.give_keys(viewer_of(person("Ben Beech")), election.id, *_public(6))
    keying.give_keys(viewer_of(people[0]), election.id, *_public(7))  # until the freeze they are given anew


def test_without_all_keys_nothing_is_frozen_and_without_all_signatures_nothing_opens(
    traveller: time_machine.Traveller,
) -> None:
    people = make_officers()
    election = brought_to("campaign", traveller, people)
    traveller.move_to(election.opens_at - timedelta(days=1))
    with pytest.raises(Conflict, match="have not given their keys"):
        done(election, "freeze", people)
    acting.take_back(viewer_of(people[0]), acts(election.id)[-1].id)
    give_all_keys(election)
    done(election, "freeze", people)
    first, second, third = officers(election.id)

    with pytest.raises(Invalid, match="no signature of this freeze"):
        keying.sign_opening(viewer_of(people[0]), election.id, signature_of(election, second))
    for row, member in ((first, people[0]), (second, people[1])):
        keying.sign_opening(viewer_of(member), election.id, signature_of(election, row))
    traveller.move_to(election.opens_at)
    with pytest.raises(Conflict, match="signs the freeze"):
        done(election, "open_voting", people)
    keying.sign_opening(viewer_of(people[2]), election.id, signature_of(election, third))
    acting.confirm(viewer_of(people[1]), acts(election.id)[-1].id)

    assert db.session.get_one(Election, election.id).state == "voting"


def test_a_token_is_blocked_openly_and_only_before_it_was_issued(traveller: time_machine.Traveller) -> None:
    from iocop.elections.models import TokenIssue
    from tests.factories import saved

    people = make_officers()
    bob, cara = person("Bob Birch"), person("Cara Cork")
    election = brought_to("voting", traveller, people)
    entry, issued = roll.entry_of(election.id, bob.id), roll.entry_of(election.id, cara.id)
    assert entry is not None
    assert issued is not None
    saved(
        TokenIssue(
            election_id=election.id, entry_id=issued.id, number=1, blinded=b"", blind_signature=b"", head=b""
        )
    )

    done(election, "block_token", people, "Suspended on 3 January.", entry.id)
    with pytest.raises(Conflict, match="issued already"):
        acting.propose(viewer_of(people[0]), election.id, "block_token", "Too late.", issued.id)
    done(election, "correct_roll", people, "Not a member since 2024.", issued.id)

    assert {row.id: row.blocked_reason for row in roll.blocked(election.id)} == {
        entry.id: "Suspended on 3 January.",
        issued.id: "Not a member since 2024.",
    }


def test_voiding_keeps_the_reason_and_destroys_keys(traveller: time_machine.Traveller) -> None:
    people = make_officers()
    election = brought_to("voting", traveller, people)
    with act():
        officers(election.id)[0].private_key = b"p" * 32

    done(election, "void", people, "The roll was wrong.")

    stands = db.session.get_one(Election, election.id)
    assert (stands.state, stands.reason) == ("void", "The roll was wrong.")
    secret = db.session.get_one(ElectionSecret, election.id)
    assert (secret.seed, secret.issuer_key, secret.acknowledger_key) == (None, None, None)
    assert db.session.scalars(select(ElectionOfficer.private_key)).all() == [None, None, None]
    with pytest.raises(Refused):
        acting.propose(viewer_of(people[0]), election.id, "close_voting")


def test_organizations_that_hold_all_their_seats_send_no_further_candidate(
    traveller: time_machine.Traveller,
) -> None:
    people = make_officers()
    acme = make_organization(name="Acme")
    for name in ("Stay Stein", "Sara Sitz"):
        _grant(person(name, acme))
    candidates = [person("Zoe Zeder", acme), person("Abel Ahorn"), person("Bea Birke")]
    election = brought_to("campaign", traveller, people, candidates=candidates, seats=2)
    traveller.move_to(election.opens_at - timedelta(days=1))
    give_all_keys(election)

    with pytest.raises(Conflict, match="hold all the seats"):
        done(election, "freeze", people)

    zoe = db.session.scalars(select(Nomination).where(Nomination.member_id == candidates[0].id)).one()
    done(election, "refuse_nomination", people, "The organization holds two seats.", zoe.id)
    acting.confirm(viewer_of(people[1]), next(row.id for row in acts(election.id) if row.verb == "freeze"))
    sign_all(election)
    assert [one.name for one in frozen(election).candidates] == ["Abel Ahorn", "Bea Birke"]


def test_a_suspension_whose_day_has_come_keeps_nobody_off_the_roll(
    traveller: time_machine.Traveller,
) -> None:
    people = make_officers()
    election = brought_to("campaign", traveller, people)
    opens = election.opens_at
    over = person("Otto Over", state="suspended", suspended_until=opens - timedelta(days=1))
    still = person("Stella Still", state="suspended", suspended_until=opens)
    freeze(election, people, traveller)

    assert over.id in roll.on_roll(election.id)
    assert still.id not in roll.on_roll(election.id)
    assert roll.why_not(still.id, rules_of(election), opens - timedelta(seconds=1)) == "suspended"
    assert roll.why_not(0, rules_of(election), opens) == "not_a_member"


def test_a_motion_needs_no_nominations(traveller: time_machine.Traveller) -> None:
    people = make_officers()
    election = brought_to("voting", traveller, people, kind="motion", question="Do we meet in Cork?")

    assert [one.name for one in frozen(election).candidates] == ["Do we meet in Cork?"]
    assert frozen(election).rules["rule"] == "motion"


def test_the_size_of_employers_is_kept_with_the_roll(traveller: time_machine.Traveller) -> None:
    people = make_officers()
    big = make_organization(size_band="1000+")
    bob = person("Bob Birch")
    belong(bob, big)
    election = brought_to("voting", traveller, people)

    entry = roll.entry_of(election.id, bob.id)
    assert entry is not None
    assert entry.size_band == "1000+"
