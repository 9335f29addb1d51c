"""Canonical JSON (RFC 8259, keys sorted, no spaces) and the one hash: both sides of a comparison write the same bytes."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, TypeAlias

from iocop.elections.sealing.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Json: TypeAlias = "Mapping[str, Json] | Sequence[Json] | str | int | None"

LARGEST = 2**53 - 1  # beyond it JavaScript's numbers are no longer exact


def digest(data: bytes) -> bytes:
    """Return SHA-256 of *data*, 32 bytes."""
    return hashlib.sha256(data).digest()


def dumps(thing: Json) -> bytes:
    """Write *thing* the one canonical way.

    Raises:
        ValueError: *thing* holds what has no canonical form: a fraction, bytes, a key that is not ASCII text,
            a number beyond 2⁵³ − 1 or half a surrogate pair.
    """
    _canonical(thing)
    return json.dumps(thing, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def loads(data: bytes) -> Json:
    """Read a document, which must be canonical.

    A name that stands twice, a space or another order would let two readers of the same hash see different things.

    Raises:
        Refused: reason ``document``: not JSON, or not in its canonical form.
    """
    try:
        thing: Json = json.loads(data.decode())
        same = dumps(thing) == data
    except (ValueError, RecursionError) as problem:
        raise Refused("document", f"This is not canonical JSON: {problem}") from problem
    if not same:
        raise Refused("document", "This is not canonical JSON: keys sorted, each once, no spaces.")
    return thing


def _canonical(thing: object) -> None:
    if isinstance(thing, dict):
        _names(thing)
        thing = list(thing.values())
    if isinstance(thing, list | tuple):
        for value in thing:
            _canonical(value)
    elif isinstance(thing, int):
        if abs(thing) > LARGEST:
            raise ValueError(f"{thing} is beyond 2**53 - 1: write it as text.")
    elif not (thing is None or isinstance(thing, str)):
        raise ValueError(f"{type(thing).__name__} has no canonical form.")


def _names(thing: dict[object, object]) -> None:
    for name in thing:
        if not isinstance(name, str) or not name.isascii():
            raise ValueError(f"{name!r} is no name for canonical JSON: take ASCII text.")
