"""Plays what browsers do in an election: officers' keys, voting codes, sealed ballots. Seeded: never for a real vote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iocop.elections.queries import casting, elections
from iocop.elections.sealing import ballots, codes, edwards, exchange, freezing, plaintexts, tokens
from iocop.elections.sealing.chains import closing_message
from iocop.elections.services import issuing, keying, uploading
from iocop.elections.services.casting import cast

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from random import Random

    from iocop.core.login import Viewer

BLANK = 0.03
"""Of the ballots."""


class Officers:
    """The officers of one election with the files they saved."""

    def __init__(self, rng: Random, election_id: int, people: Sequence[Viewer]) -> None:
        self.election_id, self.people = election_id, people
        self.encryption = [rng.randbytes(32) for _ in people]
        self.signing = [rng.randbytes(32) for _ in people]
        self.nonces = [rng.randbytes(32) for _ in people]

    def give_keys(self) -> None:
        for number, person in enumerate(self.people):
            encryption, signing = (
                exchange.public(self.encryption[number]),
                edwards.public(self.signing[number]),
            )
            keying.give_keys(person, self.election_id, encryption, signing, self.nonces[number])

    def sign_opening(self) -> None:
        message = freezing.opening_message(bytes.fromhex(self._hash("freeze.json")))
        for number, person in enumerate(self.people):
            keying.sign_opening(person, self.election_id, edwards.sign(self.signing[number], message))

    def give_private_keys(self, needed: int) -> None:
        """Let the first of them sign the final heads and give the keys that open the ballots."""
        message = closing_message(bytes.fromhex(self._hash("sealed.json")))
        for number, person in enumerate(self.people[:needed]):
            signature = edwards.sign(self.signing[number], message)
            uploading.give_key(person, self.election_id, self.encryption[number], signature)

    def _hash(self, name: str) -> str:
        document = elections.document(self.election_id, name)
        if document is None:
            raise LookupError(f"election {self.election_id} has no {name}")
        return document.hash


class Voters:
    """Everybody's browsers in one open poll."""

    def __init__(self, rng: Random, election_id: int) -> None:
        self.rng, self.election_id = rng, election_id
        self.freeze = casting.freeze_of(casting.poll_of(election_id))

    def rank(self, voter: Viewer, weights: Mapping[int, float]) -> None:
        """Rank some candidates, the heavier mostly above; *weights* are by candidates' numbers, all of them."""
        left, marks = dict(weights), dict.fromkeys(sorted(weights), 0)
        wanted = 0 if self.rng.random() < BLANK else self.rng.randint(3, len(weights))
        for place in range(1, wanted + 1):
            [chosen] = self.rng.choices(list(left), list(left.values()))
            marks[chosen] = place
            del left[chosen]
        self._cast(voter, list(marks.values()))

    def answer(self, voter: Viewer) -> None:
        """Say yes, no or abstain to a motion."""
        self._cast(voter, self.rng.choices([1, 2, 3], [6, 4, 1]))

    def _cast(self, voter: Viewer, marks: Sequence[int]) -> None:
        browser = codes.voter(self.rng.randbytes(codes.LENGTH), self.freeze)
        message = tokens.message(self.freeze.hash, browser.key)
        modulus = self.freeze.modulus
        blinded = tokens.blind(message, browser.randomizer, browser.salt, browser.factor, modulus)
        signed = issuing.issue(voter, self.election_id, blinded)
        token = tokens.finalize(message, browser.randomizer, signed, browser.factor, modulus)
        paper = plaintexts.encode(marks, self.freeze)
        wire = ballots.seal(browser, token, paper, 1, ballots.NO_BALLOT, self.freeze)
        cast(self.election_id, len(wire), lambda: wire)
