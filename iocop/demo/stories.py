"""What somebody who looks around is meant to meet: a question that waits, fresh answers, unanswered ones. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from iocop.demo.personas import MEMBER, SOLE_PRACTITIONER
from iocop.demo.places import COMMONS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from iocop.demo.talk import Said, Stage, Talk

WAITS = timedelta(hours=31)
ASKED = timedelta(hours=29)
UNANSWERED = 24
RECENT = timedelta(days=200)


def tell(stage: Stage, talks: Sequence[Talk]) -> list[Talk]:
    """Return the topics with the stories among them; as many as before."""
    written = {thread.title for thread in stage.written}
    told = list(talks)

    def one(fits: Callable[[Talk], bool]) -> int:
        there = [number for number, talk in enumerate(told) if _is_plain(talk, written) and fits(talk)]
        return max(there, key=lambda number: told[number].posts[0].at)

    waiting = one(lambda talk: talk.author == SOLE_PRACTITIONER)
    told[waiting] = _moved(_alone(told[waiting]), stage, WAITS)
    fresh = one(
        lambda talk: len(talk.answers) >= 3 and MEMBER not in _authors(talk) and talk.space == COMMONS
    )
    told[fresh] = _fresh(told[fresh], stage)
    for number in _recent(stage, told, written, without={waiting, fresh}):
        told[number] = _alone(told[number])
    return sorted(told, key=lambda talk: talk.posts[0].at)


def _is_plain(talk: Talk, written: set[str]) -> bool:
    return talk.kind == "question" and talk.language == "en" and talk.title not in written


def _authors(talk: Talk) -> set[str]:
    return {post.author for post in talk.posts}


def _recent(stage: Stage, told: Sequence[Talk], written: set[str], without: set[int]) -> list[int]:
    there = [
        number
        for number, talk in enumerate(told)
        if _is_plain(talk, written) and number not in without and talk.posts[0].at > stage.now - RECENT
    ]
    return stage.rng.sample(there, min(UNANSWERED, len(there)))


def _alone(talk: Talk) -> Talk:
    return replace(talk, posts=talk.posts[:1], accepted=None, accepted_at=None)


def _moved(talk: Talk, stage: Stage, ago: timedelta) -> Talk:
    at = stage.now - ago
    return replace(talk, space=COMMONS, label="members", posts=(replace(talk.posts[0], at=at, helpful=()),))


def _fresh(talk: Talk, stage: Stage) -> Talk:
    """The demo member asked yesterday; the last of the answers came 20 minutes ago, none is accepted yet."""
    opened = stage.now - ASKED
    question, *answers = (post for post in talk.posts if post.kind != "reply")
    step = (stage.last - opened) / len(answers)

    def said(number: int, post: Said) -> Said:
        at = opened + number * step
        marks = stage.readers(len(post.helpful) // 3, at, talk.space, post.author)
        return replace(post, at=at, helpful=marks, works_here=())

    posts = (
        replace(question, author=MEMBER, at=opened, helpful=()),
        *(said(number, post) for number, post in enumerate(answers, 1)),
    )
    return replace(talk, label="members", posts=posts, accepted=None, accepted_at=None)
