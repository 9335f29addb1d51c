"""A walk through every file of an archive: whatever is changed, both verifiers refuse it and say where."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from iocop.elections import archiving
from iocop.elections.sealing import edwards
from iocop.elections.sealing.canonical import digest, dumps
from iocop.elections.verifying import verify
from tests.elections.verifying import made

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.elections.verifying.conftest import Refusals

UNCOVERED = {"README.txt", "verify.py"}
"""No hash covers them; the site's verifier remarks on them."""
FILES = sorted({*archiving.ALWAYS, "election.blt"} - UNCOVERED)
WIRE, ENTRY = 911 + 80 * 3, 800
LIST = Any


def told(found: dict[str, list[str]], *words: str) -> None:
    """Assert that either verifier refuses, and that one finding of each matches each of the patterns."""
    for verifier, findings in found.items():
        assert findings, verifier
        for pattern in words:
            assert any(re.search(pattern, finding) for finding in findings), (
                verifier,
                pattern,
                findings[:12],
            )


def with_file(name: str, content: bytes) -> dict[str, bytes]:
    return {**made.usual().parts, name: content}


def with_rows(name: str, change: Callable[[list[LIST]], Any]) -> dict[str, bytes]:
    """Return the archive with a JSON list changed in place."""
    rows = json.loads(made.usual().parts[name])
    change(rows)
    return with_file(name, dumps(rows))


def with_pieces(name: str, size: int, change: Callable[[list[bytes]], Any]) -> dict[str, bytes]:
    """Return the archive with the rows of a binary file changed in place."""
    data = made.usual().parts[name]
    pieces = [data[start : start + size] for start in range(0, len(data), size)]
    change(pieces)
    return with_file(name, b"".join(pieces))


def flipped(data: bytes, place: int) -> bytes:
    """Return the data with one bit turned; a digit stays a digit, a letter of hexadecimal one."""
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


def swap(rows: list[LIST], one: int, other: int) -> None:
    rows[one], rows[other] = rows[other], rows[one]


def popping(at: int) -> Callable[[list[LIST]], Any]:
    return lambda rows: rows.pop(at)


def flipping(at: int) -> Callable[[list[bytes]], Any]:
    return lambda rows: rows.__setitem__(at, flipped(rows[at], 600))


def repeating(at: int) -> Callable[[list[LIST]], Any]:
    return lambda rows: rows.append(rows[at])


# ---- every file


