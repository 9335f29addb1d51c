"""What happened: frozen dataclasses, written to the outbox in the same transaction as the change they tell of.

`emit` writes; `@within` listeners run inside the transaction and never commit; `@after` listeners are told by the worker
(`core.outbox`), at least once, after the commit.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass, fields
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from sqlalchemy import BigInteger, Text, bindparam, cast, func, insert, literal

from iocop.core import clock
from iocop.core.db import act, is_postgresql

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Insert

Handler = TypeVar("Handler", bound="Callable[[Any], None]")


@dataclass(frozen=True)
class Event:
    """Something that happened: ids only, no secrets, no text.

    Every event names its actor (`actor_id`: a member, or None when the site acted by itself) and at least one resource
    (another field ending in `_id` or `_ids`), as the actors-resources-activities model has it.
    """

    kinds: ClassVar[dict[str, type[Event]]] = {}

    actor_id: int | None

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        Event.kinds[cls.__name__] = cls

    @classmethod
    def resources(cls) -> list[str]:
        """Name the fields that refer to what was acted upon."""
        return [
            item.name
            for item in fields(cls)
            if item.name != "actor_id" and item.name.endswith(("_id", "_ids"))
        ]


@dataclass(frozen=True)
class Listener:
    """A function that is told of some kinds of event after they were committed."""

    name: str
    kinds: tuple[str, ...]
    tell: Callable[[Any], None]


_within: dict[type[Event], list[Callable[[Any], None]]] = defaultdict(list)
_after: dict[str, Listener] = {}


def within(*kinds: type[Event]) -> Callable[[Handler], Handler]:
    """Run the decorated function inside the emitting transaction, for counters that must never disagree."""

    def register(handler: Handler) -> Handler:
        for kind in kinds:
            if handler not in _within[kind]:
                _within[kind].append(handler)
        return handler

    return register


def after(*kinds: type[Event]) -> Callable[[Handler], Handler]:
    """Have the worker tell the decorated function, at least once; so it must be idempotent."""

    def register(handler: Handler) -> Handler:
        name = f"{handler.__module__}.{handler.__qualname__}"
        _after[name] = Listener(name, tuple(kind.__name__ for kind in kinds), handler)
        return handler

    return register


def listeners() -> dict[str, Listener]:
    """Return the `@after` listeners by name."""
    return _after


def emit(happened: Event) -> None:
    """Record an event in the current act and run its `@within` listeners."""
    with act() as session:
        session.flush()
        row = {"name": type(happened).__name__, "payload": asdict(happened), "at": clock.now()}
        session.connection().execute(_recording(is_postgresql()), row)
        for handler in _within[type(happened)]:
            handler(happened)


@cache
def _recording(for_postgresql: bool) -> Insert:
    """Return what writes one event, made once: every act emits."""
    from iocop.core.models import EventRow  # models need db, which events must not wait for

    xid = cast(cast(func.pg_current_xact_id(), Text), BigInteger) if for_postgresql else literal(0)
    given: dict[str, Any] = {name: bindparam(name) for name in ("name", "payload", "at")}
    return insert(EventRow).values(xid=xid, **given)
