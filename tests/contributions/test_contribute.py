"""Members give something, and it is written down once, in its place, as it was when they gave it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from iocop.contributions.models import (
    Attachment,
    Contribution,
    ContributionDomain,
    ContributionTag,
    Draft,
    Follow,
    Link,
    Mention,
    Revision,
)
from iocop.contributions.services import contribute, write_out
from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.errors import DomainError, Invalid, Missing, Refused
from iocop.core.login import GUEST, Viewer
from iocop.core.models import EventRow
from iocop.core.versions import versions
from iocop.domains.models import Tag
from iocop.members.numbers import shown
from tests.contributions.factories import (
    affiliate,
    given,
    make_contribution,
    make_domain,
    make_space,
)
from tests.factories import make_member, make_organization, saved, viewer_of

if TYPE_CHECKING:
    from flask import Flask


def count(model: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def events(name: str) -> list[dict[str, Any]]:
    return list(
        db.session.scalars(select(EventRow.payload).where(EventRow.name == name).order_by(EventRow.id))
    )


def test_a_member_asks_and_the_question_is_its_own_root(app: Flask) -> None:
    alice, domain, space = make_member(), make_domain(), make_space()

    row = make_contribution(
        alice, text="How **low** is low?", domain_ids=(domain.id,), space_id=space.id, tags=("Heat pumps",)
    )

    assert (row.root_id, row.parent_id, row.position, row.version, row.state) == (
        row.id,
        None,
        1,
        1,
        "visible",
    )
    assert row.html == "<p>How <strong>low</strong> is low?</p>"
    assert row.plain == "How low is low?"
    assert db.session.scalar(select(ContributionDomain.domain_id)) == domain.id
    assert db.session.scalar(select(Tag.slug).join(ContributionTag)) == "heat-pumps"
    first = db.session.get_one(Revision, (row.id, 1))
    assert (first.editor_id, first.text) == (alice.id, "How **low** is low?")
    assert db.session.get(Follow, (alice.id, row.id)) is not None
    assert events("Contributed") == [
        {"actor_id": alice.id, "contribution_id": row.id, "root_id": row.id, "kind": "question"}
    ]


def test_replies_stand_under_their_root_at_dense_positions(app: Flask) -> None:
    root = make_contribution()
    answer = make_contribution(parent_id=root.id)
    reply = make_contribution(parent_id=answer.id)

    assert [(row.root_id, row.parent_id, row.position) for row in (answer, reply)] == [
        (root.id, root.id, 2),
        (root.id, answer.id, 3),
    ]


def test_the_authors_organization_is_kept_as_it_was(app: Flask) -> None:
    alice, then, later = make_member(), make_organization(), make_organization()
    job = affiliate(alice, then, evidence="email")

    row = make_contribution(alice)
    with act():
        db.session.get_one(type(job), job.id).superseded_at = clock.now()
    affiliate(alice, later)
    second = make_contribution(alice)

    stamped = db.session.get_one(Contribution, row.id)
    assert (stamped.organization_id, stamped.org_group_id, stamped.org_evidence) == (
        then.id,
        then.id,
        "email",
    )
    assert second.organization_id == later.id


def test_an_affiliation_guests_may_not_read_stays_out_of_the_author_line(app: Flask) -> None:
    alice = make_member()
    job = affiliate(alice, make_organization())
    with act():
        db.session.get_one(type(job), job.id).visibility = "members"

    assert make_contribution(alice).byline == "employer_hidden"


@pytest.mark.theory("0.3c")
@pytest.mark.parametrize("number", [0, 4], ids=["in no domain", "in four domains"])
def test_what_stands_in_no_domain_or_in_too_many_is_not_published(app: Flask, number: int) -> None:
    alice = make_member()
    domains = tuple(make_domain().id for _ in range(number))

    with pytest.raises(Invalid) as error:
        make_contribution(alice, domain_ids=domains)

    assert error.value.field == "domains"
    assert count(Contribution) == 0


REFUSALS = {
    "a domain of no practice": ({"domain_ids": (10**9,)}, "domains"),
    "an empty text": ({"text": " \n "}, "text"),
    "a text of 65 KB": ({"text": "x" * 66_000}, "text"),
    "a title of 201 characters": ({"title": "x" * 201}, "title"),
    "six tags": ({"tags": tuple("abcdef")}, "tags"),
    "no key": ({"submission_key": ""}, None),
    "an unknown label": ({"label": "secret"}, "label"),
    "an unknown byline": ({"byline": "invisible"}, "byline"),
    "a language that is none": ({"language": "x" * 9}, "language"),
}


@pytest.mark.parametrize(("changes", "field"), REFUSALS.values(), ids=REFUSALS.keys())
def test_what_cannot_be_is_refused_by_its_field(
    app: Flask, changes: dict[str, Any], field: str | None
) -> None:
    alice = make_member()

    with pytest.raises(Invalid) as error:
        make_contribution(alice, **changes)

    assert error.value.field == field
    assert count(Contribution) == 0


def test_guests_suspended_members_and_outsiders_do_not_post(app: Flask) -> None:
    suspended, outsider = make_member(state="suspended"), make_member()
    room, archived = make_space("named"), make_space(archived_at=clock.now())

    for actor, space in [(GUEST, make_space()), (viewer_of(suspended), make_space()), (viewer_of(outsider), room),
                         (viewer_of(outsider), archived)]:  # fmt: skip
        with pytest.raises(Refused):
            contribute(actor, given(space_id=space.id))
    assert count(Contribution) == 0


def test_nothing_can_be_said_under_what_does_not_exist_or_is_not_shown(app: Flask) -> None:
    root = make_contribution()
    with act():
        root.state = "removed"

    with pytest.raises(Missing):
        make_contribution(parent_id=10**9)
    with pytest.raises(Missing):
        make_contribution(space_id=10**9)
    with pytest.raises(Refused):
        make_contribution(parent_id=root.id)


def test_a_form_sent_twice_makes_one_contribution(app: Flask) -> None:
    actor, form = viewer_of(make_member()), given()

    first, second = contribute(actor, form), contribute(actor, form)

    assert first.id == second.id
    assert count(Contribution) == count(Revision) == len(events("Contributed")) == 1


def test_another_fault_of_the_database_is_not_taken_for_a_double_click(app: Flask) -> None:
    with pytest.raises(IntegrityError):
        contribute(Viewer(id=10**6), given())


def in_parallel(app: Flask, *works: Any) -> list[Any]:
    """Run the works at the same moment, each in a thread and context of its own; return results or errors."""
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


def test_a_double_click_in_two_threads_makes_one_contribution(app: Flask) -> None:
    actor, form, written = viewer_of(make_member()), given(), write_out("Once.")

    found = in_parallel(app, *[lambda: contribute(actor, form, written).id] * 2)

    assert found[0] == found[1]
    assert count(Contribution) == count(Revision) == 1


def test_two_members_answering_at_the_same_moment_get_two_positions(app: Flask) -> None:
    root, written = make_contribution(), write_out("Both.")
    root_id = root.id
    pairs = [(viewer_of(make_member()), given(parent_id=root_id)) for _ in range(2)]

    found = in_parallel(
        app, *[lambda pair=pair: contribute(pair[0], pair[1], written).position for pair in pairs]
    )

    assert sorted(found) == [2, 3]


def test_a_member_is_mentioned_by_handle_and_linked(app: Flask) -> None:
    alice, bob = make_member(), make_member(handle="bob-handle")

    row = make_contribution(alice, text="Ask @bob-handle or @nobody-here, says @" + alice.handle + ".")

    assert f'<a class="mention" href="/id/{shown(bob.number)}">@bob-handle</a>' in row.html
    assert "@nobody-here" in row.plain
    assert set(db.session.scalars(select(Mention.member_id))) == {alice.id, bob.id}
    assert [event["member_ids"] for event in events("Mentioned")] == [[bob.id]]


def test_at_most_twenty_people_are_mentioned_at_once(app: Flask) -> None:
    handles = [make_member(handle=f"crowd-{number}").handle for number in range(21)]

    with pytest.raises(Invalid):
        make_contribution(text=" ".join(f"@{handle}" for handle in handles))


def test_links_and_quotations_are_noted(app: Flask) -> None:
    linked, quoted, pasted, closed = (make_contribution() for _ in range(4))
    with act():
        db.session.get_one(Contribution, closed.id).state = "removed"
    text = (
        f"See [this](/p/{linked.id}), not [that](/p/{closed.id}).\n\n> [A wrote:](/p/{quoted.id})\n> words\n"
    )
    text += f"\nand http://localhost/t/{pasted.id}/x"

    row = make_contribution(text=text)

    found = {
        (link.to_id, link.kind) for link in db.session.scalars(select(Link).where(Link.from_id == row.id))
    }
    assert found == {(linked.id, "linked"), (quoted.id, "quoted"), (pasted.id, "linked")}


def test_a_new_contribution_takes_its_authors_files_and_ends_the_draft(app: Flask) -> None:
    alice, bob = make_member(), make_member()
    now = clock.now()
    usual: dict[str, Any] = {
        "name": "a.txt",
        "media_type": "text/plain",
        "size": 1,
        "sha256": "0",
        "created_at": now,
    }
    named, shown_, foreign = (
        saved(Attachment(owner_id=owner.id, key=str(number), **usual))
        for number, owner in enumerate((alice, alice, bob))
    )
    saved(Draft(member_id=alice.id, key="topic", fields={}, updated_at=now))

    row = make_contribution(
        alice,
        text=f"![x](/attachments/{shown_.id}/a.txt) [y](/attachments/{foreign.id}/a.txt)",
        attachment_ids=(named.id,),
        draft_key="topic",
    )

    taken = set(db.session.scalars(select(Attachment.id).where(Attachment.contribution_id == row.id)))
    assert taken == {named.id, shown_.id}
    assert count(Draft) == 0


def test_pages_that_show_the_topic_are_told(app: Flask) -> None:
    root = make_contribution()
    before = versions(f"topic:{root.id}", "topics")

    make_contribution(parent_id=root.id)

    assert all(now > then for now, then in zip(versions(f"topic:{root.id}", "topics"), before, strict=True))
