"""A member gives something: a topic, an answer, a reply."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from flask_babel import lazy_gettext as _l
from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.exc import IntegrityError

from iocop.contributions import labels, policy
from iocop.contributions.detecting import detected
from iocop.contributions.events import Contributed, Mentioned
from iocop.contributions.languages import first_known
from iocop.contributions.models import (
    Attachment,
    Contribution,
    Draft,
    Follow,
    Revision,
)
from iocop.contributions.services.filing import check_filing, file_root
from iocop.contributions.services.text import (
    add_references,
    quoted_label,
    readable_references,
    write_mentions,
    write_out,
)
from iocop.core import clock
from iocop.core.db import act, db, read
from iocop.core.errors import Invalid, Missing
from iocop.core.events import emit
from iocop.core.policy import require
from iocop.core.site import site
from iocop.core.versions import bump
from iocop.organizations.queries import stamp
from iocop.spaces.labels import LABELS, strictest
from iocop.spaces.models import Space
from iocop.spaces.queries import default_space

if TYPE_CHECKING:
    from iocop.contributions.services.text import Written
    from iocop.core.login import Viewer

LONGEST_TITLE = 200
BYLINES = ("named", "employer_hidden", "sealed")
_SENT_BEFORE: Final = select(Contribution).where(
    Contribution.author_id == bindparam("member"), Contribution.submission_key == bindparam("key")
)
_LAST_POSITION: Final = select(func.max(Contribution.position)).where(
    Contribution.root_id == bindparam("root")
)


@dataclass(frozen=True, kw_only=True)
class Given:
    """What a member sends.

    Attributes:
        kind: ``question``, ``answer``, … as the feature above names it.
        submission_key: made with the form, at most 40 characters; sending it again gives the first contribution.
        title: of a root; kept in its revisions.
        parent_id: what it stands under; None for a root.
        space_id: of a root; None for the first space.
        domain_ids: of a root: one to three.
        tags: of a root, as the author typed them: at most five.
        label: None: as the space or the topic has it.
        language: empty: as it is written; where that cannot be told, as the topic has it, or else as its author reads.
        affiliation_id: for which organization the author writes; None for the main one.
        attachment_ids: own uploads that belong to it, besides those the text shows.
        draft_key: the draft that is done with.
    """

    kind: str
    text: str
    submission_key: str
    title: str = ""
    parent_id: int | None = None
    space_id: int | None = None
    domain_ids: tuple[int, ...] = ()
    tags: tuple[str, ...] = ()
    label: str | None = None
    language: str = ""
    affiliation_id: int | None = None
    byline: str = "named"
    attachment_ids: tuple[int, ...] = ()
    draft_key: str = ""


@dataclass(frozen=True)
class _Place:
    space: Space
    root: Contribution | None
    position: int


def contribute(actor: Viewer, given: Given, written: Written | None = None) -> Contribution:
    """Write down what a member gives, once, whatever the number of clicks.

    Args:
        written: the text from `write_out`, where the caller is inside an act already.

    Raises:
        Refused: the actor may not post there.
        Invalid: text, title, domains, tags or label cannot be so; the error names the field.
        Missing: no such parent or space.
    """
    written = written or write_out(given.text)
    licence = site().licence
    _check(given)
    given = replace(given, language=given.language or detected(f"{given.title}\n{given.text}"))
    with act():
        earlier = sent_before(actor.id, given.submission_key)
        if earlier is not None:
            return earlier
        place = _place(actor, given)
        referred = readable_references(actor, written)
        row = _row(actor, given, written, place)
        row.label = _label(given, place, quoted_label(referred, written, place.space.id))
        row.licence = licence
        standing = _insert(row)
        if standing is not row:
            return standing
        _complete(actor, row, given, written)
        add_references(row.id, referred, written)
        _tell(actor, row, written)
    return row


def sent_before(member_id: int, submission_key: str) -> Contribution | None:
    """Return what the same form gave before."""
    return db.session.scalar(_SENT_BEFORE, {"member": member_id, "key": submission_key})


def _insert(row: Contribution) -> Contribution:
    """Write the row and return it, or what the same form gave at the same moment."""
    author_id, submission_key = row.author_id, row.submission_key
    try:
        with act() as session, session.begin_nested():
            session.add(row)
            session.flush()
            row.root_id = row.root_id or row.id
            session.flush()
    except IntegrityError:
        earlier = sent_before(author_id, submission_key)
        if earlier is None:
            raise
        return earlier
    return row


def _check(given: Given) -> None:
    if not 1 <= len(given.submission_key) <= 40:
        raise Invalid(_l("The page's key is missing: reload it and send it again."))
    if given.byline not in BYLINES:
        raise Invalid(_l("Choose how your name is shown."), "byline")
    if len(given.title) > LONGEST_TITLE:
        raise Invalid(_l("A title has at most 200 characters."), "title")
    if len(given.language) > 8:
        raise Invalid(_l("Choose one of the languages."), "language")


def _place(actor: Viewer, given: Given) -> _Place:
    """Find where it will stand; the root's row is locked, so that positions stay dense under parallel writers."""
    session = db.session()
    if given.parent_id is None:
        space = session.get(Space, given.space_id) if given.space_id is not None else default_space()
        if space is None:
            raise Missing(_l("There is no such space."))
        require(policy.may_contribute(actor, space))
        check_filing(given.domain_ids, given.tags)
        return _Place(space, None, 1)
    parent = session.get(Contribution, given.parent_id)
    if parent is None:
        raise Missing(_l("What you reply to does not exist."))
    root = session.get_one(Contribution, parent.root_id or parent.id, with_for_update=True)
    space = session.get_one(Space, root.space_id)
    require(policy.may_contribute(actor, space, parent))
    if parent is not root:
        require(policy.may_contribute(actor, space, root))
    return _Place(space, root, next_position(root.id))


