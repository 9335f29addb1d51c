"""A thread becomes an article whose paragraphs keep where they come from."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from iocop.contributions.models import Contribution
from iocop.contributions.services import change_label, move_space, revise, set_state
from iocop.core import clock, outbox
from iocop.core.db import act, db
from iocop.core.errors import Conflict, Invalid, Missing, Refused
from iocop.core.login import GUEST
from iocop.core.models import EventRow
from iocop.domains.models import Domain
from iocop.members.models import Member
from iocop.repertoire import services
from iocop.repertoire.fields import Fields
from iocop.repertoire.models import Article, Credit, Passage, Proposal
from iocop.repertoire.paragraphs import fingerprint, paragraphs
from iocop.repertoire.services.distilling import Distillate, distil, link_evidence, unlink_evidence
from tests.factories import make_member, viewer_of
from tests.forums.factories import make_answer, make_space, make_topic
from tests.notifications.told import told
from tests.people import officer
from tests.repertoire.factories import Curators, curators, make_article

if TYPE_CHECKING:
    from iocop.forums.models import Topic
    from tests.client import Browser

pytestmark = pytest.mark.usefixtures("app")

VALVES = "Open every valve and measure the flow through each radiator before you close anything."
PUMPS = "A pump that hums has air in it: vent it at the top, wait ten minutes, vent it again."
GAUGE = "Read the gauge on Mondays; below one bar top up from the cold main, slowly."


def thread(people: Curators, **label: str) -> tuple[Topic, list[Contribution]]:
    """A question with three answers by members of two organizations and of none."""
    topic = make_topic(title="How do we balance it?")
    answers = [
        make_answer(topic, kind="answer", text=f"{VALVES}\n\nGood luck!", author=people.author),
        make_answer(topic, kind="answer", text=PUMPS, author=people.amy, **label),
        make_answer(topic, kind="answer", text=GAUGE),
    ]
    return topic, answers


def made(topic: Topic, posts: list[Contribution], **about: Any) -> Distillate:
    passages = [(post.id, paragraphs(post.text)[0]) for post in posts]
    usual: dict[str, Any] = {
        "fields": Fields(title="Balancing a circuit", domain_ids=_domains()), "submission_key": "k1",
        "text": "## Steps\n\n" + "\n\n".join(text for _post, text in passages),
        "taken": tuple((post, fingerprint(text)) for post, text in passages),
    }  # fmt: skip
    return Distillate(**{"topic_id": topic.id} | usual | about)


def _domains() -> tuple[int, ...]:
    return tuple(db.session.scalars(select(Domain.id).limit(1)))


def published(people: Curators, proposal: Proposal) -> Article:
    if proposal.status == "draft":
        services.submit(viewer_of(db.session.get_one(type(people.ann), _author(proposal))), proposal.id)
    for reviewer in (people.ann, people.ben):
        services.approve(viewer_of(reviewer), proposal.id, proposal.round)
    return db.session.get_one(Article, proposal.article_id)


def _author(proposal: Proposal) -> int:
    return db.session.get_one(Contribution, proposal.id).author_id


def test_a_member_chooses_paragraphs_and_they_stand_in_the_draft(browser: Browser) -> None:
    people = curators()
    topic, answers = thread(people)
    member = make_member()
    page = browser.sign_in(member).page(f"/t/{topic.id}/distil")
    boxes = [str(box["value"]) for box in page.select("input[name=take]")]
    assert f"{answers[0].id}" in boxes
    mark = f"{answers[0].id}-{fingerprint(VALVES)}"
    assert mark in boxes
    form = {"title": "Balancing", "kind": "how-to", "text": "", "submission_key": "k9"}

    shown = browser.post(
        f"/t/{topic.id}/distil",
        form | {"how": "add", "take": [mark, f"{answers[1].id}-{fingerprint(PUMPS)}"]},
    )
    draft = BeautifulSoup(shown.text, "html.parser")

    text = draft.select_one("textarea[name=text]")
    assert text is not None
    assert text.text.strip() == f"{VALVES}\n\n{PUMPS}"
    taken = [str(field["value"]) for field in draft.select("input[name=taken]")]
    assert taken[0] == mark
    answer = browser.post(f"/t/{topic.id}/distil", form | {"how": "save", "text": text.text, "taken": taken})
    assert answer.status_code == 303
    proposal = db.session.scalars(select(Proposal)).one()
    assert (proposal.act, proposal.status, proposal.title) == ("new", "draft", "Balancing")
    rows = db.session.scalars(select(Passage).order_by(Passage.position)).all()
    assert [(row.contribution_id, row.post_id, row.text) for row in rows] == [
        (proposal.id, answers[0].id, VALVES), (proposal.id, answers[1].id, PUMPS),
    ]  # fmt: skip


def test_a_whole_post_is_taken_at_once_and_nothing_twice(browser: Browser) -> None:
    topic, answers = thread(curators())
    browser.sign_in(make_member())
    whole = {"how": "add", "take": str(answers[0].id), "text": "Mine."}

    first = BeautifulSoup(browser.post(f"/t/{topic.id}/distil", whole).text, "html.parser")
    taken = [str(field["value"]) for field in first.select("input[name=taken]")]
    text = first.select("textarea[name=text]")[0].text
    again = BeautifulSoup(
        browser.post(f"/t/{topic.id}/distil", whole | {"text": text, "taken": taken}).text, "html.parser"
    )

    assert text.strip() == f"Mine.\n\n{VALVES}\n\nGood luck!"
    assert again.select("textarea[name=text]")[0].text.strip() == text.strip()
    assert len(taken) == 2


def test_nothing_chosen_is_said_and_what_was_typed_stays(browser: Browser) -> None:
    topic, _answers = thread(curators())
    browser.sign_in(make_member())

    answer = browser.post(
        f"/t/{topic.id}/distil",
        {"how": "save", "title": "My title", "kind": "how-to", "text": "Mine", "submission_key": "k"},
    )

    assert answer.status_code == 422
    assert "Choose at least one paragraph." in answer.text
    assert "My title" in answer.text


def test_guests_sign_in_and_the_suspended_read_why(browser: Browser) -> None:
    topic, _answers = thread(curators())

    assert browser.get(f"/t/{topic.id}/distil").status_code == 303
    suspended = viewer_of(make_member())
    with pytest.raises(Refused, match="Suspended"):
        distil(replace(suspended, suspended=True), made(topic, []))
    with pytest.raises(Missing):
        distil(suspended, made(topic, [], topic_id=topic.id + 999))


@pytest.mark.theory("1.11")
def test_three_answers_become_one_article_whose_credits_sum_up_and_lead_back(browser: Browser) -> None:
    people = curators()
    topic, answers = thread(people)
    editor = make_member(name="Ed Itor")
    proposal = distil(
        viewer_of(editor),
        made(topic, answers, text=f"Intro by nobody else here.\n\n{VALVES}\n\n{PUMPS}\n\n{GAUGE}"),
    )

    article = published(people, proposal)

    credits_ = {
        row.member_id: row.share
        for row in db.session.scalars(select(Credit).where(Credit.article_id == article.id))
    }
    assert sum(credits_.values()) == 10_000
    assert set(credits_) == {editor.id, *(answer.author_id for answer in answers)}
    assert credits_[editor.id] < min(credits_[answer.author_id] for answer in answers)
    page = browser.page(f"/a/{article.id}/credits")
    assert sum(int(str(row["data-share"])) for row in page.select("tr[data-share]")) == 10_000
    links = {str(link["href"]) for link in page.select("main a[href^='/p/']")}
    assert links == {f"/p/{answer.id}" for answer in answers}
    for link in links:
        assert browser.get(link).status_code == 302
    provenance = browser.page(f"/a/{article.id}/provenance")
    parts = provenance.select("ol.provenance > li")
    assert [len(part.select("a[href^='/p/']")) for part in parts] == [0, 1, 1, 1]
    assert "West" in parts[1].text


@pytest.mark.theory("1.20", "3.5")
def test_article_and_threads_lead_to_each_other(browser: Browser) -> None:
    people = curators()
    topic, answers = thread(people)
    member = viewer_of(make_member())
    assert (
        "repertoire"
        not in browser.get(f"/t/{topic.id}").text.split("<main")[1].split("<footer")[0].casefold()
    )
    proposal = distil(member, made(topic, answers))
    assert "Being distilled into" in browser.get(f"/t/{topic.id}").text

    article = published(people, proposal)

    beside = browser.page(f"/t/{topic.id}").select_one("aside.rail")
    assert beside is not None
    assert "Distilled into" in beside.text
    assert beside.select_one(f"a[href='/a/{article.id}']") is not None
    assert browser.page(f"/a/{article.id}").select_one(f"aside a[href='/t/{topic.id}']") is not None


def test_a_withdrawn_draft_is_no_longer_announced(browser: Browser) -> None:
    topic, answers = thread(curators())
    member = viewer_of(make_member())
    proposal = distil(member, made(topic, answers))
    browser.get(f"/t/{topic.id}")

    services.withdraw(member, proposal.id)

    assert "Being distilled" not in browser.get(f"/t/{topic.id}").text


def test_a_draft_is_shared_no_further_than_its_strictest_post(browser: Browser) -> None:
    people = curators()
    topic, answers = thread(people, label="members")
    member = viewer_of(make_member())

    proposal = distil(member, made(topic, answers))

    thing = db.session.get_one(Contribution, proposal.id)
    assert thing.label == "members"
    with pytest.raises(Invalid, match="shared less far"):
        change_label(member, proposal.id, "public")
    fields = Fields.read(proposal.fields)
    with pytest.raises(Invalid, match="shared less far"):
        services.save_proposal(
            member, proposal.id, fields=Fields(**fields.__dict__ | {"label": "public"}), text=thing.text
        )
    article = published(people, proposal)
    assert db.session.get_one(Contribution, article.id).label == "members"
    assert browser.get(f"/a/{article.id}").status_code == 404
    assert "Distilled into" not in browser.get(f"/t/{topic.id}").text


def test_without_the_strict_paragraph_a_draft_may_go_further() -> None:
    topic, answers = thread(curators(), label="members")
    member = viewer_of(make_member())
    proposal = distil(member, made(topic, answers))
    fields = Fields(**Fields.read(proposal.fields).__dict__ | {"label": "public"})

    services.save_proposal(member, proposal.id, fields=fields, text=VALVES)

    assert db.session.get_one(Contribution, proposal.id).label == "public"


def test_an_article_that_takes_in_a_stricter_post_is_shared_no_further() -> None:
    people = curators()
    article = make_article(author=people.author, reviewers=(people.ann, people.ben))
    topic, answers = thread(people, label="members")
    thing = db.session.get_one(Contribution, article.id)
    sent = made(topic, [answers[1]], article_id=article.id, base_version=1, text=f"{thing.text}\n\n{PUMPS}")
    proposal = distil(viewer_of(make_member()), sent)
    assert (proposal.act, db.session.get_one(Contribution, proposal.id).label) == ("edit", "members")

    published(people, proposal)

    thing = db.session.get_one(Contribution, article.id)
    assert (thing.version, thing.label) == (2, "members")
    with pytest.raises(Invalid, match="shared less far"):
        services.propose(
            viewer_of(people.author),
            services.Sent(
                act="relabel",
                submission_key="r",
                article_id=article.id,
                fields=Fields(label="public", reason="x"),
            ),
        )


def test_what_was_said_for_its_own_space_stays_there() -> None:
    people = curators()
    article = make_article(author=people.author, reviewers=(people.ann, people.ben))
    room = make_space(name="Room", audience="members")
    topic = make_topic(space=room, label="space")
    answer = make_answer(topic, kind="answer", text=PUMPS, label="space")
    member = viewer_of(make_member())

    with pytest.raises(Invalid, match="its own space only"):
        distil(member, made(topic, [answer], article_id=article.id, base_version=1))
    proposal = distil(member, made(topic, [answer], submission_key="k2"))

    thing = db.session.get_one(Contribution, proposal.id)
    assert (thing.space_id, thing.label) == (room.id, "space")
    with pytest.raises(Invalid, match="another space only"):
        move_space(member, proposal.id, article_space(article))


def article_space(article: Article) -> int:
    return db.session.get_one(Contribution, article.id).space_id


def test_posts_one_may_not_read_are_never_offered_nor_taken(browser: Browser) -> None:
    topic, answers = thread(curators())
    moderator = viewer_of(officer(make_member(), "moderator"))
    set_state(moderator, answers[1].id, "hidden", "Off the point")
    member = make_member()

    assert PUMPS not in browser.sign_in(member).get(f"/t/{topic.id}/distil").text
    with pytest.raises(Invalid, match="choose again"):
        distil(viewer_of(member), made(topic, answers))


def test_a_paragraph_that_was_changed_meanwhile_is_chosen_again() -> None:
    people = curators()
    topic, answers = thread(people)
    sent = made(topic, answers)
    revise(viewer_of(people.author), answers[0].id, "All different now.")

    with pytest.raises(Invalid, match="choose again"):
        distil(viewer_of(make_member()), sent)


def test_a_draft_takes_in_another_thread_and_each_passage_once(browser: Browser) -> None:
    people = curators()
    topic, answers = thread(people)
    member = make_member()
    actor = viewer_of(member)
    proposal = distil(actor, made(topic, [answers[0]]))
    other = make_topic(title="And the gauge?")
    reply = make_answer(other, kind="answer", text=GAUGE)

    page = browser.sign_in(member).page(f"/t/{other.id}/distil?proposal={proposal.id}")
    text = page.select("textarea[name=text]")[0].text
    form = {
        "how": "save",
        "proposal": proposal.id,
        "title": "Both",
        "kind": "how-to",
        "submission_key": "k3",
        "version": 1,
    }
    answer = browser.post(
        f"/t/{other.id}/distil",
        form | {"text": f"{text.strip()}\n\n{GAUGE}", "taken": f"{reply.id}-{fingerprint(GAUGE)}"},
    )

    assert answer.status_code == 303
    assert db.session.scalars(select(Proposal)).one().title == "Both"
    rows = db.session.scalars(select(Passage).order_by(Passage.position)).all()
    assert [row.post_id for row in rows] == [answers[0].id, reply.id]
    stale = browser.post(
        f"/t/{other.id}/distil", form | {"text": GAUGE, "taken": f"{reply.id}-{fingerprint(GAUGE)}"}
    )
    assert stale.status_code == 422
    assert "Somebody edited this" in stale.text


def test_sent_twice_it_is_made_once() -> None:
    topic, answers = thread(curators())
    member = viewer_of(make_member())

    first, second = (distil(member, made(topic, answers)) for _ in range(2))

    assert first.id == second.id
    assert len(db.session.scalars(select(Passage)).all()) == 3


def test_into_an_article_found_by_its_title(browser: Browser) -> None:
    people = curators()
    article = make_article(author=people.author, reviewers=(people.ann, people.ben))
    topic, _answers = thread(people)
    browser.sign_in(make_member())

    page = browser.page(f"/t/{topic.id}/distil?article=balancing+a+circuit")

    assert str(page.select("input[name=article]")[0]["value"]) == str(article.id)
    assert "Measure the flow" in page.select("textarea[name=text]")[0].text
    assert browser.get(f"/t/{topic.id}/distil?article=no+such+title").status_code == 422
    assert (
        browser.get(f"/a/{article.id}/distil?topic=/t/{topic.id}").headers["Location"]
        == f"/t/{topic.id}/distil?article={article.id}"
    )
    assert browser.get(f"/a/{article.id}/distil").status_code == 200
    assert browser.get(f"/a/{article.id}/distil?topic=nonsense").status_code == 422


def test_who_gave_a_post_without_their_name_has_credit_without_it(browser: Browser) -> None:
    people = curators()
    topic = make_topic()
    post = make_answer(topic, kind="answer", text=VALVES, author=people.amy, byline="sealed")
    article = published(people, distil(viewer_of(make_member()), made(topic, [post], text=VALVES)))

    row = db.session.scalars(select(Credit).where(Credit.article_id == article.id)).one()
    assert (row.member_id, row.sealed, row.organization_id, row.share) == (people.amy.id, True, None, 10_000)
    for path in ("credits", "provenance"):
        text = browser.get(f"/a/{article.id}/{path}").text
        assert "Amy North" not in text
        assert "North" not in text.split("<main")[1].split("</main")[0]


def test_a_curator_notes_that_a_thread_asks_the_same(browser: Browser) -> None:
    people = curators()
    article = make_article(author=people.author, reviewers=(people.ann, people.ben))
    topic, _answers = thread(people)
    assert "asks the same" not in browser.get(f"/a/{article.id}").text
    assert browser.get(f"/t/{topic.id}").status_code == 200

    answer = browser.sign_in(people.ann).post(
        f"/a/{article.id}/threads", {"topic": f"/t/{topic.id}/any-words", "how": "add"}
    )

    assert answer.status_code == 303
    guest = browser.fresh()
    assert "asks the same" in guest.get(f"/a/{article.id}").text
    assert guest.page(f"/t/{topic.id}").select_one(f"aside a[href='/a/{article.id}']") is not None
    assert browser.post(f"/a/{article.id}/threads", {"topic": str(topic.id)}).status_code == 409
    assert browser.post(f"/a/{article.id}/threads", {"topic": "nonsense"}).status_code == 422
    assert (
        browser.post(f"/a/{article.id}/threads", {"topic": str(topic.id), "how": "remove"}).status_code == 303
    )
    assert (
        browser.post(f"/a/{article.id}/threads", {"topic": str(topic.id), "how": "remove"}).status_code == 404
    )
    assert "asks the same" not in guest.get(f"/a/{article.id}").text
    outsider = browser.fresh().sign_in(make_member())
    assert outsider.post(f"/a/{article.id}/threads", {"topic": str(topic.id)}).status_code == 403
    assert browser.post(f"/a/{article.id}/threads", {"topic": str(article.id + 999)}).status_code == 404


def test_the_owner_links_threads_and_guests_do_not() -> None:
    people = curators()
    article = make_article(author=people.author, reviewers=(people.ann, people.ben))
    topic, answers = thread(people)

    link_evidence(viewer_of(people.author), article.id, topic.id)

    unlink_evidence(viewer_of(people.author), article.id, topic.id)
    with pytest.raises(Missing):
        link_evidence(viewer_of(people.author), article.id, answers[0].id)
    with pytest.raises(Refused, match="Join or sign in"):
        link_evidence(GUEST, article.id, topic.id)


def test_a_retired_article_takes_nothing_in() -> None:
    people = curators()
    article = make_article(author=people.author, reviewers=(people.ann, people.ben))
    topic, answers = thread(people)
    with act() as session:
        row = session.get_one(Article, article.id)
        row.retired_at, row.retired_how = clock.now(), "obsolete"

    with pytest.raises(Conflict, match="retired"):
        distil(viewer_of(make_member()), made(topic, answers, article_id=article.id))


def test_those_whose_words_became_part_of_an_article_are_told(browser: Browser) -> None:
    people = curators()
    topic, answers = thread(people)
    maker = db.session.get_one(Member, answers[2].author_id)
    proposal = distil(viewer_of(maker), made(topic, answers))
    outbox.deliver_all()
    assert "distilled" not in told(people.amy)

    article = published(people, proposal)

    outbox.deliver_all()
    assert told(people.amy)[-1] == told(people.author)[-1] == "distilled"
    assert "distilled" not in told(maker)
    text = browser.sign_in(people.amy).get("/inbox").text
    assert "became part of an article, with credit to you" in text
    assert article.title in text


def test_the_event_names_the_posts() -> None:
    topic, answers = thread(curators())

    distil(viewer_of(make_member()), made(topic, answers))

    row = db.session.scalars(select(EventRow).where(EventRow.name == "Distilled")).one()
    assert row.payload["post_ids"] == [answer.id for answer in answers]
