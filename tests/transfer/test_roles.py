"""People and organizations have roles that point at nobody."""

from __future__ import annotations

from collections import Counter

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iocop.transfer import roles
from iocop.transfer.naming import Name
from iocop.transfer.roles import FEW, Place, Wrote

FIRM = Place("firm", "50-249", "DE")


def wrote(member_id: int | None, name: str = "Ann Alder", place: Place | None = None, **about: bool) -> Wrote:
    return Wrote(member_id, name, name.lower().replace(" ", "-"), place, **about)


@pytest.mark.parametrize(
    ("number", "expected"), [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (702, "AAA")]
)
def test_letters_go_on(number: int, expected: str) -> None:
    assert roles.letters(number) == expected


def test_one_person_has_one_role_throughout(app: Flask) -> None:
    texts = [wrote(1, asked=True), wrote(2), wrote(3), wrote(2), wrote(1)]

    assert [role.short for role in roles.authors(texts, {})] == [
        "the asker", "practitioner A", "practitioner B", "practitioner A", "the asker",
    ]  # fmt: skip


def test_nothing_connects_a_sealed_text_with_another(app: Flask) -> None:
    texts = [wrote(None), wrote(1), wrote(None, place=FIRM)]

    found = list(roles.authors(texts, {FIRM: 100}))

    assert [role.short for role in found] == ["a practitioner", "practitioner A", "a practitioner"]
    assert found[2].place == Place()


@pytest.mark.parametrize(
    ("directory", "told"),
    [
        ({FIRM: FEW}, FIRM),
        ({FIRM: FEW - 1}, Place()),
        ({FIRM: 1, Place("firm", "50-249", "IE"): FEW - 1}, Place("firm", "50-249")),
        ({FIRM: 1, Place("firm", "1", "IE"): FEW - 1}, Place("firm")),
        ({FIRM: 1, Place("public", "50-249", "DE"): 100}, Place()),
        ({}, Place()),
    ],
)
def test_what_points_at_one_organization_is_not_told(directory: dict[Place, int], told: Place) -> None:
    assert roles.coarsened(FIRM, directory) == told


places = st.builds(
    Place,
    st.sampled_from(["firm", "public"]),
    st.sampled_from(["", "1", "50-249"]),
    st.sampled_from(["", "DE", "IE"]),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(places, max_size=40), places)
def test_what_is_told_always_fits_several_organizations(known: list[Place], place: Place) -> None:
    directory = Counter(known)

    told = roles.coarsened(place, directory)

    fitting = [
        one for one in known if all(not want or want == had for want, had in zip(told, one, strict=True))
    ]
    assert told == Place() or len(fitting) >= FEW
    assert all(not part or part == given for part, given in zip(told, place, strict=True))


def test_a_person_is_known_by_the_whole_name_its_parts_and_the_handle() -> None:
    texts = [wrote(1, "Ann Will Alder"), wrote(1, "Ann Will Alder"), wrote(None, "Zoe Zander")]
    given_roles = [roles.Role("A", Place())] * 2 + [roles.Role("B", Place())]

    assert list(roles.people_named(texts, given_roles)) == [
        Name(("ann", "will", "alder"), "A"), Name(("alder", "ann", "will"), "A"),
        Name(("ann",), "A", cased=True), Name(("alder",), "A", cased=True), Name(("ann", "will", "alder"), "A"),
    ]  # fmt: skip


def test_a_name_of_one_word_has_no_parts() -> None:
    assert list(roles.people_named([wrote(1, "Pumpguru")], [roles.Role("A", Place())])) == [
        Name(("pumpguru",), "A")
    ]


def test_an_organization_whose_name_has_no_letter_is_left_out() -> None:
    assert list(roles.organizations_named([(1, "…"), (2, "Acme Ltd")])) == [(2, ("acme",))]
