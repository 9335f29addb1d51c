"""What filters name is looked up for the viewer: through synonyms and mergers, never past what they may know."""

from __future__ import annotations

from typing import Any

import pytest

from iocop.contributions.models import Contribution
from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.login import GUEST, Viewer
from iocop.core.versions import bump
from iocop.domains.models import Domain, Tag, TagSynonym
from iocop.members.numbers import shown
from iocop.organizations.models import Offer, OrganizationAlias
from iocop.repertoire.models import Article
from iocop.search.plan import Bounds
from iocop.search.query import FILTERS, Filter, SearchQuery, parse
from iocop.search.resolving import Resolved, resolve
from iocop.spaces.models import Space
from iocop.spaces.queries import scope_of
from tests.factories import saved, viewer_of
from tests.search.factories import let_in, make_firm, make_person, make_space, statements

pytestmark = pytest.mark.usefixtures("app")


def resolved(typed: str, viewer: Viewer = GUEST) -> Resolved:
    return resolve(viewer, scope_of(viewer), parse(typed))


def keys(typed: str, viewer: Viewer = GUEST) -> tuple[frozenset[str], ...]:
    return resolved(typed, viewer).bounds.all_of


def only(*wanted: str) -> tuple[frozenset[str], ...]:
    return (frozenset(wanted),)


def problem(typed: str, viewer: Viewer = GUEST) -> str:
    """The one problem of a filter that lets nothing be found."""
    found = resolved(typed, viewer)
    assert found.bounds == Bounds(all_of=(frozenset(),))
    assert not found.names
    return next(iter(found.problems.values()))


def make_about(product: str, versions: str, space: Space, label: str = "public") -> None:
    now = clock.now()
    given: dict[str, Any] = {
        "kind": "article", "author_id": make_person().id, "label": label, "space_id": space.id, "plain": "", "text": "",
        "submission_key": f"about-{product}-{versions}", "created_at": now,
    }  # fmt: skip
    with act() as session:
        row = Contribution(**given)
        session.add(row)
        session.flush()
        row.root_id = row.id
        title = f"{product} {versions}"
        article = Article(
            id=row.id, title=title, title_key=title.casefold(), kind="reference", standing="sealed"
        )
        article.product, article.versions = product, versions
        article.published_at = article.renewed_at = article.review_by = now
        session.add(article)


def test_without_filters_nothing_bounds_and_nothing_is_asked() -> None:
    scope, query = scope_of(GUEST), parse('frost "heating coil" -noise in:title order:latest kind:article')

    with statements() as seen:
        found = resolve(GUEST, scope, query)

    assert found.bounds.is_empty
    assert not found.problems
    assert not seen


@pytest.mark.parametrize("typed", ["@ada", "by:ADA", 'by:"Ada Lovelace"', 'by:"ada lovelace"', "author:@Ada"])
def test_a_person_is_named_by_handle_or_whole_name(typed: str) -> None:
    ada = make_person(name="Ada Lovelace", handle="ada")

    found = resolved(typed)

    assert found.bounds.all_of == only(f"author={ada.id}")
    assert list(found.names.values()) == ["Ada Lovelace"]


def test_a_person_is_named_by_number_too() -> None:
    ada = make_person()

    assert keys(f"by:{shown(ada.number)}") == only(f"author={ada.id}")


def test_a_handle_comes_before_a_name_and_names_may_be_of_several() -> None:
    make_person(name="frost")
    handled = make_person(handle="frost")
    one, other = make_person(name="Jane Doe"), make_person(name="Jane Doe")

    assert keys("@frost") == only(f"author={handled.id}")
    assert keys('by:"jane doe"') == only(f"author={one.id}", f"author={other.id}")


def test_part_of_a_name_is_nobody() -> None:
    make_person(name="Ada Lovelace", handle="ada-l")

    assert problem("@ada") == "Nobody here is called “ada”: type a handle or a whole name."


@pytest.mark.parametrize("state", ["left", "erased"])
def test_who_left_is_not_confirmed(state: str) -> None:
    make_person(handle="gone", name="Gone Person", state=state)

    assert problem("@gone")
    assert problem('by:"Gone Person"')


def test_me_is_who_asks() -> None:
    ada = make_person()

    assert keys("by:me", viewer_of(ada)) == only(f"author={ada.id}")
    assert problem("by:me")


