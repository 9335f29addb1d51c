"""Did you mean: only words that no text has, and only by words that everybody may read."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

import pytest

from iocop.search.query import parse
from iocop.search.spelling import mended

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from iocop.search.port import SearchEngine


class Dictionary:
    """An engine that knows a few words."""

    words: ClassVar = {"frost": 9, "pump": 40, "coil": 3}
    nearly: ClassVar = {"frots": "frost", "pmup": "pump"}

    def known(self, words: Collection[str]) -> dict[str, int]:
        return {word: self.words[word] for word in words if word in self.words}

    def near(self, word: str, limit: int) -> Sequence[tuple[str, int]]:
        return [(self.nearly[word], 1)][:limit] if word in self.nearly else []


@pytest.mark.parametrize(
    ("typed", "instead"),
    [
        ("frots", "frost"),
        ("Frots -old tag:ice pmup", "frost -old tag:ice pump"),
        ("frost pump", ""),
        ("frots zzzzz", "frost zzzzz"),
        ("zzzzz", ""),
        ('"frots"', ""),
        ("tag:frots", ""),
        ("-frots", ""),
        ("frots.h", ""),
        ("frots2", ""),
        ("fr", ""),
        ("", ""),
    ],
)
def test_what_is_offered_instead(typed: str, instead: str) -> None:
    assert mended(parse(typed), cast("SearchEngine", Dictionary())) == instead
