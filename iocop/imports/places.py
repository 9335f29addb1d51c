"""Where imports go: a space, domains, tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, or_, select

from iocop.core.db import db
from iocop.core.errors import Missing, Refused
from iocop.core.events import emit
from iocop.core.versions import bump
from iocop.domains.events import DomainFounded
from iocop.domains.models import MOST_DOMAINS, Domain, Tag
from iocop.domains.queries import resolve_tags
from iocop.domains.slugs import address
from iocop.imports.batches import batches
from iocop.imports.stackexchange.plan import tags as plan
from iocop.spaces.models import Space
from iocop.spaces.queries import default_space

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.orm import Session

    from iocop.imports.stackexchange.plan.tags import Choices

LONGEST_SLUG, LONGEST_NAME = 40, 80
BATCH = 500


def place_of(slug: str) -> tuple[int, str]:
    """The space and the label topics get in it: what anybody may read anybody may carry on."""
    space = db.session.scalar(select(Space).where(Space.slug == slug)) if slug else default_space()
    if space is None:
        raise Missing(_l("There is no such space."))
    return space.id, "public" if space.audience == "public" else "space"


def choices_for(source: str, text: str, domain: str | None) -> Choices:
    """The choices of a mapping file, or one domain for all: the one named, or one called after the source.

    Raises:
        BadChoices: the file cannot be followed.
    """
    return plan.choices(text, domain) if text else plan.Choices((domain or source)[:LONGEST_NAME])


def domains_here(session: Session, names: Iterable[str]) -> dict[str, int]:
    """The domains that stand, by the name or slug they were asked for."""
    words = {name: _word(name) for name in names}
    asked = or_(Domain.slug.in_(words.values()), Domain.name.in_(words))
    rows = session.execute(select(Domain.id, Domain.slug, Domain.name).where(asked)).all()
    by_slug, by_name = {row.slug: row.id for row in rows}, {row.name: row.id for row in rows}
    found = {name: by_name.get(name) or by_slug.get(word) for name, word in words.items()}
    return {name: key for name, key in found.items() if key is not None}


def _word(name: str) -> str:
    return address(name, LONGEST_SLUG) or "-"


def ensure_domains(session: Session, names: Sequence[str]) -> None:
    known = domains_here(session, names)
    new = {_word(name): name for name in reversed(names) if name not in known}
    count = session.scalar(select(func.count()).where(Domain.retired_at.is_(None))) or 0
    if count + len(new) > MOST_DOMAINS:
        raise Refused(_l("The site would have more than %(most)d domains.") % {"most": MOST_DOMAINS})
    for position, (word, name) in enumerate(reversed(new.items()), count):
        domain = Domain(slug=word, name=name[:LONGEST_NAME], position=position)
        session.add(domain)
        session.flush()
        emit(DomainFounded(actor_id=None, domain_id=domain.id))
    if new:
        bump("site")


def tag_ids(words: Sequence[str]) -> dict[str, int]:
    """The tag each word stands for, through synonyms and mergers."""
    found: dict[str, int] = {}
    for some in batches(words, BATCH):
        plain = select(Tag.slug, Tag.id).where(Tag.slug.in_(some), Tag.merged_into_id.is_(None))
        found |= {row.slug: row.id for row in db.session.execute(plain)}
    others = (word for word in words if word not in found)
    return found | {word: tag.id for word in others for tag in resolve_tags([word])}
