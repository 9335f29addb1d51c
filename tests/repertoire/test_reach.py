"""Who comes across what: in searches, beside requests, under what was retired; and what two at once may do."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from iocop.contributions.services import set_state
from iocop.core import clock
from iocop.core.db import db
from iocop.core.errors import Conflict, DomainError
from iocop.core.login import GUEST
from iocop.repertoire import services
from iocop.repertoire.models import Article, Proposal, Review, Seal
from iocop.search import results
from iocop.search.query import parse
from iocop.spaces.models import Space, SpaceGrant
from tests.factories import make_member, saved, viewer_of
from tests.forums.factories import given, make_domain, make_space
from tests.people import officer
from tests.repertoire.factories import curators, make_article, make_proposal
from tests.repertoire.test_sentences import retire, suggest, suggest_edit
from tests.search.factories import index_all

if TYPE_CHECKING:
    from flask import Flask

    from iocop.members.models import Member
    from tests.client import Browser

pytestmark = pytest.mark.usefixtures("app")


def hits(who: Any, typed: str) -> int:
    index_all()
    return sum(results.find(who, parse(typed), "articles").counts.values())


@pytest.mark.parametrize("how", ["delete", "relabel", "hide"])
def test_a_guest_finds_no_article_that_went(how: str) -> None:
    article = make_article(text="Mind the thermocline.")
    index_all()
    waiting = suggest_edit(article, "Mind the thermocline well.")
    assert hits(GUEST, "thermocline") == 1
    if how == "hide":
        set_state(viewer_of(officer(make_member(), "moderator")), article.id, "hidden", "A client is named.")
    else:
        retire(article, how, **({"label": "members"} if how == "relabel" else {}))

    assert hits(GUEST, "thermocline") == 0
    assert hits(viewer_of(make_member()), "thermocline") == (how == "relabel")
    assert waiting.id


def test_an_obsolete_article_is_still_found_and_says_so(browser: Browser) -> None:
    article = make_article(text="Mind the thermocline.")
    retire(article, "obsolete")
    assert hits(GUEST, "thermocline") == 1
    assert browser.get(f"/a/{article.id}").status_code == 200


# ---------------------------------------------------------------- closed rooms


def backroom(*members: Member) -> int:
    closed = make_space(name="Backroom", audience="named")
    for member in members:
        saved(
            SpaceGrant(
                space_id=closed.id, member_id=member.id, granted_by_id=member.id, granted_at=clock.now()
            )
        )
    return closed.id


def secret() -> Article:
    people = curators()
    if db.session.scalar(select(Space.id).limit(1)) is None:
        make_space()
    closed = backroom(people.ann, people.ben, people.author)
    return make_article(title="Heron merger plan", label="space", space_id=closed, text="Within.")


def test_a_request_names_no_article_its_reader_may_not_read(browser: Browser) -> None:
    article = secret()
    member = make_member()
    domain = str(make_domain(name="Pumps").id)
    form = {
        "title": "Something missing", "text": "It lacks much.", "domains": domain, "submission_key": "k",
        "about": str(article.id), "origin": "article",
    }  # fmt: skip
    answer = browser.sign_in(member).post("/repertoire/requests/new", form)
    for path in (answer.location or "/repertoire/requests", "/repertoire/requests"):
        assert "Heron merger" not in browser.get(path).text
    inside = viewer_of(curators().ann)
    asked = services.ask_for(
        inside,
        given(kind="request", title="More of it", text="It lacks much."),
        origin="article",
        about_id=article.id,
    )
    assert "Heron merger" not in browser.get(f"/repertoire/requests/{asked.id}").text


@pytest.mark.parametrize("how", ["obsolete", "merge"])
def test_what_was_retired_leads_nobody_to_what_they_may_not_read(browser: Browser, how: str) -> None:
    hidden = secret()
    article = make_article(title="Everybody's")
    retire(article, how, successor_id=hidden.id)

    for who in (browser.fresh(), browser.fresh().sign_in(make_member())):
        answer = who.get(f"/a/{article.id}")
        assert "Heron" not in answer.text
        assert "heron" not in (answer.location or "")


def test_what_waits_is_open_as_far_as_its_article(browser: Browser) -> None:
    public, members = make_article(), make_article(title="For members", label="members")
    for article, status in ((public, 200), (members, 404)):
        waiting = suggest_edit(article, "Another text.")
        assert browser.fresh().get(f"/repertoire/suggestions/{waiting.id}").status_code == status
        assert (
            browser.fresh().sign_in(make_member()).get(f"/repertoire/suggestions/{waiting.id}").status_code
            == 200
        )
    closed = suggest_edit(secret(), "Another plan.", author=curators().author)
    assert (
        browser.fresh().sign_in(make_member()).get(f"/repertoire/suggestions/{closed.id}").status_code == 404
    )


# ---------------------------------------------------------------- two at once


def at_once(app: Flask, *works: Any) -> list[Any]:
    barrier = Barrier(len(works))

    def run(work: Any) -> Any:
        with app.app_context():
            barrier.wait(timeout=20)
            try:
                return work()
            except DomainError as error:
                return error
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def test_two_approvals_at_the_same_moment_publish_once(app: Flask) -> None:
    people = curators()
    proposal_id = make_proposal(author=people.author).id
    actors = [viewer_of(people.ann), viewer_of(people.ben)]

    found = at_once(
        app, *(lambda actor=actor: services.approve(actor, proposal_id, 1).verdict for actor in actors)
    )

    assert found == ["approve", "approve"]
    db.session.rollback()
    assert db.session.get_one(Proposal, proposal_id).status == "published"
    assert db.session.scalar(select(func.count()).select_from(Article)) == 1
    assert db.session.scalar(select(func.count()).select_from(Seal)) == 2


def test_two_colleagues_at_the_same_moment_are_one(app: Flask) -> None:
    people = curators()
    proposal_id = make_proposal(author=people.author).id
    actors = [viewer_of(people.ann), viewer_of(people.amy)]

    found = at_once(
        app, *(lambda actor=actor: services.approve(actor, proposal_id, 1).verdict for actor in actors)
    )

    assert sorted(type(each).__name__ for each in found) == ["Conflict", "str"]
    db.session.rollback()
    assert db.session.get_one(Proposal, proposal_id).status == "waiting"
    assert db.session.scalar(select(func.count()).select_from(Review)) == 1


def test_two_edits_of_one_version_are_not_both_published(app: Flask) -> None:
    article = make_article()
    people = curators()
    one, other = suggest_edit(article, "One way."), suggest_edit(article, "Another way.")
    for proposal in (one, other):
        services.approve(viewer_of(people.ann), proposal.id, 1)
    ben, ids = viewer_of(people.ben), (one.id, other.id)

    found = at_once(app, *(lambda key=key: services.approve(ben, key, 1).verdict for key in ids))

    assert sorted(type(each).__name__ for each in found) == ["Conflict", "str"]
    db.session.rollback()
    assert sorted(db.session.scalars(select(Proposal.status).where(Proposal.id.in_(ids)))) == [
        "published",
        "waiting",
    ]
    with pytest.raises(Conflict):
        services.approve(ben, next(key for key, each in zip(ids, found, strict=True) if each != "approve"), 1)
    assert suggest(article, "obsolete").status == "waiting"
