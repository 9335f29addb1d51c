"""Suggestions, reviews and articles as members would make them, through the services."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from iocop.core.db import db
from iocop.domains.models import Domain
from iocop.repertoire import services
from iocop.repertoire.fields import Fields
from iocop.repertoire.models import Article
from iocop.spaces.models import Space
from tests.factories import make_member, make_organization, viewer_of
from tests.forums.factories import make_domain, make_space
from tests.people import officer, person

if TYPE_CHECKING:
    from iocop.members.models import Member
    from iocop.repertoire.models import Proposal

_FIELDS = Fields.__dataclass_fields__.keys()


@dataclass(frozen=True)
class Curators:
    """Three curators: two of one organization, one of another; and an author of a third."""

    ann: Member
    amy: Member
    """Of ann's organization."""
    ben: Member
    author: Member


def curators() -> Curators:
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
    reviewers = about.pop("reviewers", None)
    if reviewers is None:
        known = curators()
        reviewers = (known.ann, known.ben)
        about.setdefault("author", known.author)
    proposal = make_proposal(**about)
    for reviewer in reviewers:
        services.approve(viewer_of(reviewer), proposal.id, proposal.round)
    return db.session.get_one(Article, proposal.article_id)