@pytest.mark.parametrize(
    "typed",
    [
        "org:acme",
        'org:"Acme Ltd"',
        'org:"ACME"',
        'organisation:"Ajax Pumps"',
        "org:old-acme",
        'org:"Old Acme"',
    ],
)
def test_an_organization_is_named_by_any_of_its_names_and_counts_with_what_it_was(typed: str) -> None:
    acme = make_firm(name="Acme Ltd", slug="acme")
    old = make_firm(name="Old Acme", slug="old-acme", merged_into_id=acme.id)
    saved(OrganizationAlias(organization_id=acme.id, name="Ajax Pumps"))
    make_firm(name="Another", slug="another")

    found = resolved(typed)

    assert found.bounds.all_of == only(f"org={acme.id}", f"org={old.id}")
    assert list(found.names.values()) == ["Acme Ltd"]


def test_the_name_in_the_address_tells_organizations_of_one_name_apart() -> None:
    first, second = make_firm(name="Acme", slug="acme"), make_firm(name="Acme GmbH", slug="acme-2")

    assert keys("org:acme-2") == only(f"org={second.id}")
    assert keys("org:acme") == only(f"org={first.id}")
    assert keys('org:"acme inc"') == only(f"org={first.id}", f"org={second.id}")


def test_an_organization_nobody_knows_finds_nothing() -> None:
    assert problem('org:"Nobody & Sons"') == "No organization is called “Nobody & Sons”."


@pytest.mark.parametrize("typed", ["tag:heat-pump", 'tag:"Heat Pump"', "tag:hp", "tag:warmer"])
def test_a_tag_is_found_through_synonyms_and_mergers(typed: str) -> None:
    pump = saved(Tag(slug="heat-pump"))
    warm = saved(Tag(slug="warm", merged_into_id=pump.id))
    warmer = saved(Tag(slug="warmer", merged_into_id=warm.id))
    saved(TagSynonym(slug="hp", tag_id=pump.id))

    found = resolved(typed)

    assert found.bounds.all_of == only(*(f"tag={tag.id}" for tag in (pump, warm, warmer)))
    assert list(found.names.values()) == ["heat-pump"]


def test_who_names_two_tags_wants_both_who_names_two_people_either() -> None:
    one, other = saved(Tag(slug="one")), saved(Tag(slug="other"))
    ada, bob = make_person(handle="ada"), make_person(handle="bob")

    assert keys("tag:one tag:other") == (frozenset({f"tag={one.id}"}), frozenset({f"tag={other.id}"}))
    assert keys("@ada @bob") == only(f"author={ada.id}", f"author={bob.id}")
    assert keys("@ada @nobody") == only(f"author={ada.id}")


@pytest.mark.parametrize("typed", ["domain:hydronics", 'domain:"Hydronic Balancing"'])
def test_a_domain_is_named_by_name_or_address(typed: str) -> None:
    domain = saved(Domain(slug="hydronics", name="Hydronic Balancing"))
    with act():
        bump("site")

    assert keys(typed) == only(f"domain={domain.id}")
    assert problem("domain:nothing") == "No domain is called “nothing”."


def test_a_space_is_known_to_who_may_be_there_only() -> None:
    named, reader, other = make_space("named"), make_person(), make_person()
    let_in(reader, named)

    for typed in (f"space:{named.slug}", f'space:"{named.name.upper()}"'):
        assert keys(typed, viewer_of(reader)) == only(f"space={named.id}")
        for stranger in (viewer_of(other), GUEST):
            value = parse(typed).filters[0].value
            assert problem(typed, stranger) == f"No space is called “{value}”, or it is not open to you."
            assert resolved(f"-{typed}", stranger).bounds.is_empty


def test_products_are_those_that_are_sold_or_that_readable_articles_are_about() -> None:
    saved(Offer(organization_id=make_firm().id, name="Heat Calc"))
    make_about("Pump Sizer", "2.1–2.3", make_space("public"))
    make_about("Secret Tool", "9.0", make_space("named"))
    make_about("Inner Tool", "7.0", make_space("public"), label="members")

    assert keys('product:"heat calc"') == only("product=heat-calc")
    assert resolved("product:pump-sizer").names == {Filter("product", "pump-sizer"): "Pump Sizer"}
    assert problem("product:secret-tool") == "Nothing here is about a product “secret-tool”."
    assert problem("product:inner-tool")
    assert keys("product:inner-tool", viewer_of(make_person())) == only("product=inner-tool")


