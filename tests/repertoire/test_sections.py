"""A section is taken out and put back, and nothing else moves."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iocop.core.text.render import render
from iocop.repertoire.contents import as_page, contents, stable
from iocop.repertoire.sections import part, spliced, split

TEXT = """Before.

# One *two*

First.

```sh
# no heading
```

### Deeper

Deep.

Set
---

~~~
## none
```
~~~

## One two ##

Last.
"""

_LINES = st.sampled_from(
    [
        "# A",
        "## A",
        "##B",
        "Words.",
        "",
        "```",
        "~~~~",
        "=====",
        "---",
        "- item",
        "    # code",
        "> quote",
        "\t",
        "#",
    ]
)
TEXTS = st.lists(_LINES, max_size=14).map("\n".join)


def test_anchors_are_those_of_the_rendered_text() -> None:
    rendered = contents(stable(render(TEXT).html))

    assert [section.anchor for section in split(TEXT) if section.level] == [
        entry.anchor for entry in rendered
    ]
    assert [entry.words for entry in rendered] == ["One two", "Deeper", "Set", "One two"]


@pytest.mark.parametrize(
    "heading",
    [
        "Plain",
        "With `code_here` in",
        "A [link](/x) and [[Title|words]]",
        "Ünïcode & more!",
        "_All_ of *it*",
        "<b>x</b>",
        "a__b and _c_",
    ],
)
def test_markup_in_a_heading_is_not_in_its_anchor(heading: str) -> None:
    (entry,) = contents(stable(render(f"## {heading}\n\nWords.").html))

    assert split(f"## {heading}\n\nWords.")[0].anchor == entry.anchor


def test_a_section_reaches_to_the_next_of_its_level() -> None:
    assert part(TEXT, "c-one-two") is not None
    assert part(TEXT, "c-deeper") == "### Deeper\n\nDeep.\n\n"
    assert part(TEXT, "c-nowhere") is None
    assert part(TEXT, "") is None


def test_a_section_is_put_back_in_its_place() -> None:
    new = spliced(TEXT, "c-deeper", "### Deeper\n\nBetter.")

    assert new == TEXT.replace("Deep.", "Better.")
    assert spliced(TEXT, "c-nowhere", "x") is None


@given(TEXTS)
def test_the_sections_together_are_the_text(text: str) -> None:
    sections = split(text)

    assert "".join(text[one.start : one.end] for one in sections) == text
    for one in sections:
        if one.anchor:
            found = part(text, one.anchor)
            assert found is not None
            assert found.startswith(text[one.start : one.end])


@given(TEXTS)
@settings(max_examples=60)
def test_putting_a_section_back_unchanged_loses_no_line(text: str) -> None:
    for one in split(text):
        if one.anchor:
            back = spliced(text, one.anchor, part(text, one.anchor) or "")
            assert back is not None
            assert [line for line in back.splitlines() if line] == [
                line for line in text.splitlines() if line
            ]


def test_the_highest_heading_stands_below_the_title() -> None:
    page = as_page(stable(render('## A\n\n### B & "c"').html), "/a/1/edit", "Edit", "Edit “%s”")

    assert '<h2 id="c-a">A</h2><a class="link-button no-print" href="/a/1/edit?section=c-a"' in page
    assert "<h3" in page
    assert 'aria-label="Edit “B &amp; &quot;c&quot;”"' in page
    assert as_page('<h3 id="c-a">A</h3>') == '<h2 id="c-a">A</h2>'


MANY = "".join(f"# {number}\n" for number in range(9_000))


@pytest.mark.parametrize(
    "text",
    ["# " + "#" * 60_000 + "x", "# a" + "_" * 60_000 + "b", "# a\n" * 16_000, MANY],
    ids=["hashes", "underscores", "one heading", "many headings"],
)
def test_no_text_takes_long(text: str) -> None:
    started = time.process_time()

    assert split(text)
    assert time.process_time() - started < 1


def test_a_line_ends_where_it_does_for_readers() -> None:
    text = "# A\n\nWords\u2028# B\n\n# B\n\nLast.\n"

    assert [one.anchor for one in split(text)] == [
        entry.anchor for entry in contents(stable(render(text).html))
    ]
    assert part(text, "c-b") == "# B\n\nLast.\n"
