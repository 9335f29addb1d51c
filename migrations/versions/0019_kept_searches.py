"""Members save searches and are told of what is new for them; what is looked for in vain is counted without them.

Revision ID: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BEFORE = (
    "kind in ('answer', 'reply', 'mention', 'acceptance', 'distilled', 'article', 'suggestion', 'reviewing',"
    " 'keeping', 'moderation', 'space', 'account')"
)
AFTER = (
    "kind in ('answer', 'reply', 'mention', 'acceptance', 'distilled', 'article', 'suggestion', 'reviewing',"
    " 'keeping', 'search', 'moderation', 'space', 'account')"
)


def upgrade() -> None:
    _saved()
    _missed()
    op.create_table(
        "search_day",
        sa.Column("day", sa.Date(), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("searches", "empty", "by_members", "opened")
        ),
        sa.PrimaryKeyConstraint("day"),
    )
    _allow(AFTER)


def _saved() -> None:
    op.create_table(
        "saved_search",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("member_id", BIG_KEY, nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("text", sa.String(400), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("alert", sa.String(4), nullable=False),
        sa.Column("feed_hash", sa.String(64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("alert_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind in ('topics', 'articles', 'members', 'organizations', 'files', 'spaces')", name="kind"
        ),
        sa.CheckConstraint("alert in ('none', 'mail')", name="alert"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("feed_hash"),
        sa.UniqueConstraint("member_id", "kind", "text"),
    )
    op.create_index("ix_saved_search_alert", "saved_search", ["alert", "id"])
    op.create_table(
        "search_match",
        sa.Column("saved_search_id", BIG_KEY, nullable=False),
        sa.Column("ref", sa.String(40), nullable=False),
        sa.Column("contribution_id", BIG_KEY, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_key", sa.String(80), nullable=False),
        sa.ForeignKeyConstraint(["saved_search_id"], ["saved_search.id"]),
        sa.ForeignKeyConstraint(["contribution_id"], ["contribution.id"]),
        sa.PrimaryKeyConstraint("saved_search_id", "ref"),
    )
    op.create_index("ix_search_match_told_key", "search_match", ["told_key"])
    op.create_index("ix_search_match_contribution_id", "search_match", ["contribution_id"])
    op.create_table(
        "search_round",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("xid", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def _missed() -> None:
    op.create_table(
        "missed_search",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("week", sa.String(8), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("sides", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_index("ix_missed_search_week", "missed_search", ["week"])
    op.create_table(
        "missed_mark",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("week", sa.String(8), nullable=False),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_index("ix_missed_mark_week", "missed_mark", ["week"])
    op.create_table(
        "missed_text",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("text", sa.String(200), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("dropped", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("text"),
    )
    op.create_index("ix_missed_text_last_on", "missed_text", ["last_on"])


def downgrade() -> None:
    for name in ("notice", "notice_choice"):
        table = sa.table(name, sa.column("kind", sa.String))
        op.execute(table.delete().where(table.c.kind == "search"))
    _allow(BEFORE)
    for name in (
        "search_day", "missed_text", "missed_mark", "missed_search", "search_round", "search_match", "saved_search",
    ):  # fmt: skip
        op.drop_table(name)


def _allow(kinds: str) -> None:
    with op.batch_alter_table("notice") as notice:
        notice.drop_constraint(op.f("ck_notice_kind"), type_="check")
        notice.create_check_constraint(op.f("ck_notice_kind"), kinds)
