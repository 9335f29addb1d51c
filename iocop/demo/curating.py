"""The demo's articles: what each says, and what became of it since, read from files by hand. Pure."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

ARTICLES: Final = Path(__file__).with_name("articles")
REQUESTS: Final = Path(__file__).with_name("requests.toml")

_STEP: Final = re.compile(r"^=== (\w+) \| ([a-z.-]*) ?\| (\d+)(?: \|(.*))?$", re.MULTILINE)
_TAKEN: Final = re.compile(r"^\{([a-z.-]+)\} ", re.MULTILINE)


@dataclass(frozen=True)
class Step:
    """Something that happened to an article.

    Attributes:
        act: ``approve``, ``decline``, ``save``, ``edit``, ``confirm``, ``counted``, ``stale``, ``name``, ``obsolete`` or
            ``widen``.
        who: a handle; empty where time alone does it.
        days_ago: before the demo's start day.
        words: what was said, in the order the act needs it.
        text: of a ``save``, all of it; of an ``edit``, the section that it adds to the article.
    """

    act: str
    who: str
    days_ago: int
    words: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Story:
    """An article as it was first suggested, and what became of it.

    Attributes:
        head: what the file's front matter says.
        taken: for each paragraph that was distilled from a thread, whose answer it was.
    """

    head: dict[str, Any]
    text: str
    taken: tuple[tuple[str, str], ...]
    steps: tuple[Step, ...]


def read_stories(folder: Path = ARTICLES) -> list[Story]:
    """Read every article's file, the first first."""
    return [_story(path.read_text("utf-8")) for path in sorted(folder.glob("*.md"))]


@dataclass(frozen=True)
class Asked:
    """Something the repertoire was asked for.

    Attributes:
        days_ago: when, before the demo's start day.
        wanted: who wants it too, and how many days ago they said so.
        taken: the same of whoever writes it; empty where nobody does.
    """

    title: str
    text: str
    domains: tuple[str, ...]
    author: str
    days_ago: int
    wanted: tuple[tuple[str, int], ...]
    taken: tuple[str, int] | tuple[()] = ()


def read_requests(file: Path = REQUESTS) -> list[Asked]:
    """Read what was asked for, the oldest first."""
    rows = tomllib.loads(file.read_text("utf-8"))["request"]
    return [
        Asked(
            row["title"], row["text"], tuple(row["domains"]), row["author"], row["days_ago"],
            tuple((handle, days) for handle, days in row["wanted"]), tuple(row.get("taken", ())),
        )
        for row in rows
    ]  # fmt: skip


def _story(source: str) -> Story:
    _, head, rest = source.split("+++\n", 2)
    first, *pieces = _STEP.split(rest)
    steps = [
        Step(act, who, int(days), _words(said), text.strip() + "\n" if text.strip() else "")
        for act, who, days, said, text in zip(*(iter(pieces),) * 5, strict=True)
    ]
    taken = [
        (match[1], part[match.end() :])
        for part in first.strip().split("\n\n")
        if (match := _TAKEN.match(part))
    ]
    return Story(tomllib.loads(head), _TAKEN.sub("", first.strip()) + "\n", tuple(taken), tuple(steps))


def _words(said: str | None) -> tuple[str, ...]:
    return tuple(word.strip() for word in said.split("|")) if said else ()
