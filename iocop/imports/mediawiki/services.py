"""Bring a wiki's export in: people, articles with their history, redirects, descriptions of categories."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from babel import Locale
from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select

from iocop.contributions.models import Contribution
from iocop.contributions.services.loading import write_rows
from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.text.render import render_many
from iocop.domains.queries import resolve_tags
from iocop.domains.services import ensure_tags
from iocop.imports.batches import ahead, batches
from iocop.imports.mediawiki.converter import convert_many, parts
from iocop.imports.mediawiki.people import import_people
from iocop.imports.mediawiki.plan import redirects
from iocop.imports.mediawiki.plan.credits import Origin, licence_at, pages_at
from iocop.imports.mediawiki.plan.fates import NO_TEXT, Fate, fate_of
from iocop.imports.mediawiki.posting import PAGE, REDIRECT, REVISION, articles_of, make_batches
from iocop.imports.mediawiki.reader import Export
from iocop.imports.mediawiki.redirecting import WITH_REDIRECT, article_ids, import_redirects
from iocop.imports.mediawiki.scratch import Scratch
from iocop.imports.mediawiki.texts import Target
from iocop.imports.mediawiki.wikitext.names import Names
from iocop.imports.models import SourceText
from iocop.imports.places import choices_for, domains_here, ensure_domains, place_of, tag_ids
from iocop.imports.runs import Run, alone, fingerprint_of, open_run
from iocop.imports.services import Outcome, frozen
from iocop.imports.stackexchange.plan.tags import TagPlan
from iocop.imports.words import N_
from iocop.repertoire.services.bulk import (
    add_turns,
    write_articles,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from flask import Flask
    from sqlalchemy.orm import Session

    from iocop.imports.mediawiki.posting import Batch
    from iocop.imports.mediawiki.scratch import Kept, Stored
    from iocop.imports.report import Report
    from iocop.imports.services import Watch
    from iocop.imports.stackexchange.plan.tags import Choices
    from iocop.imports.words import Phrase

ARTICLES, TAGS, FILING, LEFT = "articles", "tags", "filing", "left"
BATCH = 500
LONGEST_SOURCE = 80

WITH_PAGE = N_("states of pages that stay behind")
OLD_DESCRIPTION = N_("states of categories, whose tags keep the last text alone")
UNUSED = N_("categories that no article stands in")
TWICE = N_("what the file has twice")


@dataclass(frozen=True, kw_only=True)
class WikiWanted:
    """What to import, and where to.

    Attributes:
        source: what the wiki is known by here; empty: as the file names it.
        licence: of its texts; empty: as its address tells, or none is named.
        domain: of all articles that *tags*, a mapping in TOML from categories, gives no other.
        space: its slug; empty: the default one.
    """

    file: Path
    source: str = ""
    licence: str = ""
    domain: str | None = None
    tags: str = ""
    space: str = ""


def import_mediawiki(wanted: WikiWanted, watch: Watch) -> Outcome:
    """Import an export, or go on with it where it was stopped; what stands here already stays as it is.

    Raises:
        BrokenDump, BadChoices: nothing was written.
        Missing: there is no such space.
        Refused: there would be too many domains; nothing was written.
        Conflict: another import of this source is under way.
    """
    space_id, label = place_of(wanted.space)
    export = Export(wanted.file)
    with frozen(), alone(wanted.source or str(wanted.file.resolve())) as path, Scratch(path) as scratch:
        watch.reading(export.size)
        scratch.fill(export, watch.read)
        source = (wanted.source or export.wiki.name or wanted.file.name)[:LONGEST_SOURCE]
        choices = choices_for(source, wanted.tags, wanted.domain)
        run = open_run(source, fingerprint_of([wanted.file]))
        _count_read(run.report, scratch, export)
        watch.writing(sum(sort.revisions for sort in scratch.sorts() if sort.fate == Fate.ARTICLE))
        _file(run, choices)
        import_people(run, scratch)
        target = _target(wanted, export, source, space_id, label, choices, scratch)
        _import_articles(run, target, watch)
        import_redirects(run, target)
        _leave(run, scratch)
        _describe_tags(run, target)
        run.finish()
    return Outcome(run.report, run.start)


def _count_read(report: Report, scratch: Scratch, export: Export) -> None:
    for file in (PAGE, REDIRECT, REVISION):
        report.of(file).read = 0
    for sort in scratch.sorts():
        report.read(REDIRECT if sort.is_redirect else PAGE, sort.pages)
        report.read(REVISION, sort.revisions)
    for file, rows in scratch.twice.items():
        report.read(file, rows)
    report.unknown.clear()
    report.unknown.update(export.unknown)


def _file(run: Run, choices: Choices) -> None:
    if not run.is_done(FILING):
        with act() as session:
            ensure_domains(session, (choices.domain, *choices.domains.values()))
            run.keep(FILING, done=True)


def _target(
    wanted: WikiWanted,
    export: Export,
    source: str,
    space_id: int,
    label: str,
    choices: Choices,
    scratch: Scratch,
) -> Target:
    wiki = export.wiki
    licence = wanted.licence or licence_at(wiki.address) or _("licence not stated")
    here = select(Contribution.id).where(Contribution.source == source).limit(1)
    return Target(
        origin=Origin(source, licence), names=_names(export), space_id=space_id, label=label,
        language=wiki.language or "en", tags=TagPlan((), choices),
        domains=domains_here(db.session(), (choices.domain, *choices.domains.values())), scratch=scratch,
        say=cache(_), is_fresh=db.session.scalar(here) is None,
    )  # fmt: skip


def _names(export: Export) -> Names:
    wiki = export.wiki
    codes = {str(code) for code in Locale("en").languages if "_" not in str(code)}
    return Names(
        namespaces=tuple(wiki.namespaces.items()), languages=frozenset(codes | {wiki.language}),
        pages=pages_at(wiki.address), picture=_("picture: {name}"), nobody=_("unregistered"),
    )  # fmt: skip


def _import_articles(run: Run, target: Target, watch: Watch) -> None:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # the next batch is made in a thread
    if run.is_done(ARTICLES):
        return
    for batch in ahead(app, make_batches(target, run.cursor(ARTICLES), clock.now())):
        with act() as session:
            _write(session, batch, target)
            run.report.add(batch.report)
            run.keep(ARTICLES, batch.cursor)
        watch.wrote(batch.weight)
    with act():
        run.keep(ARTICLES, done=True)


def _write(session: Session, batch: Batch, target: Target) -> None:
    words = list(dict.fromkeys(word for some in batch.tags.values() for word in some))
    ensure_tags(words)
    write_articles(articles_of(batch, tag_ids(words)))
    ids = article_ids(target.origin.site, [key for key, _turn in batch.turns])
    add_turns([replace(turn, article_id=ids[key]) for key, turn in batch.turns])
    write_rows(session, SourceText, batch.sources)


def _leave(run: Run, scratch: Scratch) -> None:
    if not run.is_done(LEFT):
        with act():
            _count_left(run.report, scratch)
            run.keep(LEFT, done=True)


def _count_left(report: Report, scratch: Scratch) -> None:
    """Count what stays behind with the reason."""
    for sort in scratch.sorts():
        if sort.fate == "left":
            reason = _reason(sort)
            report.skipped(REDIRECT if sort.is_redirect else PAGE, reason, sort.pages)
            report.skipped(REVISION, WITH_REDIRECT if sort.is_redirect else WITH_PAGE, sort.revisions)
    for file, rows in scratch.twice.items():
        report.skipped(file, TWICE, rows)


def _reason(sort: Kept) -> Phrase:
    fate = fate_of(sort.namespace, sort.model)
    if sort.is_redirect:
        return redirects.NOT_OURS
    return NO_TEXT if isinstance(fate, Fate) else fate


def _describe_tags(run: Run, target: Target) -> None:
    """Give tags the words of their category, where nobody here has described them."""
    if run.is_done(TAGS):
        return
    after = run.cursor(TAGS)
    for some in batches(target.scratch.pages(Fate.TAG, -1 if after is None else after), BATCH):
        texts = _plain(some, target)
        with act():
            for page, about in zip(some, texts, strict=True):
                _describe(run.report, page, about, target)
            run.keep(TAGS, some[-1].n)
    with act():
        run.keep(TAGS, done=True)


def _plain(pages: Sequence[Stored], target: Target) -> Iterator[str]:
    found = convert_many([target.scratch.last_text(page.n) for page in pages], target.names)
    return (each.plain for each in render_many([parts(each["text"])[0] for each in found]))


def _describe(report: Report, page: Stored, about: str, target: Target) -> None:
    tags = resolve_tags(target.tags.slugs_of([target.names.bare(page.title)]))
    if tags:
        tags[0].about = tags[0].about or about
        report.merged(PAGE)
        report.merged(REVISION)
        if page.revisions > 1:
            report.skipped(REVISION, OLD_DESCRIPTION, page.revisions - 1)
    else:
        report.skipped(PAGE, UNUSED)
        report.skipped(REVISION, OLD_DESCRIPTION, page.revisions)
