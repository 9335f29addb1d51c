"""The archive of an election: the files of docs/ballot-protocol.md, section 7, as one zip. Pure.

The same parts give the same bytes, whoever packs them and when.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from iocop.elections.sealing.canonical import dumps

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from iocop.elections.sealing.freezing import Freeze

ALWAYS = (
    "README.txt", "ballots.bin", "blocks.json", "booth.html", "freeze.json", "heads.txt", "issues.bin", "keys.json",
    "opened.csv", "openings.json", "result.json", "roll.json", "sealed.json", "verify.py",
)  # fmt: skip
PAPERS = ("election.blt", "answers.csv")
"""An archive has one of these: rankings and marks the first, answers the second."""
VERIFIER = Path(__file__).with_name("archive_verify.py")
UNREADABLE = (OSError, zipfile.BadZipFile, RuntimeError, ValueError, zlib.error, EOFError)
"""What reading a zip comes to where bytes of it were changed."""
EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment a zip can name
README = """{title}
{site}, {address}

This is the archive of an election: everything anybody needs to check it, and nothing that says who voted how.

    python verify.py

checks all of it with nothing but Python, offline. Take verify.py from somewhere you trust: a dishonest archive would
come with a dishonest verifier. The hash of freeze.json was mailed to everyone on the roll when the poll was frozen:

    {freeze}

The heads in heads.txt were mailed while it ran. If you kept yours:

    python verify.py --heads FILE
"""


class NotAnArchive(ValueError):
    """What was given is no zip and no folder with the files of an election; the message says why."""


def readme(freeze: Freeze) -> bytes:
    """Return README.txt."""
    return README.format(
        title=freeze.title, site=freeze.site, address=freeze.address, freeze=freeze.hash.hex()
    ).encode()


def roll(leaves: Iterable[bytes]) -> bytes:
    """Return roll.json."""
    return dumps([leaf.hex() for leaf in sorted(leaves)])


def openings(signatures: Mapping[int, bytes]) -> bytes:
    """Return openings.json, from officer numbers to their signatures of the freeze."""
    return dumps(
        [{"officer": number, "signature": signatures[number].hex()} for number in sorted(signatures)]
    )


def blocks(heads: Sequence[bytes], hashes: Sequence[Sequence[bytes]]) -> bytes:
    """Return blocks.json, from every block's head and ballot hashes, from block 1 on."""
    rows = enumerate(zip(heads, hashes, strict=True), 1)
    return dumps(
        [
            {"number": number, "head": head.hex(), "ballots": [one.hex() for one in listed]}
            for number, (head, listed) in rows
        ]
    )


def keys(given: Mapping[int, tuple[bytes, bytes]]) -> bytes:
    """Return keys.json, from officer numbers to private key and closing signature."""
    return dumps(
        [
            {"officer": number, "key": key.hex(), "signature": signature.hex()}
            for number, (key, signature) in sorted(given.items())
        ]
    )


def head_line(block: int, head: bytes, tokens: int, register: bytes) -> str:
    """Return one line of heads.txt, as it is mailed.

    Args:
        block: its number; 0 for the freeze, whose hash is the head then.
        tokens: how many were out when the block was made; *register* is the head of the register after them.
    """
    return f"block {block} {head.hex()} tokens {tokens} {register.hex()}"


def sealed_line(sealed_hash: bytes) -> str:
    """Return the last line of heads.txt, as it is mailed at the close; *sealed_hash* is X."""
    return f"sealed {sealed_hash.hex()}"


def heads(lines: Iterable[str]) -> bytes:
    """Return heads.txt from its lines, in the order they were mailed."""
    return "".join(f"{line}\n" for line in lines).encode()


def write(parts: Mapping[str, bytes]) -> bytes:
    """Pack an archive; README.txt and verify.py are those given, or this version's verifier where it is missing.

    Raises:
        NotAnArchive: a file is missing, or one does not belong.
    """
    parts = {"verify.py": VERIFIER.read_bytes(), **parts}
    if wrong := _misfits(parts):
        raise NotAnArchive(wrong)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in sorted(parts):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system = 3  # as if packed on Unix, wherever it is
            entry.external_attr = 0o100644 << 16
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(".bin") else zipfile.ZIP_DEFLATED
            archive.writestr(entry, parts[name])
    return packed.getvalue()


def _misfits(parts: Mapping[str, bytes]) -> str:
    missing = [name for name in ALWAYS if name not in parts]
    surplus = sorted(set(parts) - set(ALWAYS) - set(PAPERS))
    if missing:
        return f"{missing[0]} is missing."
    if surplus:
        return f"{surplus[0]} does not belong to an archive."
    both = [name for name in PAPERS if name in parts]
    return "" if len(both) == 1 else "Either election.blt or answers.csv belongs to an archive."


def read(place: Path) -> dict[str, bytes]:
    """Read the files of an archive, a zip or the folder it was unpacked to; what they hold is not looked at.

    Raises:
        NotAnArchive: it cannot be read, or there is no freeze.json.
    """
    try:
        parts = _folder(place) if place.is_dir() else _zip(place)
    except UNREADABLE as problem:
        why = str(problem) or "a file in it ends too early"
        raise NotAnArchive(f"{place} cannot be read as an archive: {why}") from problem
    if "freeze.json" not in parts:
        raise NotAnArchive(f"{place} is not the archive of an election: freeze.json is missing.")
    return parts


def _folder(place: Path) -> dict[str, bytes]:
    """Return the archive's files of a folder; what else lies there is its reader's."""
    ours = (place / name for name in (*ALWAYS, *PAPERS))
    return {path.name: path.read_bytes() for path in ours if path.is_file()}


def _zip(place: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(place) as archive:
        names = archive.namelist()
        if len(set(names)) < len(names):
            raise NotAnArchive("a file stands in it twice")
        return {name: archive.read(name) for name in names}
