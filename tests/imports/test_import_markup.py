"""A comment's small markup, and addresses within texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iocop.core.text.sanitize import to_plain
from iocop.imports.stackexchange.plan.addresses import led_back
from iocop.imports.stackexchange.plan.comments import html_of


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("#5 is *right*, **not** 4*3*2", "#5 is <em>right</em>, <strong>not</strong> 4*3*2"),
        ("a_b_c and _so_", "a_b_c and <em>so</em>"),
        ("`<b>` and ``a`b``", "<code>&lt;b&gt;</code> and <code>a`b</code>"),
        ("see [this](https://x.example/a_(b)) now", 'see <a href="https://x.example/a_(b)">this</a> now'),
        ("(https://x.example/?a=1&b=2).", '(<a href="https://x.example/?a=1&amp;b=2">https://x.example/?a=1&amp;b=2</a>).'),
        ("[no](javascript:alert(1))", "[no](javascript:alert(1))"),
        ("*a **b** c*", "<em>a <strong>b</strong> c</em>"),
        ("<script>", "&lt;script&gt;"),
        ("- 1. > # x", "- 1. &gt; # x"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_comment_is_one_paragraph(text: str, html: str) -> None:
    assert html_of(text) == f"<p>{html}</p>"


@given(st.text(alphabet="ab *_`[]()<>&\"'https:/x. ", max_size=300))
def test_whatever_a_comment_holds_its_letters_stay(text: str) -> None:
    letters = [letter for letter in to_plain(html_of(text)) if letter in "ab"]

    assert letters == [letter for letter in text if letter in "ab"] or "](" in text


@pytest.mark.parametrize(
    ("html", "address", "expected"),
    [
        ('<a href="/q/1">x</a>', "https://s.example", '<a href="https://s.example/q/1">x</a>'),
        ('<a href="/q/1">x</a>', None, "<a>x</a>"),
        ('<a class="t" href="q?a=1&amp;b=2">x</a>', "https://s.example", '<a class="t" href="https://s.example/q?a=1&amp;b=2">x</a>'),
        ('<a href="#x">x</a>', None, "<a>x</a>"),
        ('<a href="//[x">x</a><a href="http://o.example/">', "https://s.example", '<a href="//[x">x</a><a href="http://o.example/">'),
        ("<img src='/i.png'>", "https://s.example/sub", "<img src='https://s.example/i.png'>"),
    ],
)  # fmt: skip
def test_relative_addresses_lead_back(html: str, address: str | None, expected: str) -> None:
    assert led_back(html, address) == expected
