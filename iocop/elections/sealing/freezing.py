"""The freeze: the one document an election stands on; its hash enters every key, signature and head.

Every field is looked at when it is read, whoever wrote it: the site, the booth's server or an archive found years later.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from iocop.elections.sealing import edwards, exchange
from iocop.elections.sealing.canonical import Json, digest, dumps, loads
from iocop.elections.sealing.fields import Field
from iocop.elections.sealing.hpke import Recipient

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

FORMAT = "iocop-election-1"
KINDS = {"board", "office", "affirmation", "motion", "vacancy"}
RANKING, MARKS, ANSWERS = 1, 2, 3
RULES = {
    "scottish": RANKING,
    "meek": RANKING,
    "schulze": RANKING,
    "plurality": MARKS,
    "block": MARKS,
    "approval": MARKS,
    "affirmation": ANSWERS,
    "motion": ANSWERS,
}
MOST_CANDIDATES = 200
MOST_OFFICERS = 255
MODULUS = 3072  # bits
EXPONENT = 65537
SHARE = 80  # bytes of one sealed share

_NAMES = {
    *("format", "site", "address", "election", "title", "kind", "rules", "candidates", "staying"),
    *(
        "opens",
        "closes",
        "keys_until",
        "complaints_until",
        "roll",
        "officers",
        "needed",
        "issuer",
        "acknowledger",
    ),
    *("seed_commitment", "sealed_seed", "booth", "block_minimum", "plain_ballots"),
}
_WRONG_KEY = {
    "length": "is not of 32 bytes",
    "non-canonical": "is not in its canonical form",
    "low-order": "is of low order and keeps nothing secret",
    "off-curve": "is no point of the curve",
    "duplicate": "is another officer's",
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A candidate in frozen order; the lot is drawn with *id*, *group* is the organization the cap counts."""

    number: int
    id: str
    name: str
    group: int | None


@dataclass(frozen=True, slots=True)
class Officer:
    """A returning officer: X25519 key for shares, Ed25519 key for signatures, nonce for the lot; 32 bytes each."""

    number: int
    name: str
    encryption: bytes
    signing: bytes
    nonce: bytes


@dataclass(frozen=True)
class Freeze:
    """A frozen election, as section 1 of docs/ballot-protocol.md has it.

    Attributes:
        raw, hash: the document's exact bytes, and F.
        rules: the frozen rules as they stand in the document.
        staying: seats held by staying directors, by group.
        needed: how many officers' keys open the ballots.
        modulus: of the issuer's RSA key; its exponent is 65537.
        sealed_seed: one sealed share of the lot's seed an officer.
    """

    raw: bytes = field(repr=False)
    hash: bytes
    site: str
    address: str
    election: int
    title: str
    kind: str
    rules: Mapping[str, Json] = field(hash=False)
    candidates: tuple[Candidate, ...]
    staying: Mapping[int, int] = field(hash=False)
    opens: datetime
    closes: datetime
    keys_until: datetime
    complaints_until: datetime
    roll_root: bytes
    roll_size: int
    officers: tuple[Officer, ...]
    needed: int
    modulus: int = field(repr=False)
    acknowledger: bytes
    seed_commitment: bytes
    sealed_seed: tuple[bytes, ...] = field(repr=False)
    booth: bytes
    block_minimum: int
    plain_ballots: bool

    @cached_property
    def ballot_kind(self) -> int:
        """What a paper holds: 1 ranks, 2 marks, 3 answers."""
        return RULES[str(self.rules["rule"])]

    @cached_property
    def highest_mark(self) -> int:
        """The largest byte a candidate may be given on a paper."""
        if self.ballot_kind == MARKS:
            return 1
        if self.ballot_kind == ANSWERS:
            return 3
        ranks = self.rules.get("most_ranks") or len(self.candidates)
        return min(int(str(ranks)), len(self.candidates))

    @cached_property
    def wire_length(self) -> int:
        """The bytes of every ballot of this election."""
        return 911 + SHARE * len(self.officers)

    @cached_property
    def recipients(self) -> tuple[Recipient, ...]:
        """The officers' keys, made ready for sealed shares, officer 1 first."""
        return tuple(
            Recipient(officer.encryption, b"iocop-share-1" + self.hash + bytes([officer.number]))
            for officer in self.officers
        )


def write(fields: Mapping[str, Json]) -> bytes:
    """Write the document for *fields*, named as in section 1, without ``format``; bytes are hexadecimal text.

    Raises:
        Refused: reason ``freeze``; the message names the field and how to mend it.
    """
    data = dumps({"format": FORMAT, **fields})
    read(data)
    return data


