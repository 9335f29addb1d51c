"""A whole vote over HTTP under load, with web workers and the database killed on the way: every ballot counted once.

`IOCOP_LOAD_VOTERS=2000` holds it with as many voters, as `make bench-elections` does.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from iocop import create_app
from iocop.core import migrations
from iocop.core.db import act, db
from iocop.core.settings import Settings
from iocop.elections import archiving
from iocop.elections.queries import archive, booth, casting, elections
from iocop.elections.sealing import ballots, codes, edwards, plaintexts, tokens
from iocop.elections.sealing.canonical import digest
from iocop.elections.sealing.freezing import opening_message
from iocop.elections.services import blocking, boxes
from iocop.elections.services.closing import write_document
from iocop.elections.services.freezing import booth_page
from iocop.elections.verifying import verify
from iocop.members.models import Member
from tests.conftest import part_from
from tests.elections.held import Held, entries, hold
from tests.elections.served import Line, Served, cookie_of, served
from tests.servers import PATIENCE, PostgresServer, ServerError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from flask import Flask

    from iocop.elections.sealing.freezing import Freeze

VOTERS = int(os.environ.get("IOCOP_LOAD_VOTERS", "60"))
CLIENTS = 6
LOOKS = 8
"""The board is written at each eighth look at the crowd."""


class Crashing(PostgresServer):
    """A PostgreSQL that keeps what it committed when its processes are killed."""

    def prepare(self) -> None:
        if not (self.folder / "data").exists():
            super().prepare()

    def command(self) -> Sequence[str | Path]:
        return [*super().command(), "--synchronous_commit=on"]

    def crash(self) -> None:
        """Kill the server, and start it again as soon as its last process is gone."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE)
        end = time.monotonic() + PATIENCE
        while True:
            try:
                return self._start()
            except ServerError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.2)


@dataclass
class Site:
    """A site of its own; *server* is its database server, None where the database is a file."""

    app: Flask
    server: Crashing | None


@pytest.fixture
def site(database_url: str, tmp_path: Path) -> Iterator[Site]:
    if database_url.startswith("sqlite"):
        yield from _site(tmp_path, "", None)
        return
    with Crashing() as server, server.fresh_database() as url:
        yield from _site(tmp_path, url, server)


def _site(folder: Path, url: str, server: Crashing | None) -> Iterator[Site]:
    settings = Settings(
        data_dir=folder / "data", database_url=url, ballot_box_url=url, base_url="http://localhost", log_level="ERROR"
    )  # fmt: skip
    settings.folder(".")
    app = create_app(settings, TESTING=True)
    with app.app_context():
        migrations.upgrade()
        yield Site(app, server)
        db.session.remove()
        boxes.destroy(1)
    part_from(app)


@dataclass(frozen=True)
class Person:
    """A voter's browser: a session, a code, an opinion."""

    cookie: str
    code: bytes
    marks: tuple[int, ...]


@dataclass
class Crowd:
    """Voters who come as quickly as the site takes them.

    Attributes:
        acknowledged: ballot hash to marks and acknowledgement.
        faults: what should not have been.
    """

    election: int
    freeze: Freeze
    acknowledged: dict[bytes, tuple[tuple[int, ...], bytes]] = field(default_factory=dict)
    faults: list[BaseException] = field(default_factory=list)

    def begin(self, people: Sequence[Person], port: int) -> list[threading.Thread]:
        waiting: queue.SimpleQueue[Person] = queue.SimpleQueue()
        for person in people:
            waiting.put(person)
        threads = [threading.Thread(target=self._serve, args=(waiting, Line(port))) for _ in range(CLIENTS)]
        for thread in threads:
            thread.start()
        return threads

    def _serve(self, waiting: queue.SimpleQueue[Person], line: Line) -> None:
        try:
            while True:
                self._vote(waiting.get_nowait(), line)
        except queue.Empty:
            line.close()
        except BaseException as error:  # noqa: BLE001 -- the test looks at it
            self.faults.append(error)

    def _vote(self, person: Person, line: Line) -> None:
        voter = codes.voter(person.code, self.freeze)
        token = self._token(person, voter, line)
        paper = plaintexts.encode(list(person.marks), self.freeze)
        wire = ballots.seal(voter, token, paper, 1, ballots.NO_BALLOT, self.freeze)
        answer = line.cast(self.election, wire)
        assert answer.status == 200, answer.body
        told = answer.json
        assert bytes.fromhex(told["ballot"]) == digest(wire)
        self.acknowledged[digest(wire)] = (person.marks, bytes.fromhex(told["signature"]))

    def _token(self, person: Person, voter: codes.Voter, line: Line) -> bytes:
        address, n = f"/elections/{self.election}", self.freeze.modulus
        message = tokens.message(self.freeze.hash, voter.key)
        blinded = tokens.blind(message, voter.randomizer, voter.salt, voter.factor, n)
        me = line.insist("GET", f"{address}/booth.json", Cookie=person.cookie)
        cookie = me.headers["Set-Cookie"].partition(";")[0]
        given = {"Cookie": cookie, "X-CSRFToken": me.json["csrf"], "Content-Type": "application/json"}
        wanted = json.dumps({"blinded": blinded.hex()}).encode()
        answer = line.insist("POST", f"{address}/token", wanted, **given)
        assert answer.status == 200, answer.body
        signed = bytes.fromhex(answer.json["blind_signature"])
        return tokens.finalize(message, voter.randomizer, signed, voter.factor, n)


