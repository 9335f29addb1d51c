"""Through the shipped nginx and gunicorn, with every log switched on, a vote leaves no line."""

from __future__ import annotations

import http.client
import json
import re
import shutil
import ssl
import subprocess
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from sqlalchemy import text

from iocop.core.db import db
from iocop.core.logs import TRACEBACKS
from iocop.elections.sealing import ballots, plaintexts
from tests.bench.servers import ROOT, free_port
from tests.elections.held import Held, hold
from tests.elections.served import BYTES, Answer, Line, await_answer, cookie_of, served
from tests.elections.test_together import box_beside

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

SHIPPED = ROOT / "deploy/nginx.conf"
AROUND = """
daemon off; {user} pid {folder}/pid; error_log {folder}/error.log info; events {{}}
http {{
  access_log {folder}/access.log;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  include {folder}/iocop.conf;
}}
"""
"""As Debian's own nginx.conf does it, only that the error log hears more."""

needs_nginx = pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed")


class SecureLine(Line):
    """A connection over TLS, as the browser's."""

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        if self.connection is None:
            trusting = ssl._create_unverified_context()  # noqa: S323 -- the test's own certificate
            self.connection = http.client.HTTPSConnection(
                "127.0.0.1", self.port, timeout=20, context=trusting
            )
        return super().ask(method, path, body, **{"Host": "localhost"} | headers)


@contextmanager
def nginx(folder: Path, upstream: int) -> Iterator[int]:
    """Run the shipped configuration; only ports, names and the certificate's place are this machine's."""
    folder.mkdir()
    certificate(folder)
    secure, plain = free_port(), free_port()
    shipped = SHIPPED.read_text()
    changes = [
        ("server 127.0.0.1:8000", f"server 127.0.0.1:{upstream}"),
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{secure} ssl http2;"),
        ("/etc/letsencrypt/live/community.example", str(folder)),
        ("server_name community.example", "server_name localhost"),
        ("/srv/iocop", str(ROOT)),
    ]
    for here, there in changes:
        assert here in shipped
        shipped = shipped.replace(here, there)
    shipped = re.sub(r"\n *listen \[::\].*", "", shipped)  # not every machine has IPv6
    (folder / "iocop.conf").write_text(shipped)
    user = "user root;" if Path("/root").exists() and not Path("/proc/self").stat().st_uid else ""
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, user=user))
    command = ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]
    with subprocess.Popen(command) as process:
        try:
            await_answer(SecureLine(secure), process, folder / "error.log")
            yield secure
        finally:
            process.terminate()


def certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    encoding, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    (folder / "fullchain.pem").write_bytes(made.public_bytes(encoding))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, plain)
    )


@pytest.fixture
def held(app: Flask) -> Iterator[Held]:
    with box_beside(app):
        held = hold(3)
        db.session.rollback()
        yield held


def rows() -> dict[str, list[Any]]:
    """Return every row of the site's database."""
    found = {
        name: sorted(map(repr, db.session.execute(text(f'select * from "{name}"')).all()))
        for name in db.metadata.tables
    }
    db.session.rollback()
    return found


def changed(before: dict[str, list[Any]]) -> set[str]:
    return {name for name, found in rows().items() if found != before[name]}


def token_over(line: Line, held: Held, cookie: str) -> Answer:
    """Ask for the first voter's token as the booth does; return the answer that issued it."""
    address = f"/elections/{held.id}"
    me = line.insist("GET", f"{address}/booth.json", Cookie=cookie)
    cookie = me.headers["Set-Cookie"].partition(";")[0]
    wanted = json.dumps({"blinded": held.blinded(held.voters[0]).hex()}).encode()
    given = {"Cookie": cookie, "X-CSRFToken": me.json["csrf"], "Content-Type": "application/json"}
    return line.insist("POST", f"{address}/token", wanted, Referer="https://localhost/booth", **given)


def sealed_with(held: Held, signed: bytes) -> bytes:
    member = held.voters[0]
    paper = plaintexts.encode([1, 2, 3], held.freeze)
    token = held.finalized(member, signed)
    return ballots.seal(held.voter(member), token, paper, 1, ballots.NO_BALLOT, held.freeze)


