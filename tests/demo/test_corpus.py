"""The corpus for benchmarks: as many posts as asked, of words as rare as real ones."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from sqlalchemy import func, select

from iocop import create_app
from iocop.contributions.models import Contribution
from iocop.core import clock
from iocop.core.db import db
from iocop.core.settings import Settings
from iocop.demo.corpus import MOST_MEMBERS, VOCABULARY
from iocop.demo.people import crowd, gather
from iocop.forums.models import Topic
from iocop.members.models import Member
from iocop.repertoire.models import Article


def test_the_lists_of_names_hold_the_largest_crowd() -> None:
    rng, today = Random(1), clock.now().date()

    people = crowd(rng, gather(rng, today, {}), MOST_MEMBERS, today).people

    assert len({person.handle for person in people}) == 150 + MOST_MEMBERS


def test_a_corpus_has_the_size_asked_for(tmp_path_factory: pytest.TempPathFactory) -> None:
    app = create_app(Settings(data_dir=tmp_path_factory.mktemp("corpus"), log_level="ERROR"), TESTING=True)

    with app.app_context():
        result = app.test_cli_runner().invoke(args=["demo", "--size", "1000"])

        assert result.exit_code == 0, result.output
        posts = db.session.scalar(select(func.count()).where(Contribution.kind != "article"))
        topics, articles = (
            db.session.scalar(select(func.count()).select_from(each)) for each in (Topic, Article)
        )
        assert (posts, topics, articles) == (1000, 100, 10)
        assert db.session.scalar(select(func.count()).select_from(Member)) == 170
        assert db.session.scalar(select(func.max(Topic.posts))) == 20
        assert db.session.scalars(select(func.max(Contribution.created_at))).one() <= clock.now()
        words = Counter(" ".join(db.session.scalars(select(Contribution.plain))).split())
        once = sum(times == 1 for times in words.values())
        assert VOCABULARY > len(words) > 8000
        assert once > 0.4 * len(words)
        assert words.most_common(1)[0][1] > 500
        db.session.remove()
        db.engine.dispose()
