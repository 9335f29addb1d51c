"""Ballots are backed up while they are cast, and restored: whatever was acknowledged is there, in no order."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from iocop.core import backup
from iocop.core.db import db
from iocop.elections.box.engines import file_of
from iocop.elections.box.store import Box
from iocop.elections.services import boxes
from tests.core.test_backup import empty_url, iocop
from tests.elections.held import hold

if TYPE_CHECKING:
    from flask import Flask

__all__ = ["empty_url"]


def test_ballots_are_backed_up_and_restored_with_the_site(app: Flask, tmp_path: Path, empty_url: str) -> None:
    held = hold(12)
    wires = [held.wire(member, [1, 2, 3]) for member in held.voters]
    for wire in wires:
        held.send(wire)
    db.session.rollback()

    backup.backup(tmp_path / "copy")
    boxes.destroy(held.id)
    verified = iocop("verify", str(tmp_path / "copy"), data_dir=tmp_path / "elsewhere", url=empty_url)
    iocop("restore", str(tmp_path / "copy"), data_dir=tmp_path / "elsewhere", url=empty_url)

    assert verified.startswith("Whole: made ")
    box = Box(str(tmp_path / "elsewhere" / "ballots"), held.id, held.freeze.block_minimum)
    assert (box.count(), box.block_numbers()) == (12, 1)
    box.close()
    assert sorted(box.wires()) == sorted(wires)
    box.engine.dispose()


def test_a_backup_whose_ballots_were_changed_is_refused(app: Flask, tmp_path: Path) -> None:
    held = hold(3)
    held.vote(held.voters[0], 1, 2, 3)
    db.session.rollback()
    backup.backup(tmp_path / "copy")
    copied = file_of(str(tmp_path / "copy" / "ballots"), held.id)
    copied.write_bytes(copied.read_bytes()[:-1])

    with pytest.raises(backup.BackupError, match="missing or changed, such as ballots"):
        backup.verify(tmp_path / "copy")


@pytest.mark.only("sqlite")
def test_a_backup_tells_no_order_of_the_ballots(app: Flask, tmp_path: Path) -> None:
    held = hold(8)
    truth = [held.vote(member, 1, 2, 3).ballot for member in held.voters]
    db.session.rollback()
    backup.backup(tmp_path / "copy")
    content = file_of(str(tmp_path / "copy" / "ballots"), held.id).read_bytes()
    places = {hash_: content.rfind(hash_) for hash_ in truth}
    assert min(places.values()) > 0
    assert sorted(truth, key=places.__getitem__) == sorted(truth, reverse=True)
