"""What others make of the same texts: Whoosh as it comes, Whoosh with stems and any word, SQLite's FTS5 with porter."""

from __future__ import annotations

import re
import sqlite3
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from whoosh import analysis as _analysis
from whoosh import fields, index
from whoosh import qparser as _qparser

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

analysis: Any = _analysis  # export without saying so
qparser: Any = _qparser

WORD = re.compile(r"\w+")


class Plain(NamedTuple):
    """A text as a rival takes it."""

    key: str
    title: str
    body: str


class Rival(Protocol):
    """Another search engine, asked for the best 100."""

    name: str

    def build(self, texts: Iterable[Plain]) -> None: ...

    def ask(self, text: str) -> Sequence[str]: ...

    def phrase(self, words: Sequence[str]) -> Sequence[str]: ...

    def close(self) -> None: ...


class PlainWhoosh:
    """Whoosh with its own analysis, parser, ranking and search; title and body, neither weighed."""

    def __init__(self, name: str, *, stemmed: bool, any_word: bool) -> None:
        self.name = name
        self._any, self._closing = any_word, ExitStack()
        text = fields.TEXT(analyzer=analysis.StemmingAnalyzer()) if stemmed else fields.TEXT()
        schema = fields.Schema(key=fields.ID(stored=True), title=text, body=text)
        self._index: Any = index.create_in(
            self._closing.enter_context(TemporaryDirectory(prefix="iocop-rival-")), schema
        )

    def build(self, texts: Iterable[Plain]) -> None:
        writer = self._index.writer(limitmb=256)
        for text in texts:
            writer.add_document(key=text.key, title=text.title, body=text.body)
        writer.commit()
        self._searcher: Any = self._closing.enter_context(self._index.searcher())
        group = qparser.OrGroup if self._any else qparser.AndGroup
        self._parser: Any = qparser.MultifieldParser(["title", "body"], self._index.schema, group=group)

    def ask(self, text: str) -> Sequence[str]:
        found = self._searcher.search(self._parser.parse(" ".join(WORD.findall(text.lower()))), limit=100)
        return [hit["key"] for hit in found]

    def phrase(self, words: Sequence[str]) -> Sequence[str]:
        found = self._searcher.search(self._parser.parse(f'"{" ".join(words)}"'), limit=100)
        return [hit["key"] for hit in found]

    def close(self) -> None:
        self._closing.close()


class Fts5:
    """SQLite's full-text table, any word."""

    name = "SQLite FTS5, porter OR"

    def __init__(self) -> None:
        self._folder = TemporaryDirectory(prefix="iocop-rival-")
        self._connection = sqlite3.connect(Path(self._folder.name) / "fts.db")
        self._connection.execute(
            "create virtual table texts using fts5(key unindexed, title, body, tokenize='porter unicode61')"
        )

    def build(self, texts: Iterable[Plain]) -> None:
        self._connection.executemany("insert into texts values (?, ?, ?)", texts)
        self._connection.commit()

    def ask(self, text: str) -> Sequence[str]:
        return self._found(" OR ".join(f'"{word}"' for word in dict.fromkeys(WORD.findall(text.lower()))))

    def phrase(self, words: Sequence[str]) -> Sequence[str]:
        return self._found(f'"{" ".join(words)}"')

    def _found(self, query: str) -> Sequence[str]:
        asked = "select key from texts where texts match ? order by rank limit 100"
        return [key for (key,) in self._connection.execute(asked, (query,))] if query else []

    def close(self) -> None:
        self._connection.close()
        self._folder.cleanup()


def rivals() -> list[Rival]:
    return [
        PlainWhoosh("Whoosh as it comes (all words)", stemmed=False, any_word=False),
        PlainWhoosh("Whoosh, stemmed OR", stemmed=True, any_word=True),
        Fts5(),
    ]
