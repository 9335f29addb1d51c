"""Reviews over HTTP: every refusal of the rule of two organizations, with its status and its reason."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from iocop.contributions.models import Contribution
from iocop.core import clock
from iocop.core.db import act, db
from iocop.members.models import Member
from iocop.organizations.models import Offer
from iocop.repertoire import services
from iocop.repertoire.fields import Fields
from iocop.repertoire.models import Article, Proposal, Review, Seal
from iocop.repertoire.services.widening import widen_waiting
from tests.factories import make_member, make_organization, saved, viewer_of
from tests.forums.factories import make_domain, make_space
from tests.people import officer, person
from tests.repertoire.factories import Curators, curators, make_article, make_proposal

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from tests.client import Browser

pytestmark = pytest.mark.usefixtures("app")


def says(
    browser: Browser,
    member: Member,
    proposal: Proposal,
    verdict: str = "approve",
    reason: str = "",
    round_: int = 0,
) -> TestResponse:
    form = {"verdict": verdict, "reason": reason, "round": str(round_ or proposal.round)}
    return browser.sign_in(member).post(f"/repertoire/suggestions/{proposal.id}/review", form)


def status(proposal: Proposal) -> str:
    db.session.expire_all()
    return proposal.status


# ---------------------------------------------------------------- what goes through


@pytest.mark.theory("3.3", "1.18")
def test_two_people_of_two_organizations_publish_and_a_post_needs_nobody(browser: Browser) -> None:
    from tests.forums.factories import make_topic

    people = curators()
    topic = make_topic(author=people.author)
    assert browser.fresh().get(f"/t/{topic.id}").status_code == 200
    proposal = make_proposal(author=people.author)

    assert says(browser, people.ann, proposal).status_code == 303
    assert (status(proposal), db.session.scalar(select(Article.id))) == ("waiting", None)
    done = says(browser, people.ben, proposal, reason="Clear.")

    assert (done.status_code, status(proposal)) == (303, "published")
    assert done.location == f"/repertoire/suggestions/{proposal.id}"
    assert browser.fresh().get(f"/a/{proposal.article_id}").status_code == 200


def test_a_verified_sole_practitioner_is_an_organization(browser: Browser) -> None:
    people = curators()
    alone = make_organization(name="Sol Practice", size_band="1")
    sol = officer(person("Sol Spruce", alone, "sol.example"), "curator")
    proposal = make_proposal(author=people.author)

    says(browser, people.ann, proposal)
    assert says(browser, sol, proposal).status_code == 303

    assert status(proposal) == "published"


def test_one_unverified_reviewer_and_one_verified_are_two(browser: Browser) -> None:
    people = curators()
    loose = officer(make_member(), "curator")
    proposal = make_proposal(author=people.author)

    says(browser, loose, proposal)
    assert says(browser, people.ann, proposal).status_code == 303

    assert status(proposal) == "published"


def test_a_reviewer_asks_for_changes_and_the_improved_text_waits_anew(browser: Browser) -> None:
    people = curators()
    proposal = make_proposal(author=people.author)
    says(browser, people.ann, proposal)

    asked = says(browser, people.ben, proposal, "changes", "Say which valve.")
    assert (asked.status_code, status(proposal)) == (303, "changes")
    services.save_proposal(
        viewer_of(people.author), proposal.id, fields=fields_of(proposal), text="Open the red valve."
    )
    assert (status(proposal), proposal.round) == ("waiting", 2)
    assert says(browser, people.ann, proposal, round_=1).status_code == 409

    says(browser, people.ann, proposal)
    says(browser, people.ben, proposal)
    assert status(proposal) == "published"


def fields_of(proposal: Proposal) -> Fields:
    return Fields.read(proposal.fields)


def test_a_declined_suggestion_says_why_and_can_be_improved(browser: Browser) -> None:
    people = curators()
    proposal = make_proposal(author=people.author)

    assert says(browser, people.ann, proposal, "decline", "It names a client.").status_code == 303

    assert status(proposal) == "declined"
    assert proposal.decided_at is not None
    assert db.session.scalars(select(Review.reason)).one() == "It names a client."
    services.save_proposal(
        viewer_of(people.author), proposal.id, fields=fields_of(proposal), text="Without names."
    )
    assert status(proposal) == "waiting"


def test_who_steps_aside_says_why_and_decides_nothing(browser: Browser) -> None:
    people = curators()
    proposal = make_proposal(author=people.author)

    assert says(browser, people.ann, proposal, "recuse", "I sell advice on this.").status_code == 303
    assert (
        says(browser, people.amy, proposal).status_code == 303
    )  # a colleague may: nobody of them has approved
    assert says(browser, people.ann, proposal).status_code == 409

    assert status(proposal) == "waiting"


@pytest.mark.parametrize("verdict", ["changes", "decline", "recuse"])
def test_without_a_reason_nothing_is_recorded_and_what_was_chosen_stands(
    browser: Browser, verdict: str
) -> None:
    people = curators()
    proposal = make_proposal(author=people.author)

    page = says(browser, people.ann, proposal, verdict, "  ")

    assert page.status_code == 422
    assert "the author reads it" in page.text
    assert f'checked id="verdict-{["approve", "changes", "decline", "recuse"].index(verdict)}"' in page.text
    assert db.session.scalar(select(Review.id)) is None
    assert says(browser, people.ann, proposal, "decline", "x" * 2001).status_code == 422
    assert says(browser, people.ann, proposal, "maybe").status_code == 422


# ---------------------------------------------------------------- what is refused


@pytest.mark.theory("3.24")
def test_a_lone_approval_cannot_be_published(browser: Browser) -> None:
    people = curators()
    proposal = make_proposal(author=people.author)
    says(browser, people.ann, proposal)

    alone = browser.sign_in(people.ann).post(f"/repertoire/suggestions/{proposal.id}/publish")
    unasked = browser.sign_in(people.ben).post(f"/repertoire/suggestions/{proposal.id}/publish")

    assert (alone.status_code, unasked.status_code) == (409, 409)
    assert "Two people of two organizations" in alone.text
    assert status(proposal) == "waiting"


def test_a_colleagues_second_approval_is_refused(browser: Browser) -> None:
    people = curators()
    proposal = make_proposal(author=people.author)
    says(browser, people.ann, proposal)

    refused = says(browser, people.amy, proposal)

    assert refused.status_code == 409
    assert "Somebody of your organization has approved this already" in refused.text


def test_two_of_one_group_are_colleagues(browser: Browser) -> None:
    from datetime import date

    from iocop.organizations.models import OrganizationRelation

    people = curators()
    parent, daughter = make_organization(name="Parent"), make_organization(name="Daughter")
    saved(OrganizationRelation(a_id=parent.id, b_id=daughter.id, kind="parent", valid_from=date(2020, 1, 1)))
    one = officer(person("Pa Parent", parent, "parent.example"), "curator")
    other = officer(person("Da Daughter", daughter, "daughter.example"), "curator")
    proposal = make_proposal(author=people.author)
    says(browser, one, proposal)

    assert says(browser, other, proposal).status_code == 409


def test_two_unverified_approvals_are_one(browser: Browser) -> None:
    curators()
    loose = [officer(make_member(), "curator") for _ in range(2)]
    claimed = officer(person("Clay Claims", make_organization(name="Claimed")), "curator")
    proposal = make_proposal()
    says(browser, loose[0], proposal)

    for member in (loose[1], claimed):
        refused = says(browser, member, proposal)
        assert refused.status_code == 409
        assert "without a verified affiliation" in refused.text


def test_nobody_approves_twice(browser: Browser) -> None:
    people = curators()
    proposal = make_proposal(author=people.author)
    says(browser, people.ann, proposal)

    assert says(browser, people.ann, proposal).status_code == 409


def test_its_author_decides_nothing(browser: Browser) -> None:
    people = curators()
    proposal = make_proposal(author=people.ann)

    for verdict in ("approve", "decline", "recuse"):
        refused = says(browser, people.ann, proposal, verdict, "Mine.")
        assert refused.status_code == 403
        assert "You wrote a part of this" in refused.text


def test_who_sells_the_product_decides_nothing(browser: Browser) -> None:
    people = curators()
    vendor = make_organization(name="Vendor", type="vendor")
    saved(Offer(organization_id=vendor.id, name="V6"))
    vera = officer(person("Vera Vine", vendor, "vendor.example"), "curator")
    about = {"title": "Tuning", "product": "V6"}, {"title": "What the V6 does"}, {"tags": ("v6",)}
    article = make_article(reviewers=(people.ann, people.ben), author=people.author, product="V6")
    proposals = [make_proposal(author=people.author, **fields) for fields in about]
    proposals.append(
        make_proposal(author=people.author, act="obsolete", article_id=article.id, reason="Gone.")
    )

    for proposal in proposals:
        refused = says(browser, vera, proposal)
        assert refused.status_code == 403
        assert "Your organization sells V6" in refused.text
    assert says(browser, vera, make_proposal(author=people.author, title="Pipes")).status_code == 303


def test_who_is_no_curator_decides_nothing(browser: Browser) -> None:
    people = curators()
    proposal = make_proposal(author=people.author)

    for member in (person("Mia Maple"), officer(person("Mod Myrtle"), "moderator")):
        refused = says(browser, member, proposal)
        assert refused.status_code == 403
        assert "Curators decide" in refused.text


def test_a_round_that_was_not_read_is_not_approved(browser: Browser) -> None:
    people = curators()
    proposal = make_proposal(author=people.author)
    services.save_proposal(
        viewer_of(people.author), proposal.id, fields=fields_of(proposal), text="Other words."
    )

    refused = says(browser, people.ann, proposal, round_=1)

    assert refused.status_code == 409
    assert "while you were reading" in refused.text


def test_who_is_suspended_decides_nothing_and_a_guest_signs_in_first(browser: Browser) -> None:
    people = curators()
    proposal = make_proposal(author=people.author)
    path = f"/repertoire/suggestions/{proposal.id}/review"
    with act() as session:
        session.get_one(Member, people.ann.id).state = "suspended"

    assert says(browser, people.ann, proposal).status_code == 403
    guest = browser.fresh()
    assert guest.get(path).status_code == 303
    assert guest.post(path, {"verdict": "approve", "round": "1"}).status_code == 401
    assert guest.post(f"/repertoire/suggestions/{proposal.id}/publish").status_code == 401
    assert status(proposal) == "waiting"


def test_what_is_decided_or_out_of_reach_is_not_reviewed(browser: Browser) -> None:
    people = curators()
    proposal, gone = make_proposal(author=people.author), make_proposal(author=people.author)
    services.withdraw(viewer_of(people.author), gone.id)
    closed = make_space(name="Closed", audience="named")
    with act() as session:
        session.get_one(Contribution, proposal.id).space_id = closed.id

    assert says(browser, people.ann, gone).status_code == 403
    assert says(browser, people.ann, proposal).status_code == 404
    gone.id = 987_654
    db.session.expunge(gone)
    assert says(browser, people.ann, gone, round_=1).status_code == 404


def test_a_topic_is_no_suggestion(browser: Browser) -> None:
    from tests.forums.factories import make_topic

    topic, people = make_topic(), curators()
    answer = browser.sign_in(people.ann).post(f"/repertoire/suggestions/{topic.id}/publish")

    assert answer.status_code == 404


# ---------------------------------------------------------------- the board


@pytest.mark.theory("3.20")
@pytest.mark.parametrize(
    ("what", "extra"), [("delete", {}), ("relabel", {"label": "members"}), ("merge", {})], ids=str
)
def test_the_board_needs_the_same_two_organizations(
    browser: Browser, what: str, extra: dict[str, str]
) -> None:
    people = curators()
    article = make_article(author=people.author, reviewers=(people.ann, people.ben))
    other = make_article(author=people.author, reviewers=(people.ann, people.ben), title="Another one")
    board = officer(person("Bea Board"), "board_member")
    officer(board, "curator")
    browser.sign_in(board)
    form = {"reason": "The board decided.", "submission_key": "k"} | extra
    if what == "merge":
        form["successor"] = other.title
    assert browser.post(f"/a/{article.id}/suggest/{what}", form).status_code == 303
    proposal = db.session.scalars(select(Proposal).where(Proposal.act == what)).one()

    assert browser.post(f"/repertoire/suggestions/{proposal.id}/publish").status_code == 403  # their own
    mate = officer(person("Bo Board"), "curator")
    lone = browser.sign_in(mate).post(f"/repertoire/suggestions/{proposal.id}/publish")
    assert lone.status_code == 409
    says(browser, people.ann, proposal)
    assert browser.post(f"/repertoire/suggestions/{proposal.id}/publish").status_code == 409

    assert standing(article) == ("", None, "public")
    says(browser, people.ben, proposal)
    assert (
        standing(article)
        == {
            "relabel": ("", None, "members"),
            "delete": ("deleted", board.id, "public"),
            "merge": ("merged", board.id, "public"),
        }[what]
    )


def standing(article: Article) -> tuple[str, int | None, str]:
    db.session.expire_all()
    label = db.session.get_one(Contribution, article.id).label
    return article.retired_how, article.retired_by_id, label


# ---------------------------------------------------------------- what the right rests on


def test_the_form_says_what_the_right_rests_on(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    from iocop.core import policy

    people = curators()
    domain = make_domain(name="Hydronics")
    proposal = make_proposal(author=people.author, domain_ids=(domain.id,))
    path = f"/repertoire/suggestions/{proposal.id}/review"
    lou = person("Lou Level", make_organization(name="Loft"), "loft.example")
    lous = lou.id
    monkeypatch.setitem(
        policy._providers, "level", lambda member, where: 3 * (member == lous and where == domain.id)
    )

    assert "You decide here as curator since 6 Jan 2025" in words(browser.sign_in(people.ann).get(path).text)
    assert "You decide here as level 3 in Hydronics." in words(browser.sign_in(lou).get(path).text)
    assert says(browser, lou, proposal).status_code == 303
    assert db.session.scalars(select(Review.power)).one() == "level"


def words(html: str) -> str:
    from bs4 import BeautifulSoup

    return " ".join(BeautifulSoup(html, "html.parser").get_text().split())


def test_reviewers_see_whose_author_sells_what_it_is_about(browser: Browser) -> None:
    people = curators()
    vendor = make_organization(name="Vendor", type="vendor")
    saved(Offer(organization_id=vendor.id, name="V6"))
    vera = person("Vera Vine", vendor, "vendor.example")
    proposal = make_proposal(author=vera, title="Tuning the V6")

    page = browser.sign_in(people.ann).get(f"/repertoire/suggestions/{proposal.id}/review")

    assert "its author works for a company that sells V6" in page.text


# ---------------------------------------------------------------- neighbouring domains


def test_after_fourteen_days_neighbouring_domains_decide_too(browser: Browser) -> None:
    people = curators()
    pumps, pipes, law = (make_domain(name=name) for name in ("Pumps", "Pipes", "Law"))
    make_proposal(author=people.author, domain_ids=(pumps.id, pipes.id), title="Both")
    proposal = make_proposal(author=people.author, domain_ids=(pumps.id,), title="Pumps alone")
    near = officer(person("Nea Near", make_organization(name="Near"), "near.example"), "curator",
                   scope_kind="domain", scope_id=pipes.id)  # fmt: skip
    far = officer(person("Fay Far", make_organization(name="Far"), "far.example"), "domain_steward",
                  scope_kind="domain", scope_id=law.id)  # fmt: skip

    assert widen_waiting() == 0
    assert says(browser, near, proposal).status_code == 403
    with act() as session:
        session.get_one(Proposal, proposal.id).submitted_at = clock.now() - timedelta(days=14)
    assert widen_waiting() == 1
    assert widen_waiting() == 0

    assert db.session.get_one(Proposal, proposal.id).widened_at is not None
    assert says(browser, far, proposal).status_code == 403
    assert says(browser, near, proposal).status_code == 303
    assert says(browser, people.ben, proposal).status_code == 303
    assert {seal.member_id for seal in db.session.scalars(select(Seal))} == {near.id, people.ben.id}


def test_a_curator_of_a_domain_decides_there_only(browser: Browser) -> None:
    people: Curators = curators()
    pumps, law = make_domain(name="Pumps"), make_domain(name="Law")
    steward = officer(person("Stu Steward", make_organization(name="Stead"), "stead.example"), "domain_steward",
                      scope_kind="domain", scope_id=pumps.id)  # fmt: skip

    of_pumps = make_proposal(author=people.author, domain_ids=(pumps.id,))
    of_law = make_proposal(author=people.author, domain_ids=(law.id,))

    assert says(browser, steward, of_pumps).status_code == 303
    assert says(browser, steward, of_law).status_code == 403


def test_what_one_curator_approved_is_published_once_only_one_organization_is_left(browser: Browser) -> None:
    people = curators()
    proposal = make_proposal(author=people.author)
    says(browser, people.ann, proposal)
    with act() as session:
        for member in (people.ben, people.author):
            session.get_one(Member, member.id).state = "left"

    done = browser.sign_in(people.amy).post(f"/repertoire/suggestions/{proposal.id}/publish")

    assert done.status_code == 303
    article = db.session.get_one(Article, db.session.get_one(Proposal, proposal.id).article_id)
    assert article.standing == "provisional"
