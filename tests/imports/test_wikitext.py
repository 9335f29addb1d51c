"""Wikitext becomes the site's Markdown: nothing is lost, nothing breaks, nothing takes long."""

from __future__ import annotations

import time

import pytest
from bs4 import BeautifulSoup
from hypothesis import example, given, settings
from hypothesis import strategies as st

from iocop.core.text.render import render
from iocop.imports.mediawiki.converter import TOO_HARD, convert_many, parts
from iocop.imports.mediawiki.wikitext.chunks import chunks
from iocop.imports.mediawiki.wikitext.convert import LONGEST, convert
from iocop.imports.mediawiki.wikitext.names import CATEGORY, FILE, MAIN, USER, Names, Target, is_unregistered

NAMES = Names(
    namespaces=(
        (0, ""),
        (2, "Lietotājs"),
        (4, "Vikipēdija"),
        (6, "Attēls"),
        (10, "Veidne"),
        (14, "Kategorija"),
    ),
    languages=frozenset({"en", "de", "lv"}),
    pages="https://wiki.example/w/",
)


def markdown(wikitext: str) -> str:
    return convert(wikitext, NAMES)["text"]


def shown(wikitext: str) -> BeautifulSoup:
    return BeautifulSoup(render(markdown(wikitext)).html, "html.parser")


@pytest.mark.parametrize(
    ("wikitext", "expected"),
    [
        ("'''bold''' and ''slanted''", "**bold** and *slanted*"),
        ("'''''both'''''", "<em>**both**</em>"),
        ("''' spaced '''", "**spaced**"),
        ("== Use ==\ntext", "## Use\n\ntext"),
        ("=== C# ===", "### C\\#"),
        ("* one\n** two\n**# three\n* four", "- one\n    - two\n        1. three\n- four"),
        ("# a\n#* b\n# c", "1. a\n    - b\n1. c"),
        ("** deep", "- deep"),
        ("; Pump : moves water\n; Valve\n: stops it", "**Pump**\n\n- moves water\n\n**Valve**\n\n- stops it"),
        (": aside\n:: deeper", "> aside\n>\n> > deeper"),
        (":* a point", "> - a point"),
        ("* a<br>b", "- a<br>\n    b"),
        ("[[Pump]]", "[[Pump]]"),
        ("[[Pump|the pump]]", "[[Pump|the pump]]"),
        ("[[Pump#Use|use]]", "[[Pump#Use|use]]"),
        ("[[pump_house]]", "[[pump house]]"),
        ("[[#Use|there]]", "[there](#use)"),
        ("[[Pump|''the'' pump]]", "[*the* pump](/wiki/Pump)"),
        ("[[Vikipēdija:About]]", "[[Vikipēdija:About]]"),
        ("[[:Kategorija:Pumps|all pumps]]", "[all pumps](https://wiki.example/w/Kategorija:Pumps)"),
        ("[[Veidne:X]]", "[Veidne:X](https://wiki.example/w/Veidne:X)"),
        ("[[en:Pump]]\n[[de:Pumpe]]", ""),
        ("[[:en:Pump|Pump]] [[wikt:pump|word]]", "Pump word"),
        ("[[Star: a tale]]", "[[Star: a tale]]"),
        ("[https://a.example/x(1) here]", "[here](https://a.example/x%281%29)"),
        ("[https://a.example] https://b.example.", "<https://a.example> <https://b.example>."),
        ("[//a.example words]", "[words](https://a.example)"),
        ("[ftp://a.example words]", "words ftp://a.example"),
        ("[[Kategorija:Pumps|sort]] text [[Category:Water]]", "text"),
        ("[[Attēls:A.png|thumb|200px|A ''pump'']]", "(picture: A.png – A *pump*)"),
        ("[[File:A.png|right|alt=x]] text", "(picture: A.png) text"),
        ("<gallery>\nA.png|One\nFile:B.png\n</gallery>", "- (picture: A.png – One)\n- (picture: B.png)"),
        ("see {{unit|5|m}} there", "see `{{unit|5|m}}` there"),
        ("{{Box\n| a = 1\n}}\ntext", "```\n{{Box\n| a = 1\n}}\n```\n\ntext"),
        ("{{{1|x}}}", "```\n{{{1|x}}}\n```"),
        ("a<ref>Note ''b''</ref> c<ref name=x>X</ref><ref name=x />",
         "a[^1] c[^2][^2]\n\n[^1]: Note *b*\n[^2]: X"),
        ("a<ref name=y />\n\n<references><ref name=y>Y</ref></references>", "a[^1]\n\n[^1]: Y"),
        ("<code>a|b</code> and <tt>''c''</tt>", "`a|b` and `c`"),
        ("<pre>\na ''b''\n</pre>", "```\na ''b''\n```"),
        ('<syntaxhighlight lang="python">\nx = 1\n</syntaxhighlight>', "```python\nx = 1\n```"),
        ("<nowiki>''x'' [[y]]</nowiki>", "''x'' \\[\\[y]]"),
        ("<math>x^2</math> is", "`<math>x^2</math>` is"),
        ("a <!-- b --> c", "a  c"),
        ("* a\n<!-- b -->\n* c", "- a\n- c"),
        ("__TOC__ text __NOTOC__", "text"),
        ("said ~~~~", "said"),
        ("<s>x</s> H<sub>2</sub>O <u>y</u>", "~~x~~ H<sub>2</sub>O <u>y</u>"),
        ("<div style='x'>a</div>b", "a\n\nb"),
        ("<center>a", "a"),
        ("<blockquote>a\n\nb</blockquote>", "> a\n>\n> b"),
        ("<poem>a\nb</poem>", "a<br>\nb"),
        ("<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>", "- a\n- b\n    - c"),
        ("----\ntext", "---\n\ntext"),
        (" x = 1\n y = 2", "```\nx = 1\ny = 2\n```"),
        ("2*3*4 _x_ a_b `c` [d] #e", "2\\*3\\*4 \\_x\\_ a_b \\`c\\` \\[d] #e"),
        ("1. not a list", "1\\. not a list"),
        ("- not a list", "\\- not a list"),
        ("> no quotation", "\\> no quotation"),
        ("&lt;b&gt; &amp;amp; &nbsp;x", "&lt;b> &amp;amp;  x"),
        ("<foo>a</foo> 1 < 2", "&lt;foo>a&lt;/foo> 1 < 2"),
        ("{|\n|+ Sizes\n! A !! B\n|-\n| 1 || [[x|y]]\n|}",
         "**Sizes**\n\n| A | B |\n| --- | --- |\n| 1 | [y](/wiki/x) |"),
        ("{|\n| 1\n|-\n| 2 || a<br>b\n|}", "|  |  |\n| --- | --- |\n| 1 |  |\n| 2 | a<br>b |"),
        ("{|\n! A\n! B\n|-\n! a\n|\n* x\n* y\n|}", "| A | B |\n| --- | --- |\n| **a** | • x<br>• y |"),
        ("{|\n| colspan=2 | x\n|}", "```\n{|\n| colspan=2 | x\n|}\n```"),
        ("{|\n|\n{|\n| x\n|}\n|}", "```\n{|\n|\n{|\n| x\n|}\n|}\n```"),
        ("{|\n|}", ""),
    ],
)  # fmt: skip
def test_markup_is_said_in_markdown(wikitext: str, expected: str) -> None:
    assert markdown(wikitext) == expected


