"""A dump of any size with a vocabulary of real shape, for measuring the speed of imports.

As a command: `python tests/imports/generate.py FOLDER POSTS [SEED]`.
"""

from __future__ import annotations

import sys
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import accumulate, count
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING
from uuid import UUID
from xml.sax.saxutils import quoteattr

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TextIO

VOCABULARY = 60_000  # words; the k-th occurs in proportion to 1/k (Zipf)
TAGS = 400
FILES = ("Users", "Posts", "Comments", "Votes", "PostHistory", "Tags", "PostLinks", "Badges")
SHARE_OF_QUESTIONS = 0.4  # of all posts
POSTS_PER_USER = 5
START = datetime(2012, 1, 1, tzinfo=UTC)
SYLLABLES = [a + b for a in ("b", "br", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "st", "t", "v", "z")
             for b in ("a", "e", "i", "o", "u", "an", "el", "or", "um")]  # fmt: skip


def write_dump(folder: Path, posts: int = 100_000, seed: int = 1) -> None:
    """Write a dump of *posts* questions and answers, and in proportion what hangs on them.

    To each post come about one comment, two rows of history and four votes. One seed, one dump, to the byte.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as open_files:
        files = {name: open_files.enter_context((folder / f"{name}.xml").open("w", encoding="utf-8-sig"))
                 for name in FILES}  # fmt: skip
        for name, file in files.items():
            file.write(f'<?xml version="1.0" encoding="utf-8"?>\n<{name.lower()}>\n')
        _Writer(files, posts, Random(seed)).write()
        for name, file in files.items():
            file.write(f"</{name.lower()}>")


Row = dict[str, str | int]


class _Writer:
    def __init__(self, files: Mapping[str, TextIO], posts: int, random: Random) -> None:
        self.files = files
        self.posts = posts
        self.random = random
        self.users = max(2, posts // POSTS_PER_USER)
        self.words = _words(random)
        self.weights = list(accumulate(1 / rank for rank in range(1, VOCABULARY + 1)))
        self.tags = [f"{word}-{number}" for number, word in enumerate(self.words[500 : 500 + TAGS])]
        self.tag_weights = list(accumulate(1 / rank for rank in range(1, TAGS + 1)))
        self.numbers = {name: count(1) for name in FILES}
        self.questions: list[int] = []

    def write(self) -> None:
        self._row("Users", Id=-1, Reputation=1, CreationDate=_day(0), DisplayName="Community")
        for number in range(1, self.users + 1):
            self._row("Users", Id=number, Reputation=number % 900, CreationDate=_day(0),
                      DisplayName=f"{self.random.choice(self.words).title()} {number}")  # fmt: skip
            self._row("Badges", Id=number, UserId=number, Name="Reader", Date=_day(0), Class=3)
        for number, tag in enumerate(self.tags, start=1):
            self._row("Tags", Id=number, TagName=tag, Count=1)
        for number in range(1, self.posts + 1):
            self._post(number)

    def _post(self, number: int) -> None:
        day = _day(number)
        asks = not self.questions or self.random.random() < SHARE_OF_QUESTIONS
        markdown = self._markdown()
        row: Row = {"Id": number, "PostTypeId": 1 if asks else 2, "CreationDate": day, "Score": 2}
        row |= {"Body": _html(markdown), "OwnerUserId": self._user()}
        if asks:
            row |= {"Title": self._sentence(8), "Tags": self._tags(), "ViewCount": number % 5000}
            self.questions.append(number)
        else:
            row["ParentId"] = self.questions[
                -1 - int(self.random.random() ** 2 * min(50, len(self.questions)))
            ]
        self._row("Posts", **row, LastActivityDate=day, CommentCount=1)
        self._history(number, row, markdown)
        self._around(number, row)

    def _history(self, post: int, row: Row, markdown: str) -> None:
        parts = {2: markdown} | ({1: str(row["Title"]), 3: str(row["Tags"])} if "Title" in row else {})
        self._revision(post, parts, day=str(row["CreationDate"]), user=int(row["OwnerUserId"]))
        if self.random.random() < 0.3:
            edited = {5: f"{markdown}\r\n\r\n{self._sentence(12)}"}
            self._revision(post, edited, day=_day(post + 1), user=self._user(), comment=self._sentence(4))

    def _revision(self, post: int, parts: dict[int, str], day: str, user: int, comment: str = "") -> None:
        guid = str(UUID(int=self.random.getrandbits(128)))
        for kind, text in parts.items():
            row: Row = {"Id": next(self.numbers["PostHistory"]), "PostHistoryTypeId": kind, "PostId": post}
            row |= {"RevisionGUID": guid, "CreationDate": day, "UserId": user, "Comment": comment}
            self._row("PostHistory", **row, Text=text)

    def _around(self, post: int, row: Row) -> None:
        """What hangs on a post: votes, comments, now and then an acceptance and a link."""
        if "ParentId" in row and self.random.random() < 0.3:
            self._vote(post, kind=1)
        for _ in range(self.random.randrange(9)):
            self._vote(post, kind=3 if self.random.random() < 0.1 else 2)
        for _ in range(self.random.randrange(3)):
            number = next(self.numbers["Comments"])
            row = {"Id": number, "PostId": post, "Score": 0, "Text": self._sentence(20)}
            self._row("Comments", **row, CreationDate=_day(post), UserId=self._user())
        if len(self.questions) > 1 and post % 20 == 0:
            row = {"Id": next(self.numbers["PostLinks"]), "PostId": self.questions[-1], "LinkTypeId": 1}
            self._row("PostLinks", **row, RelatedPostId=self.random.choice(self.questions[:-1]))

    def _vote(self, post: int, kind: int) -> None:
        number = next(self.numbers["Votes"])
        self._row("Votes", Id=number, PostId=post, VoteTypeId=kind, CreationDate=_day(post))

    def _user(self) -> int:
        return 1 + int(self.random.random() ** 3 * self.users)  # a few write most

    def _tags(self) -> str:
        chosen = self.random.choices(self.tags, cum_weights=self.tag_weights, k=3)
        return "".join(f"<{tag}>" for tag in dict.fromkeys(chosen))

    def _sentence(self, words: int) -> str:
        return " ".join(self.random.choices(self.words, cum_weights=self.weights, k=words)).capitalize() + "."

    def _markdown(self) -> str:
        return "\r\n\r\n".join(
            self._sentence(self.random.randint(10, 60)) for _ in range(self.random.randint(1, 4))
        )

    def _row(self, file: str, **attributes: str | int) -> None:
        row = " ".join(f"{name}={quoteattr(str(value))}" for name, value in attributes.items())
        self.files[file].write(f"  <row {row} />\n")


def _words(random: Random) -> list[str]:
    """Distinct made-up words, the most frequent the shortest."""
    words: dict[str, None] = {}
    while len(words) < VOCABULARY:
        syllables = 1 + (len(words) > 100) + (len(words) > 8_000)
        words["".join(random.choices(SYLLABLES, k=syllables))] = None
    return list(words)


def _html(markdown: str) -> str:
    return "".join(f"<p>{paragraph}</p>\n" for paragraph in markdown.split("\r\n\r\n"))


def _day(post: int) -> str:
    return (START + timedelta(minutes=post)).isoformat(timespec="milliseconds").removesuffix("+00:00")


if __name__ == "__main__":
    write_dump(Path(sys.argv[1]), *map(int, sys.argv[2:]))
