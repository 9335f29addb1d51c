"""The repertoire's articles, what waits and what is asked for, as files have them, in the order of their titles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import select

from iocop.contributions.models import Contribution, ContributionDomain, ContributionTag, Revision
from iocop.core.db import db
from iocop.domains.models import Domain, Tag
from iocop.imports.folders.attachments import led_to_files, shown_in
from iocop.imports.folders.files import Head, name_of, said
from iocop.imports.folders.keys import PERSON, origin_of
from iocop.imports.folders.lasting import lasting
from iocop.imports.folders.talk import said_of
from iocop.imports.folders.threads import cited, passages, thread_head, threads_of
from iocop.imports.folders.waiting import (
    request_head,
    request_rows,
    suggestion_head,
    suggestion_rows,
)
from iocop.members.models import Member
from iocop.organizations.models import Organization
from iocop.repertoire.models import Article, ArticleAlias, Seal
from iocop.spaces.labels import LABELS
from iocop.spaces.models import Space

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iocop.contributions.models import Attachment


class Gathered(NamedTuple):
    """An article, or another root, with its history, what was said below, its HTML for readers, and the files they
    show by their place."""

    name: str
    head: Head
    text: str
    history: list[tuple[Head, str]]
    talk: list[tuple[Head, str]]
    html: str
    files: dict[str, Attachment]


class Gatherer:
    """Reads what may be carried to an audience.

    Args:
        label: the strictest label that is taken along.

    Attributes:
        labels: those that may be carried.
        people, organizations, domains: what was read so far names, by their key in the files.
        posts: the keys here of the posts whose words it holds.
    """

    def __init__(self, label: str) -> None:
        self.labels = LABELS[LABELS.index(label) :]
        self.people: dict[int, Head] = {}
        self.organizations: dict[str, Head] = {}
        self.domains: dict[str, Head] = {}
        self.posts: set[int] = set()

    def articles(self) -> Iterator[Gathered]:
        of = (
            Contribution.state == "visible",
            Contribution.label.in_(self.labels),
            Article.retired_how != "deleted",
        )
        rows = select(Article.id).join(Contribution, Contribution.id == Article.id).where(*of)
        for article_id in db.session.scalars(rows.order_by(Article.title_key, Article.id)).all():
            article, thing = (
                db.session.get_one(Article, article_id),
                db.session.get_one(Contribution, article_id),
            )
            yield self._gathered(article, thing)
            db.session.expire_all()

    def suggestions(self) -> Iterator[Gathered]:
        """Yield what waits for review, or for its author's changes, and may be read so far."""
        for proposal, thing in suggestion_rows(self.labels):
            yield self._whole(thing, proposal.title, suggestion_head(self, proposal, thing))
            db.session.expire_all()

    def requests(self) -> Iterator[Gathered]:
        """Yield what the repertoire is, or was, asked for."""
        for request, thing in request_rows(self.labels):
            yield self._whole(thing, request.title, request_head(self, request))
            db.session.expire_all()

    def threads(self) -> Iterator[Gathered]:
        """Yield the threads of which articles and suggestions read before hold words: their first post, and those."""
        for topic, thing in threads_of(self.posts):
            found = self._whole(thing, topic.title, thread_head(topic), talk=cited(self, thing, self.posts))
            yield found
            db.session.expire_all()

    def _gathered(self, article: Article, thing: Contribution) -> Gathered:
        head = (
            self._identity(article)
            | self._care(article, thing)
            | self._dates(article)
            | lasting(self, article.id, thing.author_id if thing.byline == "sealed" else None)
            | {"passages": passages(self, article.id)}
        )
        return self._whole(thing, article.title, head)

    def _whole(
        self, thing: Contribution, title: str, head: Head, talk: list[tuple[Head, str]] | None = None
    ) -> Gathered:
        origin, key = origin_of(thing)
        head = {"title": title} | self._standing(thing, origin, key) | head
        history = self._history(thing)
        talk = said_of(self, thing, self.labels) if talk is None else talk
        files = shown_in(thing, (thing.text, *(text for _head, text in (*history, *talk))), self.labels)
        places = {row.id: place for place, row in files.items()}
        return Gathered(
            name_of(title, origin, key), head | {"files": self._files(thing, files)},
            led_to_files(thing.text, places, "../"),
            [(turn, led_to_files(text, places, "../../")) for turn, text in history],
            [(turn, led_to_files(text, places, "../../")) for turn, text in talk],
            led_to_files(thing.html, places, "../"), files,
        )  # fmt: skip

    def _files(self, thing: Contribution, files: Mapping[str, Attachment]) -> list[Head]:
        unnamed = thing.author_id if thing.byline == "sealed" else None
        return [
            {
                "place": place, "name": row.name, "at": said(row.created_at),
                "owner": self.person(None if row.owner_id == unnamed else row.owner_id),
            }
            for place, row in files.items()
        ]  # fmt: skip

    def _identity(self, article: Article) -> Head:
        return {
            "kind": article.kind, "summary": article.summary,
            "applies_to": {
                "product": article.product, "versions": article.versions, "standard": article.standard,
                "region": article.region,
            },
            "aliases": _aliases(article.id),
        }  # fmt: skip

    def _standing(self, thing: Contribution, origin: str, key: str) -> Head:
        """Return what every root has: where it stands, under which terms, whose it is."""
        named = thing.byline == "named"
        return {
            "domains": self._domains(thing.id), "tags": _tags(thing.id), "label": thing.label,
            "language": thing.language, "licence": thing.licence, "attribution": thing.attribution,
            "origin": origin, "key": key,
            "space": db.session.get_one(Space, thing.space_id).slug,
            "author": self.person(None if thing.byline == "sealed" else thing.author_id), "byline": thing.byline,
            "organization": self.organization(thing.organization_id if named else None),
            "group": self.organization(thing.org_group_id if named else None),
            "evidence": thing.org_evidence if named else None,
            "created": said(thing.created_at), "edited": said(thing.edited_at),
        }  # fmt: skip

    def _care(self, article: Article, thing: Contribution) -> Head:
        unnamed = thing.author_id if thing.byline == "sealed" else None
        seals = db.session.scalars(
            select(Seal).where(Seal.article_id == article.id).order_by(Seal.at, Seal.id)
        )
        return {
            "standing": article.standing,
            "owner": self.person(None if article.owner_id == unnamed else article.owner_id),
            "deputy": self.person(None if article.deputy_id == unnamed else article.deputy_id),
            "seals": [
                {
                    "member": self.person(seal.member_id), "organization": self.organization(seal.organization_id),
                    "group": self.organization(seal.org_group_id), "evidence": seal.org_evidence,
                    "revision": seal.number, "at": said(seal.at),
                }
                for seal in seals
            ],
        }  # fmt: skip

    def _dates(self, article: Article) -> Head:
        retired: Any = None
        if article.retired_at is not None:
            retired = {
                "at": said(article.retired_at), "how": article.retired_how, "reason": article.retired_reason,
                "by": self.person(article.retired_by_id), "successor": self.key(article.successor_id),
            }  # fmt: skip
        return {
            "published": said(article.published_at), "renewed": said(article.renewed_at),
            "review_by": said(article.review_by), "retired": retired,
        }  # fmt: skip

    def _history(self, thing: Contribution) -> list[tuple[Head, str]]:
        rows = db.session.scalars(
            select(Revision).where(Revision.contribution_id == thing.id).order_by(Revision.number)
        )
        return [(self._turn(turn, thing), turn.text) for turn in rows]

    def _turn(self, turn: Revision, thing: Contribution) -> Head:
        own = turn.editor_id == thing.author_id
        hidden, unnamed = own and thing.byline == "sealed", own and thing.byline != "named"
        return {
            "number": turn.number, "editor": self.person(None if hidden else turn.editor_id),
            "organization": self.organization(None if unnamed else turn.organization_id), "at": said(turn.at),
            "title": turn.title, "reason": turn.reason,
        }  # fmt: skip

    def person(self, member_id: int | None) -> int | None:
        """Return a member's number, as the file of people has it; None for nobody."""
        if member_id is None:
            return None
        member = db.session.get_one(Member, member_id)
        number = member.number
        if member.source_id and member.source_id.startswith(PERSON):
            number = int(member.source_id.removeprefix(PERSON))
        elif member.source_id == "nobody":
            return None
        self.people[number] = {"number": number, "name": member.name, "since": said(member.joined_at)}
        return number

    def organization(self, organization_id: int | None) -> str | None:
        """Return an organization's key, as the file of organizations has it."""
        if organization_id is None:
            return None
        row = db.session.get_one(Organization, organization_id)
        self.organizations[row.slug] = {
            "slug": row.slug, "name": row.name, "type": row.type, "country": row.country,
            "created": said(row.created_at),
        }  # fmt: skip
        return row.slug

    def key(self, thing_id: int | None) -> list[str] | None:
        """Return what a contribution is known by everywhere; None for one that may not be carried."""
        thing = db.session.get(Contribution, thing_id) if thing_id is not None else None
        if thing is None or thing.state != "visible" or thing.label not in self.labels:
            return None
        return list(origin_of(thing))

    def domain(self, domain_id: int) -> str:
        """Return a domain's key, as the file of domains has it."""
        row = db.session.get_one(Domain, domain_id)
        self.domains[row.slug] = {"slug": row.slug, "name": row.name, "summary": row.summary}
        return row.slug

    def _domains(self, thing_id: int) -> list[str]:
        rows = select(ContributionDomain.domain_id).where(ContributionDomain.contribution_id == thing_id)
        return [self.domain(key) for key in db.session.scalars(rows.order_by(ContributionDomain.position))]


def _tags(article_id: int) -> list[str]:
    rows = select(Tag.slug).join(ContributionTag, ContributionTag.tag_id == Tag.id)
    return list(
        db.session.scalars(rows.where(ContributionTag.contribution_id == article_id).order_by(Tag.slug))
    )


def _aliases(article_id: int) -> list[str]:
    return list(
        db.session.scalars(
            select(ArticleAlias.title).where(ArticleAlias.article_id == article_id).order_by(ArticleAlias.key)
        )
    )
