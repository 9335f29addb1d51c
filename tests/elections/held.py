"""An election held in the database, from its freeze on, with everybody's secrets: for tests of what follows the desk."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from iocop.core import clock
from iocop.core.db import act, db
from iocop.elections.models import Election, ElectionOfficer, ElectionRuleSet, ElectionSecret, RollEntry
from iocop.elections.queries import casting
from iocop.elections.rules import Rules
from iocop.elections.sealing import ballots, codes, edwards, exchange, plaintexts, rolls, tokens
from iocop.elections.sealing.canonical import digest
from iocop.elections.sealing.chains import closing_message
from iocop.elections.services import boxes, closing, counting, issuing, uploading
from iocop.elections.services.casting import cast
from iocop.members.models import Member
from iocop.roles.models import RoleGrant
from iocop.roles.services import found_site
from tests.elections.vectors.ballots import World
from tests.factories import make_member, saved, viewer_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iocop.core.login import Viewer
    from iocop.elections.sealing.codes import Voter
    from iocop.elections.sealing.freezing import Freeze
    from iocop.elections.services.casting import Acknowledged


@dataclass
class Held:
    """One election, open for votes.

    Attributes:
        voters: everybody on the roll.
        codes: member to voting code, as each browser would keep it.
        last: member to revision and hash of the own newest ballot.
    """

    election: Election
    world: World
    voters: list[Member]
    officers: list[Member]
    codes: dict[int, bytes] = field(default_factory=dict)
    last: dict[int, tuple[int, bytes]] = field(default_factory=dict)

    @property
    def id(self) -> int:
        return self.election.id

    @property
    def freeze(self) -> Freeze:
        return self.world.freeze

    def voter(self, member: Member) -> Voter:
        """Return what the member's browser derives from the code it made."""
        code = self.codes.setdefault(member.id, random.Random(f"{self.id} {member.id}").randbytes(16))
        return codes.voter(code, self.freeze)

    def blinded(self, member: Member) -> bytes:
        voter = self.voter(member)
        message = tokens.message(self.freeze.hash, voter.key)
        return tokens.blind(message, voter.randomizer, voter.salt, voter.factor, self.freeze.modulus)

    def token(self, member: Member) -> bytes:
        """Ask the site for the member's token, and unblind it."""
        signed = issuing.issue(viewer_of(member), self.id, self.blinded(member))
        return self.finalized(member, signed)

    def finalized(self, member: Member, signed: bytes) -> bytes:
        voter = self.voter(member)
        message = tokens.message(self.freeze.hash, voter.key)
        return tokens.finalize(message, voter.randomizer, signed, voter.factor, self.freeze.modulus)

    def wire(self, member: Member, marks: Sequence[int]) -> bytes:
        """Seal the member's next ballot, with a token from the site."""
        revision, before = self.last.get(member.id, (0, ballots.NO_BALLOT))
        paper = plaintexts.encode(marks, self.freeze)
        token = self.token(member)
        return ballots.seal(self.voter(member), token, paper, revision + 1, before, self.freeze)

    def send(self, wire: bytes) -> Acknowledged:
        return cast(self.id, len(wire), lambda: wire)

    def vote(self, member: Member, *marks: int) -> Acknowledged:
        """Vote once, or once more."""
        acknowledged = self.send(self.wire(member, marks))
        self.last[member.id] = (self.last.get(member.id, (0, b""))[0] + 1, acknowledged.ballot)
        return acknowledged

    def close(self) -> None:
        """Pass the close, and seal the election as two officers would."""
        with act():
            self.election.closes_at = clock.now() - timedelta(minutes=1)
            closing.close(self.election)
            self.election.state = "sealed"

    def give_keys(self, *numbers: int) -> None:
        """Let these officers give their keys."""
        for number in numbers:
            self.give_key(viewer_of(self.officers[number - 1]), number)

    def give_key(self, actor: Viewer, number: int) -> None:
        document = closing_message(self.sealed_hash())
        signature = edwards.sign(self.world.signing[number], document)
        uploading.give_key(actor, self.id, self.world.encryption[number], signature)

    def sealed_hash(self) -> bytes:
        from iocop.elections.queries import elections

        document = elections.document(self.id, "sealed.json")
        assert document is not None
        return digest(document.content)

    def count(self) -> None:
        """Open the ballots as the worker does."""
        counting.open_what_can_be()
        with act():
            self.election.state = "counted"