@pytest.mark.parametrize("name", FILES)
def test_a_changed_byte_anywhere_in_any_file_is_found(name: str, refusals: Refusals) -> None:
    data = made.usual().parts[name]
    for place in sorted({0, len(data) - 1, *range(7, len(data), max(1, len(data) // 8))}):
        told(refusals(with_file(name, flipped(data, place))), re.escape(name))


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_cut_off_emptied_or_gone_is_found(name: str, refusals: Refusals) -> None:
    data = made.usual().parts[name]
    for changed in (data[:-1], b"", data + b"\n", data + data):
        told(refusals(with_file(name, changed)), re.escape(name))
    if name != "freeze.json":
        gone = {other: content for other, content in made.usual().parts.items() if other != name}
        told(refusals(gone), f"^{re.escape(name)}: this file is missing")


def test_a_file_that_does_not_belong_is_found(refusals: Refusals) -> None:
    told(refusals(with_file("more.txt", b"")), "^more.txt: this file does not belong")


@pytest.mark.parametrize(
    ("name", "end", "new"),
    [
        ("opened.csv", b"\n", b"\nnothing"),
        ("election.blt", b"\n", b"\nnothing"),
        ("heads.txt", b"\n", b"\nnothing"),
        ("result.json", b"}", b',"x":"nothing"}'),
        ("sealed.json", b"}", b',"x":"nothing"}'),
    ],
)
def test_a_value_too_many_is_found_whatever_it_says(
    name: str, end: bytes, new: bytes, refusals: Refusals
) -> None:
    data = made.usual().parts[name]
    assert data.endswith(end)

    told(refusals(with_file(name, data[: -len(end)] + new)), re.escape(name))


@pytest.mark.parametrize("name", sorted(UNCOVERED))
def test_the_site_remarks_on_what_no_hash_covers(name: str) -> None:
    report = verify(with_file(name, b"other"))

    assert report.findings == []
    assert name in report.remarks[0]


# ---- rows


def rows_of_the_board() -> Iterator[tuple[str, dict[str, bytes], Sequence[str]]]:
    last = len(made.usual().wires)
    for row in (1, 5, last):
        at = row - 1
        yield f"ballot {row} deleted", with_pieces("ballots.bin", WIRE, popping(at)), (
            r"^blocks.json, block \d, ballot \d+: ballots.bin has no ballot [0-9a-f]{64}",
        )  # fmt: skip
        yield f"ballot {row} altered", with_pieces(
            "ballots.bin", WIRE, flipping(at)
        ), (rf"^ballots.bin, ballot {row}: ",)  # fmt: skip
        yield f"ballot {row} twice", with_pieces("ballots.bin", WIRE, repeating(at)), (
            rf"^ballots.bin, ballot {last + 1}: it is the same as ballot {row}",
        )  # fmt: skip
    yield "two ballots changed places", with_pieces("ballots.bin", WIRE, lambda p: swap(p, 2, 3)), (
        r"^ballots.bin, ballot 3: in the order", r"^ballots.bin, ballot 4: in the order",
    )  # fmt: skip
    yield "a hash deleted", with_rows("blocks.json", lambda b: b[0]["ballots"].pop(4)), (
        r"^blocks.json, block 1: expected the head", r"^ballots.bin, ballot 5: its hash .* is not on the board",
    )  # fmt: skip
    yield "a hash altered", with_rows("blocks.json", lambda b: b[0]["ballots"].__setitem__(4, "0" * 64)), (
        r"^blocks.json, block 1, ballot 5: it does not sort", r"^blocks.json, block 1: expected the head",
    )  # fmt: skip
    yield "hashes reordered", with_rows("blocks.json", lambda b: swap(b[0]["ballots"], 1, 2)), (
        r"^blocks.json, block 1, ballot 3: it does not sort",
    )  # fmt: skip
    yield "a hash in two blocks", with_rows(
        "blocks.json", lambda b: b[1]["ballots"].append(b[0]["ballots"][-1])
    ), (r"^blocks.json, block 2, ballot 3: it stands in block 1, ballot 10 already",)  # fmt: skip
    yield "a head altered", with_rows("blocks.json", lambda b: b[0].update(head="0" * 64)), (
        r"^blocks.json, block 1: expected the head [0-9a-f]{64}, found 0{64}",
    )  # fmt: skip
    yield "blocks changed places", with_rows("blocks.json", lambda b: swap(b, 0, 1)), (
        r"^blocks.json, block 1: it is numbered 2", r"^blocks.json, block 1: it holds 2 ballots; 10 is the least",
    )  # fmt: skip
    yield "the last block deleted", with_rows("blocks.json", lambda b: b.pop()), (
        r"^ballots.bin, ballot 11: its hash", r"^sealed.json, blocks: expected 1, found 2",
    )  # fmt: skip


BOARD = {name: (parts, words) for name, parts, words in rows_of_the_board()}


@pytest.mark.parametrize("name", BOARD)
def test_point_11_any_deleted_altered_or_reordered_row_is_detected(name: str, refusals: Refusals) -> None:
    parts, words = BOARD[name]

    told(refusals(parts), *words)


def other_rows() -> Iterator[tuple[str, dict[str, bytes], Sequence[str]]]:
    register = r"^issues.bin: not the register that was sealed"
    yield (
        "an entry deleted",
        with_pieces("issues.bin", ENTRY, lambda p: p.pop(3)),
        (register, "^sealed.json, issued"),
    )
    yield "entries swapped", with_pieces("issues.bin", ENTRY, lambda p: swap(p, 3, 4)), (register,)
    yield "leaves of entries swapped", with_pieces("issues.bin", ENTRY, _swap_leaves), (register,)
    yield "an entry's leaf not on the roll", with_pieces(
        "issues.bin", ENTRY, lambda p: p.__setitem__(3, bytes(32) + p[3][32:])
    ), (r"^issues.bin, entry 4: its leaf 0{64} is not on the roll",)  # fmt: skip
    yield "a second token for a leaf", with_pieces(
        "issues.bin", ENTRY, lambda p: p.__setitem__(3, p[0][:32] + p[3][32:])
    ), (r"^issues.bin, entry 4: this leaf had its token in entry 1",)  # fmt: skip
    yield "an answer of another entry", with_pieces(
        "issues.bin", ENTRY, lambda p: p.__setitem__(3, p[3][:416] + p[0][416:])
    ), (r"^issues.bin, entry 4: its blind signature",)  # fmt: skip
    yield "an entry of zeros", with_pieces(
        "issues.bin", ENTRY, lambda p: p.__setitem__(3, p[3][:32] + bytes(768))
    ), (r"^issues.bin, entry 4: its blind signature",)  # fmt: skip
    yield "an opening signature of another", with_rows(
        "openings.json", lambda o: o[1].update(signature=o[0]["signature"])
    ), (r"^openings.json, officer 2: the signature",)  # fmt: skip
    yield "an officer did not open", with_rows("openings.json", lambda o: o.pop()), (
        r"^openings.json: expected a signature of every officer",
    )  # fmt: skip
    yield "another's key", with_rows("keys.json", lambda k: k[0].update(key=k[1]["key"])), (
        r"^keys.json, officer 1: this is not the private half", r"^keys.json: 2 officers' keys are needed",
    )  # fmt: skip
    yield "a closing signature of another", with_rows(
        "keys.json", lambda k: k[0].update(signature=k[1]["signature"])
    ), (r"^keys.json, officer 1: the signature",)  # fmt: skip
    yield (
        "too few keys",
        with_rows("keys.json", lambda k: k.pop()),
        (r"^keys.json: 2 officers' keys are needed",),
    )
    yield (
        "keys out of order",
        with_rows("keys.json", lambda k: swap(k, 0, 1)),
        (r"^keys.json: the officers do not",),
    )
    yield "a leaf deleted", with_rows("roll.json", lambda r: r.pop(6)), (r"^roll.json: expected 14 leaves",)
    yield "a leaf altered", with_rows("roll.json", lambda r: r.__setitem__(6, "0" * 64)), (
        r"^roll.json, leaf 7: it does not sort", r"^roll.json: these leaves|^roll.json: the leaves",
    )  # fmt: skip
    yield (
        "another booth",
        with_file("booth.html", b"<p>trust me</p>"),
        (r"^booth.html: this is not the page",),
    )
    yield "a head mailed otherwise", with_file("heads.txt", _lines("heads.txt", 1, b"block 1", b"block 2")), (
        r"^heads.txt, line 2: expected block 1",
    )  # fmt: skip


def _swap_leaves(pieces: list[bytes]) -> None:
    pieces[3], pieces[4] = pieces[4][:32] + pieces[3][32:], pieces[3][:32] + pieces[4][32:]


def _lines(name: str, at: int, old: bytes, new: bytes) -> bytes:
    lines = made.usual().parts[name].split(b"\n")
    lines[at] = lines[at].replace(old, new)
    return b"\n".join(lines)


OTHERS = {name: (parts, words) for name, parts, words in other_rows()}


@pytest.mark.parametrize("name", OTHERS)
def test_any_other_changed_row_is_told_with_its_file_and_row(name: str, refusals: Refusals) -> None:
    parts, words = OTHERS[name]

    told(refusals(parts), *words)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("blocks.json", b'"number":1', b'"number":true'),
        ("result.json", b'"superseded":2', b'"superseded":2.0'),
        ("result.json", b'"blank":1', b'"blank":true'),
        ("freeze.json", b'"needed":2', b'"needed":2.0'),
        ("freeze.json", b'"number":1,', b'"number":true,'),
        ("keys.json", b'"officer":1', b'"officer":true'),
        ("sealed.json", b'"blocks":2', b'"blocks":02'),
        ("roll.json", b'","', b'", "'),
        ("openings.json", b'[{"officer":1', b'[{"officer":2,"officer":1'),
    ],
)  # fmt: skip
def test_a_number_or_space_that_could_be_read_in_two_ways_is_refused(
    name: str, old: bytes, new: bytes, refusals: Refusals
) -> None:
    data = made.usual().parts[name]
    assert old in data

    told(refusals(with_file(name, data.replace(old, new, 1))), re.escape(name))


def test_an_altered_result_is_told_with_what_it_should_be(refusals: Refusals) -> None:
    parts = made.usual().parts
    result = json.loads(parts["result.json"])
    elected = result["count"]["elected"]
    result["count"]["elected"] = elected[::-1]
    line = (
        parts["opened.csv"]
        .split(b"\n")
        .index(next(re.finditer(rb"^.*,counted,.*$", parts["opened.csv"], re.M))[0])
    )
    opened = _lines("opened.csv", line, b",counted,", b",blank,")

    told(
        refusals(with_file("result.json", dumps(result))),
        rf"^result.json, count elected 1: expected {elected[0]}, found {elected[1]}",
    )
    told(
        refusals(with_file("opened.csv", opened)),
        rf"^opened.csv, line {line + 1}: expected .*,counted,.*, found .*,blank,",
    )
    told(
        refusals(with_file("election.blt", parts["election.blt"].replace(b"\n1 ", b"\n2 ", 1))),
        r"^election.blt, line \d+: expected 1 ",
    )


# ---- a dishonest site that makes everything fit, with officers who sign what they are given


def forged(wires: Callable[[made.Made], Sequence[bytes]], entries: int | None = None) -> made.Made:
    """Return another election on the same freeze: the honest one's ballots and register, changed."""
    honest = made.usual()
    issued = made.entries_of(honest)
    one = made.Made(honest.world, {}, [], "", honest.voters)
    leaves = [bytes.fromhex(leaf) for leaf in json.loads(honest.parts["roll.json"])]
    documents = {name: honest.parts[name] for name in ("opened.csv", "election.blt", "result.json")}
    made.close(one, leaves, issued[:entries], [list(wires(honest))], documents=documents)
    return one


def first_of(honest: made.Made, voter: int, revision: int = 1) -> bytes:
    """Return a voter's ballot of a revision."""
    key = honest.voters[voter].key
    return next(wire for wire in honest.wires if wire[34:66] == key and wire[66] == revision)


def test_point_12_a_forked_board_differs_from_the_mailed_heads(refusals: Refusals) -> None:
    honest = made.usual()
    fork = made.election(without=9)

    assert refusals(fork.parts, fork.mailed) == {"plain": [], "site": []}
    told(
        refusals(fork.parts, honest.mailed),
        r"^the mailed heads, line 4: another board was mailed than is in this archive; expected block 1",
        r"^the mailed heads, line 6: .*expected sealed",
    )
    wrapped = "> " + honest.mailed.replace(" tokens", "\n> tokens")
    assert refusals(honest.parts, wrapped) == {"plain": [], "site": []}
    told(refusals(honest.parts, "Dear member,\nall is well\n"), r"^the mailed heads: no line")


def test_point_17_keys_on_the_board_are_at_most_issued_at_most_roll(refusals: Refusals) -> None:
    fewer = forged(lambda honest: honest.wires, entries=8)
    more = dict(made.usual().parts)
    more["issues.bin"] += more["issues.bin"][: 5 * ENTRY]

    told(refusals(fewer.parts), r"^ballots.bin: 10 voters' keys are on the board, but 8 tokens were issued")
    told(
        refusals(more),
        r"^issues.bin: 15 tokens were issued to a roll of 14",
        r"^issues.bin, entry 11: this leaf had",
    )


def altered(**places: bytes) -> Callable[[made.Made], bytes]:
    """Return what makes the tenth voter sign a ballot again with other bytes at some places."""
    return lambda honest: made.resigned(honest.voters[9], first_of(honest, 9), **places)


def following(revision: int) -> Callable[[made.Made], bytes]:
    """Return what makes the tenth voter sign another revision that names the first one as the one before."""
    return lambda honest: altered(at_66=bytes([revision]), at_67=digest(first_of(honest, 9)))(honest)


def unsigned(honest: made.Made) -> bytes:
    wire = first_of(honest, 9)
    return wire[:66] + b"\2" + digest(wire) + wire[99:]


def with_anothers_token(honest: made.Made) -> bytes:
    return altered(at_131=first_of(honest, 8)[131:515])(honest)


def of_nobody(honest: made.Made) -> bytes:
    wire, seed = first_of(honest, 9), bytes(range(32))
    body = wire[:34] + edwards.public(seed) + wire[66:-64]
    return body + edwards.sign(seed, b"iocop-ballot-1" + body)


NEVER = {
    "two of one revision": (altered(at_600=b"other"), "it is revision 1 of its key, and so is ballot"),
    "a gap": (following(3), "it is revision 3 of its key; revision 2 is missing"),
    "the wrong one before": (
        altered(at_66=b"\2", at_67=b"\1"),
        "it does not name the hash of the revision before",
    ),
    "a first one that names another": (
        altered(at_67=b"\1"),
        "it does not name the hash of the revision before",
    ),
    "revision 21": (following(21), "its revision is 21|at most 20"),
    "another election": (altered(at_2=bytes(32)), "it was cast in another election|of another election"),
    "origin": (altered(at_1=b"\2"), "its origin 2 is not allowed|that the server sealed it"),
    "version": (altered(at_0=b"\2"), "its version is 2|Version 2 of ballots"),
    "another's token": (with_anothers_token, "its token is not signed|voting token is not"),
    "a key without token": (of_nobody, "its token is not signed|voting token is not"),
    "not signed": (unsigned, "its signature is not|signature is not of this"),
}


@pytest.mark.parametrize("name", NEVER)
def test_a_ballot_that_should_never_have_been_taken_is_told(name: str, refusals: Refusals) -> None:
    change, words = NEVER[name]

    told(
        refusals(forged(lambda honest: [*honest.wires, change(honest)]).parts),
        rf"^ballots.bin, ballot \d+: .*({words})",
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("needed", 1), ("needed", 4), ("format", "iocop-election-2"), ("kind", "coup"), ("title", ""), ("election", True),
        ("block_minimum", 2), ("plain_ballots", 1), ("sealed_seed", []), ("booth", "AB" * 32), ("opens", "2026-04-01"),
        ("closes", "2026-02-01T00:00:00Z"), ("acknowledger", "01" + "00" * 31), ("seed_commitment", "00" * 32),
        ("issuer", {"n": "00" * 384, "e": 65537}), ("roll", {"root": "00" * 32}), ("candidates", []),
        ("staying", [{"group": 1}]), ("officers", []), ("rules", {"rule": "dice"}), ("more", 1),
    ],
)  # fmt: skip
def test_a_freeze_that_is_not_well_formed_is_refused(field: str, value: object, refusals: Refusals) -> None:
    fields = {**json.loads(made.usual().parts["freeze.json"]), field: value}

    told(refusals(with_file("freeze.json", dumps(fields))), r"^freeze\.json")


@pytest.mark.parametrize("key", ["00" * 32, "01" + "00" * 31, "ed" + "ff" * 30 + "7f"])
@pytest.mark.parametrize("name", ["encryption", "signing"])
def test_officers_keys_nobody_may_use_are_refused(name: str, key: str, refusals: Refusals) -> None:
    fields = json.loads(made.usual().parts["freeze.json"])
    fields["officers"][1][name] = key

    told(refusals(with_file("freeze.json", dumps(fields))), r"^freeze\.json.*officers")


@pytest.mark.parametrize("missing", ["board_size", "threshold", "most_ranks"])
def test_rules_that_do_not_say_how_to_count_are_refused(missing: str, refusals: Refusals) -> None:
    fields = json.loads(made.usual().parts["freeze.json"])
    fields["rules"][missing] = "many"

    found = refusals(with_file("freeze.json", dumps(fields)))

    assert any(re.search(r"^freeze\.json.*rules", finding) for finding in found["plain"])
    assert any("freeze.json" in finding for finding in found["site"])


@pytest.mark.parametrize(
    "name", ["roll.json", "openings.json", "blocks.json", "keys.json", "result.json", "sealed.json"]
)
@pytest.mark.parametrize(
    "content", [b"{}", b"[]", b"7", b'[{"officer":1}]', b"[" * 2000, b"\xff", b'"\\ud800"']
)
def test_a_document_of_another_shape_is_refused(name: str, content: bytes, refusals: Refusals) -> None:
    file = (
        r"ballots\.bin" if (name, content) == ("blocks.json", b"[]") else re.escape(name)
    )  # a board may be empty

    told(refusals(with_file(name, content)), f"^{file}")


def test_a_mailed_block_that_the_board_never_had_is_told(refusals: Refusals) -> None:
    line = f"block 9 {'0' * 64} tokens 99 {'1' * 64}"

    told(refusals(made.usual().parts, line), "^the mailed heads, line 1: .* expected at most")
