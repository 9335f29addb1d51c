"""Ballots that nobody's booth makes: rightly signed, so that they come into the box, and wrong inside."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from iocop.elections.sealing import ballots, codes, edwards, hpke, plaintexts
from iocop.elections.sealing.ballots import Ballot
from tests.elections.vectors import edges
from tests.elections.vectors.ballots import World

CODE = bytes(range(16))
MARKS = [2, 1, 0, 3, 0]
SEALED, SHARES, SIGNATURE = 515, 847, 64


@cache
def made(world: World, plaintext: bytes | None = None, code: bytes = CODE, revision: int = 1) -> bytes:
    """A ballot's wire, its plaintext any 256 bytes."""
    voter = codes.voter(code, world.freeze)
    plaintext = plaintexts.encode(MARKS, world.freeze) if plaintext is None else plaintext
    previous = bytes(32) if revision == 1 else b"\x01" * 32
    return ballots.seal(voter, world.token(voter)[2], plaintext, revision, previous, world.freeze)


def resigned(world: World, wire: bytes, code: bytes = CODE) -> bytes:
    """The same with a right signature over whatever it holds now."""
    body = wire[:-SIGNATURE]
    return body + edwards.sign(codes.voter(code, world.freeze).seed, b"iocop-ballot-1" + body)


def replaced(wire: bytes, place: int, part: bytes) -> bytes:
    """The wire with *part* at *place*."""
    return wire[:place] + part + wire[place + len(part) :]


def flipped(wire: bytes, place: int) -> bytes:
    """The wire with one bit turned round."""
    return replaced(wire, place, bytes([wire[place] ^ 1]))


def share_of(wire: bytes, officer: int) -> bytes:
    """The sealed share of *officer*."""
    return wire[SHARES + 80 * (officer - 1) : SHARES + 80 * officer]


def with_share(wire: bytes, officer: int, share: bytes) -> bytes:
    """The wire with another sealed share for *officer*."""
    return replaced(wire, SHARES + 80 * (officer - 1), share)


def opening_share(world: World, officer: int, secret: bytes) -> bytes:
    """A sealed share that opens, to *secret*, though nobody derived it."""
    voter = codes.voter(CODE, world.freeze)
    info = b"iocop-share-1" + world.freeze.hash + bytes([officer])
    public = world.freeze.officers[officer - 1].encryption
    return hpke.seal(public, b"\x07" * 32, info, voter.key + b"\x01", secret)


def opened_share(world: World, wire: bytes, officer: int) -> bytes:
    """What the sealed share of *officer* opens to."""
    info = b"iocop-share-1" + world.freeze.hash + bytes([officer])
    return hpke.open_(world.encryption[officer], share_of(wire, officer), info, wire[34:67])


def _all(wire: bytes, share: Callable[[int], bytes]) -> bytes:
    for officer in (1, 2, 3):
        wire = with_share(wire, officer, share(officer))
    return wire


def _other_paper(world: World) -> bytes:
    """C of another paper of the same voter, under the shares of this one."""
    other = made(world, plaintexts.encode([1, 0, 0, 0, 0], world.freeze))
    return replaced(made(world), SEALED, other[SEALED : SEALED + 272])


def _paper(world: World, place: int, value: int) -> bytes:
    paper = bytearray(plaintexts.encode(MARKS, world.freeze))
    paper[place] = value
    return made(world, bytes(paper))


def _reencrypted(world: World) -> bytes:
    """Share 3 opens to the right value but under an ephemeral key of the voter's own choice."""
    wire = made(world)
    return with_share(wire, 3, opening_share(world, 3, opened_share(world, wire, 3)))


def _non_canonical(world: World) -> bytes:
    """The encapsulated key of share 1 with its unused highest bit set: the same point, other bytes."""
    wire = made(world)
    return replaced(wire, SHARES + 31, bytes([wire[SHARES + 31] | 0x80]))


def _low_order(world: World) -> bytes:
    return replaced(made(world), SHARES, bytes(32))


def _twisted(world: World) -> bytes:
    """An encapsulated key that is on the curve's twist."""
    return replaced(made(world), SHARES, edges.scalar(2))


KINDS: dict[str, tuple[Callable[[World], bytes], str]] = {
    "C changed": (lambda world: flipped(made(world), SEALED), "sealing"),
    "the tag of C changed": (lambda world: flipped(made(world), SEALED + 271), "sealing"),
    "C of another paper": (_other_paper, "sealing"),
    "share 1 changed": (lambda world: flipped(made(world), SHARES + 40), "sealing"),
    "share 2 changed": (lambda world: flipped(made(world), SHARES + 120), "sealing"),
    "share 3 changed": (lambda world: flipped(made(world), SHARES + 200), "sealing"),
    "share 3 of zeros": (lambda world: with_share(made(world), 3, bytes(80)), "sealing"),
    "all shares of zeros": (lambda world: _all(made(world), lambda _officer: bytes(80)), "sealing"),
    "all shares noise": (lambda world: _all(made(world), lambda officer: bytes([officer]) * 80), "sealing"),
    "shares 1 and 2 swapped": (
        lambda world: with_share(
            with_share(made(world), 1, share_of(made(world), 2)), 2, share_of(made(world), 1)
        ),
        "sealing",
    ),
    "share 3 twice": (lambda world: with_share(made(world), 2, share_of(made(world), 3)), "sealing"),
    "share 1 opens to something else": (
        lambda world: with_share(made(world), 1, opening_share(world, 1, bytes(32))),
        "sealing",
    ),
    "all shares open to something else": (
        lambda world: _all(made(world), lambda officer: opening_share(world, officer, bytes([officer]) * 32)),
        "sealing",
    ),
    "share 1 too short inside": (
        lambda world: with_share(made(world), 1, opening_share(world, 1, bytes(31)) + b"\x00"),
        "sealing",
    ),
    "share 3 under a key of the voter's own": (_reencrypted, "sealing"),
    "an encapsulated key written another way": (_non_canonical, "sealing"),
    "an encapsulated key of low order": (_low_order, "sealing"),
    "an encapsulated key on the twist": (_twisted, "sealing"),
    "shares of another voter": (
        lambda world: replaced(made(world), SHARES, made(world, code=bytes(16))[SHARES:-SIGNATURE]),
        "sealing",
    ),
    "shares of another revision": (
        lambda world: replaced(made(world), SHARES, made(world, revision=2)[SHARES:-SIGNATURE]),
        "sealing",
    ),
    "another version inside": (lambda world: _paper(world, 0, 2), "version"),
    "another election inside": (lambda world: _paper(world, 2, world.freeze.hash[0] ^ 1), "election"),
    "another kind inside": (lambda world: _paper(world, 1, 3), "kind"),
    "something after the marks": (lambda world: _paper(world, 39, 1), "padding"),
    "something at the end": (lambda world: _paper(world, 255, 1), "padding"),
    "a rank beyond the candidates": (lambda world: _paper(world, 34, 6), "value"),
}


def ballot(world: World, kind: str) -> Ballot:
    """A ballot of a malformed *kind*, with a right signature."""
    return ballots.parse(resigned(world, KINDS[kind][0](world)), world.freeze)
