"""An author is erased: the article stays with the community, without the name."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from iocop.contributions.models import Contribution
from iocop.contributions.services import Given, forget_member, mark
from iocop.core.db import db
from iocop.members.export import pack
from iocop.members.services.leaving import erase
from iocop.repertoire import services
from iocop.repertoire.anchoring import Quote
from iocop.repertoire.models import ArticleRequest, Proposal, RequestVote
from iocop.repertoire.services.noting import comment
from tests.factories import make_member, make_organization, viewer_of
from tests.people import officer, person
from tests.repertoire.factories import curators, make_article, make_proposal
from tests.repertoire.test_requests import make_request

if TYPE_CHECKING:
    from iocop.members.models import Member

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


PERSONAL = (
    "Zelda Zander", "zelda", "zelda@example.org", "Zinc title", "Zinc summary", "Zinc text", "Zinc note on a save",
    "Zinc request", "Zinc reason to ask", "Zinc comment", "Zinc said below", "Zinc verdict", "Zinc practice",
    "Zinc reason to delete",
)  # fmt: skip


def zelda() -> Member:
    """A curator who has done everything one can do in the repertoire."""
    people = curators()
    article = make_article(author=people.author)
    zinc = make_organization(name="Zeta")
    member = officer(person("Zelda Zander", zinc, "zeta.example"), "curator")
    theirs = make_proposal(
        author=member,
        title="Zinc title",
        summary="Zinc summary",
        text="Zinc text",
        note="Zinc note on a save",
    )
    make_proposal(
        author=member,
        act="delete",
        article_id=article.id,
        title=article.title,
        reason="Zinc reason to delete",
    )
    other = make_proposal(author=people.author, text="Another text.")
    services.decline(viewer_of(member), other.id, 1, "Zinc verdict")
    make_request(author=member, title="Zinc request", text="Zinc reason to ask")
    services.take(viewer_of(member), make_request().id)
    comment(viewer_of(member), article.id, Quote("Measure the flow"), "Zinc comment", "c")
    said = Given(kind="reply", text="Zinc said below", submission_key="d")
    services.discuss(viewer_of(member), article.id, said)
    mark(viewer_of(member), article.id, "works_here", {"version": "Zinc practice", "conditions": "Wet."})
    services.hand_over(viewer_of(member), article.id, member.id, None)
    assert theirs.status == "waiting"
    return member


def everything() -> str:
    db.session.rollback()
    with db.engine.connect() as connection:
        return "\n".join(
            f"{table.name}: {row!r}"
            for table in db.metadata.sorted_tables
            for row in connection.execute(select(table)).all()
        )


def test_who_is_erased_with_their_texts_leaves_no_word_behind() -> None:
    member = zelda()
    before = everything()
    assert [words for words in PERSONAL if words not in before] == []

    erase(viewer_of(member), with_texts=True)

    after = everything()
    assert [line[:300] for line in after.splitlines() if any(words in line for words in PERSONAL)] == []
    assert db.session.scalars(select(ArticleRequest.taken_by_id)).all() == [None, None]
    assert set(db.session.scalars(select(Proposal.status).where(Proposal.title == "…"))) == {"withdrawn"}


def test_who_is_erased_without_their_texts_is_named_nowhere() -> None:
    member = zelda()

    erase(viewer_of(member))

    after = everything()
    assert [words for words in PERSONAL[:3] if words in after] == []
    assert [words for words in PERSONAL[3:9] if words not in after] == []


def test_the_own_export_holds_all_that_was_given_to_the_repertoire() -> None:
    member = zelda()
    with zipfile.ZipFile(io.BytesIO(pack(member.id))) as packed:
        names = packed.namelist()
        text = "\n".join(packed.read(name).decode(errors="replace") for name in names)

    assert [words for words in PERSONAL if words not in text] == []
    ours = {"suggestions", "reviews", "articles_kept", "requests", "credits", "words"}
    assert {f"{name}.json" for name in ours} <= set(names)
