"""The names the site knows: of members and organizations, as far as they occur in a pack."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from sqlalchemy import func, select

from iocop.core.db import db
from iocop.members.models import Member
from iocop.members.queries import members_by_handles
from iocop.organizations.models import MailDomain, Organization, OrganizationAlias
from iocop.safety.queries import own_words
from iocop.transfer import roles
from iocop.transfer.naming import WORD, Name, Names, words_of
from iocop.transfer.replacing import STRUCK
from iocop.transfer.roles import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from iocop.core.login import Viewer
    from iocop.transfer.roles import Role, Wrote

AT_ONCE: Final = 400
"""Names asked for in one statement."""
LONGEST_NAME: Final = 5
"""Words of a member's name that are looked up together."""
_BESIDE: Final = re.compile(r"[ .'’-]{1,2}")
_PARTICLES: Final = frozenset({
    "af", "al", "bin", "da", "de", "del", "den", "der", "di", "dos", "du", "e", "el", "ibn", "la", "le", "ten", "ter",
    "van", "von", "y", "zu",
})  # fmt: skip
_HANDLE: Final = re.compile(r"@([^\W_](?:[\w-]{0,62}\w)?)")


def directory() -> dict[Place, int]:
    """Return how many living organizations share each type, size band and country."""
    kinds = (Organization.type, Organization.size_band, Organization.country)
    rows = db.session.execute(
        select(*kinds, func.count()).where(Organization.merged_into_id.is_(None)).group_by(*kinds)
    )
    return {Place(row[0], row[1], row[2]): row[3] for row in rows}


def names(viewer: Viewer, texts: Sequence[str], wrote: Sequence[Wrote], given: Sequence[Role]) -> Names:
    """Return all that must not travel in a pack: what the viewer has listed, its authors, and who is named in it.

    Args:
        texts: all that is in the pack, in its order, then what the viewer would put in place of words.
    """
    handles = {one.handle: role.short for one, role in zip(wrote, given, strict=True) if one.member_id}
    mentioned = {handle.lower() for text in texts if "@" in text for handle in _HANDLE.findall(text)}
    known = dict.fromkeys(members_by_handles(mentioned), roles.member_role())
    return Names(
        [
            *(Name(words_of(own.word), own.role or STRUCK) for own in own_words(viewer.id)),
            *_organizations(texts),
            *roles.people_named(wrote, given),
            *_other_members(texts, wrote),
        ],
        known | handles,
        roles.someone(),
        roles.contact(),
    )


def _other_members(texts: Iterable[str], wrote: Sequence[Wrote]) -> Iterator[Name]:
    """Yield the whole names of members who are named here and signed nothing of it."""
    signed = {one.name for one in wrote if one.member_id}
    sealed = {one.name for one in wrote if not one.member_id} - signed
    asked = sorted({name for text in texts for name in _possible(text)} - signed)
    found = set(sealed)
    for start in range(0, len(asked), AT_ONCE):
        found |= set(
            db.session.scalars(select(Member.name).where(Member.name.in_(asked[start : start + AT_ONCE])))
        )
    for name in sorted(found):
        yield from roles.whole_name(name, roles.member_role())


def _possible(text: str) -> Iterator[str]:
    """Yield what may be a person's name: two to five words in a row that begin with a capital, "de la" among them."""
    for row in _rows(text):
        for first in range(len(row) - 1):
            for last in range(first + 1, min(first + LONGEST_NAME, len(row))):
                if row[first][0][0].isupper() and row[last][0][0].isupper():
                    yield text[row[first].start() : row[last].end()]


def _rows(text: str) -> Iterator[list[re.Match[str]]]:
    row: list[re.Match[str]] = []
    for word in WORD.finditer(text):
        apart = row and not _BESIDE.fullmatch(text, row[-1].end(), word.start())
        if apart or not (word[0][0].isupper() or word[0] in _PARTICLES):
            yield row
            row = []
        if word[0][0].isupper() or (row and word[0] in _PARTICLES):
            row.append(word)
    yield row


def _organizations(texts: Sequence[str]) -> Iterator[Name]:
    """Yield the names of the organizations that occur, each under a letter in the order they are named."""
    known = list(roles.organizations_named(_all_names()))
    finder = Names([Name(words, str(key)) for key, words in known], {}, "", "")
    occurring = dict.fromkeys(found.role for text in texts for found in finder.found(text) if found.role)
    called = {int(key): roles.organization_role(number) for number, key in enumerate(occurring)}
    for key, words in known:
        if key in called:
            yield Name(words, called[key])


def _all_names() -> Iterator[tuple[int, str]]:
    """Yield every organization's names, aliases and internet domains, those merged into another as that other."""
    survivors: dict[int, int] = {}
    rows = db.session.execute(
        select(Organization.id, Organization.merged_into_id, Organization.name, Organization.website)
    )
    for row in rows.all():
        survivors[row.id] = row.merged_into_id or row.id
        yield survivors[row.id], row.name
        if host := _own_host(row.name, row.website):
            yield survivors[row.id], host
    for model, name in ((OrganizationAlias, OrganizationAlias.name), (MailDomain, MailDomain.domain)):
        for other in db.session.execute(select(model.organization_id, name)).all():
            yield survivors[other[0]], other[1]


def _own_host(name: str, website: str) -> str:
    """Return a website's host where it tells the organization; a page at a large host tells nothing by its host."""
    host = (urlsplit(website if "//" in website else f"//{website}").hostname or "").removeprefix("www.")
    return host if words_of(name) and words_of(name)[0] in host else ""
