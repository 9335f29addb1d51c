"""What waits for review, with what reviewers said of it, and what the repertoire is asked for: there and back again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from iocop.contributions.models import Contribution, Revision
from iocop.contributions.services import file_root
from iocop.contributions.services.loading import new_ids, write_rows
from iocop.core.db import act, alias_of, db
from iocop.imports.folders.files import maybe, moment, said
from iocop.imports.folders.keys import standing
from iocop.imports.folders.threads import passages, restore_passages
from iocop.repertoire.models import ArticleRequest, Proposal, Review

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from iocop.core.text.render import Rendered
    from iocop.imports.folders.files import Head
    from iocop.imports.folders.gathering import Gatherer
    from iocop.imports.folders.loading import Filed, Loader

WAITING = ("waiting", "changes")

_Target = alias_of(Contribution)


def suggestion_rows(labels: Collection[str]) -> Iterator[tuple[Proposal, Contribution]]:
    """Yield the suggestions that are not decided, and may be carried so far, the longest waiting first."""
    rows = (
        select(Proposal.id)
        .join(Contribution, Contribution.id == Proposal.id)
        .outerjoin(_Target, _Target.id == Proposal.article_id)
        .where(
            Proposal.status.in_(WAITING), Contribution.state == "visible", Contribution.label.in_(labels),
            or_(_Target.id.is_(None), (_Target.state == "visible") & _Target.label.in_(labels)),
        )
        .order_by(Proposal.submitted_at, Proposal.id)
    )  # fmt: skip
    for key in db.session.scalars(rows).all():
        yield db.session.get_one(Proposal, key), db.session.get_one(Contribution, key)


def request_rows(labels: Collection[str]) -> Iterator[tuple[ArticleRequest, Contribution]]:
    """Yield what was asked for, open or closed, and may be carried so far, the oldest first."""
    rows = (
        select(ArticleRequest.id)
        .join(Contribution, Contribution.id == ArticleRequest.id)
        .where(Contribution.state == "visible", Contribution.label.in_(labels))
        .order_by(Contribution.created_at, ArticleRequest.id)
    )
    for key in db.session.scalars(rows).all():
        yield db.session.get_one(ArticleRequest, key), db.session.get_one(Contribution, key)


def suggestion_head(names: Gatherer, proposal: Proposal, thing: Contribution) -> Head:
    unnamed = thing.author_id if thing.byline == "sealed" else None
    reviews = select(Review).where(Review.proposal_id == proposal.id).order_by(Review.at, Review.id)
    return {
        "act": proposal.act, "article": names.key(proposal.article_id), "base_version": proposal.base_version,
        "status": proposal.status, "round": proposal.round, "submitted": said(proposal.submitted_at),
        "widened": said(proposal.widened_at), "fields": _told(names, proposal.fields, unnamed),
        "reviews": [
            {
                "round": row.round, "reviewer": names.person(row.reviewer_id), "verdict": row.verdict,
                "power": row.power, "reason": row.reason, "organization": names.organization(row.organization_id),
                "group": names.organization(row.org_group_id), "evidence": row.org_evidence, "at": said(row.at),
            }
            for row in db.session.scalars(reviews)
        ],
        "passages": passages(names, proposal.id),
    }  # fmt: skip


def _told(names: Gatherer, stored: dict[str, Any], unnamed: int | None) -> Head:
    """Return what a suggestion asks for, by keys that hold on every site."""
    owner, deputy = (
        None if stored.get(name) == unnamed else stored.get(name) for name in ("owner_id", "deputy_id")
    )
    left_out = {"domain_ids", "owner_id", "deputy_id", "successor_id", "request_id", "base"}
    return {name: stored[name] for name in stored if name not in left_out} | {
        "domains": [names.domain(key) for key in stored.get("domain_ids") or ()],
        "owner": names.person(owner), "deputy": names.person(deputy),
        "successor": names.key(stored.get("successor_id")), "request": names.key(stored.get("request_id")),
        "base": _told(names, stored["base"], unnamed) if stored.get("base") else None,
    }  # fmt: skip


def _stored(here: Loader, told: Head) -> dict[str, Any]:
    """Return it as a proposal's row here keeps it."""
    renamed = {"domains", "owner", "deputy", "successor", "request", "base"}
    return {name: told[name] for name in told if name not in renamed} | {
        "domain_ids": [here.domains[slug] for slug in told["domains"]],
        "owner_id": here.member(told["owner"]) if told["owner"] else None,
        "deputy_id": here.member(told["deputy"]) if told["deputy"] else None,
        "successor_id": standing(told["successor"]) if told["successor"] else None,
        "request_id": standing(told["request"]) if told["request"] else None,
        "base": _stored(here, told["base"]) if told["base"] else None,
    }  # fmt: skip


