"""Names are compared without case, accents and legal form."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from iocop.organizations import naming


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Wendelstrom Gebäudetechnik GmbH", "wendelstrom gebaudetechnik"),
        ("Kererū Ridge", "Kereru-Ridge"),
        ("A.C.M.E. Inc", "ACME"),
        ("Hollen & Marsh Ltd.", "Hollen and Marsh"),
    ],
)
def test_two_ways_of_writing_a_name_are_one(one: str, other: str) -> None:
    assert naming.folded(one) == naming.folded(other)


def test_a_name_that_is_only_a_legal_form_is_still_a_name() -> None:
    assert naming.folded("SAS") == "sas"


def test_an_abbreviated_name_is_suggested_and_another_is_not() -> None:
    assert naming.likeness("norrvale mechanical", "norrvale") >= naming.ALIKE
    assert naming.likeness("norrvale", "tidewell homes") < naming.ALIKE
    assert naming.likeness("", "norrvale") == 0


@given(st.text(max_size=80))
@example("𝕬")
def test_a_slug_is_always_fit_for_an_address(name: str) -> None:
    made = naming.slug(name)

    assert made
    assert made not in naming.RESERVED
    assert set(made) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


def test_the_second_of_a_name_gets_a_number() -> None:
    assert naming.free_slug("Acme", {"acme", "acme-2"}) == "acme-3"
