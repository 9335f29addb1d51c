"""Links between imported texts lead to where the other stands here, whichever of the two came first."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select, update

from iocop.contributions.models import Contribution
from iocop.core.db import act
from iocop.core.versions import bump
from iocop.imports.stackexchange.texts import comment_key, post_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.orm import Session

    from iocop.imports.runs import Run

STAGE: Final = "leading"
BATCH: Final = 500


def lead_home(run: Run, address: str | None) -> None:
    """Turn links to questions, answers and comments of the other site into permalinks, where those stand here.

    Texts are gone through in order, each batch in one act; what is not here yet is looked for again by the next run.

    Args:
        address: the other site's; without one its links are not known.
    """
    host = re.sub(r"^https?:", "", address or "")
    links = to_posts(host)
    while host:
        with act() as session:
            rows = _texts(session, run, f"{host}/")
            if not rows:
                return
            pages = _pages(
                session, run.source, {key_of(link) for row in rows for link in links.finditer(row.html)}
            )
            _write(session, rows, {row.id: led(row.html, links, pages) for row in rows})
            run.keep(STAGE, rows[-1].id)


def to_posts(host: str) -> re.Pattern[str]:
    """Return what finds the links to a site's posts in sanitised HTML.

    Args:
        host: such as ``//site.example`` or ``//site.example/forum``.

    Source:
        The forms of address Stack Exchange gives out: /questions/12/words, /questions/12/words/34#34, /q/12/user,
        /a/34/user, /posts/comments/56, and any of them with #34 or #comment56_34.
    """
    return re.compile(
        rf'(?<= href=")(?:https?:)?{re.escape(host)}/(?:'
        r"(?:questions|q|a)/(?P<post>\d{1,18})(?:/[^/?#\"]*(?:/(?P<answer>\d{1,18}))?)?/?"
        r"|posts/comments/(?P<comment>\d{1,18}))"
        r'(?:\?[^#"]*)?(?:#(?:comment(?P<said>\d{1,18})_\d*|(?:answer-)?(?P<part>\d{1,18})|[^"]*))?(?=")'
    )


def key_of(link: re.Match[str]) -> str:
    """Return the source id of what a link means in the end: the comment, else the answer, else the question."""
    comment = link["said"] or link["comment"]
    if comment:
        return comment_key(int(comment))
    return post_key(int(link["part"] or link["answer"] or link["post"]))


def led(html: str, links: re.Pattern[str], pages: Mapping[str, str]) -> str:
    """Return the HTML with each link to something that has a page here led to it."""
    return links.sub(lambda link: pages.get(key_of(link), link[0]), html)


def _texts(session: Session, run: Run, host: str) -> Sequence[Any]:
    """Return the next texts of the source that name its host."""
    return session.execute(
        select(Contribution.id, Contribution.root_id, Contribution.html)
        .where(
            Contribution.source == run.source,
            Contribution.id > (run.cursor(STAGE) or 0),
            Contribution.html.contains(host, autoescape=True),
        )
        .order_by(Contribution.id)
        .limit(BATCH)
        .with_for_update()
    ).all()


def _pages(session: Session, source: str, keys: Iterable[str]) -> dict[str, str]:
    rows = session.execute(
        select(Contribution.source_id, Contribution.id, Contribution.root_id).where(
            Contribution.source == source, Contribution.source_id.in_(keys)
        )
    )
    return {key or "": f"/t/{post}" if post == root else f"/p/{post}" for key, post, root in rows}


def _write(session: Session, rows: Sequence[Any], texts: Mapping[int, str]) -> None:
    changed = [row for row in rows if texts[row.id] != row.html]
    if changed:
        session.execute(update(Contribution), [{"id": row.id, "html": texts[row.id]} for row in changed])
        bump(*{f"topic:{row.root_id}" for row in changed})
