"""The demo community as it stands in a site: its numbers, its times, its stories."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from iocop.contributions.models import Contribution, ContributionDomain, Mark, Revision
from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.errors import Conflict
from iocop.core.models import EventRow
from iocop.core.site import site
from iocop.demo import personas
from iocop.demo.chatter import Chatter, with_replies
from iocop.demo.fill import fill_demo
from iocop.demo.places import COMMONS
from iocop.demo.talk import Said, Stage, Talk
from iocop.domains.models import Domain, Tag
from iocop.forums.counts import recount
from iocop.forums.models import Topic
from iocop.members.models import Member
from iocop.moderation.models import Report
from iocop.notifications.models import Notice
from iocop.organizations.models import Affiliation, Offer, Organization
from iocop.organizations.queries import stamp
from iocop.repertoire.models import Article, ArticleRequest, Passage, Proposal, Review, Seal, Spell, TermName
from iocop.repertoire.queries.waiting import waiting_times
from iocop.roles.models import Decision
from iocop.roles.queries import holders
from iocop.spaces.models import Space, SpaceGrant
from tests.factories import viewer_of

if TYPE_CHECKING:
    from flask import Flask


def count(model: type[Any]) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def member(handle: str) -> Member:
    return db.session.scalars(select(Member).where(Member.handle == handle)).one()


def test_the_community_has_the_size_it_says(filled: Flask) -> None:
    assert (count(Organization), count(Member), count(Domain), count(Topic)) == (12, 150, 8, 403)
    assert 2300 <= count(Contribution) <= 2700
    assert site().name == "Plantroom Guild"
    assert site().demo


def test_no_long_paragraph_stands_three_times(filled: Flask) -> None:
    texts = db.session.scalars(
        select(Contribution.text).where(Contribution.kind != "proposal")
    )  # those repeat
    parts = Counter(part for text in texts for part in re.split(r"\n\s*\n", text) if len(part.split()) > 12)

    assert {part: times for part, times in parts.items() if times > 2} == {}


def test_what_topics_count_agrees_with_a_recount(filled: Flask) -> None:
    def counted(topic: Topic) -> tuple[Any, ...]:
        last = (topic.last_post_id, topic.last_post_at, topic.last_author_id)
        return topic.posts, topic.answers, topic.first_answer_at, topic.listed, *last

    with act() as session:
        for topic in session.scalars(select(Topic)).all():
            written = counted(topic)
            recount(topic)
            assert counted(topic) == written


def test_marks_agree_with_their_counters(filled: Flask) -> None:
    rows = db.session.execute(
        select(Mark.contribution_id, Mark.kind, func.count().label("times"))
        .join(Contribution, Contribution.id == Mark.contribution_id)
        .where(Contribution.kind != "article")  # of which only other, verified organizations are counted
        .group_by(Mark.contribution_id, Mark.kind)
    )
    marks = {(row.contribution_id, row.kind): row.times for row in rows}
    posts = db.session.scalars(select(Contribution).where(Contribution.kind != "article")).all()

    assert {(post.id, "helpful"): post.helpful for post in posts if post.helpful} == {
        key: times for key, times in marks.items() if key[1] == "helpful"
    }
    assert {(post.id, "works_here"): post.works_here for post in posts if post.works_here} == {
        key: times for key, times in marks.items() if key[1] == "works_here"
    }
    own = select(Mark.id).join(Contribution, Contribution.id == Mark.contribution_id)
    assert db.session.scalars(own.where(Contribution.author_id == Mark.member_id)).all() == []


def test_nothing_lies_in_the_future_and_nobody_wrote_before_joining(filled: Flask) -> None:
    now = clock.now()
    joined = {row.id: row.joined_at for row in db.session.scalars(select(Member))}
    posts = db.session.scalars(select(Contribution)).all()

    assert [post.id for post in posts if post.created_at < joined[post.author_id]] == []
    moments = (
        Contribution.created_at, Mark.at, Topic.accepted_at, Notice.at, Report.at, Affiliation.verified_at,
    )  # fmt: skip
    newest = [db.session.execute(select(func.max(moment))).scalar_one() for moment in moments]
    assert all(moment and moment <= now for moment in newest)
    marks = db.session.scalars(select(Mark)).all()
    assert [mark.id for mark in marks if mark.at < joined[mark.member_id]] == []


def test_every_reply_comes_after_what_it_hangs_under(filled: Flask) -> None:
    posts = {post.id: post for post in db.session.scalars(select(Contribution))}

    late = [
        post.id
        for post in posts.values()
        if post.parent_id and posts[post.parent_id].created_at > post.created_at
    ]
    assert late == []
    by_root: dict[int | None, list[Contribution]] = {}
    for post in sorted(posts.values(), key=lambda each: each.position):
        by_root.setdefault(post.root_id, []).append(post)
    for thread in by_root.values():
        assert [post.position for post in thread] == list(range(1, len(thread) + 1))
        assert [post.created_at for post in thread] == sorted(post.created_at for post in thread)


def test_seven_years_end_twenty_minutes_before_the_start(filled: Flask) -> None:
    last, first = db.session.execute(
        select(func.max(Contribution.created_at), func.min(Contribution.created_at))
    ).one()
    ago = clock.now() - last
    assert timedelta(minutes=20) <= ago < timedelta(minutes=40)  # the tests themselves take some time
    assert last - first > timedelta(days=2400)


def test_a_third_only_reads_and_a_few_write_most(filled: Flask) -> None:
    written = Counter(db.session.scalars(select(Contribution.author_id)))
    newcomers = db.session.scalars(
        select(Member.id).where(Member.joined_at > clock.now() - timedelta(days=61))
    ).all()

    silent = {key for key in db.session.scalars(select(Member.id)) if key not in written} - set(newcomers)
    assert 0.32 <= len(silent) / 150 <= 0.38
    assert len(newcomers) == 20
    busiest = [times for _, times in written.most_common(15)]
    assert sum(busiest) > 0.4 * sum(written.values())


def test_nine_people_changed_employer_and_old_answers_keep_the_old_one(filled: Flask) -> None:
    rows = db.session.scalars(select(Affiliation).where(Affiliation.superseded_at.is_(None))).all()
    places: dict[int, set[int]] = {}
    for row in rows:
        places.setdefault(row.member_id, set()).add(row.organization_id)
    assert sum(len(organizations) > 1 for organizations in places.values()) == 9

    mover = member(personas.MOVED)
    posts = db.session.scalars(
        select(Contribution).where(Contribution.author_id == mover.id).order_by(Contribution.created_at)
    ).all()
    slugs = {row.id: row.slug for row in db.session.scalars(select(Organization))}
    assert slugs[posts[0].organization_id or 0] == "vilar-do-sal"
    assert slugs[stamp(mover.id, None, clock.now()).organization_id or 0] == "monsara"


def test_stamps_are_what_the_history_says(filled: Flask) -> None:
    rows = {row.id: row for row in db.session.scalars(select(Affiliation))}
    for post in db.session.scalars(select(Contribution)):
        if post.affiliation_id is None:
            assert post.organization_id is None
            continue
        row = rows[post.affiliation_id]
        assert (row.member_id, row.organization_id) == (post.author_id, post.organization_id)
        assert row.recorded_at <= post.created_at
        assert row.superseded_at is None or post.created_at <= row.superseded_at


def test_the_vendor_answers_and_sells_what_is_talked_about(filled: Flask) -> None:
    vendor = db.session.scalars(select(Organization).where(Organization.slug == "valvora")).one()

    assert db.session.scalars(select(Offer.name).where(Offer.organization_id == vendor.id)).all() == [
        "Valvora V6"
    ]
    answers = select(func.count()).where(
        Contribution.organization_id == vendor.id,
        Contribution.kind == "answer",
        Contribution.text.contains("Valvora"),
    )
    assert (db.session.scalar(answers) or 0) >= 5
    claims = db.session.scalars(
        select(Contribution).where(Contribution.text.contains("I work for Valvora"))
    ).all()
    assert {post.organization_id for post in claims} == {vendor.id}


def test_air_hangs_on_one_companys_answers_and_no_other_domain_does(filled: Flask) -> None:
    rows = db.session.execute(
        select(Domain.slug, Organization.slug)
        .select_from(Contribution)
        .join(ContributionDomain, ContributionDomain.contribution_id == Contribution.root_id)
        .join(Domain, Domain.id == ContributionDomain.domain_id)
        .join(Organization, Organization.id == Contribution.organization_id)
        .where(Contribution.kind == "answer")
    ).all()
    largest = {}
    for domain in {row[0] for row in rows}:
        companies = Counter(row[1] for row in rows if row[0] == domain)
        company, answers = companies.most_common(1)[0]
        largest[domain] = (company, answers / companies.total())

    company, share = largest.pop("air")
    assert company == "norrvale"
    assert share > 0.45  # half of them, give or take what the start day's weekday moves
    assert max(share for _, share in largest.values()) < 0.45


def test_a_sole_practitioners_question_waits_since_31_hours(filled: Flask) -> None:
    waiting = db.session.scalars(
        select(Topic)
        .join(Contribution, Contribution.id == Topic.id)
        .where(Contribution.author_id == member(personas.SOLE_PRACTITIONER).id, Topic.answers == 0)
    ).all()

    ages = [clock.now() - topic.opened_at for topic in waiting]
    assert any(timedelta(hours=31) <= age < timedelta(hours=32) for age in ages)


def test_the_demo_member_has_unread_answers_and_moderators_one_report(filled: Flask) -> None:
    unread = db.session.scalars(
        select(Notice).where(Notice.member_id == member(personas.MEMBER).id, Notice.read_at.is_(None))
    ).all()

    assert len(unread) >= 3
    assert {notice.kind for notice in unread} <= {"answer", "reply"}
    [report] = db.session.scalars(select(Report).where(Report.ruling_id.is_(None))).all()
    assert report.reporter_id != db.session.get_one(Contribution, report.contribution_id).author_id


def test_offices_rest_on_decisions(filled: Flask) -> None:
    handles = {row.id: row.handle for row in db.session.scalars(select(Member))}

    assert {handles[key] for key in holders("board_member")} == set(personas.BOARD)
    assert {handles[key] for key in holders("administrator")} == {personas.ADMINISTRATOR}
    assert {handles[key] for key in holders("moderator")} == set(personas.MODERATORS)
    assert member(personas.ADMINISTRATOR).roles == ["administrator"]
    assert count(Decision) == 8


def test_spaces_differ_in_who_may_read_and_hold_their_people_only(filled: Flask) -> None:
    spaces = db.session.scalars(select(Space)).all()
    wing = next(space for space in spaces if space.audience == "named")

    assert sorted(space.audience for space in spaces) == ["members", "named", "public", "verified"]
    invited = set(
        db.session.scalars(select(SpaceGrant.organization_id).where(SpaceGrant.space_id == wing.id))
    )
    writers = set(
        db.session.scalars(select(Contribution.organization_id).where(Contribution.space_id == wing.id))
    )
    assert len(invited) == 2
    assert writers
    assert writers <= invited


def test_domains_have_charters_and_sub_topics(filled: Flask) -> None:
    domains = db.session.scalars(select(Domain)).all()

    assert all(domain.charter_html and len(domain.learning_questions) == 2 for domain in domains)
    assert all(domain.charter_owner_id for domain in domains)
    sub_topics = Counter(db.session.scalars(select(Tag.domain_id).where(Tag.sub_topic)))
    assert set(sub_topics.values()) == {5}


def test_a_site_with_members_is_not_filled_again(filled: Flask) -> None:
    with pytest.raises(Conflict, match="fills only an empty one"):
        fill_demo()

    result = filled.test_cli_runner().invoke(args=["demo"])
    assert result.exit_code == 1
    assert "fills only an empty one" in result.output


def test_before_others_had_joined_only_those_who_were_there_reply() -> None:
    stage = Stage(clock.now())
    asker, answerer = stage.community.people[:2]
    day = clock.now() - timedelta(days=2600)
    said = (
        Said(asker.handle, day, "Why?"),
        Said(answerer.handle, day + timedelta(hours=2), "Air.", "answer"),
    )
    talk = Talk("question", "Why?", ("air",), (), "members", "en", COMMONS, said)

    [grown] = Chatter(stage).spread([talk], 3)

    assert {post.author for post in grown.posts} <= {asker.handle, answerer.handle}
    assert len(grown.posts) < 5


def test_a_reply_moves_the_accepted_answer_along_with_its_place() -> None:
    day = clock.now() - timedelta(days=9)
    posts = (
        Said("a", day, "Why?"),
        Said("b", day + timedelta(hours=1), "Air.", "answer"),
        Said("c", day + timedelta(hours=9), "Water.", "answer"),
    )
    talk = Talk(
        "question", "Why?", ("air",), (), "members", "en", COMMONS, posts, accepted=3, accepted_at=day
    )

    grown = with_replies(talk, [Said("a", day + timedelta(hours=2), "Thanks.", "reply", 2)])

    assert [(post.author, post.parent) for post in grown.posts] == [("a", 1), ("b", 1), ("a", 2), ("c", 1)]
    assert grown.accepted == 4


def test_the_repertoire_has_its_stories(filled: Flask) -> None:
    articles = {row.title: row for row in db.session.scalars(select(Article))}
    assert len([row for row in articles.values() if row.retired_at is None]) == 17

    distilled = articles["Finding the lost ΔT at part load"]
    ends = db.session.scalars(
        select(Spell.ended_by).where(Spell.article_id == distilled.id).order_by(Spell.id)
    ).all()
    assert ends == ["renewed", "stale", "renewed", ""]
    assert db.session.scalar(select(func.count()).where(Passage.contribution_id == distilled.id)) == 3
    assert (
        len(
            db.session.scalars(
                select(Seal.org_group_id).where(Seal.article_id == distilled.id).distinct()
            ).all()
        )
        == 2
    )

    named = articles["Point names a stranger can read"]
    verdicts = db.session.scalars(
        select(Review.verdict)
        .join(Proposal, Proposal.id == Review.proposal_id)
        .where(Proposal.article_id == named.id)
        .order_by(Review.id)
    )
    assert verdicts.all() == ["decline", "approve", "approve"]


def test_articles_have_second_versions_by_other_hands(filled: Flask) -> None:
    rows = db.session.execute(
        select(Article.title, Article.standing, Contribution.author_id, Revision.editor_id, Revision.number)
        .join(Contribution, Contribution.id == Article.id)
        .join(Revision, Revision.contribution_id == Article.id)
        .where(Revision.number == 2)
    ).all()

    assert {row.title for row in rows} == {
        "Heat pump locks out in the early morning", "Reading Valvora V6 registers over Modbus",
    }  # fmt: skip
    assert all(row.editor_id != row.author_id and row.standing == "sealed" for row in rows)
    for title in ("A cause that hides behind the others", "How often to ask"):
        assert db.session.scalar(
            select(func.count()).where(Contribution.kind == "article", Contribution.text.contains(title))
        )


def test_requests_are_open_taken_and_answered(filled: Flask) -> None:
    rows = db.session.scalars(select(ArticleRequest).order_by(ArticleRequest.id)).all()

    assert [row.status for row in rows] == ["answered", "taken", "open"]
    assert [row.votes for row in rows] == [4, 3, 5]
    answer = db.session.scalars(select(Article.title).where(Article.id == rows[0].article_id)).one()
    assert answer == "Finding the high point nobody drew"


def test_the_glossary_has_five_terms_with_other_words(filled: Flask) -> None:
    names = db.session.execute(
        select(Article.title, func.count(TermName.id))
        .outerjoin(TermName, TermName.article_id == Article.id)
        .where(Article.kind == "term", Article.retired_at.is_(None))
        .group_by(Article.title)
    ).all()

    assert len(names) == 5
    assert all(count >= 2 for _title, count in names)


def test_the_queue_says_how_long_things_waited(filled: Flask) -> None:
    found = waiting_times(viewer_of(member("dieter.brandl")))

    assert found.n >= 8
    assert found.median is not None
    assert timedelta(days=3) < found.median < timedelta(days=14)


def test_nobody_is_told_of_what_happened_before_they_came(filled: Flask) -> None:
    assert db.session.scalar(select(func.count()).where(EventRow.name.like("%Article%"))) == 0
