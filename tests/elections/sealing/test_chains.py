from __future__ import annotations

from hashlib import sha256

import pytest

from iocop.elections.sealing import chains, codes, rolls
from iocop.elections.sealing.chains import Entry
from iocop.elections.sealing.refusals import Refused
from tests.elections.vectors.ballots import World


def entries(world: World, count: int) -> list[Entry]:
    made = []
    for number in range(1, count + 1):
        blinded, signed, _ = world.token(codes.voter(bytes([number]) * 16, world.freeze))
        made.append(Entry(rolls.leaf(bytes(32), number), blinded, signed))
    return made


def test_the_register_of_tokens_is_a_chain(world: World) -> None:
    rows = entries(world, 2)
    leaves = {row.leaf for row in rows}

    head = sha256(b"iocop-issues-1" + world.freeze.hash).digest()
    assert chains.check_register([], leaves, world.freeze) == head == chains.issue_start(world.freeze.hash)
    for row in rows:
        head = sha256(head + row.leaf + row.blinded + row.blind_signature).digest()
    assert chains.check_register(rows, leaves, world.freeze) == head
    assert chains.entries(b"".join(row.raw for row in rows)) == rows
    assert chains.check_register(rows[::-1], leaves, world.freeze) != head


@pytest.mark.parametrize("reason", ["leaf", "twice", "blind-signature"])
def test_an_entry_that_is_not_owed_is_found(reason: str, world: World) -> None:
    first, second = entries(world, 2)
    wrong = {
        "leaf": Entry(bytes(32), second.blinded, second.blind_signature),
        "twice": Entry(first.leaf, second.blinded, second.blind_signature),
        "blind-signature": Entry(second.leaf, second.blinded, first.blind_signature),
    }[reason]

    with pytest.raises(Refused, match="Entry 2 ") as refusal:
        chains.check_register([first, wrong], {first.leaf, second.leaf}, world.freeze)

    assert refusal.value.reason == reason


def test_a_register_cut_short_is_refused() -> None:
    with pytest.raises(Refused, match="799 bytes"):
        chains.entries(bytes(799))


def hashes(count: int, first: int = 0) -> list[bytes]:
    return [number.to_bytes(32) for number in range(first, first + count)]


def test_the_board_is_a_chain_of_blocks(world: World) -> None:
    blocks = [hashes(12), hashes(13, 100), hashes(1, 200)]

    heads = chains.check_board(blocks, world.freeze)

    head = world.freeze.hash
    for number, (block, given) in enumerate(zip(blocks, heads, strict=True), 1):
        counted = number.to_bytes(4) + len(block).to_bytes(4)
        head = sha256(b"iocop-block-1" + head + counted + b"".join(block)).digest()
        assert given == head
    assert chains.check_board([], world.freeze) == []


@pytest.mark.parametrize(
    ("blocks", "told"),
    [
        ([hashes(11), hashes(12, 100)], "Block 1 holds 11"),
        ([hashes(12), []], "Block 2 holds 0"),
        ([hashes(12), hashes(1, 11)], "block 2 stands in an earlier"),
        ([hashes(12)[::-1]], "block 1 are not sorted"),
        ([hashes(12) + hashes(1, 11)], "block 1 are not sorted, or one stands twice"),
    ],
    ids=["small", "empty", "earlier", "order", "twice"],
)
def test_a_board_that_would_tell_when_ballots_came_is_refused(
    blocks: list[list[bytes]], told: str, world: World
) -> None:
    with pytest.raises(Refused, match=told):
        chains.check_board(blocks, world.freeze)


def test_what_is_sealed_names_both_heads(world: World) -> None:
    document = chains.sealed_document(bytes(32), b"\x01" * 32, 2, 24, b"\x02" * 32, 30)

    assert document == (
        b'{"ballots":24,"blocks":2,"board":"' + b"01" * 32 + b'","format":"iocop-sealed-1","freeze":"' + b"00" * 32
        + b'","issued":30,"issues":"' + b"02" * 32 + b'"}'
    )  # fmt: skip
    assert chains.closing_message(bytes(32)) == b"iocop-close-1" + bytes(32)
