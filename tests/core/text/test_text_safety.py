"""Nothing an author or an import writes runs, loads or disguises itself on a reader's page."""

import re
from collections.abc import Callable, Iterator
from typing import Final

import pytest
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


SCHEMES: Final = [
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='JaVaScRiPt:alert(1)'>x</a>",
    "<a href='&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;alert(1)'>x</a>",
    "<a href='&#x6A;avascript&colon;alert(1)'>x</a>",
    "<a href='&#0000106avascript:alert(1)'>x</a>",
    "<a href='java&Tab;script:alert(1)'>x</a>",
    "<a href='java&NewLine;script:alert(1)'>x</a>",
    "<a href=' javascript:alert(1)'>x</a>",
    "<a href='&#1;javascript:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='java\nscript:alert(1)'>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=='>x</a>",
    "<a href='blob:https://x.example/1'>x</a>",
    "<a href='file:///etc/passwd'>x</a>",
    "<a href='view-source:javascript:1'>x</a>",
    "<a href='jar:javascript:alert(1)!/'>x</a>",
    "<img src='javascript:alert(1)'>",
    "<img src='data:image/svg+xml,<svg onload=alert(1)>'>",
    "[x](javascript:alert(1))",
    "[x](JAVASCRIPT:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](java&#115;cript:alert(1))",
    "[x](&#x6A;avascript:alert(1))",
    "[x][1]\n\n[1]: javascript:alert(1)",
    "![x](javascript:alert(1))",
    "<javascript:alert(1)>",
    "[x](data:text/html,<script>alert(1)</script>)",
]

ATTRIBUTES: Final = [
    "<b onclick=alert(1)>x</b>",
    "<img src=x onerror=alert(1)>",
    "<img src=x ONERROR = alert(1)>",
    "<img/src=x/onerror=alert(1)>",
    '<img src=x onerror="alert(1)"',
    "<img src='x' title='\"><script>alert(1)</script>' onload=alert(1)>",
    "<a href=/ onmouseover=alert(1)>x</a>",
    "<p style='background:url(javascript:alert(1))'>x</p>",
    "<div style='position:fixed;inset:0'>x</div>",
    "<p data-x='1' onfocus=alert(1) tabindex=1 autofocus>x</p>",
    "<div hx-get='/sign-out' hx-trigger='load'>x</div>",
    "<div hx-on:load='alert(1)'>x</div>",
    "<div data-hx-on='load: alert(1)'>x</div>",
    "<p class='modal is-open' onclick=alert(1)>x</p>",
    "<p id='csrf-token' name='csrf' onclick=alert(1)>x</p>",
    "<a href=/ target=_top ping=//x.example download onclick=alert(1)>x</a>",
    "<img srcset='//x.example/1.png 1x' src=x onerror=alert(1)>",
    "<p contenteditable onpaste=alert(1)>x</p>",
    '![x](y "\\" onerror=\\"alert(1)")',
    '![x" onerror="alert(1)](y)',
    '[x](/ "\\" onclick=\\"alert(1)")',
    "[x](/\" onclick='alert(1)')",
    '```python onclick="alert(1)"\nx\n```',
    '```{.python #x onclick="alert(1)" style="x"}\nx\n```',
]

ELEMENTS: Final = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//x.example/x.js></SCRIPT>",
    "<script\n>alert(1)</script\n>",
    "<script/x>alert(1)</script>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<form action=javascript:alert(1)><button>x</button></form>",
    "<input type=checkbox onfocus=alert(1) autofocus>",
    "<input type=image src=x onerror=alert(1)>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<select onfocus=alert(1) autofocus><option>x</select>",
    "<textarea onfocus=alert(1) autofocus>x</textarea>",
    "<style>body{background:url(javascript:alert(1))}</style>",
    "<link rel=stylesheet href=javascript:alert(1)>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<base href=//x.example/>",
    "<video src=x onerror=alert(1)></video>",
    "<audio><source onerror=alert(1)></audio>",
    "<details open ontoggle=alert(1)>x</details>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<dialog open onclose=alert(1)>x</dialog>",
    "<body onload=alert(1)>x",
    "<html onclick=alert(1)>x",
    "<x-y onclick=alert(1)>x</x-y>",
    "<isindex action=javascript:alert(1)>",
    "<template><script>alert(1)</script></template>",
    "<portal src=javascript:alert(1)></portal>",
]

