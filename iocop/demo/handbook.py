"""The large corpus's articles: headings, paragraphs and a few revisions, of the corpus's words."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from iocop.contributions.services.loading import BulkRevision
from iocop.repertoire.kinds import KINDS
from iocop.repertoire.renewal import review_date
from iocop.repertoire.services.bulk import BulkArticle

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from random import Random

    from iocop.demo.corpus import Pen, Written
    from iocop.demo.settle import Settlement

POSTS_AN_ARTICLE = 100
SECTIONS, REVISIONS = 5, 3


def articles(
    rng: Random, pen: Pen, settlement: Settlement, size: int, now: datetime
) -> Iterator[BulkArticle]:
    """Give one article for every hundred posts, due for review one after the other."""
    members, domains = list(settlement.members.values()), list(settlement.domains.values())
    kinds = [kind for kind in KINDS if kind != "term"]  # as many terms would be no glossary
    for number in range(size // POSTS_AN_ARTICLE):
        kind, author = rng.choice(kinds), rng.choice(members)
        title = pen.title().rstrip("?")
        texts = [_written(pen) for _ in range(REVISIONS)]
        at = now - timedelta(days=rng.randint(30, 2000))
        history = [
            BulkRevision(editor_id=author, at=at + timedelta(days=place), text=each.text, title=title)
            for place, each in enumerate(texts)
        ]
        yield BulkArticle(
            kind=kind, title=title, author_id=author, space_id=next(iter(settlement.spaces.values())),
            revisions=history, html=texts[-1].html, plain=texts[-1].plain, label="public",
            review_by=review_date(kind, now - timedelta(days=number % 400)), domain_ids=[rng.choice(domains)],
            summary=" ".join(pen.some(12)),
        )  # fmt: skip


def _written(pen: Pen) -> Written:
    """Return a text of several sections."""
    parts = [(" ".join(pen.some(3)).capitalize(), pen.body()) for _ in range(SECTIONS)]
    html = [
        f'<h3 id="c-part-{number}">{head}</h3>\n{body.html}' for number, (head, body) in enumerate(parts, 1)
    ]
    return type(parts[0][1])(
        "\n\n".join(f"## {head}\n\n{body.text}" for head, body in parts),
        "\n".join(html),
        "\n".join(f"{head}\n{body.plain}" for head, body in parts),
    )
