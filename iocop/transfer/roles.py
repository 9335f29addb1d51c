"""What people and organizations are called where no names may travel. Pure."""

from __future__ import annotations

from string import ascii_uppercase
from typing import TYPE_CHECKING, Final, NamedTuple

from flask_babel import gettext as _

from iocop.transfer.naming import Name, words_of
from iocop.transfer.sentences import SENTENCE_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

FEW: Final = 5
"""What fewer organizations than this have in common would point at one of them: it is not told."""
PART: Final = 3
"""A part of a person's name counts from so many letters."""


class Place(NamedTuple):
    """What may be told of an organization: never more than its type, its size band and its country."""

    type: str = ""
    size_band: str = ""
    country: str = ""


class Wrote(NamedTuple):
    """Somebody whose words are in the pack.

    Attributes:
        member_id: None where the byline is sealed: then nothing connects this text with another.
        place: None where the byline hides the employer, or there is none.
    """

    member_id: int | None
    name: str
    handle: str
    place: Place | None
    asked: bool = False


class Role(NamedTuple):
    """What somebody is called in the text, and at the head of what they wrote."""

    short: str
    place: Place


def letters(number: int) -> str:
    """Return the number-th of A, B, …, Z, AA, AB, …, counted from 0."""
    found = ""
    number += 1
    while number:
        number, place = divmod(number - 1, 26)
        found = ascii_uppercase[place] + found
    return found


def coarsened(place: Place | None, directory: Mapping[Place, int]) -> Place:
    """Return as much of a place as at least `FEW` organizations of the directory share.

    Args:
        directory: how many living organizations have each combination.
    """
    if place is None:
        return Place()
    for known in (place, place._replace(country=""), Place(type=place.type)):
        if _sharing(known, directory) >= FEW:
            return known
    return Place()


def _sharing(known: Place, directory: Mapping[Place, int]) -> int:
    return sum(
        count
        for other, count in directory.items()
        if all(not told or told == had for told, had in zip(known, other, strict=True))
    )


def authors(wrote: Iterable[Wrote], directory: Mapping[Place, int]) -> Iterator[Role]:
    """Yield each author's role, the same for all that one person signed."""
    known: dict[int, Role] = {}
    count = 0
    for one in wrote:
        role = known.get(one.member_id) if one.member_id is not None else None
        if role is None:
            place = coarsened(one.place, directory)
            if one.asked:
                role = Role(str(_("the asker")), place)
            elif one.member_id is None:
                role = Role(str(_("a practitioner")), Place())
            else:
                role = Role(str(_("practitioner %(letter)s", letter=letters(count))), place)
                count += 1
        if one.member_id is not None:
            known[one.member_id] = role
        yield role


def people_named(wrote: Sequence[Wrote], roles: Sequence[Role]) -> Iterator[Name]:
    """Yield the names of who signed something here: whole, turned round, and each part that is no ordinary word."""
    seen: set[int] = set()
    for one, role in zip(wrote, roles, strict=True):
        if one.member_id is None or one.member_id in seen:
            continue
        seen.add(one.member_id)
        yield from whole_name(one.name, role.short)
        words = words_of(one.name)
        parts = (word for word in words if len(words) > 1)
        yield from (
            Name((word,), role.short, cased=True)
            for word in parts
            if len(word) >= PART and word not in SENTENCE_WORDS
        )
        if len(handle := words_of(one.handle)) > 1:
            yield Name(handle, role.short)


def whole_name(name: str, role: str) -> Iterator[Name]:
    """Yield a person's name as it is written, and with the last word first."""
    words = words_of(name)
    yield Name(words, role)
    if len(words) > 1:
        yield Name((words[-1], *words[:-1]), role)


def organizations_named(names: Iterable[tuple[int, str]]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield the words of organizations' names, aliases and internet domains, each with the organization."""
    for organization_id, name in names:
        if words := words_of(name):
            yield organization_id, words


def organization_role(number: int) -> str:
    """Return what the number-th organization named in a pack is called."""
    return str(_("organization %(letter)s", letter=letters(number)))


def member_role() -> str:
    """Return what a member is called who is named here and wrote nothing of it."""
    return str(_("another member"))


def someone() -> str:
    return str(_("a member"))


def contact() -> str:
    return str(_("[contact details]"))
