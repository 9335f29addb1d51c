"""Which tags and domains the tags of a dump become."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iocop.domains.slugs import tag_slug
from iocop.imports.stackexchange.plan.tags import BadChoices, Choices, TagPlan, choices, masters, slug
from iocop.imports.stackexchange.records import TagSynonym

DAY = datetime(2015, 3, 1, tzinfo=UTC)


def synonyms(*pairs: tuple[str, str]) -> list[TagSynonym]:
    return [TagSynonym(n, source, target, DAY, DAY) for n, (source, target) in enumerate(pairs)]


@pytest.mark.parametrize(
    ("name", "expected"),
    [("heat-pumps", "heat-pumps"), ("C++", "c++"), ("c#-4.0", "c#-4.0"), (".net", "dot-net"), ("node.js", "node.js"),
     ("日本語", "日本語"), ("ﬁlter", "filter"), ("*", "u2a"), ("*!", "u2a-u21"), ("a_b", "a-b")],
)  # fmt: skip
def test_slugs(name: str, expected: str) -> None:
    assert slug(name) == expected


@given(st.text(min_size=1))
def test_a_slug_can_stand_in_an_address(name: str) -> None:
    made = slug(name)

    assert made
    assert made == tag_slug(made)  # what a member types leads to it
    assert not set(made) & set(" /?%_\n")


def test_synonyms_lead_to_their_master_through_any_chain() -> None:
    assert masters(synonyms(("pump", "pumps"), ("pompe", "pump"))) == {"pump": "pumps", "pompe": "pumps"}


def test_synonyms_in_a_circle_or_only_proposed_are_none() -> None:
    proposed = TagSynonym(9, "valve", "valves", DAY)

    assert masters([*synonyms(("a", "b"), ("b", "a"), ("c", "a"), ("d", "d")), proposed]) == {}


def test_tags_merge_by_synonym_by_slug_and_by_choice() -> None:
    plan = TagPlan(
        synonyms(("pump", "pumps")), Choices("hvac", tags={"pumps": "circulators", "dhw": "hot-water"})
    )

    assert plan.slugs_of(["pump", "pumps", "dhw", "Node.js", "node.js"]) == (
        "circulators",
        "hot-water",
        "node.js",
    )


def test_a_topic_has_one_to_three_domains_by_its_tags() -> None:
    places = {"pumps": "hydraulics", "bms": "controls", "ashrae": "codes", "ahu": "air"}
    plan = TagPlan(synonyms(("pump", "pumps")), Choices("hvac", domains=places))

    assert plan.domains_of(["odd"]) == ("hvac",)
    assert plan.domains_of(["bms", "pump", "odd", "pumps"]) == ("controls", "hydraulics")
    assert plan.domains_of(["ahu", "pump", "ashrae", "bms"]) == ("air", "hydraulics", "codes")


def test_a_mapping_file_names_domains_and_tags() -> None:
    text = 'domain = "hvac"\n[domains]\n"c++" = "controls"\n[tags]\ndhw = "hot-water"'

    assert choices(text) == Choices("hvac", {"c++": "controls"}, {"dhw": "hot-water"})
    assert choices(text, domain="air").domain == "air"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("domain =", "The mapping is not valid TOML"),
        ('realm = "hvac"', "The mapping has realm, which means nothing."),
        ("", "The mapping names no domain for topics that no tag places."),
        ("domain = 3", "The mapping names no domain"),
        (
            'domain = "hvac"\n[domains]\npumps = 3',
            "In the mapping, domains must be a table from names to names.",
        ),
        ('domain = "hvac"\ntags = "x"', "In the mapping, tags must be a table from names to names."),
    ],
)
def test_a_mapping_that_cannot_be_followed_is_refused(text: str, reason: str) -> None:
    with pytest.raises(BadChoices) as refused:
        choices(text)

    assert str(refused.value).startswith(reason)
