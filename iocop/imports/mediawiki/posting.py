"""The pages of an export as articles here, made in batches: converted, rendered, credited, and every row counted."""

from __future__ import annotations

import zlib
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import select

from iocop.contributions.models import Contribution, Revision
from iocop.core.db import db
from iocop.core.text.render import Rendered, render_many
from iocop.imports.batches import batches
from iocop.imports.crediting import Wrote, credits_of, some_of
from iocop.imports.mediawiki.converter import convert_many, parts
from iocop.imports.mediawiki.plan.renewal import spread
from iocop.imports.mediawiki.texts import (
    CUT,
    IN_PARTS,
    LONGEST_LANGUAGE,
    LONGEST_LICENCE,
    LONGEST_TITLE,
    converted,
    credit_of,
    notes_of,
    turns_of,
)
from iocop.imports.report import Report
from iocop.imports.words import N_
from iocop.repertoire.services.batch import BulkArticle, BulkTurn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from iocop.imports.mediawiki.scratch import State, Stored
    from iocop.imports.mediawiki.texts import Target, Turns

PAGE, REDIRECT, REVISION = "page", "redirect", "revision"
KIND = "reference"
GROUP = 200  # pages looked for at once
WEIGHT = 400  # revisions a batch, or of one page a step
BYTES = 4_000_000  # characters of wikitext a batch
MOST = 10**7  # revisions of one page, for the cursor

CHANGED_HERE = N_("states of articles that were changed here since")
EARLIER = N_("states from before the article's first state here")


class Standing(NamedTuple):
    """An article of this source that stands already, and when its revisions were saved."""

    article_id: int
    times: Counter[datetime]


class Step(NamedTuple):
    """Some revisions of a page.

    Attributes:
        start: how many revisions stand before them.
        is_new: they make the article.
    """

    page: Stored
    start: int
    states: list[State]
    is_new: bool

    @property
    def is_last(self) -> bool:
        return self.start + len(self.states) == self.page.revisions


@dataclass
class Batch:
    """What one act writes.

    Attributes:
        cursor: how far it leads: a page's number and how many of its revisions are written.
        tags: by the key of a new article.
        turns: later revisions by the key of their article, whose id they are given when they are written.
        sources: wikitext to be kept, by page key and number.
    """

    cursor: int = 0
    weight: int = 0
    size: int = 0
    articles: list[dict[str, Any]] = field(default_factory=list)
    tags: dict[str, tuple[str, ...]] = field(default_factory=dict)
    turns: list[tuple[str, BulkTurn]] = field(default_factory=list)
    sources: list[dict[str, Any]] = field(default_factory=list)
    report: Report = field(default_factory=Report)


