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
from iocop.transfer import roles
from iocop.transfer.capitals import capitalised
from iocop.transfer.naming import WORD, Name, Names, words_of
from iocop.transfer.roles import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from iocop.transfer.pack import Post
    from iocop.transfer.roles import Role, Wrote

AT_ONCE: Final = 400
"""Names asked for in one statement."""
LONGEST_NAME: Final = 4
"""Words of a member's name that are looked up together."""
_HANDLE: Final = re.compile(r"@([^\W_](?:[\w-]{0,62}\w)?)")


def directory() -> dict[Place, int]:
    """Return how many living organizations share each type, size band and country."""
    kinds = (Organization.type, Organization.size_band, Organization.country)
    rows = db.session.execute(
        select(*kinds, func.count()).where(Organization.merged_into_id.is_(None)).group_by(*kinds)
    )
    return {Place(row[0], row[1], row[2]): row[3] for row in rows}


def names(title: str, posts: Sequence[Post], wrote: Sequence[Wrote], given: Sequence[Role]) -> Names:
    """Return all that must not travel in a pack: its authors, other members and organizations named in it."""
    texts = [title, *(text for post in posts for text in post.texts())]
    handles = {one.handle: role.short for one, role in zip(wrote, given, strict=True) if one.member_id}
    mentioned = {handle.lower() for text in texts if "@" in text for handle in _HANDLE.findall(text)}
    others = dict.fromkeys(members_by_handles(mentioned), roles.member_role())
    return Names(
        [
            *roles.people_named(wrote, given),
            *_other_members(texts, wrote),
            *_organizations(texts),
        ],
        others | handles,
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
    """Yield what may be a person's name: two to four words in a row that begin with a capital."""
    for seen in capitalised(text, ""):
        row = list(WORD.finditer(text, seen.start, seen.end))
        for first in range(len(row) - 1):
            for last in range(first + 1, min(first + LONGEST_NAME, len(row))):
                yield text[row[first].start() : row[last].end()]


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
