"""What was said of an article, below it and on its passages: it goes along, each at its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from iocop.contributions.models import Contribution, Revision
from iocop.contributions.services.loading import new_ids, write_rows
from iocop.core.db import act, db
from iocop.imports.folders.files import maybe, moment, said
from iocop.repertoire.models import PassageNote

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from iocop.core.text.render import Rendered
    from iocop.imports.folders.files import Head
    from iocop.imports.folders.gathering import Gatherer
    from iocop.imports.folders.loading import Loader


def said_of(names: Gatherer, thing: Contribution, labels: Collection[str]) -> list[tuple[Head, str]]:
    """Return what readers see below an article and on its passages, in its order.

    Args:
        labels: how far what was said may be shared, for it to go along.
    """
    rows = db.session.execute(
        select(Contribution, PassageNote)
        .outerjoin(PassageNote, PassageNote.id == Contribution.id)
        .where(
            Contribution.root_id == thing.id, Contribution.id != thing.id,
            Contribution.state == "visible", Contribution.label.in_(labels),
        )
        .order_by(Contribution.position)
    ).all()  # fmt: skip
    places = {row.id: row.position for row, _note in rows}
    hidden = {each.author_id for each in (thing, *(row for row, _note in rows)) if each.byline == "sealed"}
    return [
        (
            turn_of(names, row)
            | {
                "below": places.get(row.parent_id or 0),
                "passage": _passage(names, note, hidden),
                "turns": turns_of(names, row),
            },
            row.text,
        )
        for row, note in rows
    ]


def turn_of(names: Gatherer, row: Contribution) -> Head:
    named = row.byline == "named"
    return {
        "position": row.position, "kind": row.kind, "label": row.label, "language": row.language,
        "licence": row.licence, "byline": row.byline,
        "author": names.person(None if row.byline == "sealed" else row.author_id),
        "organization": names.organization(row.organization_id if named else None),
        "group": names.organization(row.org_group_id if named else None),
        "evidence": row.org_evidence if named else None,
        "created": said(row.created_at), "edited": said(row.edited_at),
    }  # fmt: skip


def turns_of(names: Gatherer, row: Contribution) -> list[Head]:
    """Return its versions with their texts; the last has its own in the file."""
    rows = select(Revision).where(Revision.contribution_id == row.id).order_by(Revision.number)
    hidden, unnamed = row.byline == "sealed", row.byline != "named"
    return [
        {
            "editor": names.person(None if hidden and turn.editor_id == row.author_id else turn.editor_id),
            "organization": names.organization(None if unnamed else turn.organization_id),
            "at": said(turn.at), "reason": turn.reason, "text": turn.text if turn.number < row.version else "",
        }
        for turn in db.session.scalars(rows)
    ]  # fmt: skip


def _passage(names: Gatherer, note: PassageNote | None, hidden: Collection[int]) -> Head | None:
    if note is None:
        return None
    settled_by = None if note.settled_by_id in hidden else note.settled_by_id
    return {
        "quote": note.quote, "before": note.before, "after": note.after, "revision": note.number,
        "settled": said(note.settled_at), "settled_by": names.person(settled_by),
    }  # fmt: skip


def restore_talk(
    here: Loader, thing: Contribution, talk: Sequence[tuple[Head, str]], written: Sequence[Rendered]
) -> None:
    """Write below an article what was said of it elsewhere, in the current act.

    Args:
        written: each as it reads here, rendered before.
    """
    if not talk:
        return
    with act() as session:
        ids = dict(zip((head["position"] for head, _text in talk), new_ids(session, len(talk)), strict=True))
        write_rows(session, Contribution, _rows(here, thing, talk, written, ids))
        write_rows(session, Revision, (row for turn in talk for row in _revisions(here, ids, *turn)))
        write_rows(
            session,
            PassageNote,
            (_note(here, ids[head["position"]], head["passage"]) for head, _text in talk if head["passage"]),
        )


def _rows(
    here: Loader,
    thing: Contribution,
    talk: Sequence[tuple[Head, str]],
    written: Sequence[Rendered],
    ids: Mapping[int, int],
) -> Iterator[dict[str, Any]]:
    for (head, text), done in zip(talk, written, strict=True):
        key = ids[head["position"]]
        yield {
            "id": key, "root_id": thing.id, "parent_id": ids.get(head["below"], thing.id), "space_id": thing.space_id,
            "kind": head["kind"], "position": head["position"], "label": head["label"], "byline": head["byline"],
            "language": head["language"], "licence": head["licence"], "attribution": thing.attribution,
            "author_id": here.member(head["author"]), "organization_id": here.organization(head["organization"]),
            "org_group_id": here.organization(head["group"]), "org_evidence": head["evidence"],
            "created_at": moment(head["created"]), "edited_at": maybe(head["edited"]),
            "version": len(head["turns"]), "submission_key": f"loaded-{key}", "text": text, "html": done.html,
            "plain": done.plain, "renderer": done.version,
        }  # fmt: skip


def _revisions(here: Loader, ids: Mapping[int, int], head: Head, text: str) -> Iterator[dict[str, Any]]:
    for number, turn in enumerate(head["turns"], 1):
        yield {
            "contribution_id": ids[head["position"]], "number": number, "editor_id": here.member(turn["editor"]),
            "organization_id": here.organization(turn["organization"]), "at": moment(turn["at"]),
            "reason": turn["reason"], "text": text if number == len(head["turns"]) else turn["text"],
        }  # fmt: skip


def _note(here: Loader, key: int, passage: Head) -> dict[str, Any]:
    return {
        "id": key, "quote": passage["quote"], "before": passage["before"], "after": passage["after"],
        "number": passage["revision"], "settled_at": maybe(passage["settled"]),
        "settled_by_id": here.member(passage["settled_by"]) if passage["settled_by"] else None,
    }  # fmt: skip