def read(data: bytes) -> Freeze:
    """Read a freeze from its exact bytes.

    Raises:
        Refused: reason ``document`` (not canonical JSON) or ``freeze``; the message names the field and the mend.
    """
    document = Field(loads(data)).names(_NAMES)
    document["format"].one_of({FORMAT})
    roll = document["roll"].names({"root", "size"})
    size = roll["size"].number(0)
    officers = _officers(document["officers"])
    return Freeze(
        raw=data,
        hash=digest(data),
        site=document["site"].text(),
        address=document["address"].text(),
        election=document["election"].number(1),
        title=document["title"].text(),
        kind=document["kind"].one_of(KINDS),
        rules=_rules(document["rules"]),
        candidates=_candidates(document["candidates"]),
        staying=_staying(document["staying"]),
        **_moments(document),
        roll_root=roll["root"].bytes(32),
        roll_size=size,
        officers=officers,
        needed=document["needed"].number(max(2, len(officers) // 2 + 1), len(officers)),
        modulus=_modulus(document["issuer"]),
        acknowledger=_signing_key(document["acknowledger"]),
        seed_commitment=document["seed_commitment"].bytes(32),
        sealed_seed=_sealed_seed(document["sealed_seed"], len(officers)),
        booth=document["booth"].bytes(32),
        block_minimum=document["block_minimum"].exactly(block_minimum(size)),
        plain_ballots=document["plain_ballots"].claim(),
    )


def block_minimum(size: int) -> int:
    """Return how many ballots a block of the board holds at least, for a roll of *size* members."""
    return max(10, -(-size // 100))


def opening_message(freeze_hash: bytes) -> bytes:
    """Return what every officer signs before the poll opens."""
    return b"iocop-open-1" + freeze_hash


def _rules(given: Field) -> Mapping[str, Json]:
    if not isinstance(given.value, dict) or "rule" not in given.value:
        given.refuse("is to be an object with at least “rule”.")
    Field(given.value["rule"], f"{given.path}.rule").one_of(RULES)
    for name, lowest in (("seats", 1), ("most_ranks", 0)):
        if given.value.get(name) is not None:
            Field(given.value[name], f"{given.path}.{name}").number(lowest)
    return given.value


def _candidates(given: Field) -> tuple[Candidate, ...]:
    rows = given.numbered({"id", "name", "group"}, MOST_CANDIDATES)
    given.distinct([row["id"].text() for row in rows], "id")
    return tuple(
        Candidate(number, row["id"].text(), row["name"].text(), _group(row["group"]))
        for number, row in enumerate(rows, 1)
    )


def _group(given: Field) -> int | None:
    return None if given.value is None else given.number(0)


def _staying(given: Field) -> dict[int, int]:
    rows = [row.names({"group", "seats"}) for row in given.rows()]
    given.distinct([row["group"].number(0) for row in rows], "group")
    return {row["group"].number(0): row["seats"].number(0) for row in rows}


def _moments(document: Mapping[str, Field]) -> dict[str, datetime]:
    moments = {
        name: document[name].moment() for name in ("opens", "closes", "keys_until", "complaints_until")
    }
    for earlier, later in (("opens", "closes"), ("closes", "keys_until"), ("closes", "complaints_until")):
        if moments[later] <= moments[earlier]:
            document[later].refuse(f"is not after “{earlier}”: choose a later moment.")
    return moments


def _signing_key(given: Field) -> bytes:
    key = given.bytes(32)
    if fault := edwards.key_fault(key):
        given.refuse(f"{_WRONG_KEY[fault]}: make a new key.")
    return key


def _officers(given: Field) -> tuple[Officer, ...]:
    rows = given.numbered({"name", "encryption", "signing", "nonce"}, MOST_OFFICERS)
    officers = tuple(
        Officer(
            number,
            row["name"].text(),
            row["encryption"].bytes(32),
            _signing_key(row["signing"]),
            row["nonce"].bytes(32),
        )
        for number, row in enumerate(rows, 1)
    )
    for row, fault in zip(rows, exchange.faults([officer.encryption for officer in officers]), strict=True):
        if fault:
            row["encryption"].refuse(f"{_WRONG_KEY[fault]}: the officer makes a new key.")
    given.distinct([key for officer in officers for key in (officer.encryption, officer.signing)], "key")
    given.distinct([officer.nonce for officer in officers], "nonce")
    return officers


def _modulus(given: Field) -> int:
    issuer = given.names({"n", "e"})
    issuer["e"].exactly(EXPONENT)
    modulus = int.from_bytes(issuer["n"].bytes(MODULUS // 8))
    if modulus.bit_length() != MODULUS or modulus % 2 == 0:
        issuer["n"].refuse(f"is no RSA modulus of {MODULUS} bits: make a new issuer's key.")
    return modulus


def _sealed_seed(given: Field, officers: int) -> tuple[bytes, ...]:
    shares = tuple(row.bytes(SHARE) for row in given.rows())
    if len(shares) != officers:
        given.refuse(f"has {len(shares)} shares for {officers} officers: seal one to each.")
    return shares
