"""Every address of docs/ballot-protocol.md, section 8, as the booth uses it: statuses, codes, headers."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from iocop.core import clock
from iocop.core.db import act
from iocop.elections.models import ElectionDocument
from iocop.elections.queries import casting
from iocop.elections.sealing import ballots, plaintexts
from iocop.elections.services import blocking
from iocop.elections.views.polling import STATUS
from tests.elections.held import Held, hold
from tests.elections.verifying.made import resigned
from tests.factories import make_member

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.test import TestResponse

    from tests.client import Browser

PROTOCOL = Path(__file__).parents[2] / "docs/ballot-protocol.md"
BYTES = "application/octet-stream"
PUBLIC = ("freeze.json", "state.json", "candidates.json", "board/1.json", f"ballots/{'00' * 32}")


def get(browser: Browser, held: Held, what: str) -> Any:
    return browser.get(f"/elections/{held.id}/{what}")


def cast(browser: Browser, held: Held, wire: bytes, **options: Any) -> Any:
    """Cast as the booth does: no cookie, no token of a form, no referrer."""
    given = {"data": wire, "content_type": BYTES} | options
    return browser.fresh()._checked("post", f"/elections/{held.id}/ballots", **given)


def ask_token(browser: Browser, held: Held, body: object, csrf: str = "") -> Any:
    given = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"X-CSRFToken": csrf} if csrf else {}
    return browser._checked(
        "post",
        f"/elections/{held.id}/token",
        data=given,
        content_type="application/json",
        headers=headers,
    )


def token_of(browser: Browser, held: Held, body: object) -> Any:
    return ask_token(browser, held, body, get(browser, held, "booth.json").json["csrf"])


def code(answer: TestResponse) -> tuple[int, str]:
    told: Any = answer.json
    assert set(told) == {"error", "code"}
    assert len(told["error"].split()) > 3, "a sentence for the voter"
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.status_code, told["code"]


def leaves_nothing(answer: TestResponse) -> bool:
    return not {"Set-Cookie", "X-Request-Id"} & set(answer.headers.keys())


def documented(address: str) -> str:
    """Return the row of section 8 about an address."""
    return next(line for line in PROTOCOL.read_text().splitlines() if line.startswith(f"| `{address}"))


def test_the_freeze_is_the_exact_bytes_and_nothing_before_the_freeze(browser: Browser) -> None:
    held = hold()
    answer = get(browser, held, "freeze.json")
    assert (answer.status_code, answer.mimetype, answer.data) == (200, "application/json", held.freeze.raw)
    with act() as session:
        session.delete(session.get_one(ElectionDocument, (held.id, "freeze.json")))
        held.election.state = "draft"
    for what in PUBLIC:
        assert get(browser, held, what).status_code == 404, what
    assert code(cast(browser, held, bytes(held.freeze.wire_length))) == (404, "none")


def test_an_election_that_is_none_is_not_found(browser: Browser) -> None:
    none = f"/elections/{999_999_999}"
    for what in PUBLIC:
        assert browser.get(f"{none}/{what}").status_code == 404, what
    sent = browser.fresh()._checked("post", f"{none}/ballots", data=bytes(1151), content_type=BYTES)
    assert code(sent) == (404, "none")
    browser.sign_in(make_member())
    assert browser.get(f"{none}/booth.json").status_code == 404
    token = {"X-CSRFToken": browser.csrf_token()}
    asked = browser._checked("post", f"{none}/token", json={"blinded": ""}, headers=token)
    assert code(asked) == (404, "none")


@pytest.mark.parametrize("signed_in", [False, True])
def test_public_answers_are_the_same_for_everybody_and_kept_as_documented(
    browser: Browser, signed_in: bool
) -> None:
    held = hold(10)
    for member in held.voters:
        held.vote(member, 1, 2, 3)
    blocking.catch_up(casting.poll_of(held.id))
    known = held.voter(held.voters[0]).key.hex()
    kept = {
        "freeze.json": "no-cache",
        "candidates.json": "no-cache",
        "state.json": "no-store",
        f"ballots/{known}": "no-store",
        "board/1.json": "public, max-age=31536000, immutable",
    }
    person = browser.fresh()
    if signed_in:
        person.sign_in(held.voters[0])
    for what, caching in kept.items():
        answer = get(person, held, what)
        assert answer.status_code == 200, what
        assert answer.headers["Cache-Control"] == caching
        assert "Set-Cookie" not in answer.headers, what
        if what != "state.json":
            assert answer.data == get(browser.fresh(), held, what).data
    for what in (f"ballots/{known}", f"ballots/{'ab' * 32}", "booth.html"):
        assert leaves_nothing(get(browser.fresh(), held, what)), what
    assert leaves_nothing(browser.fresh().client.get("/booth"))


def test_the_state_tells_clock_and_board(browser: Browser) -> None:
    held = hold(10)
    told = get(browser, held, "state.json").json
    assert set(told) == {"state", "now", "opens", "closes", "board", "blocks", "issued"}
    assert (told["state"], told["blocks"], told["issued"]) == ("voting", 0, 0)
    assert told["board"] == held.freeze.hash.hex()
    assert all(
        re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", told[name]) for name in ("now", "opens", "closes")
    )
    for member in held.voters:
        held.vote(member, 1, 2, 3)
    blocking.catch_up(casting.poll_of(held.id))
    told = get(browser, held, "state.json").json
    block = get(browser, held, "board/1.json").json
    assert (told["blocks"], told["issued"], told["board"]) == (1, 10, block["head"])
    assert block["previous"] == held.freeze.hash.hex()
    assert block["ballots"] == sorted(block["ballots"])
    assert len(block["ballots"]) == 10
    for number in ("0", "2", "99999999999999999999"):
        assert get(browser, held, f"board/{number}.json").status_code == 404


def test_a_key_without_a_ballot_or_that_is_none_is_not_found(browser: Browser) -> None:
    held = hold()
    member = held.voters[0]
    held.vote(member, 1, 2, 3)
    held.vote(member, 3, 2, 1)
    known = held.voter(member).key.hex()
    told = get(browser, held, f"ballots/{known}").json
    assert (told["revision"], told["ballot"]) == (2, held.last[member.id][1].hex())
    assert ballots.parse(bytes.fromhex(told["wire"]), held.freeze).hash.hex() == told["ballot"]
    for strange in ("ab" * 32, "xyz", "ab", "é" * 8):
        assert get(browser, held, f"ballots/{strange}").status_code == 404


def test_a_member_reads_the_own_place_on_the_roll(browser: Browser) -> None:
    held = hold()
    member = held.voters[0]
    answer = get(browser.sign_in(member), held, "booth.json")
    assert answer.headers["Cache-Control"] == "no-store"
    fields = [*re.findall(r'"(\w+)":', documented("GET /booth.json")), "leaf", "blinded", "blind_signature"]
    told = answer.json
    assert set(told) >= {"member", "number", "on_roll", "leaf", "salt", "token_issued", "csrf", "refusal"}
    assert set(fields) <= set(told)
    assert (told["on_roll"], told["token_issued"], told["blinded"]) == (True, False, None)
    held.token(member)
    told = get(browser, held, "booth.json").json
    assert (told["token_issued"], told["blinded"]) == (True, held.blinded(member).hex())
    stranger = get(browser.fresh().sign_in(make_member()), held, "booth.json").json
    assert (stranger["on_roll"], stranger["leaf"], stranger["salt"]) == (False, None, None)
    assert "not on the roll" in stranger["refusal"]


def test_who_is_signed_out_is_led_to_sign_in_and_gets_no_token(browser: Browser) -> None:
    held = hold()
    answer = get(browser, held, "booth.json")
    assert answer.status_code == 303, "the booth takes a redirect as 401"
    assert "sign-in" in answer.headers["Location"]
    asked_as_json = browser.get(f"/elections/{held.id}/booth.json", headers={"Accept": "application/json"})
    assert asked_as_json.status_code == 401
    assert ask_token(browser, held, {"blinded": "00"}).status_code == 401


def test_a_token_is_issued_once_for_the_same_request_any_number_of_times(browser: Browser) -> None:
    held = hold()
    member = held.voters[0]
    browser.sign_in(member)
    wanted = {"blinded": held.blinded(member).hex()}
    first = token_of(browser, held, wanted)
    assert first.status_code == 200
    assert list(first.json) == ["blind_signature"]
    assert first.headers["Cache-Control"] == "no-store"
    assert "X-Request-Id" not in first.headers
    assert held.finalized(member, bytes.fromhex(first.json["blind_signature"]))
    assert token_of(browser, held, wanted).data == first.data
    held.codes[member.id] = bytes(16)
    assert code(token_of(browser, held, {"blinded": held.blinded(member).hex()})) == (409, "other")
    held.close()
    assert token_of(browser, held, wanted).data == first.data
    late = browser.fresh().sign_in(held.voters[1])
    assert code(token_of(late, held, {"blinded": held.blinded(held.voters[1]).hex()})) == (410, "closed")


STRANGE: list[object] = [
    b"{", b"", b"[]", b"null", b'"ab"', b"\xff\xfe", b"[" * 100_000,
    {}, {"blinded": 7}, {"blinded": "zz"}, {"blinded": "ab"}, {"blinded": None}, {"blinded": ["00"]},
    {"blinded": "00" * 384}, {"blinded": "ff" * 384},
]  # fmt: skip


def test_a_request_that_is_none_is_told_so(browser: Browser) -> None:
    held = hold()
    browser.sign_in(held.voters[0])
    for body in STRANGE:
        assert code(token_of(browser, held, body)) == (400, "format"), body
    assert casting.issued(held.id) == 0


def test_a_token_needs_the_forms_own_token_and_a_place_on_the_roll(browser: Browser) -> None:
    held = hold()
    member = held.voters[0]
    wanted = {"blinded": held.blinded(member).hex()}
    browser.app.config["WTF_CSRF_ENABLED"] = True
    browser.sign_in(member)
    for forged in ("", "made-up"):
        assert ask_token(browser, held, wanted, forged).status_code == 400
    assert casting.issued(held.id) == 0
    stranger = browser.fresh().sign_in(make_member())
    assert code(token_of(stranger, held, wanted)) == (403, "refused")


def test_a_ballot_is_taken_without_cookie_or_token_of_a_form_and_leaves_nothing(browser: Browser) -> None:
    held = hold()
    wire = held.wire(held.voters[0], [1, 2, 3])
    browser.app.config["WTF_CSRF_ENABLED"] = True
    answer = cast(browser, held, wire)
    assert answer.status_code == 200
    assert set(answer.json) == {"ballot", "signature"}
    assert answer.headers["Cache-Control"] == "no-store"
    assert leaves_nothing(answer)
    taken, signature = (bytes.fromhex(answer.json[name]) for name in ("ballot", "signature"))
    assert ballots.check_acknowledgement(held.freeze, taken, signature)
    assert cast(browser, held, wire).data == answer.data
    held.close()
    assert cast(browser, held, wire).data == answer.data, "also after the close"
    late = cast(browser, held, held_late(held))
    assert code(late) == (410, "closed")
    assert leaves_nothing(late)


def held_late(held: Held) -> bytes:
    """A sound ballot that was never sent, with a token nobody was issued: after the close nothing is looked up."""
    voter = held.voter(held.voters[1])
    return ballots.seal(
        voter, held.world.token(voter)[2], plaintexts.encode([1, 0, 0], held.freeze), 1, ballots.NO_BALLOT, held.freeze
    )  # fmt: skip


def flipped(wire: bytes, place: int) -> bytes:
    return wire[:place] + bytes([wire[place] ^ 1]) + wire[place + 1 :]


def revised(held: Held, revision: int, previous: bytes, marks: tuple[int, ...] = (3, 2, 1)) -> bytes:
    member = held.voters[0]
    paper = plaintexts.encode(list(marks), held.freeze)
    return ballots.seal(held.voter(member), held.token(member), paper, revision, previous, held.freeze)


REFUSALS: dict[str, tuple[Callable[[Held, bytes], bytes], int, str]] = {
    "shorter": (lambda _, wire: wire[:-1], 400, "length"),
    "longer": (lambda _, wire: wire + b"\0", 400, "length"),
    "nothing": (lambda _held, _wire: b"", 400, "length"),
    "version": (lambda _, wire: flipped(wire, 0), 400, "version"),
    "another election": (lambda _, wire: flipped(wire, 2), 400, "election"),
    "sealed by a server": (lambda _, wire: flipped(wire, 1), 400, "origin"),
    "revision nought": (lambda held, wire: again(held, wire, at_66=b"\0"), 400, "revision"),
    "revision 21": (lambda held, _: again(held, revised(held, 20, b"\1" * 32), at_66=b"\x15"), 409, "many"),
    "another's token": (lambda held, _: foreign(held), 403, "token"),
    "a bit of the signature": (lambda _, wire: flipped(wire, len(wire) - 40), 400, "signature"),
    "a bit of a share": (lambda _, wire: flipped(wire, 900), 400, "signature"),
    "the same revision": (lambda held, _: revised(held, 1, ballots.NO_BALLOT), 409, "superseded"),
    "a gap": (lambda held, wire: revised(held, 3, ballots.parse(wire, held.freeze).hash), 409, "gap"),
    "another before it": (lambda held, _: revised(held, 2, b"\1" * 32), 409, "previous"),
}


def again(held: Held, wire: bytes, **changed: bytes) -> bytes:
    return resigned(held.voter(held.voters[0]), wire, **changed)


def foreign(held: Held) -> bytes:
    token = held.token(held.voters[1])
    paper = plaintexts.encode([1, 2, 3], held.freeze)
    return ballots.seal(held.voter(held.voters[0]), token, paper, 1, ballots.NO_BALLOT, held.freeze)


def test_point_09_whatever_is_no_ballot_is_refused_by_its_documented_code_and_never_held(
    browser: Browser,
) -> None:
    held = hold()
    wire = held.wire(held.voters[0], [1, 2, 3])
    assert cast(browser, held, wire).status_code == 200
    before = get(browser, held, f"ballots/{held.voter(held.voters[0]).key.hex()}").data
    row = documented("POST /ballots")
    found = {}
    for name, (made, status, word) in REFUSALS.items():
        answer = cast(browser, held, made(held, wire))
        found[name] = code(answer)
        assert leaves_nothing(answer), name
        assert f"`{word}`" in row.split("certainly not held")[1], word
        assert str(status) in row
    assert found == {name: (status, word) for name, (_, status, word) in REFUSALS.items()}
    assert get(browser, held, f"ballots/{held.voter(held.voters[0]).key.hex()}").data == before


def test_every_code_of_the_protocols_table_stands_under_its_status() -> None:
    told = documented("POST /ballots").split("certainly not held")[1]
    by_status: dict[str, int] = {}
    for status, words in re.findall(r"(\d{3}) ((?:(?!\d{3} ).)*)", told):
        by_status |= dict.fromkeys(re.findall(r"`(\w+)`", words), int(status))
    expected = {word: status for _, status, word in REFUSALS.values()} | {"closed": 410}
    assert by_status == expected
    assert {word: STATUS.get(word, 409) for word in expected if word != "closed"} == {
        word: status for word, status in expected.items() if word != "closed"
    }


class Unread:
    """A body nobody may touch."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"the body was asked to {name}")


