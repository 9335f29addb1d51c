"""Every change of the practice's map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.errors import Conflict, Invalid, Missing
from iocop.core.events import emit
from iocop.core.policy import require
from iocop.core.text.render import render
from iocop.core.versions import bump
from iocop.domains import policy
from iocop.domains.events import CharterWritten, DomainChanged, DomainFounded, DomainsChosen, TagsMerged
from iocop.domains.models import Domain, MemberDomain, Tag, TagSynonym
from iocop.domains.queries import resolve_tags, surviving
from iocop.domains.slugs import RESERVED, address, tag_slug

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.orm import Session

    from iocop.core.login import Viewer
    from iocop.core.policy import Sentence


def found_domain(actor: Viewer, name: str, summary: str = "") -> Domain:
    """Open a part of the practice.

    Raises:
        Refused: not an administrator, or there are 30 domains.
        Conflict: a domain has this name, or a page of the site its address.
        Invalid: no letter or digit is in the name.
    """
    with act() as session:
        existing = _open_domains()
        require(policy.may_found_domain(actor, existing))
        slug = address(name, 40)
        if not slug:
            raise Invalid(_l("A name has at least one letter or digit."), "name")
        if slug in RESERVED:
            raise Conflict(_l("A page of the site has this address already: choose another name."))
        domain = Domain(name=name.strip(), slug=slug, summary=summary.strip(), position=existing)
        session.add(domain)
        _flush(_l("There is a domain of this name already."))
        bump("site")
        emit(DomainFounded(actor.id, domain_id=domain.id))
    return domain


def _open_domains() -> int:
    return db.session.scalar(select(func.count()).where(Domain.retired_at.is_(None))) or 0


def change_domain(
    actor: Viewer, domain_id: int, *, name: str, summary: str, position: int, retired: bool = False
) -> Domain:
    """Rename, reorder or retire a domain; its address stays.

    Raises:
        Refused: not an administrator, or a retired one would open beside 30 others.
        Conflict: another domain has this name.
    """
    with act():
        require(policy.may_change_domains(actor))
        domain = _domain(domain_id)
        if domain.retired_at is not None and not retired:
            require(policy.may_found_domain(actor, _open_domains()))
        domain.name, domain.summary, domain.position = name.strip(), summary.strip(), position
        domain.retired_at = (domain.retired_at or clock.now()) if retired else None
        _flush(_l("There is a domain of this name already."))
        bump("site")
        emit(DomainChanged(actor.id, domain_id=domain_id))
    return domain


def write_charter(actor: Viewer, domain_id: int, text: str, questions: Sequence[str]) -> Domain:
    """Write what the domain is for and what its members want to learn this year.

    Raises:
        Refused: neither its steward nor an administrator.
        Invalid: longer than the site renders.
    """
    html = _rendered(text)
    with act():
        require(policy.may_write_charter(actor, domain_id))
        domain = _domain(domain_id)
        domain.charter, domain.charter_html = text, html
        domain.charter_owner_id, domain.charter_at = actor.id, clock.now()
        domain.learning_questions = [question.strip() for question in questions if question.strip()]
        bump("site")
        emit(CharterWritten(actor.id, domain_id=domain_id))
    return domain


def _rendered(text: str) -> str:
    try:
        return render(text).html
    except ValueError as error:
        raise Invalid(str(error), "charter") from error


def add_sub_topic(actor: Viewer, domain_id: int, word: str) -> Tag:
    """Have a domain's page list a tag as its sub-topic.

    Raises:
        Refused: not an administrator.
        Invalid: no word that can be a tag.
    """
    with act() as session:
        require(policy.may_change_domains(actor))
        domain = _domain(domain_id)
        (tag,) = ensure_tags([word]) or (None,)
        if tag is None:
            raise Invalid(_l("A sub-topic needs a word of letters or digits."), "sub_topic")
        count = session.scalar(select(func.count()).where(Tag.domain_id == domain.id, Tag.sub_topic)) or 0
        tag.domain_id, tag.sub_topic, tag.position = domain.id, True, count
        bump("site")
        emit(DomainChanged(actor.id, domain_id=domain_id))
    return tag


def ensure_tags(words: Iterable[str]) -> list[Tag]:
    """Return the tags that words stand for, making those that are new, in the current act."""
    with act() as session:
        slugs = list(dict.fromkeys(filter(None, map(tag_slug, words))))
        known = resolve_tags(slugs)
        taken = set(session.scalars(select(Tag.slug).where(Tag.slug.in_(slugs))))
        taken |= set(session.scalars(select(TagSynonym.slug).where(TagSynonym.slug.in_(slugs))))
        for word in slugs:
            if word not in taken:
                _make_tag(session, word)
        return resolve_tags(slugs) if len(known) < len(slugs) else known


def _make_tag(session: Session, word: str) -> None:
    try:
        with session.begin_nested():
            session.add(Tag(slug=word))
            session.flush()
    except IntegrityError:
        return  # somebody else made it at the same moment: theirs serves


def add_synonym(actor: Viewer, word: str, tag_id: int) -> TagSynonym:
    """Let another word stand for a tag.

    Raises:
        Refused: not a keeper of tags.
        Conflict: the word is a tag or a synonym already.
    """
    with act() as session:
        require(policy.may_curate_tags(actor))
        word = tag_slug(word)
        if not word or session.scalar(select(Tag.id).where(Tag.slug == word)) is not None:
            raise Conflict(_l("This word is a tag of its own: merge the two instead."))
        synonym = TagSynonym(slug=word, tag_id=tag_id)
        session.add(synonym)
        _flush(_l("This word stands for a tag already."))
        bump("topics")  # a kept page said that nothing is filed under this word
        emit(TagsMerged(actor.id, tag_id=tag_id, into_id=tag_id))
    return synonym


def merge_tags(actor: Viewer, tag_id: int, into_id: int) -> None:
    """Make one tag a synonym of another; what was filed under it moves (higher features listen).

    Raises:
        Refused: not a keeper of tags.
        Conflict: the two are one already, or the first was merged into another.
        Missing: no such tag.
    """
    with act() as session:
        require(policy.may_curate_tags(actor))
        tag, into = _tag(tag_id), surviving(_tag(into_id))
        if into.id == tag_id:
            raise Conflict(_l("These two are one tag already."))
        if tag.merged_into_id is not None:
            raise Conflict(_l("This tag was merged already: merge the one it became."))
        tag.merged_into_id = into.id
        if tag.sub_topic and not into.sub_topic:  # the domain's page goes on listing it, by its new name
            into.domain_id, into.sub_topic, into.position = tag.domain_id, True, tag.position
        session.execute(update(TagSynonym).where(TagSynonym.tag_id == tag_id).values(tag_id=into.id))
        session.flush()
        emit(TagsMerged(actor.id, tag_id=tag_id, into_id=into.id))


def _tag(tag_id: int) -> Tag:
    tag = db.session.get(Tag, tag_id)
    if tag is None:
        raise Missing(_l("There is no such tag."))
    return tag


def choose_domains(actor: Viewer, domain_ids: Iterable[int]) -> None:
    """Say which domains are one's own."""
    with act() as session:
        known = set(session.scalars(select(Domain.id).where(Domain.id.in_(set(domain_ids)))))
        session.execute(delete(MemberDomain).where(MemberDomain.member_id == actor.id))
        session.add_all(MemberDomain(member_id=actor.id, domain_id=domain_id) for domain_id in sorted(known))
        session.flush()
        bump("people")
        emit(DomainsChosen(actor.id, member_id=actor.id))


def _domain(domain_id: int) -> Domain:
    domain = db.session.get(Domain, domain_id)
    if domain is None:
        raise Missing(_l("There is no such domain."))
    return domain


def _flush(taken: Sentence) -> None:
    try:
        with db.session.begin_nested():
            db.session.flush()
    except IntegrityError as error:
        raise Conflict(taken) from error
