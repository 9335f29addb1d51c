"""Organizations' contacts, their confidential terms as digests, members' own words and switched-off rules.

Revision ID: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "organization_contact",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("organization_id", BIG_KEY, nullable=False),
        sa.Column("member_id", BIG_KEY, nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("named_by_id", BIG_KEY, nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", BIG_KEY, nullable=True),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"]),
        sa.ForeignKeyConstraint(["named_by_id"], ["member.id"]),
        sa.ForeignKeyConstraint(["ended_by_id"], ["member.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    live = sa.text("ended_at is null")
    op.create_index(
        "uq_organization_contact_live", "organization_contact", ["organization_id", "member_id"], unique=True,
        sqlite_where=live, postgresql_where=live,
    )  # fmt: skip
    op.create_index("ix_organization_contact_member_id", "organization_contact", ["member_id"], unique=False)
    op.create_table(
        "confidential_term",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("organization_id", BIG_KEY, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("capital", sa.Boolean(), nullable=False),
        sa.Column("added_by_id", BIG_KEY, nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("words between 1 and 5", name="words"),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["added_by_id"], ["member.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("organization_id", "digest"),
    )
    op.create_table(
        "own_word",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("member_id", BIG_KEY, nullable=False),
        sa.Column("word", sa.String(length=120), nullable=False),
        sa.Column("folded", sa.String(length=240), nullable=False),
        sa.Column("role", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("member_id", "folded"),
    )
    op.create_table(
        "switched_off",
        sa.Column("member_id", BIG_KEY, nullable=False),
        sa.Column("rule", sa.String(length=12), nullable=False),
        sa.CheckConstraint("rule in ('confidential', 'client', 'money', 'address', 'file')", name="rule"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"]),
        sa.PrimaryKeyConstraint("member_id", "rule"),
    )


def downgrade() -> None:
    op.drop_table("switched_off")
    op.drop_table("own_word")
    op.drop_table("confidential_term")
    op.drop_index("ix_organization_contact_member_id", table_name="organization_contact")
    op.drop_index("uq_organization_contact_live", table_name="organization_contact")
    op.drop_table("organization_contact")
