"""Every change of the lists that warnings rest on. No function here is told of a warning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from iocop.core import clock
from iocop.core.db import act, is_postgresql
from iocop.core.errors import Invalid, Missing
from iocop.core.events import emit
from iocop.core.policy import require
from iocop.organizations.models import Organization
from iocop.organizations.policy import may_act
from iocop.safety import policy
from iocop.safety.events import OwnWordsChanged, SafetyRuleSwitched, TermsListed
from iocop.safety.key import made_key, terms_key
from iocop.safety.models import ConfidentialTerm, OwnWord, SwitchedOff
from iocop.safety.queries.lists import merged_ids
from iocop.safety.rules import LONGEST_TERM, RULES, Term, digest, term
from iocop.safety.rules.words import name_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from iocop.core.login import Viewer

MOST_TERMS = 2000
"""Terms an organization may list."""
SHORTEST = 3
"""Letters and digits of the shortest term."""
MOST_WORDS = 500
"""Names a member may list."""


def list_terms(actor: Viewer, organization_id: int, typed: Iterable[str]) -> int:
    """Add terms to an organization's list; return how many were new.

    Raises:
        Refused: not the organization's contact.
        Invalid: a term is too short or has more than five words, or the list is full.
    """
    terms = _terms(typed)
    key = made_key()
    with act() as session:
        require(policy.may_list_terms(actor, _organization(session, organization_id), clock.now()))
        known = set(session.scalars(_of(organization_id)))
        rows = {digest(key, organization_id, each): each for each in terms}
        fresh = {made: each for made, each in rows.items() if made not in known}
        if len(known) + len(fresh) > MOST_TERMS:
            raise Invalid(_l("A list holds two thousand terms at most."), "terms")
        session.add_all(_row(actor, organization_id, made, each) for made, each in fresh.items())
        if fresh:
            emit(TermsListed(actor.id, organization_id=organization_id))
    return len(fresh)


def unlist_terms(actor: Viewer, organization_id: int, typed: Iterable[str]) -> int:
    """Take terms off an organization's list, typed as they were; return how many stood on it.

    Raises:
        Refused: not the organization's contact.
        Invalid: something that cannot have been listed.
    """
    terms, key = _terms(typed), terms_key() or b""
    with act() as session:
        require(policy.may_list_terms(actor, _organization(session, organization_id), clock.now()))
        gone = 0
        for owner_id in merged_ids({organization_id}):
            digests = [digest(key, owner_id, each) for each in terms]
            found = (ConfidentialTerm.organization_id == owner_id, ConfidentialTerm.digest.in_(digests))
            gone += len(
                session.scalars(delete(ConfidentialTerm).where(*found).returning(ConfidentialTerm.id)).all()
            )
        if gone:
            emit(TermsListed(actor.id, organization_id=organization_id))
    return gone


def _terms(typed: Iterable[str]) -> list[Term]:
    """Read terms, one each; empty ones are passed over."""
    terms = [term(each) for each in typed if each.strip()]
    if not terms:
        raise Invalid(_l("Type at least one term."), "terms")
    for each in terms:
        if each.kind.words > LONGEST_TERM:
            raise Invalid(_l("A term has one to five words: write each on a line of its own."), "terms")
        if len(each.folded.replace(" ", "")) < SHORTEST:
            raise Invalid(_l("A term has three letters or digits at least."), "terms")
    return terms


def _of(organization_id: int) -> Select[str]:
    return select(ConfidentialTerm.digest).where(ConfidentialTerm.organization_id == organization_id)


def _row(actor: Viewer, organization_id: int, made: str, term: Term) -> ConfidentialTerm:
    return ConfidentialTerm(
        organization_id=organization_id, digest=made, words=term.kind.words, capital=term.kind.capital,
        added_by_id=actor.id, added_at=clock.now(),
    )  # fmt: skip


def _organization(session: Session, organization_id: int) -> Organization:
    """Return the record, locked where the database locks rows: two additions at once are one after the other."""
    row = session.scalar(select(Organization).where(Organization.id == organization_id).with_for_update())
    if row is None:
        raise Missing(_l("There is no such organization."))
    return row


def keep_own_word(actor: Viewer, word: str, role: str = "") -> OwnWord:
    """Put a name on the actor's own list, with the role that may stand for it; a name known already gets the new role.

    Raises:
        Refused: a guest or a suspended member.
        Invalid: no name, one too long, or the list is full.
    """
    word, role = " ".join(word.split()), " ".join(role.split())
    folded = " ".join(name_words(word))
    if len(folded) < SHORTEST or max(len(word), len(role)) > 120:
        raise Invalid(_l("A name has three letters at least; name and role have 120 at most."), "word")
    with act() as session:
        require(may_act(actor))
        own = select(OwnWord).where(OwnWord.member_id == actor.id)
        row = session.scalar(own.where(OwnWord.folded == folded))
        if row is None:
            count = session.scalar(select(func.count()).select_from(own.subquery())) or 0
            if count >= MOST_WORDS:
                raise Invalid(_l("Your list holds five hundred names at most."), "word")
            row = OwnWord(member_id=actor.id, folded=folded)
            session.add(row)
        row.word, row.role = word, role
        session.flush()
        emit(OwnWordsChanged(actor.id, member_id=actor.id))
    return row


def drop_own_word(actor: Viewer, word_id: int) -> None:
    """Take a name off the actor's own list."""
    with act() as session:
        require(may_act(actor))
        row = session.get(OwnWord, word_id)
        if row is None or row.member_id != actor.id:
            raise Missing(_l("This name is not on your list."))
        session.delete(row)
        emit(OwnWordsChanged(actor.id, member_id=actor.id))


def switch_rules_off(actor: Viewer, rules: Iterable[str]) -> None:
    """Have some rules warn the actor no more, beside those switched off already.

    Raises:
        Invalid: there is no such rule.
    """
    wanted = _rules(rules)
    insert = postgresql.insert if is_postgresql() else sqlite.insert
    with act() as session:
        require(may_act(actor))
        for rule in wanted:
            session.execute(
                insert(SwitchedOff).values(member_id=actor.id, rule=rule).on_conflict_do_nothing()
            )
        emit(SafetyRuleSwitched(actor.id, member_id=actor.id))


def choose_rules(actor: Viewer, on: Iterable[str]) -> None:
    """Have just these rules warn the actor.

    Raises:
        Invalid: there is no such rule.
    """
    wanted = _rules(on)
    with act() as session:
        require(may_act(actor))
        session.execute(delete(SwitchedOff).where(SwitchedOff.member_id == actor.id))
        session.add_all(SwitchedOff(member_id=actor.id, rule=rule) for rule in RULES if rule not in wanted)
        emit(SafetyRuleSwitched(actor.id, member_id=actor.id))


def _rules(keys: Iterable[str]) -> list[str]:
    wanted = sorted(set(keys))
    if not set(wanted) <= set(RULES):
        raise Invalid(_l("There is no such rule."), "rules")
    return wanted
