"""Credit for words given without a name stands apart; published texts' links by address are known.

Revision ID: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("credit") as credit:
        credit.add_column(sa.Column("sealed", sa.Boolean(), nullable=False, server_default=sa.false()))
        credit.drop_constraint("uq_credit_article_id_member_id", type_="unique")
        credit.create_unique_constraint(
            op.f("uq_credit_article_id_member_id_sealed"), ["article_id", "member_id", "sealed"]
        )
    with op.batch_alter_table("credit") as credit:
        credit.alter_column("sealed", server_default=None)  # the model fills it from now on
    op.create_table(
        "text_link",
        sa.Column("article_id", BIG_KEY, nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("target_id", BIG_KEY, autoincrement=False, nullable=False),
        sa.CheckConstraint("kind in ('a', 't', 'p', 'c', 'attachments')", name="kind"),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"]),
        sa.PrimaryKeyConstraint("article_id", "kind", "target_id"),
    )


def downgrade() -> None:
    op.drop_table("text_link")
    op.execute("delete from credit where sealed")
    with op.batch_alter_table("credit") as credit:
        credit.drop_constraint("uq_credit_article_id_member_id_sealed", type_="unique")
        credit.create_unique_constraint(op.f("uq_credit_article_id_member_id"), ["article_id", "member_id"])
        credit.drop_column("sealed")
