"""Decisions, offices, domains, tags and spaces.

Revision ID: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "space",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("about", sa.String(length=400), nullable=False),
        sa.Column("audience", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("audience in ('public', 'members', 'verified', 'named')", name="audience"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
        sa.UniqueConstraint("slug"),
    )
    op.create_table(
        "decision",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("body", sa.String(length=80), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("link", sa.String(length=400), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", BIG_KEY, nullable=True),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["member.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "domain",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("summary", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("charter", sa.String(), nullable=False),
        sa.Column("charter_html", sa.String(), nullable=False),
        sa.Column("charter_owner_id", BIG_KEY, nullable=True),
        sa.Column("charter_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("learning_questions", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["charter_owner_id"],
            ["member.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
        sa.UniqueConstraint("slug"),
    )
    op.create_table(
        "space_grant",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("space_id", BIG_KEY, nullable=False),
        sa.Column("member_id", BIG_KEY, nullable=True),
        sa.Column("organization_id", BIG_KEY, nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_by_id", BIG_KEY, nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(member_id is null) <> (organization_id is null)", name="one"),
        sa.ForeignKeyConstraint(
            ["granted_by_id"],
            ["member.id"],
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
        ),
        sa.ForeignKeyConstraint(
            ["space_id"],
            ["space.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_space_grant_member_id"), "space_grant", ["member_id"], unique=False)
    op.create_index(op.f("ix_space_grant_organization_id"), "space_grant", ["organization_id"], unique=False)
    op.create_index(
        "uq_space_grant_member",
        "space_grant",
        ["space_id", "member_id"],
        unique=True,
        sqlite_where=sa.text("ended_at is null"),
        postgresql_where=sa.text("ended_at is null"),
    )
    op.create_index(
        "uq_space_grant_organization",
        "space_grant",
        ["space_id", "organization_id"],
        unique=True,
        sqlite_where=sa.text("ended_at is null"),
        postgresql_where=sa.text("ended_at is null"),
    )
    op.create_table(
        "member_domain",
        sa.Column("member_id", BIG_KEY, nullable=False),
        sa.Column("domain_id", BIG_KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["domain_id"],
            ["domain.id"],
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
        ),
        sa.PrimaryKeyConstraint("member_id", "domain_id"),
    )
    op.create_index(op.f("ix_member_domain_domain_id"), "member_domain", ["domain_id"], unique=False)
    op.create_table(
        "role_grant",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("member_id", BIG_KEY, nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("scope_kind", sa.String(length=20), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_id", BIG_KEY, nullable=False),
        sa.Column("granted_by_id", BIG_KEY, nullable=True),
        sa.Column("ended_by_id", BIG_KEY, nullable=True),
        sa.Column("end_decision_id", BIG_KEY, nullable=True),
        sa.CheckConstraint(
            "role in ('administrator', 'moderator', 'curator', 'board_member', 'returning_officer', 'facilitator',"
            " 'domain_steward')",
            name="role",
        ),
        sa.CheckConstraint("valid_to is null or valid_to > valid_from", name="order"),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["decision.id"],
        ),
        sa.ForeignKeyConstraint(
            ["end_decision_id"],
            ["decision.id"],
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"],
            ["member.id"],
        ),
        sa.ForeignKeyConstraint(
            ["granted_by_id"],
            ["member.id"],
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_role_grant_member_id_role", "role_grant", ["member_id", "role"], unique=False)
    op.create_table(
        "tag",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("slug", sa.String(length=50), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("domain_id", BIG_KEY, nullable=True),
        sa.Column("sub_topic", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("merged_into_id", BIG_KEY, nullable=True),
        sa.ForeignKeyConstraint(
            ["domain_id"],
            ["domain.id"],
        ),
        sa.ForeignKeyConstraint(
            ["merged_into_id"],
            ["tag.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("slug"),
    )
    op.create_index(op.f("ix_tag_domain_id"), "tag", ["domain_id"], unique=False)
    op.create_table(
        "tag_synonym",
        sa.Column("slug", sa.String(length=50), nullable=False),
        sa.Column("tag_id", BIG_KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["tag_id"],
            ["tag.id"],
        ),
        sa.PrimaryKeyConstraint("slug"),
    )
    op.create_index(op.f("ix_tag_synonym_tag_id"), "tag_synonym", ["tag_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_tag_synonym_tag_id"), table_name="tag_synonym")
    op.drop_table("tag_synonym")
    op.drop_index(op.f("ix_tag_domain_id"), table_name="tag")
    op.drop_table("tag")
    op.drop_index("ix_role_grant_member_id_role", table_name="role_grant")
    op.drop_table("role_grant")
    op.drop_index(op.f("ix_member_domain_domain_id"), table_name="member_domain")
    op.drop_table("member_domain")
    op.drop_index(
        "uq_space_grant_organization",
        table_name="space_grant",
        sqlite_where=sa.text("ended_at is null"),
        postgresql_where=sa.text("ended_at is null"),
    )
    op.drop_index(
        "uq_space_grant_member",
        table_name="space_grant",
        sqlite_where=sa.text("ended_at is null"),
        postgresql_where=sa.text("ended_at is null"),
    )
    op.drop_index(op.f("ix_space_grant_organization_id"), table_name="space_grant")
    op.drop_index(op.f("ix_space_grant_member_id"), table_name="space_grant")
    op.drop_table("space_grant")
    op.drop_table("domain")
    op.drop_table("decision")
    op.drop_table("space")
