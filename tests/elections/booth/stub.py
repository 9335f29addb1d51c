"""A site in a few lines, as the booth sees it: section 8 of docs/ballot-protocol.md over the real sealing."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from iocop.elections.sealing import ballots, chains, freezing, rolls
from iocop.elections.sealing.refusals import Refused
from tests.elections.vectors.ballots import World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[3]
BOOTH = ROOT / "static" / "booth" / "booth.html"
NAMES = ("Ann Lee", "Bo Chen", "Carla Díaz", "Dev Rao", "Eva Maier")
STATEMENT = (
    "I balance old heating systems for a living.\n\nOn the board I would see that our guides stay free."
)
SIGNED_IN = "session=alice"


def moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def voting(rule: str = "scottish", names: tuple[str, ...] = NAMES, **rules: Any) -> World:
    """An election that is open now and for two days."""
    now = datetime.now(UTC)
    world = World(
        site="Frost Foundry",
        title="Board election 2026",
        rules={"rule": rule, "seats": 2, "most_ranks": 0} | rules,
        opens=moment(now - timedelta(days=1)),
        closes=moment(now + timedelta(days=2, hours=3)),
        keys_until=moment(now + timedelta(days=9)),
        complaints_until=moment(now + timedelta(days=16)),
    )
    people = [{"number": n, "id": f"c{n}", "name": name, "group": None} for n, name in enumerate(names, 1)]
    world.fields["candidates"] = people
    world.freeze = freezing.read(freezing.write(world.fields))
    return world


class Stub:
    """One election and one member on its roll. What was sent stays in *asked*: method, path, headers."""

    def __init__(self, world: World) -> None:
        self.world, self.freeze = world, world.freeze
        self.address = ""
        self.state = "voting"
        self.ahead = timedelta()
        self.me: dict[str, Any] = {"member": "Alice", "number": 17, "on_roll": True, "refusal": None}
        self.blinded = self.signed = ""
        self.leaf = rolls.leaf(bytes([0xCD]) * 32, 17).hex()
        self.box: dict[bytes, list[ballots.Ballot]] = {}
        self.blocks: list[list[bytes]] = []
        self.forked: bytes | None = None  # a head that is told in place of the true one
        self.asked: list[tuple[str, str, dict[str, str]]] = []

    @property
    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    @property
    def held(self) -> list[ballots.Ballot]:
        return [ballot for row in self.box.values() for ballot in row]

    def make_block(self) -> None:
        """Put everything that waits into a block."""
        known = {one for block in self.blocks for one in block}
        self.blocks.append(sorted(ballot.hash for ballot in self.held if ballot.hash not in known))

    def heads(self) -> list[bytes]:
        heads = [self.freeze.hash]
        for number, block in enumerate(self.blocks, 1):
            heads.append(chains.block_head(heads[-1], number, block))
        return heads

    def __call__(self, environ: Any, start: Any) -> Any:
        request = Request(environ)
        self.asked.append((request.method, request.path, {k.lower(): v for k, v in request.headers.items()}))
        return self.answer(request)(environ, start)

    def answer(self, request: Request) -> Response:
        if request.path in {"/booth", f"/elections/{self.freeze.election}/booth.html"}:
            return Response(BOOTH.read_bytes(), mimetype="text/html")
        parts = request.path.removeprefix(f"/elections/{self.freeze.election}/").split("/")
        answers: dict[str, Callable[..., Response]] = {
            "freeze.json": lambda _: Response(self.freeze.raw, mimetype="application/json"),
            "state.json": self._state, "candidates.json": self._candidates, "booth.json": self._booth,
            "token": self._token, "ballots": self._ballots, "board": self._board,
        }  # fmt: skip
        found = answers.get(parts[0])
        return found(request, *parts[1:]) if found else _no(404, "none", "There is nothing here.")

    def _state(self, _: Request) -> Response:
        head = (self.forked or self.heads()[-1]).hex()
        told = {"state": self.state, "now": moment(self.now), "opens": moment(self.freeze.opens)}
        return _json(
            told
            | {"closes": moment(self.freeze.closes), "board": head, "blocks": len(self.blocks), "issued": 1}
        )

    def _candidates(self, _: Request) -> Response:
        rows = [
            {"number": one.number, "organization": "Harbour Heating", "statement": STATEMENT,
             "interests": "None.", "photo": None}
            for one in self.freeze.candidates
        ]  # fmt: skip
        return _json({"candidates": rows})

    def _booth(self, request: Request) -> Response:
        if SIGNED_IN not in request.headers.get("Cookie", ""):
            return _no(401, "signed out", "Please sign in.")
        issued = {"blinded": self.blinded or None, "blind_signature": self.signed or None}
        return _json(
            self.me
            | issued
            | {"token_issued": bool(self.blinded), "leaf": self.leaf, "salt": "cd" * 32, "csrf": "t0"}
        )

    def _token(self, request: Request) -> Response:
        if SIGNED_IN not in request.headers.get("Cookie", "") or request.headers.get("X-CSRFToken") != "t0":
            return _no(403, "refused", "No session, or no token of its form.")
        if self.state == "void":
            return _no(410, "closed", "This election was declared void.")
        blinded = request.get_json()["blinded"]
        if self.blinded and self.blinded != blinded:
            return _no(409, "other", "Another request was answered.")
        self.blinded = blinded
        self.signed = self.world.issuer.sign(bytes.fromhex(blinded)).hex()
        return _json({"blind_signature": self.signed})

    def _ballots(self, request: Request, voter: str = "") -> Response:
        return self._newest(bytes.fromhex(voter)) if voter else self._cast(request.get_data())

    def _newest(self, voter: bytes) -> Response:
        if voter not in self.box:
            return _no(404, "none", "No ballot of this key.")
        newest = self.box[voter][-1]
        return _json({"revision": newest.revision, "ballot": newest.hash.hex(), "wire": newest.wire.hex()})

    def _cast(self, wire: bytes) -> Response:
        try:
            ballot = ballots.parse(wire, self.freeze)
            known = self.box.get(ballot.key, [])
            if ballot.hash not in {one.hash for one in known}:
                if self.now >= self.freeze.closes or self.state == "void":
                    return _no(410, "closed", "Voting is closed.")
                ballots.check(ballot, self.freeze)
                latest = known[-1] if known else None
                ballots.follow(
                    ballot, latest.revision if latest else 0, latest.hash if latest else ballots.NO_BALLOT
                )
                self.box.setdefault(ballot.key, []).append(ballot)
        except Refused as error:
            status = {"token": 403, "superseded": 409, "gap": 409, "previous": 409}.get(error.reason, 400)
            return _no(status, error.reason, str(error))
        signature = ballots.acknowledge(self.world.acknowledger, self.freeze.hash, ballot.hash)
        return _json({"ballot": ballot.hash.hex(), "signature": signature.hex()})

    def _board(self, _: Request, name: str) -> Response:
        number = int(name.removesuffix(".json"))
        heads = [head.hex() for head in self.heads()]
        hashes = [one.hex() for one in self.blocks[number - 1]]
        return _json(
            {"number": number, "previous": heads[number - 1], "head": heads[number], "ballots": hashes}
        )


def _json(content: Any, status: int = 200) -> Response:
    return Response(
        json.dumps(content), status, mimetype="application/json", headers={"Cache-Control": "no-store"}
    )


def _no(status: int, code: str, words: str) -> Response:
    return _json({"error": words, "code": code}, status)


@contextmanager
def served(world: World) -> Iterator[Stub]:
    """Serve an election on this machine until the body ends."""
    stub = Stub(world)
    server = make_server("127.0.0.1", 0, stub, threaded=True)
    stub.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield stub
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
