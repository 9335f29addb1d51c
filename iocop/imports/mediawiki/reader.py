"""An export as a stream of pages, each followed by its revisions: memory stays flat whatever the size."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from iocop.imports.mediawiki.opening import CHUNK, opened
from iocop.imports.mediawiki.parser import Parser
from iocop.imports.mediawiki.records import Page, Revision, Wiki
from iocop.imports.stackexchange.rows import BadRow
from iocop.imports.words import N_

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from iocop.imports.stackexchange.rows import Progress

LARGEST = 2**63 - 1

Event = Page | Revision
Said = dict[str, str]  # the words of each element, by "parent.name", and of attributes, by "name@attribute"


class Export:
    """One file, packed or not.

    Attributes:
        wiki: what is known of it; complete from the first page on.
        unknown: elements nobody here knows, by the element they stand in.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.wiki = Wiki()
        self.unknown: Counter[tuple[str, str]] = Counter()
        self._makes = {
            "siteinfo": self._site,
            "namespace": self._namespace,
            "page": _page,
            "revision": _revision,
        }

    @property
    def size(self) -> int:
        """Bytes, as it lies there."""
        return self.path.stat().st_size if self.path.is_file() else 0

    def read(self, progress: Progress = lambda _: None) -> Iterator[Event]:
        """Each page, then its revisions, in the order of the file.

        Args:
            progress: called with the bytes read since its last call.

        Raises:
            BrokenDump: with the line and the reason, after what stood before it.
        """
        parser = Parser(self.path.name, self._make, self.unknown)
        before = 0
        with opened(self.path) as (file, content):
            while chunk := parser.reading(lambda: content.read(CHUNK)):
                yield from parser.fed(chunk)
                progress(file.tell() - before)
                before = file.tell()
        yield from parser.fed(b"", last=True)

    def _make(self, what: str, said: Said) -> Event | None:
        return self._makes[what](said)

    def _site(self, said: Said) -> None:
        self.wiki.version = said.get("mediawiki@version", "")
        self.wiki.language = said.get("mediawiki@lang", "")
        self.wiki.name = " ".join(said.get("siteinfo.sitename", "").split())
        self.wiki.address = said.get("siteinfo.base", "").strip()

    def _namespace(self, said: Said) -> None:
        number = _whole(said, "namespace@key")
        if number is not None:
            self.wiki.namespaces[number] = said.get("namespaces.namespace", "").strip()


def _page(said: Said) -> Page:
    title = " ".join(said.get("page.title", "").replace("_", " ").split())
    if not title:
        raise BadRow(N_("The page has no title."))
    redirect = said.get("redirect@title", "") if "page.redirect" in said else None
    return Page(title, _whole(said, "page.ns"), _whole(said, "page.id"), redirect)


def _revision(said: Said) -> Revision:
    address = said.get("contributor.ip", "").strip()
    user = " ".join(said.get("contributor.username", "").split())
    return Revision(
        at=_moment(said.get("revision.timestamp")),
        id=_whole(said, "revision.id"),
        user=user or address or None,
        user_id=_whole(said, "contributor.id"),
        is_address=bool(address and not user),
        comment=" ".join(said.get("revision.comment", "").split()),
        text=_text(said),
        model=said.get("revision.model", "").strip() or "wikitext",
        slots=int(said.get("revision@slots", "0")),
    )


def _text(said: Said) -> str | None:
    """None for a text that was removed, and for one that is only counted, as in a list of revisions."""
    words = said.get("revision.text")
    if words or words is None:
        return words
    return None if "text@deleted" in said or said.get("text@bytes", "0") != "0" else ""


def _whole(said: Mapping[str, str], name: str) -> int | None:
    words = said.get(name, "").strip()
    if not words:
        return None
    try:
        number = int(words)
    except ValueError:
        number = LARGEST + 1
    if abs(number) > LARGEST:
        raise BadRow(N_("%(name)s is no number: “%(text)s”.", name=name, text=_shown(words)))
    return number


def _moment(words: str | None) -> datetime:
    if words is None or not words.strip():
        raise BadRow(N_("The revision has no time."))
    try:
        moment = datetime.fromisoformat(words.strip())
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):  # the latter beyond the first day or the last one
        raise BadRow(N_("The time cannot be read: “%(text)s”.", text=_shown(words))) from None


def _shown(text: str) -> str:
    """Its beginning, without signs that a terminal would obey."""
    return "".join(letter if letter.isprintable() else "·" for letter in text[:40])