def test_categories_and_what_stays_as_text_are_told() -> None:
    found = convert(
        "[[Category:Pumps|*]] [[Kategorija: Big pumps ]] {{stub}} {{stub}} <math>x</math> [[File:A.png]]",
        NAMES,
    )

    assert found["categories"] == ["Pumps", "Big pumps"]
    assert found["templates"] == {"Stub": 2}
    assert found["kept"] == {"math": 1, "picture": 1}


def test_notes_are_numbered_through_the_whole_text() -> None:
    assert markdown("a<ref>A</ref>\n\n== B ==\nb<ref>B</ref>").split("\n\n")[-1] == "[^1]: A\n[^2]: B"


def test_people_without_account_are_not_named_by_their_address() -> None:
    said = markdown(
        "[[Lietotājs:10.1.2.3|10.1.2.3]] [[Special:Contributions/2001:db8::1|2001:db8::1]] [[User:Ann|Ann]]"
    )

    assert said == "unregistered unregistered [Ann](https://wiki.example/w/Lietot%C4%81js:Ann)"


@pytest.mark.parametrize(
    "written", ["== Use ==", "# a\n# b", "'''x'''", "* x\n** y", "[[Pump|p]]", "{|\n! A\n|-\n| b\n|}"]
)
def test_what_is_written_is_what_is_seen(written: str) -> None:
    seen = shown(written)

    name = {"=": "h3", "#": "ol", "'": "strong", "*": "ul ul", "[": 'a[href="/wiki/Pump"]', "{": "table"}[
        written[0]
    ]
    assert seen.select_one(name) is not None


