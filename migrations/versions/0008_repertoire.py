"""Articles, what waits to become one, and how long each is taken to hold.

Revision ID: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "article",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("title_key", sa.String(200), nullable=False),
        sa.Column("summary", sa.String(400), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("standing", sa.String(12), nullable=False),
        sa.Column("owner_id", BIG_KEY, nullable=True),
        sa.Column("deputy_id", BIG_KEY, nullable=True),
        sa.Column("product", sa.String(80), nullable=False),
        sa.Column("versions", sa.String(80), nullable=False),
        sa.Column("standard", sa.String(120), nullable=False),
        sa.Column("region", sa.String(80), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("renewed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("review_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_how", sa.String(8), nullable=False),
        sa.Column("retired_reason", sa.String(400), nullable=False),
        sa.Column("retired_by_id", BIG_KEY, nullable=True),
        sa.Column("successor_id", BIG_KEY, nullable=True),
        sa.CheckConstraint("(retired_at is null) = (retired_how = '')", name="retired"),
        sa.CheckConstraint(
            "kind in ('how-to', 'reference', 'troubleshooting', 'case', 'term', 'routine', 'map', 'tradition',"
            " 'coping', 'conduct')",
            name="kind",
        ),
        sa.CheckConstraint("retired_how in ('', 'obsolete', 'merged', 'deleted')", name="retired_how"),
        sa.CheckConstraint("standing in ('sealed', 'provisional', 'imported')", name="standing"),
        sa.CheckConstraint("owner_id is null or deputy_id is null or owner_id <> deputy_id", name="deputy"),
        sa.ForeignKeyConstraint(["deputy_id"], ["member.id"]),
        sa.ForeignKeyConstraint(["id"], ["contribution.id"]),
        sa.ForeignKeyConstraint(["owner_id"], ["member.id"]),
        sa.ForeignKeyConstraint(["retired_by_id"], ["member.id"]),
        sa.ForeignKeyConstraint(["successor_id"], ["article.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_article_deputy_id"), "article", ["deputy_id"], unique=False)
    op.create_index(
        "ix_article_listing", "article", ["listed", "retired_how", "kind", "published_at", "id"], unique=False
    )
    op.create_index(op.f("ix_article_owner_id"), "article", ["owner_id"], unique=False)
    op.create_index(
        "ix_article_review", "article", ["listed", "retired_how", "review_by", "id"], unique=False
    )
    op.create_index(op.f("ix_article_title_key"), "article", ["title_key"], unique=False)
    op.create_table(
        "passage",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("contribution_id", BIG_KEY, nullable=False),
        sa.Column("post_id", BIG_KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["contribution_id"], ["contribution.id"]),
        sa.ForeignKeyConstraint(["post_id"], ["contribution.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_passage_contribution_id"), "passage", ["contribution_id"], unique=False)
    op.create_index(op.f("ix_passage_post_id"), "passage", ["post_id"], unique=False)
    op.create_table(
        "passage_note",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("quote", sa.String(400), nullable=False),
        sa.Column("before", sa.String(80), nullable=False),
        sa.Column("after", sa.String(80), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", BIG_KEY, nullable=True),
        sa.ForeignKeyConstraint(["id"], ["contribution.id"]),
        sa.ForeignKeyConstraint(["settled_by_id"], ["member.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "article_alias",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("article_id", BIG_KEY, nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_index(op.f("ix_article_alias_article_id"), "article_alias", ["article_id"], unique=False)
    op.create_table(
        "credit",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("article_id", BIG_KEY, nullable=False),
        sa.Column("member_id", BIG_KEY, nullable=False),
        sa.Column("organization_id", BIG_KEY, nullable=True),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.CheckConstraint("share between 1 and 10000", name="share"),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"]),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"]),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("article_id", "member_id"),
    )
    op.create_index(op.f("ix_credit_member_id"), "credit", ["member_id"], unique=False)
    op.create_table(
        "old_anchor",
        sa.Column("article_id", BIG_KEY, nullable=False),
        sa.Column("anchor", sa.String(120), nullable=False),
        sa.Column("now", sa.String(120), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"]),
        sa.PrimaryKeyConstraint("article_id", "anchor"),
    )
    _create_reviews()


def _create_reviews() -> None:
    op.create_table(
        "proposal",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("act", sa.String(8), nullable=False),
        sa.Column("article_id", BIG_KEY, nullable=True),
        sa.Column("base_version", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(9), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("widened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("act = 'new' or article_id is not null", name="article"),
        sa.CheckConstraint(
            "act in ('new', 'edit', 'seal', 'relabel', 'obsolete', 'merge', 'delete')", name="act"
        ),
        sa.CheckConstraint(
            "status in ('draft', 'waiting', 'changes', 'declined', 'withdrawn', 'published')", name="status"
        ),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"]),
        sa.ForeignKeyConstraint(["id"], ["contribution.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_proposal_article_id"), "proposal", ["article_id"], unique=False)
    op.create_index("ix_proposal_queue", "proposal", ["status", "submitted_at", "id"], unique=False)
    op.create_table(
        "seal",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("article_id", BIG_KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("member_id", BIG_KEY, nullable=False),
        sa.Column("organization_id", BIG_KEY, nullable=True),
        sa.Column("org_group_id", BIG_KEY, nullable=True),
        sa.Column("org_evidence", sa.String(10), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"]),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"]),
        sa.ForeignKeyConstraint(["org_group_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("article_id", "member_id"),
    )
    op.create_index(op.f("ix_seal_member_id"), "seal", ["member_id"], unique=False)
    op.create_table(
        "spell",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("article_id", BIG_KEY, nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("began_by", sa.String(10), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(10), nullable=False),
        sa.CheckConstraint("(ended_at is null) = (ended_by = '')", name="ended"),
        sa.CheckConstraint("began_by in ('published', 'confirmed', 'imported')", name="began_by"),
        sa.CheckConstraint("ended_by in ('', 'stale', 'outdated', 'retired', 'renewed')", name="ended_by"),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_spell_article_id"), "spell", ["article_id"], unique=False)
    op.create_index("ix_spell_open", "spell", ["ended_at", "due_at"], unique=False)
    op.create_table(
        "wiki_link",
        sa.Column("article_id", BIG_KEY, nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"]),
        sa.PrimaryKeyConstraint("article_id", "key"),
    )
    op.create_index(op.f("ix_wiki_link_key"), "wiki_link", ["key"], unique=False)
    op.create_table(
        "reminder",
        sa.Column("spell_id", BIG_KEY, nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("member_id", BIG_KEY, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind in ('owner', 'deputy')", name="kind"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"]),
        sa.ForeignKeyConstraint(["spell_id"], ["spell.id"]),
        sa.PrimaryKeyConstraint("spell_id", "kind"),
    )
    op.create_index(op.f("ix_reminder_member_id"), "reminder", ["member_id"], unique=False)
    op.create_table(
        "review",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("proposal_id", BIG_KEY, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", BIG_KEY, nullable=False),
        sa.Column("verdict", sa.String(8), nullable=False),
        sa.Column("power", sa.String(8), nullable=False),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("organization_id", BIG_KEY, nullable=True),
        sa.Column("org_group_id", BIG_KEY, nullable=True),
        sa.Column("org_evidence", sa.String(10), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("power in ('curator', 'level', 'none')", name="power"),
        sa.CheckConstraint("verdict in ('approve', 'changes', 'decline', 'recuse')", name="verdict"),
        sa.ForeignKeyConstraint(["org_group_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"]),
        sa.ForeignKeyConstraint(["reviewer_id"], ["member.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("proposal_id", "round", "reviewer_id"),
    )
    op.create_index(op.f("ix_review_reviewer_id"), "review", ["reviewer_id"], unique=False)


def downgrade() -> None:
    _drop_reviews()
    op.drop_table("old_anchor")
    op.drop_index(op.f("ix_credit_member_id"), table_name="credit")
    op.drop_table("credit")
    op.drop_index(op.f("ix_article_alias_article_id"), table_name="article_alias")
    op.drop_table("article_alias")
    op.drop_table("passage_note")
    op.drop_index(op.f("ix_passage_post_id"), table_name="passage")
    op.drop_index(op.f("ix_passage_contribution_id"), table_name="passage")
    op.drop_table("passage")
    op.drop_index(op.f("ix_article_title_key"), table_name="article")
    op.drop_index("ix_article_review", table_name="article")
    op.drop_index(op.f("ix_article_owner_id"), table_name="article")
    op.drop_index("ix_article_listing", table_name="article")
    op.drop_index(op.f("ix_article_deputy_id"), table_name="article")
    op.drop_table("article")


def _drop_reviews() -> None:
    op.drop_index(op.f("ix_review_reviewer_id"), table_name="review")
    op.drop_table("review")
    op.drop_index(op.f("ix_reminder_member_id"), table_name="reminder")
    op.drop_table("reminder")
    op.drop_index(op.f("ix_wiki_link_key"), table_name="wiki_link")
    op.drop_table("wiki_link")
    op.drop_index("ix_spell_open", table_name="spell")
    op.drop_index(op.f("ix_spell_article_id"), table_name="spell")
    op.drop_table("spell")
    op.drop_index(op.f("ix_seal_member_id"), table_name="seal")
    op.drop_table("seal")
    op.drop_index("ix_proposal_queue", table_name="proposal")
    op.drop_index(op.f("ix_proposal_article_id"), table_name="proposal")
    op.drop_table("proposal")
