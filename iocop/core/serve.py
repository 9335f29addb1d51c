"""`iocop serve`: gunicorn and one worker process under one roof, on one machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.orm import close_all_sessions

from iocop.core.db import db

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

_at_start: list[Callable[[], None]] = []


def at_start(say: Callable[[], None]) -> Callable[[], None]:
    """Call the decorated function, in an application context, before the site serves, by whichever command."""
    if say not in _at_start:
        _at_start.append(say)
    return say


def serve(app: Flask) -> None:
    """Serve until told to stop, and end the program; a worker that dies is started again.

    This process becomes gunicorn's first one. The others are its forks, and share with it the code it has loaded.
    """
    from iocop.core.arbiter import Site  # gunicorn is needed by this command alone

    Site(app).run()


def begin(app: Flask) -> None:
    """Do what belongs to a start, in gunicorn's first process before it forks; nothing where it serves another site."""
    if "settings" not in app.extensions:
        return
    with app.app_context():
        for say in _at_start:
            say()
        close_all_sessions()  # nothing that is open may be had twice
        db.engine.dispose()
