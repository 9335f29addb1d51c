"""Whether 10,000 articles with 20 revisions each browse as fast as 100: a request's CPU with nothing kept, in process."""

from __future__ import annotations

import argparse
import tempfile
import time
from contextvars import Context
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from iocop import create_app
from iocop.contributions.services.loading import BulkRevision
from iocop.core import clock, migrations
from iocop.core.db import act, db
from iocop.core.settings import Settings
from iocop.domains.models import Domain
from iocop.members.models import Member
from iocop.members.services import open_session
from iocop.organizations import services as organizations
from iocop.repertoire.kinds import KINDS
from iocop.repertoire.models import Article
from iocop.repertoire.services.batch import BulkArticle
from iocop.repertoire.services.bulk import write_articles
from iocop.spaces.models import Space
from tests.bench.comparing import prose

if TYPE_CHECKING:
    from flask import Flask

REVISIONS: Final = 20
ROUNDS: Final = 12
PAGES: Final = (
    "/a/{article}", "/a/{article}/history", "/a/{article}/compare", "/wiki/Article_{article}", "/repertoire",
    "/repertoire/how-to", "/repertoire?sort=title", "/repertoire?sort=confirmed", "/repertoire?domain=bench&page=2",
    "/repertoire?show=stale",
)  # fmt: skip


def site(folder: Path, articles: int) -> Flask:
    """Return a site with so many articles of twenty revisions of 2,000 characters each."""
    app = create_app(Settings(data_dir=folder, base_url="http://localhost", log_level="ERROR"), TESTING=True)
    with app.app_context():
        migrations.upgrade()
        now = clock.now()
        with act() as session:
            writer = Member(
                number=1, name="Wim", handle="wim", email="w@example.org", joined_at=now, reviewed_at=now
            )
            session.add_all([
                writer, Space(name="Commons", slug="commons", audience="public", created_at=now),
                Domain(name="Bench", slug="bench"),
            ])  # fmt: skip
            session.flush()
            organizations.refresh_card(writer.id)
            member_id = writer.id
        text = prose(1)[:2000]
        for first in range(0, articles, 500):
            write_articles(
                [_article(number, member_id, text) for number in range(first, min(articles, first + 500))]
            )
    return app


def _article(number: int, member_id: int, text: str) -> BulkArticle:
    now = clock.now() - timedelta(minutes=number)
    said = [
        BulkRevision(editor_id=member_id, at=now, text=f"{text}\n\n{turn}\n", title=f"Article {number + 1}")
        for turn in range(REVISIONS)
    ]  # fmt: skip
    kind = list(KINDS)[number % len(KINDS)]
    return BulkArticle(
        kind=kind, title=f"Article {number + 1}", author_id=member_id, space_id=1, revisions=said,
        html=f"<p>{text}</p>", plain=text, review_by=now + timedelta(days=number % 400 - 20), domain_ids=(1,),
        label="public", summary=text[:120],
    )  # fmt: skip


def measured(app: Flask) -> dict[str, float]:
    """Return the CPU milliseconds of each page for a member, the cheapest of some rounds, each with nothing kept."""
    with app.app_context():
        middle = db.session.scalars(select(Article.id).order_by(Article.id)).all()
        token = open_session(1, device="bench")
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = token
    found = {}
    for page in PAGES:
        address = page.format(article=middle[len(middle) // 2])
        found[page] = min(_once(app, client, address) for _ in range(ROUNDS))
    return found


def _once(app: Flask, client: object, address: str) -> float:
    app.extensions["fragments"]._kept.clear()
    started = time.process_time()
    Context().run(client.get, address, buffered=True)  # type: ignore[attr-defined]
    return (time.process_time() - started) * 1000


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("articles", type=int, nargs="?", default=10_000)
    many = given.parse_args().articles
    figures = []
    for count in (100, many):
        with tempfile.TemporaryDirectory() as folder:
            figures.append(measured(site(Path(folder), count)))
    few, all_ = figures
    for page in PAGES:
        print(f"{page:36} {few[page]:7.1f} ms {all_[page]:7.1f} ms  x {all_[page] / few[page]:.2f}")  # noqa: T201


if __name__ == "__main__":
    main()
