"""Other words for terms, and what the repertoire is asked for.

Revision ID: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "article_request",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("status", sa.String(8), nullable=False),
        sa.Column("origin", sa.String(8), nullable=False),
        sa.Column("about_id", BIG_KEY, nullable=True),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.Column("taken_by_id", BIG_KEY, nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("article_id", BIG_KEY, nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_reason", sa.String(400), nullable=False),
        sa.CheckConstraint("origin in ('member', 'search', 'article')", name="origin"),
        sa.CheckConstraint("status in ('open', 'taken', 'answered', 'declined')", name="status"),
        sa.ForeignKeyConstraint(["about_id"], ["article.id"]),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"]),
        sa.ForeignKeyConstraint(["id"], ["contribution.id"]),
        sa.ForeignKeyConstraint(["taken_by_id"], ["member.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_article_request_article_id"), "article_request", ["article_id"], unique=False)
    op.create_index("ix_article_request_listing", "article_request", ["status", "votes", "id"], unique=False)
    op.create_table(
        "term_name",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("article_id", BIG_KEY, nullable=False),
        sa.Column("word", sa.String(120), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("organization_id", BIG_KEY, nullable=True),
        sa.Column("sector", sa.String(12), nullable=False),
        sa.Column("added_by_id", BIG_KEY, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["added_by_id"], ["member.id"]),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"]),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_term_name_article_id_key", "term_name", ["article_id", "key"], unique=False)
    op.create_index(op.f("ix_term_name_key"), "term_name", ["key"], unique=False)
    op.create_index(op.f("ix_term_name_organization_id"), "term_name", ["organization_id"], unique=False)
    op.create_table(
        "term_use",
        sa.Column("article_id", BIG_KEY, nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"]),
        sa.PrimaryKeyConstraint("article_id"),
    )
    op.create_table(
        "request_vote",
        sa.Column("request_id", BIG_KEY, nullable=False),
        sa.Column("member_id", BIG_KEY, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"]),
        sa.ForeignKeyConstraint(["request_id"], ["article_request.id"]),
        sa.PrimaryKeyConstraint("request_id", "member_id"),
    )
    op.create_index(op.f("ix_request_vote_member_id"), "request_vote", ["member_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_request_vote_member_id"), table_name="request_vote")
    op.drop_table("request_vote")
    op.drop_table("term_use")
    op.drop_index(op.f("ix_term_name_organization_id"), table_name="term_name")
    op.drop_index(op.f("ix_term_name_key"), table_name="term_name")
    op.drop_index("ix_term_name_article_id_key", table_name="term_name")
    op.drop_table("term_name")
    op.drop_index("ix_article_request_listing", table_name="article_request")
    op.drop_index(op.f("ix_article_request_article_id"), table_name="article_request")
    op.drop_table("article_request")
