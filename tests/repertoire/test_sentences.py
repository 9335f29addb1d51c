"""The repertoire held against what is promised of it: each test tries to show one promise false."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from iocop.contributions.services import file_root, set_state
from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.errors import Conflict, Refused
from iocop.organizations.models import Affiliation, Organization
from iocop.repertoire import services
from iocop.repertoire.models import Article, Proposal
from iocop.repertoire.queries.current import fields_of
from iocop.spaces.models import SpaceGrant
from tests.factories import make_member, make_organization, saved, viewer_of
from tests.forums.factories import make_domain, make_space
from tests.people import officer, person
from tests.repertoire.factories import curators, imported_article, make_article, make_proposal

if TYPE_CHECKING:
    from tests.client import Browser

pytestmark = pytest.mark.usefixtures("app")

SECRET = "Quicksilver in the manometer"


def retire(article: Article, how: str, **about: Any) -> Proposal:
    """Two curators of two organizations retire an article."""
    people = curators()
    proposal = suggest(article, how, **about)
    for reviewer in (people.ann, people.ben):
        services.approve(viewer_of(reviewer), proposal.id, proposal.round)
    return proposal


def suggest(article: Article, act_: str, **about: Any) -> Proposal:
    title = db.session.get_one(Article, article.id).title
    return make_proposal(act=act_, article_id=article.id, title=title, reason="It is over.", **about)


# ---------------------------------------------------------------- who may read what


def test_a_term_of_a_closed_space_explains_nothing_to_those_outside_it(browser: Browser) -> None:
    people = curators()
    article = make_article(text="## Steps\n\nMind the thermocline.\n")
    closed = make_space(name="Backroom", audience="named")
    for member in (people.ann, people.ben, people.author):
        saved(
            SpaceGrant(
                space_id=closed.id, member_id=member.id, granted_by_id=people.ann.id, granted_at=clock.now()
            )
        )
    make_article(
        kind="term", title="Thermocline", summary=SECRET, label="space", space_id=closed.id, text="Within."
    )
    within = make_article(text="Mind the thermocline.", title="Within", label="space", space_id=closed.id)
    outsider = make_member()
    assert SECRET in browser.sign_in(people.author).get(f"/a/{within.id}").text

    browser.get(f"/a/{article.id}")

    assert SECRET not in browser.fresh().sign_in(outsider).get(f"/a/{article.id}").text


@pytest.mark.parametrize("how", ["delete", "relabel"])
def test_what_was_deleted_or_shared_less_is_read_in_no_suggestion(browser: Browser, how: str) -> None:
    first = make_proposal(text=SECRET, author=curators().author)
    for reviewer in (curators().ann, curators().ben):
        services.approve(viewer_of(reviewer), first.id, 1)
    article = db.session.get_one(Article, first.article_id)
    waiting = suggest_edit(article, f"{SECRET}. And more.")
    assert SECRET in browser.fresh().get(f"/repertoire/suggestions/{first.id}").text
    retire(article, how, **({"label": "members"} if how == "relabel" else {}))

    for proposal in (first, waiting):
        answer = browser.fresh().get(f"/repertoire/suggestions/{proposal.id}")
        assert SECRET not in answer.text
        assert SECRET not in browser.fresh().get(f"/c/{proposal.id}/history").text


def suggest_edit(article: Article, text: str, **about: Any) -> Proposal:
    standing = fields_of(article.id)
    given = {name: getattr(standing, name) for name in ("title", "kind", "label", "domain_ids")} | about
    return make_proposal(act="edit", article_id=article.id, text=text, **given)


# ---------------------------------------------------------------- two people of two organizations


def test_organizations_merged_between_two_approvals_are_one() -> None:
    people = curators()
    proposal = make_proposal(author=people.author)
    services.approve(viewer_of(people.ann), proposal.id, 1)
    north, south = (
        db.session.scalars(select(Organization).where(Organization.name == name)).one()
        for name in ("North", "South")
    )
    with act():
        north.merged_into_id = south.id

    with pytest.raises(Conflict):
        services.approve(viewer_of(people.ben), proposal.id, 1)


def test_an_expired_verification_is_no_organization() -> None:
    people = curators()
    with act():
        for member in (people.ann, people.ben):
            row = db.session.scalars(select(Affiliation).where(Affiliation.member_id == member.id)).one()
            row.expires_at = clock.now() - timedelta(days=1)
    third = officer(person("Tia Third", make_organization(name="Third"), "third.example"), "curator")
    fourth = person("Fay Fourth", make_organization(name="Fourth"), "fourth.example")
    proposal = make_proposal(author=fourth)
    services.approve(viewer_of(people.ann), proposal.id, 1)
    with pytest.raises(Conflict):
        services.approve(viewer_of(people.ben), proposal.id, 1)
    services.approve(viewer_of(third), proposal.id, 1)
    assert proposal.status == "published"


def test_who_wrote_an_article_gives_it_no_seal() -> None:
    people = curators()
    cara = officer(person("Cara East", make_organization(name="East"), "east.example"), "curator")
    article = imported_article(cara, "It was always so.")
    with act():
        file_root(article.id, (make_domain().id,), ())
    proposal = suggest(article, "seal", author=people.author)
    services.approve(viewer_of(people.ann), proposal.id, 1)

    with pytest.raises(Refused, match="wrote"):
        services.approve(viewer_of(cara), proposal.id, 1)


def test_an_edit_that_files_an_article_elsewhere_is_decided_where_it_stands() -> None:
    steam, paint = make_domain(name="Steam"), make_domain(name="Paint")
    article = make_article(domain_ids=(steam.id,))
    painter = person("Pia Paint", make_organization(name="Painters"), "paint.example")
    officer(painter, "curator", scope_kind="domain", scope_id=paint.id)
    moved = suggest_edit(article, "Paint it.", domain_ids=(paint.id,))

    with pytest.raises(Refused, match="Curators decide"):
        services.approve(viewer_of(painter), moved.id, 1)


# ---------------------------------------------------------------- retiring


def test_two_articles_are_not_merged_into_each_other(browser: Browser) -> None:
    one, other = make_article(title="The one"), make_article(title="The other")
    there = suggest(one, "merge", successor_id=other.id)
    back = suggest(other, "merge", successor_id=one.id)
    people = curators()
    for reviewer in (people.ann, people.ben):
        services.approve(viewer_of(reviewer), there.id, 1)
    services.approve(viewer_of(people.ann), back.id, 1)
    with pytest.raises(Conflict):
        services.approve(viewer_of(people.ben), back.id, 1)

    moved = browser.fresh().get(f"/a/{one.id}")
    assert (moved.status_code, moved.location) == (301, f"/a/{other.id}/the-other")
    assert browser.fresh().get(moved.location).status_code == 200


def test_what_is_retired_is_not_retired_again_otherwise() -> None:
    article = make_article()
    people = curators()
    deletion, obsolete = suggest(article, "delete"), suggest(article, "obsolete")
    for reviewer in (people.ann, people.ben):
        services.approve(viewer_of(reviewer), deletion.id, 1)

    assert obsolete.status == "withdrawn"
    with pytest.raises(Refused):
        services.approve(viewer_of(people.ann), obsolete.id, 1)
    assert db.session.get_one(Article, article.id).retired_how == "deleted"


def test_a_merged_article_leads_through_a_chain(browser: Browser) -> None:
    one, two, three = (make_article(title=f"Number {word}") for word in ("one", "two", "three"))
    retire(one, "merge", successor_id=two.id)
    retire(two, "merge", successor_id=three.id)
    first = browser.fresh().get(f"/a/{one.id}")
    assert first.status_code == 301
    for path in (f"/a/{one.id}", "/wiki/Number one"):
        heading = browser.fresh().page(path).h1
        assert heading is not None
        assert heading.get_text(strip=True) == "Number three"


def test_a_deleted_article_is_gone_from_everywhere(browser: Browser) -> None:
    gone = make_article(title="Gone for good", text=f"## Steps\n\n{SECRET}. See [[Balancing acts]].\n")
    stays = make_article(title="Balancing acts", text="See [[Gone for good]].\n")
    retire(gone, "delete")
    reader = browser.fresh()
    page = reader.get(f"/a/{gone.id}")
    assert page.status_code == 410
    assert SECRET not in page.text
    for path in (
        "/repertoire", "/repertoire/how-to", "/glossary", f"/a/{stays.id}", "/repertoire/freshness",
    ):  # fmt: skip
        links = reader.page(path).find_all("a")
        assert not [link for link in links if str(link["href"]).startswith(f"/a/{gone.id}")], path
    assert reader.get("/wiki/Gone for good").status_code == 404
    for rest in (
        "history", "history/1", "compare", "credits", "provenance", "notes", "confirmations", "keepers", "edit",
        "take-home", "suggest/obsolete", "links", "distil", "notes/new",
    ):  # fmt: skip
        for who in (browser.fresh(), browser.fresh().sign_in(make_member())):
            answer = who.get(f"/a/{gone.id}/{rest}", follow_redirects=True)
            assert SECRET not in answer.text, rest
            assert "Gone for good" not in answer.text or answer.status_code in {404, 410}, (
                rest,
                answer.status_code,
            )


def test_a_hidden_article_shows_nothing_on_any_of_its_pages(browser: Browser) -> None:
    article = make_article(title="Hidden away", text=f"## Steps\n\n{SECRET}.\n")
    moderator = officer(make_member(), "moderator")
    set_state(viewer_of(moderator), article.id, "hidden", "A client is named.")
    for rest in (
        "", "/history", "/history/1", "/compare", "/credits", "/provenance", "/notes", "/confirmations", "/keepers",
        "/edit", "/take-home", "/suggest/obsolete", "/links", "/distil", "/notes/new",
    ):  # fmt: skip
        for who in (browser.fresh(), browser.fresh().sign_in(make_member())):
            answer = who.get(f"/a/{article.id}{rest}")
            assert answer.status_code in {302, 303, 401, 403, 404, 405, 410}, (rest, answer.status_code)
            assert SECRET not in answer.text
    assert "Hidden away" not in browser.fresh().get("/repertoire").text
    assert browser.fresh().get("/wiki/Hidden away").status_code == 404
