"""Confirmed in practice at N organizations: who counts, who is shown, and what it does to an article's time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from iocop.contributions.models import Contribution, Mark
from iocop.contributions.services import mark, withdraw_mark
from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.errors import Invalid
from iocop.repertoire.confirming import Confirmation, confirmed
from iocop.repertoire.jobs import end_what_is_due
from iocop.repertoire.models import Spell
from iocop.repertoire.queries.confirmations import confirmed_at
from tests.factories import make_organization, viewer_of
from tests.people import officer, person
from tests.repertoire.factories import curators, make_article, make_proposal

if TYPE_CHECKING:
    from flask import Flask

    from iocop.members.models import Member
    from iocop.organizations.models import Organization
    from iocop.repertoire.models import Article
    from tests.client import Browser

pytestmark = pytest.mark.usefixtures("app")

EARLIER = datetime(2026, 1, 1, tzinfo=UTC)


def outsider(name: str, **about: Any) -> Member:
    """Somebody with a proved affiliation at an organization of their own."""
    firm = make_organization(**{"name": f"{name} Works"} | about)
    return person(f"{name} Outside", firm, f"{name.lower()}.example")


def works(member: Member, article: Article, **said: str) -> Mark:
    return mark(viewer_of(member), article.id, "works_here", {"conditions": "Two boilers"} | said)


def stands(article: Article) -> Article:
    db.session.expire_all()
    return article


def shown_number(article: Article) -> int:
    db.session.expire_all()
    return db.session.get_one(Contribution, article.id).works_here


def spells(article: Article) -> list[tuple[str, str]]:
    db.session.expire_all()
    rows = select(Spell).where(Spell.article_id == article.id).order_by(Spell.id)
    return [(spell.began_by, spell.ended_by) for spell in db.session.scalars(rows)]


# ---------------------------------------------------------------- the rule


def test_only_proved_organizations_without_a_part_in_the_text_count() -> None:
    day = EARLIER
    wrote = {1: day, 2: day + timedelta(days=10)}
    rows = [
        Confirmation(1, True, False, day + timedelta(days=1)),  # the author's
        Confirmation(2, True, False, day + timedelta(days=1)),  # wrote a part, but later
        Confirmation(2, True, False, day + timedelta(days=11)),
        Confirmation(3, False, False, day),  # not proved
        Confirmation(None, True, False, day),
    ]

    assert confirmed(rows, wrote) == (1, 0)
    assert confirmed(rows[2:], wrote) == (0, 0)


@given(st.sets(st.integers(1, 9)), st.sets(st.integers(1, 9)))
def test_counted_only_ones_join_from_three_on(named: set[int], counted: set[int]) -> None:
    rows = [Confirmation(group, True, False, EARLIER) for group in named]
    rows += [Confirmation(group, True, True, EARLIER) for group in counted]

    further = len(counted - named)

    assert confirmed(rows, {}) == (len(named), further if further >= 3 else 0)
    assert confirmed(rows, {}).organizations == len(named) + (further if further >= 3 else 0)


# ---------------------------------------------------------------- what is shown


def test_named_ones_count_from_the_first_and_counted_only_ones_from_the_third(browser: Browser) -> None:
    article = make_article()
    plain = browser.page(f"/a/{article.id}/confirmations").get_text()
    people = [outsider(name) for name in ("Una", "Dua", "Tria")]

    for member in people[:2]:
        works(member, article, shown="counted", sector="Hospitals", version="9.9")

    assert shown_number(article) == 0
    assert browser.page(f"/a/{article.id}/confirmations").get_text() == plain
    works(people[2], article, shown="counted")
    assert shown_number(article) == 3
    page = browser.page(f"/a/{article.id}/confirmations").get_text()
    assert "Confirmed in practice at 3 organizations" in page
    withdraw_mark(viewer_of(people[0]), article.id, "works_here")
    assert shown_number(article) == 0
    assert browser.page(f"/a/{article.id}/confirmations").get_text() == plain


def test_neither_page_names_who_is_only_counted(browser: Browser) -> None:
    article = make_article()
    hidden = [outsider(name) for name in ("Una", "Dua", "Tria")]
    for member in hidden:
        works(member, article, shown="counted", sector="Hospitals", version="9.9", size="10-49")
    works(outsider("Nora"), article, shown="named", sector="Schools", size="2-9")

    for reader in (browser, browser.fresh().sign_in(hidden[0]), browser.fresh().sign_in(curators_of_site())):
        for path in (f"/a/{article.id}/confirmations", f"/c/{article.id}/marks"):
            page = reader.page(path)
            text = (page.main or page).get_text()
            assert "4 organizations" in text
            assert "Nora Outside" in text
            assert "Schools" in text or "/marks" in path
            for word in ("Una", "Dua", "Tria", "Hospitals", "9.9"):
                assert word not in text


def curators_of_site() -> Member:
    return officer(person("Cora Curator"), "curator")


def test_the_form_knows_size_and_sector_and_both_can_be_taken_out(browser: Browser) -> None:
    article = make_article()
    nora = outsider("Nora", size_band="50-249", industry="Hospitals")
    browser.sign_in(nora)

    asked = browser.post(f"/c/{article.id}/marks", {"kind": "works_here"})
    page = browser.page(asked.location)
    assert page.select_one("#sector")["value"] == "Hospitals"  # type: ignore[index]
    assert page.select_one("#size option[selected]")["value"] == "50-249"  # type: ignore[index]
    bad = browser.post(asked.location, {"conditions": "", "shown": "named"})
    assert bad.status_code == 422
    done = browser.post(
        asked.location, {"conditions": "Since May", "size": "50-249", "sector": "", "shown": "named"}
    )

    assert done.status_code == 303
    context = db.session.scalars(select(Mark)).one().context
    assert context == {"conditions": "Since May", "size": "50-249", "shown": "named"}
    text = browser.page(f"/a/{article.id}/confirmations").get_text()
    assert "50 to 249 people" in text
    assert "Hospitals" not in text


def test_a_post_is_not_asked_for_more_and_nonsense_is_refused(browser: Browser) -> None:
    from tests.forums.factories import make_topic

    article, topic, nora = make_article(), make_topic(), outsider("Nora")

    mark(viewer_of(nora), topic.id, "works_here", {"version": "4", "shown": "counted", "sector": "x"})

    assert db.session.scalars(select(Mark)).one().context == {"version": "4"}
    assert browser.sign_in(outsider("Ora")).page(f"/c/{topic.id}/marks/works_here").select("#sector") == []
    for nonsense in ({"shown": "maybe"}, {"size": "huge"}):
        with pytest.raises(Invalid):
            works(nora, article, **nonsense)


def test_unproved_confirmations_are_shown_and_not_counted(browser: Browser) -> None:
    article = make_article()
    loose = person("Lou Loose", make_organization(name="Somewhere"))

    works(loose, article, shown="named")

    assert shown_number(article) == 0
    text = browser.page(f"/a/{article.id}/confirmations").get_text()
    assert "Lou Loose" in text
    assert "not counted" in text


def test_an_organization_that_edits_counts_only_what_it_confirmed_before() -> None:
    people = curators()
    article = make_article(author=people.author, reviewers=(people.ann, people.ben))
    works(people.ben, article, shown="named")
    assert confirmed_at(article.id).organizations == 1

    east: Organization = make_organization(name="East")
    writer, colleague = person("Eve East", east, "east.example"), person("Edo East", east, "east.example")
    edit = make_proposal(author=writer, act="edit", article_id=article.id, text="Better words.")
    from iocop.repertoire import services

    for reviewer in (people.ann, people.ben):
        services.approve(viewer_of(reviewer), edit.id, 1)
    works(colleague, article, shown="named")

    assert confirmed_at(article.id).organizations == 1


# ---------------------------------------------------------------- what it does


@pytest.mark.theory("0.11")
def test_another_organization_clears_a_stale_article_and_the_own_one_does_not(browser: Browser) -> None:
    west = make_organization(name="West again")
    author, colleague = person("Ada Author", west, "west.example"), person("Col League", west, "west.example")
    people = curators()
    with time_machine.travel(EARLIER, tick=False):
        article = make_article(author=author, reviewers=(people.ann, people.ben))
        due = article.review_by
    with time_machine.travel(due + timedelta(hours=1), tick=False):
        end_what_is_due()
        assert stands(article).review_by <= clock.now()
        assert spells(article) == [("published", "stale")]
        assert "Not confirmed lately" in browser.page(f"/a/{article.id}").get_text()

        works(colleague, article, shown="named")
        assert stands(article).review_by <= clock.now()
        assert spells(article) == [("published", "stale")]
        assert "Not confirmed lately" in browser.page(f"/a/{article.id}").get_text()

        works(people.ben, article, shown="named")
        assert stands(article).review_by > clock.now()
        assert stands(article).renewed_at == clock.now()
        assert spells(article) == [("published", "stale"), ("confirmed", "")]
        assert "Not confirmed lately" not in browser.page(f"/a/{article.id}").get_text()


def test_a_counted_only_confirmation_renews_and_names_nobody() -> None:
    article = make_article()
    with time_machine.travel(article.review_by + timedelta(days=1), tick=False):
        end_what_is_due()
        works(outsider("Una"), article, shown="counted")

        assert stands(article).review_by > clock.now()
        assert shown_number(article) == 0


def test_what_the_owners_organization_says_changes_nothing_either() -> None:
    east = make_organization(name="East")
    owner, colleague = person("Oda Owner", east, "east.example"), person("Olm Owner", east, "east.example")
    article = make_article(owner_id=owner.id)

    works(colleague, article, shown="named")
    mark(viewer_of(colleague), article.id, "outdated", {"reason": "New edition"})

    assert spells(article) == [("published", "")]
    assert stands(article).review_by > clock.now()


def test_an_article_outdated_elsewhere_is_stale_until_it_is_taken_back() -> None:
    article = make_article()
    una, dua = outsider("Una"), outsider("Dua")

    mark(viewer_of(una), article.id, "outdated", {"reason": "New edition"})
    assert spells(article) == [("published", "outdated")]
    assert stands(article).review_by <= clock.now()
    mark(viewer_of(dua), article.id, "outdated", {"reason": "I think so too"})
    withdraw_mark(viewer_of(una), article.id, "outdated")
    assert spells(article) == [("published", "outdated")]
    withdraw_mark(viewer_of(dua), article.id, "outdated")

    assert spells(article) == [("published", "")]
    assert stands(article).review_by > clock.now()


def test_a_doubt_taken_back_too_late_leaves_the_article_stale() -> None:
    article = make_article()
    una = outsider("Una")
    mark(viewer_of(una), article.id, "outdated", {"reason": "New edition"})
    due = db.session.scalars(select(Spell.due_at)).one()

    with time_machine.travel(due + timedelta(days=3), tick=False):
        withdraw_mark(viewer_of(una), article.id, "outdated")

        assert spells(article) == [("published", "stale")]
        assert stands(article).review_by == due


def test_a_confirmation_taken_back_renews_nothing() -> None:
    article = make_article()
    first_due = article.review_by
    una, dua = outsider("Una"), outsider("Dua")
    with time_machine.travel(clock.now() + timedelta(days=30), tick=False) as travel:
        works(una, article)
        travel.shift(60)
        works(dua, article)
        assert spells(article) == [("published", "renewed"), ("confirmed", "renewed"), ("confirmed", "")]

        withdraw_mark(viewer_of(una), article.id, "works_here")
        assert spells(article)[-1] == ("confirmed", "")
        withdraw_mark(viewer_of(dua), article.id, "works_here")

    assert spells(article) == [("published", "")]
    assert stands(article).review_by == first_due


def test_a_stale_article_is_stale_again_once_its_confirmation_is_taken_back() -> None:
    article = make_article()
    due, una = article.review_by, outsider("Una")
    with time_machine.travel(due + timedelta(days=5), tick=False):
        end_what_is_due()
        works(una, article)
        assert stands(article).review_by > clock.now()

        withdraw_mark(viewer_of(una), article.id, "works_here")

        assert spells(article) == [("published", "stale")]
        assert stands(article).review_by == due


def test_marks_on_what_is_retired_or_said_below_weigh_nothing() -> None:
    article, una = make_article(), outsider("Una")
    with act():
        row = stands(article)
        row.retired_at, row.retired_how = clock.now(), "obsolete"

    works(una, article)
    withdraw_mark(viewer_of(una), article.id, "works_here")

    assert spells(article) == [("published", "")]


def test_an_imported_article_has_no_time_to_end_before_its_first() -> None:
    article, una = make_article(), outsider("Una")
    with act() as session:
        for spell in session.scalars(select(Spell)):
            session.delete(spell)

    mark(viewer_of(una), article.id, "outdated", {"reason": "Old"})
    withdraw_mark(viewer_of(una), article.id, "outdated")

    assert spells(article) == []


def test_the_page_of_confirmations_is_for_whoever_may_read_the_article(app: Flask, browser: Browser) -> None:
    del app
    article = make_article(label="members")

    assert browser.get(f"/a/{article.id}/confirmations").status_code == 404
    assert browser.get("/a/999999/confirmations").status_code == 404
    page = browser.sign_in(outsider("Una")).page(f"/a/{article.id}/confirmations")
    assert "Nobody has confirmed it yet" in page.get_text()
