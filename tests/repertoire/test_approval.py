"""Two people of two organizations, neither of them the author, make an article."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from iocop.contributions.models import Contribution
from iocop.core.db import db
from iocop.core.errors import Conflict, Refused
from iocop.repertoire import services
from iocop.repertoire.fields import Fields
from iocop.repertoire.models import Article, Proposal, Seal
from tests.factories import make_member, viewer_of
from tests.people import officer
from tests.repertoire.factories import curators, make_article, make_proposal

if TYPE_CHECKING:
    from tests.client import Browser

pytestmark = pytest.mark.usefixtures("app")


@pytest.mark.theory("3.24")
def test_one_approval_publishes_nothing() -> None:
    people = curators()
    proposal = make_proposal(author=people.author)

    services.approve(viewer_of(people.ann), proposal.id, 1)

    assert proposal.status == "waiting"
    assert db.session.scalar(select(Article.id)) is None
    with pytest.raises(Conflict, match="Two people of two organizations"):
        services.publish(viewer_of(people.ben), proposal.id)


def test_a_second_approval_of_the_same_organization_is_refused() -> None:
    people = curators()
    proposal = make_proposal(author=people.author)
    services.approve(viewer_of(people.ann), proposal.id, 1)

    with pytest.raises(Conflict, match="Somebody of your organization"):
        services.approve(viewer_of(people.amy), proposal.id, 1)


def test_two_organizations_seal_an_article() -> None:
    people = curators()

    article = make_article(author=people.author, reviewers=(people.ann, people.ben))

    assert article.standing == "sealed"
    assert {seal.member_id for seal in db.session.scalars(select(Seal))} == {people.ann.id, people.ben.id}
    thing = db.session.get_one(Contribution, article.id)
    assert (thing.kind, thing.author_id, thing.version) == ("article", people.author.id, 1)


def test_an_edit_waits_beside_the_published_text() -> None:
    people = curators()
    article = make_article(author=people.author, reviewers=(people.ann, people.ben))
    proposal = make_proposal(
        author=people.author, act="edit", article_id=article.id, title="Balancing a circuit", text="Better."
    )

    assert "Measure" in db.session.get_one(Contribution, article.id).text
    for reviewer in (people.ann, people.ben):
        services.approve(viewer_of(reviewer), proposal.id, 1)
    thing = db.session.get_one(Contribution, article.id)
    assert (thing.text, thing.version) == ("Better.", 2)


def test_all_without_a_proved_affiliation_count_as_one() -> None:
    people = curators()
    proposal = make_proposal(author=people.author)
    loose = [officer(make_member(), "curator") for _ in range(2)]
    services.approve(viewer_of(loose[0]), proposal.id, 1)

    with pytest.raises(Conflict, match="without a verified affiliation"):
        services.approve(viewer_of(loose[1]), proposal.id, 1)


def test_authors_decide_nothing_of_their_own() -> None:
    people = curators()
    proposal = make_proposal(author=people.ann)

    with pytest.raises(Refused, match="You wrote a part"):
        services.approve(viewer_of(people.ann), proposal.id, 1)


def test_while_one_organization_is_active_one_curator_publishes_provisionally() -> None:
    curator = officer(make_member(), "curator")
    proposal = make_proposal()

    services.approve(viewer_of(curator), proposal.id, 1)

    article = db.session.get_one(Article, proposal.article_id)
    assert article.standing == "provisional"


@pytest.mark.theory("3.20")
@pytest.mark.parametrize("role", ["board_member", "moderator", "administrator"])
def test_nobody_alone_removes_an_article(role: str) -> None:
    from iocop.contributions.services import set_state

    article = make_article()
    officer_ = officer(make_member(), role)

    with pytest.raises(Conflict, match="two people of two organizations"):
        set_state(viewer_of(officer_), article.id, "removed", "The board wishes it")
    assert db.session.get_one(Contribution, article.id).state == "visible"


@pytest.mark.parametrize("act", ["delete", "relabel"])
def test_one_organization_alone_neither_deletes_nor_relabels(act: str) -> None:
    curator = officer(make_member(), "curator")
    made = make_proposal()
    services.approve(viewer_of(curator), made.id, 1)
    doing = make_proposal(act=act, article_id=made.article_id, reason="It should not be so.", label="members")

    services.approve(viewer_of(curator), doing.id, 1)

    assert doing.status == "waiting"
    assert db.session.get_one(Article, made.article_id).retired_at is None


def test_what_else_was_suggested_about_a_retired_article_is_withdrawn() -> None:
    people = curators()
    article = make_article(author=people.author, reviewers=(people.ann, people.ben))
    edit = make_proposal(author=people.author, act="edit", article_id=article.id, text="Better.")
    leaving = make_proposal(author=people.author, act="obsolete", article_id=article.id, reason="It is over.")

    for reviewer in (people.ann, people.ben):
        services.approve(viewer_of(reviewer), leaving.id, 1)

    assert (edit.status, leaving.status) == ("withdrawn", "published")


def test_another_label_of_a_waiting_suggestion_begins_a_new_round(browser: Browser) -> None:
    people = curators()
    proposal = make_proposal(author=people.author, label="public")
    services.approve(viewer_of(people.ann), proposal.id, 1)

    sent = browser.sign_in(people.author).post(f"/c/{proposal.id}/label", {"label": "members"})

    assert sent.status_code == 303
    db.session.expire_all()
    proposal = db.session.get_one(Proposal, proposal.id)
    assert (proposal.status, proposal.round, Fields.read(proposal.fields).label) == ("waiting", 2, "members")
    with pytest.raises(Conflict):
        services.approve(viewer_of(people.ben), proposal.id, 1)
    for reviewer in (people.ben, people.ann):
        services.approve(viewer_of(reviewer), proposal.id, 2)
    article = db.session.get_one(Proposal, proposal.id).article_id
    assert db.session.get_one(Contribution, article).label == "members"


def test_a_text_and_a_label_saved_together_are_one_round() -> None:
    people = curators()
    proposal = make_proposal(author=people.author, label="public")
    fields = replace(Fields.read(proposal.fields), label="members")

    for text in ("Open every valve, then close it.", "Open every valve, then close it."):
        services.save_proposal(viewer_of(people.author), proposal.id, fields=fields, text=text)

    assert proposal.round == 2