def make_batches(target: Target, cursor: int | None, now: datetime) -> Iterator[Batch]:
    """Batches of what is not here yet, in the order of the file.

    Args:
        cursor: of the last batch that was written.
    """
    maker = _Maker(target, cursor or 0, now)
    for group in batches(target.scratch.pages("article", (cursor or 0) // MOST - 1), GROUP):
        yield from maker.batches(group)
    if maker.batch.cursor > (cursor or 0):
        yield maker.finished()


class _Maker:
    def __init__(self, target: Target, cursor: int, now: datetime) -> None:
        self.target, self.cursor, self.now = target, cursor, now
        self.batch = Batch(cursor)
        self._steps: list[Step] = []

    def batches(self, group: Sequence[Stored]) -> Iterator[Batch]:
        known = {} if self.target.is_fresh and not self.cursor else _known(self.target.origin.site, group)
        for page in group:
            for step in self._steps_of(page, known.get(page.key)):
                self._take(step)
                if self.batch.weight >= WEIGHT or self.batch.size >= BYTES:
                    yield self.finished()
            self.batch.cursor = (page.n + 1) * MOST

    def finished(self) -> Batch:
        """The batch, made ready; the next one begins."""
        batch = self.batch
        self._fill(batch)
        self.batch, self._steps = Batch(batch.cursor), []
        return batch

    def _take(self, step: Step) -> None:
        self._steps.append(step)
        self.batch.weight += len(step.states)
        self.batch.size += sum(len(state.text or "") for state in step.states)
        self.batch.cursor = step.page.n * MOST + step.start + len(step.states)

    def _steps_of(self, page: Stored, standing: Standing | None) -> Iterator[Step]:
        """What of a page is to be written; what is not is counted."""
        times = self.target.scratch.times(page.n)
        done = (
            self.cursor % MOST if page.n == self.cursor // MOST else 0
        )  # counted before this run was stopped
        start = done if standing is None else self._start(standing, times, done)
        if not done:
            (self.batch.report.written if standing is None else self.batch.report.merged)(PAGE)
        states: list[State] = []
        size = 0
        for state in self.target.scratch.states(page.n, start):
            states.append(state)
            size += len(state.text or "")
            if len(states) == WEIGHT or size >= BYTES:
                yield Step(page, start, states, standing is None and start == 0)
                start, states, size = start + len(states), [], 0
        if states:
            yield Step(page, start, states, standing is None and start == 0)

    def _start(self, standing: Standing, times: list[datetime], done: int) -> int:
        """How many of a standing article's revisions are not to be written again."""
        report = self.batch.report
        there = Counter(times)
        here = (standing.times & there).total()
        if standing.times - there:
            report.merged(REVISION, here - done)
            _skip(report, CHANGED_HERE, len(times) - here)
            return len(times)
        latest = max(standing.times)
        start = sum(at <= latest for at in times)
        report.merged(REVISION, here - done)
        _skip(report, EARLIER, start - here)
        return start

    def _fill(self, batch: Batch) -> None:
        made = [turns_of(step.page, step.states, self._before(step), self.target) for step in self._steps]
        rendered = _rendered([turns.last["text"] for turns in made], batch.report)
        for step, turns, text in zip(self._steps, made, rendered, strict=True):
            batch.report.written(REVISION, len(step.states))
            batch.sources += self._sources(step)
            if step.is_new:
                self._article(batch, step, turns, text)
            else:
                batch.turns.append((step.page.key, self._turn(step, turns, text)))
            if step.is_last:
                left_out = self.target.left_out(turns.last["categories"]) if step.is_new else ()
                batch.report.notes.update(notes_of(turns.last, left_out))

    def _turn(self, step: Step, turns: Turns, text: Rendered) -> BulkTurn:
        """Later revisions; whose words the article is, is reckoned from its wikitext once all stand."""
        states = self.target.scratch.states(step.page.n) if step.is_last else iter(())
        wrote = (
            Wrote(self.target.scratch.author(each.who)[0], each.at, each.text) for each in states if each.text
        )
        return BulkTurn(
            article_id=0,
            revisions=turns.revisions,
            html=text.html,
            plain=text.plain,
            credits=credits_of(some_of(wrote)),
        )

    def _before(self, step: Step) -> str:
        """The text that stands in for one that is missing: the last one before it."""
        if step.states[0].text is not None or not step.start:
            return ""
        before = self.target.scratch.text_before(step.page.n, step.start)
        return next(convert_many([before], self.target.names))["text"]

    def _sources(self, step: Step) -> Iterator[dict[str, Any]]:
        for number, state in enumerate(step.states, step.start + 1):
            if state.text is not None:
                yield source_row(self.target.origin.site, step.page.key, number, state)

    def _article(self, batch: Batch, step: Step, turns: Turns, text: Rendered) -> None:
        page, target = step.page, self.target
        whole = len(step.states) == page.revisions
        categories = (turns.last if whole else converted(page, target))["categories"]
        batch.tags[page.key] = target.words_of(categories)
        if len(page.title) > LONGEST_TITLE:
            batch.report.notes[CUT] += 1
        batch.articles.append({
            "kind": KIND, "title": page.title[:LONGEST_TITLE], "author_id": turns.revisions[0].editor_id,
            "space_id": target.space_id, "revisions": turns.revisions, "html": text.html, "plain": text.plain,
            "review_by": spread(KIND, self.now, page.key), "domain_ids": target.domains_of(categories),
            "credits": credits_of(turns.revisions), "label": target.label, "language": target.language[:LONGEST_LANGUAGE],
            "licence": target.origin.licence[:LONGEST_LICENCE], "attribution": credit_of(page, target),
            "source": target.origin.site, "source_id": page.key,
        })  # fmt: skip


def source_row(source: str, page: str, number: int, state: State) -> dict[str, Any]:
    """The wikitext of a state as it is kept."""
    data = zlib.compress((state.text or "").encode())
    return {"source": source, "page": page, "number": number, "at": state.at, "text": data}


def articles_of(batch: Batch, tag_ids: dict[str, int]) -> list[BulkArticle]:
    """The new articles, with the ids that their tags have by now."""
    return [
        BulkArticle(
            **given, tag_ids=tuple(dict.fromkeys(tag_ids[word] for word in batch.tags[given["source_id"]]))
        )
        for given in batch.articles
    ]


def _skip(report: Report, reason: Any, rows: int) -> None:
    if rows > 0:
        report.skipped(REVISION, reason, rows)


def _known(source: str, pages: Iterable[Stored]) -> dict[str, Standing]:
    rows = db.session.execute(
        select(Contribution.source_id, Contribution.id, Revision.at)
        .join(Revision, Revision.contribution_id == Contribution.id)
        .where(Contribution.source == source, Contribution.source_id.in_([page.key for page in pages]))
    )
    found: dict[str, Standing] = {}
    for key, article_id, at in rows:
        found.setdefault(key or "", Standing(article_id, Counter())).times[at] += 1
    return found


def _rendered(texts: Sequence[str], report: Report) -> list[Rendered]:
    """The texts rendered, long ones in parts."""
    pieces = [parts(text) for text in texts]
    done = render_many(piece for some in pieces for piece in some)
    out = []
    for some in pieces:
        rendered = [next(done) for _ in some]
        if len(some) > 1:
            report.notes[IN_PARTS] += 1
        html, plain = "\n".join(each.html for each in rendered), "\n\n".join(each.plain for each in rendered)
        out.append(Rendered(html=html, plain=plain))
    return out
