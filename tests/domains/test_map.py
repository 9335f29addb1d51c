"""Administrators draw the practice's map, stewards write charters, curators keep the tags."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from sqlalchemy import select

from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.errors import Conflict, Invalid, Missing, Refused
from iocop.core.policy import fact
from iocop.domains import services
from iocop.domains.models import MOST_DOMAINS, Domain, Tag, TagSynonym
from iocop.domains.queries import (
    all_domains,
    charter_is_fresh,
    domain_by_slug,
    domain_name,
    domains_of,
    open_domains,
    resolve_tags,
    sub_topics,
)
from iocop.domains.slugs import RESERVED
from tests.factories import make_member, saved, viewer_of
from tests.people import officer

if TYPE_CHECKING:
    from flask import Flask

    from iocop.core.login import Viewer


@pytest.fixture
def alice(app: Flask) -> Viewer:
    """An administrator."""
    return viewer_of(officer(make_member(name="Alice Ash"), "administrator"))


def make_domain(name: str = "Controls", **about: Any) -> Domain:
    return saved(Domain(name=name, slug=name.lower(), **about))


def tags(*words: str) -> list[Tag]:
    return services.ensure_tags(words)


def slugs(*words: str) -> list[str]:
    return [tag.slug for tag in resolve_tags(words)]


def changed(actor: Viewer, domain: Domain, **about: Any) -> Domain:
    usual: dict[str, Any] = {"name": domain.name, "summary": "", "position": 0}
    return services.change_domain(actor, domain.id, **usual | about)


def test_domains_stand_in_their_order_retired_ones_last(alice: Viewer) -> None:
    first = services.found_domain(alice, " Hydronics ", " Water that moves ")
    second, third = services.found_domain(alice, "Controls"), services.found_domain(alice, "Air")
    assert (first.slug, first.summary) == ("hydronics", "Water that moves")
    assert [row.name for row in all_domains()] == ["Hydronics", "Controls", "Air"]

    changed(alice, first, retired=True)
    changed(alice, third, position=0, name="Air and smoke")
    changed(alice, second, position=1)

    assert [row.name for row in all_domains()] == ["Air and smoke", "Controls", "Hydronics"]
    assert [row.slug for row in open_domains()] == ["air", "controls"]
    since = db.session.get_one(Domain, first.id).retired_at
    assert changed(alice, first, retired=True).retired_at == since


def test_only_administrators_change_domains(app: Flask) -> None:
    bob, domain = viewer_of(make_member()), make_domain()

    for refused in (
        lambda: services.found_domain(bob, "Mine"),
        lambda: changed(bob, domain),
        lambda: services.add_sub_topic(bob, domain.id, "pumps"),
    ):
        with pytest.raises(Refused, match="Only administrators"):
            refused()


def test_a_practice_has_at_most_thirty_domains(alice: Viewer) -> None:
    retired = make_domain("Past", retired_at=clock.now())
    for number in range(MOST_DOMAINS - 1):
        make_domain(f"D{number}")
    last = services.found_domain(alice, "The thirtieth")

    with pytest.raises(Refused, match="at most 30"):
        services.found_domain(alice, "One more")
    with pytest.raises(Refused, match="at most 30"):
        changed(alice, retired, retired=False)
    changed(alice, last, retired=True)
    assert changed(alice, retired, retired=False).retired_at is None


def test_two_domains_do_not_share_a_name(alice: Viewer) -> None:
    make_domain("Controls")
    other = make_domain("Air")

    with pytest.raises(Conflict, match="of this name"):
        services.found_domain(alice, "Controls")
    with pytest.raises(Conflict, match="of this name"):
        changed(alice, other, name="Controls")
    with pytest.raises(Missing, match="no such domain"):
        services.change_domain(alice, 99, name="x", summary="", position=0)


def test_a_domain_is_called_in_its_own_script(alice: Viewer) -> None:
    pumps, valves = (services.found_domain(alice, name) for name in ("Αντλίες 2", "Βαλβίδες 2"))

    assert (pumps.slug, valves.slug) == ("αντλίες-2", "βαλβίδες-2")
    with pytest.raises(Invalid, match="at least one letter"):
        services.found_domain(alice, "!!!")


def test_no_domain_takes_the_address_of_a_page(alice: Viewer, app: Flask) -> None:
    fixed = {
        rule.rule.rpartition("/")[2]
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(("/forums/", "/domains/", "/admin/domains/")) and not rule.arguments
    }

    assert fixed == RESERVED
    with pytest.raises(Conflict, match="choose another name"):
        services.found_domain(alice, " Unanswered ")
    assert all_domains() == []


def test_a_charter_is_written_by_the_domains_steward_or_an_administrator(alice: Viewer) -> None:
    controls, air = make_domain("Controls"), make_domain("Air")
    steward = viewer_of(officer(make_member(), "domain_steward", scope_kind="domain", scope_id=controls.id))

    written = services.write_charter(steward, controls.id, "What we are **for**.", [" Which? ", " ", "Why?"])

    assert written.charter_owner_id == steward.id
    assert written.charter_html == "<p>What we are <strong>for</strong>.</p>"
    assert written.learning_questions == ["Which?", "Why?"]
    with pytest.raises(Refused, match="steward"):
        services.write_charter(steward, air.id, "Mine too.", [])
    assert services.write_charter(alice, controls.id, "Anew.", []).charter_owner_id == alice.id
    with pytest.raises(Invalid) as refused:
        services.write_charter(alice, controls.id, "x" * 2_000_000, [])
    assert refused.value.field == "charter"
    with pytest.raises(Missing, match="no such domain"):
        services.write_charter(alice, 99, "For nothing.", [])


def test_who_is_suspended_neither_draws_the_map_nor_writes_on_it(app: Flask) -> None:
    domain, (tag,) = make_domain("Controls"), tags("valves")
    keeper = make_member(state="suspended")
    for office in ("administrator", "curator"):
        officer(keeper, office)
    actor = viewer_of(officer(keeper, "domain_steward", scope_kind="domain", scope_id=domain.id))

    for attempt in (
        lambda: services.write_charter(actor, domain.id, "Anew.", []),
        lambda: services.change_domain(actor, domain.id, name="Mine", summary="", position=0),
        lambda: services.found_domain(actor, "Another"),
        lambda: services.add_synonym(actor, "taps", tag.id),
    ):
        with pytest.raises(Refused, match="Suspended"):
            attempt()


def test_a_charter_is_fresh_for_four_hundred_days(alice: Viewer) -> None:
    domain = make_domain()
    assert not charter_is_fresh(domain)
    services.write_charter(alice, domain.id, "What for.", [])
    written = domain.charter_at
    assert written is not None

    assert charter_is_fresh(domain, written + timedelta(days=399))
    assert not charter_is_fresh(domain, written + timedelta(days=400))
    with time_machine.travel(written + timedelta(days=401)):
        assert not charter_is_fresh(domain)


def test_a_domain_is_found_by_its_address_and_named_for_offices(app: Flask) -> None:
    domain = make_domain("Controls")

    assert domain_by_slug("controls").id == domain.id
    with pytest.raises(Missing, match="no such domain"):
        domain_by_slug("none")
    assert fact("domain_name", domain.id, default="?") == domain_name(domain.id) == "Controls"
    assert domain_name(domain.id + 1) == ""


def test_sub_topics_are_tags_that_the_domains_page_lists(alice: Viewer) -> None:
    domain = make_domain()
    tags("pumps")

    for word in ("Valves", "Pumps", "Fans"):
        services.add_sub_topic(alice, domain.id, word)

    assert [tag.slug for tag in sub_topics(domain.id)] == ["valves", "pumps", "fans"]
    with pytest.raises(Invalid, match="needs a word"):
        services.add_sub_topic(alice, domain.id, " ... ")
    with pytest.raises(Missing, match="no such domain"):
        services.add_sub_topic(alice, 99, "word")


def test_words_make_tags_once(app: Flask) -> None:
    first = tags("Low Delta T", "low-delta-t", "", "c#")

    assert [tag.slug for tag in first] == ["low-delta-t", "c#"]
    assert [tag.id for tag in tags("C#", "new", "LOW delta_t")] == [first[1].id, first[1].id + 1, first[0].id]
    assert slugs("unknown", "c#") == ["c#"]
    assert slugs() == []


def test_a_tag_that_fills_the_space_is_found_again(app: Flask) -> None:
    word = f"{'a' * 49} b"

    assert [tag.slug for tag in tags(word)] == ["a" * 49]
    assert slugs(word) == ["a" * 49]


def test_a_tag_somebody_else_makes_at_the_same_moment_serves_both(app: Flask) -> None:
    (theirs,) = tags("pumps")

    with act() as session:  # as where the look before had not shown it yet
        services._make_tag(session, "pumps")
        services._make_tag(session, "fans")

    assert [tag.id for tag in tags("pumps")] == [theirs.id]
    assert slugs("fans") == ["fans"]


def test_another_word_stands_for_a_tag(alice: Viewer) -> None:
    (vav,) = tags("vav")
    curator = viewer_of(officer(make_member(), "curator"))

    services.add_synonym(curator, "Variable air volume", vav.id)

    assert slugs("variable-air-volume", "VAV") == ["vav"]
    assert [tag.id for tag in tags("variable air volume")] == [vav.id]
    with pytest.raises(Conflict, match="stands for a tag already"):
        services.add_synonym(alice, "variable air volume", vav.id)
    for word in ("vav", " "):
        with pytest.raises(Conflict, match="tag of its own"):
            services.add_synonym(alice, word, vav.id)
    with pytest.raises(Refused, match="Curators"):
        services.add_synonym(viewer_of(make_member()), "box", vav.id)


def test_merged_tags_lead_to_the_one_that_is_left(alice: Viewer) -> None:
    old, middle, last = tags("old", "middle", "last")
    services.add_synonym(alice, "ancient", old.id)

    services.merge_tags(alice, old.id, middle.id)
    services.merge_tags(alice, middle.id, last.id)

    assert slugs("ancient", "old", "middle", "last") == ["last"]
    assert [tag.id for tag in tags("old", "last")] == [last.id]
    assert db.session.scalars(select(TagSynonym.tag_id)).all() == [last.id]


def test_merging_in_a_circle_or_twice_is_refused(alice: Viewer) -> None:
    old, middle, last = tags("old", "middle", "last")
    services.merge_tags(alice, old.id, middle.id)
    services.merge_tags(alice, middle.id, last.id)

    for one, other in ((last, old), (last, middle), (last, last)):
        with pytest.raises(Conflict, match="one tag already"):
            services.merge_tags(alice, one.id, other.id)
    with pytest.raises(Conflict, match="merged already"):
        services.merge_tags(alice, old.id, tags("new")[0].id)
    with pytest.raises(Missing, match="no such tag"):
        services.merge_tags(alice, last.id, 99)
    with pytest.raises(Refused, match="Curators"):
        services.merge_tags(viewer_of(make_member()), last.id, tags("new")[0].id)


def test_merging_into_a_merged_tag_files_under_the_one_that_is_left(alice: Viewer) -> None:
    old, middle, last = tags("old", "middle", "last")
    services.merge_tags(alice, middle.id, last.id)

    services.merge_tags(alice, old.id, middle.id)

    assert db.session.get_one(Tag, old.id).merged_into_id == last.id


def test_a_merged_sub_topic_is_listed_by_its_new_name(alice: Viewer) -> None:
    domain, (other,) = make_domain(), tags("circulators")
    pumps = services.add_sub_topic(alice, domain.id, "Pumps")
    fans = services.add_sub_topic(alice, domain.id, "Fans")

    services.merge_tags(alice, pumps.id, other.id)
    assert [tag.slug for tag in sub_topics(domain.id)] == ["circulators", "fans"]
    services.merge_tags(alice, fans.id, other.id)
    assert [tag.slug for tag in sub_topics(domain.id)] == ["circulators"]


def test_members_choose_their_domains(app: Flask) -> None:
    member, controls, air = viewer_of(make_member()), make_domain("Controls"), make_domain("Air")

    services.choose_domains(member, [controls.id, air.id, 99])
    assert sorted(domains_of(member.id)) == [controls.id, air.id]
    services.choose_domains(member, [air.id])
    assert domains_of(member.id) == [air.id]
    services.choose_domains(member, [])
    assert domains_of(member.id) == []
