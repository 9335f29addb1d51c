"""Both verifiers, side by side; the slow one remembers what it has reckoned already."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from iocop.elections import archive_verify as plain
from iocop.elections.verifying import verify

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Refusals = Callable[..., dict[str, list[str]]]

SLOW = ("ed25519_holds", "ed25519_point", "rsa_pss_holds", "x25519", "hpke_seal", "hpke_open")


@pytest.fixture(scope="session")
def _remembering() -> Iterator[None]:
    """Hundreds of archives differ in a byte each: a pure function asked the same again answers from memory."""
    with pytest.MonkeyPatch.context() as patch:
        for name in SLOW:
            patch.setattr(plain, name, cache(getattr(plain, name)))
        yield


@pytest.fixture
def refusals(_remembering: None) -> Refusals:
    """Return what either verifier says of an archive: nothing where it agrees."""

    def ask(parts: Mapping[str, bytes], mailed: str | None = None) -> dict[str, list[str]]:
        return {
            "plain": plain.examine(dict(parts), mailed)[0],
            "site": [str(finding) for finding in verify(parts, mailed=mailed).findings],
        }

    return ask
