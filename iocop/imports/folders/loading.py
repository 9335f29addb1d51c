"""Articles of a folder as rows here, with all that a service would not give them anew: seals, dates, keepers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from iocop.contributions.models import Attachment, Contribution
from iocop.contributions.services import file_root
from iocop.contributions.services.loading import BulkRevision
from iocop.core.db import act, db
from iocop.core.text.render import render_many
from iocop.imports.crediting import credits_of
from iocop.imports.folders.attachments import Bringer
from iocop.imports.folders.files import maybe, moment, read_list, read_text
from iocop.imports.folders.keys import PERSON, standing
from iocop.imports.folders.lasting import restore_lasting
from iocop.imports.folders.talk import restore_talk
from iocop.imports.folders.threads import restore_passages
from iocop.imports.mediawiki.converter import parts
from iocop.imports.people import NOBODY, authors_of
from iocop.imports.places import domains_here, place_of
from iocop.imports.stackexchange.rows import BrokenDump
from iocop.imports.words import N_
from iocop.organizations.models import Organization
from iocop.repertoire.models import Article, Seal, Spell
from iocop.repertoire.services.bulk import BulkAlias, BulkArticle, write_aliases, write_articles
from iocop.spaces.labels import LABELS
from iocop.spaces.models import Space

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from sqlalchemy.orm import Session

    from iocop.imports.folders.files import Head
    from iocop.imports.runs import Run

ARTICLE, REVISION, TALK = "articles", "history", "talk"
THREAD, REQUEST, SUGGESTION = "threads", "requests", "suggestions"
STAGE = "articles"

_ROOT = (
    "title",
    "origin",
    "key",
    "domains",
    "tags",
    "label",
    "space",
    "author",
    "byline",
    "created",
    "edited",
)
_NEEDED = {
    ARTICLE: (
        "title",
        "kind",
        "origin",
        "key",
        "domains",
        "label",
        "space",
        "author",
        "published",
        "review_by",
    ),
    THREAD: (*_ROOT, "kind", "closed"),
    REQUEST: (*_ROOT, "status", "asked_from", "votes"),
    SUGGESTION: (*_ROOT, "act", "article", "status", "round", "fields", "reviews"),
}


@dataclass(frozen=True)
class Filed:
    """An article, or another root, as its files say it, with its history and what was said of it."""

    head: Head
    text: str
    history: list[tuple[Head, str]]
    talk: list[tuple[Head, str]]

    @property
    def key(self) -> tuple[str, str]:
        return self.head["origin"], self.head["key"]


def filed(folder: Path, name: str, part: str = ARTICLE) -> Filed:
    """Read one from its files.

    Args:
        part: the folder it stands in, of articles by default.

    Raises:
        BrokenDump: a file cannot be read, or lacks a field.
    """
    path = folder / part / f"{name}.md"
    head, text = read_text(path)
    history, talk = (
        [read_text(each) for each in sorted((folder / beside / name).glob("*.md"))]
        for beside in (REVISION, TALK)
    )
    for field in _NEEDED[part]:
        if field not in head:
            raise BrokenDump(path.name, 1, N_("The field %(field)s is missing.", field=field))
    if head["label"] not in LABELS or not history:
        raise BrokenDump(path.name, 1, N_("It has no such label, or no history."))
    return Filed(head, text, history, talk)


class Loader:
    """Writes articles from their files, in batches; what refers from one to another comes last."""

    def __init__(self, run: Run, folder: Path) -> None:
        self.run, self.folder = run, folder
        session = db.session()
        self.members = {key: member_id for key, member_id, _name in authors_of(run.source)}
        self.organizations = {
            row.slug: row.id for row in session.execute(select(Organization.slug, Organization.id))
        }
        rows = read_list(folder / "domains.yaml")
        by_name = domains_here(session, [row["name"] for row in rows])
        self.domains = {row["slug"]: by_name[row["name"]] for row in rows}
        self.spaces = {row.slug: row.id for row in session.execute(select(Space.slug, Space.id))}

    def load(self, filed: Sequence[Filed], cursor: int) -> None:
        bringer = Bringer(self.folder, self.run.report, self.member, moment)
        brought = [bringer.brought(each) for each in filed if standing(each.key) is None]
        new, taken = [each for each, _keys in brought], [keys for _each, keys in brought]
        texts = [list(parts(each.text)) for each in new]
        done = render_many(part for some in texts for part in some)
        rendered = [[next(done) for _part in some] for some in texts]
        spoken = render_many(text for each in new for _head, text in each.talk)
        below = [[next(spoken) for _turn in each.talk] for each in new]
        with act() as session:
            articles = [
                self._article(
                    each, "\n".join(one.html for one in some), "\n\n".join(one.plain for one in some)
                )
                for each, some in zip(new, rendered, strict=True)
            ]
            for article_id, each, said, keys in zip(write_articles(articles), new, below, taken, strict=True):
                self._restore(session, article_id, each)
                restore_talk(self, session.get_one(Contribution, article_id), each.talk, said)
                session.execute(
                    update(Attachment).where(Attachment.id.in_(keys)).values(contribution_id=article_id)
                )
            self._count(filed, new)
            self.run.keep(STAGE, cursor)

    def join(self, names: Sequence[str]) -> None:
        """What refers from article to article, once all stand."""
        with act() as session:
            for name in names:
                head, _text = read_text(self.folder / ARTICLE / f"{name}.md")
                article_id = standing((head["origin"], head["key"]))
                if article_id is None:
                    continue
                write_aliases([BulkAlias(title, article_id) for title in head["aliases"]])
                retired = head["retired"]
                if retired and retired["successor"]:
                    successor = standing(retired["successor"])
                    session.execute(
                        update(Article).where(Article.id == article_id).values(successor_id=successor)
                    )

    def _count(self, filed: Sequence[Filed], new: Sequence[Filed]) -> None:
        report = self.run.report
        report.written(ARTICLE, len(new))
        report.merged(ARTICLE, len(filed) - len(new))
        for part, sizes in (REVISION, lambda each: len(each.history)), (TALK, lambda each: len(each.talk)):
            written = sum(map(sizes, new))
            report.written(part, written)
            report.merged(part, sum(map(sizes, filed)) - written)

    def member(self, number: int | None) -> int:
        return self.members[NOBODY if number is None else f"{PERSON}{number}"]

    def organization(self, slug: str | None) -> int | None:
        return self.organizations.get(slug) if slug else None

    def space(self, slug: str) -> int:
        return self.spaces.get(slug) or place_of("")[0]

    def _article(self, filed: Filed, html: str, plain: str) -> BulkArticle:
        head = filed.head
        source, source_id = filed.key
        revisions = [self._revision(*turn) for turn in filed.history]
        return BulkArticle(
            kind=head["kind"], title=head["title"], author_id=self.member(head["author"]),
            space_id=self.space(head["space"]), revisions=revisions, html=html, plain=plain,
            credits={} if "credits" in head else credits_of(revisions),
            review_by=moment(head["review_by"]), domain_ids=[self.domains[slug] for slug in head["domains"]],
            summary=head["summary"], **head["applies_to"], label=head["label"], language=head["language"],
            licence=head["licence"], attribution=head["attribution"], source=source, source_id=source_id,
        )  # fmt: skip

    def _revision(self, head: Head, text: str) -> BulkRevision:
        return BulkRevision(
            editor_id=self.member(head["editor"]), at=moment(head["at"]), text=text, title=head["title"],
            reason=head["reason"], organization_id=self.organization(head["organization"]),
        )  # fmt: skip

    def _restore(self, session: Session, article_id: int, filed: Filed) -> None:
        """What an article had that no import gives: its seal, its dates, its keepers, its end."""
        head = filed.head
        article, thing = session.get_one(Article, article_id), session.get_one(Contribution, article_id)
        thing.byline, thing.org_evidence = head["byline"], head["evidence"]
        thing.organization_id = self.organization(head["organization"])
        thing.org_group_id = self.organization(head.get("group"))
        thing.created_at, thing.edited_at = moment(head["created"]), maybe(head["edited"])
        article.standing = head["standing"]
        article.owner_id = self.member(head["owner"]) if head["owner"] else None
        article.deputy_id = self.member(head["deputy"]) if head["deputy"] else None
        article.published_at, article.renewed_at = moment(head["published"]), moment(head["renewed"])
        retired = head["retired"]
        if retired:
            article.retired_at, article.retired_how = moment(retired["at"]), retired["how"]
            article.retired_reason = retired["reason"]
            article.retired_by_id = self.member(retired["by"]) if retired["by"] else None
        session.flush()
        spell = update(Spell).where(Spell.article_id == article_id)
        session.execute(spell.values(began_at=article.renewed_at, due_at=article.review_by))
        restore_lasting(self, article_id, head)
        restore_passages(self, article_id, head.get("passages") or ())
        session.add_all(self._seal(article_id, seal) for seal in head["seals"])
        file_root(article_id, [self.domains[slug] for slug in head["domains"]], head["tags"])
        session.flush()

    def _seal(self, article_id: int, seal: Mapping[str, Any]) -> Seal:
        return Seal(
            article_id=article_id, number=seal["revision"], member_id=self.member(seal["member"]),
            organization_id=self.organization(seal["organization"]), at=moment(seal["at"]),
            org_group_id=self.organization(seal["group"]), org_evidence=seal["evidence"],
        )  # fmt: skip
