"""What the tests of elections share."""

from __future__ import annotations

from functools import cache
from itertools import count

import pytest

from iocop.elections.sealing.tokens import Issuer

_made = count()
_generate = Issuer.generate


@cache
def _issuer(number: int) -> Issuer:
    return _generate()


@pytest.fixture(autouse=True)
def few_issuers(monkeypatch: pytest.MonkeyPatch) -> None:
    """RSA keys of 3072 bits take a second each: a process makes two, and two elections at once never share one."""

    def made(bits: int = 3072) -> Issuer:
        return _issuer(next(_made) % 2) if bits == 3072 else _generate(bits)

    monkeypatch.setattr(Issuer, "generate", made)
