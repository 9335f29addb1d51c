"""A large corpus to measure against: pseudo-words and the demo's own, as often as Zipf's law has them.

The texts mean nothing; their lengths, the size of their vocabulary and the spread of their authors are real ones.
"""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import accumulate, cycle, islice, product
from random import Random
from typing import TYPE_CHECKING, Literal, NamedTuple

from iocop.core import clock
from iocop.core.db import act
from iocop.core.versions import bump
from iocop.demo.fill import require_empty
from iocop.demo.handbook import articles
from iocop.demo.people import crowd, gather
from iocop.demo.places import COMMONS, WORKSHOP
from iocop.demo.settle import settle
from iocop.demo.talk import SEED, THREADS
from iocop.forums.services.bulk import BulkMark, BulkPost, BulkThread, write_threads
from iocop.repertoire.services.bulk import write_articles

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from iocop.demo.fill import Progress
    from iocop.demo.settle import Settlement

POSTS_A_TOPIC = (1, 20, 4, 9, 2, 16, 6, 20, 10, 12)
"""In turn: ten on average, and topics that fill a page."""

POSTS_A_MEMBER, MOST_MEMBERS = 50, 4000
"""Members beyond the community's own; the lists of names hold no more."""

VOCABULARY = 60_000
TAGS = 200
BATCH = 100
"""Topics written at once."""

ONSETS = (
    "b",
    "br",
    "c",
    "cl",
    "d",
    "dr",
    "f",
    "g",
    "gr",
    "h",
    "k",
    "l",
    "m",
    "n",
    "p",
    "pr",
    "r",
    "s",
    "st",
    "t",
    "tr",
    "v",
    "w",
)
ENDS = ("a", "e", "i", "o", "u", "an", "el", "ir", "on", "us", "ast", "end", "ing", "ock")
SYLLABLES = tuple(onset + end for onset, end in product(ONSETS, ENDS))


class Written(NamedTuple):
    """A text in its three forms."""

    text: str
    html: str
    plain: str


class Pen:
    """Writes texts of words drawn by Zipf's law."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self.words = _vocabulary(rng)
        self._often = list(accumulate(1 / (rank + 2.7) for rank in range(len(self.words))))

    def some(self, count: int) -> list[str]:
        return self._rng.choices(self.words, cum_weights=self._often, k=count)

    def title(self) -> str:
        return " ".join(self.some(self._rng.randint(5, 11))).capitalize() + "?"

    def body(self) -> Written:
        """Return paragraphs of 20 to 200 words in all."""
        left = round(20 + 180 * self._rng.random() ** 2)
        paragraphs = []
        while left > 0:
            size = min(left, self._rng.randint(20, 60))
            paragraphs.append(" ".join(self.some(size)).capitalize() + ".")
            left -= size
        text = "\n\n".join(paragraphs)
        return Written(text, "\n".join(f"<p>{each}</p>" for each in paragraphs), "\n".join(paragraphs))


def _vocabulary(rng: Random) -> list[str]:
    """Return real words of the thread files, the frequent ones first, then pseudo-words: 60,000 in all."""
    real: dict[str, int] = {}
    for path in sorted(THREADS.glob("*.md")):
        for word in re.findall(r"[a-z]{2,}", path.read_text("utf-8").lower()):
            real[word] = real.get(word, 0) + 1
    words = dict.fromkeys(sorted(real, key=lambda word: (-real[word], word)))
    while len(words) < VOCABULARY:
        words["".join(rng.choices(SYLLABLES, k=rng.choice((2, 2, 3, 3, 4))))] = None
    return list(words)


def fill_corpus(size: int, progress: Progress = lambda _done, _all: None) -> None:
    """Fill the site with the demo's organizations, a crowd of members, posts and articles.

    Args:
        size: how many posts; an article is made for every hundred.

    Raises:
        Conflict: the site has members.
    """
    require_empty()
    now = clock.now()
    rng = Random(SEED)  # noqa: S311 -- nothing here is secret
    pen = Pen(rng)
    community = crowd(rng, gather(rng, now.date(), {}), min(size // POSTS_A_MEMBER, MOST_MEMBERS), now.date())
    with act() as session:
        settlement = settle(session, community, now.date(), pen.words[500 : 500 + TAGS])
        threads = _Threads(rng, pen, settlement, size, now).all()
        done = 0
        while batch := list(islice(threads, BATCH)):
            write_threads(batch)
            done += sum(len(thread.posts) for thread in batch)
            progress(done, size)
        handbook = articles(rng, pen, settlement, size, now)
        while some := list(islice(handbook, BATCH)):
            write_articles(some)
        bump("site", "people", "topics", "domains", "spaces")


class _Threads:
    """Threads from the founding until now, with authors by Zipf's law."""

    def __init__(self, rng: Random, pen: Pen, settlement: Settlement, size: int, now: datetime) -> None:
        self._rng, self._pen, self._settlement = rng, pen, settlement
        self._size, self._now = size, now
        self._handles = list(settlement.members)
        rng.shuffle(self._handles)
        self._often = list(accumulate(1 / (rank + 4) for rank in range(len(self._handles))))
        self._domains, self._tags = list(settlement.domains.values()), list(settlement.tags.values())

    def all(self) -> Iterator[BulkThread]:
        left = self._size
        start = self._now - timedelta(days=2500)
        lengths = cycle(POSTS_A_TOPIC)
        while left > 0:
            length = min(next(lengths), left)
            at = start + (self._now - start) * 0.998 * (1 - left / self._size)
            left -= length
            yield self._thread(at, length)

    def _thread(self, at: datetime, length: int) -> BulkThread:
        posts = [self._post(at, "", 1)]
        while len(posts) < length:
            at = min(at + timedelta(hours=30) * self._rng.random() ** 3, self._now)
            if len(posts) > 1 and self._rng.random() < 0.4:
                posts.append(self._post(at, "reply", self._rng.randint(2, len(posts))))
            else:
                posts.append(self._post(at, "answer", 1))
        accepted = 2 if length > 2 and self._rng.random() < 0.6 else None
        return BulkThread(
            kind="question", title=self._pen.title(), posts=posts, accepted=accepted,
            accepted_at=at if accepted else None,
            space_id=self._settlement.spaces[WORKSHOP if self._rng.random() < 0.05 else COMMONS],
            domain_ids=self._rng.sample(self._domains, self._rng.choice((1, 1, 2))),
            tag_ids=self._rng.sample(self._tags, 3), followers=[posts[0].author_id],
        )  # fmt: skip

    def _post(self, at: datetime, kind: Literal["", "answer", "reply"], parent: int) -> BulkPost:
        [handle] = self._rng.choices(self._handles, cum_weights=self._often)
        written = self._pen.body()
        return BulkPost(
            author_id=self._settlement.members[handle], created_at=at, text=written.text, html=written.html,
            plain=written.plain, kind=kind, parent=parent, stamp=self._settlement.stamp(handle, at),
            label=self._rng.choice(("public", "public", "members")), marks=self._marks(handle, at),
        )  # fmt: skip

    def _marks(self, author: str, at: datetime) -> Sequence[BulkMark]:
        readers = self._rng.sample(self._handles, self._rng.choice((0, 0, 1, 2, 4)))
        return [
            BulkMark(kind="helpful", member_id=self._settlement.members[handle], at=at)
            for handle in readers
            if handle != author
        ]
