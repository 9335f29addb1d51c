"""Nobody learns from what is stored who cast which ballot."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from iocop.core.db import db
from iocop.elections.queries import casting
from iocop.elections.services import blocking, boxes, mailing
from tests.elections.attack import hits, orders, queues
from tests.elections.held import Held, hold

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

VOTERS = 40
BLOCK = 10
CHANCE = VOTERS // BLOCK
"""Links that somebody makes who guesses: one a block."""
LUCK = 10
"""More than that is no luck: the links of four blocks guessed at have a variance of 4, so this is five deviations."""
RHYTHM = 7
"""Voters who come between two looks of the worker: fewer than a block holds, so its mails could say more than a block."""


@pytest.fixture
def folders(app: Flask, tmp_path: Path) -> list[Path]:
    """Every folder the site writes into."""
    settings = app.extensions["settings"]
    found = [settings.data_dir]
    if db.engine.dialect.name == "sqlite":
        found.append(type(tmp_path)(str(db.engine.url.database)).parent)
    return found


def test_point_04_an_attacker_with_all_files_logs_and_keys_links_no_better_than_by_guessing(
    folders: list[Path], capfd: pytest.CaptureFixture[str]
) -> None:
    held = hold(VOTERS)
    cast = {}
    for place, member in enumerate(held.voters, 1):
        cast[member.id] = held.vote(member, 1, 2, 3).ballot
        if place % RHYTHM == 0 or place == VOTERS:
            look_after(held)
    found = dict(queues(held, cast))
    read = capfd.readouterr()
    tried = {
        (name, by): hits(held, order, found["the register"], queue)
        for name, order in orders(held, folders, read.out + read.err)
        for by, queue in found.items()
    }
    assert found["the register"] == list(cast.values())
    assert {len(queue) for queue in found.values()} == {VOTERS}
    assert any(name.startswith(("bytes of election", "boxed")) for name, _ in tried)
    assert max(tried.values()) <= CHANCE + LUCK, tried


def look_after(held: Held) -> None:
    """Do what the worker does meanwhile: write the heads of blocks, mail them, mail whose tokens were issued."""
    blocking.catch_up(casting.poll_of(held.id))
    mailing.tell_of_tokens()
    mailing.mail_heads()


@pytest.mark.usefixtures("app")
def test_the_attack_would_find_the_order_in_a_box_that_kept_it(tmp_path: Path) -> None:
    """So the test above can fail: a file the ballots were appended to links every one of them."""
    held = hold(20)
    folder = tmp_path / "leak"
    folder.mkdir()
    truth = []
    with (folder / "ballots.log").open("ab") as leak:
        for member in held.voters:
            wire = held.wire(member, [1, 2, 3])
            leak.write(wire)
            truth.append(held.send(wire).ballot)
    tried = {name: hits(held, order, truth) for name, order in orders(held, [folder], "")}
    assert tried["bytes of ballots.log"] == 20


@pytest.mark.only("sqlite")
def test_a_copy_taken_while_ballots_wait_tells_no_order_either(app: Flask, tmp_path: Path) -> None:
    held = hold(VOTERS)
    truth = [held.vote(member, 1, 2, 3).ballot for member in held.voters[:8]]
    folder = app.extensions["settings"].data_dir / "ballots"
    shutil.copytree(folder, tmp_path / "copy")
    waiting = boxes.box_of(held.freeze).newest_of(held.voter(held.voters[0]).key)
    assert waiting is not None
    content = next((tmp_path / "copy").glob("*.sqlite")).read_bytes()
    places = [content.rfind(hash_) for hash_ in truth]
    assert min(places) > 0
    assert sorted(truth, reverse=True) == [hash_ for _, hash_ in sorted(zip(places, truth, strict=True))]
