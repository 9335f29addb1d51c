from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iocop.elections.sealing import codes, edwards
from iocop.elections.sealing.derive import hkdf
from iocop.elections.sealing.refusals import Refused
from tests.elections.vectors.ballots import World

CODE = bytes(range(16))


@given(st.binary(min_size=16, max_size=16))
def test_a_code_is_read_back_as_it_was_written(code: bytes) -> None:
    assert codes.read(codes.write(code)) == code


def test_a_code_is_seven_groups_of_four() -> None:
    letters = base64.b32encode(CODE).decode().rstrip("=")  # the same bits in the alphabet of RFC 4648

    text = codes.write(CODE)

    assert [len(group) for group in text.split("-")] == [4] * 7
    assert text.replace("-", "")[:26] == letters.translate(
        str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", codes.ALPHABET)
    )


@pytest.mark.parametrize(
    "typed",
    [
        "000g-40r4-0m30-e209-185g-r38e-1whh",
        " OOOG–4OR4 OM3O_E2O9.I85G R38E lWHH\n",
        "000G40R40M30E209185GR38E1WHH",
    ],
    ids=["small letters", "lookalikes and spaces", "without hyphens"],
)
def test_case_separators_and_lookalikes_do_not_matter(typed: str) -> None:
    assert codes.read(typed) == CODE


@pytest.mark.parametrize(
    ("typed", "reason", "mend"),
    [
        ("000G-40R4-0M30-E209-185G-R38E-1WHU", "code-letter", "“U” does not occur"),
        ("000G-40R4-0M30-E209-185G-R38E-1W", "code-length", "these are 26"),
        ("000G-40R4-0M30-E209-185G-R38E-1WHHG", "code-length", "these are 29"),
        ("", "code-length", "these are 0"),
        ("000G-40R4-0M30-E209-185G-R38E-1WHJ", "code-check", "group by group"),
        ("000G-40R4-0M30-E209-185G-R38E-1XHH", "code-check", "group by group"),
        ("000G-40R4-0M30-E209-185G-R38E-1VHH", "code-check", "group by group"),
    ],
    ids=["letter", "short", "long", "empty", "check", "last bits", "code"],
)
def test_a_mistyped_code_is_told_what_to_mend(typed: str, reason: str, mend: str) -> None:
    with pytest.raises(Refused, match=mend) as refusal:
        codes.read(typed)

    assert refusal.value.reason == reason


@given(st.binary(min_size=16, max_size=16), st.integers(0, 25), st.sampled_from(codes.ALPHABET))
def test_a_wrong_letter_hardly_ever_passes_and_never_as_the_same_code(
    code: bytes, place: int, letter: str
) -> None:
    letters = list(codes.write(code).replace("-", ""))
    if letters[place] == letter:
        return
    letters[place] = letter
    try:
        read = codes.read("".join(letters))
    except Refused:
        return
    assert read != code


def test_everything_a_voter_has_follows_from_the_code_and_the_election(world: World) -> None:
    freeze = world.freeze

    voter = codes.voter(CODE, freeze)

    assert voter.key == edwards.public(hkdf(CODE, freeze.hash, b"iocop voter key", 32))
    assert voter.randomizer == hkdf(CODE, freeze.hash, b"iocop randomizer", 32)
    assert voter.salt == hkdf(CODE, freeze.hash, b"iocop salt", 48)
    assert voter.own_key == hkdf(CODE, freeze.hash, b"iocop own key", 32)
    blind = int.from_bytes(hkdf(CODE, freeze.hash, b"iocop blind", 448))
    assert voter.factor == 1 + blind % (freeze.modulus - 1)
    assert voter.ballot_seed(3, bytes(32)) == hkdf(
        CODE, freeze.hash, b"iocop ballot seed\x03" + bytes(32), 32
    )
    assert codes.voter(CODE, World(election=8).freeze).key != voter.key


def test_nothing_secret_is_shown_when_a_voter_is_printed(world: World) -> None:
    voter = codes.voter(CODE, world.freeze)

    assert voter.seed.hex() not in repr(voter)
    assert repr(voter.seed) not in repr(voter)
    assert str(voter.factor) not in repr(voter)


def test_a_code_has_sixteen_bytes(world: World) -> None:
    for made in (codes.write, lambda code: codes.voter(code, world.freeze)):
        with pytest.raises(ValueError, match="16 bytes, not 15"):
            made(bytes(15))
