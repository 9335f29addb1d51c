"""The roll, the register of tokens, the board and what was mailed of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from iocop.elections.archiving import head_line, sealed_line
from iocop.elections.sealing import rolls, tokens
from iocop.elections.sealing.canonical import digest
from iocop.elections.sealing.chains import ENTRY, Entry, issue_head, issue_start
from iocop.elections.verifying.report import Rows, Unusable, document, part

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from iocop.elections.sealing.freezing import Freeze
    from iocop.elections.verifying.report import Report

_GAP = r"[>\s]+"
_HASH = "[0-9a-f]{64}"
_BLOCK = _GAP.join(["block", r"(\d{1,9})", _HASH, "tokens", r"(\d{1,9})", _HASH])
HEAD = re.compile(rf"^[>\s]*({_BLOCK}|sealed{_GAP}{_HASH})", re.MULTILINE)
"""A line of heads.txt, also where a mail wrapped or quoted it: all of it, block, tokens."""

MAILED = "the mailed heads"


@dataclass(frozen=True, slots=True)
class Board:
    """What blocks.json says.

    Attributes:
        heads: of every block, after F itself.
        places: ballot hash to where it stands, in the order of the board.
    """

    heads: list[bytes]
    places: dict[bytes, str]


def roll(parts: Mapping[str, bytes], freeze: Freeze, report: Report) -> list[bytes]:
    """Check roll.json; return its leaves."""
    rows = Rows("roll.json", "leaf")
    listed = document("roll.json", part(parts, "roll.json"))
    if not isinstance(listed, list):
        raise Unusable("roll.json", "", "this is no list")
    leaves = [rows.hexadecimal(number, leaf, 32) for number, leaf in enumerate(listed, 1)]
    for number, (one, other) in enumerate(pairwise(leaves), 2):
        if one >= other:
            report.wrong("roll.json", f"leaf {number}", "it does not sort after the one before it")
    if len(leaves) != freeze.roll_size:
        report.wrong(
            "roll.json", "", f"expected {freeze.roll_size} leaves, as in freeze.json; found {len(leaves)}"
        )
    if rolls.root(leaves) != freeze.roll_root:
        words = "the leaves do not give the root in freeze.json: one was changed, added, deleted or moved"
        report.wrong("roll.json", "", words)
    return leaves


def register(data: bytes, leaves: Sequence[bytes], freeze: Freeze, report: Report) -> list[bytes]:
    """Check issues.bin; return the heads after none, one, two … of its entries."""
    on_roll, entry_of = frozenset(leaves), dict[bytes, int]()
    heads = [issue_start(freeze.hash)]
    for number in range(1, -(-len(data) // ENTRY) + 1):
        raw = data[ENTRY * (number - 1) : ENTRY * number]
        entry = Entry(raw[:32], raw[32:416], raw[416:])
        row = f"entry {number}"
        for fault in _entry_faults(entry, on_roll, entry_of, freeze):
            report.wrong("issues.bin", row, fault)
        entry_of.setdefault(entry.leaf, number)
        heads.append(issue_head(heads[-1], entry))
    return heads


def _entry_faults(
    entry: Entry, on_roll: frozenset[bytes], entry_of: Mapping[bytes, int], freeze: Freeze
) -> Iterator[str]:
    if len(entry.raw) != ENTRY:
        yield f"it is cut off: an entry has {ENTRY} bytes"
    if entry.leaf not in on_roll:
        yield f"its leaf {entry.leaf.hex()} is not on the roll"
    if entry.leaf in entry_of:
        yield f"this leaf had its token in entry {entry_of[entry.leaf]}"
    if not any(entry.blinded) or not tokens.issued(entry.blinded, entry.blind_signature, freeze.modulus):
        yield "its blind signature is not the issuer's on its blinded message"


def board(parts: Mapping[str, bytes], freeze: Freeze, report: Report) -> Board:
    """Check blocks.json: numbers, sizes, order and heads."""
    rows = Rows("blocks.json", "block")
    blocks = rows.read(part(parts, "blocks.json"), {"number", "head", "ballots"})
    found = Board([freeze.hash], {})
    for number, block in enumerate(blocks, 1):
        listed = (
            block["ballots"]
            if isinstance(block["ballots"], list)
            else rows.refuse(number, "ballots is no list")
        )
        hashes = [rows.hexadecimal(number, text, 32) for text in listed]
        head = rows.hexadecimal(number, block["head"], 32)
        least = freeze.block_minimum if number < len(blocks) else 1
        for fault in _block_faults(number, block["number"], head, hashes, found.heads[-1], least):
            report.wrong("blocks.json", f"block {number}", fault)
        _place(number, hashes, found.places, report)
        found.heads.append(head)
    return found


def _block_faults(
    number: int, told: object, head: bytes, hashes: Sequence[bytes], before: bytes, least: int
) -> Iterator[str]:
    expected = digest(
        b"iocop-block-1" + before + number.to_bytes(4) + len(hashes).to_bytes(4) + b"".join(hashes)
    )
    if told != number or isinstance(told, bool):
        yield f"it is numbered {told}"
    if len(hashes) < least:
        yield f"it holds {len(hashes)} ballots; {least} is the least"
    if head != expected:
        yield f"expected the head {expected.hex()}, found {head.hex()}"


def _place(number: int, hashes: Sequence[bytes], places: dict[bytes, str], report: Report) -> None:
    for at, one in enumerate(hashes, 1):
        place = f"block {number}, ballot {at}"
        if at > 1 and one <= hashes[at - 2]:
            report.wrong("blocks.json", place, "it does not sort after the one before it")
        if places.setdefault(one, place) != place:
            report.wrong("blocks.json", place, f"it stands in {places[one]} already")


def unwrapped(line: re.Match[str]) -> str:
    """Return a line that `HEAD` found as it stands in heads.txt."""
    return " ".join(line[1].replace(">", " ").split())


def mailed_heads(
    text: str, heads: Sequence[bytes], issues: Sequence[bytes], sealed: bytes, report: Report
) -> None:
    """Check lines that somebody kept, wherever they stand in their text, against the archive's chains."""
    lines = list(HEAD.finditer(text))
    for line in lines:
        expected = _expected(line, heads, issues, sealed)
        if unwrapped(line) != expected:
            row = f"line {text.count(chr(10), 0, line.start(1)) + 1}"
            words = f"another board was mailed than is in this archive; expected {expected}, found {unwrapped(line)}"
            report.wrong(MAILED, row, words)
    if not lines:
        report.wrong(MAILED, "", "no line begins with “block” or “sealed”")


def _expected(line: re.Match[str], heads: Sequence[bytes], issues: Sequence[bytes], sealed: bytes) -> str:
    if not line[2]:
        return sealed_line(sealed)
    block, out = int(line[2]), int(line[3])
    if block >= len(heads) or out >= len(issues):
        return f"at most block {len(heads) - 1} and {len(issues) - 1} tokens"
    return head_line(block, heads[block], out, issues[out])


def told_heads(
    data: bytes, heads: Sequence[bytes], issues: Sequence[bytes], sealed: bytes, report: Report
) -> None:
    """Check heads.txt: a line a block from 0 on, then the close."""
    told = [line for line in HEAD.finditer(data.decode(errors="replace")) if line[2]]
    outs = [min(int(line[3]), len(issues) - 1) for line in told] + [0] * len(heads)
    lines = [head_line(number, head, outs[number], issues[outs[number]]) for number, head in enumerate(heads)]
    report.compare_lines(
        "heads.txt", "".join(f"{line}\n" for line in [*lines, sealed_line(sealed)]).encode(), data
    )
