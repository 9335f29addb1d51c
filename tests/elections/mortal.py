"""A web process that dies, as by kill -9, at a chosen moment of taking a ballot."""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def dying(after: int) -> Callable[[], None]:
    """Return what ends this process at its *after*-th call."""
    calls = count(1)

    def call() -> None:
        if next(calls) == after:
            os.kill(os.getpid(), signal.SIGKILL)

    return call


def serve(port: int, moment: str, after: int) -> None:
    """Serve the site of the environment until the chosen moment has come so often; `never`: until it is stopped."""
    from werkzeug.serving import make_server

    from iocop import create_app

    if moment != "never":
        MOMENTS[moment](dying(after))
    make_server("127.0.0.1", port, create_app(), threaded=True).serve_forever()


def catch_up(election_id: int, after: int) -> None:
    """Write the heads of the board, and die with the *after*-th of them written but not committed."""
    from iocop import create_app
    from iocop.elections.queries import casting
    from iocop.elections.services import blocking

    die, whole = dying(after), blocking._block

    def block(*given: Any) -> Any:
        made = whole(*given)
        die()
        return made

    blocking._block = block  # type: ignore[assignment]
    with create_app().app_context():
        blocking.catch_up(casting.poll_of(election_id))


def _between_the_old_rows_and_the_new(die: Callable[[], None]) -> None:
    from iocop.elections.box import hands

    columns = hands._columns
    into_file: Any = hands.FileHand._insert

    def insert(*given: Any) -> None:
        die()
        into_file(*given)

    def given_columns(rows: Any) -> Any:
        die()
        return columns(rows)

    hands.FileHand._insert = insert  # type: ignore[assignment, method-assign]
    hands._columns = given_columns


def _before_the_commit(die: Callable[[], None]) -> None:
    from iocop.elections.box import store

    writing: Any = store.Box._writing

    @contextmanager
    def dying_with_it(box: store.Box) -> Iterator[Any]:
        with writing(box) as hand:
            hand._connection = Last(hand._connection, die)
            yield hand

    store.Box._writing = dying_with_it  # type: ignore[assignment, method-assign]


class Last:
    """A driver's connection whose commit comes too late."""

    def __init__(self, connection: Any, die: Callable[[], None]) -> None:
        self._connection, self._die = connection, die

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def commit(self) -> None:
        """Let everything before arrive, then die instead."""
        if hasattr(self._connection, "pgconn"):
            with self._connection.pipeline():
                pass
        self._die()
        self._connection.commit()


def _before_the_acknowledgement(die: Callable[[], None]) -> None:
    from iocop.elections.services import casting

    whole = casting.acknowledge

    def acknowledge(*given: Any) -> Any:
        die()
        return whole(*given)

    casting.acknowledge = acknowledge  # type: ignore[assignment]


MOMENTS: dict[str, Callable[[Callable[[], None]], None]] = {
    "between the old rows and the new": _between_the_old_rows_and_the_new,
    "before the commit": _before_the_commit,
    "before the acknowledgement": _before_the_acknowledgement,
}
