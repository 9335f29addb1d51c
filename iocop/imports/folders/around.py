"""What stands around a folder's articles comes in one by one: threads before them, requests and suggestions after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import update

from iocop.contributions.events import ContributionsLoaded
from iocop.contributions.models import Attachment, Contribution
from iocop.core.db import act
from iocop.core.events import emit
from iocop.core.text.render import render_many
from iocop.core.versions import bump
from iocop.imports.folders.attachments import Bringer
from iocop.imports.folders.files import moment
from iocop.imports.folders.keys import standing
from iocop.imports.folders.loading import REQUEST, SUGGESTION, THREAD, filed
from iocop.imports.folders.talk import restore_talk
from iocop.imports.folders.threads import restore_thread
from iocop.imports.folders.waiting import restore_request, restore_suggestion

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from iocop.core.text.render import Rendered
    from iocop.imports.folders.loading import Filed, Loader

AROUND: Final = (THREAD, REQUEST, SUGGESTION)

_RESTORE: Final[dict[str, Callable[[Loader, Filed, Rendered], int]]] = {
    REQUEST: restore_request,
    SUGGESTION: restore_suggestion,
}


def names_in(folder: Path, part: str) -> list[str]:
    """Return the names of the files of a part, in order; none where an older folder lacks it."""
    return sorted(path.stem for path in (folder / part).glob("*.md"))


def bring(here: Loader, part: str, names: Sequence[str]) -> None:
    """Write what stands in a part's files, each in an act of its own; what stands here already stays as it is."""
    bringer = Bringer(here.folder, here.run.report, here.member, moment)
    done = here.run.cursor(part) or 0
    for number, name in enumerate(names[done:], done + 1):
        read = filed(here.folder, name, part)
        if standing(read.key) is not None:
            with act():
                here.run.report.merged(part)
                here.run.keep(part, number)
            continue
        _write(here, part, *bringer.brought(read), number)


def _write(here: Loader, part: str, read: Filed, files: Sequence[int], number: int) -> None:
    written, *below = render_many([read.text, *(text for _head, text in read.talk)])
    with act() as session:
        if part == THREAD:
            key = restore_thread(here, read, written, below)
        else:
            key = _RESTORE[part](here, read, written)
            restore_talk(here, session.get_one(Contribution, key), read.talk, below)
            bump("repertoire", "topics")
            emit(ContributionsLoaded(actor_id=None, root_ids=(key,)))
        session.execute(update(Attachment).where(Attachment.id.in_(files)).values(contribution_id=key))
        here.run.report.written(part)
        here.run.keep(part, number)
