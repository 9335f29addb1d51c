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
    change: Mapped[int] = mapped_column(BigInteger)
    """How often it was written: what was written last carries this number."""
    forgotten: Mapped[int] = mapped_column(BigInteger)
    """Up to which change nobody knows any more what was deleted."""
    numbered: Mapped[int]
    """How many numbers documents were given, those deleted since among them."""
    documents: Mapped[int]
    title_stem: Mapped[int] = mapped_column(BigInteger)
    """With the next three: how long all documents are together, in words of that field."""
    stem: Mapped[int] = mapped_column(BigInteger)
    title_exact: Mapped[int] = mapped_column(BigInteger)
    exact: Mapped[int] = mapped_column(BigInteger)


class SearchDocument(Model):
    """A document by its number: what is told of it, packed (`packing`), and its title's words for the GIN index."""

    __tablename__ = "search_document"
    __table_args__ = (
        Index("ix_search_document_ref", "generation", "ref"),
        Index("ix_search_document_change", "generation", "change"),
        Index("ix_search_document_title_words", "title_words", postgresql_using="gin"),
    )

    generation: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    change: Mapped[int] = mapped_column(BigInteger)
    ref: Mapped[str] = mapped_column(String(40))
    space_id: Mapped[int] = mapped_column(BigInteger)
    label: Mapped[str] = mapped_column(String(10))
    at: Mapped[int] = mapped_column(BigInteger)
    votes: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    facts: Mapped[bytes]
    keys: Mapped[bytes]
    words: Mapped[bytes]
    sequence: Mapped[bytes]
    title_words: Mapped[str] = mapped_column(Words)


class SearchGone(Model):
    """The number of a document that was deleted: it still stands in postings until the night."""

    __tablename__ = "search_gone"
    __table_args__ = (Index("ix_search_gone_change", "generation", "change"),)

    generation: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    change: Mapped[int] = mapped_column(BigInteger)


class SearchWord(Model):
    """In how many documents of a generation a lexeme stands, exactly; one that stands in none has no row.

    Attributes:
        recent: postings (`packing.POSTING`) of documents that are no part of `SearchPostings` yet.
        sealed: the last document that is, -1 where none is.
    """

    __tablename__ = "search_word"
    __table_args__ = (UniqueConstraint("generation", "lexeme"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    generation: Mapped[int]
    lexeme: Mapped[str] = mapped_column(Bytewise)
    documents: Mapped[int]
    sealed: Mapped[int]
    recent: Mapped[bytes]


class SearchPostings(Model):
    """In which documents a word stands, and how often in each: up to one, from the postings before this on."""

    __tablename__ = "search_postings"

    word_id: Mapped[int] = mapped_column(
        ForeignKey("search_word.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    upto: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    packed: Mapped[bytes]
