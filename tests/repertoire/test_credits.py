"""Credit follows the words: through edits, imports, and to the member an imported author turns out to be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from iocop.contributions.models import Contribution
from iocop.contributions.services import change_label
from iocop.core.db import act, db
from iocop.core.errors import Conflict, Invalid
from iocop.repertoire import services
from iocop.repertoire.models import Credit, Passage
from iocop.repertoire.services.crediting import Reckoned, adopt_credits, foresee, write_credits
from iocop.repertoire.services.tracing import keep_within
from tests.factories import make_member, viewer_of
from tests.forums.factories import make_answer, make_space, make_topic
from tests.repertoire.factories import curators, imported_article, make_article, make_proposal

if TYPE_CHECKING:
    from tests.client import Browser

pytestmark = pytest.mark.usefixtures("app")

TEXT = "Open every valve and measure flow through each radiator before closing anything."
MORE = "Pumps hum loudly when trapped air circulates inside their housing overnight."


def shares(article_id: int) -> dict[int, int]:
    rows = db.session.scalars(select(Credit).where(Credit.article_id == article_id))
    return {row.member_id: row.share for row in rows}


def test_who_adds_a_paragraph_gets_the_share_of_its_words() -> None:
    people = curators()
    reviewers = (people.ann, people.ben)
    article = make_article(author=people.author, reviewers=reviewers, text=TEXT)
    editor = make_member()
    assert shares(article.id) == {people.author.id: 10_000}

    proposal = make_proposal(
        author=editor, act="edit", article_id=article.id, title=article.title, text=f"{MORE}\n\n{TEXT}"
    )
    for reviewer in reviewers:
        services.approve(viewer_of(reviewer), proposal.id, 1)

    assert shares(article.id) == {people.author.id: 5500, editor.id: 4500}


def test_what_brings_no_text_changes_no_credit() -> None:
    people = curators()
    article = make_article(author=people.author, reviewers=(people.ann, people.ben), text=TEXT)
    proposal = make_proposal(
        act="relabel", article_id=article.id, label="members", reason="It names a plant."
    )

    assert foresee(proposal.id) is None
    for reviewer in (people.ann, people.ben):
        services.approve(viewer_of(reviewer), proposal.id, 1)

    assert shares(article.id) == {people.author.id: 10_000}


def test_what_was_reckoned_from_another_version_is_reckoned_anew() -> None:
    article = make_article(text=TEXT)
    stranger = Reckoned(7, {("revision", 99): 5})

    with act():
        write_credits(article.id, stranger)

    assert sum(shares(article.id).values()) == 10_000


def test_an_imported_article_shows_credits_though_none_are_kept(browser: Browser) -> None:
    article = imported_article(make_member(), TEXT)
    assert shares(article.id) == {}

    for _again in range(2):
        page = browser.page(f"/a/{article.id}/credits")
        assert sum(int(str(row["data-share"])) for row in page.select("tr[data-share]")) == 10_000


def test_an_imported_authors_credits_become_the_members() -> None:
    first = make_article(text=TEXT)
    author, imported = make_member(), make_member()
    with act() as session:
        session.query(Credit).delete()
        session.add_all(
            [
                Credit(article_id=first.id, member_id=author.id, share=4000),
                Credit(article_id=first.id, member_id=imported.id, share=5000),
                Credit(article_id=first.id, member_id=imported.id, share=1000, sealed=True),
            ]
        )

    adopt_credits(imported.id, author.id)

    rows = db.session.scalars(select(Credit).order_by(Credit.id)).all()
    assert [(row.member_id, row.share, row.sealed) for row in rows] == [
        (author.id, 9000, False), (author.id, 1000, True),
    ]  # fmt: skip


def test_a_suggested_change_is_shared_no_further_than_its_article() -> None:
    people = curators()
    article = make_article(
        author=people.author, reviewers=(people.ann, people.ben), label="members", text=TEXT
    )
    editor = make_member()
    proposal = make_proposal(author=editor, act="edit", article_id=article.id, title=article.title, text=MORE)

    with pytest.raises(Invalid, match="shared less far"):
        change_label(viewer_of(editor), proposal.id, "public")


def test_words_of_another_space_are_not_published() -> None:
    article = make_article(text=TEXT)
    room = make_space(name="Room", audience="members")
    post = make_answer(make_topic(space=room, label="space"), kind="answer", text=TEXT, label="space")
    thing = db.session.get_one(Contribution, article.id)

    with act() as session:
        session.add(
            Passage(contribution_id=article.id, post_id=post.id, position=1, text=TEXT, at=thing.created_at)
        )
    actor = viewer_of(make_member())
    with pytest.raises(Conflict, match="another space only"), act():
        keep_within(actor, thing)
