"""What pages cost beside a bare Flask, as guest and signed in: CPU of the server's processes, ratios within one run."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from iocop.core.serve import ARENAS
from tests.bench.servers import ROOT, Server, Spent, gunicorn, in_turn

CORPUS = 50_000
GUEST_BAR, MEMBER_BAR, SEARCH_BAR = 2.5, 8.0, 30.0


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
        number, token = shown(member.number), open_session(member.id, device="bench")
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    session = serializer.dumps({"_user_id": token, "csrf_token": secrets.token_hex(20)})
    return f"{app.config['SESSION_COOKIE_NAME']}={session}", {
        "topic of 20 posts": f"/t/{topic}",
        **({"article": f"/a/{article}", "repertoire": "/repertoire"} if article else {}),
        "profile": f"/id/{number}",
    }


def pages(folder: Path) -> tuple[Spent, list[Line], float]:
    """Measure hello and every page; return hello's cost, the rows, and the memory of two web workers and the worker."""
    environment = prepared(folder)
    cookie, addresses = cookie_of_a_member(folder)
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
        memory = _with_worker(server, environment)
    return min(hellos, key=lambda hello: hello.cpu_ms), lines, memory


def _with_worker(server: Server, environment: dict[str, str]) -> float:
    """Return the proportional memory of the web workers and one worker process that has caught up."""
    command = [sys.executable, "-m", "iocop.core.cli", "worker"]
    process = subprocess.Popen(command, cwd=ROOT, env=ARENAS | os.environ | environment)
    try:
        import time

        time.sleep(6)
        return server.memory_mb() + Server(process, 0).memory_mb()
    finally:
        process.terminate()
        process.wait(20)
