"""Members say what else a term is called, and by whom; how often terms are used is counted."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select

from iocop.contributions.models import Contribution
from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.errors import Conflict, Invalid, Missing
from iocop.core.events import emit
from iocop.core.policy import require
from iocop.core.versions import bump
from iocop.organizations.wording import TYPES
from iocop.repertoire import policy
from iocop.repertoire.events import TermNamed, TermsCounted, TermUnnamed
from iocop.repertoire.models import Article, TermName, TermUse
from iocop.repertoire.services.rows import article_row
from iocop.repertoire.titles import key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iocop.core.login import Viewer

LONGEST_WORD = 120
STEP = 500


def name_term(
    actor: Viewer, article_id: int, word: str, *, language: str = "", organization_id: int | None = None, sector: str = ""
) -> TermName:  # fmt: skip
    """Say what a term is called elsewhere: by one's own organization, in a sector, or in a language.

    Raises:
        Refused: a guest, somebody suspended, or of another organization than named.
        Invalid: no word, or no such sector.
        Missing: no such term.
        Conflict: it is called so already.
    """
    word = " ".join(word.split())
    if not key(word) or len(word) > LONGEST_WORD:
        raise Invalid(_l("Give the other word, of at most 120 characters."), "word")
    if sector and sector not in TYPES:
        raise Invalid(_l("Choose one of the kinds of organization."), "sector")
    with act() as session:
        term = _term(article_id)
        require(policy.may_name_term(actor, session.get_one(Contribution, article_id), organization_id))
        known = session.scalar(
            select(TermName.id).where(
                TermName.article_id == article_id,
                TermName.key == key(word),
                TermName.sector == sector,
                TermName.organization_id.is_not_distinct_from(organization_id),
            )
        )
        if known is not None or key(word) == term.title_key:
            raise Conflict(_l("The glossary knows this word for it already."))
        row = TermName(
            article_id=article_id, word=word, key=key(word), language=language, sector=sector,
            organization_id=organization_id, added_by_id=actor.id, at=clock.now(),
        )  # fmt: skip
        session.add(row)
        session.flush()
        bump("repertoire", f"topic:{article_id}")
        emit(TermNamed(actor.id, article_id, row.id))
    return row


def _term(article_id: int) -> Article:
    article = article_row(article_id)
    if article.kind != "term":
        raise Missing(_l("There is no such term in the glossary."))
    return article


def unname_term(actor: Viewer, name_id: int) -> None:
    """Take another word for a term away.

    Raises:
        Refused: neither who added it nor who approves there.
        Missing: there is none.
    """
    with act() as session:
        row = session.get(TermName, name_id)
        if row is None:
            raise Missing(_l("There is no such word."))
        require(policy.may_unname_term(actor, row))
        session.delete(row)
        session.flush()
        bump("repertoire", f"topic:{row.article_id}")
        emit(TermUnnamed(actor.id, row.article_id))


def count_terms() -> int:
    """Count anew in how many visible contributions each term occurs, under any of its names; return how many terms."""
    called = _called()
    hits = _hits(called)
    with act() as session:
        session.execute(delete(TermUse))
        now = clock.now()
        ids = set(called.values())
        session.add_all(TermUse(article_id=term, hits=hits[term], at=now) for term in sorted(ids))
        session.flush()
        bump("repertoire")
        emit(TermsCounted(None, tuple(sorted(ids))))
    return len(ids)


def _called() -> dict[str, int]:
    """Return the term that each word, in lower case, stands for."""
    terms = select(Article.title, Article.id).where(
        Article.kind == "term", Article.listed, Article.retired_how == ""
    )
    known = {row.title.lower(): row.id for row in db.session.execute(terms)}
    for row in db.session.execute(select(TermName.word, TermName.article_id)):
        if row.article_id in known.values():
            known.setdefault(row.word.lower(), row.article_id)
    return known


def _hits(called: Mapping[str, int]) -> Counter[int]:
    hits: Counter[int] = Counter()
    if not called:
        return hits
    words = sorted(map(re.escape, called), key=len, reverse=True)
    pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(words)})(?![\w-])")
    texts = select(Contribution.id, Contribution.plain).where(Contribution.state == "visible")
    last = 0
    while rows := db.session.execute(
        texts.where(Contribution.id > last).order_by(Contribution.id).limit(STEP)
    ).all():
        for row in rows:
            hits.update({called[word] for word in pattern.findall(row.plain.lower())} - {row.id})
        last = rows[-1].id
    return hits
