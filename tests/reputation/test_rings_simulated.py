"""A small made-up community: what people who endorse one another in a circle get from it."""

from __future__ import annotations

from tests.bench.rings import Size, simulate

SMALL = Size(members=600, organizations=60, answers=1500)


def test_rings_stay_below_the_first_level_and_are_noticed_and_nobody_honest_is() -> None:
    result = simulate(1, SMALL)
    one_company, many_companies, star, socks = result.outcomes

    assert [one.level for one in (one_company, star, socks)] == [0, 0, 0]
    assert one_company.raw > 3000
    assert one_company.points <= 20
    assert (one_company.found, many_companies.found) == (20, 20)
    assert result.accused == 0
    assert sum(result.levels[1:]) > 60  # who is honest does climb
