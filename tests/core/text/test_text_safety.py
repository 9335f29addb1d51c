"""Nothing an author or an import writes runs, loads or disguises itself on a reader's page."""

import re
from collections.abc import Callable, Iterator

import pytest
import text_vectors as vectors
from bs4 import BeautifulSoup, Tag

from iocop.core.text.allowed import TAGS
from iocop.core.text.dialect import dialect
from iocop.core.text.render import render
from iocop.core.text.sanitize import sanitize

READERS_TAGS = TAGS - {"input"}
READERS_ATTRIBUTES = {
    "alt", "class", "colspan", "href", "id", "loading", "rel", "rowspan", "src", "start", "tabindex", "title",
}  # fmt: skip
SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
SAFE_SCHEMES = {"http", "https", "mailto"}


pytestmark = pytest.mark.filterwarnings("ignore::bs4.XMLParsedAsHTMLWarning")  # one vector begins so


def dangers(html: str) -> Iterator[str]:
    """What in *html*, read as two different parsers do, has no place on a page."""
    for parser in ("html.parser", "lxml"):
        for tag in BeautifulSoup(html, parser).select("*"):
            if tag.name not in READERS_TAGS | {"html", "body"}:
                yield f"<{tag.name}>"
            yield from _dangerous_attributes(tag)


def _dangerous_attributes(tag: Tag) -> Iterator[str]:
    for name, value in tag.attrs.items():
        if name not in READERS_ATTRIBUTES:
            yield f"{name}="
        scheme = SCHEME.match(re.sub(r"^[\x00-\x20]+|[\t\r\n]", "", str(value)))  # as browsers read it
        if name in {"href", "src"} and scheme and scheme[1].lower() not in SAFE_SCHEMES:
            yield f"{name}={value}"
        if name == "id" and not str(value).startswith("c-"):
            yield f"id={value}"
        if name == "src" and not str(value).startswith("/attachments/"):
            yield f"src={value}"


def rendered(source: str) -> str:
    return render(source, mentions=lambda handles: dict.fromkeys(handles, "/members/1")).html


@pytest.mark.parametrize("door", [rendered, sanitize])
@pytest.mark.parametrize("vector", vectors.ALL)
def test_no_vector_reaches_a_reader(door: Callable[[str], str], vector: str) -> None:
    assert list(dangers(door(vector))) == []
    assert list(dangers(door(f"before\n\n{vector}\n\nafter"))) == []


def test_there_are_vectors_of_every_category() -> None:
    assert len(set(vectors.ALL)) >= 80


def test_the_same_vectors_are_dangerous_before_sanitising() -> None:
    """The control: the check above can fail, and Markdown alone stops little."""
    converter = dialect()
    as_html = [vector for vector in vectors.ALL if list(dangers(vector))]
    as_markdown = [vector for vector in vectors.ALL if list(dangers(converter.reset().convert(vector)))]

    assert len(as_html) > 0.7 * len(vectors.ALL)
    assert len(as_markdown) > 0.5 * len(vectors.ALL)


def test_links_say_that_the_site_does_not_vouch_for_them() -> None:
    link = BeautifulSoup(rendered("[x](https://x.example/)"), "html.parser").a

    assert link
    assert set(link["rel"]) == {"nofollow", "ugc", "noopener"}


@pytest.mark.parametrize(
    "source", ["//x.example/1.png", "https://x.example/1.png", "/attachments/../sign-out"]
)
def test_only_attachments_load_by_themselves(source: str) -> None:
    assert "<img" not in rendered(f"![a plan]({source})")


def test_classes_of_the_site_cannot_be_borrowed() -> None:
    html = sanitize('<a class="mention" href="/x">@anna</a><div class="notice highlight">x</div>')

    assert "mention" not in html
    assert '<div class="highlight">' in html


def test_ids_cannot_shadow_those_of_the_page() -> None:
    html = sanitize('<h2 id="main">x</h2><a href="#main">y</a>')
    soup = BeautifulSoup(html, "html.parser")

    assert soup.h3
    assert soup.a
    assert str(soup.h3["id"]).startswith("c-")
    assert soup.a["href"] == f"#{soup.h3['id']}"
