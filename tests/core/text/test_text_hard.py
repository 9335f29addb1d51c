"""Texts of up to 40 KB on which careless parsers spend minutes or their stack are dealt with in time."""

import time
from collections.abc import Mapping
from typing import Final

import pytest

from iocop.core.text.render import render
from iocop.core.text.sanitize import sanitize

SIZE: Final = 40_000


def _repeated(part: str, size: int = SIZE) -> str:
    return part * (size // len(part.encode()))


def _nested(depth: int, line: str, indent: int = 4) -> str:
    return "\n".join(" " * indent * level + line for level in range(depth))[:SIZE]


FAMILIES: Final[Mapping[str, str]] = {
    "open brackets": _repeated("[", 5_000),
    "open links": _repeated("[a]("),
    "nested images": _repeated("![", SIZE // 2) + _repeated("](x)", SIZE // 2),
    "open references": _repeated("[a]["),
    "definitions": "\n".join(f"[{n}]: /{n}" for n in range(3_000)),
    "long address by reference": "[a]: /" + "x" * 20_000 + "\n\n" + _repeated("[a] ", 19_000),
    "emphasis back and forth": _repeated("*a_ "),
    "open emphasis": _repeated("*a **a "),
    "stars": _repeated("*"),
    "underscores in words": _repeated("a_b__c___"),
    "tildes": _repeated("~~a "),
    "one row of tildes": _repeated("~"),
    "back-quotes of growing length": " ".join("`" * n for n in range(1, 280)),
    "back-quotes": _repeated("`a``"),
    "open tags": _repeated("<"),
    "open div": _repeated("<div>"),
    "open bold": _repeated("<b>"),
    "open formatting and paragraphs": _repeated("<b><p><i>"),
    "open tables": _repeated("<table><td>"),
    "attributes without end": "<a " + _repeated("a=' "),
    "open comments": _repeated("<!--"),
    "open declarations": _repeated("<!A "),
    "open instructions": _repeated("<?"),
    "open CDATA": _repeated("<![CDATA["),
    "entities": _repeated("&"),
    "deep quotation": _repeated(">", 20_000) + "x",
    "deep quotations": "\n".join("> " * n + "x" for n in range(190)),
    "deep lists": _nested(140, "- a"),
    "deep numbered lists": _nested(140, "1. a"),
    "lists and quotations": _repeated("- > ", 20_000) + "x",
    "nested definition lists": _nested(140, ":   a"),
    "definition terms": _repeated("a\n:   b\n"),
    "open fences": _repeated("```\n~~~\n"),
    "fence options": "```{" + _repeated('a="b" ') + "\nx\n```",
    "fences in lists": "\n".join(" " * 4 * (n % 40) + "- ```" for n in range(400)),
    "wide table": "|"
    + _repeated("a|", 10_000)
    + "\n|"
    + _repeated("-|", 10_000)
    + "\n|"
    + _repeated("a|", 10_000),
    "table rows": "|a|\n|-|\n" + _repeated("|`|\n"),
    "footnotes": "".join(f"[^{n}]" for n in range(1_500)) + "".join(f"\n\n[^{n}]: x" for n in range(1_500)),
    "one footnote, often": _repeated("[^1]") + "\n\n[^1]: x",
    "nested footnotes": "".join(f"[^{n}]: [^{n + 1}]\n\n" for n in range(1_500)) + "[^0]",
    "headings": _repeated("# a\n"),
    "hashes": "#" * SIZE,
    "rules": _repeated("- - - ", SIZE - 1) + "a",
    "spaces": "a" + " " * (SIZE - 2) + "b",
    "blank lines": "a" + "\n" * (SIZE - 2) + "b",
    "backslashes": "\\" * SIZE,
    "addresses": _repeated("http://a.b/("),
    "address without end": "http://" + _repeated("a."),
    "mail addresses": _repeated("a.b-c@d."),
    "mentions": _repeated("@a-"),
    "tasks": _repeated("- [x] - [ ] "),
    "code of regular expressions": "```perl\n" + _repeated("m{(((") + "\n```",
    "code of quotes": "```python\n" + _repeated("f'{\"") + "\n```",
    "code of brackets": "```lisp\n" + _repeated("(|#|") + "\n```",
    "code of markup": "```html\n" + _repeated("<a b='<!--") + "\n```",
}


def test_there_are_many_hard_families() -> None:
    assert len(FAMILIES) >= 38
    assert all(len(text.encode()) <= SIZE + 200 for text in FAMILIES.values())


@pytest.mark.parametrize("source", FAMILIES.values(), ids=FAMILIES.keys())
def test_no_text_takes_longer_than_its_limit(source: str) -> None:
    started = time.monotonic()
    made = render(source)
    took = time.monotonic() - started

    assert took < 2.5
    assert made.notice is None or made.plain == source
    assert render("*next*").html == "<p><em>next</em></p>"


@pytest.mark.parametrize("source", FAMILIES.values(), ids=FAMILIES.keys())
def test_no_foreign_html_takes_longer_either(source: str) -> None:
    started = time.monotonic()
    sanitize(source)

    assert time.monotonic() - started < 2.5


@pytest.fixture(autouse=True)
def warm() -> None:
    render("x")


def test_a_text_that_would_grow_without_end_is_shown_as_typed() -> None:
    assert render(FAMILIES["long address by reference"]).notice
