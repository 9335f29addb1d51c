"""Collections to measure search with: texts, queries, and which texts answer them.

A folder holds `queries.json` (a list of ``{"qid", "q", "rel": {key: grade}}``) and either `docs.json` (a list of
``{"id", "title", "body"}``), or `posts.jsonl` (a line each: ``{"id", "topic", "title", "user", "date", "body"}``), whose
queries are judged by topic.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from flask_babel import gettext as _

from iocop.core.text.storable import storable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

POSTS: Final = "posts.jsonl"
DOCUMENTS: Final = "docs.json"
QUERIES: Final = "queries.json"
BEST_GRADE: Final = 100
MILLISECONDS: Final = 10**11


class BadCollectionError(Exception):
    """A file is missing or not as it must be; the message says which, where, and what it should say."""


class Text(NamedTuple):
    """One document or post.

    Attributes:
        topic: what judgements name: the post's topic, or the document itself.
        at: seconds since 1970; 0 where the file does not say.
    """

    key: str
    topic: str
    title: str
    body: str
    at: int = 0


class Query(NamedTuple):
    """Something to look for, and how well topics or documents answer it, by their keys."""

    key: str
    text: str
    grades: Mapping[str, float]


@dataclass(frozen=True)
class Collection:
    """Texts, and queries whose answers among them are known.

    Attributes:
        by_posts: texts are posts, to be folded to topics.
    """

    name: str
    texts: Sequence[Text]
    queries: Sequence[Query]
    by_posts: bool


def read(folder: Path) -> Collection:
    """Read a collection.

    Raises:
        BadCollectionError: what is wrong with it.
    """
    by_posts = (folder / POSTS).is_file()
    source = folder / (POSTS if by_posts else DOCUMENTS)
    if not source.is_file():
        raise BadCollectionError(
            _(
                "%(folder)s has neither %(one)s nor %(other)s: put the texts there.",
                folder=folder,
                one=DOCUMENTS,
                other=POSTS,
            )
        )
    if not (folder / QUERIES).is_file():
        raise BadCollectionError(
            _(
                "%(folder)s has no %(file)s: put the queries and their answers there.",
                folder=folder,
                file=QUERIES,
            )
        )
    queries = [_query(entry) for entry in _entries(folder / QUERIES)]
    texts = [_text(entry, by_posts=by_posts) for entry in (_lines(source) if by_posts else _entries(source))]
    for file, found in ((source, texts), (folder / QUERIES, queries)):
        if not found:
            raise BadCollectionError(_("%(file)s is empty.", file=file))
    _all_differ(source, texts)
    return Collection(folder.resolve().name, texts, queries, by_posts)


class _Entry(NamedTuple):
    """One object of a file, and where it stands: as the reader of a message counts."""

    where: str
    fields: Mapping[str, Any]

    def wrong(self, name: str, wanted: str) -> BadCollectionError:
        return BadCollectionError(
            _("%(where)s: “%(name)s” should be %(wanted)s.", where=self.where, name=name, wanted=wanted)
        )

    def key(self, name: str) -> str:
        """Return an id; numbers are taken as they are written."""
        value = self.fields.get(name)
        if isinstance(value, bool) or not isinstance(value, str | int) or not str(value).strip():
            raise self.wrong(name, _("a text or a whole number"))
        return str(value).strip()

    def text(self, name: str) -> str:
        """Return a text; empty where there is none."""
        value = self.fields.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise self.wrong(name, _("a text"))
        return storable(value.replace("\0", " "))  # as the site itself would keep it


def _entries(path: Path) -> Iterator[_Entry]:
    found = _parsed(path.name, path.read_bytes())
    if isinstance(found, dict):  # by their keys
        found = [
            {"id": key, "qid": key} | value if isinstance(value, dict) else value
            for key, value in found.items()
        ]
    if not isinstance(found, list):
        raise BadCollectionError(_("%(file)s should hold a list.", file=path))
    for number, fields in enumerate(found, 1):
        yield _entry(_("%(file)s, entry %(number)s", file=path.name, number=number), fields)


def _lines(path: Path) -> Iterator[_Entry]:
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                where = _("%(file)s, line %(number)s", file=path.name, number=number)
                yield _entry(where, _parsed(where, line))


def _entry(where: str, fields: Any) -> _Entry:
    if not isinstance(fields, dict):
        raise BadCollectionError(_("%(where)s should be an object with named fields.", where=where))
    return _Entry(where, fields)


def _parsed(where: str, content: bytes) -> Any:
    try:
        return json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadCollectionError(_("%(where)s is not UTF-8: save it as UTF-8.", where=where)) from error
    except (ValueError, RecursionError) as error:
        raise BadCollectionError(_("%(where)s is not JSON: %(error)s.", where=where, error=error)) from error


def _text(entry: _Entry, *, by_posts: bool) -> Text:
    key = entry.key("id")
    topic = entry.key("topic") if by_posts and entry.fields.get("topic") is not None else key
    return Text(key, topic, entry.text("title"), entry.text("body"), _at(entry) if by_posts else 0)


def _at(entry: _Entry) -> int:
    """Return when it was written: ISO 8601, or seconds or milliseconds since 1970."""
    value = entry.fields.get("date")
    if value is None or value == "":
        return 0
    try:
        if not isinstance(value, str):
            return _seconds(int(value))
        at = datetime.fromisoformat(value.strip())
    except (ValueError, TypeError, OverflowError) as error:
        raise entry.wrong("date", _("a day such as 2026-03-14 or 2026-03-14T09:30:00Z")) from error
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())


def _seconds(since: int) -> int:
    """Return seconds of what may be milliseconds, which seconds would be of the year 5138 or later.

    Raises:
        ValueError: no calendar reaches so far.
    """
    found = since // 1000 if abs(since) >= MILLISECONDS else since
    if abs(found) >= MILLISECONDS:
        raise ValueError(since)
    return found


def _query(entry: _Entry) -> Query:
    judged = entry.fields.get("rel")
    if isinstance(judged, list):
        judged = dict.fromkeys(map(str, judged), 1)
    if not isinstance(judged, dict):
        raise entry.wrong("rel", _('an object of grades by key, such as {"12": 3}'))
    return Query(
        entry.key("qid"), entry.text("q"), {str(key): _grade(entry, value) for key, value in judged.items()}
    )


def _grade(entry: _Entry, value: object) -> float:
    try:
        grade = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        grade = BEST_GRADE + 1
    if not abs(grade) <= BEST_GRADE:
        raise entry.wrong(
            "rel", _('an object of grades by key, such as {"12": 3}; a grade is a number to 100')
        )
    return grade


def _all_differ(source: Path, texts: Sequence[Text]) -> None:
    seen: set[str] = set()
    for text in texts:
        if text.key in seen:
            raise BadCollectionError(
                _("%(file)s has “%(key)s” twice: each id stands there once.", file=source, key=text.key)
            )
        seen.add(text.key)
