"""The formatting process is killed when it is late, and its end costs nobody a text."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Thread

import pytest

from iocop.core.text.render import Rendered, render, render_many
from iocop.core.text.worker import Worker, worker
from iocop.core.text.working import Answer

LATE = "[" * 40_000  # takes far longer than the limit


def pid_of(one: Worker[Answer] = worker) -> int:
    child = one._started()
    return child.process.pid


def state(pid: int) -> str | None:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return None


def gone(pid: int, seconds: float = 5) -> bool:
    end = time.monotonic() + seconds
    while state(pid) not in {None, "Z"} and time.monotonic() < end:
        time.sleep(0.01)
    return state(pid) in {None, "Z"}


def formatting() -> list[int]:
    """The formatting processes this one has started and not ended."""
    children = [
        int(pid) for task in Path("/proc/self/task").glob("*/children") for pid in task.read_text().split()
    ]
    return [pid for pid in children if b"core.text.working" in Path(f"/proc/{pid}/cmdline").read_bytes()]


@pytest.fixture(autouse=True)
def warm() -> Iterator[None]:
    assert render("x").html == "<p>x</p>"
    yield
    assert render("x").html == "<p>x</p>"  # whatever a test has done


def test_a_late_text_is_shown_as_typed_and_its_author_told() -> None:
    before = pid_of()
    made = render(f"<b>one</b>\ntwo\n\n{LATE}")

    assert made.html == f"<p>&lt;b&gt;one&lt;/b&gt;<br>\ntwo</p>\n<p>{LATE}</p>"
    assert "shown as you typed it" in str(made.notice)
    assert state(before) is None  # killed and waited for
    assert pid_of() != before


def test_nobody_waits_for_anothers_late_text() -> None:
    first = pid_of()
    with worker._lock, ThreadPoolExecutor(max_workers=2) as pool:  # as while a slow text is being formatted
        quick = [pool.submit(render, f"*{number}*") for number in range(2)]
        made = [each.result().html for each in quick]

    assert made == ["<p><em>0</em></p>", "<p><em>1</em></p>"]
    assert formatting() == [first]


def test_a_late_text_among_many_costs_only_itself() -> None:
    made = list(render_many(["a", LATE, "*b*"]))

    assert [each.html for each in (made[0], made[2])] == ["<p>a</p>", "<p><em>b</em></p>"]
    assert [each.notice is None for each in made] == [True, False, True]


def test_a_text_is_formatted_although_its_process_was_killed() -> None:
    source = "\n\n".join(f"```python\nx = {number}\n```" for number in range(300))
    pid = pid_of()
    made: list[str] = []
    thread = Thread(target=lambda: made.append(render(source).html))
    thread.start()
    time.sleep(0.05)
    os.kill(pid, signal.SIGKILL)
    thread.join()

    assert state(pid) is None
    assert made[0].count("<pre") == 300


def test_a_process_killed_between_two_texts_is_replaced() -> None:
    pid = pid_of()
    os.kill(pid, signal.SIGKILL)

    assert render("*a*").html == "<p><em>a</em></p>"
    assert state(pid) is None


def test_a_text_whose_process_dies_each_time_is_shown_as_typed() -> None:
    made: list[Rendered] = []
    thread = Thread(target=lambda: made.append(render(LATE)))
    thread.start()
    while thread.is_alive():
        child = worker._child
        if child:
            child.process.send_signal(signal.SIGKILL)
        time.sleep(0.01)

    assert made[0].html == f"<p>{LATE}</p>"
    assert made[0].notice


def test_threads_share_one_process() -> None:
    sources = [f"*{number}*" for number in range(200)]
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(render, sources))

    assert [each.html for each in made] == [f"<p><em>{number}</em></p>" for number in range(200)]


def test_a_fork_gets_a_process_of_its_own_and_leaves_its_parents_alone() -> None:
    script = """
import os
from iocop.core.text.render import render
from iocop.core.text.worker import worker
render("x")
mine = worker._child.process.pid
worker._lock.acquire()  # as another thread may, which the fork does not have
pid = os.fork()
if pid == 0:
    assert render("*a*").html == "<p><em>a</em></p>"
    assert worker._child.process.pid != mine
    raise SystemExit(7)
worker._lock.release()
assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7
assert render("*b*").html == "<p><em>b</em></p>"
assert worker._child.process.pid == mine
print(mine)
"""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, check=True
    )

    assert done.stderr == ""
    assert gone(int(done.stdout))  # the interpreter's end closes it


def test_the_process_ends_with_a_parent_that_was_killed() -> None:
    script = """
import os
from iocop.core.text.render import render
from iocop.core.text.worker import worker
render("x")
print(worker._child.process.pid, flush=True)
os.kill(os.getpid(), 9)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)

    assert done.returncode == -signal.SIGKILL
    assert gone(int(done.stdout))


def test_the_process_holds_the_formatting_and_nothing_of_the_site() -> None:
    loaded = Path(f"/proc/{pid_of()}/maps").read_text()

    assert "nh3" in loaded
    for unwanted in ("sqlalchemy", "lxml", "PIL", "greenlet", "_sqlite3", "markupsafe"):
        assert unwanted not in loaded


def test_a_closed_worker_starts_again() -> None:
    other: Worker[Answer] = Worker("iocop.core.text.working")
    pid = pid_of(other)
    other.close()

    assert state(pid) is None
    assert other.run("markdown", ["x"]) == [Answer(html="<p>x</p>", plain="x", headings=[])]
    other.close()
    other.close()
