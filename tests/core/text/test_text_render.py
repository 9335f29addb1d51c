"""What members may write, and what readers get."""

import pytest
from bs4 import BeautifulSoup, Tag

from iocop.core.text.finish import Heading
from iocop.core.text.render import (
    BATCH,
    MARKDOWN_LIMIT,
    RENDERER_VERSION,
    TooLong,
    render,
    render_many,
)


def one(source: str, selector: str) -> Tag:
    found = BeautifulSoup(render(source).html, "html.parser").select_one(selector)
    assert found, f"no {selector} in {render(source).html}"
    return found


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("~~gone~~ H~2~O", "<p><del>gone</del> H~2~O</p>"),
        ("a_snake_case", "<p>a_snake_case</p>"),
        ("List<int> <file name> a < b", "<p>List&lt;int&gt; &lt;file name&gt; a &lt; b</p>"),
        ("press <kbd>F2</kbd>", "<p>press <kbd>F2</kbd></p>"),
        ("- [x] done\n- [ ] open", None),
    ],
)
def test_the_dialect(source: str, html: str | None) -> None:
    if html is None:
        assert one(source, "ul.task-list").get_text() == "\n☑ done\n☐ open\n"
    else:
        assert render(source).html == html


def test_addresses_become_links() -> None:
    assert one("see https://x.example/a_b?c=1&d=2.", "a")["href"] == "https://x.example/a_b?c=1&d=2"


def test_code_is_coloured_named_and_reachable_by_keyboard() -> None:
    source = "- a step\n\n    ```python\n    def f(): ...\n    ```"

    assert one(source, "li .highlight.language-python .code-language").text == "Python"
    assert one(source, "pre")["tabindex"] == "0"
    assert one(source, "pre .k").text == "def"


def test_tables_keep_their_alignment_without_style() -> None:
    source = "| a | b |\n|---|--:|\n| 1 | 2 |"

    assert one(source, "div.table[tabindex] td.align-right").text == "2"


def test_footnotes_lead_there_and_back() -> None:
    soup = BeautifulSoup(render("x[^1]\n\n[^1]: note").html, "html.parser")

    for link in soup.select("a.footnote-ref, a.footnote-backref"):
        assert soup.find(id=str(link["href"])[1:])
    assert len(soup.select("a[href^='#c-']")) == 2


def test_footnotes_of_two_posts_on_a_page_stay_apart() -> None:
    first, second = (BeautifulSoup(render(f"{text}[^1]\n\n[^1]: note").html, "html.parser") for text in "ab")

    assert not {tag["id"] for tag in first.select("[id]")} & {tag["id"] for tag in second.select("[id]")}


@pytest.mark.parametrize(
    ("source", "levels"), [("# a\n## b", [3, 4]), ("### a", [3]), ("###### a\n# b", [6, 3]), ("text", [])]
)
def test_headings_start_below_those_of_the_page(source: str, levels: list[int]) -> None:
    assert [heading.level for heading in render(source).headings] == levels


def test_headings_are_listed_for_a_table_of_contents() -> None:
    made = render("# The *first* & `last` @anna")

    (heading,) = made.headings
    assert heading == Heading(3, heading.id, "The first & last @anna")
    assert f'<h3 id="{heading.id}">' in made.html


def test_remote_images_are_links_and_attachments_images() -> None:
    assert one("![a plan](https://x.example/1.png)", "a.remote-image").text == "image: a plan (x.example)"
    assert one("[![a plan](https://x.example/1.png)](/y)", "a[href='/y']").text == "image: a plan (x.example)"
    assert one("![a plan](/attachments/7/plan.png)", "img[loading=lazy]")["alt"] == "a plan"


def test_mentions_are_asked_for_once_and_only_outside_code_and_links() -> None:
    asked: list[set[str]] = []

    def members(handles: set[str]) -> dict[str, str]:
        asked.append(handles)
        return {"anna": "/members/1?a=1&b=2"}

    source = "@anna, @nobody, (@anna) me@x.example `@code` [@link](/x) /@path\n\n    @block"
    made = render(source, mentions=members)

    assert asked == [{"anna", "nobody"}]
    assert made.mentions == ("anna",)
    assert made.html.count('<a class="mention" href="/members/1?a=1&amp;b=2">@anna</a>') == 2
    assert "@nobody" in made.html
    assert "\0" not in made.html + made.plain


def test_nobody_is_looked_up_for_a_text_without_mentions() -> None:
    def unasked(_: set[str]) -> dict[str, str]:
        raise AssertionError

    assert render("plain", mentions=unasked).mentions == ()


def test_a_text_that_is_too_long_is_refused() -> None:
    with pytest.raises(TooLong) as refused:
        render("ä" * (MARKDOWN_LIMIT // 2 + 1))

    assert refused.value.size == MARKDOWN_LIMIT + 2
    assert render("ä" * (MARKDOWN_LIMIT // 2)).notice is None


def test_what_utf_8_cannot_hold_is_replaced() -> None:
    assert render("a\ud800b\x00c\r\nd").html == "<p>a?bc\nd</p>"


def test_the_version_goes_with_the_html() -> None:
    assert render("x").version == RENDERER_VERSION


def test_many_texts_come_in_order_even_when_one_is_too_long() -> None:
    sources = [f"text {number}" for number in range(2 * BATCH + 1)]
    sources[3] = "x" * (MARKDOWN_LIMIT + 1)

    made = list(render_many(sources))

    assert [each.plain for each in made] == sources
    assert [index for index, each in enumerate(made) if each.notice] == [3]


def test_no_texts_are_no_work() -> None:
    assert list(render_many([])) == []


@pytest.mark.parametrize("source", ["", "   ", "\n"])
def test_an_empty_text_is_empty(source: str) -> None:
    assert render(source).html == ""
