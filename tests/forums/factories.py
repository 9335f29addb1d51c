"""Topics and answers as members would write them, through the services."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from iocop.contributions.services import Given
from iocop.core import clock
from iocop.core.db import db
from iocop.domains.models import Domain
from iocop.domains.slugs import slug
from iocop.forums import services
from iocop.forums.models import Topic
from iocop.spaces.models import Space
from tests.factories import make_member, saved, viewer_of

if TYPE_CHECKING:
    from iocop.contributions.models import Contribution


def make_space(**about: Any) -> Space:
    usual: dict[str, Any] = {"name": "Commons", "audience": "public", "created_at": clock.now()}
    named = usual | about
    return saved(Space(**named | {"slug": slug(named["name"])}))


def make_domain(**about: Any) -> Domain:
    from iocop.core.versions import bump

    named: dict[str, Any] = {"name": "Controls"} | about
    domain = saved(Domain(**named | {"slug": slug(named["name"])}))
    from iocop.core.db import act

    with act():
        bump("site")
    return domain


def given(**about: Any) -> Given:
    """What a member sends: a domain and a space are made when there are none."""
    if "domain_ids" not in about:
        domain_id = db.session.scalar(select(Domain.id).limit(1)) or make_domain().id
        about["domain_ids"] = (domain_id,)
    if db.session.scalar(select(Space.id).limit(1)) is None:
        make_space()
    usual = {
        "kind": "reply",
        "text": "Some words about it.",
        "submission_key": secrets.token_hex(8),
        "label": "public",
    }
    return Given(**usual | about)


def make_topic(**about: Any) -> Topic:
    author = about.pop("author", None) or make_member()
    space = about.pop("space", None)
    usual = {"kind": "question", "title": "Where would you look first?", "text": "It does not work."}
    form = given(**usual | about, **({"space_id": space.id} if space else {}))
    return services.open_topic(viewer_of(author), form)


def make_answer(topic: Topic, **about: Any) -> Contribution:
    author = about.pop("author", None) or make_member()
    return services.answer(viewer_of(author), topic.id, given(**about))