def test_a_text_is_cut_only_where_nothing_reaches_across() -> None:
    text = "a\n\n{{Box\n\n|x}}\n\n<pre>\n\n</pre>\n== b ==\n\n{|\n\n|}\nc"

    assert [chunk.strip() for chunk in chunks(text) if chunk.strip()] == [
        "a", "{{Box\n\n|x}}", "<pre>\n\n</pre>", "== b ==", "{|\n\n|}\nc",
    ]  # fmt: skip


WORDS = st.sampled_from(
    ["[[", "]]", "{{", "}}", "{|", "|}", "|-", "|", "!", "''", "'''", "\n", "\n*", "\n#", "\n:", "\n;", "<ref>", "</ref>",
     "<b>", "</b>", "<pre>", "</pre>", "<nowiki>", "<br>", "==", "\n== a ==\n", "http://a.b", "[", "]", "&lt;", "&#0;",
     "Category:", "File:", "a", "word ", " ", "<!--", "-->", "~~~~", "\x01*", "\x02", "`", "\\", "_", "<li>", "<table>",
     "<gallery>", "<math>", "{{{", "}}}", "<references/>", "#REDIRECT ", "://", "٣", "\u200f"]
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(WORDS, max_size=40).map("".join) | st.text(max_size=200))
@example("{|\n|+\n|}")
@example("<ref name=>")
@example("[[File:|]]")
def test_no_text_breaks_it(text: str) -> None:
    convert(text, NAMES)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.from_regex(r"[a-z0-9#*_.>~=|`<&\[\]()+-]{1,12}", fullmatch=True), min_size=1, max_size=12))
def test_plain_words_are_read_as_they_were(words: list[str]) -> None:
    text = " ".join(words)

    seen = render(markdown(f"<nowiki>{text}</nowiki>")).plain

    assert seen.split() == text.split()


@pytest.mark.parametrize(
    "hostile",
    ["<b>" * 20_000, "{{a|" * 5_000, "{|\n" * 20_000, "<!--" * 10_000, "\n*" * 50_000, "{{" * 50_000],
    ids=lambda text: text[:6].strip(),
)  # fmt: skip
def test_no_text_takes_long_and_none_is_lost(hostile: str) -> None:
    began = time.monotonic()

    (found,) = convert_many([f"before {hostile}"], NAMES)

    assert time.monotonic() - began < 20
    if TOO_HARD in found["kept"]:
        assert f"before {hostile}".strip() in found["text"]


def test_what_is_longer_than_any_page_stays_as_it_is() -> None:
    long = "word " * (LONGEST // 4)

    (found,) = convert_many([long], NAMES)

    assert found["kept"] == {TOO_HARD: 1}
    assert found["text"] == f"```\n{long.rstrip()}\n```"


def test_long_texts_are_cut_where_a_reader_would() -> None:
    section = "## Part\n\n" + "\n\n".join(["word " * 200] * 40) + "\n\n```\ncode\n\nmore\n```"
    whole = "\n\n".join([section] * 4)

    cut = parts(whole)

    assert len(cut) == 4
    assert "\n\n".join(cut).replace(" \n", "\n") == whole.replace(" \n", "\n")
    assert all(part.startswith("## Part") for part in cut)


def test_a_paragraph_longer_than_is_formatted_at_once_is_cut_at_its_lines() -> None:
    cut = parts("\n".join(["word " * 100] * 200))

    assert len(cut) == 2
    assert " ".join(cut).split() == ["word"] * 20_000


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Pump_house#Use", Target(MAIN, "Pump house", "Use")),
        (":Category:Pumps", Target(CATEGORY, "Kategorija:Pumps", "", shown=True)),
        ("image:A.png", Target(FILE, "Attēls:A.png")),
        ("user:Ann", Target(USER, "Lietotājs:Ann")),
        ("de:Pumpe", Target(None, "de:Pumpe")),
        ("Note: this", Target(MAIN, "Note: this")),
        ("zh-min-nan:x", Target(None, "zh-min-nan:x")),
    ],
)  # fmt: skip
def test_where_a_link_leads(written: str, expected: Target) -> None:
    assert NAMES.target(written) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("10.1.2.3", True),
        ("2001:db8::1", True),
        ("192.168.1.xxx", True),
        ("imported>10.1.2.3", True),
        ("Ann", False),
        ("", False),
    ],
)
def test_who_is_known_by_an_address_alone(name: str, expected: bool) -> None:
    assert is_unregistered(name) is expected
