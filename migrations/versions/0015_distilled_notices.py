"""Notices tell members what became of their posts in the repertoire.

Revision ID: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

BEFORE = (
    "kind in ('answer', 'reply', 'mention', 'acceptance', 'article', 'suggestion', 'reviewing', 'keeping',"
    " 'moderation', 'space', 'account')"
)
AFTER = (
    "kind in ('answer', 'reply', 'mention', 'acceptance', 'distilled', 'article', 'suggestion', 'reviewing',"
    " 'keeping', 'moderation', 'space', 'account')"
)
ADDED = ("distilled",)


def upgrade() -> None:
    _allow(AFTER)


def downgrade() -> None:
    for name in ("notice", "notice_choice"):
        table = sa.table(name, sa.column("kind", sa.String))
        op.execute(table.delete().where(table.c.kind.in_(ADDED)))
    _allow(BEFORE)


def _allow(kinds: str) -> None:
    with op.batch_alter_table("notice") as notice:
        notice.drop_constraint(op.f("ck_notice_kind"), type_="check")
        notice.create_check_constraint(op.f("ck_notice_kind"), kinds)
