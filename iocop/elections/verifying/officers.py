"""What the officers signed and gave: the opening, the close, their keys, the seed of the lot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iocop.elections.sealing import edwards, exchange, seeds
from iocop.elections.sealing.canonical import digest
from iocop.elections.sealing.chains import closing_message, sealed_document
from iocop.elections.sealing.freezing import opening_message
from iocop.elections.sealing.refusals import Refused
from iocop.elections.verifying.report import Rows, Unusable, document, part

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from iocop.elections.sealing.canonical import Json
    from iocop.elections.sealing.freezing import Freeze
    from iocop.elections.verifying.chains import Board
    from iocop.elections.verifying.report import Report

NOT_SIGNED = "the signature is not this officer's on the hash of this {}"


def openings(parts: Mapping[str, bytes], freeze: Freeze, report: Report) -> None:
    """Check that every officer signed the freeze."""
    rows = Rows("openings.json", "row")
    listed = rows.read(part(parts, "openings.json"), {"officer", "signature"})
    given = [_officer(rows, at, row["officer"], freeze) for at, row in enumerate(listed, 1)]
    if given != list(range(1, len(freeze.officers) + 1)):
        report.wrong("openings.json", "", "expected a signature of every officer, once, by number")
    for at, (number, row) in enumerate(zip(given, listed, strict=True), 1):
        signature = rows.hexadecimal(at, row["signature"], 64)
        if not edwards.verify(freeze.officers[number - 1].signing, opening_message(freeze.hash), signature):
            report.wrong("openings.json", f"officer {number}", NOT_SIGNED.format("freeze.json"))


def _officer(rows: Rows, at: int, number: Json, freeze: Freeze) -> int:
    if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= len(freeze.officers):
        rows.refuse(at, f"{str(number)[:20]} is no officer's number")
    return number


def sealed(
    parts: Mapping[str, bytes], freeze: Freeze, board: Board, issues: Sequence[bytes], report: Report
) -> bytes:
    """Check sealed.json; return its hash X."""
    data = part(parts, "sealed.json")
    found = document("sealed.json", data)
    blocks, ballots = len(board.heads) - 1, len(board.places)
    expected = document(
        "sealed.json",
        sealed_document(freeze.hash, board.heads[-1], blocks, ballots, issues[-1], len(issues) - 1),
    )
    report.compare("sealed.json", "", expected, found)
    if isinstance(found, dict) and found.get("issues") != issues[-1].hex():
        words = "not the register that was sealed: an entry was changed, deleted, added or moved"
        report.wrong("issues.bin", "", words)
    return digest(data)


def keys(parts: Mapping[str, bytes], freeze: Freeze, sealed_hash: bytes, report: Report) -> dict[int, bytes]:
    """Check keys.json; return the keys that are of the freeze, by officer's number.

    Raises:
        Unusable: they are not enough.
    """
    rows = Rows("keys.json", "row")
    listed = rows.read(part(parts, "keys.json"), {"officer", "key", "signature"})
    given = [_officer(rows, at, row["officer"], freeze) for at, row in enumerate(listed, 1)]
    if given != sorted(set(given)):
        report.wrong("keys.json", "", "the officers do not stand in order, each once")
    fit = {}
    for at, (number, row) in enumerate(zip(given, listed, strict=True), 1):
        officer, key = freeze.officers[number - 1], rows.hexadecimal(at, row["key"], 32)
        if exchange.public(key) == officer.encryption:
            fit[number] = key
        else:
            words = "this is not the private half of the officer's key in freeze.json"
            report.wrong("keys.json", f"officer {number}", words)
        signature = rows.hexadecimal(at, row["signature"], 64)
        if not edwards.verify(officer.signing, closing_message(sealed_hash), signature):
            report.wrong("keys.json", f"officer {number}", NOT_SIGNED.format("sealed.json"))
    if len(fit) < freeze.needed:
        words = f"{freeze.needed} officers' keys are needed to open the ballots, {len(fit)} fit"
        raise Unusable("keys.json", "", words)
    return fit


def seed(freeze: Freeze, given: Mapping[int, bytes]) -> bytes:
    """Return the seed of the lot.

    Raises:
        Unusable: the officers' keys do not open the one that was committed to.
    """
    try:
        return seeds.recover(given, freeze)
    except Refused as refused:
        raise Unusable("freeze.json", "sealed_seed", str(refused)) from refused
