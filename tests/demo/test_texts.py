"""The demo's thread files: read strictly, varied without repeating themselves."""

import re
import tomllib
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iocop.demo import texts
from iocop.demo.templates import Slot, paragraph
from iocop.demo.texts import ThreadText, handwritten, read_threads, variants

THREADS = Path(texts.__file__).parent / "threads"

HEAD = """+++
kind = "question"
title = "Low ΔT: {#dt:2 K|3 K|4 K} measured"
domains = ["hydronics"]
tags = ["low-delta-t"]
products = ["{#unit:Valvora V6|Loomis BMS 11|Corvane Trend 4}"]
author = "niamh.carrick"
days_ago = 412
label = "members"
language = "en"
accepted = 1
+++
"""
BODY = """\
We measure {#dt:2 K|3 K|4 K} on a {#unit:V6|Loomis|Corvane} and nobody, not even {Tom|Ann|Eva}, knows why.

{?} It began in {May|June|July} after {Tom|Ann|Eva} changed the pumps on a wet Friday afternoon.

=== ama.boateng | after 2d | answer | helpful 9 | works-here kereru-ridge: V6.1, {40|60|80} coils
Close the {north|south|east} bypass, wait {ten|twenty|thirty} minutes, then read both temperatures again.

```
if a \\| b: print("\\{\\}")
```

=== niamh.carrick | after 3d | reply 1 | helpful 1
That was it.

=== rui.sequeira | after 4d | answer
Same here with {two|three|four} pumps in {Porto|Lisbon|Faro}, where the bypass was painted open.
"""


def written(folder: Path, body: str = BODY, head: str = HEAD) -> list[texts.Template]:
    (folder / "01-low-dt.md").write_text(head + body, "utf-8")
    return read_threads(folder)


def long_paragraphs(threads: list[ThreadText]) -> Counter[str]:
    bodies = [body for thread in threads for body in (thread.body, *(post.body for post in thread.posts))]
    return Counter(part for body in bodies for part in re.split(r"\n\s*\n", body) if len(part.split()) > 12)


def test_the_handwritten_thread_takes_every_first_choice(tmp_path: Path) -> None:
    [template] = written(tmp_path)

    thread = handwritten(template)

    assert (thread.title, thread.products, thread.accepted) == ("Low ΔT: 2 K measured", ("Valvora V6",), 1)
    assert thread.body.split("\n\n")[1].startswith("It began in May after Tom")
    answer, reply, second = thread.posts
    assert (answer.kind, answer.after, answer.helpful) == ("answer", timedelta(days=2), 9)
    assert answer.works_here == (("kereru-ridge", "V6.1, 40 coils"),)
    assert 'if a | b: print("{}")' in answer.body
    assert (reply.kind, reply.parent, reply.body) == ("reply", 1, "That was it.")
    assert (second.helpful, second.works_here) == (0, ())


def test_a_variant_keeps_its_figures_consistent_and_its_accepted_answer(tmp_path: Path) -> None:
    drawn = variants(written(tmp_path), 8, seed=7)

    for thread in drawn:
        measured = re.findall(r"\d K", thread.title + thread.body)
        assert len(set(measured)) == 1
        assert thread.products[0].split()[thread.products[0].startswith("Valvora")] in thread.body
        assert thread.posts[0].kind == "answer"
    assert {len(thread.posts) for thread in drawn} == {1, 2, 3}
    assert {"It began" in thread.body for thread in drawn} == {True, False}


def test_the_same_seed_draws_the_same(tmp_path: Path) -> None:
    templates = written(tmp_path)

    assert variants(templates, 5, seed=1) == variants(templates, 5, seed=1) != variants(templates, 5, seed=2)


