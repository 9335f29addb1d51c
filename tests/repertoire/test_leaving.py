"""An author is erased: the article stays with the community, without the name."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from iocop.contributions.models import Contribution
from iocop.contributions.services import forget_member
from iocop.core.db import db
from iocop.members.services.leaving import erase
from iocop.repertoire import services
from iocop.repertoire.models import RequestVote
from tests.factories import make_member, viewer_of
from tests.repertoire.factories import curators, make_article
from tests.repertoire.test_requests import make_request

pytestmark = pytest.mark.usefixtures("app")


def test_an_article_stays_when_its_author_takes_their_texts_along() -> None:
    people = curators()
    article = make_article(author=people.author, reviewers=(people.ann, people.ben))
    suggestion = db.session.query(Contribution).filter_by(kind="proposal").one()

    forget_member(None, people.author.id, with_texts=True)

    assert "Measure the flow" in db.session.get_one(Contribution, article.id).text
    assert suggestion.text == ""


def test_an_erased_members_wishes_are_forgotten() -> None:
    asked = make_request()
    member = make_member()
    services.want(viewer_of(member), asked.id)

    erase(viewer_of(member))

    votes = db.session.scalars(select(RequestVote.member_id).where(RequestVote.request_id == asked.id)).all()
    assert member.id not in votes
