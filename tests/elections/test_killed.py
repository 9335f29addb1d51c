"""Whatever is killed, and whenever: what was acknowledged is in the box exactly once, and the board catches up."""

from __future__ import annotations

import http.client
from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from iocop.core.db import db
from iocop.elections.queries import booth, casting
from iocop.elections.sealing import ballots, chains, plaintexts
from iocop.elections.services import blocking, boxes
from iocop.elections.services.casting import Acknowledged
from tests.apart import Apart
from tests.bench.servers import free_port, wait_until_up
from tests.elections import mortal
from tests.elections.held import Held, hold
from tests.elections.served import BYTES, Line
from tests.elections.test_together import box_beside

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask

VOTERS = 24
BLOCK = 10


@pytest.fixture
def held(app: Flask) -> Iterator[Held]:
    with box_beside(app):
        held = hold(VOTERS)
        db.session.rollback()
        yield held


def sealed(held: Held) -> list[bytes]:
    """A ballot of everybody, with tokens nobody asked the site for."""
    made = []
    for member in held.voters:
        voter = held.voter(member)
        paper = plaintexts.encode([1, 2, 3], held.freeze)
        token = held.world.token(voter)[2]
        made.append(ballots.seal(voter, token, paper, 1, ballots.NO_BALLOT, held.freeze))
    return made


def environment(app: Flask) -> dict[str, str]:
    """What a process needs to serve the test's own database."""
    settings = app.extensions["settings"]
    return {
        "IOCOP_DATA_DIR": str(settings.data_dir), "DATABASE_URL": settings.database, "IOCOP_LOG_LEVEL": "ERROR",
        "IOCOP_BALLOT_BOX_URL": settings.ballot_box_url, "IOCOP_BASE_URL": settings.base_url,
    }  # fmt: skip


def cast_until_it_dies(
    app: Flask, log: Path, number: int, wires: list[bytes], moment: str, after: int
) -> dict[bytes, Acknowledged]:
    """Cast ballots, each once, at a process that dies on the way; return what was acknowledged."""
    port = free_port()
    heard: dict[bytes, Acknowledged] = {}
    with Apart(
        mortal.serve,
        port,
        moment,
        after,
        environment=environment(app) | {"WERKZEUG_RUN_MAIN": "true"},
        log=log,
    ) as process:
        wait_until_up(f"http://127.0.0.1:{port}/healthz")
        line = Line(port)
        for wire in wires:
            with suppress(OSError, http.client.HTTPException):
                answer = line.ask("POST", f"/elections/{number}/ballots", wire, **BYTES)
                assert answer.status == 200, answer.body
                told = answer.json
                heard[wire] = Acknowledged(bytes.fromhex(told["ballot"]), bytes.fromhex(told["signature"]))
                continue
            break
        line.close()
        assert process.wait() == -9, log.read_text()
    return heard


def held_now(held: Held) -> list[bytes]:
    """Return the hashes of the ballots in the box, boxed or waiting, each as often as it is there."""
    box = boxes.box_of(held.freeze)
    with box.engine.connect() as connection:
        return [
            bytes(hash_)
            for table in (box.tables.boxed, box.tables.waiting)
            for hash_ in connection.scalars(table.select().with_only_columns(table.c.hash))
        ]


@pytest.mark.parametrize(
    ("moment", "after"),
    [("between the old rows and the new", 4), *((moment, BLOCK) for moment in mortal.MOMENTS)],
)
def test_point_18_killed_with_minus_9_the_site_has_lost_nothing_it_acknowledged(
    app: Flask, held: Held, tmp_path: Path, moment: str, after: int
) -> None:
    wires = sealed(held)
    heard = cast_until_it_dies(app, tmp_path / "log", held.id, wires, moment, after)

    assert len(heard) == after - 1
    there = held_now(held)
    assert len(there) == len(set(there))
    assert {one.ballot for one in heard.values()} <= set(there)
    assert len(there) == after - (moment != "before the acknowledgement")

    again = {wire: held.send(wire) for wire in wires}
    assert {wire: again[wire] for wire in heard} == heard, "a ballot sent again has the same answer"
    assert sorted(held_now(held)) == sorted(sha256(wire).digest() for wire in wires)
    held.close()
    assert sorted(boxes.box_of(held.freeze).wires()) == sorted(wires)
    assert [head.ballots for head in booth.heads(held.id)] == [BLOCK, BLOCK, VOTERS - 2 * BLOCK]


def test_point_18_killed_between_a_block_and_its_head_the_board_catches_up(
    app: Flask, held: Held, tmp_path: Path
) -> None:
    for wire in sealed(held):
        held.send(wire)
    db.session.rollback()
    log = tmp_path / "log"
    with Apart(mortal.catch_up, held.id, 2, environment=environment(app), log=log) as process:
        assert process.wait() == -9, log.read_text()
    assert booth.heads(held.id) == [], "neither head is there without the other's event"

    assert blocking.catch_up(casting.poll_of(held.id)) == 2
    box = boxes.box_of(held.freeze)
    heads = chains.check_board([box.block(1), box.block(2)], held.freeze)
    assert [head.head for head in booth.heads(held.id)] == heads
