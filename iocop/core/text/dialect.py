"""The one Markdown dialect, for posts and articles."""

import re
from html import escape
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote
from xml.etree import ElementTree as Tree  # only builds elements

import markdown
from markdown.extensions import Extension
from markdown.extensions.toc import slugify_unicode
from markdown.inlinepatterns import HTML_RE, HtmlInlineProcessor, InlineProcessor

from iocop.core.text.allowed import TAGS

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_WIKI_LINK: Final = r"\[\[([^\[\]|#\n]{1,200})(#[^\[\]|\n]{0,120})?(?:\|([^\[\]\n]{1,200}))?\]\]"
_NAME: Final = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)[\s/>]")


class _KnownTags(HtmlInlineProcessor):
    """Only tags that will be kept count as HTML, so that `<file name>` and `List<int>` are shown as typed."""

    def handleMatch(  # type: ignore[override]  # noqa: N802  (the library's name and types)
        self, m: re.Match[str], data: str
    ) -> "tuple[Element | str | None, int | None, int | None]":
        name = _NAME.match(m[1])
        if m[1].startswith("<!--") or (name and name[1].lower() in TAGS):
            return super().handleMatch(m, data)
        return None, None, None


class _WikiLinks(InlineProcessor):
    """``[[Title]]``, ``[[Title#heading|words]]``: a link to an article by its title, there or still to be written."""

    def handleMatch(  # type: ignore[override]  # noqa: N802  (the library's name and types)
        self,
        m: re.Match[str],
        data: str,  # noqa: ARG002  (the library's signature)
    ) -> "tuple[Element | None, int | None, int | None]":
        title = " ".join(m[1].split())
        if not title:
            return None, None, None
        link = Tree.Element("a", {"href": f"/wiki/{quote(title, safe='')}" + _fragment(m[2])})
        link.text = m[3] or title + (m[2] or "").replace("#", " § ", 1)
        return link, m.start(0), m.end(0)


def _fragment(heading: "str | None") -> str:
    words = slugify_unicode(heading[1:], "-") if heading else ""
    return f"#c-{quote(words, safe='')}" if words else ""


class _Brackets(Extension):
    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802  (the library's name)
        md.inlinePatterns.register(_KnownTags(HTML_RE, md), "html", 90)
        md.inlinePatterns.register(_WikiLinks(_WIKI_LINK, md), "wiki", 175)  # before references in brackets


def _as_lines(source: str, language: str, *_about: object, **_more: object) -> str:
    """A fence whose lines mean something to a feature above: shown as typed, under its own class."""
    return f'<div class="language-{language} highlight"><pre><code>{escape(source, quote=False)}\n</code></pre></div>'


_OPTIONS: Final[dict[str, dict[str, Any]]] = {
    "footnotes": {"BACKLINK_TITLE": "↩ {}"},
    "tables": {"use_align_attribute": True},
    "toc": {"marker": "", "slugify": slugify_unicode},
    "pymdownx.highlight": {"guess_lang": False, "pygments_lang_class": True, "use_pygments": True},
    "pymdownx.superfences": {
        "custom_fences": [{"name": "concept-map", "class": "concept-map", "format": _as_lines}],
        "disable_indented_code_blocks": False,
    },
    "pymdownx.tilde": {"subscript": False},
}


def dialect() -> markdown.Markdown:
    """A converter, good for any number of texts, one at a time, each after `reset()`."""
    return markdown.Markdown(
        extensions=[
            "footnotes", "sane_lists", "tables", "toc",
            "pymdownx.highlight", "pymdownx.magiclink", "pymdownx.superfences", "pymdownx.tasklist",
            "pymdownx.tilde",
            _Brackets(),
        ],
        extension_configs=_OPTIONS,
        output_format="html",
    )  # fmt: skip
