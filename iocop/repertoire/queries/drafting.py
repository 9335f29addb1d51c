"""What somebody who writes starts from, and how it goes together with what was published meanwhile."""

from __future__ import annotations

from dataclasses import fields as dataclass_fields
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from iocop.contributions.models import Contribution, Revision
from iocop.core.db import db
from iocop.repertoire.fields import Fields
from iocop.repertoire.merging import Merged, merge
from iocop.repertoire.queries.current import fields_of

if TYPE_CHECKING:
    from iocop.repertoire.models import Proposal


class Together(NamedTuple):
    """A change and what was published since it began, in one.

    Attributes:
        merged: its text, or the sections that both changed.
        fields: what is asked for besides: the change's own word where it said one.
        theirs: the article's text as it stands.
        version: the article's, with which this goes together.
    """

    merged: Merged
    fields: Fields
    theirs: str
    version: int


def base_text(article_id: int, version: int) -> str | None:
    """Return what an article said in a version; None where there was none such."""
    found = db.session.get(Revision, (article_id, version))
    return found.text if found else None


def together(article_id: int, base_version: int, yours: str, fields: Fields) -> Together:
    """Bring a change of an article together with the article as it stands.

    Args:
        base_version: the article's version it started from; where there was none such, whatever differs is a conflict.
    """
    thing = db.session.get_one(Contribution, article_id)
    base = base_text(article_id, base_version)
    merged = merge(base if base is not None else "", thing.text, yours)
    return Together(merged, _fields(fields, fields_of(article_id)), thing.text, thing.version)


def _fields(yours: Fields, theirs: Fields) -> Fields:
    """Return the article's fields with those the change itself changed, now based on the article as it stands."""
    started = Fields.read(yours.base) if yours.base else theirs
    own = {
        field.name: getattr(yours, field.name)
        for field in dataclass_fields(Fields)
        if getattr(yours, field.name) != getattr(started, field.name)
    }
    return replace(theirs, **own | {"base": theirs.stored()})


def overtaken(proposal: Proposal) -> int | None:
    """Return the article's version where it moved on since an edit of it began; else None."""
    if proposal.act != "edit" or proposal.article_id is None or proposal.status == "published":
        return None
    thing = db.session.get_one(Contribution, proposal.article_id)
    return thing.version if thing.version != proposal.base_version else None
