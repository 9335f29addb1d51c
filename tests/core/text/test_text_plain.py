import pytest

from iocop.core.text.allowed import clean
from iocop.core.text.render import HTML_LIMIT, TooLong, render
from iocop.core.text.sanitize import excerpt, sanitize, sanitize_many, to_plain
from iocop.core.text.working import format_html


@pytest.mark.parametrize(
    ("html", "plain"),
    [
        ("<p>a <b>b</b>\n c</p>\n<p>d</p>", "a b c\n\nd"),
        ("a<br>b", "a\nb"),
        ("<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n<p>c</p>", "a\nb\n\nc"),
        ("<pre><code>x =  1\n\n  y</code></pre>\n<p>z</p>", "x =  1\n\n  y\n\nz"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("<script>x</script><style>y</style>z &lt;b&gt; &amp; &#228;", "z <b> & ä"),
        ("<p>a<img alt='plan' src=x></p>", "aplan"),
        ("</pre></script>x", "x"),
    ],
)
def test_text_without_markup_keeps_its_blocks(html: str, plain: str) -> None:
    assert to_plain(html) == plain


def test_footnote_numbers_and_code_labels_are_no_text() -> None:
    made = render("x[^1]\n\n```python\ny\n```\n\n[^1]: note")

    assert made.plain == "x\n\ny\n\nnote"
    assert to_plain(made.html) == made.plain


def test_an_excerpt_ends_between_words() -> None:
    assert excerpt("one two\n\nthree", 2) == "one two …"
    assert excerpt("one two\n\nthree", 3) == "one two three"


def test_foreign_html_keeps_what_the_policy_allows() -> None:
    html = sanitize('<h1>a</h1><pre class="lang-py"><code>x @y</code></pre><p style="color:red">@anna</p>')

    assert html.endswith('a</h3><pre tabindex="0"><code>x @y</code></pre><p>@anna</p>')


def test_foreign_html_has_its_limit() -> None:
    with pytest.raises(TooLong):
        sanitize("x" * (HTML_LIMIT + 1))
    (short, long) = sanitize_many(["<b>x</b>", "<b>x</b>" + "y" * HTML_LIMIT])
    assert (short.html, short.plain, short.notice) == ("<b>x</b>", "x", None)
    assert long.notice
    assert "<b>" not in long.html


@pytest.mark.parametrize(
    "html",
    [
        '<p title="a&lt;b&gt; &quot;c&quot;">1 &lt; 2 &amp;amp; 3&nbsp;&copy; <br/> \u2003 <b> x </b></p>\n\n<hr>y',
        '<ul><li>a<ul><li><input type="checkbox" checked>b</ul><pre>\n c\n\n\td </pre> e',
        '<table><tr><th>a<td>b</table><img src="x" alt="&gt; @y &amp;"><a class="footnote-ref" href="#a">1</a>z',
        "<<p>a < b &lt c</p><!-- d --><script>e</script>",
    ],
)
def test_sanitised_html_is_read_as_any_other(html: str) -> None:
    assert format_html(html)["plain"] == to_plain(clean(html))
