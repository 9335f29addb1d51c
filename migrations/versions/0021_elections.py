"""Elections: rule sets, officers and their acts, nominations, frozen rolls, tokens, boards, complaints.

Revision ID: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BEFORE = (
    "kind in ('answer', 'reply', 'mention', 'acceptance', 'distilled', 'article', 'suggestion', 'reviewing',"
    " 'keeping', 'search', 'standing', 'expert', 'moderation', 'space', 'account')"
)
AFTER = (
    "kind in ('answer', 'reply', 'mention', 'acceptance', 'distilled', 'article', 'suggestion', 'reviewing',"
    " 'keeping', 'search', 'standing', 'expert', 'election', 'moderation', 'space', 'account')"
)


def upgrade() -> None:
    _rules_and_elections()
    _officers()
    _candidates()
    _roll()
    _allow(AFTER)


def _rules_and_elections() -> None:
    op.create_table(
        "election_rule_set",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("takes_effect_on", sa.Date(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("decision_id", BIG_KEY, nullable=False),
        sa.Column("vote", sa.String(200), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", BIG_KEY, nullable=True),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"]),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["member.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ix_election_rule_set_kind_takes_effect_on",
        "election_rule_set",
        ["kind", "takes_effect_on"],
        unique=False,
    )
    op.create_table(
        "election",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("title", sa.String(160), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("about_html", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("office", sa.String(20), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("term_starts_on", sa.Date(), nullable=False),
        sa.Column("term_ends_on", sa.Date(), nullable=True),
        sa.Column("rule_set_id", BIG_KEY, nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("nominations_open_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("nominations_close_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("keys_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("complaints_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", BIG_KEY, nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.Column("earlier_id", BIG_KEY, nullable=True),
        sa.Column("vacated_by_id", BIG_KEY, nullable=True),
        sa.Column("decision_id", BIG_KEY, nullable=True),
        sa.Column("certificate", sa.String(), nullable=False),
        sa.CheckConstraint("kind in ('board', 'office', 'affirmation', 'motion', 'vacancy')", name="kind"),
        sa.CheckConstraint(
            "state in ('draft', 'nominations', 'screening', 'campaign', 'voting', 'sealed', 'counted', 'certified',"
            " 'void')",
            name="state",
        ),
        sa.CheckConstraint("seats >= 1", name="seats"),
        sa.ForeignKeyConstraint(["created_by_id"], ["member.id"]),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"]),
        sa.ForeignKeyConstraint(["earlier_id"], ["election.id"]),
        sa.ForeignKeyConstraint(["rule_set_id"], ["election_rule_set.id"]),
        sa.ForeignKeyConstraint(["vacated_by_id"], ["member.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_election_state"), "election", ["state"], unique=False)


def _officers() -> None:
    op.create_table(
        "election_secret",
        sa.Column("election_id", BIG_KEY, autoincrement=False, nullable=False),
        sa.Column("seed", sa.LargeBinary(), nullable=True),
        sa.Column("seed_commitment", sa.LargeBinary(), nullable=False),
        sa.Column("issuer_key", sa.LargeBinary(), nullable=True),
        sa.Column("acknowledger_key", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["election_id"], ["election.id"]),
        sa.PrimaryKeyConstraint("election_id"),
    )
    op.create_table(
        "election_document",
        sa.Column("election_id", BIG_KEY, autoincrement=False, nullable=False),
        sa.Column("name", sa.String(20), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["election_id"], ["election.id"]),
        sa.PrimaryKeyConstraint("election_id", "name"),
    )
    op.create_table(
        "election_officer",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("election_id", BIG_KEY, nullable=False),
        sa.Column("member_id", BIG_KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("chairs", sa.Boolean(), nullable=False),
        sa.Column("encryption_key", sa.LargeBinary(), nullable=True),
        sa.Column("signing_key", sa.LargeBinary(), nullable=True),
        sa.Column("nonce", sa.LargeBinary(), nullable=True),
        sa.Column("opening_signature", sa.LargeBinary(), nullable=True),
        sa.Column("closing_signature", sa.LargeBinary(), nullable=True),
        sa.Column("private_key", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["election_id"], ["election.id"]),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("election_id", "member_id"),
        sa.UniqueConstraint("election_id", "number"),
    )
    op.create_table(
        "election_act",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("election_id", BIG_KEY, nullable=False),
        sa.Column("verb", sa.String(20), nullable=False),
        sa.Column("first_id", BIG_KEY, nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("second_id", BIG_KEY, nullable=True),
        sa.Column("second_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("second_id is null or second_id <> first_id", name="two"),
        sa.ForeignKeyConstraint(["election_id"], ["election.id"]),
        sa.ForeignKeyConstraint(["first_id"], ["member.id"]),
        sa.ForeignKeyConstraint(["second_id"], ["member.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_election_act_election_id_id", "election_act", ["election_id", "id"], unique=False)


def _candidates() -> None:
    op.create_table(
        "nomination",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("election_id", BIG_KEY, nullable=False),
        sa.Column("member_id", BIG_KEY, nullable=False),
        sa.Column("nominated_by_id", BIG_KEY, nullable=False),
        sa.Column("nominated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("statement", sa.String(), nullable=False),
        sa.Column("statement_html", sa.String(), nullable=False),
        sa.Column("interests", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("group_id", BIG_KEY, nullable=True),
        sa.Column("thread_id", BIG_KEY, nullable=True),
        sa.Column("mailing", sa.String(), nullable=False),
        sa.Column("mailing_sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("serves", sa.Boolean(), nullable=True),
        sa.CheckConstraint(
            "state in ('proposed', 'declined', 'accepted', 'admitted', 'refused', 'withdrawn')", name="state"
        ),
        sa.ForeignKeyConstraint(["election_id"], ["election.id"]),
        sa.ForeignKeyConstraint(["group_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"]),
        sa.ForeignKeyConstraint(["nominated_by_id"], ["member.id"]),
        sa.ForeignKeyConstraint(["thread_id"], ["contribution.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("election_id", "member_id"),
        sa.UniqueConstraint("election_id", "number"),
    )
    op.create_index(op.f("ix_nomination_member_id"), "nomination", ["member_id"], unique=False)
    op.create_table(
        "seconding",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("nomination_id", BIG_KEY, nullable=False),
        sa.Column("member_id", BIG_KEY, nullable=False),
        sa.Column("seconded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"]),
        sa.ForeignKeyConstraint(["nomination_id"], ["nomination.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("nomination_id", "member_id"),
    )
    op.create_table(
        "election_complaint",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("election_id", BIG_KEY, nullable=False),
        sa.Column("member_id", BIG_KEY, nullable=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("upheld", sa.Boolean(), nullable=True),
        sa.Column("first_officer_id", BIG_KEY, nullable=True),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("second_officer_id", BIG_KEY, nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind in ('complaint', 'refused_nomination', 'did_not_vote')", name="kind"),
        sa.CheckConstraint("second_officer_id is null or second_officer_id <> first_officer_id", name="two"),
        sa.ForeignKeyConstraint(["election_id"], ["election.id"]),
        sa.ForeignKeyConstraint(["first_officer_id"], ["member.id"]),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"]),
        sa.ForeignKeyConstraint(["second_officer_id"], ["member.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_election_complaint_election_id", "election_complaint", ["election_id"], unique=False)


def _roll() -> None:
    op.create_table(
        "roll_entry",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("election_id", BIG_KEY, nullable=False),
        sa.Column("member_id", BIG_KEY, nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.Column("size_band", sa.String(12), nullable=False),
        sa.Column("blocked_reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["election_id"], ["election.id"]),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("election_id", "leaf"),
        sa.UniqueConstraint("election_id", "member_id"),
    )
    op.create_index(op.f("ix_roll_entry_member_id"), "roll_entry", ["member_id"], unique=False)
    op.create_table(
        "token_issue",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("election_id", BIG_KEY, nullable=False),
        sa.Column("entry_id", BIG_KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("blinded", sa.LargeBinary(), nullable=False),
        sa.Column("blind_signature", sa.LargeBinary(), nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["election_id"], ["election.id"]),
        sa.ForeignKeyConstraint(["entry_id"], ["roll_entry.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("election_id", "number"),
        sa.UniqueConstraint("entry_id"),
    )
    op.create_table(
        "board_head",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("election_id", BIG_KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.Column("ballots", sa.Integer(), nullable=False),
        sa.Column("issues", sa.Integer(), nullable=False),
        sa.Column("issues_head", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["election_id"], ["election.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("election_id", "number"),
    )
    op.create_index("ix_board_head_mailed_at", "board_head", ["mailed_at"], unique=False)


def downgrade() -> None:
    for name in ("notice", "notice_choice"):
        table = sa.table(name, sa.column("kind", sa.String))
        op.execute(table.delete().where(table.c.kind == "election"))
    _allow(BEFORE)
    for table in (
        "board_head",
        "token_issue",
        "roll_entry",
        "election_complaint",
        "seconding",
        "nomination",
        "election_act",
        "election_officer",
        "election_document",
        "election_secret",
        "election",
        "election_rule_set",
    ):
        op.drop_table(table)


def _allow(kinds: str) -> None:
    with op.batch_alter_table("notice") as notice:
        notice.drop_constraint(op.f("ck_notice_kind"), type_="check")
        notice.create_check_constraint(op.f("ck_notice_kind"), kinds)
