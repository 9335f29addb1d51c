"""Who is told of what happens in the repertoire, in the inbox and by mail, as each chose."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from sqlalchemy import select

from iocop.contributions.services import follow, mark, mute
from iocop.core import clock, outbox
from iocop.core.db import act, db
from iocop.members.services.leaving import erase
from iocop.notifications.models import KINDS, Notice
from iocop.notifications.services import choose
from iocop.repertoire import services
from iocop.repertoire.fields import Fields
from iocop.repertoire.jobs import end_what_is_due, remind, widen
from iocop.repertoire.models import Article, Proposal, Review
from tests.factories import make_member, make_organization, viewer_of
from tests.forums.factories import make_domain
from tests.notifications import told as all_told
from tests.notifications.told import mails_to
from tests.people import officer, person
from tests.repertoire.factories import Curators, curators, make_article, make_proposal

if TYPE_CHECKING:
    from iocop.members.models import Member
    from tests.client import Browser

pytestmark = pytest.mark.usefixtures("app")


def inbox(browser: Browser, member: Member) -> str:
    outbox.deliver_all()
    page = browser.fresh().sign_in(member).page("/inbox")
    return page.select_one("main").get_text(" ", strip=True)  # type: ignore[union-attr]


def told(member: Member) -> list[str]:
    """The kinds of what somebody was told of the repertoire; that it earned them a level, they are told besides."""
    return [kind for kind in all_told.told(member) if kind != "standing"]


def letter(member: Member) -> str:
    """The newest mail to somebody: subject and text."""
    found = mails_to(member)[-1]
    return f"{found.subject}\n{found.body}"


def test_an_author_is_told_of_the_first_approval_and_of_the_publication(browser: Browser) -> None:
    people = curators()
    proposal = make_proposal(author=people.author)

    services.approve(viewer_of(people.ann), proposal.id, 1)
    assert "Reviewed by one organization, North; one more, and it is done: Balancing a circuit" in inbox(
        browser, people.author
    )
    assert letter(people.author).startswith("Balancing a circuit ·")
    services.approve(viewer_of(people.ben), proposal.id, 1)

    assert "What you suggested is published: Balancing a circuit" in inbox(browser, people.author)
    assert told(people.author) == ["suggestion", "suggestion"]
    assert told(people.ann) == told(people.ben) == []
    notice = db.session.scalars(select(Notice).order_by(Notice.id)).first()
    assert notice is not None
    opened = browser.sign_in(people.author).post(f"/inbox/{notice.id}/open")
    assert opened.location == f"/p/{proposal.id}"


def test_when_both_approve_before_the_worker_comes_only_the_publication_is_told() -> None:
    people = curators()
    make_article(author=people.author, reviewers=(people.ann, people.ben))

    outbox.deliver_all()

    assert list(db.session.scalars(select(Notice.matter).where(Notice.kind == "suggestion"))) == ["published"]


def test_an_approval_without_a_verified_organization_names_none(browser: Browser) -> None:
    people = curators()
    proposal = make_proposal(author=people.author)
    services.approve(viewer_of(officer(make_member(), "curator")), proposal.id, 1)

    assert "A member without a verified organization approved your suggestion" in inbox(
        browser, people.author
    )


@pytest.mark.parametrize(
    ("verdict", "sentence"),
    [("changes", "A reviewer asks you for changes"), ("decline", "A reviewer declined")],
)
def test_an_author_reads_why(browser: Browser, verdict: str, sentence: str) -> None:
    people = curators()
    proposal = make_proposal(author=people.author)
    say = services.ask_for_changes if verdict == "changes" else services.decline

    say(viewer_of(people.ann), proposal.id, 1, "Name the valve.")

    for text in (inbox(browser, people.author), letter(people.author)):
        assert sentence in text
        assert "The reason given: Name the valve." in text


def test_what_is_shared_in_its_space_only_is_not_mailed_with_its_reason(browser: Browser) -> None:
    people = curators()
    proposal = make_proposal(author=people.author, label="space", title="Zygomorph valves")

    services.decline(viewer_of(people.ann), proposal.id, 1, "Zygomorph is wrong.")

    assert "Zygomorph is wrong." in inbox(browser, people.author)
    assert "Zygomorph" not in letter(people.author)
    assert "A reviewer declined" in letter(people.author)


def test_what_was_improved_before_the_worker_came_is_not_told_any_more() -> None:
    people = curators()
    proposal = make_proposal(author=people.author)
    services.ask_for_changes(viewer_of(people.ann), proposal.id, 1, "Shorter.")
    fields = Fields.read(db.session.get_one(Proposal, proposal.id).fields)
    services.save_proposal(viewer_of(people.author), proposal.id, fields=fields, text="Short.")

    assert told(people.author) == []


def test_who_steps_aside_is_nobodys_news() -> None:
    people = curators()
    proposal = make_proposal(author=people.author)

    services.recuse(viewer_of(people.ann), proposal.id, 1, "My firm sells it.")

    assert told(people.author) == []


def test_followers_are_told_of_a_new_text_and_not_who_muted_it(browser: Browser) -> None:
    people = curators()
    article = make_article(author=people.author, reviewers=(people.ann, people.ben))
    keen, tired = person("Kay Keen"), person("Tia Tired")
    follow(viewer_of(keen), article.id)
    follow(viewer_of(tired), article.id)
    mute(viewer_of(tired), article.id)
    editor = person("Eda Editor")

    edit = make_proposal(author=editor, act="edit", article_id=article.id, text="Better.")
    for reviewer in (people.ann, people.ben):
        services.approve(viewer_of(reviewer), edit.id, 1)

    assert "An article you follow has a new text: Balancing a circuit" in inbox(browser, keen)
    assert told(tired) == []
    assert told(editor) == ["suggestion"]
    assert f"/p/{article.id}" in letter(keen)


def test_retiring_is_told_to_who_suggested_it(browser: Browser) -> None:
    people = curators()
    article = make_article(author=people.author, reviewers=(people.ann, people.ben))
    zoe = person("Zoe Zinc")
    proposal = make_proposal(author=zoe, act="delete", article_id=article.id, reason="Wrong.")
    for reviewer in (people.ann, people.ben):
        services.approve(viewer_of(reviewer), proposal.id, 1)

    assert "What you suggested is done" in inbox(browser, zoe)


def test_keepers_are_told_before_and_when_time_runs_out(browser: Browser) -> None:
    people = curators()
    owner, deputy = person("Oda Owner"), person("Dee Deputy")
    article = make_article(
        author=people.author, reviewers=(people.ann, people.ben), owner_id=owner.id, deputy_id=deputy.id
    )
    due = article.review_by
    with time_machine.travel(due - timedelta(days=20), tick=False):
        remind()
        assert "An article you own is due for review soon: Balancing a circuit" in inbox(browser, owner)
        assert told(deputy) == []
    with time_machine.travel(due - timedelta(days=10), tick=False):
        remind()
        assert "An article whose deputy you are is due for review" in inbox(browser, deputy)
    with time_machine.travel(due + timedelta(days=1), tick=False):
        end_what_is_due()
        for keeper in (owner, deputy):
            assert "Nobody has confirmed an article you keep by its review date" in inbox(browser, keeper)
            assert told(keeper) == ["keeping", "keeping"]


def test_keepers_are_told_that_another_organization_calls_it_outdated(browser: Browser) -> None:
    people = curators()
    article = make_article(author=people.author, reviewers=(people.ann, people.ben))
    una = person("Una Outside", make_organization(name="Una Works"), "una.example")

    mark(viewer_of(una), article.id, "outdated", {"reason": "New edition"})

    assert "Another organization says that an article you keep is outdated" in inbox(browser, people.author)
    assert told(people.author) == ["suggestion", "keeping"]


def test_what_holds_again_or_is_hidden_is_not_told() -> None:
    from iocop.contributions.models import Contribution

    people = curators()
    article = make_article(author=people.author, reviewers=(people.ann, people.ben))
    hidden = make_article(author=people.author, reviewers=(people.ann, people.ben), title="Hidden one")
    assert told(people.author) == ["suggestion", "suggestion"]
    with time_machine.travel(article.review_by + timedelta(days=1), tick=False):
        end_what_is_due()
        una = person("Una Outside", make_organization(name="Una Works"), "una.example")
        mark(viewer_of(una), article.id, "works_here", {"conditions": "Twice"})
        with act() as session:
            session.get_one(Contribution, hidden.id).state = "hidden"

        assert told(people.author) == ["suggestion", "suggestion"]


def test_curators_of_neighbouring_domains_are_told_what_waits_long(browser: Browser) -> None:
    people = curators()
    pumps, pipes, law = (make_domain(name=name) for name in ("Pumps", "Pipes", "Law"))
    near = officer(person("Nea Near"), "domain_steward", scope_kind="domain", scope_id=pipes.id)
    far = officer(person("Fay Far"), "domain_steward", scope_kind="domain", scope_id=law.id)
    make_proposal(author=people.ann, domain_ids=(pumps.id, pipes.id), title="Together")
    proposal = make_proposal(author=people.ann, domain_ids=(pumps.id,), title="Pumps alone")
    gone = make_proposal(author=people.ann, domain_ids=(pumps.id,), title="Taken back")
    with act() as session:
        for row in (proposal, gone):
            session.get_one(Proposal, row.id).submitted_at = clock.now() - timedelta(days=15)
    widen()
    services.withdraw(viewer_of(people.ann), gone.id)

    assert "This has waited for 14 days, and you may review it: Pumps alone" in inbox(browser, near)
    assert told(people.ben) == ["reviewing"]
    assert told(people.ann) == told(far) == []


@pytest.mark.parametrize("kind", ["suggestion", "keeping", "reviewing", "article"])
def test_each_kind_can_be_switched_off(browser: Browser, kind: str) -> None:
    assert kind in KINDS
    people = curators()
    article = make_article(author=people.author, reviewers=(people.ann, people.ben))
    follow(viewer_of(people.amy), article.id)
    outbox.deliver_all()
    page = browser.sign_in(people.author).page("/settings/notices")
    assert page.select_one(f"#{kind}_mail") is not None
    for member in (people.author, people.amy):
        choose(viewer_of(member), {kind: (False, False)})
    before = {member.id: (len(told(member)), len(mails_to(member))) for member in (people.author, people.amy)}

    happen = {"suggestion": _declined, "keeping": _outdated, "reviewing": _widened, "article": _edited}[kind]
    happen(people, article)

    after = {member.id: (len(told(member)), len(mails_to(member))) for member in (people.author, people.amy)}
    assert after == before


def _declined(people: Curators, article: Article) -> None:
    proposal = make_proposal(author=people.author, act="edit", article_id=article.id, text="B.")
    services.decline(viewer_of(people.ann), proposal.id, 1, "No.")


def _outdated(people: Curators, article: Article) -> None:
    una = person("Una Outside", make_organization(name="Una Works"), "una.example")
    mark(viewer_of(una), article.id, "outdated", {"reason": "New edition"})


def _widened(people: Curators, article: Article) -> None:
    proposal = make_proposal(author=people.ben, title="Old")
    with act() as session:
        session.get_one(Proposal, proposal.id).submitted_at = clock.now() - timedelta(days=15)
    widen()


def _edited(people: Curators, article: Article) -> None:
    edit = make_proposal(author=people.ben, act="edit", article_id=article.id, text="B.")
    for reviewer in (people.ann, officer(make_member(), "curator")):
        services.approve(viewer_of(reviewer), edit.id, 1)


def test_an_erased_reviewers_reasons_are_gone_everywhere(browser: Browser) -> None:
    people = curators()
    proposal = make_proposal(author=people.author)
    services.decline(viewer_of(people.ann), proposal.id, 1, "Zygomorph.")
    assert "Zygomorph." in inbox(browser, people.author)
    assert "Zygomorph." in letter(people.author)

    erase(viewer_of(people.ann), with_texts=True)

    assert db.session.scalars(select(Review.reason)).one() == ""
    assert "Zygomorph" not in inbox(browser, people.author)
    assert all("Zygomorph" not in mail.body for mail in mails_to(people.author))
