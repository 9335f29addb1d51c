"""What a thread says becomes an article: posts are taken into a suggestion, and where from is kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from iocop.contributions.models import Contribution, Link
from iocop.contributions.services import write_out
from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.errors import Conflict, Invalid, Missing
from iocop.core.events import emit
from iocop.core.policy import require
from iocop.core.versions import bump
from iocop.repertoire import policy
from iocop.repertoire.events import Distilled, EvidenceChanged
from iocop.repertoire.models import Passage, Proposal
from iocop.repertoire.paragraphs import fingerprint
from iocop.repertoire.queries.material import passages_in, posts_for
from iocop.repertoire.services.proposing import Sent, propose, save_proposal
from iocop.repertoire.services.rows import article_row
from iocop.spaces.labels import LABELS, Channel, carries, strictest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iocop.core.login import Viewer
    from iocop.repertoire.fields import Fields


@dataclass(frozen=True, kw_only=True)
class Distillate:
    """What a member makes of a thread.

    Attributes:
        taken: the paragraphs it was made of, in order: a post's key and the paragraph's fingerprint.
        text: the draft, with the paragraphs as they were taken or changed already.
        article_id: what it changes; None for a new article.
        base_version: the article's version it started from.
        proposal_id: an own draft that it goes on with; None for a new one.
        version: that draft's, as the form was opened with.
    """

    topic_id: int
    taken: tuple[tuple[int, str], ...]
    fields: Fields
    text: str
    submission_key: str
    article_id: int | None = None
    base_version: int | None = None
    proposal_id: int | None = None
    version: int | None = None
    note: str = ""


def distil(actor: Viewer, made: Distillate) -> Proposal:
    """Make paragraphs of a thread into a suggestion that its author goes on writing; where each is from is kept.

    It is shared no further than the strictest of the posts it was made of.

    Raises:
        Refused: the actor may not write there.
        Missing: no such thread, or not open to the actor.
        Invalid: nothing was taken, a paragraph is no longer there, or one may not leave its space; or a field or the
            text cannot be so.
        Conflict: the article is retired.
        Stale: the draft was saved from another window meanwhile.
    """
    written = write_out(made.text)
    with act() as session:
        root = session.get(Contribution, made.topic_id)
        if root is None:
            raise Missing(_l("There is no such topic, or it is not open to you."))
        require(policy.may_propose(actor, root))
        posts = {post.id: post for post in posts_for(actor, root.id)}
        passages = [_taken(posts, *each) for each in made.taken]
        if not passages:
            raise Invalid(_l("Choose at least one paragraph."), "text")
        space_id = _space(made, root)
        used = {post_id: posts[post_id] for post_id, _text in passages}
        if any(
            post.space_id != space_id and not carries(Channel.QUOTE, post.label) for post in used.values()
        ):
            raise Invalid(
                _l("A paragraph was said for its own space only: it cannot go into this article."), "text"
            )
        fields = replace(made.fields, label=_label(made, [post.label for post in used.values()]))
        if made.proposal_id is None:
            proposal = propose(actor, _sent(made, fields, space_id), written)
            if session.scalar(select(Passage.id).where(Passage.contribution_id == proposal.id).limit(1)):
                return proposal  # the same form was sent twice
        else:
            proposal = save_proposal(
                actor, made.proposal_id, fields=fields, text=made.text, note=made.note, version=made.version,
                submit=False, written=written,
            )  # fmt: skip
        _keep(actor, proposal, root.id, passages)
    return proposal


def _taken(posts: dict[int, Contribution], post_id: int, mark: str) -> tuple[int, str]:
    """Return a paragraph that still stands in a post the actor may read."""
    post = posts.get(post_id)
    text = passages_in(post).get(mark) if post is not None else None
    if text is None:
        raise Invalid(_l("A paragraph you chose was changed meanwhile: choose again."), "text")
    return post_id, text


def _space(made: Distillate, root: Contribution) -> int:
    target = made.article_id or made.proposal_id
    return db.session.get_one(Contribution, target).space_id if target else root.space_id


def _label(made: Distillate, labels: Sequence[str]) -> str:
    """Return the strictest label of what a text is made of, what stood there before included."""
    standing = [key for key in (made.article_id, made.proposal_id) if key is not None]
    before = [db.session.get_one(Contribution, key).label for key in standing]
    return strictest(made.fields.label or LABELS[-1], *labels, *before)


def _sent(made: Distillate, fields: Fields, space_id: int) -> Sent:
    return Sent(
        act="edit" if made.article_id else "new", submission_key=made.submission_key, fields=fields, text=made.text,
        article_id=made.article_id, base_version=made.base_version, space_id=space_id, note=made.note, submit=False,
    )  # fmt: skip


def _keep(actor: Viewer, proposal: Proposal, topic_id: int, passages: Sequence[tuple[int, str]]) -> None:
    """Write where each paragraph is from, and tell."""
    with act() as session:
        last = session.scalar(
            select(func.max(Passage.position)).where(Passage.contribution_id == proposal.id)
        )
        known = {
            (row.post_id, fingerprint(row.text))
            for row in session.execute(
                select(Passage.post_id, Passage.text).where(Passage.contribution_id == proposal.id)
            )
        }
        fresh = [each for each in passages if (each[0], fingerprint(each[1])) not in known]
        session.add_all(
            Passage(contribution_id=proposal.id, post_id=post_id, position=place, text=text, at=clock.now())
            for place, (post_id, text) in enumerate(fresh, (last or 0) + 1)
        )
        session.flush()
        bump(f"topic:{topic_id}")
        emit(Distilled(actor.id, proposal.id, tuple(dict.fromkeys(post_id for post_id, _text in passages))))


def link_evidence(actor: Viewer, article_id: int, topic_id: int) -> None:
    """Note that a thread asks what an article answers: each then leads to the other.

    Raises:
        Refused: neither its owner, its deputy nor a curator there.
        Missing: no such article or thread, or not open to the actor.
        Conflict: it is noted already.
    """
    with act() as session:
        root = _evident(actor, article_id, topic_id)
        if session.get(Link, (root.id, article_id, "duplicate")) is not None:
            raise Conflict(_l("This thread is noted there already."))
        session.add(Link(from_id=root.id, to_id=article_id, kind="duplicate", at=clock.now()))
        session.flush()
        _evidence_changed(actor, article_id, root.id)


def unlink_evidence(actor: Viewer, article_id: int, topic_id: int) -> None:
    """Take back that a thread asks what an article answers.

    Raises:
        Refused: as `link_evidence`.
        Missing: it is not noted there.
    """
    with act() as session:
        root = _evident(actor, article_id, topic_id)
        link = session.get(Link, (root.id, article_id, "duplicate"))
        if link is None:
            raise Missing(_l("This thread is not noted there."))
        session.delete(link)
        session.flush()
        _evidence_changed(actor, article_id, root.id)


def _evident(actor: Viewer, article_id: int, topic_id: int) -> Contribution:
    """Return the thread, if the actor may say something of the two."""
    with act() as session:
        article = article_row(article_id)
        require(policy.may_link(actor, article, session.get_one(Contribution, article_id)))
        root = session.get(Contribution, topic_id)
        if root is None or root.root_id != root.id or not policy.may_propose(actor, root):
            raise Missing(_l("There is no such topic, or it is not open to you."))
        return root


def _evidence_changed(actor: Viewer, article_id: int, topic_id: int) -> None:
    bump("repertoire", f"topic:{article_id}", f"topic:{topic_id}")
    emit(EvidenceChanged(actor.id, article_id=article_id, topic_id=topic_id))
