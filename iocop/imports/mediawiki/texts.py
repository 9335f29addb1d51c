"""The revisions of a page as revisions here: in Markdown, credited, without anybody's address."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from iocop.contributions.services.filing import MOST_TAGS
from iocop.contributions.services.loading import BulkRevision
from iocop.imports.mediawiki.converter import TOO_HARD, convert_many
from iocop.imports.mediawiki.plan.credits import NAMED, credit
from iocop.imports.mediawiki.plan.people import unaddressed
from iocop.imports.words import N_, Phrase

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from iocop.imports.mediawiki.plan.credits import Origin
    from iocop.imports.mediawiki.scratch import Scratch, State, Stored
    from iocop.imports.mediawiki.wikitext.convert import Converted
    from iocop.imports.mediawiki.wikitext.names import Names
    from iocop.imports.stackexchange.plan.tags import TagPlan

LONGEST_TITLE, LONGEST_REASON, LONGEST_CREDIT, LONGEST_LICENCE, LONGEST_LANGUAGE = 200, 200, 400, 40, 8
KEPT: Final = {
    "picture": N_("Pictures are named only: an export does not hold them."),
    "table": N_("Tables with cells over several rows or columns are kept as text."),
    "parameter": N_("Parameters of templates are kept as text."),
    TOO_HARD: N_("Texts that could not be read in time are kept as they are."),
}
IN_PARTS: Final = N_("Articles are so long that they are formatted in parts.")
CUT: Final = N_("Titles are cut after 200 characters.")
NO_TEXT: Final = N_("(its text is missing in the export)")

_SECTION: Final = re.compile(r"/\*\s*(.*?)\s*\*/\s*")
_LINK: Final = re.compile(r"\[\[:?(?:[^\[\]|]*\|)?([^\[\]|]*)\]\]")


@dataclass(frozen=True)
class Target:
    """Where an export goes.

    Attributes:
        pages: the address its titles are added to, for links back.
        say: the translator, for the lines that are stored.
        is_fresh: nothing of this source stands here yet, so that nothing needs to be looked for.
    """

    origin: Origin
    names: Names
    space_id: int
    label: str
    language: str
    tags: TagPlan
    domains: Mapping[str, int]
    scratch: Scratch
    say: Callable[[str], str]
    is_fresh: bool

    def domains_of(self, names: Sequence[str]) -> tuple[int, ...]:
        return tuple(dict.fromkeys(self.domains[name] for name in self.tags.domains_of(names)))

    def words_of(self, names: Sequence[str]) -> tuple[str, ...]:
        """The tags of an article, at most as many as members may choose."""
        return self.tags.slugs_of(names)[:MOST_TAGS]

    def left_out(self, names: Sequence[str]) -> tuple[str, ...]:
        """The tags it would have besides."""
        return self.tags.slugs_of(names)[MOST_TAGS:]


class Turns(NamedTuple):
    """Some revisions of a page.

    Attributes:
        last: what the last of them was converted to.
    """

    revisions: list[BulkRevision]
    last: Converted


def turns_of(page: Stored, states: Sequence[State], before: str, target: Target) -> Turns:
    """At least one state as revisions.

    Args:
        before: the Markdown of the state before them, which stands in for texts that are missing.
    """
    found = convert_many((state.text for state in states if state.text is not None), target.names)
    last: Converted = {"text": before, "categories": [], "templates": {}, "kept": {}}
    revisions = []
    for state in states:
        if state.text is not None:
            last = next(found)
            last["text"] = unaddressed(last["text"], target.names.nobody, target.scratch)
        revisions.append(
            BulkRevision(
                editor_id=target.scratch.author(state.who)[0], at=state.at, text=last["text"],
                title=page.title[:LONGEST_TITLE], reason=_reason(state, target),
            )
        )  # fmt: skip
    return Turns(revisions, last)


def converted(page: Stored, target: Target) -> Converted:
    """The last text of a page."""
    return next(convert_many([target.scratch.last_text(page.n)], target.names))


def notes_of(last: Converted, left_out: Sequence[str]) -> Counter[Phrase]:
    """What is said of an article that could not be taken over whole, each once."""
    notes = Counter(N_("Template “%(name)s” is kept as text.", name=name) for name in last["templates"])
    for what in last["kept"]:
        notes[KEPT.get(what) or N_("“%(what)s” is kept as text.", what=what)] += 1
    for slug in left_out:
        notes[N_("The tag “%(slug)s” is left out: an article has at most five.", slug=slug)] += 1
    return notes


def credit_of(page: Stored, target: Target) -> str:
    """The line under the article, with the address of its page where the wiki has told its own."""
    keys = target.scratch.credits(page.n)
    names = [target.scratch.author(key)[1] for key in keys[:NAMED]]
    line = credit(names, len(keys[NAMED:]), target.origin).said(target.say)
    address = target.names.address(page.title)
    whole = f"{line}, {address}" if address else line
    return whole if len(whole) <= LONGEST_CREDIT else line[:LONGEST_CREDIT]


def _reason(state: State, target: Target) -> str:
    said = _LINK.sub(r"\1", _SECTION.sub(r"\1: ", state.comment)).strip().removesuffix(":")
    if state.text is None:
        said = f"{NO_TEXT.said(target.say)} {said}".strip()
    return unaddressed(said, target.names.nobody)[:LONGEST_REASON]
