"""A dump folder as streams of typed records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from inspect import Parameter, signature
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, get_type_hints

from iocop.imports.stackexchange.records import (
    Badge,
    Comment,
    History,
    Link,
    Post,
    Record,
    Tag,
    TagSynonym,
    User,
    Vote,
)
from iocop.imports.stackexchange.rows import Attributes, BadRow, BrokenDump, Progress, rows_of
from iocop.imports.words import N_

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

R = TypeVar("R", bound=Record)
T = TypeVar("T")
Converters = Mapping[Any, Callable[[str], Any] | None]

LARGEST = 2**31 - 1  # what a database's integer column holds
REQUIRED = Parameter.empty


class Table(NamedTuple):
    """The file of a record, and which of its attributes are known but stay behind."""

    file: str
    left: frozenset[str] = frozenset()


def _table(file: str, left: str = "") -> Table:
    return Table(file, frozenset(left.split()))


TABLES: dict[type[Record], Table] = {
    User: _table("Users.xml", "Age DownVotes EmailHash LastAccessDate ProfileImageUrl UpVotes Views"),
    Post: _table("Posts.xml", "AnswerCount CommentCount FavoriteCount"),
    Comment: _table("Comments.xml"),
    Vote: _table("Votes.xml"),
    History: _table("PostHistory.xml"),
    Tag: _table("Tags.xml", "Count IsModeratorOnly IsRequired"),
    TagSynonym: _table(
        "TagSynonyms.xml", "ApprovedByUserId AutoRenameCount LastAutoRename OwnerUserId Score"
    ),
    Link: _table("PostLinks.xml"),
    Badge: _table("Badges.xml", "Class Date TagBased"),
}
NECESSARY = (Post, User)
KNOWN_FILES = frozenset(table.file.lower() for table in TABLES.values())


class Dump:
    """A folder with a dump in it.

    Raises:
        BrokenDump: no such folder, Posts.xml or Users.xml missing, or one file there twice.
    """

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise BrokenDump(folder.name, None, N_("There is no such folder."))
        self.folder = folder
        self._files = _by_lower_name(folder)
        for record in NECESSARY:
            if not self.has(record):
                raise BrokenDump(
                    TABLES[record].file, None, N_("This file is missing; nothing can be read without it.")
                )

    @property
    def foreign(self) -> list[str]:
        """Names of XML files that belong to no table, and so stay unread."""
        return sorted(path.name for name, path in self._files.items() if name not in KNOWN_FILES)

    def file_of(self, record: type[Record]) -> Path | None:
        return self._files.get(TABLES[record].file.lower())

    def has(self, record: type[Record]) -> bool:
        return self.file_of(record) is not None

    @property
    def files(self) -> list[Path]:
        """All files that `read` knows."""
        paths = [self.file_of(record) for record in TABLES]
        return [path for path in paths if path]

    @property
    def size(self) -> int:
        """Bytes of all these files."""
        return sum(path.stat().st_size for path in self.files)

    def read(
        self, record: type[R], progress: Progress = lambda _: None, unknown: Counter[str] | None = None
    ) -> Iterator[R]:
        """The records of one file, in its order; none where the file is absent.

        Args:
            progress: called with the bytes read since its last call.
            unknown: counts the rows that carry an attribute nobody here knows.

        Raises:
            BrokenDump: with the line and the reason, after the records before it.
        """
        make: Callable[..., R] = record
        return self.rows(record, lambda values: make(*values), CONVERTERS, progress, unknown)

    def rows(
        self,
        record: type[Record],
        make: Callable[[list[Any]], T],
        converters: Converters,
        progress: Progress = lambda _: None,
        unknown: Counter[str] | None = None,
    ) -> Iterator[T]:
        """As `read`, but what *make* makes of a record's values, each read from its text as *converters* say by type."""
        path = self.file_of(record)
        if path is not None:
            strange = Counter[str]() if unknown is None else unknown
            yield from rows_of(path, _reading(record, make, converters, strange), progress)