def vote_over(line: Line, held: Held, cookie: str) -> None:
    """Have the booth's whole conversation, and some that goes wrong."""
    address = f"/elections/{held.id}"
    assert line.insist("GET", "/booth").status == 200
    for what in ("freeze.json", "state.json", "candidates.json"):
        assert line.insist("GET", f"{address}/{what}").status == 200
    before = rows()
    answer = token_over(line, held, cookie)
    assert answer.status == 200, answer.body
    assert "X-Request-Id" not in answer.headers
    assert changed(before) == {"token_issue"}, "neither an event nor a line of the security log"
    wire = sealed_with(held, bytes.fromhex(answer.json["blind_signature"]))
    before = rows()
    for body, status in ((wire, 200), (wire, 200), (wire[:-1], 400), (bytes(len(wire)), 400), (b"", 400)):
        answer = line.insist("POST", f"{address}/ballots", body, **BYTES)
        assert answer.status == status, answer.body
        assert not {"Set-Cookie", "X-Request-Id"} & set(answer.headers)
    assert line.insist("GET", f"{address}/ballots/{held.voter(held.voters[0]).key.hex()}").status == 200
    assert line.insist("GET", f"{address}/ballots/{'ab' * 32}").status == 404
    assert line.insist("GET", f"{address}/board/1.json").status == 404
    assert changed(before) == set()


@needs_nginx
def test_point_05_the_cast_request_carries_nothing_and_leaves_no_line(
    app: Flask, held: Held, tmp_path: Path
) -> None:
    cookie = cookie_of(app, held.voters[0])
    front = tmp_path / "nginx"
    with (
        served(app, tmp_path, "--access-logfile", "-", IOCOP_PROXIES="1", IOCOP_LOG_LEVEL="DEBUG") as site,
        nginx(front, site.port) as port,
    ):
        line = SecureLine(port)
        assert line.insist("GET", "/sign-in?before").status == 200
        vote_over(line, held, cookie)
        assert line.insist("GET", "/sign-in?after").status == 200
        site.process.terminate()
        site.process.wait(30)
        down = line.ask("POST", f"/elections/{held.id}/ballots", bytes(1151), **BYTES)
        assert down.status == 502
        assert line.ask("GET", "/sign-in?gone").status == 502
        line.close()
    told = {name: (front / name).read_text() for name in ("access.log", "error.log")}
    told["gunicorn.log"] = site.log.read_text()

    lines = [line for line in told["access.log"].splitlines() if "POST" in line or "GET" in line]
    assert [re.search(r"GET /sign-in\?\w+", line) is not None for line in lines] == [True] * 3, lines
    assert told["gunicorn.log"].count('"path": "/sign-in"') == 2, "the log was on"
    assert "sign-in?gone" in told["error.log"], "and so was that of errors"
    for name, content in told.items():
        assert not re.search(r"elections|booth|ballot|token", content), f"{name}: {content}"
    assert not [path for path in (front / "body").rglob("*") if path.is_file()]


def test_what_is_asked_of_gunicorn_itself_leaves_no_line_either(
    app: Flask, held: Held, tmp_path: Path
) -> None:
    cookie = cookie_of(app, held.voters[0])
    with served(app, tmp_path, "--access-logfile", "-", IOCOP_LOG_LEVEL="DEBUG") as site:
        line = site.line()
        vote_over(line, held, cookie)
        line.close()
        assert line.insist("GET", "/sign-in").status == 200
        line.close()
    content = site.log.read_text()
    assert '"path": "/sign-in"' in content
    assert not re.search(r"elections|booth|ballot|token", content), content


def test_a_mistake_on_the_way_is_logged_without_the_ballot() -> None:
    ballot = "the wire of a ballot"
    try:
        raise ValueError(len(ballot))  # noqa: TRY301 -- a frame with the ballot in it
    except ValueError as error:
        told = TRACEBACKS(None, "error", {"exc_info": error})
    assert "test_a_mistake_on_the_way" in repr(told)
    assert ballot not in repr(told)
