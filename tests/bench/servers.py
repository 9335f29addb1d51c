"""Servers under load: a bare Flask beside us, both under the same gunicorn, and what each spends."""

from __future__ import annotations

import math
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from iocop.core.heaps import KEEP_LITTLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[2]
TICK = os.sysconf("SC_CLK_TCK")
ROUNDS, SECONDS = 5, 3
"""How often, and how long each time, a page and hello are asked in turn."""


@dataclass(frozen=True)
class Spent:
    """What one page cost: requests answered in the window, CPU milliseconds each, bytes of one answer."""

    requests: int
    cpu_ms: float
    per_second: float
    bytes: int


class Server:
    """A gunicorn on loopback; its processes are found through /proc."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process, self.port = process, port
        self.address = f"http://127.0.0.1:{port}"

    def pids(self) -> list[int]:
        """Return the server's processes: itself and all below it."""
        parents = {int(path.name): _parent(path) for path in Path("/proc").iterdir() if path.name.isdigit()}
        found, waiting = [], [self.process.pid]
        while waiting:
            pid = waiting.pop()
            found.append(pid)
            waiting += [child for child, parent in parents.items() if parent == pid]
        return found

    def cpu_seconds(self) -> float:
        return sum(map(_cpu_ticks, self.pids())) / TICK

    def memory_mb(self) -> float:
        """Return the proportional set size of all processes: shared pages are counted once."""
        return sum(map(_pss_kb, self.pids())) / 1024


@contextmanager
def gunicorn(app: str, environment: dict[str, str]) -> Iterator[Server]:
    """Serve an application under the site's own gunicorn settings until the body ends."""
    port = free_port()
    command = [
        sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "--log-level", "error", app,
    ]  # fmt: skip
    process = subprocess.Popen(
        command, cwd=ROOT, env=KEEP_LITTLE | os.environ | {"IOCOP_BIND": f"127.0.0.1:{port}"} | environment
    )
    try:
        wait_until_up(f"http://127.0.0.1:{port}/healthz")
        yield Server(process, port)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def in_turn(hello: Server, server: Server, path: str, cookie: str = "") -> tuple[Spent, Spent]:
    """Ask hello and one page over and over in short turns; return what each cost in the middle one."""
    _load(server.address + path, cookie, SECONDS)  # the page is kept, the connections are open
    return middle(hello, lambda: measure(server, path, cookie))


def middle(hello: Server, ask: Callable[[], Spent]) -> tuple[Spent, Spent]:
    """Measure hello and something else in turn; return both of the turn whose ratio is the middle one.

    A machine's own speed may change by half from one second to the next: neighbours share it, the cheapest of each
    need not.
    """
    turns = [(measure(hello, "/"), ask()) for _ in range(ROUNDS)]
    return sorted(turns, key=lambda turn: turn[1].cpu_ms / turn[0].cpu_ms)[ROUNDS // 2]


def measure(server: Server, path: str, cookie: str = "") -> Spent:
    """Ask one page for a while, and divide what the server's processes spent by the answers."""
    address = server.address + path
    size = len(fetch(address, cookie))
    return spent(server, lambda: _load(address, cookie, SECONDS), size)


def spent(server: Server, ask: Callable[[], int], size: int = 0) -> Spent:
    """Divide what the server's processes spend while something is asked by the answers that came."""
    before, started = server.cpu_seconds(), time.monotonic()
    answered = ask()
    seconds = time.monotonic() - started
    cost = (server.cpu_seconds() - before) / answered * 1000 if answered else math.inf
    return Spent(answered, cost, answered / seconds, size)


def _load(address: str, cookie: str, seconds: int) -> int:
    """Return how many answers came in; every one must be a success."""
    if shutil.which("wrk") is None:
        return _loop(address, cookie, seconds)
    header = ["-H", f"Cookie: {cookie}"] if cookie else []
    done = subprocess.run(
        ["wrk", "-t1", "-c16", f"-d{seconds}s", *header, address], capture_output=True, text=True, check=True
    ).stdout
    if "Non-2xx" in done:
        raise RuntimeError(f"{address}: {done}")
    found = re.search(r"(\d+) requests in", done)
    return int(found[1]) if found else 0


def _loop(address: str, cookie: str, seconds: int) -> int:
    """Ask one after the other where wrk is not installed."""
    answered, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        fetch(address, cookie)
        answered += 1
    return answered


def fetch(address: str, cookie: str = "") -> bytes:
    """Return a page that must answer 200."""
    request = urllib.request.Request(address, headers={"Cookie": cookie} if cookie else {})
    with urllib.request.urlopen(request, timeout=20) as answer:
        if answer.url.split("?")[0] != address.split("?", maxsplit=1)[0]:
            raise RuntimeError(f"{address} led to {answer.url}")
        content: bytes = answer.read()
    return content


def wait_until_up(address: str, patience: float = 30) -> None:
    end = time.monotonic() + patience
    while True:
        try:
            urllib.request.urlopen(address, timeout=2).close()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
        else:
            return


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _parent(path: Path) -> int:
    try:
        return int((path / "stat").read_text().rsplit(")", 1)[1].split()[1])
    except (OSError, IndexError):
        return 0


def _cpu_ticks(pid: int) -> int:
    try:
        parts = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0
    return int(parts[11]) + int(parts[12])


def _pss_kb(pid: int) -> int:
    try:
        found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    except OSError:
        return 0
    return int(found[1]) if found else 0
