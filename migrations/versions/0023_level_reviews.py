"""From now on two people look before a member reaches level 3 for the first time; who stands there stays.

Revision ID: 0023
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LOOKED_AT = 2


def upgrade() -> None:
    rule = op.create_table(
        "ladder_rule",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("version"),
    )
    op.bulk_insert(rule, [{"version": LOOKED_AT, "since": datetime.now(UTC)}])
    op.create_table(
        "level_review",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("member_id", BIG_KEY, nullable=False),
        sa.Column("domain_id", BIG_KEY, nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state in ('open', 'granted', 'declined')", name="state"),
        sa.CheckConstraint("(state = 'open') = (closed_at is null)", name="closed"),
        sa.ForeignKeyConstraint(["domain_id"], ["domain.id"]),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_level_review_member_id", "level_review", ["member_id", "domain_id"])
    op.create_index(
        "uq_level_review_open", "level_review", ["member_id", "domain_id"], unique=True,
        sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"),
    )  # fmt: skip
    op.create_table(
        "level_word",
        sa.Column("review_id", BIG_KEY, nullable=False),
        sa.Column("org_group_id", sa.BigInteger(), nullable=False),
        sa.Column("reviewer_id", BIG_KEY, nullable=False),
        sa.Column("power", sa.String(7), nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(1000), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("power in ('steward', 'curator', 'board')", name="power"),
        sa.ForeignKeyConstraint(["review_id"], ["level_review.id"]),
        sa.ForeignKeyConstraint(["reviewer_id"], ["member.id"]),
        sa.PrimaryKeyConstraint("review_id", "org_group_id"),
    )


def downgrade() -> None:
    for name in ("level_word", "level_review", "ladder_rule"):
        op.drop_table(name)
