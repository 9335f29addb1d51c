"""The check itself. It reads and answers: nothing it finds is written, logged or counted anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iocop.core import clock
from iocop.core.policy import fact
from iocop.safety.key import terms_key
from iocop.safety.queries.directory import names_for
from iocop.safety.queries.lists import switched_off, terms_for
from iocop.safety.queries.rooms import competitors_meet
from iocop.safety.rules import addresses, clients, confidential, money, properties

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from iocop.core.login import Viewer
    from iocop.safety.rules import Finding

LONGEST = 2**17
"""Characters that are looked at; longer texts are refused where they are written."""


def check(
    viewer: Viewer, text: str, space_id: int | None, attachment_ids: Collection[int] = ()
) -> list[Finding]:
    """Return what a text might give away, rule by rule, without those the viewer has switched off.

    Args:
        space_id: where it is to be posted; None: anywhere, so as if competitors met there.
        attachment_ids: files beside those the text shows; only the viewer's own are looked into.
    """
    text, off = text[:LONGEST], switched_off(viewer.id)
    rules: dict[str, Callable[[], list[Finding]]] = {
        "confidential": lambda: _confidential(viewer.id, text),
        "client": lambda: clients(text, names_for(viewer.id, clock.now())),
        "money": lambda: money(text) if space_id is None or competitors_meet(space_id) else [],
        "address": lambda: addresses(text),
        "file": lambda: _files(viewer, text, attachment_ids),
    }
    return [finding for rule, find in rules.items() if rule not in off for finding in find()]


def _confidential(member_id: int, text: str) -> list[Finding]:
    lists, key = terms_for(member_id, clock.now()), terms_key()
    return confidential(text, key, lists) if lists and key else []


def _files(viewer: Viewer, text: str, attachment_ids: Collection[int]) -> list[Finding]:
    """Look into the files a text carries; what keeps files, above, says which they are."""
    files: list[tuple[str, bytes]] = fact("own_files", viewer, text, attachment_ids, default=[])
    return [finding for name, content in files for finding in properties(name, content)]