@pytest.mark.parametrize(
    "kind",
    [BYTES, "application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "application/json"],
)
def test_point_08_of_another_length_not_a_byte_is_read(browser: Browser, kind: str) -> None:
    held = hold()
    for length in ("0", "1150", "1152", "11000000", "99999999999", "-1", "many", None):
        environment: dict[str, Any] = {"wsgi.input": Unread(), "CONTENT_LENGTH": length}
        if length is None:  # as a client without a length sends it, piece by piece
            environment = {
                "wsgi.input": Unread(),
                "HTTP_TRANSFER_ENCODING": "chunked",
                "wsgi.input_terminated": True,
            }
        answer = cast(browser, held, b"", content_type=kind, environ_overrides=environment)
        assert code(answer) == (400, "length"), length


def test_a_ballot_sent_as_a_form_is_taken_as_the_bytes_it_is(browser: Browser) -> None:
    held = hold()
    wire = held.wire(held.voters[0], [1, 2, 3])
    answer = cast(browser, held, wire, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 200


def test_a_void_election_takes_and_acknowledges_nothing(browser: Browser) -> None:
    held = hold()
    wire = held.wire(held.voters[0], [1, 2, 3])
    assert cast(browser, held, wire).status_code == 200
    with act():
        held.election.state = "void"
    assert code(cast(browser, held, wire)) == (410, "closed")
    assert get(browser, held, "state.json").json["state"] == "void"


def test_before_it_opens_nothing_is_taken(browser: Browser) -> None:
    held = hold()
    wire = held_late(held)
    with act():
        held.election.opens_at = clock.now() + timedelta(hours=1)
    answer = cast(browser, held, wire)
    assert code(answer) == (410, "closed")
    assert "has not begun" in answer.json["error"]
