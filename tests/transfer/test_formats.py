"""A pack is written so that the next program reads it: Markdown, Word and PDF, whatever letters it holds."""

from __future__ import annotations

import io
import time
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from iocop.core.text.render import render
from iocop.transfer.blocks import blocks_of
from iocop.transfer.checking import MOST, to_check
from iocop.transfer.formats import markdown, office, paper
from iocop.transfer.formats.fonts import FOLDERS, Writing, family
from iocop.transfer.formats.images import WIDEST, as_png
from iocop.transfer.naming import Names
from iocop.transfer.pack import Material, Pack, Post, made
from iocop.transfer.queries.material import MOST_LETTERS
from tests.transfer.factories import word_text

if TYPE_CHECKING:
    from flask import Flask

EVERYTHING = """# Heading
A *b* **c** ~~d~~ `e` `` f`g `` [h](https://example.org/a_b) 2 * 3 _x_ <b>i</b>

- one
    - two

        more
- three

1. first
2. second

> quoted
>
> again

| a | b |
|---|---|
| 1 | x\\|y |

```python
def f():
    return "```"
```

---

![plan](/attachments/3/plan.png)

\\# no heading, and 1\\. no list
"""
NOW = datetime(2026, 1, 31, tzinfo=UTC)


def pack(text: str, posts: int = 1, title: str = "A title") -> Pack:
    post = Post(1, "Practitioner A", NOW, tuple(blocks_of(render(text).html)), "CC BY-SA 4.0")
    nobody = Names([], {}, "a member", "[contact details]")
    return made(
        Material(
            id=1, title=title, language="en", label="take-home", posts=[post] * posts, names=nobody, authors=[],
            version=1, changed_at=NOW, site="Guild", base_url="http://localhost", address="http://localhost/t/1",
            today=date(2026, 2, 1),
        ),
        {},
    )  # fmt: skip


def picture(mode: str = "RGB", size: tuple[int, int] = (30, 20)) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, "PNG")
    return out.getvalue()


def test_markdown_says_what_was_said_when_it_is_read_again(app: Flask) -> None:
    first = pack(EVERYTHING)

    text = markdown.written(first, {3: picture()})[0]
    written, extension = markdown.written(first, {})

    assert text.startswith(b"PK")
    assert extension == "md"
    body = written.decode().partition("31 January 2026\n\n")[2].partition("\n\n## Left out")[0]
    again = blocks_of(render(body).html)
    wanted = [block for block in first.parts[0].blocks if block.kind != "picture"]
    found = [block for block in again if "picture left out" not in block.text]
    assert [(block.kind, block.marker, block.quoted, block.text, block.rows) for block in found] == [
        (block.kind, block.marker, block.quoted, block.text, block.rows) for block in wanted
    ]
    assert [run for block in found for run in block.runs] == [run for block in wanted for run in block.runs]


def test_a_word_document_and_a_pdf_hold_everything(app: Flask) -> None:
    everything = pack(EVERYTHING)

    words = word_text(office.written(everything, {3: picture()})[0])
    printed, extension = paper.written(everything, {3: picture()})

    for word in (
        "Heading",
        "two",
        "more",
        "second",
        "again",
        "x|y",
        'return "```"',
        "no heading",
        "Check locally",
    ):
        assert word in words
    assert extension == "pdf"
    assert b"/Subtype /Image" in printed
    assert b"/FontFile2" in printed, "its fonts are embedded"


def test_a_table_too_wide_or_with_long_cells_is_written_row_by_row(app: Flask) -> None:
    wide = "|" + "a|" * 12 + "\n|" + "-|" * 12 + "\n|" + "1|" * 12
    long = f"| a | b |\n|---|---|\n| {'word ' * 2000}| 2 |"
    uneven = "<table><tr><th>a</th></tr><tr><td>1</td><td>2</td></tr></table>"

    for text in (wide, long, uneven):
        assert paper.written(pack(text), {})[0].startswith(b"%PDF")
        assert office.written(pack(text), {})[0].startswith(b"PK")


def test_a_very_long_line_of_code_goes_on_in_the_next(app: Flask) -> None:
    assert paper.written(pack("```\n" + "x" * 5000 + "\n```"), {})[0].startswith(b"%PDF")
    assert paper.written(pack("y" * 3000), {})[0].startswith(b"%PDF")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ärger, naïve, 5 m²", "Ärger, naïve, 5 m²"), ("řeka ő", "reka o"), ("Привет", "Privet"), ("Щука", "Shchuka"),
        ("η = λ · Δ", "i = l · Delta "), ("→ ☑ ₂", "-> [x] 2"), ("a\u202fb\u2009c\u200bd", "a\u00a0b cd"), ("⠁⠃", "??"),
    ],
)  # fmt: skip
def test_letters_a_font_lacks_are_spelt_in_those_it_has(text: str, found: str) -> None:
    writing = Writing(family(folders=()).letters)

    assert writing.text(text) == found
    assert writing.unknown == found.count("?")


