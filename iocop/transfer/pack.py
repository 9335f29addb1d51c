"""The take-home pack: what leaves the site, in which words, and what stays. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from flask_babel import format_date, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from iocop.contributions.labels import MEANINGS
from iocop.core.errors import Invalid
from iocop.transfer.blocks import Block, Run
from iocop.transfer.capitals import remaining
from iocop.transfer.checking import to_check
from iocop.transfer.replacing import OWN, ROLE, Replacer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date, datetime

    from iocop.transfer.blocks import Runs
    from iocop.transfer.capitals import Left
    from iocop.transfer.naming import Names

LONGEST_CHOICE: Final = 80
"""Characters a word may be replaced by."""
GAP: Final = "·"
"""Stands for a replaced word where capitals are looked for: it neither is one nor ends a sentence."""


class Post(NamedTuple):
    """One text of a pack, as it stands on the site.

    Attributes:
        author: what stands at its head: a name and an employer, or a role.
        conditions: under which others said that it works where they are.
    """

    id: int
    author: str
    at: datetime
    blocks: tuple[Block, ...]
    licence: str
    attribution: str = ""
    accepted: bool = False
    works_here: int = 0
    conditions: tuple[str, ...] = ()

    def texts(self) -> Iterator[str]:
        """Yield all its plain texts, a table's cells one by one."""
        for block in self.blocks:
            cells = (cell for row in block.rows for cell in row) if block.rows else (block.runs,)
            yield from map(as_text, cells)
        yield from self.conditions


def as_text(runs: Iterable[Run]) -> str:
    return "".join(run.text for run in runs)


@dataclass(frozen=True)
class Material:
    """What a pack is made of.

    Attributes:
        label: the strictest of all that is in it.
        names: what must not travel; None where its label lets names travel.
        authors: everybody whose words are in it, where names may travel.
        applies: what an article says it applies to.
        stay: texts that stay on the site because of their labels.
        over: texts that are left out because the pack would be too long.
    """

    id: int
    title: str
    language: str
    label: str
    posts: Sequence[Post]
    names: Names | None
    authors: Sequence[str]
    version: int
    changed_at: datetime
    site: str
    base_url: str
    address: str
    today: date
    standing: str = ""
    applies: Sequence[tuple[str, str]] = ()
    stay: int = 0
    over: int = 0


class Word(NamedTuple):
    """A line of the preview: a word, and what stands in its place.

    Attributes:
        kind: ``name``, ``perhaps`` (a name or an ordinary word), ``chosen``, ``left`` or ``begins``.
    """

    word: str
    becomes: str
    kind: str
    times: int
    context: str = ""


class Part(NamedTuple):
    """One text of the pack, ready to be written in any format."""

    author: str
    at: datetime
    notes: tuple[str, ...]
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Pack:
    """A pack as it will be."""

    id: int
    title: str
    language: str
    named: bool
    parts: Sequence[Part]
    facts: Sequence[tuple[str, str]]
    check: Sequence[str]
    left_out: Sequence[str]
    words: Sequence[Word]

    @property
    def picture_ids(self) -> list[int]:
        """The attachments it would show, each once, in order."""
        found = (block.picture for part in self.parts for block in part.blocks if block.picture)
        return list(dict.fromkeys(found))

    def unseen(self, seen: set[str]) -> bool:
        """Say whether something stands out that the member has not looked at."""
        return any(word.kind == "left" and word.word not in seen for word in self.words)


def made(material: Material, choices: Mapping[str, str]) -> Pack:
    """Make the pack of a text or thread.

    Args:
        choices: what the member wants in place of a word; nothing to have it struck.

    Raises:
        Invalid: a word is replaced by a name, or by more than 80 characters.
    """
    replacer = Replacer(material.names, choices, material.base_url)
    for text in (material.title, *(text for post in material.posts for text in post.texts())):
        replacer.survey(text)
    _check(replacer, choices)
    parts = [_part(post, replacer, named=material.names is None) for post in material.posts]
    heading = replacer.runs((Run(material.title),))
    conditions = [replacer.runs((Run(one),)) for post in material.posts for one in post.conditions]
    title = as_text(heading)
    plain = [as_text(block.runs) for part in parts for block in part.blocks]
    return Pack(
        id=material.id, title=title, language=material.language, named=material.names is None, parts=parts,
        facts=list(_facts(material, title, changed=bool(replacer.replaced or replacer.chosen))),
        check=to_check([title, *plain], material.applies, map(as_text, conditions)),
        left_out=list(_left_out(material)),
        words=list(_words(material, replacer, _remaining_texts(parts, [heading, *conditions]))),
    )  # fmt: skip


