"""The cast is as its file says."""

from __future__ import annotations

import pytest

from iocop.core import clock
from iocop.organizations import queries
from iocop.roles import queries as roles
from tests.people import cast, seen_by

pytestmark = pytest.mark.usefixtures("app")


def test_alice_runs_the_site_and_the_others_do_not() -> None:
    people = cast()

    assert roles.holders("administrator") == [people.alice.id]
    assert seen_by(people.alice).roles == {"administrator"}


def test_bob_is_alices_only_colleague() -> None:
    people = cast()

    assert queries.colleagues(people.alice.id, clock.now()) == {people.bob.id}
    assert queries.sells(people.vendor.id) == {"V6"}
