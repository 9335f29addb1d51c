"""Two changes of one text are brought together section by section. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from iocop.repertoire.sections import split

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Key = tuple[int, str, int]
"""A section's level, its heading's words, and the how-manieth of these it is."""


class Merged(NamedTuple):
    """What came of bringing two texts together.

    Attributes:
        text: both changes in one; empty where there are conflicts.
        conflicts: the headings of the sections that both changed in different ways; ``""`` for what stands before the
            first heading, or for the order of the sections.
    """

    text: str
    conflicts: tuple[str, ...]

    @property
    def whole(self) -> bool:
        return not self.conflicts


def merge(base: str, theirs: str, yours: str) -> Merged:
    """Bring together what two people made of one text.

    A section that one of them changed, added or took out is as that one left it; a section that both changed is a
    conflict, unless they changed it alike. Blank lines at a section's end count for nothing.
    """
    old, one, other = _parts(base), _parts(theirs), _parts(yours)
    chosen: dict[Key, str] = {}
    conflicts: list[str] = []
    for key in {**old, **one, **other}:
        text, divided = _choose(old.get(key), one.get(key), other.get(key))
        if divided:
            conflicts.append(key[1])
        elif text is not None:
            chosen[key] = text
    order = _order(old, one, other)
    if order is None:
        conflicts.append("")
    if conflicts or order is None:
        return Merged("", tuple(dict.fromkeys(conflicts)))
    return Merged(_joined([chosen[key] for key in order if key in chosen]), ())


def _parts(text: str) -> dict[Key, str]:
    """Return a text's sections, each without those below it, by what identifies them."""
    found: dict[Key, str] = {}
    same: Counter[tuple[int, str]] = Counter()
    for section in split(text):
        head = section.level, section.words
        found[*head, same[head]] = text[section.start : section.end]
        same[head] += 1
    return found


def _choose(base: str | None, theirs: str | None, yours: str | None) -> tuple[str | None, bool]:
    """Return one section's text (None: taken out) and whether the two changes contradict each other."""
    if _same(theirs, yours) or _same(yours, base):
        return theirs, False
    if _same(theirs, base):
        return yours, False
    return None, True


def _same(one: str | None, other: str | None) -> bool:
    if one is None or other is None:
        return one is other
    return one.rstrip() == other.rstrip()


def _order(base: Mapping[Key, str], theirs: Mapping[Key, str], yours: Mapping[Key, str]) -> list[Key] | None:
    """Return all sections in the order of who moved some, with the other's new ones after what they followed.

    None where both moved sections, and not alike.
    """
    shared = base.keys() & theirs.keys() & yours.keys()
    old, one, other = ([key for key in side if key in shared] for side in (base, theirs, yours))
    if old == other:
        return _woven(list(theirs), list(yours))
    if one in (old, other):
        return _woven(list(yours), list(theirs))
    return None


def _woven(backbone: Sequence[Key], further: Sequence[Key]) -> list[Key]:
    known, before = set(backbone), None
    runs: defaultdict[Key | None, list[Key]] = defaultdict(list)
    for key in further:
        if key in known:
            before = key
        else:
            runs[before].append(key)
    return [*runs[None], *(one for key in backbone for one in (key, *runs.get(key, ())))]


def _joined(parts: Sequence[str]) -> str:
    """Put sections below each other, so that every heading stays one."""
    apart = [text if text.endswith("\n\n") else text.rstrip("\n") + "\n\n" for text in parts[:-1]]
    text = "".join([*apart, *parts[-1:]])
    return text.rstrip("\n") + "\n" if text else ""
