"""Organizations and dated affiliations.

Revision ID: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "organization",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("folded", sa.String(length=120), nullable=False),
        sa.Column("type", sa.String(length=12), nullable=False),
        sa.Column("size_band", sa.String(length=8), nullable=False),
        sa.Column("industry", sa.String(length=80), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("city", sa.String(length=80), nullable=False),
        sa.Column("website", sa.String(length=200), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("about_html", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("founded_by_id", BIG_KEY, nullable=True),
        sa.Column("merged_into_id", BIG_KEY, nullable=True),
        sa.CheckConstraint(
            "size_band in ('', '1', '2-9', '10-49', '50-249', '250-999', '1000+')", name="size_band"
        ),
        sa.CheckConstraint(
            "type in ('firm', 'sme', 'public', 'third', 'academic', 'vendor', 'intermediary')", name="type"
        ),
        sa.ForeignKeyConstraint(
            ["founded_by_id"],
            ["member.id"],
        ),
        sa.ForeignKeyConstraint(
            ["merged_into_id"],
            ["organization.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("slug"),
    )
    op.create_index(op.f("ix_organization_country"), "organization", ["country"], unique=False)
    op.create_index(op.f("ix_organization_folded"), "organization", ["folded"], unique=False)
    op.create_index(op.f("ix_organization_name"), "organization", ["name"], unique=False)
    op.create_table(
        "affiliation",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("member_id", BIG_KEY, nullable=False),
        sa.Column("organization_id", BIG_KEY, nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("evidence", sa.String(length=10), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verified_domain", sa.String(length=253), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("visibility", sa.String(length=8), nullable=False),
        sa.Column("is_main", sa.Boolean(), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("evidence in ('self', 'email', 'sso', 'dns_admin', 'peer')", name="evidence"),
        sa.CheckConstraint("visibility in ('public', 'members', 'board', 'self')", name="visibility"),
        sa.CheckConstraint("valid_to is null or valid_to > valid_from", name="order"),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_affiliation_line"), "affiliation", ["line"], unique=False)
    op.create_index(
        "ix_affiliation_member_id_superseded_at", "affiliation", ["member_id", "superseded_at"], unique=False
    )
    op.create_index(
        "ix_affiliation_organization_id_superseded_at",
        "affiliation",
        ["organization_id", "superseded_at"],
        unique=False,
    )
    op.create_table(
        "mail_domain",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("organization_id", BIG_KEY, nullable=False),
        sa.Column("domain", sa.String(length=253), nullable=False),
        sa.Column("verified_by", sa.String(length=5), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("verified_by in ('admin', 'dns', 'email')", name="verified_by"),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("domain"),
    )
    op.create_index(op.f("ix_mail_domain_organization_id"), "mail_domain", ["organization_id"], unique=False)
    op.create_table(
        "member_card",
        sa.Column("member_id", BIG_KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("handle", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("photo_key", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("organization_id", BIG_KEY, nullable=True),
        sa.Column("organization_name", sa.String(length=120), nullable=False),
        sa.Column("organization_verified", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
        ),
        sa.PrimaryKeyConstraint("member_id"),
    )
    op.create_table(
        "offer",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("organization_id", BIG_KEY, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.CheckConstraint("kind in ('product', 'service')", name="kind"),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("organization_id", "name"),
    )
    op.create_index(op.f("ix_offer_name"), "offer", ["name"], unique=False)
    op.create_table(
        "organization_alias",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("organization_id", BIG_KEY, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("folded", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("organization_id", "name"),
    )
    op.create_index(op.f("ix_organization_alias_folded"), "organization_alias", ["folded"], unique=False)
    op.create_table(
        "organization_relation",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("a_id", BIG_KEY, nullable=False),
        sa.Column("b_id", BIG_KEY, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "kind in ('parent', 'successor', 'supplier', 'customer', 'competitor')", name="kind"
        ),
        sa.CheckConstraint("a_id <> b_id", name="two"),
        sa.CheckConstraint("valid_to is null or valid_to > valid_from", name="order"),
        sa.ForeignKeyConstraint(
            ["a_id"],
            ["organization.id"],
        ),
        sa.ForeignKeyConstraint(
            ["b_id"],
            ["organization.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_organization_relation_a_id"), "organization_relation", ["a_id"], unique=False)
    op.create_index(op.f("ix_organization_relation_b_id"), "organization_relation", ["b_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_organization_relation_b_id"), table_name="organization_relation")
    op.drop_index(op.f("ix_organization_relation_a_id"), table_name="organization_relation")
    op.drop_table("organization_relation")
    op.drop_index(op.f("ix_organization_alias_folded"), table_name="organization_alias")
    op.drop_table("organization_alias")
    op.drop_index(op.f("ix_offer_name"), table_name="offer")
    op.drop_table("offer")
    op.drop_table("member_card")
    op.drop_index(op.f("ix_mail_domain_organization_id"), table_name="mail_domain")
    op.drop_table("mail_domain")
    op.drop_index("ix_affiliation_organization_id_superseded_at", table_name="affiliation")
    op.drop_index("ix_affiliation_member_id_superseded_at", table_name="affiliation")
    op.drop_index(op.f("ix_affiliation_line"), table_name="affiliation")
    op.drop_table("affiliation")
    op.drop_index(op.f("ix_organization_name"), table_name="organization")
    op.drop_index(op.f("ix_organization_folded"), table_name="organization")
    op.drop_index(op.f("ix_organization_country"), table_name="organization")
    op.drop_table("organization")