def test_a_version_is_one_of_the_product_asked_for_or_of_any() -> None:
    space = make_space("public")
    make_about("Pump Sizer", "2.1–2.3", space)
    make_about("Heat Calc", "2.1", space)

    assert keys("version:2.1") == only("version=pump-sizer 2.1", "version=heat-calc 2.1")
    assert keys("product:heat-calc version:v2.1")[1] == frozenset({"version=heat-calc 2.1"})
    assert problem("version:9.9") == "Nothing here is about a version “9.9”."


@pytest.mark.parametrize(
    ("typed", "bound"),
    [("status:solved", "status=solved"), ("status:OPEN", "status=open"), ("year:2026", "year=2026"),
     ("lang:de", "lang=de"), ("lang:german", "lang=de"), ("language:Deutsch", "lang=de")],
)  # fmt: skip
def test_what_is_no_name_is_read(typed: str, bound: str) -> None:
    assert keys(typed) == only(bound)


def test_norwegian_is_one_language() -> None:
    assert keys("lang:no") == only("lang=no", "lang=nb", "lang=nn")


@pytest.mark.parametrize(
    "typed",
    ["status:maybe", "year:26", "year:2026-03", "lang:zz", "lang:klingonese", "kind:banana", "before:soon",
     "after:2026-13", "after:3/4/2026", "before:0000"],
)  # fmt: skip
def test_what_makes_no_sense_finds_nothing_and_says_how_it_is_typed(typed: str) -> None:
    assert problem(typed)
    assert resolved(f"-{typed}").bounds.is_empty
    assert resolved(f"-{typed}").problems


def test_days_bound_time() -> None:
    found = resolved("after:2026-03-14 before:2027")

    assert found.bounds == Bounds(after=1773446400, before=1798761600)
    assert list(found.names.values()) == ["14 March 2026", "2027"]
    assert resolved("-before:2026-03-14").bounds == Bounds(after=1773446400)
    assert resolved("after:14.3.2026").bounds == Bounds(after=1773446400)
    assert resolved("after:2025 after:2026-03-14").bounds == Bounds(after=1773446400)
    assert resolved("before:2027 -after:2028").bounds == Bounds(before=1798761600)


def test_what_is_left_out_is_not_found() -> None:
    tag, ada = saved(Tag(slug="noise")), make_person(handle="ada")

    found = resolved("-tag:noise -@ada -kind:file -year:2020").bounds

    assert found == Bounds(none_of=frozenset({f"tag={tag.id}", f"author={ada.id}", "kind=file", "year=2020"}))


def test_the_tab_is_no_bound() -> None:
    assert resolved("kind:people frost").bounds.is_empty
    assert not resolved("kind:people frost").problems


@pytest.mark.parametrize(
    "value", ["x" * 390, "%_\\'", "漢字", "'; drop table member; --1", "1e9", "²", "٣", "-1", "nul 0", "ß"]
)
def test_whatever_stands_behind_an_operator_is_looked_up(value: str) -> None:
    for name in FILTERS:
        one = Filter(name, value)
        found = resolve(GUEST, scope_of(GUEST), SearchQuery(filters=(one,)))
        assert one in found.problems
        assert found.bounds.all_of == (frozenset(),)


def test_each_operator_costs_one_statement_however_often_it_is_used() -> None:
    for number in range(3):
        firm = make_firm(slug=f"f{number}")
        make_firm(merged_into_id=firm.id)
        saved(Tag(slug=f"t{number}"))
        make_person(handle=f"p{number}")
    scope, few, many = (
        scope_of(GUEST),
        parse("@p0 org:f0 tag:t0 space:x product:x version:1"),
        parse(" ".join(f"@p{n} org:f{n} -tag:t{n} space:s{n} product:x{n} version:{n}" for n in range(3))),
    )
    db.session.commit()

    with statements() as seen:
        resolve(GUEST, scope, few)
    assert len(seen) <= 5
    with statements() as seen:
        resolve(GUEST, scope, many)
    assert len(seen) <= 5
