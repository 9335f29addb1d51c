"""The outbox, versions, site settings, the security log and the mail queue.

Revision ID: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("act", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("result", sa.String(length=8), nullable=False),
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("chain", sa.String(length=64), nullable=False),
        sa.CheckConstraint("result in ('done', 'refused', 'failed')", name="result"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "event",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("xid", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_event_xid_id", "event", ["xid", "id"], unique=False)
    op.create_index("ix_event_name_xid_id", "event", ["name", "xid", "id"], unique=False)
    op.create_table(
        "listener",
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("xid", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "mail",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("event_key", sa.String(length=80), nullable=False),
        sa.Column("recipient_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("subject", sa.String(length=400), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("html", sa.String(), nullable=True),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("error", sa.String(length=300), nullable=False),
        sa.CheckConstraint("state in ('queued', 'sent', 'failed')", name="state"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_mail_due", "mail", ["state", "due_at"], unique=False)
    op.create_index("uq_mail_once", "mail", ["event_key", "recipient_id", "kind"], unique=True)
    op.create_table(
        "site_setting",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "version",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "failed_delivery",
        sa.Column("listener", sa.String(length=160), nullable=False),
        sa.Column("event_id", BIG_KEY, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["event.id"],
        ),
        sa.ForeignKeyConstraint(
            ["listener"],
            ["listener.name"],
        ),
        sa.PrimaryKeyConstraint("listener", "event_id"),
    )


def downgrade() -> None:
    op.drop_table("failed_delivery")
    op.drop_table("version")
    op.drop_table("site_setting")
    op.drop_index("uq_mail_once", table_name="mail")
    op.drop_index("ix_mail_due", table_name="mail")
    op.drop_table("mail")
    op.drop_table("listener")
    op.drop_index("ix_event_name_xid_id", table_name="event")
    op.drop_index("ix_event_xid_id", table_name="event")
    op.drop_table("event")
    op.drop_table("audit")