FOREIGN: Final = [
    "<svg onload=alert(1)></svg>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href=javascript:alert(1)><text>x</text></a></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x></svg>",
    "<svg><set attributeName=href to=javascript:alert(1)></svg>",
    "<svg><foreignObject><iframe src=javascript:alert(1)></iframe></foreignObject></svg>",
    "<svg><use href='data:image/svg+xml,<svg id=x onload=alert(1)/>#x'/></svg>",
    "<math><mtext><script>alert(1)</script></mtext></math>",
    "<math href=javascript:alert(1)>x</math>",
    "<math><maction actiontype=statusline xlink:href=javascript:alert(1)>x</maction></math>",
]

MUTATIONS: Final = [
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!-- --!><img src=x onerror=alert(1)> -->",
    "<![CDATA[><img src=x onerror=alert(1)>]]>",
    "<?xml ?><img src=x onerror=alert(1)>",
    "<textarea><img title='</textarea><img src=x onerror=alert(1)>'></textarea>",
    "<title><p id='</title><img src=x onerror=alert(1)>'></title>",
    "<xmp><p id='</xmp><img src=x onerror=alert(1)>'></xmp>",
    "<plaintext><img src=x onerror=alert(1)>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<table><td><svg><desc><td></desc><script>alert(1)</script></svg></table>",
    "<select><style></select><img src=x onerror=alert(1)></style>",
    "<a href='`'><img alt='` onerror=alert(1)' src=x onerror=alert(1)></a>",
]

NESTED: Final = [
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<<script>script>alert(1)<</script>/script>",
    "<b><b onclick=alert(1)<b>x</b>",
    "<a href='/'><a href='javascript:alert(1)'>x</a></a>",
    "> <script>alert(1)</script>",
    "- <img src=x onerror=alert(1)>",
    "| a |\n|---|\n| <img src=x onerror=alert(1)> |",
    "x[^1]\n\n[^1]: <img src=x onerror=alert(1)>",
    "# <img src=x onerror=alert(1)>",
    "**<img src=x onerror=alert(1)>**",
    "[<img src=x onerror=alert(1)>](javascript:alert(1))",
    "- [x] <input type=checkbox onclick=alert(1)>",
    "x\0<img src=x onerror=alert(1)>\0y",
    "<img src=x one\0rror=alert(1)>",
    "<im\0g src=x onerror=alert(1)>",
    "\x02wzxhzdk:0\x03<img src=x onerror=alert(1)>",
    "@anna<img src=x onerror=alert(1)>",
    "<div>\n\n*x*\n\n<img src=x onerror=alert(1)>\n\n</div>",
]

VECTORS: Final = SCHEMES + ATTRIBUTES + ELEMENTS + FOREIGN + MUTATIONS + NESTED

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
@pytest.mark.parametrize("vector", VECTORS)
def test_no_vector_reaches_a_reader(door: Callable[[str], str], vector: str) -> None:
    assert list(dangers(door(vector))) == []
    assert list(dangers(door(f"before\n\n{vector}\n\nafter"))) == []


def test_there_are_vectors_of_every_category() -> None:
    assert len(set(VECTORS)) >= 80


def test_the_same_vectors_are_dangerous_before_sanitising() -> None:
    """The control: the check above can fail, and Markdown alone stops little."""
    converter = dialect()
    as_html = [vector for vector in VECTORS if list(dangers(vector))]
    as_markdown = [vector for vector in VECTORS if list(dangers(converter.reset().convert(vector)))]

    assert len(as_html) > 0.7 * len(VECTORS)
    assert len(as_markdown) > 0.5 * len(VECTORS)


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
