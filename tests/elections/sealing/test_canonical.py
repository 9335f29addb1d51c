from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iocop.elections.sealing.canonical import digest, dumps, loads
from iocop.elections.sealing.refusals import Refused

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
plain = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts
names = st.text(st.characters(max_codepoint=127), max_size=4)
things = st.recursive(
    plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3)
)


@given(things)
def test_what_is_written_is_read_back(thing: object) -> None:
    assert loads(dumps(thing)) == thing  # type: ignore[arg-type]  # Hypothesis does not say what it draws


def test_keys_are_sorted_and_letters_stand_as_they_are() -> None:
    assert dumps({"b": [1, True, None], "a": "Zoë\n"}) == '{"a":"Zoë\\n","b":[1,true,null]}'.encode()


@pytest.mark.parametrize(
    "thing",
    [1.5, b"x", {1: 2}, {"ä": 1}, 2**53, -(2**53), ["\ud800"], {"a": {1.0: 2}}],
    ids=[
        "fraction",
        "bytes",
        "number as a name",
        "name not ASCII",
        "too large",
        "too small",
        "half a pair",
        "inside",
    ],
)
def test_what_has_no_canonical_form_is_not_written(thing: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        dumps(thing)  # type: ignore[arg-type]  # that is the point


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1,"a":1}',
        b'{"a": 1}',
        b'{"b":1,"a":1}',
        b'{"a":1}\n',
        b'{"a":1.0}',
        b'"\\u00e4"',
        b"\xff",
        b"{",
        b"[" * 99999,
    ],
    ids=["twice", "space", "order", "line", "fraction", "escape", "not UTF-8", "not JSON", "deep"],
)
def test_another_writing_of_the_same_is_refused(data: bytes) -> None:
    with pytest.raises(Refused) as refusal:
        loads(data)

    assert refusal.value.reason == "document"


def test_the_hash_is_sha_256() -> None:
    assert digest(b"abc").hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
