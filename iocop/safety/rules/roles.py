"""Names become roles: "Northgate Dairy" reads "a dairy in the north". Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iocop.safety.rules.words import first_words, phrase_at, words_of

if TYPE_CHECKING:
    from collections.abc import Mapping


def replaced(text: str, roles: Mapping[tuple[str, ...], str]) -> str:
    """Return a text with each listed name as its role; a name within a longer listed one gives way to it.

    Args:
        roles: what stands for a name, by its folded words; an empty role replaces nothing.
    """
    known = first_words({name: role for name, role in roles.items() if name and role})
    words, parts, at, kept = words_of(text), [], 0, 0
    while at < len(words):
        name = phrase_at(text, words, at, known)
        if name is None:
            at += 1
            continue
        end = words[at + len(name) - 1].end
        parts += [text[kept : words[at].start], roles[name]]
        at, kept = at + len(name), end
    return "".join([*parts, text[kept:]])
