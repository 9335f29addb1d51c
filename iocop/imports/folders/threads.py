"""The posts whose words articles hold: each paragraph keeps where it came from, and that post comes along."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from iocop.contributions.models import Contribution, Revision
from iocop.contributions.services.loading import BulkRevision, write_rows
from iocop.core.db import act, db
from iocop.domains.services import ensure_tags
from iocop.forums.models import Topic
from iocop.forums.services.batch import BulkPost, BulkThread
from iocop.forums.services.bulk import write_threads
from iocop.imports.folders.files import maybe, moment, said
from iocop.imports.folders.keys import origin_of, standing
from iocop.imports.folders.talk import turn_of, turns_of
from iocop.imports.words import N_
from iocop.organizations.queries import Stamp
from iocop.repertoire.models import Passage

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from sqlalchemy import Select

    from iocop.core.text.render import Rendered
    from iocop.imports.folders.files import Head
    from iocop.imports.folders.gathering import Gatherer
    from iocop.imports.folders.loading import Filed, Loader

NO_POST = N_("paragraphs whose post is not in the folder")


def passages(names: Gatherer, thing_id: int) -> list[Head]:
    """Return what a text took from posts that may be carried, in its order; the posts are to come along."""
    rows = (
        select(Passage, Contribution)
        .join(Contribution, Contribution.id == Passage.post_id)
        .where(
            Passage.contribution_id == thing_id,
            Contribution.state == "visible",
            Contribution.label.in_(names.labels),
            Contribution.root_id.in_(_open_roots(names.labels)),
        )
        .order_by(Passage.position, Passage.id)
    )
    found = []
    for row, post in db.session.execute(rows):
        names.posts.add(post.id)
        found.append({
            "post": list(origin_of(post)), "position": row.position, "at": said(row.at), "text": row.text,
        })  # fmt: skip
    return found


def _open_roots(labels: Collection[str]) -> Select[int]:
    return (
        select(Contribution.id)
        .join(Topic, Topic.id == Contribution.id)
        .where(Contribution.state == "visible", Contribution.label.in_(labels))
    )


def threads_of(post_ids: Collection[int]) -> Iterator[tuple[Topic, Contribution]]:
    """Yield the topics in which posts stand, with their first post, by their titles."""
    roots = select(Contribution.root_id).where(Contribution.id.in_(post_ids))
    rows = select(Topic.id).where(Topic.id.in_(roots)).order_by(Topic.title, Topic.opened_at, Topic.id)
    for topic_id in db.session.scalars(rows).all():
        yield db.session.get_one(Topic, topic_id), db.session.get_one(Contribution, topic_id)


def thread_head(topic: Topic) -> Head:
    closed = {"at": said(topic.closed_at), "reason": topic.closed_reason} if topic.closed_at else None
    return {"kind": topic.kind, "closed": closed}


def cited(names: Gatherer, root: Contribution, post_ids: Collection[int]) -> list[tuple[Head, str]]:
    """Return the posts of a thread that articles hold words of, the first one apart, in its order."""
    rows = db.session.scalars(
        select(Contribution)
        .where(Contribution.root_id == root.id, Contribution.id.in_(post_ids), Contribution.id != root.id)
        .order_by(Contribution.position)
    ).all()
    places = {row.id: place for place, row in enumerate(rows, 2)}
    return [
        (
            turn_of(names, row)
            | {
                "position": places[row.id], "below": places.get(row.parent_id or 0), "key": list(origin_of(row)),
                "attribution": row.attribution, "turns": turns_of(names, row),
            },
            row.text,
        )
        for row in rows
    ]  # fmt: skip


def restore_thread(here: Loader, filed: Filed, written: Rendered, below: Sequence[Rendered]) -> int:
    """Write a thread with the posts that came along, in the current act; return its key."""
    head = filed.head
    posts = [_first(here, filed, written), *_posts(here, filed.talk, below)]
    closed = head["closed"] or {}
    with act() as session:
        (root_id,) = write_threads([
            BulkThread(
                kind=head["kind"], title=head["title"], space_id=here.space(head["space"]), posts=posts,
                domain_ids=[here.domains[slug] for slug in head["domains"]],
                tag_ids=[tag.id for tag in ensure_tags(head["tags"])],
                closed_at=maybe(closed.get("at")), closed_reason=closed.get("reason", ""),
            )
        ])  # fmt: skip
        rows = select(Contribution).where(Contribution.root_id == root_id).order_by(Contribution.position)
        for thing, told in zip(
            session.scalars(rows), (head, *(each for each, _text in filed.talk)), strict=True
        ):
            thing.byline, thing.edited_at = told["byline"], maybe(told["edited"])
        session.flush()
        for number, (turn, _text) in enumerate(filed.history, 1):
            of = (Revision.contribution_id == root_id, Revision.number == number)
            session.execute(update(Revision).where(*of).values(title=turn["title"]))
    return root_id


def _first(here: Loader, filed: Filed, written: Rendered) -> BulkPost:
    turns = [
        BulkRevision(
            editor_id=here.member(turn["editor"]), at=moment(turn["at"]), text=text, title=turn["title"],
            reason=turn["reason"], organization_id=here.organization(turn["organization"]),
        )
        for turn, text in filed.history
    ]  # fmt: skip
    return _post(here, filed.head, filed.key, filed.text, written, turns)


def _posts(here: Loader, talk: Sequence[tuple[Head, str]], below: Sequence[Rendered]) -> Iterator[BulkPost]:
    for (head, text), written in zip(talk, below, strict=True):
        last = len(head["turns"])
        turns = [
            BulkRevision(
                editor_id=here.member(turn["editor"]), at=moment(turn["at"]), reason=turn["reason"],
                text=text if number == last else turn["text"], organization_id=here.organization(turn["organization"]),
            )
            for number, turn in enumerate(head["turns"], 1)
        ]  # fmt: skip
        yield _post(
            here, head, head["key"], text, written, turns, kind=head["kind"], parent=head["below"] or 1
        )


def _post(
    here: Loader, head: Head, key: Sequence[str], text: str, written: Rendered, turns: list[BulkRevision],
    **place: Any,
) -> BulkPost:  # fmt: skip
    stamp = Stamp(
        None, here.organization(head["organization"]), here.organization(head["group"]), head["evidence"]
    )
    return BulkPost(
        author_id=here.member(head["author"]), created_at=moment(head["created"]), text=text, html=written.html,
        plain=written.plain, stamp=stamp, label=head["label"], language=head["language"], licence=head["licence"],
        renderer=written.version, source=key[0], source_id=key[1], attribution=head["attribution"], revisions=turns,
        **place,
    )  # fmt: skip


def restore_passages(here: Loader, thing_id: int, rows: Iterable[Head]) -> None:
    """Write again from which posts a text was taken, in the current act; one that is not here is noted."""
    found = [(standing(row["post"]), row) for row in rows]
    with act() as session:
        write_rows(
            session,
            Passage,
            (
                {
                    "contribution_id": thing_id, "post_id": post_id, "position": row["position"],
                    "text": row["text"], "at": moment(row["at"]),
                }
                for post_id, row in found
                if post_id is not None
            ),
        )  # fmt: skip
    here.run.report.notes[NO_POST] += sum(post_id is None for post_id, _row in found)
