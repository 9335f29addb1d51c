"""The index of the PostgreSQL search engine: documents with their words, how many have each word, how far it has read.

Other databases have the tables too, so that the schema is one; there they stay empty.

Revision ID: 0017
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql")
BYTEWISE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

OFTEN = {"autovacuum_vacuum_scale_factor": 0.02}
STORAGE = """
alter table search_document set (toast_tuple_target = 1024);
alter table search_document alter column facts set storage plain;
alter table search_document alter column stems set storage main;
alter table search_document alter column words set storage external;
alter table search_document alter column sequence set storage external
"""
"""A row keeps beside it what every search reads; the rest lies apart, where it is not in the way."""


def upgrade() -> None:
    op.create_table(
        "search_index",
        sa.Column("generation", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("in_use", sa.Boolean, nullable=False),
        sa.Column("xid", sa.BigInteger, nullable=False),
        sa.Column("event_id", sa.BigInteger, nullable=False),
        sa.Column("documents", sa.Integer, nullable=False),
        sa.Column("title_stem", sa.BigInteger, nullable=False),
        sa.Column("stem", sa.BigInteger, nullable=False),
        sa.Column("title_exact", sa.BigInteger, nullable=False),
        sa.Column("exact", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("generation", name="pk_search_index"),
    )
    op.create_table(
        "search_document",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("ref", sa.String(40), nullable=False),
        sa.Column("space_id", sa.BigInteger, nullable=False),
        sa.Column("label", sa.String(10), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("votes", sa.Integer, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("facts", sa.LargeBinary, nullable=False),
        sa.Column("keys", sa.LargeBinary, nullable=False),
        sa.Column("stems", sa.LargeBinary, nullable=False),
        sa.Column("exacts", sa.LargeBinary, nullable=False),
        sa.Column("sequence", sa.LargeBinary, nullable=False),
        sa.Column("words", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_search_document"),
        postgresql_with=OFTEN,
    )
    op.create_index("ix_search_document_ref", "search_document", ["generation", "ref"])
    op.create_index("ix_search_document_at", "search_document", ["generation", "at"])
    op.create_index("ix_search_document_words", "search_document", ["words"], postgresql_using="gin")
    op.create_table(
        "search_overflow",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("document_id", BIG_KEY, nullable=False),
        sa.Column("words", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_search_overflow"),
        sa.ForeignKeyConstraint(
            ["document_id"], ["search_document.id"], name="fk_search_overflow_document_id", ondelete="CASCADE"
        ),
        postgresql_with=OFTEN,
    )
    op.create_index("ix_search_overflow_document_id", "search_overflow", ["document_id"])
    op.create_index("ix_search_overflow_words", "search_overflow", ["words"], postgresql_using="gin")
    op.create_table(
        "search_word",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("lexeme", BYTEWISE, nullable=False),
        sa.Column("documents", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_search_word"),
        sa.UniqueConstraint("generation", "lexeme", name="uq_search_word_generation_lexeme"),
        postgresql_with=OFTEN | {"fillfactor": 80},
    )
    if op.get_bind().dialect.name == "postgresql":
        for statement in STORAGE.split(";"):
            op.execute(statement)


def downgrade() -> None:
    for table in ("search_word", "search_overflow", "search_document", "search_index"):
        op.drop_table(table)
