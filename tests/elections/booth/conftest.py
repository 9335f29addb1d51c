"""Elections that are open, and voters at a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser.person import started_chromium
from tests.elections.booth.stub import Stub, served, voting
from tests.elections.booth.voter import BoothVoter

if TYPE_CHECKING:
    from playwright.sync_api import Browser

expect.set_options(timeout=15_000)  # milliseconds: sealing takes the processor, and others test beside us

Polls = Callable[..., Stub]
Voters = Callable[..., BoothVoter]


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    with started_chromium() as browser:
        yield browser


@pytest.fixture
def poll_of() -> Iterator[Polls]:
    """Opens an election: `poll_of("block", seats=3)`."""
    with ExitStack() as stack:
        yield lambda *rule, **rules: stack.enter_context(served(voting(*rule, **rules)))


@pytest.fixture
def poll(poll_of: Polls) -> Stub:
    return poll_of()


@pytest.fixture
def voter_at(chromium: Browser) -> Iterator[Voters]:
    """Opens a browser at an election's booth: `voter_at(poll, signed_in=False, width=320)`; complaints fail the test."""
    opened: list[BoothVoter] = []

    def open_booth(poll: Stub, **options: Any) -> BoothVoter:
        opened.append(BoothVoter(chromium, poll, **options))
        return opened[-1]

    yield open_booth
    for voter in opened:
        voter.close()
    assert [
        found for voter in opened for found in voter.complaints.found if not found.startswith("404:")
    ] == []


@pytest.fixture
def voter(poll: Stub, voter_at: Voters) -> BoothVoter:
    """A member with a browser in which nothing is open yet."""
    return voter_at(poll)
