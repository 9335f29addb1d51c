"""The freshness contract: dates run out, keepers are reminded, and the figures say how the repertoire renews itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from sqlalchemy import select

from iocop.contributions.models import Contribution
from iocop.contributions.services import mark
from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.models import EventRow
from iocop.members.services.leaving import leave
from iocop.repertoire import services
from iocop.repertoire.curve import curve
from iocop.repertoire.jobs import end_what_is_due, remind
from iocop.repertoire.models import Article, Proposal, Reminder, Spell
from iocop.repertoire.queries.boundary import citations
from iocop.repertoire.queries.engagement import engagement
from iocop.repertoire.queries.freshness import figures
from iocop.repertoire.renewal import Life, Step, survival
from tests.factories import make_member, make_organization, viewer_of
from tests.forums.factories import make_domain, make_topic
from tests.people import person
from tests.repertoire.factories import Curators, curators, make_article, make_proposal

if TYPE_CHECKING:
    from iocop.members.models import Member
    from tests.client import Browser

pytestmark = pytest.mark.usefixtures("app")

START = datetime(2026, 1, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def words(browser: Browser, path: str) -> str:
    page = browser.page(path)
    return " ".join((page.main or page).get_text(" ").split())


def written(people: Curators, **about: Any) -> Article:
    return make_article(**{"author": people.author, "reviewers": (people.ann, people.ben)} | about)


def told(name: str) -> list[dict[str, Any]]:
    db.session.expire_all()
    return [
        row.payload
        for row in db.session.scalars(select(EventRow).where(EventRow.name == name).order_by(EventRow.id))
    ]


# ---------------------------------------------------------------- time runs out


def test_what_is_due_is_stale_from_its_day_and_told_once() -> None:
    article = written(curators())
    due = article.review_by

    with time_machine.travel(due - DAY, tick=False):
        end_what_is_due()
        assert told("ArticleStale") == []
    with time_machine.travel(due + 3 * DAY, tick=False):
        end_what_is_due()
        end_what_is_due()

    spell = db.session.scalars(select(Spell)).one()
    assert (spell.ended_at, spell.ended_by) == (due, "stale")
    assert told("ArticleStale") == [{"actor_id": None, "article_id": article.id}]


def test_thousands_that_are_due_are_ended_in_one_run(monkeypatch: pytest.MonkeyPatch) -> None:
    from iocop.repertoire.services import reminding, renewing

    monkeypatch.setattr(renewing, "AT_ONCE", 2)
    monkeypatch.setattr(reminding, "AT_ONCE", 2)
    people = curators()
    for number in range(5):
        written(people, title=f"Number {number}")

    with time_machine.travel(clock.now() + timedelta(days=3000), tick=False):
        end_what_is_due()
        remind()

    assert len(told("ArticleStale")) == 5
    assert len(told("ReviewDue")) == 5


# ---------------------------------------------------------------- reminders


def kept(people: Curators) -> tuple[Article, Member, Member]:
    owner = person("Oda Owner", make_organization(name="East"), "east.example")
    deputy = person("Dee Deputy", make_organization(name="Far East"), "far.example")
    return written(people, owner_id=owner.id, deputy_id=deputy.id), owner, deputy


def reminded() -> list[tuple[str, int]]:
    db.session.expire_all()
    rows = db.session.scalars(select(Reminder).order_by(Reminder.at, Reminder.kind))
    return [(row.kind, row.member_id) for row in rows]


def test_the_owner_is_reminded_thirty_days_ahead_and_the_deputy_fourteen() -> None:
    article, owner, deputy = kept(curators())
    due = article.review_by

    for moment, expected in (
        (due - 31 * DAY, []),
        (due - 30 * DAY, [("owner", owner.id)]),
        (due - 15 * DAY, [("owner", owner.id)]),
        (due - 14 * DAY, [("owner", owner.id), ("deputy", deputy.id)]),
        (due + 20 * DAY, [("owner", owner.id), ("deputy", deputy.id)]),
    ):
        with time_machine.travel(moment, tick=False):
            end_what_is_due()
            remind()
            remind()
            assert reminded() == expected

    assert [(row["member_id"], row["keeper"]) for row in told("ReviewDue")] == [
        (owner.id, "owner"), (deputy.id, "deputy"),
    ]  # fmt: skip


def test_a_deputy_is_left_in_peace_while_the_owner_is_at_work() -> None:
    people = curators()
    article, owner, deputy = kept(people)
    with time_machine.travel(article.review_by - 20 * DAY, tick=False):
        remind()
        proposal = make_proposal(author=owner, act="edit", article_id=article.id, text="Better.")
    with time_machine.travel(article.review_by - 10 * DAY, tick=False):
        remind()
        assert reminded() == [("owner", owner.id)]
        services.withdraw(viewer_of(owner), proposal.id)
        remind()
        assert reminded() == [("owner", owner.id), ("deputy", deputy.id)]


def test_where_the_owner_left_the_deputy_is_told_at_once() -> None:
    article, owner, deputy = kept(curators())
    leave(viewer_of(owner))

    with time_machine.travel(article.review_by - 29 * DAY, tick=False):
        remind()

    assert reminded() == [("deputy", deputy.id)]


def test_each_time_has_its_own_reminders_and_the_retired_have_none() -> None:
    people = curators()
    article, owner, _deputy = kept(people)
    gone = written(people, title="Gone one", owner_id=owner.id)
    proposal = make_proposal(author=people.author, act="obsolete", article_id=gone.id, reason="Old.")
    for reviewer in (people.ann, people.ben):
        services.approve(viewer_of(reviewer), proposal.id, 1)
    with time_machine.travel(article.review_by - 20 * DAY, tick=False):
        remind()
        una = person("Una Outside", make_organization(name="Una Works"), "una.example")
        mark(viewer_of(una), article.id, "works_here", {"conditions": "Twice"})
        remind()
        assert reminded() == [("owner", owner.id)]
    renewed = db.session.scalar(select(Article.review_by).where(Article.id == article.id))
    assert renewed is not None
    with time_machine.travel(renewed - 20 * DAY, tick=False):
        remind()

    assert reminded() == [("owner", owner.id), ("owner", owner.id)]


# ---------------------------------------------------------------- retirement


def test_retiring_is_credited_and_what_is_obsolete_stays_reachable(browser: Browser) -> None:
    people = curators()
    old, new = written(people, title="The old way"), written(people, title="The new way")
    zoe = person("Zoe Zinc")
    browser.sign_in(zoe)
    page = browser.page(f"/a/{old.id}/suggest/obsolete")
    assert "leads to what took its place" in page.get_text()

    form = {"reason": "The standard changed.", "successor": "the NEW way", "submission_key": "a"}
    sent = browser.post(f"/a/{old.id}/suggest/obsolete", form)
    assert sent.status_code == 303
    proposal = db.session.scalars(select(Proposal).where(Proposal.act == "obsolete")).one()
    for reviewer in (people.ann, people.ben):
        services.approve(viewer_of(reviewer), proposal.id, 1)

    row = db.session.get_one(Article, old.id)
    assert (row.retired_by_id, row.successor_id, row.retired_how) == (zoe.id, new.id, "obsolete")
    assert told("ArticleRetired")[0]["how"] == "obsolete"
    text = words(browser.fresh(), f"/a/{old.id}")
    assert "The standard changed." in text
    assert "Zoe Zinc" in text
    assert "The new way" in text
    assert [spell.ended_by for spell in db.session.scalars(select(Spell).order_by(Spell.id))] == [
        "retired",
        "",
    ]


@pytest.mark.parametrize(
    "said", ["{id}", "/a/{id}", "http://localhost/a/{id}/the-new-way", "The new way", ""]
)
def test_a_successor_is_named_by_title_address_or_number(browser: Browser, said: str) -> None:
    people = curators()
    old, new = written(people, title="The old way"), written(people, title="The new way")

    form = {"reason": "Better.", "successor": said.format(id=new.id), "submission_key": "a"}
    assert browser.sign_in(make_member()).post(f"/a/{old.id}/suggest/obsolete", form).status_code == 303

    proposal = db.session.scalars(select(Proposal).where(Proposal.act == "obsolete")).one()
    assert proposal.fields["successor_id"] == (new.id if said else None)


def test_what_cannot_be_suggested_is_refused_with_what_was_typed(browser: Browser) -> None:
    people = curators()
    article = written(people)
    hidden = written(people, title="Hidden one")
    with act() as session:
        session.get_one(Contribution, hidden.id).state = "hidden"
    path = f"/a/{article.id}/suggest/merge"
    assert browser.get(path).status_code == 303  # to the sign-in page
    browser.sign_in(make_member())

    for said, why in (
        ("Nothing called so", "There is no such article"),
        (str(hidden.id), "There is no such article"),
        ("9" * 18, "There is no such article"),
        (str(article.id), "another one, and not retired"),
        ("", "Name the article it is merged into"),
    ):
        form = {"reason": "Because I said so.", "successor": said, "submission_key": "a"}
        page = browser.post(path, form)
        assert page.status_code == 422
        assert why in page.text
        assert "Because I said so." in page.text
    assert browser.post(path, {"reason": " ", "successor": "1", "submission_key": "a"}).status_code == 422
    assert browser.get(f"/a/{article.id}/suggest/praise").status_code == 404
    assert browser.get("/a/999999/suggest/seal").status_code == 404
    assert browser.get(f"/a/{article.id}/suggest/seal").status_code == 409  # it bears the seal


def test_what_is_retired_is_suggested_for_deletion_only(browser: Browser) -> None:
    people = curators()
    article = written(people)
    proposal = make_proposal(author=people.author, act="obsolete", article_id=article.id, reason="Old.")
    for reviewer in (people.ann, people.ben):
        services.approve(viewer_of(reviewer), proposal.id, 1)
    browser.sign_in(make_member())

    assert browser.get(f"/a/{article.id}/suggest/obsolete").status_code == 409
    assert browser.get(f"/a/{article.id}/suggest/delete").status_code == 200


def test_a_suggested_label_is_one_the_space_allows_and_hides_no_less_while_it_waits(browser: Browser) -> None:
    people = curators()
    article = written(people, label="members")
    browser.sign_in(people.author)
    page = browser.page(f"/a/{article.id}/suggest/relabel")
    assert {option.get("value") for option in page.select("#label option")} == {
        "space",
        "take-home",
        "public",
    }

    form = {"reason": "It helps everybody.", "label": "public", "submission_key": "a"}
    assert browser.post(f"/a/{article.id}/suggest/relabel", form).status_code == 303

    proposal = db.session.scalars(select(Proposal).where(Proposal.act == "relabel")).one()
    assert db.session.get_one(Contribution, proposal.id).label == "members"
    for reviewer in (people.ann, people.ben):
        services.approve(viewer_of(reviewer), proposal.id, 1)
    assert db.session.get_one(Contribution, article.id).label == "public"


def test_a_stale_article_gets_its_seal_anew(browser: Browser) -> None:
    people = curators()
    article = written(people)
    with time_machine.travel(article.review_by + DAY, tick=False):
        end_what_is_due()
        browser.sign_in(people.author)
        form = {"reason": "Looked through.", "submission_key": "a"}
        assert browser.post(f"/a/{article.id}/suggest/seal", form).status_code == 303
        proposal = db.session.scalars(select(Proposal).where(Proposal.act == "seal")).one()
        for reviewer in (people.ann, people.ben):
            services.approve(viewer_of(reviewer), proposal.id, 1)

        assert db.session.get_one(Article, article.id).review_by > clock.now()


# ---------------------------------------------------------------- figures


@pytest.mark.theory("0.5")
def test_the_figures_of_ten_articles_are_those_by_hand(browser: Browser) -> None:
    """Four were published 400 days ago and are stale since; six, 100 days ago, hold; one of them was confirmed."""
    people = curators()
    with time_machine.travel(START, tick=False):
        old = [written(people, title=f"Old {number}", kind="troubleshooting") for number in range(4)]
    with time_machine.travel(START + 300 * DAY, tick=False):
        new = [written(people, title=f"New {number}") for number in range(6)]
    with time_machine.travel(START + 350 * DAY, tick=False):
        una = person("Una Outside", make_organization(name="Una Works"), "una.example")
        mark(viewer_of(una), new[0].id, "works_here", {"conditions": "Twice"})
    assert {(row.review_by - START).days for row in old} == {365}
    with time_machine.travel(START + 400 * DAY, tick=False):
        end_what_is_due()

        found = figures(viewer_of(people.author))[None]
        assert (found.articles, found.stale, found.renewed, found.rate) == (10, 4, 6, Fraction(3, 5))
        # 11 times: 50 (cut off) and 50, five of 100, four that ended after 365 days
        assert found.steps == [Step(365, 4, 4, 0.0)]
        assert found.median == 365
        assert found.decay is not None
        assert (found.decay.events, found.decay.exposure) == (4, 4 * 365 + 5 * 100 + 50 + 50)
        text = words(browser, "/repertoire/freshness")

    assert "Renewal rate 60 %" in text
    assert "6 of 10 articles are new, revised or confirmed in 12 months" in text
    assert "Half of the articles hold for 12 months" in text
    assert "Half-life, at a steady rate 12 months" in text  # 2060 / 4 × ln 2 = 357 days
    assert "12 months 4 4 0 %" in text
    assert "Old 0" in text


def test_fewer_than_five_articles_tell_nothing(browser: Browser) -> None:
    people = curators()
    law = make_domain(name="Law")
    for number in range(4):
        written(people, title=f"Number {number}", domain_ids=(law.id,))

    text = words(browser, "/repertoire/freshness")

    assert "Renewal rate too few" in text
    assert "4 articles; figures are shown from 5 on" in text
    assert "4 articles watched: too few" in text
    assert "Law 4 too few too few too few too few" in text
    assert words(browser, "/repertoire/freshness?domain=law").count("too few") >= 3


def test_guests_are_told_of_what_they_may_read(browser: Browser) -> None:
    people = curators()
    for number in range(5):
        written(people, title=f"Number {number}", label="members")

    assert "0 articles; figures are shown from 5 on" in words(browser, "/repertoire/freshness")
    assert "5 of 5 articles" in words(browser.sign_in(make_member()), "/repertoire/freshness")


def test_nothing_there_is_nothing_stale(browser: Browser) -> None:
    assert "Every article is within its time." in words(browser, "/repertoire/freshness")


def test_the_curve_begins_above_and_ends_where_nothing_was_watched_longer() -> None:
    steps = survival([Life(100, ended=True), Life(200, ended=False)])

    drawn = curve(steps, 200, 100)

    assert drawn.line.startswith("M56.0 12.0H")
    assert drawn.line.endswith("H628.0")
    assert drawn.median == pytest.approx(342)
    assert [mark.words for mark in drawn.months] == ["0", "3", "6"]
    assert curve([], 0, None).median is None
    assert len(curve([], 9000, None).months) <= 9


# ---------------------------------------------------------------- engagement


@pytest.mark.theory("1.64", "0.27")
def test_articles_one_person_keeps_and_articles_two_organizations_wrote() -> None:
    people = curators()
    with time_machine.travel(START, tick=False):
        rows = [written(people, title=f"Number {number}") for number in range(5)]
    reader = viewer_of(people.author)
    with time_machine.travel(START + 100 * DAY, tick=False):
        assert engagement(reader) == (5, 0, 0)  # two reviewers read each this year
    with time_machine.travel(START + 500 * DAY, tick=False):
        assert engagement(reader) == (5, 5, 0)
        edit = make_proposal(author=people.ann, act="edit", article_id=rows[0].id, text="Better.")
        assert engagement(reader) == (5, 5, 0)  # one person, so far
        for reviewer in (people.ben, cora()):
            services.approve(viewer_of(reviewer), edit.id, 1)
        assert engagement(reader) == (5, 4, 1)


def cora() -> Member:
    from tests.people import officer

    return officer(person("Cora Core", make_organization(name="Core"), "core.example"), "curator")


def test_the_page_tells_both_shares(browser: Browser) -> None:
    people = curators()
    for number in range(5):
        written(people, title=f"Number {number}")

    text = words(browser, "/repertoire/freshness")

    assert "Kept by one person 0 %" in text
    assert "Written by two organizations 0 %" in text


# ---------------------------------------------------------------- at the boundary


@pytest.mark.theory("3.64")
def test_three_organizations_in_two_domains_make_an_article_a_boundary_object(browser: Browser) -> None:
    article = written(curators())
    pumps, law = make_domain(name="Pumps"), make_domain(name="Law")
    firms = [
        person(f"{name} Firm", make_organization(name=name), f"{name.lower()}.example")
        for name in ("Eins", "Zwei", "Drei")
    ]

    def cites(author: Member, domain_id: int) -> None:
        make_topic(
            author=author, domain_ids=(domain_id,), text=f"See [this](/a/{article.id}).", title="Where is it?"
        )

    flag = "Used across practices"
    cites(firms[0], pumps.id)
    cites(firms[1], law.id)
    assert citations([article.id])[article.id] == (2, 2)
    assert flag not in words(browser, f"/a/{article.id}/confirmations")
    cites(firms[2], law.id)

    assert citations([article.id])[article.id].across
    assert flag in words(browser, f"/a/{article.id}/confirmations")


def test_three_organizations_in_one_domain_do_not() -> None:
    article = written(curators())
    pumps = make_domain(name="Pumps")
    for name in ("Eins", "Zwei", "Drei"):
        author = person(f"{name} Firm", make_organization(name=name), f"{name.lower()}.example")
        make_topic(
            author=author, domain_ids=(pumps.id,), text=f"See [this](/a/{article.id}).", title="Where is it?"
        )

    assert not citations([article.id])[article.id].across
    assert citations([]) == {}
