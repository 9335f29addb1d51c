"""An election from draft to certificate, its officers and what they did."""

from __future__ import annotations

from datetime import date  # noqa: TC003 -- the mapping reads the annotations
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from iocop.core.db import Model, Moment
from iocop.core.models import BigKey

KINDS = ("board", "office", "affirmation", "motion", "vacancy")
STATES = (
    "draft",
    "nominations",
    "screening",
    "campaign",
    "voting",
    "sealed",
    "counted",
    "certified",
    "void",
)


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} in ({', '.join(repr(value) for value in values)})"


class Election(Model):
    """One election. From the freeze on, what binds is `freeze`, to the byte; the columns only mirror it."""

    __tablename__ = "election"
    __table_args__ = (
        CheckConstraint(_one_of("kind", KINDS), name="kind"),
        CheckConstraint(_one_of("state", STATES), name="state"),
        CheckConstraint("seats >= 1", name="seats"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(12), default="draft", index=True)
    title: Mapped[str] = mapped_column(String(160))
    about: Mapped[str] = mapped_column(default="")
    about_html: Mapped[str] = mapped_column(default="")
    question: Mapped[str] = mapped_column(default="")
    """What a motion asks; empty for elections of people."""
    office: Mapped[str] = mapped_column(String(20), default="board_member")
    """The role (`roles.models.ROLES`) that the elected get."""
    seats: Mapped[int]
    term_starts_on: Mapped[date]
    term_ends_on: Mapped[date | None]
    rule_set_id: Mapped[int] = mapped_column(ForeignKey("election_rule_set.id"))
    rules: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Those of the rule set in force, copied when nominations opened; a draft shows what it would get today."""
    nominations_open_at: Mapped[Moment]
    nominations_close_at: Mapped[Moment]
    opens_at: Mapped[Moment]
    closes_at: Mapped[Moment]
    keys_until: Mapped[Moment]
    complaints_until: Mapped[Moment]
    created_at: Mapped[Moment]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    state_since: Mapped[Moment]
    reason: Mapped[str] = mapped_column(default="")
    """Why it is void."""
    needed: Mapped[int] = mapped_column(default=2)
    """How many officers' keys open the ballots."""
    earlier_id: Mapped[int | None] = mapped_column(ForeignKey("election.id"))
    """Whose ballots a casual vacancy is filled from."""
    vacated_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"))
    """The decision recorded when two officers certified the result."""
    certificate: Mapped[str] = mapped_column(default="")


class ElectionSecret(Model):
    """What the site holds for one election and destroys again: one row, apart, so that a page never reads it."""

    __tablename__ = "election_secret"

    election_id: Mapped[int] = mapped_column(ForeignKey("election.id"), primary_key=True, autoincrement=False)
    seed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """s₀, from the first officer's key to the freeze."""
    seed_commitment: Mapped[bytes] = mapped_column(LargeBinary)
    issuer_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The RSA key in PEM, from the freeze to the close."""
    acknowledger_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The Ed25519 seed that signs acknowledgements, kept to the end: a ballot sent again is acknowledged again."""


class ElectionDocument(Model):
    """A document of the archive, to the byte: freeze.json, sealed.json, opened.csv, election.blt, result.json, …"""

    __tablename__ = "election_document"

    election_id: Mapped[int] = mapped_column(ForeignKey("election.id"), primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[Moment]


class ElectionOfficer(Model):
    """A returning officer of one election. Number 1 … n is the x of the shares."""

    __tablename__ = "election_officer"
    __table_args__ = (
        UniqueConstraint("election_id", "member_id"),
        UniqueConstraint("election_id", "number"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    election_id: Mapped[int] = mapped_column(ForeignKey("election.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    number: Mapped[int]
    chairs: Mapped[bool] = mapped_column(default=False)
    encryption_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    signing_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    nonce: Mapped[bytes | None] = mapped_column(LargeBinary)
    opening_signature: Mapped[bytes | None] = mapped_column(LargeBinary)
    closing_signature: Mapped[bytes | None] = mapped_column(LargeBinary)
    private_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The X25519 key, given after *sealed*; shown to nobody before k officers gave theirs."""


class ElectionAct(Model):
    """What officers did, and what it takes: `first` proposed, `second` (another officer) confirmed, or None yet."""

    __tablename__ = "election_act"
    __table_args__ = (
        CheckConstraint("second_id is null or second_id <> first_id", name="two"),
        Index("ix_election_act_election_id_id", "election_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    election_id: Mapped[int] = mapped_column(ForeignKey("election.id"))
    verb: Mapped[str] = mapped_column(String(20))
    first_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    first_at: Mapped[Moment]
    second_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    second_at: Mapped[Moment | None]
    taken_back_at: Mapped[Moment | None]
    note: Mapped[str] = mapped_column(default="")
    subject_id: Mapped[int | None]
    """The nomination, complaint, roll entry or member it is about, or a number of days, by verb (`life.Deed.about`)."""
