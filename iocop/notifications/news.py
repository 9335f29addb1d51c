"""What happened, as a notice tells it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class News:
    """One thing that happened; every receiver is told of it once.

    Attributes:
        event_key: the same for the same happening, however often the event is told.
        actor_id: whose name the notice says; None: nobody's.
        matter, words: as `Notice` has them.
        mailed: False where another feature sends a mail of its own.
    """

    event_key: str
    actor_id: int | None = None
    contribution_id: int | None = None
    root_id: int | None = None
    matter: str = ""
    words: str = ""
    mailed: bool = True
