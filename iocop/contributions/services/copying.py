"""What was given in one form stands in another from now on, by the same author, from where they wrote it."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from sqlalchemy import select

from iocop.contributions.events import Contributed
from iocop.contributions.models import Contribution, ContributionDomain, ContributionTag, Follow, Revision
from iocop.contributions.services.text import readable_references, write_references
from iocop.core import clock
from iocop.core.db import act
from iocop.core.events import emit
from iocop.core.versions import bump

if TYPE_CHECKING:
    from iocop.contributions.services.text import Written
    from iocop.core.login import Viewer

KEPT = (
    "author_id", "affiliation_id", "organization_id", "org_group_id", "org_evidence", "byline", "space_id",
    "label", "language", "licence", "attribution",
)  # fmt: skip


def bring_forward(
    actor: Viewer, source: Contribution, kind: str, title: str, written: Written
) -> Contribution:
    """Write a new root of another kind from a contribution: its author, stamp, label, domains and tags stay.

    The caller has asked its own policy, and is inside an act.

    Args:
        actor: whose act it is, such as the reviewer whose approval was the last one needed.
    """
    now = clock.now()
    with act() as session:
        row = Contribution(
            kind=kind, submission_key=f"forward-{secrets.token_hex(8)}", created_at=now,
            text=written.text, html=written.html, plain=written.plain, renderer=written.renderer,
            **{name: getattr(source, name) for name in KEPT},
        )  # fmt: skip
        session.add(row)
        session.flush()
        row.root_id = row.id
        session.add(
            Revision(
                contribution_id=row.id,
                number=1,
                editor_id=row.author_id,
                organization_id=row.organization_id,
                at=now,
                title=title,
                text=written.text,
            )
        )
        session.add(Follow(member_id=row.author_id, root_id=row.id, since=now))
        _file_alike(source.id, row.id)
        session.flush()
        write_references(row.id, readable_references(actor, written), written)
        bump(f"topic:{row.id}", "topics")
        emit(Contributed(actor.id, row.id, row.id, kind))
    return row


def _file_alike(source_id: int, target_id: int) -> None:
    with act() as session:
        domains = select(ContributionDomain.domain_id, ContributionDomain.position)
        for row in session.execute(domains.where(ContributionDomain.contribution_id == source_id)):
            session.add(
                ContributionDomain(contribution_id=target_id, domain_id=row.domain_id, position=row.position)
            )
        tags = select(ContributionTag.tag_id).where(ContributionTag.contribution_id == source_id)
        session.add_all(
            ContributionTag(contribution_id=target_id, tag_id=tag) for tag in session.scalars(tags)
        )
