"""While there is no index, titles and names are searched within all that the box says, and nothing else is found."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from iocop.contributions.models import ContributionDomain, ContributionTag
from iocop.core.db import act, db
from iocop.domains.models import Domain, Tag
from tests.factories import saved
from tests.search.factories import make_answer, make_firm, make_person, make_space, make_topic

if TYPE_CHECKING:
    from flask import Flask

    from tests.client import Browser


def found(browser: Browser, typed: str) -> set[str]:
    page = browser.page(f"/search?q={typed.replace(' ', '+')}")
    assert "being built" in page.get_text()
    return {heading.get_text().removeprefix("Frost ") for heading in page.select(".list-row h2")}


@pytest.fixture
def topics(app: Flask) -> None:
    """One topic with everything a filter can name, and one without."""
    shutil.rmtree(app.extensions["settings"].data_dir / "search", ignore_errors=True)
    space, firm, author = make_space(), make_firm(slug="acme", name="Acme"), make_person(handle="ada")
    with act():
        space.slug = "garage"
    one = make_topic(
        "Frost one", space_id=space.id, author_id=author.id, organization_id=firm.id, language="de"
    )
    saved(
        ContributionDomain(contribution_id=one.id, domain_id=saved(Domain(slug="cooling", name="Cooling")).id)
    )
    saved(ContributionTag(contribution_id=one.id, tag_id=saved(Tag(slug="pumps")).id))
    with act():
        db.session.merge(one).accepted_id = make_answer(one, "So.").id
    make_topic("Frost two")


@pytest.mark.usefixtures("topics")
@pytest.mark.parametrize(
    "operator",
    ["domain:cooling", "tag:pumps", "org:acme", "by:ada", "status:solved", "space:garage", "lang:de"],
)
def test_filters_narrow_titles_too(browser: Browser, operator: str) -> None:
    assert found(browser, f"frost {operator}") == {"one"}
    assert found(browser, f"frost -{operator}") == {"two"}


@pytest.mark.usefixtures("topics")
def test_times_bound_titles_and_what_cannot_be_known_finds_nothing(browser: Browser) -> None:
    assert found(browser, "frost") == {"one", "two"}
    assert found(browser, "frost after:2020") == {"one", "two"}
    assert found(browser, "frost before:2020") == set()
    assert found(browser, "frost year:1999") == set()
    assert found(browser, "frost year:9999") == set()
    assert found(browser, "frost -year:9999 after:0001 before:9999") == {"one", "two"}
    assert found(browser, "frost product:heatcalc") == set()
    assert found(browser, "frost tag:nosuch") == set()
    assert found(browser, "frost -two") == {"one"}
