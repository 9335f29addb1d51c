"""The member number finds a typing mistake by itself."""

from __future__ import annotations

import pytest

from iocop.members.numbers import LARGEST, check_digit, parse, shown

IDS = range(1, 10_001)


@pytest.mark.parametrize(
    ("digits", "check"),
    [("0794", "0"), ("079", "X"), ("000000021825009", "7")],
    ids=["ISO 7064, example", "ISO 7064, X", "a published ORCID"],
)
def test_the_check_digit_is_that_of_the_standard(digits: str, check: str) -> None:
    assert check_digit(digits) == check


def test_every_number_is_read_back_as_it_was_shown() -> None:
    assert all(parse(shown(number)) == number for number in (*IDS, LARGEST))


def test_a_wrong_digit_is_always_found() -> None:
    for number in IDS:
        written = shown(number)[6:].replace("-", "")
        for place, right in enumerate(written):
            wrong = (one for one in "0123456789X" if one != right)
            assert all(parse(written[:place] + one + written[place + 1 :]) is None for one in wrong)


def test_two_neighbours_that_changed_places_are_always_found() -> None:
    for number in IDS:
        written = shown(number)[6:].replace("-", "")
        for place in range(7):
            left, right = written[place], written[place + 1]
            if left != right:
                assert parse(written[:place] + right + left + written[place + 2 :]) is None


@pytest.mark.parametrize(
    "text", ["IOCOP-0001-2344", "iocop-0001-2344", "00012344", " 0001-2344 ", "IOCOP 0001 2344"]
)
def test_a_number_is_read_with_or_without_its_prefix(text: str) -> None:
    assert parse(text) == 1234


@pytest.mark.parametrize(
    "text", ["", "1234", "IOCOP-0001-2345", "IOCOP-0000-0001", "٠٠٠١٢٣٤٤", "ORCID-0001-2344"]
)
def test_anything_else_is_no_number(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize("number", [0, -1, LARGEST + 1])
def test_a_number_nobody_can_have_is_not_shown(number: int) -> None:
    with pytest.raises(ValueError, match="no member number"):
        shown(number)