def next_position(root_id: int) -> int:
    """Return the next position under a root whose row is locked; one index look-up, and rows are never deleted."""
    return (read(_LAST_POSITION, {"root": root_id}).scalar() or 0) + 1


def _label(given: Given, place: _Place, quoted: str) -> str:
    """Return the label: the author's choice if it is possible, else what space, topic and quotations make of it."""
    root_label = place.root.label if place.root else None
    if given.label is None:
        return strictest(labels.inherited(place.space.audience, root_label), quoted)
    if given.label not in LABELS:
        raise Invalid(_l("Choose how far it may be shared."), "label")
    verdict = policy.may_label(given.label, place.space.audience, root_label)
    if not verdict:
        raise Invalid(verdict.reason, "label")
    if labels.freer(given.label, quoted):
        raise Invalid(
            _l("You quote something that is shared less far: choose that label, or quote less."), "label"
        )
    return given.label


def _row(actor: Viewer, given: Given, written: Written, place: _Place) -> Contribution:
    now = clock.now()
    by = stamp(actor.id, given.affiliation_id, now)
    inherited = place.root.language if place.root else first_known(actor.locale[:2])
    private = (
        given.byline == "named" and not by.shown
    )  # an affiliation that guests may not read stays out of the line
    return Contribution(
        kind=given.kind, author_id=actor.id, byline="employer_hidden" if private else given.byline,
        affiliation_id=by.affiliation_id, organization_id=by.organization_id,
        org_group_id=by.org_group_id, org_evidence=by.org_evidence,
        root_id=place.root.id if place.root else None, parent_id=given.parent_id, position=place.position,
        space_id=place.space.id, language=given.language or inherited, created_at=now,
        submission_key=given.submission_key,
        text=written.text, html=written.html, plain=written.plain, renderer=written.renderer,
    )  # fmt: skip


def _complete(actor: Viewer, row: Contribution, given: Given, written: Written) -> None:
    """Give a new contribution its domains, first revision, files and its author as follower; drop the draft."""
    root_id = row.root_id or row.id
    first = Revision(
        contribution_id=row.id, number=1, editor_id=actor.id, organization_id=row.organization_id,
        at=row.created_at, title=given.title, text=written.text,
    )  # fmt: skip
    with act() as session:
        if row.id == root_id:
            file_root(row.id, given.domain_ids, given.tags)
        session.add(first)
        if session.get(Follow, (actor.id, root_id)) is None:
            session.add(Follow(member_id=actor.id, root_id=root_id, since=row.created_at))
        take_attachments(actor.id, row.id, {*given.attachment_ids, *written.attachments})
        session.execute(delete(Draft).where(Draft.member_id == actor.id, Draft.key == given.draft_key))
        session.flush()


def _tell(actor: Viewer, row: Contribution, written: Written) -> None:
    root_id = row.root_id or row.id
    bump(f"topic:{root_id}", "topics")
    emit(Contributed(actor.id, row.id, root_id, row.kind))
    named = write_mentions(row.id, written) - {actor.id}
    if named:
        emit(Mentioned(actor.id, row.id, tuple(sorted(named))))


def take_attachments(owner_id: int, contribution_id: int, ids: set[int]) -> None:
    """Give a contribution those of some files that are its author's and not taken yet."""
    with act() as session:
        if not ids:
            return
        session.execute(
            update(Attachment)
            .where(
                Attachment.id.in_(ids),
                Attachment.owner_id == owner_id,
                Attachment.contribution_id.is_(None),
                Attachment.removed_at.is_(None),
            )
            .values(contribution_id=contribution_id)
        )