def prepared(app: Flask) -> tuple[Held, list[Person]]:
    """Hold an election whose archive will be whole, and give everybody a browser."""
    held = hold(VOTERS, 4, booth=digest(booth_page()).hex())
    with act():
        write_document(held.id, "booth.html", booth_page())
        write_document(held.id, "roll.json", archiving.roll([entry.leaf for entry in entries(held)]))
        for officer in elections.officers(held.id):
            seed = held.world.signing[officer.number]
            officer.opening_signature = edwards.sign(seed, opening_message(held.freeze.hash))
    people = []
    with act() as session:  # one, for all
        session.scalars(select(Member)).all()
        for member in held.voters:
            session.expunge(member)  # else every session that is opened looks through them all
        for place, member in enumerate(held.voters):
            held.voter(member)
            marks = ((1, 2, 3, 0), (2, 1, 0, 3), (0, 0, 1, 2), (0, 0, 0, 0))[place % 4]
            people.append(Person(cookie_of(app, member), held.codes[member.id], marks))
    db.session.rollback()
    return held, people


def trouble(site: Site, web: Served, crowd: Crowd, threads: Sequence[threading.Thread]) -> int:
    """Kill a web worker at four moments, and the database at one, while the crowd votes; write the board meanwhile."""
    number, killed, looked = crowd.election, 0, 0
    moments = [VOTERS * part // 6 for part in (1, 2, 4, 5)]
    crash = VOTERS // 2 if site.server else VOTERS + 1
    while any(thread.is_alive() for thread in threads):
        done = len(crowd.acknowledged)
        if moments and done >= moments[0]:
            moments.pop(0)
            web.kill_a_worker()
            killed += 1
        if site.server and done >= crash:
            site.server.crash()
            crash = VOTERS + 1
        looked += 1
        if looked % LOOKS == 0:
            with suppress(DBAPIError):
                blocking.catch_up(casting.poll_of(number))
            db.session.rollback()
        time.sleep(0.02)
    return killed


def test_every_acknowledged_ballot_of_a_crowd_is_counted_once_whatever_is_killed(
    site: Site, tmp_path: Path
) -> None:
    held, people = prepared(site.app)
    crowd = Crowd(held.id, held.freeze)
    with served(site.app, tmp_path) as web:
        killed = trouble(site, web, crowd, crowd.begin(people, web.port))
    assert crowd.faults == []
    assert killed == 4
    assert len(crowd.acknowledged) == VOTERS
    for hash_, (_, signature) in crowd.acknowledged.items():
        assert ballots.check_acknowledgement(held.freeze, hash_, signature)
    db.session.rollback()

    held.close()
    held.give_keys(1, 3)
    held.count()

    opened = elections.document(held.id, "opened.csv")
    assert opened is not None
    lines = [line.split(",") for line in opened.content.decode().splitlines()[1:]]
    expected = {hash_.hex(): " ".join(map(str, marks)) for hash_, (marks, _) in crowd.acknowledged.items()}
    assert {hash_: marks for hash_, _, marks in lines} == expected
    assert len(lines) == VOTERS
    assert sum(head.ballots for head in booth.heads(held.id)) == VOTERS
    packed = archive.pack(held.id, boxes.box_of(held.freeze))
    assert packed is not None
    (tmp_path / "archive.zip").write_bytes(packed)
    report = verify(archiving.read(tmp_path / "archive.zip"))
    assert report.findings == []
    assert report.numbers == {"roll": VOTERS, "tokens": VOTERS, "ballots": VOTERS, "papers": VOTERS}
