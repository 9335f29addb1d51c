"""Thanks, questions and reports under answers: short replies that bring the demo to its number of posts. Pure."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from iocop.demo.cast import Nobody
from iocop.demo.hours import awake
from iocop.demo.talk import Said
from iocop.demo.templates import paragraph

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from random import Random

    from iocop.demo.talk import Stage, Talk

REPLIES = Path(__file__).with_name("replies.toml")
PACE = {"thanks": (0, 90), "report": (360, 900), "ask": (0, 120), "agree": (0, 300), "back": (0, 60)}
"""After how many hours each is said, at least and at most."""

MOST = 7
"""Short replies a topic gets at most."""


class Chatter:
    """Short replies, each said once before any is said again."""

    def __init__(self, stage: Stage) -> None:
        self._stage, self._rng = stage, stage.rng
        self._pools = {
            kind: _pool(lines, stage.rng) for kind, lines in tomllib.loads(REPLIES.read_text("utf-8")).items()
        }

    def spread(self, talks: Sequence[Talk], count: int) -> list[Talk]:
        """Return the topics with so many replies more, a few under each answer."""
        open_to = [number for number, talk in enumerate(talks) if talk.language == "en" and talk.answers]
        grown = dict(enumerate(talks))
        while count > 0 and open_to:
            number = self._rng.choice(open_to)
            after = self._exchange(grown[number])
            said = len(after.posts) - len(grown[number].posts)
            grown[number], count = after, count - said
            if not said or len(after.posts) - len(talks[number].posts) >= MOST:
                open_to.remove(number)
        return list(grown.values())

    def _exchange(self, talk: Talk) -> Talk:
        place = self._rng.choice(talk.answers)
        answer = talk.posts[place - 1]
        asker = talk.author
        kind = self._rng.choices(("thanks", "report", "ask", "agree"), (3, 2, 4, 2))[0]
        if answer.author == asker and kind in {"thanks", "report"}:
            kind = "ask"
        try:
            speaker = asker if kind in {"thanks", "report"} else self._other(talk, answer)
        except Nobody:
            return talk
        said = [self._reply(talk, kind, speaker, place, answer.at)]
        if kind == "ask" and self._rng.random() < 0.7:
            said.append(self._reply(talk, "back", answer.author, place, said[0].at))
        return with_replies(talk, [post for post in said if post.at <= self._stage.last])

    def _other(self, talk: Talk, answer: Said) -> str:
        return self._stage.cast.other(answer.at.date(), talk.space, {answer.author, talk.author})

    def _reply(self, talk: Talk, kind: str, speaker: str, place: int, after: datetime) -> Said:
        least, most = PACE[kind]
        at = after + timedelta(hours=least + (most - least) * self._rng.random() ** 2, minutes=11)
        at = awake(at, self._stage.cast.person[speaker].time_zone)
        if at > self._stage.last:
            return Said(speaker, at, "")  # not said yet
        liked = self._stage.readers(self._rng.choice((0, 0, 0, 1, 2)), at, talk.space, speaker)
        return Said(speaker, at, next(self._pools[kind]), "reply", place, liked)


def with_replies(talk: Talk, added: Sequence[Said]) -> Talk:
    """Return a topic with posts put in where their time is; positions move, and what refers to them."""
    order = sorted([*enumerate(talk.posts, 1), *((0, post) for post in added)], key=lambda each: each[1].at)
    place = {old: new for new, (old, _) in enumerate(order, 1) if old}
    posts = tuple(replace(post, parent=place[post.parent]) for _, post in order)
    return replace(talk, posts=posts, accepted=place[talk.accepted] if talk.accepted else None)


def _pool(lines: Sequence[str], rng: Random) -> Iterator[str]:
    read = [paragraph(str(REPLIES), line) for line in lines]
    texts = [each.text({}, number) for each in read for number in range(each.free)]
    while True:
        rng.shuffle(texts)
        yield from texts
