"""What was said in the demo community, by whom and when: sixty threads as written, the others varied. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Literal, TypeAlias

from iocop.demo.cast import Cast, Nobody, renamed
from iocop.demo.hours import awake, moment, working_day
from iocop.demo.people import gather
from iocop.demo.places import COMMONS, PROVED, WING, WORKSHOP
from iocop.demo.texts import handwritten, read_threads, variants

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from iocop.demo.texts import PostText, ThreadText

Speaker: TypeAlias = "Callable[[str], str]"

THREADS = Path(__file__).with_name("threads")
TOPICS = 400
SEED = 2026
QUIET = timedelta(minutes=20)
"""How long ago the last post was written when the demo starts."""

WING_TOPICS = 6
ANSWERED_BY = {"air": "norrvale"}
"""The domain that hangs on one company: most of its answers come from there."""


@dataclass(frozen=True)
class Said:
    """A post; *parent* is the position of the one it hangs under, from 1."""

    author: str
    at: datetime
    text: str
    kind: Literal["", "answer", "reply"] = ""
    parent: int = 1
    helpful: tuple[tuple[str, datetime], ...] = ()
    works_here: tuple[tuple[str, str, datetime], ...] = ()
    """Member, conditions, moment."""


@dataclass(frozen=True)
class Talk:
    """A topic; *accepted* is a position in *posts*, from 2."""

    kind: Literal["question", "discussion", "announcement"]
    title: str
    domains: tuple[str, ...]
    tags: tuple[str, ...]
    label: str
    language: str
    space: str
    posts: tuple[Said, ...]
    accepted: int | None = None
    accepted_at: datetime | None = None

    @property
    def author(self) -> str:
        return self.posts[0].author

    @property
    def answers(self) -> list[int]:
        return [position for position, post in enumerate(self.posts, 1) if post.kind == "answer"]


class Stage:
    """Puts threads on, up to a moment: nothing is said later."""

    def __init__(self, now: datetime) -> None:
        self.rng = Random(SEED)  # noqa: S311 -- nothing here is secret
        self.now, self.last = now, now - QUIET
        templates = read_threads(THREADS)
        self.written = [handwritten(template) for template in templates]
        varied = [
            each for each in templates if each.head["kind"] != "announcement"
        ]  # a version is announced once
        self.varied = variants(varied, TOPICS - len(templates), SEED)
        self.community = gather(self.rng, now.date(), _first_posts(self.written, now.date()))
        self.cast = Cast(self.rng, self.community, now.date())

    def talks(self) -> list[Talk]:
        """Return every topic, oldest first, without the short replies."""
        wing = set(self._some("care", WING_TOPICS))
        talks = [self._as_written(thread) for thread in self.written]
        talks += [self._variant(thread, in_wing=number in wing) for number, thread in enumerate(self.varied)]
        return sorted(talks, key=lambda talk: talk.posts[0].at)

    def _some(self, domain: str, count: int) -> list[int]:
        there = [number for number, thread in enumerate(self.varied) if domain in thread.domains]
        return self.rng.sample(there, count)

    def _as_written(self, thread: ThreadText) -> Talk:
        zone = self.cast.person[thread.author].time_zone
        opened = moment(self.rng, self.now.date() - timedelta(days=thread.days_ago), zone)
        span = max(post.after for post in thread.posts) + timedelta(hours=12)
        space = WORKSHOP if thread.label == "space" else COMMONS
        return self._talk(thread, min(opened, self.last - span), {}, space)

    def _variant(self, thread: ThreadText, *, in_wing: bool) -> Talk:
        space = WING if in_wing else self._space(thread)
        day, roles = self._cast(thread, space)
        zone = self.cast.person[roles[thread.author]].time_zone
        opened = min(moment(self.rng, day, zone), self.last - timedelta(minutes=self.rng.randint(40, 900)))
        return self._talk(thread, opened, roles, space)

    def _cast(self, thread: ThreadText, space: str) -> tuple[date, dict[str, str]]:
        """Return a day, and who speaks then for whom: a day too early for so many is drawn again."""
        authors = [thread.author, *(post.author for post in thread.posts)]
        answering = [post.author for post in thread.posts if post.kind == "answer"]
        company = next((ANSWERED_BY[domain] for domain in thread.domains if domain in ANSWERED_BY), "")
        while True:
            day = self._day(400 if space == WING else 2440)
            try:
                return day, self.cast.stand_ins(authors, day, space, answering, company)
            except Nobody:
                continue

    def _day(self, oldest: int) -> date:
        """Return a day of the past, later ones more likely: the community grew."""
        age = timedelta(days=round(oldest * self.rng.random() ** 1.6))
        return min(working_day(self.rng, self.now.date() - age), self.now.date())

    def _space(self, thread: ThreadText) -> str:
        if thread.label == "space":
            return PROVED if "care" in thread.domains else WORKSHOP
        return WORKSHOP if thread.label != "public" and self.rng.random() < 0.1 else COMMONS

    def _talk(self, thread: ThreadText, opened: datetime, roles: Mapping[str, str], space: str) -> Talk:
        def speaker(handle: str) -> str:
            return roles.get(handle, handle)

        def words(text: str) -> str:
            return renamed(text, roles, self.cast.person)

        timed = self._timed(thread.posts, opened, speaker, 1.0 if not roles else self.rng.uniform(0.6, 1.6))
        places = {number: place for place, (number, _, _) in enumerate(timed, 2) if number}
        asker = speaker(thread.author)
        liked = self.readers(self.rng.choice((0, 0, 1, 2, 4)), opened, space, asker)
        posts = [Said(asker, opened, words(thread.body), helpful=liked)]
        for _, at, post in timed:
            author = speaker(post.author)
            helpful = self.readers(post.helpful, at, space, author)
            works_here = self._works_here(post, at, space, author)
            parent = places.get(post.parent or 0, 1)
            posts.append(Said(author, at, words(post.body), post.kind, parent, helpful, works_here))
        accepted = places.get(thread.accepted or 0)
        return Talk(
            kind=thread.kind, title=words(thread.title), domains=thread.domains, tags=thread.tags,
            label="space" if space in {PROVED, WING} else thread.label, language=thread.language, space=space,
            posts=tuple(posts), accepted=accepted,
            accepted_at=self.soon(posts[accepted - 1].at, 40) if accepted else None,
        )  # fmt: skip

    def _timed(
        self, posts: Sequence[PostText], opened: datetime, speaker: Speaker, pace: float
    ) -> list[tuple[int, datetime, PostText]]:
        """Return the posts said by now in the order of time, each answer with its number; replies have 0."""
        answered: dict[int, datetime] = {}
        timed = []
        for post in posts:
            number = len(answered) + 1 if post.kind == "answer" else 0
            at = awake(opened + post.after * pace, self.cast.person[speaker(post.author)].time_zone)
            if post.parent:
                at = max(at, answered[post.parent] + timedelta(minutes=9))
            if number:
                answered[number] = at
            timed.append((number, at, post))
        return sorted((each for each in timed if each[1] <= self.last), key=lambda each: each[1])

    def readers(self, count: int, at: datetime, space: str, author: str) -> tuple[tuple[str, datetime], ...]:
        """Return who found a post helpful, and when."""
        return tuple(
            (handle, self.soon(at, 900)) for handle in self.cast.readers(count, at.date(), space, author)
        )

    def _works_here(
        self, post: PostText, at: datetime, space: str, author: str
    ) -> tuple[tuple[str, str, datetime], ...]:
        marks = {}
        for organization, conditions in post.works_here:
            when = self.soon(at, 900)
            member = self.cast.of(organization, when.date(), space, author)
            if member:
                marks[member] = (member, conditions, when)
        return tuple(marks.values())

    def soon(self, at: datetime, hours: int) -> datetime:
        """Return a moment within some hours, earlier ones more likely, but not later than now."""
        return at + min(timedelta(hours=hours), self.now - at) * self.rng.random() ** 2


def _first_posts(threads: Sequence[ThreadText], today: date) -> dict[str, date]:
    """Return the day each author of a thread first writes."""
    first: dict[str, date] = {}
    for thread in threads:
        opened = today - timedelta(days=thread.days_ago)
        for author, after in [
            (thread.author, timedelta()),
            *((post.author, post.after) for post in thread.posts),
        ]:
            first[author] = min(first.get(author, today), opened + after)
    return first
