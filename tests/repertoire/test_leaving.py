"""An author is erased: the article stays with the community, without the name."""

from __future__ import annotations

import pytest

from iocop.contributions.models import Contribution
from iocop.contributions.services import forget_member
from iocop.core.db import db
from tests.repertoire.factories import curators, make_article

pytestmark = pytest.mark.usefixtures("app")


def test_an_article_stays_when_its_author_takes_their_texts_along() -> None:
    people = curators()
    article = make_article(author=people.author, reviewers=(people.ann, people.ben))
    suggestion = db.session.query(Contribution).filter_by(kind="proposal").one()

    forget_member(None, people.author.id, with_texts=True)

    assert "Measure the flow" in db.session.get_one(Contribution, article.id).text
    assert suggestion.text == ""
