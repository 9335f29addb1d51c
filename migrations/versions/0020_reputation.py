"""Standing: an append-only ledger, ladders by domain, whom to ask, and what looked irregular.

Revision ID: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BEFORE = (
    "kind in ('answer', 'reply', 'mention', 'acceptance', 'distilled', 'article', 'suggestion', 'reviewing',"
    " 'keeping', 'search', 'moderation', 'space', 'account')"
)
AFTER = (
    "kind in ('answer', 'reply', 'mention', 'acceptance', 'distilled', 'article', 'suggestion', 'reviewing',"
    " 'keeping', 'search', 'standing', 'expert', 'moderation', 'space', 'account')"
)


def upgrade() -> None:
    _ledger()
    _ladders()
    _asking()
    _irregularities()
    _allow(AFTER)


def _ledger() -> None:
    op.create_table(
        "community_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("organizations", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day"),
    )
    op.create_table(
        "balance",
        sa.Column("member_id", BIG_KEY, nullable=False),
        sa.Column("domain_id", BIG_KEY, nullable=False),
        sa.Column("earned_mp", sa.BigInteger(), nullable=False),
        sa.Column("settled_mp", sa.BigInteger(), nullable=False),
        sa.Column("organizations", sa.Integer(), nullable=False),
        sa.Column("participation", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("contested", sa.Integer(), nullable=False),
        sa.Column("standing_mp", sa.BigInteger(), nullable=False),
        sa.Column("standing_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["domain_id"], ["domain.id"]),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"]),
        sa.PrimaryKeyConstraint("member_id", "domain_id"),
    )
    op.create_index("ix_balance_domain_id", "balance", ["domain_id", "standing_mp"], unique=False)
    op.create_table(
        "day_balance",
        sa.Column("member_id", BIG_KEY, nullable=False),
        sa.Column("domain_id", BIG_KEY, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("settled_mp", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["domain_id"], ["domain.id"]),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"]),
        sa.PrimaryKeyConstraint("member_id", "domain_id", "day"),
    )
    op.create_table(
        "ledger_rule",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("rule", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("base_mp", sa.Integer(), nullable=False),
        sa.Column("decision_id", BIG_KEY, nullable=False),
        sa.CheckConstraint("version > 1", name="version"),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("rule", "since"),
        sa.UniqueConstraint("rule", "version"),
    )
    op.create_table(
        "ledger",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("member_id", BIG_KEY, nullable=False),
        sa.Column("domain_id", BIG_KEY, nullable=False),
        sa.Column("rule", sa.String(20), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("base_mp", sa.Integer(), nullable=False),
        sa.Column("factors", sa.JSON(), nullable=False),
        sa.Column("amount_mp", sa.BigInteger(), nullable=False),
        sa.Column("source_id", BIG_KEY, nullable=False),
        sa.Column("occasion", sa.String(40), nullable=False),
        sa.Column("actor_id", BIG_KEY, nullable=True),
        sa.Column("actor_organization_id", BIG_KEY, nullable=True),
        sa.Column("actor_group_id", BIG_KEY, nullable=True),
        sa.Column("recipient_organization_id", BIG_KEY, nullable=True),
        sa.Column("reverses_id", BIG_KEY, nullable=True),
        sa.Column("because", sa.String(12), nullable=False),
        sa.CheckConstraint("member_id <> actor_id", name="another"),
        sa.ForeignKeyConstraint(["actor_group_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["actor_id"], ["member.id"]),
        sa.ForeignKeyConstraint(["actor_organization_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["domain_id"], ["domain.id"]),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"]),
        sa.ForeignKeyConstraint(["recipient_organization_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["reverses_id"], ["ledger.id"]),
        sa.ForeignKeyConstraint(["source_id"], ["contribution.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("reverses_id"),
    )
    op.create_index("ix_ledger_actor", "ledger", ["actor_id", "member_id", "at"], unique=False)
    op.create_index("ix_ledger_member_id", "ledger", ["member_id", "id"], unique=False)
    op.create_index("ix_ledger_source", "ledger", ["source_id", "rule"], unique=False)
    op.create_table(
        "settlement",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("member_id", BIG_KEY, nullable=False),
        sa.Column("domain_id", BIG_KEY, nullable=False),
        sa.Column("ledger_id", BIG_KEY, nullable=False),
        sa.Column("because_id", BIG_KEY, nullable=False),
        sa.Column("amount_mp", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["because_id"], ["ledger.id"]),
        sa.ForeignKeyConstraint(["domain_id"], ["domain.id"]),
        sa.ForeignKeyConstraint(["ledger_id"], ["ledger.id"]),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_settlement_ledger_id", "settlement", ["ledger_id"], unique=False)
    op.create_index("ix_settlement_member_id", "settlement", ["member_id", "domain_id", "day"], unique=False)


def _ladders() -> None:
    op.create_table(
        "rung",
        sa.Column("member_id", BIG_KEY, nullable=False),
        sa.Column("domain_id", BIG_KEY, nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("highest", sa.Integer(), nullable=False),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lowered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("level between 0 and 4 and highest between level and 4", name="level"),
        sa.ForeignKeyConstraint(["domain_id"], ["domain.id"]),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"]),
        sa.PrimaryKeyConstraint("member_id", "domain_id"),
    )
    op.create_index("ix_rung_domain_id", "rung", ["domain_id", "level"], unique=False)
    op.create_table(
        "rung_change",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("member_id", BIG_KEY, nullable=False),
        sa.Column("domain_id", BIG_KEY, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("old", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(8), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.CheckConstraint("why in ('reached', 'lowered')", name="why"),
        sa.ForeignKeyConstraint(["domain_id"], ["domain.id"]),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_rung_change_member_id", "rung_change", ["member_id", "at"], unique=False)
    op.create_table(
        "steward_told",
        sa.Column("grant_id", BIG_KEY, nullable=False),
        sa.Column("matter", sa.String(6), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("matter in ('silent', 'lapsed')", name="matter"),
        sa.ForeignKeyConstraint(["grant_id"], ["role_grant.id"]),
        sa.PrimaryKeyConstraint("grant_id", "matter", "since"),
    )


def _asking() -> None:
    op.create_table(
        "availability",
        sa.Column("member_id", BIG_KEY, nullable=False),
        sa.Column("per_week", sa.Integer(), nullable=False),
        sa.Column("away_until", sa.Date(), nullable=True),
        sa.Column("time_zone", sa.String(40), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.CheckConstraint("per_week between 0 and 20", name="per_week"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"]),
        sa.PrimaryKeyConstraint("member_id"),
    )
    op.create_table(
        "greeting",
        sa.Column("member_id", BIG_KEY, nullable=False),
        sa.Column("greeter_id", BIG_KEY, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["greeter_id"], ["member.id"]),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"]),
        sa.PrimaryKeyConstraint("member_id"),
    )
    op.create_table(
        "expert_request",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("topic_id", BIG_KEY, nullable=False),
        sa.Column("asker_id", BIG_KEY, nullable=False),
        sa.Column("expert_id", BIG_KEY, nullable=False),
        sa.Column("note", sa.String(300), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state in ('open', 'agreed', 'answered', 'declined', 'lapsed')", name="state"),
        sa.ForeignKeyConstraint(["asker_id"], ["member.id"]),
        sa.ForeignKeyConstraint(["expert_id"], ["member.id"]),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("topic_id", "expert_id"),
    )
    op.create_index(op.f("ix_expert_request_asker_id"), "expert_request", ["asker_id"], unique=False)
    op.create_index("ix_expert_request_expert_id", "expert_request", ["expert_id", "asked_at"], unique=False)


def _irregularities() -> None:
    op.create_table(
        "irregularity",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("kind", sa.String(4), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(9), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_by_id", BIG_KEY, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", BIG_KEY, nullable=True),
        sa.Column("note", sa.String(1000), nullable=False),
        sa.CheckConstraint("kind in ('ring', 'jump')", name="kind"),
        sa.CheckConstraint("state in ('open', 'told', 'upheld', 'unfounded')", name="state"),
        sa.ForeignKeyConstraint(["decided_by_id"], ["member.id"]),
        sa.ForeignKeyConstraint(["told_by_id"], ["member.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_index("ix_irregularity_state", "irregularity", ["state", "found_at"], unique=False)
    op.create_table(
        "irregularity_party",
        sa.Column("irregularity_id", BIG_KEY, nullable=False),
        sa.Column("member_id", BIG_KEY, nullable=False),
        sa.Column("answer", sa.String(2000), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["irregularity_id"], ["irregularity.id"]),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"]),
        sa.PrimaryKeyConstraint("irregularity_id", "member_id"),
    )
    op.create_index(
        op.f("ix_irregularity_party_member_id"), "irregularity_party", ["member_id"], unique=False
    )


def downgrade() -> None:
    for name in ("notice", "notice_choice"):
        table = sa.table(name, sa.column("kind", sa.String))
        op.execute(table.delete().where(table.c.kind.in_(("standing", "expert"))))
    _allow(BEFORE)
    for name in (
        "settlement", "steward_told", "expert_request", "ledger", "rung_change", "rung", "ledger_rule",
        "irregularity_party",
        "day_balance", "balance", "irregularity", "greeting", "availability", "community_day",
    ):  # fmt: skip
        op.drop_table(name)


def _allow(kinds: str) -> None:
    with op.batch_alter_table("notice") as notice:
        notice.drop_constraint(op.f("ck_notice_kind"), type_="check")
        notice.create_check_constraint(op.f("ck_notice_kind"), kinds)
