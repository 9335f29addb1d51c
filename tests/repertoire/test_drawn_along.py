"""A source that becomes stricter after it was distilled draws what was made of it along, never the other way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iocop.contributions.models import Contribution
from iocop.contributions.queries import label_changes
from iocop.contributions.services import change_label, move_space
from iocop.core.db import db
from iocop.members.models import Member
from iocop.repertoire import services
from iocop.repertoire.services.distilling import distil
from tests.contributions.factories import make_office
from tests.factories import make_member, viewer_of
from tests.forums.factories import make_space
from tests.notifications.told import mails_to, told
from tests.repertoire.factories import curators, make_article, make_proposal
from tests.repertoire.test_distil import made, published, thread

if TYPE_CHECKING:
    from iocop.repertoire.models import Article
    from tests.client import Browser

pytestmark = pytest.mark.usefixtures("app")


def label_of(contribution_id: int) -> str:
    return db.session.get_one(Contribution, contribution_id).label


def distilled() -> tuple[Article, list[Contribution], Member]:
    """A public article of three posts, whose owner is whoever made it."""
    people = curators()
    topic, posts = thread(people)
    owner = make_member()
    proposal = distil(viewer_of(owner), made(topic, posts))
    return published(people, proposal), posts, owner


def test_an_article_becomes_as_strict_as_a_post_it_was_made_of(browser: Browser) -> None:
    article, posts, owner = distilled()
    services.hand_over(viewer_of(curators().ann), article.id, owner.id, None)
    assert browser.get(f"/a/{article.id}", follow_redirects=True).status_code == 200

    change_label(viewer_of(curators().amy), posts[1].id, "members", "It names a plant.")

    assert label_of(article.id) == "members"
    assert browser.get(f"/a/{article.id}", follow_redirects=True).status_code == 404
    assert "keeping" in told(owner)
    assert "An article you keep is shared less far now; its history says why" in mails_to(owner)[-1].body
    history = browser.sign_in(owner).page(f"/a/{article.id}/history").get_text(" ", strip=True)
    assert "It holds words of posts that are shared less far." in history


def test_letting_the_post_travel_again_opens_nothing() -> None:
    article, posts, _owner = distilled()
    author = viewer_of(curators().amy)

    for label in ("members", "public"):
        change_label(author, posts[1].id, label)

    assert (label_of(posts[1].id), label_of(article.id)) == ("public", "members")
    assert len(label_changes(article.id)) == 1


def test_a_post_whose_words_the_article_lost_draws_nothing_along() -> None:
    article, posts, owner = distilled()
    people = curators()
    text = posts[2].text
    edit = make_proposal(author=owner, act="edit", article_id=article.id, title=article.title, text=text)
    for reviewer in (people.ann, people.ben):
        services.approve(viewer_of(reviewer), edit.id, edit.round)

    change_label(viewer_of(people.amy), posts[1].id, "members")

    assert label_of(article.id) == "public"


def test_a_whole_thread_draws_the_article_and_what_waits_about_it_along() -> None:
    article, posts, owner = distilled()
    change = make_proposal(
        author=owner, act="edit", article_id=article.id, title=article.title, text=posts[2].text
    )
    root = db.session.get_one(Contribution, posts[0].root_id)

    change_label(make_office(make_member()), root.id, "members", "It names a plant.")

    assert [label_of(each) for each in (article.id, change.id)] == ["members", "members"]


def test_words_that_may_not_leave_another_room_any_more_are_named_in_the_history() -> None:
    article, posts, _owner = distilled()
    room = make_space(name="Room", audience="members")
    root = db.session.get_one(Contribution, posts[0].root_id)
    move_space(make_office(make_member()), root.id, room.id)
    assert label_of(article.id) == "take-home"

    change_label(viewer_of(curators().amy), posts[1].id, "space")

    assert label_of(article.id) == "space"
    assert "another space only" in label_changes(article.id)[0].reason


def test_keepers_are_not_told_of_what_they_did_themselves_nor_of_an_article_nobody_keeps() -> None:
    people = curators()
    article = make_article(author=people.author, reviewers=(people.ann, people.ben))
    services.hand_over(viewer_of(people.ann), article.id, None, None)
    proposal = make_proposal(
        act="relabel", article_id=article.id, label="members", reason="It names a plant."
    )

    for reviewer in (people.ann, people.ben):
        services.approve(viewer_of(reviewer), proposal.id, 1)

    assert label_of(article.id) == "members"
    assert "keeping" not in told(people.author)
