"""The dump generated to measure speed is sound, repeatable and of real shape; memory stays flat."""

import tracemalloc
from collections import Counter
from pathlib import Path

from iocop.imports.stackexchange.reader import Dump, survey
from iocop.imports.stackexchange.records import Post
from tests.imports.generate import FILES, write_dump


def test_it_is_a_sound_dump_of_the_size_asked_for(tmp_path: Path) -> None:
    write_dump(tmp_path, posts=500)

    found = survey(Dump(tmp_path))

    assert found.rows["Posts.xml"] == 500
    assert found.rows["Votes.xml"] > 1_500
    assert found.rows["PostHistory.xml"] > 800
    assert found.unknown == {}


def test_one_seed_gives_one_dump(tmp_path: Path) -> None:
    for folder, seed in (("a", 1), ("b", 1), ("c", 2)):
        write_dump(tmp_path / folder, posts=30, seed=seed)
    a, b, c = ([(tmp_path / folder / f"{name}.xml").read_bytes() for name in FILES] for folder in "abc")

    assert a == b != c


def test_its_words_are_distributed_as_words_are(tmp_path: Path) -> None:
    write_dump(tmp_path, posts=1_000)
    words = Counter(
        word.lower().strip(".<>p/") for post in Dump(tmp_path).read(Post) for word in post.body.split()
    )

    ranked = [times for _, times in words.most_common()]

    assert len(words) > 10_000
    assert 1.6 < ranked[1] / ranked[3] < 2.4  # Zipf: rank 2 twice as often as rank 4


def test_answers_follow_questions_of_the_dump(tmp_path: Path) -> None:
    write_dump(tmp_path, posts=300)
    seen: set[int] = set()

    for post in Dump(tmp_path).read(Post):
        assert post.parent_id is None or post.parent_id in seen
        seen.add(post.id)


def test_memory_stays_flat_while_reading(tmp_path: Path) -> None:
    write_dump(tmp_path, posts=3_000)
    dump = Dump(tmp_path)
    assert dump.size > 7_000_000

    tracemalloc.start()
    survey(dump)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert most < 3_000_000
