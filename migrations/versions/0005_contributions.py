"""Contributions and what they share.

Revision ID: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "draft",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("member_id", BIG_KEY, nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("member_id", "key"),
    )
    op.create_table(
        "contribution",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("author_id", BIG_KEY, nullable=False),
        sa.Column("affiliation_id", BIG_KEY, nullable=True),
        sa.Column("organization_id", BIG_KEY, nullable=True),
        sa.Column("org_group_id", BIG_KEY, nullable=True),
        sa.Column("org_evidence", sa.String(length=10), nullable=True),
        sa.Column("byline", sa.String(length=16), nullable=False),
        sa.Column("root_id", BIG_KEY, nullable=True),
        sa.Column("parent_id", BIG_KEY, nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("space_id", BIG_KEY, nullable=False),
        sa.Column("label", sa.String(length=10), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("licence", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("state_reason", sa.String(length=400), nullable=False),
        sa.Column("state_by_id", BIG_KEY, nullable=True),
        sa.Column("submission_key", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=80), nullable=True),
        sa.Column("source_id", sa.String(length=40), nullable=True),
        sa.Column("attribution", sa.String(length=400), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("helpful", sa.Integer(), nullable=False),
        sa.Column("works_here", sa.Integer(), nullable=False),
        sa.Column("outdated", sa.Integer(), nullable=False),
        sa.Column("imported_score", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("html", sa.String(), nullable=False),
        sa.Column("plain", sa.String(), nullable=False),
        sa.Column("renderer", sa.Integer(), nullable=False),
        sa.CheckConstraint("byline in ('named', 'employer_hidden', 'sealed')", name="byline"),
        sa.CheckConstraint("label in ('space', 'members', 'take-home', 'public')", name="label"),
        sa.CheckConstraint("state in ('visible', 'held', 'hidden', 'removed')", name="state"),
        sa.ForeignKeyConstraint(
            ["affiliation_id"],
            ["affiliation.id"],
        ),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["member.id"],
        ),
        sa.ForeignKeyConstraint(
            ["org_group_id"],
            ["organization.id"],
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["contribution.id"],
        ),
        sa.ForeignKeyConstraint(
            ["root_id"],
            ["contribution.id"],
        ),
        sa.ForeignKeyConstraint(
            ["space_id"],
            ["space.id"],
        ),
        sa.ForeignKeyConstraint(
            ["state_by_id"],
            ["member.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("author_id", "submission_key"),
        sa.UniqueConstraint("root_id", "position"),
        sa.UniqueConstraint("source", "source_id"),
    )
    op.create_index(
        "ix_contribution_author_id_created_at", "contribution", ["author_id", "created_at"], unique=False
    )
    op.create_index(
        op.f("ix_contribution_organization_id"), "contribution", ["organization_id"], unique=False
    )
    op.create_index(op.f("ix_contribution_space_id"), "contribution", ["space_id"], unique=False)
    op.create_table(
        "attachment",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("contribution_id", BIG_KEY, nullable=True),
        sa.Column("owner_id", BIG_KEY, nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("small_key", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["member.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_index(op.f("ix_attachment_contribution_id"), "attachment", ["contribution_id"], unique=False)
    op.create_index(op.f("ix_attachment_owner_id"), "attachment", ["owner_id"], unique=False)
    op.create_table(
        "contribution_domain",
        sa.Column("contribution_id", BIG_KEY, nullable=False),
        sa.Column("domain_id", BIG_KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
        ),
        sa.ForeignKeyConstraint(
            ["domain_id"],
            ["domain.id"],
        ),
        sa.PrimaryKeyConstraint("contribution_id", "domain_id"),
    )
    op.create_index(
        "ix_contribution_domain_domain_id",
        "contribution_domain",
        ["domain_id", "contribution_id"],
        unique=False,
    )
    op.create_table(
        "contribution_tag",
        sa.Column("contribution_id", BIG_KEY, nullable=False),
        sa.Column("tag_id", BIG_KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
        ),
        sa.ForeignKeyConstraint(
            ["tag_id"],
            ["tag.id"],
        ),
        sa.PrimaryKeyConstraint("contribution_id", "tag_id"),
    )
    op.create_index(
        "ix_contribution_tag_tag_id", "contribution_tag", ["tag_id", "contribution_id"], unique=False
    )
    op.create_table(
        "follow",
        sa.Column("member_id", BIG_KEY, nullable=False),
        sa.Column("root_id", BIG_KEY, nullable=False),
        sa.Column("muted", sa.Boolean(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
        ),
        sa.ForeignKeyConstraint(
            ["root_id"],
            ["contribution.id"],
        ),
        sa.PrimaryKeyConstraint("member_id", "root_id"),
    )
    op.create_index(op.f("ix_follow_root_id"), "follow", ["root_id"], unique=False)
    op.create_table(
        "label_change",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("contribution_id", BIG_KEY, nullable=False),
        sa.Column("actor_id", BIG_KEY, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("old_label", sa.String(length=10), nullable=False),
        sa.Column("new_label", sa.String(length=10), nullable=False),
        sa.Column("old_space_id", BIG_KEY, nullable=False),
        sa.Column("new_space_id", BIG_KEY, nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"],
            ["member.id"],
        ),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
        ),
        sa.ForeignKeyConstraint(
            ["new_space_id"],
            ["space.id"],
        ),
        sa.ForeignKeyConstraint(
            ["old_space_id"],
            ["space.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        op.f("ix_label_change_contribution_id"), "label_change", ["contribution_id"], unique=False
    )
    op.create_table(
        "link",
        sa.Column("from_id", BIG_KEY, nullable=False),
        sa.Column("to_id", BIG_KEY, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind in ('linked', 'quoted', 'duplicate')", name="kind"),
        sa.ForeignKeyConstraint(
            ["from_id"],
            ["contribution.id"],
        ),
        sa.ForeignKeyConstraint(
            ["to_id"],
            ["contribution.id"],
        ),
        sa.PrimaryKeyConstraint("from_id", "to_id", "kind"),
    )
    op.create_index(op.f("ix_link_to_id"), "link", ["to_id"], unique=False)
    op.create_table(
        "mark",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("contribution_id", BIG_KEY, nullable=False),
        sa.Column("member_id", BIG_KEY, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("context", sa.JSON(), nullable=False),
        sa.Column("organization_id", BIG_KEY, nullable=True),
        sa.Column("org_group_id", BIG_KEY, nullable=True),
        sa.Column("org_evidence", sa.String(length=10), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind in ('helpful', 'works_here', 'outdated')", name="kind"),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
        ),
        sa.ForeignKeyConstraint(
            ["org_group_id"],
            ["organization.id"],
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_mark_member_id", "mark", ["member_id", "contribution_id"], unique=False)
    op.create_index(
        "uq_mark_live",
        "mark",
        ["contribution_id", "member_id", "kind"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at is null"),
        postgresql_where=sa.text("withdrawn_at is null"),
    )
    op.create_table(
        "mention",
        sa.Column("contribution_id", BIG_KEY, nullable=False),
        sa.Column("member_id", BIG_KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
        ),
        sa.PrimaryKeyConstraint("contribution_id", "member_id"),
    )
    op.create_index(op.f("ix_mention_member_id"), "mention", ["member_id"], unique=False)
    op.create_table(
        "read_mark",
        sa.Column("member_id", BIG_KEY, nullable=False),
        sa.Column("root_id", BIG_KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
        ),
        sa.ForeignKeyConstraint(
            ["root_id"],
            ["contribution.id"],
        ),
        sa.PrimaryKeyConstraint("member_id", "root_id"),
    )
    op.create_table(
        "revision",
        sa.Column("contribution_id", BIG_KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("editor_id", BIG_KEY, nullable=False),
        sa.Column("organization_id", BIG_KEY, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
        ),
        sa.ForeignKeyConstraint(
            ["editor_id"],
            ["member.id"],
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
        ),
        sa.PrimaryKeyConstraint("contribution_id", "number"),
    )


def downgrade() -> None:
    op.drop_table("revision")
    op.drop_table("read_mark")
    op.drop_index(op.f("ix_mention_member_id"), table_name="mention")
    op.drop_table("mention")
    op.drop_index(
        "uq_mark_live",
        table_name="mark",
        sqlite_where=sa.text("withdrawn_at is null"),
        postgresql_where=sa.text("withdrawn_at is null"),
    )
    op.drop_index("ix_mark_member_id", table_name="mark")
    op.drop_table("mark")
    op.drop_index(op.f("ix_link_to_id"), table_name="link")
    op.drop_table("link")
    op.drop_index(op.f("ix_label_change_contribution_id"), table_name="label_change")
    op.drop_table("label_change")
    op.drop_index(op.f("ix_follow_root_id"), table_name="follow")
    op.drop_table("follow")
    op.drop_index("ix_contribution_tag_tag_id", table_name="contribution_tag")
    op.drop_table("contribution_tag")
    op.drop_index("ix_contribution_domain_domain_id", table_name="contribution_domain")
    op.drop_table("contribution_domain")
    op.drop_index(op.f("ix_attachment_owner_id"), table_name="attachment")
    op.drop_index(op.f("ix_attachment_contribution_id"), table_name="attachment")
    op.drop_table("attachment")
    op.drop_index(op.f("ix_contribution_space_id"), table_name="contribution")
    op.drop_index(op.f("ix_contribution_organization_id"), table_name="contribution")
    op.drop_index("ix_contribution_author_id_created_at", table_name="contribution")
    op.drop_table("contribution")
    op.drop_table("draft")
