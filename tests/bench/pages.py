"""What pages cost beside a bare Flask, as guest and signed in: CPU of the server's processes, ratios within one run."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from tests.bench.replying import replies
from tests.bench.servers import ROOT, Server, Spent, fetch, free_port, gunicorn, in_turn, wait_until_up

CORPUS = 50_000
GUEST_BAR, MEMBER_BAR, SEARCH_BAR, REPLY_BAR = 2.5, 8.0, 30.0, 45.0
REPLY = "a reply posted"
SEARCHED = (
    "valve",
    "pump",
    "heat",
    "noise",
    "controller",
    "boiler",
    "leak",
    "sensor",
    "pressure",
    "setpoint",
)


class Line(NamedTuple):
    """One row of the table; *ratio* is times hello, *bar* the most allowed (0: none)."""

    page: str
    who: str
    spent: Spent
    ratio: float
    bar: float


def prepared(folder: Path) -> dict[str, str]:
    """Return the environment of a site with the large corpus in a folder, filled on first use."""
    environment = {
        "IOCOP_DATA_DIR": str(folder), "IOCOP_LOG_LEVEL": "ERROR", "IOCOP_ENV": "development", "DATABASE_URL": "",
    }  # fmt: skip
    _iocop(["migrate"], environment)  # what was filled before may be older than the code
    if not (folder / "filled").exists():
        for words in (["demo", "--size", str(CORPUS)], ["search", "rebuild"]):
            _iocop(words, environment)
        (folder / "filled").touch()
    return environment


def _iocop(words: list[str], environment: dict[str, str]) -> str:
    command = [sys.executable, "-m", "iocop.core.cli", *words]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout


def cookie_of_a_member(folder: Path) -> tuple[str, dict[str, str]]:
    """Open a session past the sign-in page; return its cookie, and the addresses of pages worth measuring."""
    from sqlalchemy import select

    from iocop import create_app
    from iocop.core.db import db
    from iocop.core.settings import Settings
    from iocop.forums.models import Topic
    from iocop.members.models import Member
    from iocop.members.numbers import shown
    from iocop.members.services import open_session
    from iocop.repertoire.models import Article

    app = create_app(Settings(data_dir=folder, log_level="ERROR"))
    with app.app_context():
        member = db.session.scalars(
            select(Member).where(Member.state == "active").order_by(Member.id).limit(1)
        ).one()
        article = db.session.scalars(
            select(Article.id).where(Article.listed, Article.retired_how == "").order_by(Article.id).limit(1)
        ).first()
        topic = db.session.scalars(
            select(Topic.id).where(Topic.posts >= 20, Topic.listed).order_by(Topic.id).limit(1)
        ).one()
        below = db.session.scalars(
            select(Topic.id).where(Topic.posts < 20, Topic.listed).order_by(Topic.id.desc()).limit(1)
        ).one()
        number, token = shown(member.number), open_session(member.id, device="bench")
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    session = serializer.dumps({"_user_id": token, "csrf_token": secrets.token_hex(20)})
    return f"{app.config['SESSION_COOKIE_NAME']}={session}", {
        "topic of 20 posts": f"/t/{topic}",
        **({"article": f"/a/{article}", "repertoire": "/repertoire"} if article else {}),
        "profile": f"/id/{number}",
        REPLY: f"/t/{below}",
    }


def pages(folder: Path) -> tuple[Spent, list[Line], float]:
    """Measure hello and every page; return hello's cost, the rows, and the memory of the site's processes."""
    environment = prepared(folder)
    cookie, addresses = cookie_of_a_member(folder)
    below = addresses.pop(REPLY)
    addresses |= {"front page": "/", "forum list": "/forums", "a domain": "/forums/controls"}
    asked = [
        (page, who, path, sent, bar)
        for page, path in addresses.items()
        for who, sent, bar in (("guest", "", GUEST_BAR), ("member", cookie, MEMBER_BAR))
    ]
    asked.append(("search", "member", "/search?q=valve", cookie, SEARCH_BAR))
    lines, hellos = [], []
    with gunicorn("tests.bench.hello:app", {}) as hello_server, gunicorn("app:app", environment) as server:
        for page, who, path, sent, bar in asked:
            hello, spent = in_turn(hello_server, server, path, sent)
            lines.append(Line(page, who, spent, spent.cpu_ms / hello.cpu_ms, bar))
            hellos.append(hello)
    hello, spent = _posted(folder, environment, below, cookie)
    lines.append(Line(REPLY, "member", spent, spent.cpu_ms / hello.cpu_ms, REPLY_BAR))
    memory = _of_the_site(environment, addresses, cookie)
    return sorted(hellos, key=lambda hello: hello.cpu_ms)[len(hellos) // 2], lines, memory


def _posted(folder: Path, environment: dict[str, str], topic: str, cookie: str) -> tuple[Spent, Spent]:
    """Measure hello and a reply in a copy of the site, so that nothing of what is posted stays."""
    with TemporaryDirectory() as copy:
        shutil.copytree(folder, copy, dirs_exist_ok=True)
        copied = environment | {"IOCOP_DATA_DIR": copy}
        with gunicorn("tests.bench.hello:app", {}) as hello, gunicorn("app:app", copied) as server:
            return replies(hello, server, topic, cookie)


def _of_the_site(environment: dict[str, str], addresses: dict[str, str], cookie: str) -> float:
    """Return the proportional memory of `iocop serve`, all its processes, once it has shown pages and searched."""
    port = free_port()
    command = [sys.executable, "-m", "iocop.core.cli", "serve"]
    bound = environment | {"IOCOP_BIND": f"127.0.0.1:{port}"}
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | bound)
    site = Server(process, port)
    try:
        wait_until_up(f"{site.address}/healthz")
        for path in (*addresses.values(), *(f"/search?q={word}" for word in SEARCHED)) * 10:
            fetch(site.address + path, cookie)
        time.sleep(6)  # the worker has caught up
        return site.memory_mb()
    finally:
        process.terminate()
        process.wait(40)