def request_head(names: Gatherer, request: ArticleRequest) -> Head:
    return {
        "status": request.status, "asked_from": request.origin, "about": names.key(request.about_id),
        "votes": request.votes, "taken_by": names.person(request.taken_by_id), "taken": said(request.taken_at),
        "article": names.key(request.article_id), "closed": said(request.closed_at),
        "closed_reason": request.closed_reason,
    }  # fmt: skip


def restore_suggestion(here: Loader, filed: Filed, written: Rendered) -> int:
    """Write a suggestion with its reviews, in the current act; return its key."""
    head = filed.head
    with act() as session:
        key = _root(here, filed, "proposal", written)
        session.add(
            Proposal(
                id=key, act=head["act"], article_id=standing(head["article"]) if head["article"] else None,
                base_version=head["base_version"], title=head["title"], fields=_stored(here, head["fields"]),
                round=head["round"], status=head["status"], submitted_at=maybe(head["submitted"]),
                widened_at=maybe(head["widened"]),
            )
        )  # fmt: skip
        session.flush()
        reviews = {(row["round"], here.member(row["reviewer"])): row for row in head["reviews"]}
        session.add_all(_review(here, key, *each) for each in reviews.items())
        session.flush()
        restore_passages(here, key, head["passages"])
    return key


def _review(here: Loader, proposal_id: int, whose: tuple[int, int], row: Head) -> Review:
    return Review(
        proposal_id=proposal_id, round=whose[0], reviewer_id=whose[1], verdict=row["verdict"], power=row["power"],
        reason=row["reason"], organization_id=here.organization(row["organization"]),
        org_group_id=here.organization(row["group"]), org_evidence=row["evidence"], at=moment(row["at"]),
    )  # fmt: skip


def restore_request(here: Loader, filed: Filed, written: Rendered) -> int:
    """Write a request, in the current act; who wanted it is not known here, only how many did."""
    head = filed.head
    with act() as session:
        key = _root(here, filed, "request", written)
        session.add(
            ArticleRequest(
                id=key, title=head["title"], status=head["status"], origin=head["asked_from"], votes=head["votes"],
                about_id=standing(head["about"]) if head["about"] else None,
                taken_by_id=here.member(head["taken_by"]) if head["taken_by"] else None,
                taken_at=maybe(head["taken"]), closed_at=maybe(head["closed"]), closed_reason=head["closed_reason"],
                article_id=standing(head["article"]) if head["article"] else None,
            )
        )  # fmt: skip
        session.flush()
    return key


def _root(here: Loader, filed: Filed, kind: str, written: Rendered) -> int:
    """Write what a suggestion or a request has of every contribution; return its key."""
    head = filed.head
    with act() as session:
        (key,) = new_ids(session, 1)
        row: dict[str, Any] = {
            "id": key, "root_id": key, "kind": kind, "position": 1, "space_id": here.space(head["space"]),
            "label": head["label"], "byline": head["byline"], "language": head["language"],
            "licence": head["licence"], "attribution": head["attribution"], "author_id": here.member(head["author"]),
            "organization_id": here.organization(head["organization"]),
            "org_group_id": here.organization(head["group"]), "org_evidence": head["evidence"],
            "created_at": moment(head["created"]), "edited_at": maybe(head["edited"]),
            "version": len(filed.history), "submission_key": f"loaded-{key}", "source": filed.key[0],
            "source_id": filed.key[1], "text": filed.text, "html": written.html, "plain": written.plain,
            "renderer": written.version,
        }  # fmt: skip
        write_rows(session, Contribution, [row])
        write_rows(session, Revision, (_turn(here, key, *turn) for turn in enumerate(filed.history, 1)))
        file_root(key, [here.domains[slug] for slug in head["domains"]], head["tags"])
    return key


def _turn(here: Loader, key: int, number: int, turn: tuple[Head, str]) -> dict[str, Any]:
    head, text = turn
    return {
        "contribution_id": key, "number": number, "editor_id": here.member(head["editor"]), "at": moment(head["at"]),
        "organization_id": here.organization(head["organization"]), "reason": head["reason"],
        "title": head["title"], "text": text,
    }  # fmt: skip
