"""Two topics that ask the same become one, and nothing that was written, read or linked is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from iocop.contributions.models import Contribution, Follow, ReadMark
from iocop.contributions.services import change_label, follow, note_read, set_state
from iocop.core import outbox
from iocop.core.db import act, db
from iocop.core.errors import Conflict, Invalid, Missing, Refused
from iocop.forums import services
from iocop.forums.models import Topic
from iocop.forums.policy import may_merge
from iocop.notifications.models import Notice
from iocop.reputation.models import Balance
from iocop.search.documents.given import posts
from tests.factories import make_member, viewer_of
from tests.forums.factories import make_answer, make_domain, make_space, make_topic
from tests.people import officer
from tests.reputation.standing import stand

if TYPE_CHECKING:
    from iocop.members.models import Member
    from tests.client import Browser

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def keeper() -> Member:
    return officer(make_member(name="Mona Merz"), "moderator")


def merged(keeper: Member, topic: Topic, into: Topic) -> Topic:
    return services.merge_topics(viewer_of(keeper), topic.id, into.id)


def order(topic: Topic) -> list[tuple[int, int]]:
    rows = select(Contribution.id, Contribution.position).where(Contribution.root_id == topic.id)
    return [(row.id, row.position) for row in db.session.execute(rows.order_by(Contribution.position))]


def test_what_stood_in_one_stands_behind_what_stands_in_the_other(browser: Browser, keeper: Member) -> None:
    stays, goes = make_topic(title="Why does the pump rattle?"), make_topic(title="The pump makes a noise")
    known = make_answer(stays, kind="answer", text="Air in it.")
    new = make_answer(goes, kind="answer", text="It runs dry.")

    merged(keeper, goes, stays)

    assert order(stays) == [(stays.id, 1), (known.id, 2), (goes.id, 3), (new.id, 4)]
    db.session.expire_all()
    assert (stays.posts, stays.answers, stays.last_post_id) == (4, 2, new.id)
    page = browser.page(f"/t/{stays.id}")
    assert "“The pump makes a noise” was merged into this topic by Mona Merz" in " ".join(page.text.split())
    assert page.select_one(f'a[href="/t/{stays.id}#post-3"]')
    assert "It runs dry." in page.text
    assert [link["href"] for link in browser.page("/forums").select("main h3 a, main a[href^='/t/']")].count(
        f"/t/{goes.id}"
    ) == 0


def test_the_old_address_and_every_posts_lead_to_where_it_stands(browser: Browser, keeper: Member) -> None:
    last, stays, goes = (make_topic() for _ in range(3))
    post = make_answer(goes, kind="answer")

    merged(keeper, goes, stays)

    for path in (f"/t/{goes.id}", f"/t/{goes.id}/its-old-words?page=2"):
        led = browser.get(path)
        assert (led.status_code, led.location) == (301, f"/t/{stays.id}#post-2")
    assert browser.get(f"/p/{post.id}").location == f"/t/{stays.id}#post-3"
    merged(keeper, stays, last)
    assert browser.get(f"/t/{goes.id}").location == f"/t/{last.id}#post-3"


def test_readers_follow_on_and_have_read_what_they_read(keeper: Member) -> None:
    stays, goes = make_topic(), make_topic()
    both, other, one = make_member(), make_member(), make_member()
    follow(viewer_of(one), goes.id)
    note_read(viewer_of(both), {stays.id: 1, goes.id: 1})
    note_read(viewer_of(other), {stays.id: 1})

    merged(keeper, goes, stays)

    followers = set(db.session.scalars(select(Follow.member_id).where(Follow.root_id == stays.id)))
    assert {one.id, db.session.get_one(Contribution, goes.id).author_id} <= followers
    read = {row.member_id: row.position for row in db.session.scalars(select(ReadMark))}
    assert (read[both.id], read[other.id]) == (2, 1)
    assert not db.session.scalar(select(Follow.root_id).where(Follow.root_id == goes.id))


def test_notices_of_its_posts_are_read_with_the_topic_that_stays(browser: Browser, keeper: Member) -> None:
    asker = make_member()
    stays, goes = make_topic(), make_topic(author=asker)
    make_answer(goes, kind="answer")
    outbox.deliver_all()

    merged(keeper, goes, stays)
    browser.sign_in(asker).get(f"/t/{stays.id}")

    assert db.session.scalars(select(Notice.read_at).where(Notice.member_id == asker.id)).one() is not None


def test_search_finds_the_posts_where_they_stand_and_the_title_no_more(keeper: Member) -> None:
    stays, goes = make_topic(), make_topic(title="The pump makes a noise")
    post = make_answer(goes, kind="answer")

    merged(keeper, goes, stays)

    assert [(found.topic_id, found.title) for found in posts({goes.id, post.id})] == [(stays.id, "")] * 2


def test_the_solution_stays_and_what_else_was_answered_could_have_been_it(keeper: Member) -> None:
    asker, helper = make_member(), make_member()
    stays, goes = make_topic(author=asker), make_topic()
    best = make_answer(stays, kind="answer")
    make_answer(goes, kind="answer", author=helper)
    services.accept_answer(viewer_of(asker), stays.id, best.id)

    merged(keeper, goes, stays)
    outbox.deliver_all()

    db.session.expire_all()
    counted = db.session.scalars(select(Balance).where(Balance.member_id == helper.id)).one()
    assert (stays.accepted_id, counted.accepted, counted.contested) == (best.id, 0, 1)


def test_who_was_writing_an_answer_posts_it_where_the_question_stands(
    browser: Browser, keeper: Member
) -> None:
    stays, goes = make_topic(), make_topic()
    browser.sign_in(make_member())
    form = {"text": "Look at the valve.", "submission_key": "k1", "label": ""}
    merged(keeper, goes, stays)

    sent = browser.post(f"/t/{goes.id}/answer", form)

    assert sent.status_code == 303
    late = db.session.scalars(select(Contribution).where(Contribution.text == "Look at the valve.")).one()
    assert (late.kind, late.root_id, late.parent_id, late.position) == ("answer", stays.id, goes.id, 3)


def test_the_wait_is_that_for_an_answer_to_the_question_itself(keeper: Member) -> None:
    goes = make_topic()
    make_answer(goes, kind="answer")
    stays = make_topic()

    merged(keeper, goes, stays)

    db.session.expire_all()
    assert (stays.answers, stays.first_answer_at) == (1, None)


def test_its_first_post_is_a_post_now(browser: Browser, keeper: Member) -> None:
    author = make_member()
    stays, goes = make_topic(), make_topic(author=author, title="The pump makes a noise")

    merged(keeper, goes, stays)
    browser.sign_in(author).post(f"/p/{goes.id}/edit", {"text": "Every morning.", "version": "1"})

    assert db.session.get_one(Contribution, goes.id).text == "Every morning."
    with pytest.raises(Conflict, match="merged into another"):
        services.reopen_topic(viewer_of(keeper), goes.id)
    assert browser.sign_in(keeper).get(f"/t/{goes.id}/merge").status_code == 404
    change_label(viewer_of(author), goes.id, "members")
    page = browser.fresh().page(f"/t/{stays.id}").text
    assert "The pump makes a noise" not in page
    assert "Another topic was merged into this one" in page


def test_level_4_of_a_domain_of_each_merges_them() -> None:
    domain, law = make_domain(), make_domain(name="Law")
    master, expert, suspended = make_member(), make_member(), make_member(state="suspended")
    stand(master, domain, 4)
    stand(expert, domain, 3)
    stays, goes, elsewhere = (make_topic(domain_ids=(key,)) for key in (domain.id, domain.id, law.id))

    with pytest.raises(Refused, match="level 4"):
        merged(expert, goes, stays)
    with pytest.raises(Refused, match="level 4"):
        merged(master, elsewhere, stays)
    with pytest.raises(Invalid, match="level 4"):
        merged(master, goes, elsewhere)
    root = db.session.get_one(Contribution, goes.id)
    assert "Suspended" in str(may_merge(viewer_of(suspended), root).reason)
    assert merged(master, goes, stays).id == stays.id


def test_it_is_asked_twice_and_done_without_a_script(browser: Browser, keeper: Member) -> None:
    stays, goes = make_topic(title="Why does the pump rattle?"), make_topic()
    browser.sign_in(keeper)
    path = f"/t/{goes.id}/merge"
    assert browser.page(f"/t/{goes.id}").select_one(f'a[href="{path}"]')

    asked = browser.post(path, {"into": f"https://example.org/t/{stays.id}/why"})
    assert asked.status_code == 200
    assert "Why does the pump rattle?" in asked.text
    assert "cannot be undone" in asked.text
    assert order(goes) == [(goes.id, 1)]
    done = browser.post(path, {"into": str(stays.id), "confirmed": "1"})

    assert (done.status_code, done.location) == (303, f"/p/{goes.id}")
    assert order(stays) == [(stays.id, 1), (goes.id, 2)]


def test_what_cannot_be_is_told_beside_the_field(browser: Browser) -> None:
    domain = make_domain()
    master = make_member()
    stand(master, domain, 4)
    room, office = make_space(name="Commons"), make_space(name="Tender", audience="named")
    goes, talk = make_topic(space=room), make_topic(space=room, kind="discussion")
    hidden, stricter = make_topic(space=room), make_topic(space=room, label="members")
    with act() as session:
        session.get_one(Contribution, hidden.id).space_id = office.id
    elsewhere = make_topic(space=make_space(name="Hall"))
    browser.sign_in(master)

    expected = {
        str(goes.id): (422, "There is no other topic"), str(hidden.id): (422, "There is no other topic"),
        "99999": (422, "There is no other topic"), "the other": (422, "the number or the address"),
        "": (422, "the topic that stays"), str(talk.id): (422, "is merged into a question"),
        str(elsewhere.id): (422, "another space"), str(stricter.id): (409, "labels be the same"),
    }  # fmt: skip
    for typed, (status, reason) in expected.items():
        refused = browser.post(f"/t/{goes.id}/merge", {"into": typed, "confirmed": "1"})
        assert (refused.status_code, reason in refused.text, f'value="{typed}"' in refused.text) == (
            status, True, True,
        ), typed  # fmt: skip
    assert order(goes) == [(goes.id, 1)]


def test_what_is_solved_or_not_to_be_seen_is_not_merged_away(keeper: Member) -> None:
    asker = make_member()
    stays, solved, held = make_topic(), make_topic(author=asker), make_topic()
    answer = make_answer(solved, kind="answer")
    services.accept_answer(viewer_of(asker), solved.id, answer.id)
    set_state(viewer_of(keeper), held.id, "hidden", "It waits.")

    for goes, reason in ((solved, "is solved"), (held, "only what can be seen")):
        with pytest.raises(Conflict, match=reason):
            merged(keeper, goes, stays)
    with pytest.raises(Missing):
        services.merge_topics(viewer_of(keeper), 99999, stays.id)
