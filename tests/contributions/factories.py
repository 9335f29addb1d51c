"""What tests of contributions need to exist."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

from iocop.contributions.services import Given, contribute
from iocop.core import clock
from iocop.core.versions import bump
from iocop.domains.models import Domain
from iocop.organizations.models import Affiliation
from iocop.roles.models import Decision, RoleGrant
from iocop.spaces.models import Space
from tests.factories import make_member, saved, viewer_of

if TYPE_CHECKING:
    from iocop.contributions.models import Contribution
    from iocop.core.login import Viewer
    from iocop.members.models import Member
    from iocop.organizations.models import Organization

_numbers = count(1)


def make_space(audience: str = "public", **given: Any) -> Space:
    number = next(_numbers)
    usual = {"slug": f"space-{number}", "name": f"Space {number}", "created_at": clock.now()}
    return saved(Space(**usual | {"audience": audience} | given))


def make_domain(**given: Any) -> Domain:
    number = next(_numbers)
    domain = saved(Domain(**{"slug": f"domain-{number}", "name": f"Domain {number}"} | given))
    from iocop.core.db import act

    with act():
        bump("domains")
    return domain


def given(**changes: Any) -> Given:
    """A reply where `parent_id` is named, else a question in a domain and space of its own."""
    number = next(_numbers)
    usual: dict[str, Any] = {"text": f"Text {number}.", "submission_key": f"key-{number}"}
    if changes.get("parent_id") is None:
        usual |= {"kind": "question", "title": f"Question {number}"}
        if "domain_ids" not in changes:
            usual["domain_ids"] = (make_domain().id,)
        if "space_id" not in changes:
            usual["space_id"] = make_space().id
    else:
        usual["kind"] = "answer"
    return Given(**usual | changes)


def make_contribution(author: Member | None = None, **changes: Any) -> Contribution:
    """A question of a member, or an answer under `parent_id`."""
    return contribute(viewer_of(author or make_member()), given(**changes))


def make_office(member: Member, role: str = "moderator") -> Viewer:
    """Give a member an office; return them as services take them."""
    now = clock.now()
    decision = saved(Decision(body="founding", text="For a test.", decided_on=now.date(), recorded_at=now))
    saved(
        RoleGrant(member_id=member.id, role=role, scope_kind="site", valid_from=now, decision_id=decision.id)
    )
    return viewer_of(member)


def affiliate(member: Member, organization: Organization, evidence: str = "self") -> Affiliation:
    """Let a member work somewhere since last year, past every service."""
    now = clock.now()
    row = Affiliation(
        line=next(_numbers), member_id=member.id, organization_id=organization.id, recorded_at=now, evidence=evidence,
        valid_from=now.date().replace(year=now.year - 1, day=1),
    )  # fmt: skip
    if evidence != "self":
        row.verified_at = now
        row.expires_at = now.replace(year=now.year + 1, day=1)
    return saved(row)
