"""Topics, and what moderators decide about posts.

Revision ID: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "ruling",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("contribution_id", BIG_KEY, nullable=True),
        sa.Column("member_id", BIG_KEY, nullable=True),
        sa.Column("moderator_id", BIG_KEY, nullable=False),
        sa.Column("reason", sa.String(length=600), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind in ('hide', 'restore', 'remove', 'release', 'dismiss', 'suspend', 'lift')", name="kind"
        ),
        sa.CheckConstraint("contribution_id is not null or member_id is not null", name="subject"),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
        ),
        sa.ForeignKeyConstraint(
            ["moderator_id"],
            ["member.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_ruling_contribution_id"), "ruling", ["contribution_id"], unique=False)
    op.create_index(op.f("ix_ruling_member_id"), "ruling", ["member_id"], unique=False)
    op.create_table(
        "topic",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", BIG_KEY, nullable=True),
        sa.Column("closed_reason", sa.String(length=300), nullable=False),
        sa.Column("successor_id", BIG_KEY, nullable=True),
        sa.Column("accepted_id", BIG_KEY, nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_answer_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("posts", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("last_post_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_post_id", BIG_KEY, nullable=True),
        sa.Column("last_author_id", BIG_KEY, nullable=True),
        sa.Column("views", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind in ('question', 'discussion', 'announcement')", name="kind"),
        sa.ForeignKeyConstraint(
            ["accepted_id"],
            ["contribution.id"],
        ),
        sa.ForeignKeyConstraint(
            ["closed_by_id"],
            ["member.id"],
        ),
        sa.ForeignKeyConstraint(
            ["id"],
            ["contribution.id"],
        ),
        sa.ForeignKeyConstraint(
            ["last_author_id"],
            ["member.id"],
        ),
        sa.ForeignKeyConstraint(
            ["last_post_id"],
            ["contribution.id"],
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"],
            ["topic.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_topic_listing", "topic", ["listed", "pinned", "last_post_at", "id"], unique=False)
    op.create_index("ix_topic_unanswered", "topic", ["listed", "kind", "answers", "opened_at"], unique=False)
    op.create_table(
        "report",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("contribution_id", BIG_KEY, nullable=False),
        sa.Column("reporter_id", BIG_KEY, nullable=True),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("note", sa.String(length=600), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ruling_id", BIG_KEY, nullable=True),
        sa.CheckConstraint(
            "reason in ('spam', 'unkind', 'confidential', 'copyright', 'off_practice', 'held', 'other')",
            name="reason",
        ),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
        ),
        sa.ForeignKeyConstraint(
            ["reporter_id"],
            ["member.id"],
        ),
        sa.ForeignKeyConstraint(
            ["ruling_id"],
            ["ruling.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_report_contribution_id"), "report", ["contribution_id"], unique=False)
    op.create_index("ix_report_open", "report", ["ruling_id", "at"], unique=False)
    op.create_index(
        "uq_report_once",
        "report",
        ["contribution_id", "reporter_id"],
        unique=True,
        sqlite_where=sa.text("ruling_id is null"),
        postgresql_where=sa.text("ruling_id is null"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_report_once",
        table_name="report",
        sqlite_where=sa.text("ruling_id is null"),
        postgresql_where=sa.text("ruling_id is null"),
    )
    op.drop_index("ix_report_open", table_name="report")
    op.drop_index(op.f("ix_report_contribution_id"), table_name="report")
    op.drop_table("report")
    op.drop_index("ix_topic_unanswered", table_name="topic")
    op.drop_index("ix_topic_listing", table_name="topic")
    op.drop_table("topic")
    op.drop_index(op.f("ix_ruling_member_id"), table_name="ruling")
    op.drop_index(op.f("ix_ruling_contribution_id"), table_name="ruling")
    op.drop_table("ruling")
