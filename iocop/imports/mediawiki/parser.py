"""The XML of an export, element by element.

Expat for the reasons that `stackexchange.rows` gives. What the schema lets be missing may be missing; what it does not
have is counted, not refused, so that a newer schema is read as far as it goes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.parsers import expat

from iocop.imports.mediawiki.opening import UNREADABLE
from iocop.imports.stackexchange.rows import BadRow, BrokenDump
from iocop.imports.words import N_, Phrase

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable

    from iocop.imports.mediawiki.records import Page, Revision

LONGEST_TEXT: Final = 2**25  # characters between two tags; a page of a wiki holds two million as a rule

ROOT: Final = "mediawiki"
WITHIN: Final = {
    ROOT: frozenset({"siteinfo", "page", "logitem"}),
    "siteinfo": frozenset({"sitename", "dbname", "base", "generator", "case", "namespaces"}),
    "page": frozenset(
        {"title", "ns", "id", "redirect", "restrictions", "revision", "upload", "discussionthreadinginfo"}
    ),
    "revision": frozenset(
        {"id", "parentid", "timestamp", "contributor", "minor", "comment", "model", "format", "text", "sha1",
         "origin", "content"}
    ),
    "contributor": frozenset({"username", "id", "ip"}),
}  # fmt: skip
UNREAD: Final = frozenset({"upload", "logitem", "discussionthreadinginfo", "content"})
"""Elements that nothing is taken from; ``content`` is a text in another role than the page's own."""

READ: Final = {f"{parent}.{name}" for parent, names in WITHIN.items() for name in names - UNREAD} | {
    "namespaces.namespace"
}
_LANGUAGE: Final = "http://www.w3.org/XML/1998/namespace lang"


class Parser:
    """Where in a file one is, and what was found since one last asked.

    Args:
        make: makes a page, a revision or nothing of what an element said; it may raise `BadRow`.
    """

    def __init__(
        self,
        file: str,
        make: Callable[[str, dict[str, str]], Page | Revision | None],
        unknown: Counter[tuple[str, str]],
    ) -> None:
        self._file, self._make, self._unknown = file, make, unknown
        self._found: list[Page | Revision] = []
        self._path: list[str] = []  # the elements that are open
        self._unread = 0  # those open within one that nothing is taken from
        self._words: list[str] = []
        self._length = 0
        self._root: dict[str, str] = {}
        self._said: dict[str, str] = {}
        self._is_page_given = True
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._starts
        self._parser.EndElementHandler = self._ends
        self._parser.CharacterDataHandler = self._says

    def reading(self, read: Callable[[], bytes]) -> bytes:
        """Raises: BrokenDump, for a packed file that ends too early or was damaged."""
        try:
            return read()
        except UNREADABLE as error:
            what = str(error) or type(error).__name__
            raise self._broken(N_("It cannot be unpacked further (%(what)s).", what=what)) from None

    def fed(self, chunk: bytes, *, last: bool = False) -> list[Page | Revision]:
        self._found = []
        try:
            self._parser.Parse(chunk, last)
        except BadRow as bad:
            raise self._broken(bad.reason) from None
        except expat.ExpatError as error:
            what = expat.ErrorString(error.code)
            reason = N_("This is not well-formed XML (%(what)s).", what=what)
            raise BrokenDump(self._file, error.lineno, reason) from None
        except (LookupError, ValueError) as error:  # an encoding nobody knows
            raise self._broken(N_("The encoding cannot be read (%(what)s).", what=str(error))) from None
        return self._found

    def _starts(self, full: str, attributes: dict[str, str]) -> None:
        name = full.rpartition(" ")[2]
        if not self._path:
            self._begins(name, attributes)
        elif self._unread or name in UNREAD:
            self._unread += 1
            if name == "content" and self._unread == 1:
                self._said["revision@slots"] = str(int(self._said.get("revision@slots", "0")) + 1)
            return
        elif name not in WITHIN.get(self._path[-1], {name}):
            self._unknown[self._path[-1], name[:40]] += 1
        self._path.append(name)
        self._words, self._length = [], 0
        self._opens(name, attributes)

    def _begins(self, name: str, attributes: dict[str, str]) -> None:
        if name != ROOT:
            raise BadRow(N_("It begins with <%(name)s>, so it is no export of a wiki.", name=name[:40]))
        self._root = {
            f"{ROOT}@version": attributes.get("version", ""),
            f"{ROOT}@lang": attributes.get(_LANGUAGE, ""),
        }

    def _opens(self, name: str, attributes: dict[str, str]) -> None:
        if name in {"siteinfo", "page"}:
            self._said = dict(self._root) if name == "siteinfo" else {}
            self._is_page_given = name != "page"
        elif name == "revision":
            self._give_page()
            self._said = {}
        self._said.update({f"{name}@{key.rpartition(' ')[2]}": value for key, value in attributes.items()})

    def _ends(self, _full: str) -> None:
        if self._unread:
            self._unread -= 1
            return
        place = ".".join(self._path[-2:])
        name = self._path.pop()
        if place in READ:
            self._said[place] = "".join(self._words)
        self._words, self._length = [], 0
        if name == "page":
            self._give_page()
        elif name in {"revision", "namespace", "siteinfo"}:
            self._give(name)

    def _give_page(self) -> None:
        """The page stands before its revisions, however many they are."""
        if not self._is_page_given:
            self._is_page_given = True
            self._give("page")

    def _give(self, what: str) -> None:
        made = self._make(what, self._said)
        if made is not None:
            self._found.append(made)

    def _says(self, words: str) -> None:
        if not self._unread:
            self._length += len(words)
            if self._length > LONGEST_TEXT:
                raise BadRow(N_("A single text is longer than %(most)s characters.", most=LONGEST_TEXT))
            self._words.append(words)

    def _doctype(self, *_declared: object) -> None:
        raise BadRow(N_("It declares a document type, which no dump does; it is refused unread."))

    def _broken(self, reason: Phrase) -> BrokenDump:
        return BrokenDump(self._file, self._parser.CurrentLineNumber, reason)
