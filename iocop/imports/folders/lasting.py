"""What grew around an article: how long it held, who signed that, whose words it is, other words, earlier anchors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select

from iocop.contributions.marks import COUNTED_ONLY
from iocop.contributions.models import Contribution, Mark
from iocop.contributions.services.loading import write_rows
from iocop.core.db import act, db
from iocop.imports.folders.files import maybe, moment, said
from iocop.repertoire.models import Credit, OldAnchor, Spell, TermName
from iocop.repertoire.queries.confirmations import confirmed_at
from iocop.repertoire.titles import key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iocop.imports.folders.files import Head
    from iocop.imports.folders.gathering import Gatherer
    from iocop.imports.folders.loading import Loader

SIGNED = ("works_here", "outdated")


def lasting(names: Gatherer, article_id: int, unnamed: int | None) -> Head:
    """Return the fields that keep it; a confirmation whose giver chose to be counted only stays where it was given.

    Args:
        unnamed: the author, where the article is without their name.
    """
    spells = select(Spell).where(Spell.article_id == article_id).order_by(Spell.began_at, Spell.id)
    words = select(TermName).where(TermName.article_id == article_id).order_by(TermName.at, TermName.id)
    anchors = select(OldAnchor).where(OldAnchor.article_id == article_id).order_by(OldAnchor.anchor)
    return {
        "spells": [
            {
                "began": said(row.began_at), "by": row.began_by, "due": said(row.due_at),
                "ended": said(row.ended_at), "ended_by": row.ended_by,
            }
            for row in db.session.scalars(spells)
        ],
        "marks": list(_marks(names, article_id, unnamed)),
        "words": [
            {
                "word": row.word, "language": row.language, "sector": row.sector,
                "organization": names.organization(row.organization_id), "at": said(row.at),
                "by": names.person(None if row.added_by_id == unnamed else row.added_by_id),
            }
            for row in db.session.scalars(words)
        ],
        "credits": _credits(names, article_id, unnamed),
        "anchors": {row.anchor: row.now for row in db.session.scalars(anchors)},
    }  # fmt: skip


def _marks(names: Gatherer, article_id: int, unnamed: int | None) -> Iterator[Head]:
    rows = select(Mark).where(
        Mark.contribution_id == article_id,
        Mark.kind.in_(SIGNED),
        Mark.withdrawn_at.is_(None),
        Mark.member_id.is_distinct_from(unnamed),
    )
    for row in db.session.scalars(rows.order_by(Mark.at, Mark.id)):
        if row.context.get("shown") != COUNTED_ONLY and (number := names.person(row.member_id)) is not None:
            yield {
                "kind": row.kind, "member": number, "organization": names.organization(row.organization_id),
                "group": names.organization(row.org_group_id), "evidence": row.org_evidence, "at": said(row.at),
                "context": dict(sorted(row.context.items())),
            }  # fmt: skip


def _credits(names: Gatherer, article_id: int, unnamed: int | None) -> list[Head]:
    """Return whose words it is made of; those who gave theirs without a name are one."""
    rows = select(Credit).where(Credit.article_id == article_id).order_by(Credit.share.desc(), Credit.id)
    found: dict[tuple[int | None, bool], Head] = {}
    for row in db.session.scalars(rows):
        sealed = row.sealed or row.member_id == unnamed
        number = None if sealed else names.person(row.member_id)
        organization = None if sealed else names.organization(row.organization_id)
        whose = {"member": number, "sealed": sealed, "organization": organization, "share": 0}
        found.setdefault((number, sealed), whose)["share"] += row.share
    return list(found.values())


def restore_lasting(here: Loader, article_id: int, head: Head) -> None:
    """Write it again, in the current act; a folder of before it was kept leaves what the import itself began."""
    with act() as session:
        if head.get("spells"):
            session.execute(delete(Spell).where(Spell.article_id == article_id))
            write_rows(session, Spell, (_spell(article_id, row) for row in head["spells"]))
        if "credits" in head:
            session.execute(delete(Credit).where(Credit.article_id == article_id))
            write_rows(session, Credit, _shares(here, article_id, head["credits"]))
        _restore_marks(here, article_id, head.get("marks") or ())
        write_rows(session, TermName, (_word(here, article_id, row) for row in head.get("words") or ()))
        anchors = (head.get("anchors") or {}).items()
        write_rows(
            session,
            OldAnchor,
            ({"article_id": article_id, "anchor": before, "now": now} for before, now in anchors),
        )


def _spell(article_id: int, row: Head) -> dict[str, Any]:
    return {
        "article_id": article_id, "began_at": moment(row["began"]), "began_by": row["by"],
        "due_at": moment(row["due"]), "ended_at": maybe(row["ended"]), "ended_by": row["ended_by"],
    }  # fmt: skip


def _restore_marks(here: Loader, article_id: int, marks: Iterable[Head]) -> None:
    """Write signed marks; of two whose givers are one member here, the later stands."""
    rows = {(here.member(row["member"]), row["kind"]): row for row in marks}
    with act() as session:
        thing = session.get_one(Contribution, article_id)
        for (member_id, kind), row in rows.items():
            session.add(
                Mark(
                    contribution_id=article_id, member_id=member_id, kind=kind, context=row["context"],
                    organization_id=here.organization(row["organization"]), at=moment(row["at"]),
                    org_group_id=here.organization(row["group"]), org_evidence=row["evidence"],
                )
            )  # fmt: skip
        session.flush()
        thing.works_here = confirmed_at(article_id).organizations
        thing.outdated = sum(kind == "outdated" for _member, kind in rows)
        session.flush()


def _shares(here: Loader, article_id: int, rows: Iterable[Head]) -> Iterator[dict[str, Any]]:
    """Yield the shares again; of two people who are one member here, together."""
    found: dict[tuple[int, bool], dict[str, Any]] = {}
    for row in rows:
        whose = here.member(row["member"]), row["sealed"]
        new = {
            "article_id": article_id, "member_id": whose[0], "sealed": whose[1], "share": 0,
            "organization_id": here.organization(row["organization"]),
        }  # fmt: skip
        found.setdefault(whose, new)["share"] += row["share"]
    yield from found.values()


def _word(here: Loader, article_id: int, row: Head) -> dict[str, Any]:
    return {
        "article_id": article_id, "word": row["word"], "key": key(row["word"]), "language": row["language"],
        "sector": row["sector"], "organization_id": here.organization(row["organization"]),
        "added_by_id": here.member(row["by"]), "at": moment(row["at"]),
    }  # fmt: skip
