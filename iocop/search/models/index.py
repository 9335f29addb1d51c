"""The index of the PostgreSQL engine. Elsewhere its tables stay empty."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, mapped_column

from iocop.core.db import Model
from iocop.core.models import BigKey

Words: Final = Text().with_variant(postgresql.TSVECTOR(), "postgresql")
Bytewise: Final = Text().with_variant(Text(collation="C"), "postgresql")


class SearchIndex(Model):
    """One generation of the index: a rebuild fills the next beside the one in use."""

    __tablename__ = "search_index"

    generation: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int]
    """Of the layout: what another version of the code wrote is not read."""
    in_use: Mapped[bool]
    xid: Mapped[int] = mapped_column(BigInteger)
    event_id: Mapped[int] = mapped_column(BigInteger)
    """With `xid`: how far the outbox was read, written in the transaction it tells of."""
    documents: Mapped[int]
    title_stem: Mapped[int] = mapped_column(BigInteger)
    """With the next three: how long all documents are together, in words of that field."""
    stem: Mapped[int] = mapped_column(BigInteger)
    title_exact: Mapped[int] = mapped_column(BigInteger)
    exact: Mapped[int] = mapped_column(BigInteger)


class SearchDocument(Model):
    """A document: what bounds it in columns, what it is scored by packed (`packing`), its words for the GIN index."""

    __tablename__ = "search_document"
    __table_args__ = (
        Index("ix_search_document_ref", "generation", "ref"),
        Index("ix_search_document_at", "generation", "at"),
        Index("ix_search_document_words", "words", postgresql_using="gin"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    generation: Mapped[int]
    ref: Mapped[str] = mapped_column(String(40))
    space_id: Mapped[int] = mapped_column(BigInteger)
    label: Mapped[str] = mapped_column(String(10))
    at: Mapped[int] = mapped_column(BigInteger)
    votes: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    facts: Mapped[bytes]
    keys: Mapped[bytes]
    stems: Mapped[bytes]
    exacts: Mapped[bytes]
    sequence: Mapped[bytes]
    words: Mapped[str] = mapped_column(Words)


class SearchOverflow(Model):
    """Words of a document that has more than one `tsvector` holds."""

    __tablename__ = "search_overflow"
    __table_args__ = (Index("ix_search_overflow_words", "words", postgresql_using="gin"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("search_document.id", ondelete="CASCADE"), index=True)
    words: Mapped[str] = mapped_column(Words)


class SearchWord(Model):
    """In how many documents of a generation a lexeme stands, exactly; one that stands in none has no row."""

    __tablename__ = "search_word"
    __table_args__ = (UniqueConstraint("generation", "lexeme"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    generation: Mapped[int]
    lexeme: Mapped[str] = mapped_column(Bytewise)
    documents: Mapped[int]
