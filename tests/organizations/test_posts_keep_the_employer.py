"""Seen from outside a writer speaks from a firm: posts keep the employer of their time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iocop.core import clock
from iocop.organizations import queries, services
from tests.forums.factories import make_topic
from tests.people import cast, seen_by

if TYPE_CHECKING:
    from tests.client import Browser

pytestmark = pytest.mark.usefixtures("app")


@pytest.mark.theory("2.20")
def test_after_a_change_of_employer_an_old_post_still_names_the_former_one(browser: Browser) -> None:
    people = cast()
    bob, today = seen_by(people.bob), clock.now().date()
    topic = make_topic(author=people.bob)

    (row,) = queries.current_rows(bob.id)
    services.end_affiliation(bob, row.id, today)
    services.record_affiliation(bob, bob.id, people.rival.id, "", today)

    page = browser.page(f"/t/{topic.id}")
    author = " ".join(str(each.text) for each in page.select(".post .author, .post .author-line"))
    assert "Acme" in author
    assert queries.stamp(bob.id, None, clock.now()).organization_id == people.rival.id
