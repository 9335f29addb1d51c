"""What the site itself packs after an election held in its database is an archive both verifiers accept."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sqlalchemy import select

from iocop.core.db import act, db
from iocop.elections import watching
from iocop.elections.archiving import roll
from iocop.elections.models import ElectionOfficer
from iocop.elections.rules import Rules
from iocop.elections.sealing import edwards
from iocop.elections.sealing.canonical import digest
from iocop.elections.sealing.freezing import opening_message
from iocop.elections.services.closing import write_document
from iocop.elections.services.freezing import booth_page
from tests.elections.held import Held, entries, hold

if TYPE_CHECKING:
    from tests.client import Browser
    from tests.elections.verifying.conftest import Refusals


def held_to_its_end() -> Held:
    """An election of 12 voters in two blocks; one voted again, one left the paper blank."""
    rules = Rules(board_size=5).as_data() | {"seats": 2}
    held = hold(12, rules=rules, booth=digest(booth_page()).hex())
    with act():
        write_document(held.id, "booth.html", booth_page())
        write_document(held.id, "roll.json", roll(entry.leaf for entry in entries(held)))
        for officer in db.session.scalars(select(ElectionOfficer).filter_by(election_id=held.id)):
            document = opening_message(held.freeze.hash)
            officer.opening_signature = edwards.sign(held.world.signing[officer.number], document)
    for place, member in enumerate(held.voters):
        held.vote(member, 1 + place % 2, 2 - place % 2, 0)
    held.vote(held.voters[0], 2, 1, 3)
    held.vote(held.voters[1], 0, 0, 0)
    held.close()
    held.give_keys(1, 3)
    held.count()
    return held


def test_the_archive_of_the_site_is_accepted_by_both_verifiers_and_by_who_watches(
    browser: Browser, refusals: Refusals
) -> None:
    held = held_to_its_end()
    mailed = browser.get(f"/elections/{held.id}/heads.txt").text
    with zipfile.ZipFile(io.BytesIO(browser.get(f"/elections/{held.id}/archive.zip").data)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}

    assert refusals(parts, mailed) == {"plain": [], "site": []}
    assert parts["opened.csv"].count(b",superseded,") == 2

    def get(address: str) -> bytes:
        content: bytes = browser.client.get(urlsplit(address).path).data
        return content

    sight = watching.look(f"https://community.example/elections/{held.id}", get)
    assert list(watching.differences(sight, None, mailed)) == []
    assert sight.closed
