"""A web process that dies, as by kill -9, at a chosen moment of taking a ballot."""

from __future__ import annotations

import os
import signal
from itertools import count
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection


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
    from iocop.elections.box import store

    whole: Any = vars(store)["insert"]

    def insert(table: Any) -> Any:
        die()
        return whole(table)

    vars(store)["insert"] = insert


def _before_the_commit(die: Callable[[], None]) -> None:
    from iocop.elections.box import store

    whole = store.Box._keep

    def keep(self: store.Box, connection: Connection, *given: Any, **named: Any) -> None:
        whole(self, connection, *given, **named)
        die()

    store.Box._keep = keep  # type: ignore[method-assign]


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
