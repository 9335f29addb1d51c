"""Watching an election from outside: what its site shows today is what it showed before, and what was mailed."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin
from urllib.request import Request, urlopen

from iocop.elections.sealing.canonical import digest
from iocop.elections.verifying.chains import HEAD, unwrapped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LARGEST = 20_000_000  # bytes of a page that is read
PATIENCE = 30  # seconds a page may take


class Unreachable(Exception):
    """The site did not show what it has to; the message says what."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What the site showed at one look.

    Attributes:
        freeze, booth: hashes of freeze.json and of the booth page.
        frozen_booth: the hash of the booth page that freeze.json names.
        heads: lines of heads.txt, as far as it has come.
    """

    freeze: str
    booth: str
    frozen_booth: str
    heads: tuple[str, ...]

    @property
    def closed(self) -> bool:
        """Whether the board is sealed: nothing more is to come."""
        return bool(self.heads) and self.heads[-1].startswith("sealed ")

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Sight:
        """Read what `as_json` wrote.

        Raises:
            KeyError, TypeError: it is something else.
        """
        return cls(data["freeze"], data["booth"], data["frozen_booth"], tuple(data["heads"]))


def fetch(address: str) -> bytes:
    """Return what an address shows; https or http alone.

    Raises:
        Unreachable: no answer, an error, or more than 20 MB.
    """
    if not address.startswith(("https://", "http://")):
        raise Unreachable(f"{address}: an address begins with https://")
    try:
        request = Request(address, headers={"User-Agent": "iocop elections watch"})  # noqa: S310 -- looked at above
        with urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
            content: bytes = answer.read(LARGEST + 1)
    except (OSError, ValueError) as problem:
        raise Unreachable(f"{address}: {problem}") from problem
    if len(content) > LARGEST:
        raise Unreachable(f"{address}: this is more than {LARGEST} bytes")
    return content


def look(address: str, get: Callable[[str], bytes] = fetch) -> Sight:
    """Look at an election.

    Args:
        address: of its page, such as https://community.example/elections/7.

    Raises:
        Unreachable: a page is missing, or freeze.json cannot be read.
    """
    address = address.rstrip("/") + "/"
    freeze = get(urljoin(address, "freeze.json"))
    try:
        frozen_booth = str(json.loads(freeze)["booth"])
    except (ValueError, KeyError, TypeError) as problem:
        raise Unreachable(f"{address}freeze.json: this is no freeze") from problem
    heads = get(urljoin(address, "heads.txt")).decode(errors="replace").splitlines()
    return Sight(
        digest(freeze).hex(), digest(get(urljoin(address, "booth.html"))).hex(), frozen_booth, tuple(heads)
    )


def differences(now: Sight, before: Sight | None, mailed: str = "") -> Iterator[str]:
    """Say what is not as it was, or not as it has to be.

    Args:
        before: what was seen first, or at the last look that found nothing.
        mailed: any text with lines of heads.txt as they came by mail.
    """
    if before and now.freeze != before.freeze:
        yield f"freeze.json is another one: its hash was {before.freeze}, now it is {now.freeze}"
    if now.booth != now.frozen_booth:
        yield f"the booth page is not the frozen one: freeze.json names {now.frozen_booth}, its hash is {now.booth}"
    if not now.heads or not now.heads[0].startswith(f"block 0 {now.freeze} tokens 0 "):
        yield "heads.txt, line 1: it does not begin with the hash of freeze.json"
    yield from _misplaced(now.heads)
    for number, (seen, line) in enumerate(zip_longest(before.heads if before else (), now.heads), 1):
        if seen is not None and seen != line:
            yield f"heads.txt, line {number}: it was “{seen}”, now it is “{line or 'gone'}”"
    for found in HEAD.finditer(mailed):
        kept = unwrapped(found)
        if kept not in now.heads:
            yield f"“{kept}” was mailed, and is not in heads.txt: the board is another one, or went back"


def _misplaced(heads: tuple[str, ...]) -> Iterator[str]:
    tokens = 0
    for number, line in enumerate(heads, 1):
        match = HEAD.fullmatch(line)
        last = number == len(heads) and line.startswith("sealed ")
        if match is None or unwrapped(match) != line or not (last or match[2] == str(number - 1)):
            yield f"heads.txt, line {number}: expected the head of block {number - 1}, found “{line[:150]}”"
        elif not last and int(match[3]) < tokens:
            yield f"heads.txt, line {number}: {match[3]} tokens, after {tokens} in the line before"
        tokens = int(match[3]) if match and match[3] else tokens