class Survey(NamedTuple):
    """What a first pass over a sound dump found."""

    rows: dict[str, int]  # by file
    unknown: dict[tuple[str, str], int]  # rows by (file, attribute)


def survey(dump: Dump, progress: Progress = lambda _: None) -> Survey:
    """Read every row of every file and keep none, so that a broken dump is found before anything is written.

    Raises:
        BrokenDump: the first fault, with its line.
    """
    rows: dict[str, int] = {}
    strange: dict[tuple[str, str], int] = {}
    for record, table in TABLES.items():
        if dump.has(record):
            unknown: Counter[str] = Counter()
            rows[table.file] = sum(1 for _ in dump.read(record, progress, unknown))
            strange |= {(table.file, attribute): count for attribute, count in unknown.items()}
    return Survey(rows, strange)


def _by_lower_name(folder: Path) -> dict[str, Path]:
    files: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() == ".xml" and path.is_file():
            twin = files.setdefault(path.name.lower(), path)
            if twin is not path:
                raise BrokenDump(
                    path.name, None, N_("This file is there twice; the other is %(name)s.", name=twin.name)
                )
    return files


class Field(NamedTuple):
    """Where in its record an attribute stands, how its text is read, and what holds where there is none."""

    place: int
    convert: Callable[[str], Any] | None  # None: it stays the text it is
    default: object


def _reading(
    record: type[Record], make: Callable[[list[Any]], T], converters: Converters, unknown: Counter[str]
) -> Callable[[Attributes], T]:
    fields = _fields(record, converters)
    required = {attribute for attribute, field in fields.items() if field.default is REQUIRED}
    defaults = [field.default for field in fields.values()]
    left = TABLES[record].left

    def read(attributes: Attributes) -> T:
        if not required <= attributes.keys():
            attribute = next(name for name in fields if name in required - attributes.keys())
            raise BadRow(N_("The row has no %(attribute)s.", attribute=attribute))
        values = defaults.copy()
        try:
            for attribute, text in attributes.items():
                if attribute in fields:
                    place, convert, default = fields[attribute]
                    if text or default is REQUIRED:
                        values[place] = text if convert is None else convert(text)
                elif attribute not in left:
                    unknown[attribute] += 1
        except (ValueError, OverflowError):  # the second: a moment that lies before the year 1 in UTC
            raise _unreadable(attribute, text) from None
        return make(values)

    return read


def _unreadable(attribute: str, text: str) -> BadRow:
    return BadRow(N_("%(attribute)s cannot be read: “%(text)s”.", attribute=attribute, text=_shown(text)))


def _shown(text: str) -> str:
    """Its beginning, without signs that a terminal would obey."""
    return "".join(letter if letter.isprintable() else "·" for letter in text[:40])


def _fields(record: type[Record], converters: Converters) -> dict[str, Field]:
    hints = get_type_hints(record)
    given = signature(record).parameters.values()
    return {
        _attribute(field.name): Field(place, converters[hints[field.name]], field.default)
        for place, field in enumerate(given)
    }


def _attribute(field: str) -> str:
    return "".join(word.capitalize() for word in field.split("_")).replace("Guid", "GUID")


def _whole(text: str) -> int:
    number = int(text)
    if not -LARGEST <= number <= LARGEST:
        raise ValueError(text)
    return number


def moment_of(text: str) -> datetime:
    """Dumps write UTC without saying so."""
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def tag_names(text: str) -> tuple[str, ...]:
    """The names in `<one><two>` (until 2024) and `|one|two|` (since), each once."""
    names = text.replace("<", "|").replace(">", "|").split("|")
    return tuple(dict.fromkeys(name for name in names if name))


CONVERTERS: Converters = {
    int: _whole,
    int | None: _whole,
    str: None,
    str | None: None,
    datetime: moment_of,
    datetime | None: moment_of,
    tuple[str, ...]: tag_names,
}