def test_no_long_paragraph_stands_three_times_up_to_the_last_combination(tmp_path: Path) -> None:
    templates = written(
        tmp_path, BODY.replace("{#dt:2 K|3 K|4 K} on", "4 K on"), HEAD.replace("accepted = 1\n", "")
    )

    drawn = [handwritten(templates[0]), *variants(templates, 17, seed=3)]

    assert max(long_paragraphs(drawn).values()) == 2
    with pytest.raises(ValueError, match=r"01-low-dt\.md:\d+: this paragraph has too few combinations"):
        variants(templates, 18, seed=3)


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("+++\nkind", "kind", r":1: a thread file begins"),
        ('kind = "question"', 'kind = "rant"', r":2: 'kind' is missing or not of its kind"),
        ('language = "en"\n', "", r"'language' is missing"),
        ("days_ago = 412", "days_ago = 2501", r":8: 'days_ago'"),
        ('label = "members"', 'label = "members"\nmood = "tired"', r":10: nothing is called 'mood'"),
        ("accepted = 1", "accepted = 3", r":11: there are only 2 answers"),
        ('tags = ["low-delta-t"]', 'tags = ["Low ΔT"]', r":5: 'tags'"),
        ("days_ago = 412", "days_ago = ", r"are not TOML"),
        ("{Tom|Ann|Eva}, knows", "{Tom|{Ann}|Eva}, knows", r":13: a slot"),
        ("{Tom|Ann|Eva}, knows", "Tom|Ann|Eva}, knows", r":13: a slot is nested or not closed"),
        ("{Tom|Ann|Eva}, knows", "{Tom}, knows", r":13: a slot needs more than one choice"),
        ("{#dt:2 K|3 K|4 K} on", "{#dt:2 K|3 K} on", r"slot 'dt' has 2 choices here and 3 before"),
        (
            "{May|June|July} after {Tom|Ann|Eva}",
            "{May|June|July} after Tom",
            r":15: a long paragraph needs two slots",
        ),
        ("```\nif", "{?}```\nif\n\n", r"would cut a code block"),
        ("That was it.", "{?} That was it.", r":24: a post needs a paragraph"),
        ("after 2d", "after two days", r":17: not a post's first line"),
        ("works-here kereru-ridge:", "works-here", r":17: not 'works-here organization: conditions'"),
        ("reply 1", "reply 2", r":24: no answer 2 stands above"),
        ("after 3d", "after 1h", r":24: no answer 1 stands above and before"),
    ],
)
def test_a_broken_file_is_named_with_its_line(tmp_path: Path, right: str, wrong: str, message: str) -> None:
    whole = HEAD + BODY
    assert right in whole

    with pytest.raises(ValueError, match=rf"01-low-dt\.md.*{message}"):
        written(tmp_path, whole.replace(right, wrong, 1), head="")


literal = st.text(st.characters(exclude_categories=["Cs", "Co"]) | st.sampled_from("{|}\\#:?")).filter(
    lambda text: (
        not text.endswith("\\")
    )  # before a slot's own brace or bar it could only be read as an escape
)
choices = st.lists(literal.filter(lambda text: not re.match("#[A-Za-z]", text)), min_size=2, max_size=4)


@given(st.lists(literal | choices.map(tuple)))
def test_escapes_are_never_taken_for_slots(parts: list[str | tuple[str, ...]]) -> None:
    def escaped(text: str) -> str:
        return re.sub(r"([{|}])", r"\\\1", text)

    source = "".join(
        escaped(part) if isinstance(part, str) else "{" + "|".join(map(escaped, part)) + "}" for part in parts
    )

    read = paragraph("a file:1", source)

    assert [slot.choices for slot in read.slots] == [part for part in parts if not isinstance(part, str)]
    assert read.text({}, 0) == "".join(part if isinstance(part, str) else part[0] for part in parts)
    assert all(isinstance(piece, Slot) for piece in read.pieces[1::2])


def test_the_real_threads_are_read_and_varied_without_a_third_repetition() -> None:
    templates = read_threads(THREADS)
    assert templates

    drawn = variants(templates, round(340 * len(templates) / 60), seed=2026)

    assert [
        text for text, times in long_paragraphs([*map(handwritten, templates), *drawn]).items() if times > 2
    ] == []
    assert all("{?}" not in thread.body for thread in drawn)


def test_the_real_threads_name_only_people_organizations_and_domains_of_the_community() -> None:
    community = tomllib.loads((THREADS.parent / "community.toml").read_text("utf-8"))
    people = {person["handle"] for person in community["person"]}
    organizations = {organization["slug"] for organization in community["organization"]}
    domains = {domain["slug"] for domain in community["domain"]}

    for thread in map(handwritten, read_threads(THREADS)):
        assert {thread.author, *(post.author for post in thread.posts)} <= people, thread.title
        assert {slug for post in thread.posts for slug, _ in post.works_here} <= organizations, thread.title
        assert {*thread.domains} <= domains, thread.title
