"""A rendered text is read back into blocks, whatever a member wrote."""

from __future__ import annotations

import pytest

from iocop.core.text.render import render
from iocop.transfer.blocks import Block, Run, blocks_of


def read(markdown: str) -> list[Block]:
    return blocks_of(render(markdown).html)


def told(markdown: str) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in read(markdown)]


def test_headings_and_paragraphs() -> None:
    blocks = read("# One\n\nTwo\nthree  \nfour\n\n## Five\n\n---\n")

    assert [(block.kind, block.level, block.text) for block in blocks] == [
        ("heading", 3, "One"), ("paragraph", 0, "Two three\nfour"), ("heading", 4, "Five"), ("rule", 0, ""),
    ]  # fmt: skip


def test_looks_and_links() -> None:
    (block,) = read("a **b** *c* ~~d~~ `e` [f](https://example.org) [g](#h) **bold *both***")

    looks = [(run.text, run.bold, run.italic, run.struck, run.code, run.href) for run in block.runs]
    assert looks == [
        ("a ", False, False, False, False, ""), ("b", True, False, False, False, ""),
        (" ", False, False, False, False, ""), ("c", False, True, False, False, ""),
        (" ", False, False, False, False, ""), ("d", False, False, True, False, ""),
        (" ", False, False, False, False, ""), ("e", False, False, False, True, ""),
        (" ", False, False, False, False, ""), ("f", False, False, False, False, "https://example.org"),
        (" g ", False, False, False, False, ""), ("bold ", True, False, False, False, ""),
        ("both", True, True, False, False, ""),
    ]  # fmt: skip


def test_lists_keep_their_depth_and_numbers() -> None:
    blocks = read("- one\n    - two\n- three\n\n3. four\n\n    more\n\n4. five\n")

    assert [(block.level, block.marker, block.text) for block in blocks] == [
        (1, "•", "one"), (2, "•", "two"), (1, "•", "three"), (1, "3.", "four"), (1, "", "more"), (1, "4.", "five"),
    ]  # fmt: skip


def test_quotations_within_quotations() -> None:
    assert [(block.quoted, block.text) for block in read("> a\n>\n> > b\n\nc")] == [
        (1, "a"),
        (2, "b"),
        (0, "c"),
    ]


def test_code_is_kept_as_it_stands_and_its_language_is_no_part_of_it() -> None:
    (block,) = read("```python\ndef f():\n    return 1\n```")

    assert (block.kind, block.text) == ("code", "def f():\n    return 1")


def test_a_table_has_rows_of_cells() -> None:
    (block,) = read("| a | b |\n|---|---|\n| 1 | **2** |")

    assert [["".join(run.text for run in cell) for cell in row] for row in block.rows] == [
        ["a", "b"],
        ["1", "2"],
    ]
    assert block.rows[1][1] == (Run("2", bold=True),)


def test_a_picture_of_this_site_is_a_block_and_its_words_stay() -> None:
    blocks = read("See ![the plan](/attachments/7/small/plan.png) here, ![far](https://example.org/a.png)")

    assert [(block.kind, block.text, block.picture) for block in blocks] == [
        ("paragraph", "See", 0), ("picture", "the plan", 7), ("paragraph", "here, image: far (example.org)", 0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("5 m<sup>2</sup>", "5 m²"),
        ("CO<sub>2</sub>", "CO₂"),
        ("a[^1]\n\n[^1]: note", "a¹"),
        ("x<br>y", "x\ny"),
    ],
)
def test_small_signs_are_kept(markdown: str, text: str) -> None:
    assert told(markdown)[0] == ("paragraph", text)


def test_a_footnote_has_no_way_back() -> None:
    assert told("a[^1]\n\n[^1]: the note")[-1] == ("item", "the note")


def test_definitions_and_a_cell_of_several_lines() -> None:
    cell = "<table><tr><td>a<br>b <img src='/x' alt='c'></td></tr></table>"
    blocks = blocks_of(f"<dl><dt>Term</dt><dd>Words</dd></dl>{cell}")

    assert [block.text for block in blocks] == ["Term", "Words", ""]
    assert blocks[0].runs == (Run("Term", bold=True),)
    assert blocks[2].rows == (((Run("a b c"),),),)


@pytest.mark.parametrize(
    "html", ["", "   ", "<p></p>", "<table></table>", "<ul></ul>", "</p></ul></table></blockquote>"]
)
def test_nothing_is_nothing(html: str) -> None:
    assert blocks_of(html) == []


def test_what_no_member_writes_but_an_import_brings_is_read_too() -> None:
    blocks = blocks_of(
        "<table><tr><td><p>a</p><p>b</p></td></tr></table><pre></pre><tr><td>lost</td></tr><p>text<b> </b></p>"
    )

    assert [(block.kind, block.text, block.rows) for block in blocks] == [
        ("table", "", (((Run("a b"),),),)),
        ("paragraph", "text", ()),
    ]
