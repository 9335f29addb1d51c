"""Suggestions, reviews and articles as members would make them, through the services."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from iocop.contributions.models import Contribution, Revision
from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.versions import bump
from iocop.domains.models import Domain
from iocop.members.models import Member
from iocop.repertoire import services
from iocop.repertoire.fields import Fields
from iocop.repertoire.models import Article
from iocop.repertoire.titles import key
from iocop.spaces.models import Space
from tests.factories import make_member, make_organization, saved, viewer_of
from tests.forums.factories import make_domain, make_space
from tests.people import officer, person
from tests.worlds import kept

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iocop.repertoire.models import Proposal

_FIELDS = Fields.__dataclass_fields__.keys()
_HANDLES = ("ann", "amy", "ben", "wim")


@dataclass(frozen=True)
class Curators:
    """Three curators: two of one organization, one of another; and an author of a third."""

    ann: Member
    amy: Member
    """Of ann's organization."""
    ben: Member
    author: Member


def curators() -> Curators:
    """The same four whenever a test asks for them."""
    known = {row.handle: row for row in db.session.scalars(select(Member).where(Member.handle.in_(_HANDLES)))}
    if len(known) == len(_HANDLES):
        return Curators(*(known[handle] for handle in _HANDLES))
    return _new_curators()


@kept
def _new_curators() -> Curators:
    north, south, west = (make_organization(name=name) for name in ("North", "South", "West"))
    return Curators(
        ann=officer(person("Ann North", north, "north.example"), "curator"),
        amy=officer(person("Amy North", north, "north.example"), "curator"),
        ben=officer(person("Ben South", south, "south.example"), "curator"),
        author=person("Wim West", west, "west.example"),
    )


def make_proposal(**about: Any) -> Proposal:
    """A suggestion that waits; by default of a new public how-to, by a member of no organization."""
    author = about.pop("author", None) or make_member()
    if db.session.scalar(select(Space.id).limit(1)) is None:
        make_space()
    domain_id = db.session.scalar(select(Domain.id).limit(1)) or make_domain().id
    usual: dict[str, Any] = {"title": "Balancing a circuit", "label": "public", "domain_ids": (domain_id,)}
    fields = Fields(**usual | {name: about.pop(name) for name in list(about) if name in _FIELDS})
    sent = {
        "act": "new", "submission_key": secrets.token_hex(8),
        "text": "## Steps\n\nOpen every valve. Measure the flow.\n",
    }  # fmt: skip
    return services.propose(viewer_of(author), services.Sent(fields=fields, **sent | about))


def make_article(**about: Any) -> Article:
    """A sealed article: two curators of two organizations approved what its author suggested."""
    return _approved(**about) if about else _usual_article()


@kept
def _usual_article() -> Article:
    return _approved()


def _approved(**about: Any) -> Article:
    reviewers = about.pop("reviewers", None)
    if reviewers is None:
        known = curators()
        reviewers = (known.ann, known.ben)
        about.setdefault("author", known.author)
    with act():  # one, which reads again much less than three
        proposal = make_proposal(**about)
        for reviewer in reviewers:
            services.approve(viewer_of(reviewer), proposal.id, proposal.round)
        return db.session.get_one(Article, proposal.article_id)


def imported_article(author: Member, text: str, **about: Any) -> Article:
    """An article as an import brings it: nobody reviewed it, nobody keeps it."""
    now = clock.now()
    title = about.pop("title", "Brought along")
    usual: dict[str, Any] = {
        "kind": "article", "author_id": author.id, "created_at": now, "submission_key": secrets.token_hex(8),
        "label": "public", "text": text, "html": f"<p>{text}</p>", "plain": text,
    }  # fmt: skip
    named = {name: about.pop(name) for name in ("space_id", "label") if name in about}
    named.setdefault("space_id", db.session.scalar(select(Space.id).limit(1)) or make_space().id)
    row = saved(Contribution(**usual | named))
    with act():
        row.root_id = row.id
    saved(Revision(contribution_id=row.id, number=1, editor_id=author.id, at=now, title=title, text=text))
    spell = {"published_at": now, "renewed_at": now, "review_by": now + timedelta(days=99)}
    article = Article(
        id=row.id,
        title=title,
        title_key=key(title),
        standing="imported",
        **{"kind": "how-to"} | spell | about,
    )
    with act():
        bump("repertoire")
    return saved(article)


def add_revisions(article: Article, editors: Sequence[Member], many: int) -> None:
    """Give an article so many revisions more, by these people in turn."""
    thing = db.session.get_one(Contribution, article.id)
    with act() as session:
        session.add_all(
            Revision(
                contribution_id=article.id, number=thing.version + number, at=clock.now(), title=article.title,
                editor_id=editors[number % len(editors)].id, text=f"{thing.text}\n\nTurn {number}.\n",
            )
            for number in range(1, many + 1)
        )  # fmt: skip
        thing.version += many
        bump(f"topic:{article.id}")
