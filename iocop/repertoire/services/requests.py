"""What the repertoire lacks: asked for, wanted by others too, taken, and closed by an article."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, update

from iocop.contributions.models import Contribution
from iocop.contributions.services import Given, contribute, write_out
from iocop.core import clock
from iocop.core.db import act
from iocop.core.errors import Conflict, Invalid, Missing
from iocop.core.events import emit
from iocop.core.policy import require
from iocop.core.versions import bump
from iocop.repertoire import policy
from iocop.repertoire.events import ArticleRequested, RequestClosed, RequestTaken, RequestWanted
from iocop.repertoire.models import Article, ArticleRequest, RequestVote

if TYPE_CHECKING:
    from iocop.core.login import Viewer

SHORTEST_TITLE, LONGEST_TITLE, LONGEST_REASON = 3, 200, 400


def ask_for(
    actor: Viewer, given: Given, *, origin: str = "member", about_id: int | None = None
) -> ArticleRequest:
    """Ask for an article the repertoire lacks; who asks wants it.

    Args:
        given: of kind ``request``; its text says what for.
        origin: ``member``, ``search`` (looked for in vain) or ``article`` (missing in one).

    Raises:
        Refused: the actor may not post there.
        Invalid: title, text or domains cannot be so.
    """
    title = " ".join(given.title.split())
    if not SHORTEST_TITLE <= len(title) <= LONGEST_TITLE:
        raise Invalid(_l("Say in one line what is missing, in 3 to 200 characters."), "title")
    written = write_out(given.text)
    with act() as session:
        row = contribute(actor, given, written)
        if about_id is not None and session.get(Article, about_id) is None:
            about_id = None  # who reads it is asked wherever it is named
        known = session.get(ArticleRequest, row.id)
        if known is not None:
            return known  # the same form was sent twice
        request = ArticleRequest(id=row.id, title=title, origin=origin, about_id=about_id)
        session.add(request)
        session.flush()
        session.add(RequestVote(request_id=row.id, member_id=actor.id, at=row.created_at))
        session.flush()
        bump("repertoire")
        emit(ArticleRequested(actor.id, row.id))
    return request


def want(actor: Viewer, request_id: int, *, wanted: bool = True) -> ArticleRequest:
    """Say that one wants it too, or no longer; saying it twice counts once.

    Raises:
        Refused: a guest, or somebody suspended.
        Conflict: it is closed.
    """
    with act() as session:
        request = _open(actor, request_id)
        standing = session.get(RequestVote, (request_id, actor.id))
        if wanted and standing is None:
            session.add(RequestVote(request_id=request_id, member_id=actor.id, at=clock.now()))
            request.votes += 1
        elif not wanted and standing is not None:
            session.delete(standing)
            request.votes -= (
                1  # not counted anew: of some that were erased, or came from elsewhere, the number is all
            )
        session.flush()
        bump("repertoire", f"topic:{request_id}")
        emit(RequestWanted(actor.id, request_id))
    return request


def take(actor: Viewer, request_id: int, *, taken: bool = True) -> ArticleRequest:
    """Say that one is writing it, or give it back.

    Raises:
        Refused: a guest, or somebody suspended.
        Conflict: it is closed, or somebody else is writing it.
    """
    with act():
        request = _open(actor, request_id)
        if request.taken_by_id not in {None, actor.id}:
            raise Conflict(_l("Somebody is writing it already: offer your help below."))
        request.status = "taken" if taken else "open"
        request.taken_by_id = actor.id if taken else None
        request.taken_at = clock.now() if taken else None
        bump("repertoire", f"topic:{request_id}")
        emit(RequestTaken(actor.id, request_id))
    return request


def decline_request(actor: Viewer, request_id: int, reason: str) -> ArticleRequest:
    """Close a request without an article, saying why.

    Raises:
        Refused: neither who asked nor who approves there.
        Invalid: no reason.
        Conflict: it is closed.
    """
    reason = " ".join(reason.split())
    if not reason or len(reason) > LONGEST_REASON:
        raise Invalid(_l("Say why, in at most 400 characters: who asked reads it."), "reason")
    with act() as session:
        request = _open(actor, request_id)
        require(policy.may_decline_request(actor, session.get_one(Contribution, request_id)))
        request.status, request.closed_at, request.closed_reason = "declined", clock.now(), reason
        bump("repertoire", f"topic:{request_id}")
        emit(RequestClosed(actor.id, request_id, None))
    return request


def close_with(actor: Viewer, request_id: int | None, article_id: int) -> None:
    """Close a request by the article that was published for it; one that is closed or gone is no error."""
    if request_id is None:
        return
    with act() as session:
        request = session.get(ArticleRequest, request_id, with_for_update=True)
        if request is None or request.closed_at is not None:
            return
        request.status, request.closed_at, request.article_id = "answered", clock.now(), article_id
        bump("repertoire", f"topic:{request_id}")
        emit(RequestClosed(actor.id, request_id, article_id))


def forget_wishes(member_id: int) -> None:
    """Take an erased member's wishes away, and have others write what they took; the numbers stay as counted."""
    with act() as session:
        taken = update(ArticleRequest).where(
            ArticleRequest.taken_by_id == member_id, ArticleRequest.status == "taken"
        )
        session.execute(taken.values(status="open", taken_by_id=None, taken_at=None))
        session.execute(delete(RequestVote).where(RequestVote.member_id == member_id))


def _open(actor: Viewer, request_id: int) -> ArticleRequest:
    with act() as session:
        request = session.get(ArticleRequest, request_id, with_for_update=True, populate_existing=True)
        if request is None:
            raise Missing(_l("There is no such request, or it is not open to you."))
        require(policy.may_propose(actor, session.get_one(Contribution, request_id)))
        if request.closed_at is not None:
            raise Conflict(_l("This request is closed."))
    return request