def hold(voters: int = 5, candidates: int = 3, **changed: Any) -> Held:
    """Freeze and open an election of made-up candidates with so many voters.

    Args:
        changed: fields of the freeze.
    """
    found_site()
    now = clock.now().replace(microsecond=0)
    with act():  # one, for all: each of its own would read every member again
        members = [make_member(joined_at=now - timedelta(days=400)) for _ in range(voters)]
        officers = [make_member(joined_at=now - timedelta(days=900)) for _ in range(3)]
    election = _election(now, officers, **changed)
    db.session.scalars(select(Member)).all()  # all at once, not one by one below
    salts = {member.id: random.Random(f"salt {member.id}").randbytes(32) for member in members}
    leaves = {member.id: rolls.leaf(salts[member.id], member.number) for member in members}
    root = rolls.root(rolls.ordered(leaves.values()))
    world = World(
        candidates=candidates,
        election=election.id,
        **{
            "roll": {"root": root.hex(), "size": voters},
            "block_minimum": max(10, -(-voters // 100)),
            **_moments(election),
            **changed,
        },
    )
    with act() as session:
        session.add_all(
            RollEntry(election_id=election.id, member_id=key, salt=salts[key], leaf=leaves[key])
            for key in leaves
        )
        session.add(
            ElectionSecret(
                election_id=election.id,
                seed_commitment=world.freeze.seed_commitment,
                issuer_key=world.issuer.to_pem(),
                acknowledger_key=world.acknowledger,
            )
        )
        for row in session.query(ElectionOfficer).filter_by(election_id=election.id):
            row.encryption_key = exchange.public(world.encryption[row.number])
            row.signing_key = edwards.public(world.signing[row.number])
        closing.write_document(election.id, "freeze.json", world.freeze.raw)
    boxes.destroy(election.id)
    return Held(election, world, members, officers)


def _moments(election: Election) -> dict[str, Any]:
    names = {"opens": "opens_at", "closes": "closes_at", "keys_until": "keys_until"}
    return {
        name: getattr(election, column).strftime("%Y-%m-%dT%H:%M:%SZ")
        for name, column in (names | {"complaints_until": "complaints_until"}).items()
    }


def _election(now: Any, officers: list[Member], **changed: Any) -> Election:
    rules = Rules().as_data() | {"seats": 2} | changed.get("rules", {})
    with act():
        rule_set = saved(
            ElectionRuleSet(
                kind="board",
                takes_effect_on=now.date(),
                data=rules,
                decision_id=1,
                vote="7 for",
                recorded_at=now,
            )
        )
        election = saved(
            Election(
                kind=changed.get("kind", "board"), state="voting", title="Board", seats=rules["seats"],
                term_starts_on=now.date(), rule_set_id=rule_set.id, rules=rules,
                nominations_open_at=now - timedelta(days=40), nominations_close_at=now - timedelta(days=20),
                opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=7),
                keys_until=now + timedelta(days=14), complaints_until=now + timedelta(days=21),
                created_at=now, created_by_id=officers[0].id, state_since=now,
            )
        )  # fmt: skip
        for number, member in enumerate(officers, 1):
            saved(ElectionOfficer(election_id=election.id, member_id=member.id, number=number))
            saved(
                RoleGrant(
                    member_id=member.id,
                    role="returning_officer",
                    valid_from=now - timedelta(days=300),
                    decision_id=1,
                )
            )
    return election


def issued_leaves(held: Held) -> list[bytes]:
    """Return whose tokens were issued, in the order of the register."""
    return [entry.leaf for entry in casting.register(held.id)]


def entries(held: Held) -> list[RollEntry]:
    return list(db.session.scalars(select(RollEntry).where(RollEntry.election_id == held.id)))