def _remaining_texts(parts: Sequence[Part], others: Sequence[Runs]) -> list[tuple[str, bool]]:
    return [
        *((_unmarked(runs), False) for runs in others),
        *(pair for part in parts for pair in _texts(part.blocks)),
    ]


def _check(replacer: Replacer, choices: Mapping[str, str]) -> None:
    for word, becomes in choices.items():
        if len(becomes) > LONGEST_CHOICE:
            raise Invalid(_l("At most 80 characters can stand in place of a word."), word)
        known = replacer.replaced.get(word)
        kept = becomes == word and not (known and known.sure)
        if not becomes or kept or (known and becomes == known.usual):
            continue
        if replacer.names and any(found.sure for found in replacer.names.found(f"{GAP} {becomes}")):
            raise Invalid(_l("This is a name, and what is labelled “take home” travels without names."), word)


def _part(post: Post, replacer: Replacer, *, named: bool) -> Part:
    notes = []
    if post.accepted:
        notes.append(_("Accepted answer"))
    if post.works_here:
        notes.append(
            ngettext(
                "Confirmed in practice at %(num)s organization",
                "Confirmed in practice at %(num)s organizations",
                post.works_here,
            )
        )
    if post.attribution:
        notes.append(
            post.attribution if named else _("It came from elsewhere: its source is named on the site.")
        )
    return Part(post.author, post.at, tuple(notes), tuple(replacer.block(block) for block in post.blocks))


def _texts(blocks: Sequence[Block]) -> Iterator[tuple[str, bool]]:
    """Yield the texts of some blocks without what was replaced, each with whether it is code."""
    for block in blocks:
        cells = [cell for row in block.rows for cell in row] if block.kind == "table" else [block.runs]
        for runs in cells:
            yield _unmarked(runs), block.kind == "code"


def _unmarked(runs: Sequence[Run]) -> str:
    return "".join(GAP if run.mark in {ROLE, OWN} else run.text for run in runs)


def _facts(material: Material, title: str, *, changed: bool) -> Iterator[tuple[str, str]]:
    named = material.names is None
    version = _(
        "version %(number)s of %(day)s",
        number=material.version,
        day=format_date(material.changed_at, "d MMMM y"),
    )
    retrieved = _("retrieved %(day)s", day=format_date(material.today, "d MMMM y"))
    yield _("Source"), material.address
    yield _("Cite as"), f"“{title}”. {material.site}, {material.address}, {version}, {retrieved}."
    if material.standing:
        yield _("Standing"), material.standing
    licences = ", ".join(dict.fromkeys(post.licence for post in material.posts if post.licence))
    yield _("Licence"), licences
    if named:
        yield _("By"), ", ".join(material.authors)
    else:
        yield (
            _("By"),
            _(
                "members of the community, named at the source for those who may read there, as the licence allows."
            ),
        )
    if changed:
        yield _("Changed"), _("Names became roles, and words may have been changed by who took it home.")
    yield _("Sharing"), str(MEANINGS[material.label])


def _left_out(material: Material) -> Iterator[str]:
    if material.stay:
        yield ngettext(
            "%(num)s post stays on the site: its sharing label keeps it there.",
            "%(num)s posts stay on the site: their sharing labels keep them there.",
            material.stay,
        )
    if material.over:
        yield ngettext(
            "%(num)s later post is left out, because the pack would be too long: read it at the source.",
            "%(num)s later posts are left out, because the pack would be too long: read them at the source.",
            material.over,
        )


def _words(material: Material, replacer: Replacer, texts: list[tuple[str, bool]]) -> Iterator[Word]:
    if material.names is None:
        return
    for one in sorted(replacer.replaced.values(), key=lambda one: (not one.sure, one.word)):
        yield Word(one.word, one.becomes, "name" if one.sure else "perhaps", one.times)
    for one in replacer.chosen.values():
        yield Word(one.word, one.becomes, "chosen", one.times)
    kept = {one.word for one in replacer.replaced.values() if one.becomes == one.word}
    for left in remaining(texts, material.language):
        if left.word not in kept:
            yield _as_word(left)


def _as_word(left: Left) -> Word:
    return Word(left.word, left.word, "left" if left.stands_out else "begins", left.times, left.context)
