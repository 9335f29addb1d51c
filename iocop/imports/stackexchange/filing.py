"""Where imported topics stand: the site's domains and tags, with the synonyms and descriptions the dump had."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from iocop.core.db import act, db
from iocop.core.text.sanitize import to_plain
from iocop.domains.models import Tag, TagSynonym
from iocop.domains.queries import resolve_tags
from iocop.domains.services import ensure_tags
from iocop.imports.batches import batches
from iocop.imports.places import domains_here, ensure_domains, tag_ids
from iocop.imports.stackexchange.plan import tags as plan
from iocop.imports.stackexchange.plan.history import markdown_of
from iocop.imports.stackexchange.records import Tag as TagRow
from iocop.imports.stackexchange.records import TagSynonym as SynonymRow
from iocop.imports.words import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.orm import Session

    from iocop.imports.runs import Run
    from iocop.imports.stackexchange.plan.tags import Choices, TagPlan
    from iocop.imports.stackexchange.reader import Dump
    from iocop.imports.stackexchange.threads import Scratch

STAGE = "filing"
TAGS, SYNONYMS, BADGES = "Tags.xml", "TagSynonyms.xml", "Badges.xml"
BATCH = 500

ONLY_PROPOSED = N_("synonyms only proposed, or leading in a circle")
TAG_OF_ITS_OWN = N_("synonyms that are tags of their own here")
HONOURS = N_("honours of the other site")


class Filing(NamedTuple):
    """Which tags and domains here the tags of the dump stand for.

    Attributes:
        wikis: ids of the posts that describe a tag.
    """

    plan: TagPlan
    tags: Mapping[str, int]  # by slug
    domains: Mapping[str, int]  # by name
    wikis: frozenset[int]

    def tags_of(self, names: Iterable[str]) -> tuple[int, ...]:
        return tuple(dict.fromkeys(self.tags[word] for word in self.plan.slugs_of(names)))

    def domains_of(self, names: Iterable[str]) -> tuple[int, ...]:
        return tuple(dict.fromkeys(self.domains[name] for name in self.plan.domains_of(names)))


def import_filing(run: Run, dump: Dump, scratch: Scratch, choices: Choices) -> Filing:
    """Write the domains and tags that are not here yet.

    Raises:
        Refused: the site would have more than thirty domains.
    """
    rows = list(dump.read(TagRow))
    tag_plan = plan.TagPlan(dump.read(SynonymRow), choices)
    words = sorted({tag_plan.slug_of(name) for name in scratch.tags() | {row.tag_name for row in rows}})
    names = (choices.domain, *choices.domains.values())
    if not run.is_done(STAGE):
        with act() as session:
            ensure_domains(session, names)
            _import_tags(run, session, rows, tag_plan, words)
            _import_synonyms(run, session, list(dump.read(SynonymRow)), tag_plan)
            _describe(rows, tag_plan, scratch)
            run.report.skipped(BADGES, HONOURS, run.report.of(BADGES).read)
            run.keep(STAGE, done=True)
    wikis = {post for row in rows for post in (row.excerpt_post_id, row.wiki_post_id) if post is not None}
    return Filing(tag_plan, tag_ids(words), domains_here(db.session(), names), frozenset(wikis))


def _import_tags(
    run: Run, session: Session, rows: Sequence[TagRow], tag_plan: TagPlan, words: Sequence[str]
) -> None:
    here = {
        tag
        for some in batches(words, BATCH)
        for tag in session.scalars(select(Tag.slug).where(Tag.slug.in_(some)))
    }
    here |= {
        word
        for some in batches(words, BATCH)
        for word in session.scalars(select(TagSynonym.slug).where(TagSynonym.slug.in_(some)))
    }
    for some in batches(words, BATCH):
        ensure_tags(some)
    new = {tag_plan.slug_of(row.tag_name) for row in rows} - here
    run.report.written(TAGS, len(new))
    run.report.merged(TAGS, len(rows) - len(new))


def _import_synonyms(run: Run, session: Session, rows: Sequence[SynonymRow], tag_plan: TagPlan) -> None:
    leading = plan.masters(rows)
    for row in rows:
        word = plan.slug(row.source_tag_name)
        if row.source_tag_name not in leading:
            run.report.skipped(SYNONYMS, ONLY_PROPOSED)
        elif session.get(TagSynonym, word) or word == tag_plan.slug_of(row.source_tag_name):
            run.report.merged(SYNONYMS)
        elif session.scalar(select(Tag.id).where(Tag.slug == word)):
            run.report.skipped(SYNONYMS, TAG_OF_ITS_OWN)
        else:
            (master,) = ensure_tags([tag_plan.slug_of(row.source_tag_name)])
            session.add(TagSynonym(slug=word, tag_id=master.id))
            run.report.written(SYNONYMS)


def _describe(rows: Iterable[TagRow], tag_plan: TagPlan, scratch: Scratch) -> None:
    """Give tags the words they were described with, where nobody here has described them."""
    for row in rows:
        words = [_text(scratch, post) for post in (row.excerpt_post_id, row.wiki_post_id)]
        about = "\n\n".join(filter(None, words))
        if about:
            (tag,) = resolve_tags([tag_plan.slug_of(row.tag_name)])
            tag.about = tag.about or about


def _text(scratch: Scratch, post_id: int | None) -> str:
    piece = scratch.piece(post_id) if post_id is not None else None
    if piece is None or piece.post.deletion_date is not None:
        return ""
    return (markdown_of(piece.history) or to_plain(piece.post.body)).strip()
