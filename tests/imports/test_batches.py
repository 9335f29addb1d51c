"""Batches are made while others are used, in a thread or in a process of its own."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from iocop.imports.batches import Aside, ahead, batches, early

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask


def counted(most: int) -> Iterator[tuple[int, int]]:
    for number in range(most):
        if number == 3:
            raise ValueError("three is too many")
        yield number, os.getpid()


def test_batches_are_full_but_for_the_last() -> None:
    assert list(batches(range(5), 2)) == [[0, 1], [2, 3], [4]]
    assert list(batches([], 2)) == []


def test_a_thing_is_given_out_once_the_next_is_begun() -> None:
    to_come = iter((1, 2, 3, 4))
    things = early(to_come)

    assert (next(things), next(to_come)) == (1, 3)
    assert list(things) == [2, 4]
    assert list(early(iter([]))) == []


def test_things_made_beforehand_keep_their_order(app: Flask) -> None:
    assert list(ahead(app, iter(range(7)))) == [0, 1, 2, 3, 4, 5, 6]
    assert list(ahead(app, iter([]))) == []


def test_another_process_makes_what_it_is_told(app: Flask) -> None:
    with Aside(app, counted) as aside:
        numbers, makers = zip(*aside.made(3), strict=True)

    assert numbers == (0, 1, 2)
    assert os.getpid() not in makers


def test_a_process_that_fails_is_no_end_of_things(app: Flask, capfd: pytest.CaptureFixture[str]) -> None:
    with Aside(app, counted) as aside, pytest.raises(RuntimeError, match="was ended"):
        list(aside.made(4))

    assert "three is too many" in capfd.readouterr().err
