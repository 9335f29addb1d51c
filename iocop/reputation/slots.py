"""Levels on the pages of members: beside what they wrote, in lists of people, and on the profile."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from flask_babel import gettext as _
from markupsafe import Markup

from iocop.core.cache import kept_with_people
from iocop.core.language import reader
from iocop.core.site import site_version
from iocop.core.slots import fills
from iocop.domains.queries import all_domains
from iocop.reputation.queries.chips import levels_held
from iocop.reputation.wording import LEVELS

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from iocop.reputation.queries.chips import Held

MOST: Final = 3
"""Chips of one member in a list of people."""
_BESIDE: Final = Markup(
    ' <span class="chip" data-facet="identity">{}<span class="visually-hidden"> {}</span></span>'
)
_IN_LIST: Final = Markup('<span class="chip" data-facet="identity">{}</span>')


@fills("author_chip")
def level_chips(member_ids: Collection[int], *, topic_id: int, **_about: Any) -> dict[int, Markup]:
    """The highest level each has in the domains of what is read; who has none yet has no chip."""
    names = _domain_names()
    found: dict[int, Markup] = {}
    for held in levels_held(member_ids, topic_id):
        within = _("in %(domain)s", domain=names.get(held.domain_id, ""))
        found.setdefault(held.member_id, _BESIDE.format(LEVELS[held.level], within))
    return found


@fills("member_chip")
def levels_in_lists(
    member_ids: Collection[int], *, domain_id: int | None = None, **_about: Any
) -> dict[int, Markup]:
    """The highest levels of each by domain; in one domain alone, where the list is narrowed to it."""
    ids = frozenset(member_ids)
    key = ("levels", reader()[0], site_version(), domain_id, ids)
    return kept_with_people(key, lambda: _of_members(ids, domain_id))


def _of_members(member_ids: frozenset[int], domain_id: int | None) -> dict[int, Markup]:
    by_member = defaultdict(list)
    for one in levels_held(member_ids):
        if domain_id in {None, one.domain_id}:
            by_member[one.member_id].append(one)
    return {member_id: _chips(levels) for member_id, levels in by_member.items()}


def _chips(levels: Sequence[Held]) -> Markup:
    names = _domain_names()
    words = [
        _("%(level)s in %(domain)s", level=LEVELS[one.level], domain=names.get(one.domain_id, ""))
        for one in levels[:MOST]
    ]
    return Markup("").join(map(_IN_LIST.format, words))


def _domain_names() -> dict[int, str]:
    return {row.id: row.name for row in all_domains()}
