"""Members comment on a passage of an article; what it is about is kept, should the words go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from iocop.contributions.models import Contribution
from iocop.contributions.services import Given, contribute, write_out
from iocop.core import clock
from iocop.core.db import act
from iocop.core.errors import Conflict, Invalid, Missing
from iocop.core.events import emit
from iocop.core.policy import require
from iocop.core.versions import bump
from iocop.repertoire import policy
from iocop.repertoire.anchoring import AROUND, LONGEST, Quote, find, one_line
from iocop.repertoire.events import NoteSettled
from iocop.repertoire.models import PassageNote
from iocop.repertoire.services.rows import article_row
from iocop.repertoire.texts import seen

if TYPE_CHECKING:
    from iocop.core.login import Viewer


def comment(actor: Viewer, article_id: int, quote: Quote, text: str, submission_key: str) -> PassageNote:
    """Say something about a stretch of an article's text.

    Raises:
        Refused: the actor may not post there.
        Missing: no such article.
        Invalid: the text is empty, or the passage is empty, too long or not there.
    """
    quote = _checked(quote)
    written = write_out(text)
    with act() as session:
        article = article_row(article_id)
        thing = session.get_one(Contribution, article.id)
        require(policy.may_discuss(actor, thing))
        if find(seen(thing.html).text, quote) is None:
            raise Invalid(_l("This passage is not in the article any more: choose another."), "quote")
        given = Given(kind="comment", text=text, submission_key=submission_key, parent_id=article.id)
        row = contribute(actor, given, written)
        known = session.get(PassageNote, row.id)
        if known is not None:
            return known  # the same form was sent twice
        note = PassageNote(
            id=row.id, quote=quote.words, before=quote.before, after=quote.after, number=thing.version
        )
        session.add(note)
        session.flush()
    return note


def _checked(quote: Quote) -> Quote:
    words = one_line(quote.words)
    if not words:
        raise Invalid(_l("Choose the passage it is about."), "quote")
    if len(words) > LONGEST:
        raise Invalid(_l("A passage has at most 400 characters: choose less of it."), "quote")
    return Quote(words, quote.before[-AROUND:], quote.after[:AROUND])


def settle(actor: Viewer, note_id: int, *, settled: bool) -> PassageNote:
    """Say that a comment is dealt with, or open it again.

    Raises:
        Refused: neither who wrote it, nor the article's owner or deputy, nor a curator there.
        Missing: no such comment.
        Conflict: it stands so already.
    """
    with act() as session:
        note = session.get(PassageNote, note_id, with_for_update=True, populate_existing=True)
        if note is None:
            raise Missing(_l("There is no such comment, or it is not open to you."))
        thing = session.get_one(Contribution, note_id)
        article = article_row(thing.root_id)
        require(policy.may_settle(actor, article, thing))
        if (note.settled_at is not None) == settled:
            raise Conflict(_l("It stands so already."))
        note.settled_at = clock.now() if settled else None
        note.settled_by_id = actor.id if settled else None
        bump(f"topic:{article.id}")
        emit(NoteSettled(actor.id, note_id=note.id, article_id=article.id, settled=settled))
    return note