@pytest.mark.parametrize(
    ("text", "found", "unknown"),
    [
        ("Pump: 漢字 here", "Pump: [text in Chinese letters] here", 2),
        ("שלום עולם.", "[text in Hebrew letters].", 8),
        ("ポンプの漢字", "[text in Japanese, Chinese letters]", 6),
        ("مضخة 4 kW 펌프", "[text in Arabic letters] 4 kW [text in Korean letters]", 6),
    ],
)
def test_words_in_letters_that_cannot_be_written_are_named_in_brackets(
    app: Flask, text: str, found: str, unknown: int
) -> None:
    writing = Writing(family(folders=()).letters)

    assert writing.text(text) == found
    assert writing.unknown == unknown


def test_the_pdf_says_that_it_spelt_or_could_not_write_letters(app: Flask) -> None:
    assert _note("Plain.") == ""
    assert "could not be written here" in _note("漢字")
    assert "spelt in Latin ones" in _note("Привет") or family().name == "DejaVu"


def _note(text: str) -> str:
    writer = paper._Writer(pack(text), {})
    writer.story()
    return writer.note()


@pytest.mark.skipif(family(folders=FOLDERS).name == "Vera", reason="DejaVu is not installed")
def test_where_dejavu_is_installed_greek_and_cyrillic_are_written_as_they_are() -> None:
    writing = Writing(family().letters)

    assert writing.text("Привет ηλΔ řő → ₂") == "Привет ηλΔ řő → ₂"
    assert (writing.spelt, writing.unknown) == (0, 0)


@pytest.mark.parametrize(
    ("mode", "start"), [("RGB", b"\xff\xd8\xff"), ("RGBA", b"\x89PNG"), ("P", b"\x89PNG"), ("L", b"\xff\xd8")]
)
def test_a_picture_is_made_as_small_as_a_document_needs(mode: str, start: bytes) -> None:
    content, width = as_png(picture(mode, (WIDEST * 2, 10)))

    assert content.startswith(start)
    assert width == WIDEST


@pytest.mark.parametrize(
    ("start", "name"), [("JPEG", "jpg"), ("GIF", "gif"), ("WEBP", "webp"), ("PNG", "png")]
)
def test_a_picture_keeps_its_kind_beside_the_markdown(start: str, name: str) -> None:
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, start)

    assert markdown.extension(out.getvalue()) == name


def test_what_to_check_is_drawn_from_the_text_and_from_who_did_it(app: Flask) -> None:
    texts = [
        "By DIN EN 12831-1:2017, ISO 9001 and EN 12831-1:2017 at 230 V and 50 Hz; version 2.1, v3, 1.2.3 on 10.0.0.1."
    ]

    lines = to_check(texts, [("product", "V6")], ["cold", "cold", "wet"])

    assert "It is written for this product: V6. Is yours the same?" in lines
    assert [line for line in lines if "DIN EN 12831-1:2017, ISO 9001, EN 12831-1:2017." in line]
    assert [line for line in lines if "Versions named: version 2.1, v3, 1.2.3." in line]
    assert [line for line in lines if "Values named: 230 V, 50 Hz." in line]
    assert len([line for line in lines if "cold" in line]) == 1
    assert len(to_check([], [], [])) == 4
    many = to_check([" ".join(f"ISO {number}" for number in range(9000, 9100))], [], [])
    assert many[0].count("ISO") == MOST


@pytest.mark.parametrize(
    "text", ["v" + "11111." * 10_000 + "x", "1.1." + "1" * 60_000 + "x", "EN" + "/EN" * 20_000]
)
def test_what_to_check_is_found_at_once_whatever_was_typed(app: Flask, text: str) -> None:
    start = time.process_time()

    assert len(to_check([text], [], [])) == 4
    assert time.process_time() - start < 1


@pytest.mark.parametrize("written", [paper.written, office.written, markdown.written])
def test_letters_that_a_document_cannot_hold_are_left_out(app: Flask, written: Any) -> None:
    odd = pack("One \ufffe two, [a link](https://e.example/\uffff)", title="A\x0b title\x1f")

    content = written(odd, {})[0]

    if written is office.written:
        assert "A title" in word_text(content)
        assert "One  two, a link" in word_text(content)


@pytest.mark.parametrize("written", [paper.written, office.written, markdown.written])
def test_the_longest_pack_is_written_within_two_seconds_of_work(app: Flask, written: object) -> None:
    length = len(render(EVERYTHING).html)
    longest = pack(EVERYTHING, posts=min(500, MOST_LETTERS // length))
    family()

    start = time.process_time()
    written(longest, {})  # type: ignore[operator]

    assert time.process_time() - start < 4.0  # two on a quiet machine; here lines are counted and others work
