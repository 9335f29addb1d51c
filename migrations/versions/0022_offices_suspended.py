"""An administrator can suspend an office for seven days, until a body decides.

Revision ID: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    with op.batch_alter_table("role_grant") as grant:
        grant.add_column(sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True))
        grant.add_column(sa.Column("suspended_until", sa.DateTime(timezone=True), nullable=True))
        grant.add_column(sa.Column("suspension_reason", sa.String(400), nullable=False, server_default=""))
    with op.batch_alter_table("role_grant") as grant:
        grant.alter_column("suspension_reason", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("role_grant") as grant:
        grant.drop_column("suspension_reason")
        grant.drop_column("suspended_until")
        grant.drop_column("suspended_at")
