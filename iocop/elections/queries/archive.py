"""The archive of an election, gathered from its documents, its register and its box."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iocop.elections import archiving
from iocop.elections.queries import booth, casting, elections
from iocop.elections.sealing.canonical import digest
from iocop.elections.sealing.chains import issue_start

if TYPE_CHECKING:
    from iocop.elections.box.store import Box
    from iocop.elections.models import ElectionDocument

DOCUMENTS = ("freeze.json", "roll.json", "booth.html", "sealed.json", "opened.csv", "result.json")


def heads_so_far(election_id: int) -> bytes:
    """Return heads.txt as far as the board has come, as its lines were mailed."""
    freeze = casting.freeze_of(casting.poll_of(election_id))
    lines = [archiving.head_line(0, freeze.hash, 0, issue_start(freeze.hash))]
    lines += [
        archiving.head_line(row.number, row.head, row.issues, row.issues_head)
        for row in booth.heads(election_id)
    ]
    sealed = elections.document(election_id, "sealed.json")
    if sealed is not None:
        lines.append(archiving.sealed_line(digest(sealed.content)))
    return archiving.heads(lines)


def pack(election_id: int, box: Box) -> bytes | None:
    """Return the archive as one zip; None before the ballots were opened."""
    parts = {name: _content(election_id, name) for name in DOCUMENTS}
    if None in parts.values():
        return None
    found: dict[str, bytes] = {name: content for name, content in parts.items() if content is not None}
    for name in archiving.PAPERS:
        content = _content(election_id, name)
        if content is not None:
            found[name] = content
    return archiving.write(found | _gathered(election_id, box))


def _gathered(election_id: int, box: Box) -> dict[str, bytes]:
    freeze = casting.freeze_of(casting.poll_of(election_id))
    board = booth.heads(election_id)
    officers = elections.officers(election_id)
    keys = {
        row.number: (row.private_key, row.closing_signature)
        for row in officers
        if row.private_key and row.closing_signature
    }
    return {
        "README.txt": archiving.readme(freeze),
        "issues.bin": b"".join(entry.raw for entry in casting.register(election_id)),
        "openings.json": archiving.openings(
            {row.number: row.opening_signature for row in officers if row.opening_signature}
        ),
        "blocks.json": archiving.blocks(
            [row.head for row in board], [box.block(row.number) for row in board]
        ),
        "ballots.bin": b"".join(box.wires()),
        "keys.json": archiving.keys(keys),
        "heads.txt": heads_so_far(election_id),
    }


def _content(election_id: int, name: str) -> bytes | None:
    document: ElectionDocument | None = elections.document(election_id, name)
    return document.content if document else None
