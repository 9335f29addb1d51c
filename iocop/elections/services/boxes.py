"""Where each election's ballots lie: one open box a process and election."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

from flask import current_app

from iocop.elections.box import engines
from iocop.elections.box.store import Box

if TYPE_CHECKING:
    from iocop.core.settings import Settings
    from iocop.elections.sealing.freezing import Freeze

_open: dict[tuple[int, str, int], Box] = {}
_opening = threading.Lock()
"""Two boxes of one process would each commit alone, and neither wait for the other's threads."""


def address() -> str:
    """Return where ballots are kept: a folder, or a PostgreSQL database of its own."""
    settings: Settings = current_app.extensions["settings"]
    return settings.ballot_box_url or f"{settings.data_dir}/ballots"


def box_of(freeze: Freeze) -> Box:
    """Return the box of a frozen election, opened once a process (a connection does not survive a fork)."""
    key = (os.getpid(), address(), freeze.election)
    if key not in _open:
        with _opening:
            if key not in _open:
                _open[key] = Box(key[1], freeze.election, freeze.block_minimum)
    return _open[key]


def destroy(election_id: int) -> None:
    """Delete an election's ballots; nothing, where there are none."""
    where = address()
    held = _open.pop((os.getpid(), where, election_id), None)
    if held is not None:
        held.engine.dispose()
    engines.destroy(where, election_id)
