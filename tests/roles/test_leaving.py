"""Who leaves the community holds no office in it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.events import emit
from iocop.core.models import EventRow
from iocop.members.events import MemberErased, MemberLeft
from iocop.roles import queries, services
from tests.people import cast

pytestmark = pytest.mark.usefixtures("app")


@pytest.mark.parametrize("kind", [MemberLeft, MemberErased])
def test_who_leaves_lays_every_office_down(kind: type[MemberLeft | MemberErased]) -> None:
    people = cast()
    founding = services.found_site()
    later = clock.now() + timedelta(days=3)
    services.grant_role(None, people.alice.id, "curator", founding, valid_from=later)
    about = {"with_texts": False} if kind is MemberErased else {}

    with act():
        emit(kind(actor_id=people.alice.id, member_id=people.alice.id, **about))

    assert people.alice.roles == []
    assert queries.unfinished(people.alice.id, later) == []
    assert db.session.scalar(select(func.count(EventRow.id)).where(EventRow.name == "RoleEnded")) == 2
    assert services.first_administrator_link() is not None
