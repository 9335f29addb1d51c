"""Where imported topics stand: the site's domains and tags, with the synonyms and descriptions the dump had."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, or_, select

from iocop.core.db import act, db
from iocop.core.errors import Refused
from iocop.core.events import emit
from iocop.core.text.sanitize import to_plain
from iocop.core.versions import bump
from iocop.domains.events import DomainFounded
from iocop.domains.models import MOST_DOMAINS, Domain, Tag, TagSynonym
from iocop.domains.queries import resolve_tags
from iocop.domains.services import ensure_tags
from iocop.domains.slugs import slug
from iocop.imports.batches import batches
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
LONGEST_SLUG, LONGEST_NAME = 40, 80

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
            _ensure_domains(session, names)
            _import_tags(run, session, rows, tag_plan, words)
            _import_synonyms(run, session, list(dump.read(SynonymRow)), tag_plan)
            _describe(rows, tag_plan, scratch)
            run.report.skipped(BADGES, HONOURS, run.report.of(BADGES).read)
            run.keep(STAGE, done=True)
    wikis = {post for row in rows for post in (row.excerpt_post_id, row.wiki_post_id) if post is not None}
    return Filing(tag_plan, _tag_ids(words), _domains_here(db.session(), names), frozenset(wikis))


def choices_for(source: str, text: str, domain: str | None) -> Choices:
    """The choices of a mapping file, or one domain for all: the one named, or one called after the source.

    Raises:
        BadChoices: the file cannot be followed.
    """
    return plan.choices(text, domain) if text else plan.Choices((domain or source)[:LONGEST_NAME])


def _domains_here(session: Session, names: Iterable[str]) -> dict[str, int]:
    """The domains that stand, by the name or slug they were asked for."""
    words = {name: slug(name, LONGEST_SLUG) for name in names}
    asked = or_(Domain.slug.in_(words.values()), Domain.name.in_(words))
    rows = session.execute(select(Domain.id, Domain.slug, Domain.name).where(asked)).all()
    by_slug, by_name = {row.slug: row.id for row in rows}, {row.name: row.id for row in rows}
    found = {name: by_name.get(name) or by_slug.get(word) for name, word in words.items()}
    return {name: key for name, key in found.items() if key is not None}


def _ensure_domains(session: Session, names: Sequence[str]) -> None:
    known = _domains_here(session, names)
    new = {slug(name, LONGEST_SLUG): name for name in reversed(names) if name not in known}
    count = session.scalar(select(func.count()).where(Domain.retired_at.is_(None))) or 0
    if count + len(new) > MOST_DOMAINS:
        raise Refused(_l("The site would have more than %(most)d domains.") % {"most": MOST_DOMAINS})
    for position, (word, name) in enumerate(reversed(new.items()), count):
        domain = Domain(slug=word, name=name[:LONGEST_NAME], position=position)
        session.add(domain)
        session.flush()
        emit(DomainFounded(actor_id=None, domain_id=domain.id))
    if new:
        bump("site")


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


def _tag_ids(words: Sequence[str]) -> dict[str, int]:
    """The tag each word stands for, through synonyms and mergers."""
    return {word: tag.id for word in words for tag in resolve_tags([word])}
