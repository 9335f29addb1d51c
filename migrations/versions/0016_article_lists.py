"""Lists of articles are read in their order, by when each was renewed by title, or by how many confirmed it.

Revision ID: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_index("ix_article_renewed", "article", ["listed", "retired_how", "renewed_at", "id"])
    op.create_index("ix_article_titles", "article", ["listed", "retired_how", "title_key", "id"])
    confirmed = sa.text("works_here > 0")
    op.create_index(
        "ix_contribution_confirmed", "contribution", ["works_here", "id"],
        sqlite_where=confirmed, postgresql_where=confirmed,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_contribution_confirmed", "contribution")
    op.drop_index("ix_article_titles", "article")
    op.drop_index("ix_article_renewed", "article")
