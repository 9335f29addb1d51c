"""Plays the stories of the demo's articles through the services, each step on the day it happened."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select, update

from iocop.contributions.events import ContributionsLoaded
from iocop.contributions.models import Contribution
from iocop.contributions.services import Given, mark
from iocop.core import clock
from iocop.core.db import act
from iocop.core.events import emit
from iocop.core.models import EventRow
from iocop.demo.curating import read_requests, read_stories
from iocop.members.queries import viewer_of
from iocop.repertoire import services
from iocop.repertoire.fields import Fields
from iocop.repertoire.models import Article, Passage, Proposal, Spell
from iocop.repertoire.queries.current import fields_of
from iocop.repertoire.services.renewing import end_due
from iocop.repertoire.services.widening import widen_waiting

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from iocop.core.login import Viewer
    from iocop.demo.curating import Asked, Step, Story
    from iocop.demo.settle import Settlement

MORNING = timedelta(hours=9, minutes=20)


class Player:
    """One article's story."""

    def __init__(self, settlement: Settlement, now: datetime, topics: Mapping[str, int]) -> None:
        """*topics* are the topics' ids by their titles, for what was distilled from one."""
        self.settlement, self.topics = settlement, topics
        self.midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        self.waiting = 0
        self.viewers: dict[str, Viewer] = {}
        self.requests: dict[str, int] = {}
        """By title."""

    def ask(self, asked: Asked) -> None:
        """Have something asked for, wanted by others and taken by one."""
        with clock.telling(self._on(asked.days_ago)):
            given = Given(
                kind="request", title=asked.title, text=asked.text, submission_key=f"demo-{asked.title[:30]}",
                domain_ids=tuple(self.settlement.domains[slug] for slug in asked.domains), label="public",
            )  # fmt: skip
            request_id = self.requests[asked.title] = services.ask_for(self._who(asked.author), given).id
        for handle, days_ago in asked.wanted:
            with clock.telling(self._on(days_ago)):
                services.want(self._who(handle), request_id)
        if asked.taken:
            with clock.telling(self._on(asked.taken[1])):
                services.take(self._who(asked.taken[0]), request_id)

    def play(self, story: Story) -> int | None:
        """Play a story; return the article's id, or nothing where it still waits for one."""
        with clock.telling(self._on(story.head["days_ago"])):
            self._suggest(story)
        for number, step in enumerate(story.steps, 1):
            with clock.telling(self._on(step.days_ago) + timedelta(minutes=7 * number)):
                getattr(self, f"_{step.act}")(step)
        return self._proposal().article_id

    def _on(self, days_ago: int) -> datetime:
        return self.midnight - timedelta(days=days_ago) + MORNING

    def _who(self, handle: str) -> Viewer:
        if handle not in self.viewers:
            found = viewer_of(self.settlement.members[handle])
            if found is None:
                raise LookupError(f"nobody of the demo is called {handle}")
            self.viewers[handle] = found
        return self.viewers[handle]

    def _proposal(self) -> Proposal:
        with act() as session:
            return session.get_one(Proposal, self.waiting, populate_existing=True)

    def _article(self) -> Article:
        with act() as session:
            return session.get_one(Article, self._proposal().article_id or 0, populate_existing=True)

    def _suggest(self, story: Story) -> None:
        head = story.head
        about = {
            name: head.get(name, "") for name in ("summary", "product", "versions", "standard", "region")
        }
        fields = Fields(
            kind=head["kind"], title=head["title"], label=head["label"], language=head.get("language", "en"),
            domain_ids=tuple(self.settlement.domains[slug] for slug in head["domains"]), tags=tuple(head["tags"]),
            owner_id=self.settlement.members[head["owner"]],
            deputy_id=self.settlement.members[head["deputy"]] if "deputy" in head else None,
            request_id=self.requests.get(head.get("request", "")), **about,
        )  # fmt: skip
        sent = services.Sent(
            act="new", submission_key=f"demo-{head['title'][:30]}", fields=fields, text=story.text
        )
        self.waiting = services.propose(self._who(head["author"]), sent).id
        self._distil(story)

    def _distil(self, story: Story) -> None:
        root_id = self.topics.get(story.head.get("thread", ""))
        if root_id is None:
            return
        with act() as session:
            rows = select(Contribution.author_id, Contribution.id).where(
                Contribution.root_id == root_id, Contribution.kind == "answer"
            )
            answers = {row.author_id: row.id for row in session.execute(rows)}
            session.add_all(
                Passage(
                    contribution_id=self.waiting,
                    post_id=answers[self.settlement.members[handle]],
                    position=number,
                    text=text,
                    at=clock.now(),
                )
                for number, (handle, text) in enumerate(story.taken, 1)
            )

    def _approve(self, step: Step) -> None:
        said = step.words[0] if step.words else ""
        services.approve(self._who(step.who), self.waiting, self._proposal().round, said)

    def _decline(self, step: Step) -> None:
        services.decline(self._who(step.who), self.waiting, self._proposal().round, step.words[0])

    def _save(self, step: Step) -> None:
        fields = Fields.read(self._proposal().fields)
        services.save_proposal(
            self._who(step.who), self.waiting, fields=fields, text=step.text, note=step.words[0]
        )

    def _edit(self, step: Step) -> None:
        with act() as session:
            thing = session.get_one(Contribution, self._article().id, populate_existing=True)
            text, version = f"{thing.text.rstrip()}\n\n{step.text}", thing.version
        sent = services.Sent(
            act="edit", submission_key=f"demo-edit-{thing.id}-{step.days_ago}", fields=fields_of(thing.id), text=text,
            article_id=thing.id, base_version=version, note=step.words[0],
        )  # fmt: skip
        self.waiting = services.propose(self._who(step.who), sent).id

    def _confirm(self, step: Step) -> None:
        self._works_here(step, {})

    def _counted(self, step: Step) -> None:
        self._works_here(step, {"shown": "counted"})

    def _works_here(self, step: Step, more: dict[str, str]) -> None:
        version, conditions = step.words
        said = {"version": version, "conditions": conditions} | more
        mark(self._who(step.who), self._article().id, "works_here", said)

    def _stale(self, step: Step) -> None:
        """Its time ran out on that day."""
        del step
        article = self._article()
        article.review_by = clock.now() - timedelta(minutes=1)
        with act() as session:
            running = update(Spell).where(Spell.article_id == article.id, Spell.ended_at.is_(None))
            session.execute(running.values(due_at=article.review_by))
            session.flush()
        end_due()

    def _name(self, step: Step) -> None:
        word, language, *by = step.words
        job = self.settlement.community.by_handle[step.who].job(clock.now().date())
        own = self.settlement.organizations[job.organization] if job and by and by[0] else None
        services.name_term(
            self._who(step.who), self._article().id, word, language=language, organization_id=own
        )

    def _obsolete(self, step: Step) -> None:
        reason, successor = step.words
        with act() as session:
            successor_id = session.scalars(select(Article.id).where(Article.title == successor)).one()
            article_id = self._article().id
        fields = Fields(reason=reason, successor_id=successor_id)
        sent = services.Sent(
            act="obsolete", submission_key=f"demo-obsolete-{article_id}", fields=fields, article_id=article_id
        )
        self.waiting = services.propose(self._who(step.who), sent).id

    def _widen(self, step: Step) -> None:
        del step
        widen_waiting()


def play_stories(settlement: Settlement, now: datetime, topics: Mapping[str, int]) -> list[int]:
    """Play every story in the current act, and tell nobody: it happened before they came.

    Args:
        topics: topics' ids by their titles.
    """
    with act() as session:
        before = session.scalar(select(func.max(EventRow.id))) or 0
        player = Player(settlement, now, topics)
        for asked in read_requests():
            player.ask(asked)
        found = [player.play(story) for story in read_stories()]
        services.count_terms()
        session.execute(delete(EventRow).where(EventRow.id > before))
        articles = [article_id for article_id in found if article_id is not None]
        emit(ContributionsLoaded(actor_id=None, root_ids=(*articles, *player.requests.values())))
    return articles
