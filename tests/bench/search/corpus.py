"""A forum of made-up posts, as documents: its words are those of the demo's large corpus, 60,000 by Zipf's law."""

from __future__ import annotations

from itertools import cycle
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from iocop.demo.corpus import POSTS_A_TOPIC, Pen
from iocop.search.keys import OPEN
from iocop.search.port import Document, Mask, ref

if TYPE_CHECKING:
    from collections.abc import Iterator

SEED = 20
SPACES, READABLE = 40, 23
DOMAINS, TAGS, ORGANIZATIONS = 24, 200, 60
START, DAY = 1_500_000_000, 86_400

MASK = Mask(frozenset(range(READABLE)), member=True)
"""What the measured member may read: 23 of the 40 spaces."""


class Asked(NamedTuple):
    """Queries of each kind, made of words that stand in some post."""

    one: list[str]
    few: list[str]
    title: list[str]
    phrase: list[tuple[str, ...]]
    begun: list[tuple[str, ...]]
    misspelt: list[str]


class Corpus:
    """Posts in topics of ten on average; the same ones each time."""

    def __init__(self, posts: int) -> None:
        self.posts = posts
        self.pen = Pen(Random(SEED))

    def documents(self, first: int = 1) -> Iterator[Document]:
        """Give the posts, numbered from *first*."""
        rng = Random(first)
        lengths, number, left = cycle(POSTS_A_TOPIC), first, self.posts
        while left > 0:
            length = min(next(lengths), left)
            left -= length
            topic, space = number, rng.randrange(SPACES)
            shared = self._keys(rng)
            for place in range(length):
                yield self._post(rng, number, topic, space, shared, opens=not place)
                number += 1

    def _keys(self, rng: Random) -> frozenset[str]:
        domains = rng.sample(range(DOMAINS), rng.choice((1, 1, 2)))
        tags = rng.sample(range(TAGS), 3)
        status = rng.choice(("solved", "open"))
        return frozenset(
            [*(f"domain={one}" for one in domains), *(f"tag={one}" for one in tags), f"status={status}"]
        )

    def _post(
        self, rng: Random, number: int, topic: int, space: int, shared: frozenset[str], *, opens: bool
    ) -> Document:
        at = START + number * DAY // 40
        public = rng.random() < 0.66
        own = {f"org={rng.randrange(ORGANIZATIONS)}", f"year={1970 + at // 31_556_952}"}
        return Document(
            ref=ref("post", number), kind="post", id=number, topic_id=topic, space_id=space,
            label="public" if public else "members", language="en", title=self.pen.title() if opens else "",
            text=self.pen.body().plain, at=at, votes=rng.choice((0, 0, 1, 2, 4)),
            own_keys=shared | own | ({OPEN} if public else set()),
        )  # fmt: skip

    def asked(self, documents: list[Document], count: int = 150) -> Asked:
        """Make queries of some of the posts."""
        rng = Random(SEED)
        some = rng.choices(documents, k=count)
        words = [one.text.lower().replace(".", "").split() for one in some]
        places = [rng.randrange(len(each) - 3) for each in words]
        titles = [one.title for one in documents if one.title]
        return Asked(
            one=[rng.choice(each) for each in words],
            few=[" ".join(rng.sample(each, rng.choice((2, 3)))) for each in words],
            title=rng.choices(titles, k=count),
            phrase=[tuple(each[at : at + 2]) for each, at in zip(words, places, strict=True)],
            begun=[tuple(_begun(rng, rng.choice(titles))) for _ in some],
            misspelt=[_misspelt(rng, rng.choice(each)) for each in words],
        )


def _begun(rng: Random, title: str) -> list[str]:
    words = title.lower().strip("?").split()[: rng.choice((1, 2, 3))]
    return [*words[:-1], words[-1][:3]]


def _misspelt(rng: Random, word: str) -> str:
    at = rng.randrange(len(word))
    return word[:at] + rng.choice("aeiou") + word[at + 1 :]
