"""Redirects become other titles of the articles they lead to; their wikitext is kept beside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from iocop.contributions.models import Contribution
from iocop.contributions.services.loading import write_rows
from iocop.core.db import act, db
from iocop.imports.batches import batches
from iocop.imports.mediawiki.plan import redirects
from iocop.imports.mediawiki.plan.fates import Fate
from iocop.imports.mediawiki.posting import REDIRECT, REVISION, source_row
from iocop.imports.models import SourceText
from iocop.imports.words import N_
from iocop.repertoire.models import Article
from iocop.repertoire.services.bulk import BulkAlias, write_aliases

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from iocop.imports.mediawiki.scratch import Scratch, Stored
    from iocop.imports.mediawiki.texts import Target
    from iocop.imports.runs import Run
    from iocop.imports.words import Phrase

REDIRECTS = "redirects"
BATCH = 500
WITH_REDIRECT = N_("states of redirects that stay behind")


def import_redirects(run: Run, target: Target) -> None:
    """Let the titles of redirects lead to the articles they led to; their wikitext is kept beside."""
    if run.is_done(REDIRECTS):
        return
    after = run.cursor(REDIRECTS)
    for some in batches(target.scratch.pages("redirect", -1 if after is None else after), BATCH):
        with act() as session:
            _redirect(session, run, some, target)
            run.keep(REDIRECTS, some[-1].n)
    with act():
        run.keep(REDIRECTS, done=True)


def _redirect(session: Session, run: Run, pages: Sequence[Stored], target: Target) -> None:
    ends = {page.key: _end(page, target.scratch) for page in pages}
    ids = article_ids(target.origin.site, [end for end in ends.values() if isinstance(end, str)])
    aliases = []
    for page in pages:
        end = ends[page.key]
        if isinstance(end, str) and end in ids:
            aliases.append(BulkAlias(page.title, ids[end]))
            run.report.merged(REVISION, page.revisions)
            _keep_sources(session, page, target)
        else:
            reason = redirects.LEFT_BEHIND if isinstance(end, str) else end
            run.report.skipped(REDIRECT, reason)
            run.report.skipped(REVISION, WITH_REDIRECT, page.revisions)
    written = write_aliases(aliases)
    run.report.written(REDIRECT, written)
    run.report.merged(REDIRECT, len(aliases) - written)


def _end(page: Stored, scratch: Scratch) -> str | Phrase:
    """The key of the article a redirect leads to in the end, or why it leads to none."""

    def step(title: str) -> str | None:
        found = scratch.titled(title)
        return found[2] if found and found[2] else None

    title = redirects.end_of(page.title, step)
    if not isinstance(title, str):
        return title
    found = scratch.titled(title)
    if found is None or found[0] == page.key:
        return redirects.TO_NOTHING
    return found[0] if found[1] == Fate.ARTICLE else redirects.LEFT_BEHIND


def _keep_sources(session: Session, page: Stored, target: Target) -> None:
    source = target.origin.site
    of = (SourceText.source == source, SourceText.page == page.key)
    last = session.scalar(select(func.max(SourceText.number)).where(*of)) or 0
    states = enumerate(target.scratch.states(page.n), 1)
    write_rows(
        session,
        SourceText,
        (
            source_row(source, page.key, number, state)
            for number, state in states
            if number > last and state.text is not None
        ),
    )


def article_ids(source: str, keys: Sequence[str]) -> dict[str, int]:
    rows = db.session.execute(
        select(Contribution.source_id, Contribution.id)
        .join(Article, Article.id == Contribution.id)
        .where(Contribution.source == source, Contribution.source_id.in_(keys))
    )
    return {key: article_id for key, article_id in rows if key is not None}
