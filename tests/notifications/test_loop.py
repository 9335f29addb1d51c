"""The loop closes: ask, answer, told, accept, told; each once, in each member's way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iocop.contributions.events import ContributionsLoaded
from iocop.contributions.models import Contribution
from iocop.contributions.services import follow, mute, revise
from iocop.contributions.services.states import set_state
from iocop.core import clock, mail
from iocop.core.db import act, db
from iocop.core.events import emit
from iocop.forums import services as forums
from iocop.moderation import services as moderation
from iocop.spaces.models import SpaceGrant
from tests.contributions.factories import make_space
from tests.factories import make_member, saved, viewer_of
from tests.moderation.factories import LINK, answer, ask, moderator, reply, settled
from tests.notifications.told import mails_to, told

if TYPE_CHECKING:
    from flask import Flask

    from tests.client import Browser


def test_ask_answer_accept(browser: Browser) -> None:
    alice, bob = settled(name="Alice Berg"), settled(name="Bob Carr")
    topic = ask(alice, title="Why does the valve hunt at night?")

    post = answer(topic, bob, text="The **gain** is too high.")

    assert told(alice) == ["answer"]
    assert told(bob) == []
    [letter] = mails_to(alice)
    assert letter.subject.startswith("Why does the valve hunt at night?")
    assert "Bob Carr answered" in letter.body
    assert "The gain is too high." in letter.body
    assert f"/p/{post.id}" in letter.body
    assert mail.send_due() == 1

    forums.accept_answer(viewer_of(alice), topic.id, post.id)

    assert told(bob) == ["acceptance"]
    assert told(alice) == ["answer"]
    [accepted] = mails_to(bob)
    assert "Alice Berg accepted your answer" in accepted.body
    heading = browser.sign_in(bob).page("/inbox").select_one("li.unread h2")
    assert heading is not None
    assert "Alice Berg accepted your answer: Why does the valve hunt at night?" in heading.text


def test_mails_of_a_topic_stay_together(app: Flask) -> None:
    alice = settled()
    topic = ask(alice)
    answer(topic)
    answer(topic)

    first, second = (mail.as_message(row) for row in mails_to(alice))

    assert first["References"] == second["References"] == f"<topic-{topic.id}@localhost>"
    assert first["In-Reply-To"] == first["References"]
    assert first["Message-ID"] != second["Message-ID"]


def test_replies_reach_the_parents_author_and_followers(app: Flask) -> None:
    asker, answerer, follower, stranger = settled(), settled(), settled(), settled()
    topic = ask(asker)
    post = answer(topic, answerer)
    follow(viewer_of(follower), topic.id)

    reply(post.id, stranger)

    assert told(answerer) == ["reply"]
    assert told(follower) == ["reply"]  # not of what stood before they followed
    assert told(asker) == ["answer", "reply"]
    assert told(stranger) == []


def test_who_is_named_is_told_once_and_as_what_is_nearest(app: Flask) -> None:
    asker, named = settled(handle="asker"), settled(handle="named")
    topic = ask(asker)

    answer(topic, text="As @asker says, ask @named.")

    assert told(asker) == ["answer"]
    assert told(named) == ["mention"]
    assert len(mails_to(named)) == 1


def test_who_is_named_later_is_told_then_and_nobody_twice(app: Flask) -> None:
    asker, author, late = settled(handle="asker"), settled(), settled(handle="late")
    topic = ask(asker)
    post = answer(topic, author)
    assert told(asker) == ["answer"]

    revise(viewer_of(author), post.id, "Ask @late, dear @asker.")

    assert told(late) == ["mention"]
    assert told(asker) == ["answer"]


def test_a_topic_tells_whom_it_names(app: Flask) -> None:
    named = settled(handle="named")

    ask(text="Does @named know?")

    assert told(named) == ["mention"]


def test_nobody_is_told_of_their_own_acts(app: Flask) -> None:
    alice = settled(handle="alice")
    topic = ask(alice)
    post = answer(topic, alice, text="I, @alice, found it.")
    forums.accept_answer(viewer_of(alice), topic.id, post.id)

    assert told(alice) == []
    assert mails_to(alice) == []


def test_who_has_muted_a_topic_hears_nothing_of_it(app: Flask) -> None:
    alice = settled(handle="alice")
    topic = ask(alice)
    mute(viewer_of(alice), topic.id)

    answer(topic, text="Dear @alice!")

    assert told(alice) == []


def test_who_may_not_read_is_not_told(app: Flask) -> None:
    room = make_space("named")
    alice, bob, outsider = settled(), settled(), settled(handle="outsider")
    for member in (alice, bob):
        saved(SpaceGrant(space_id=room.id, member_id=member.id, granted_at=clock.now()))
    topic = ask(alice, space_id=room.id)

    answer(topic, bob, text="Not for @outsider.")

    assert told(alice) == ["answer"]
    assert told(outsider) == []


def test_a_text_kept_in_its_space_is_told_of_without_text_or_title(browser: Browser) -> None:
    alice = settled()
    topic = ask(alice, label="space", title="The price we pay for gas")
    answer(topic, text="Forty per megawatt hour.")

    [letter] = mails_to(alice)

    assert "Forty" not in letter.body
    assert "price we pay" not in letter.body + letter.subject
    assert "keeps the text on the site" in letter.body
    assert "Forty per megawatt hour." in browser.sign_in(alice).page("/inbox").text


def test_a_sealed_name_stays_sealed(browser: Browser) -> None:
    alice, bob = settled(), settled(name="Bob Carr")
    topic = ask(alice)
    answer(topic, bob, byline="sealed")

    [letter] = mails_to(alice)

    assert "Bob Carr" not in letter.body
    assert "A member answered" in letter.body
    assert "Bob Carr" not in browser.sign_in(alice).page("/inbox").text


def test_a_held_post_is_told_of_once_it_is_released(app: Flask) -> None:
    alice, named, newcomer = settled(), settled(handle="named"), make_member()
    topic = ask(alice)
    post = answer(topic, newcomer, text=LINK + " Right, @named?")
    assert told(alice) == told(named) == []

    moderation.rule(moderator(), post.id, "release")

    assert told(alice) == ["answer"]
    assert told(named) == ["mention"]
    assert told(newcomer) == ["moderation", "moderation"]  # held, then released


def test_what_was_hidden_meanwhile_is_not_told(app: Flask) -> None:
    alice, bob = settled(), settled()
    topic = ask(alice)
    post = answer(topic, bob)
    forums.accept_answer(viewer_of(alice), topic.id, post.id)
    set_state(moderator(), post.id, "hidden", "Because.")

    assert told(alice) == []
    assert told(bob) == []


def test_a_withdrawn_acceptance_is_not_told(app: Flask) -> None:
    alice, bob = settled(), settled()
    topic = ask(alice)
    post = answer(topic, bob)
    forums.accept_answer(viewer_of(alice), topic.id, post.id)
    forums.withdraw_acceptance(viewer_of(alice), topic.id)

    assert told(bob) == []


def test_loaded_threads_tell_nobody(app: Flask) -> None:
    alice = settled()
    topic = ask(alice)
    with act():
        emit(ContributionsLoaded(None, (topic.id,)))

    assert told(alice) == []


@pytest.mark.parametrize("state", ["left", "erased", "imported"])
def test_who_cannot_sign_in_is_not_told(app: Flask, state: str) -> None:
    alice = settled()
    topic = ask(alice)
    with act() as session:
        session.merge(alice).state = state
    answer(topic)

    assert told(alice) == []
    assert mails_to(alice) == []


def test_a_suspended_member_reads_the_inbox_and_gets_no_mail_of_answers(app: Flask) -> None:
    alice = settled()
    topic = ask(alice)
    with act() as session:
        session.merge(alice).state = "suspended"
    answer(topic)

    assert told(alice) == ["answer"]
    assert mails_to(alice) == []


def test_what_was_told_stays_when_its_post_is_gone_but_shows_nothing_of_it(browser: Browser) -> None:
    alice = settled()
    topic = ask(alice, title="Why does the valve hunt?")
    post = answer(topic, text="Because of its gain.")
    assert told(alice) == ["answer"]
    set_state(moderator(), post.id, "removed", "Because.")

    page = browser.sign_in(alice).page("/inbox")

    assert "Because of its gain." not in page.text
    [entry] = page.select("li.unread")
    assert entry.select_one(f'a[href="/p/{post.id}"]') is None
    assert db.session.get_one(Contribution, post.id).state == "removed"
