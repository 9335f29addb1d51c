"""The PostgreSQL search engine keeps of each word in which documents it stands; of texts there is no `tsvector` any more.

What was indexed goes: the worker builds the index anew, and titles are searched meanwhile.

Revision ID: 0024
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0024"
down_revision = "0023"

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql")
BYTEWISE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

OFTEN = {"autovacuum_vacuum_scale_factor": 0.02}
STORAGE = """
alter table search_document set (toast_tuple_target = 1024);
alter table search_document alter column facts set storage plain;
alter table search_document alter column words set storage external;
alter table search_postings alter column packed set storage external
"""
"""A row keeps beside it what is read of all documents; which words it has lies apart, where it is not in the way."""
STORAGE_BEFORE = """
alter table search_document set (toast_tuple_target = 1024);
alter table search_document alter column facts set storage plain;
alter table search_document alter column stems set storage main;
alter table search_document alter column words set storage external;
alter table search_document alter column sequence set storage external
"""


def upgrade() -> None:
    for table in ("search_word", "search_overflow", "search_document", "search_index"):
        op.drop_table(table)
    _index(
        sa.Column("change", sa.BigInteger, nullable=False),
        sa.Column("forgotten", sa.BigInteger, nullable=False),
        sa.Column("numbered", sa.Integer, nullable=False),
    )
    op.create_table(
        "search_document",
        sa.Column("generation", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("change", sa.BigInteger, nullable=False),
        *_described(),
        sa.Column("words", sa.LargeBinary, nullable=False),
        sa.Column("sequence", sa.LargeBinary, nullable=False),
        sa.Column("title_words", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("generation", "number", name="pk_search_document"),
        postgresql_with=OFTEN,
    )
    op.create_index("ix_search_document_ref", "search_document", ["generation", "ref"])
    op.create_index("ix_search_document_change", "search_document", ["generation", "change"])
    op.create_index(
        "ix_search_document_title_words", "search_document", ["title_words"], postgresql_using="gin"
    )
    op.create_table(
        "search_gone",
        sa.Column("generation", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("change", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("generation", "number", name="pk_search_gone"),
    )
    op.create_index("ix_search_gone_change", "search_gone", ["generation", "change"])
    _word(
        sa.Column("sealed", sa.Integer, nullable=False),
        sa.Column("recent", sa.LargeBinary, nullable=False),
        fillfactor=60,
    )
    op.create_table(
        "search_postings",
        sa.Column("word_id", BIG_KEY, nullable=False, autoincrement=False),
        sa.Column("upto", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("packed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("word_id", "upto", name="pk_search_postings"),
        sa.ForeignKeyConstraint(
            ["word_id"], ["search_word.id"], name="fk_search_postings_word_id", ondelete="CASCADE"
        ),
        postgresql_with=OFTEN,
    )
    _store(STORAGE)


def downgrade() -> None:
    for table in ("search_postings", "search_word", "search_gone", "search_document", "search_index"):
        op.drop_table(table)
    _index()
    op.create_table(
        "search_document",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("generation", sa.Integer, nullable=False),
        *_described(),
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
    _word(fillfactor=80)
    _store(STORAGE_BEFORE)


def _index(*more: sa.Column[object]) -> None:
    op.create_table(
        "search_index",
        sa.Column("generation", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("in_use", sa.Boolean, nullable=False),
        sa.Column("xid", sa.BigInteger, nullable=False),
        sa.Column("event_id", sa.BigInteger, nullable=False),
        *more,
        sa.Column("documents", sa.Integer, nullable=False),
        sa.Column("title_stem", sa.BigInteger, nullable=False),
        sa.Column("stem", sa.BigInteger, nullable=False),
        sa.Column("title_exact", sa.BigInteger, nullable=False),
        sa.Column("exact", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("generation", name="pk_search_index"),
    )


def _described() -> list[sa.Column[object]]:
    return [
        sa.Column("ref", sa.String(40), nullable=False),
        sa.Column("space_id", sa.BigInteger, nullable=False),
        sa.Column("label", sa.String(10), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("votes", sa.Integer, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("facts", sa.LargeBinary, nullable=False),
        sa.Column("keys", sa.LargeBinary, nullable=False),
    ]


def _word(*more: sa.Column[object], fillfactor: int) -> None:
    op.create_table(
        "search_word",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("lexeme", BYTEWISE, nullable=False),
        sa.Column("documents", sa.Integer, nullable=False),
        *more,
        sa.PrimaryKeyConstraint("id", name="pk_search_word"),
        sa.UniqueConstraint("generation", "lexeme", name="uq_search_word_generation_lexeme"),
        postgresql_with=OFTEN | {"fillfactor": fillfactor},
    )


def _store(statements: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        for statement in statements.split(";"):
            op.execute(statement)
