"""What HTML a member's text may hold: the one policy, for Markdown and for imported HTML alike."""

import re
from typing import Final

import nh3
from pygments.token import STANDARD_TYPES

TAGS: Final = frozenset({
    "a", "abbr", "b", "blockquote", "br", "caption", "cite", "code", "dd", "del", "dfn", "div", "dl", "dt",
    "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "input", "ins", "kbd", "li", "ol", "p", "pre",
    "q", "s", "samp", "small", "span", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead",
    "tr", "u", "ul", "var",
})  # fmt: skip

_ATTRIBUTES: Final[dict[str, set[str]]] = {
    "a": {"class", "href", "title"},
    "abbr": {"title"},
    "code": {"class"},
    "div": {"class"},
    "img": {"alt", "src"},
    "input": {"checked"},
    "li": {"class", "id"},
    "ol": {"start"},
    "span": {"class"},
    "sup": {"id"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "ul": {"class"},
} | {f"h{level}": {"id"} for level in range(1, 7)}

_ALIGNED: Final = {"align": {"left", "center", "right"}}
_VALUES: Final = {"td": _ALIGNED, "th": _ALIGNED, "input": {"type": {"checkbox"}}}

_CLASSES: Final[dict[str, frozenset[str]]] = {
    "a": frozenset({"footnote-ref", "footnote-backref"}),
    "div": frozenset({"footnote", "highlight"}),
    "li": frozenset({"task-list-item"}),
    "span": frozenset(filter(None, STANDARD_TYPES.values())),
    "ul": frozenset({"task-list"}),
}
_LANGUAGE: Final = re.compile(r"language-[a-z0-9+#_-]{1,40}")
_FORMS: Final = {
    "id": re.compile(r"[\w:.-]{1,100}"),
    "colspan": re.compile(r"[1-9]\d?"),
    "rowspan": re.compile(r"[1-9]\d?"),
    "start": re.compile(r"\d{1,6}"),
}


def _keep(tag: str, name: str, value: str) -> str | None:
    if name == "class":
        return " ".join(each for each in value.split() if _may_style(tag, each)) or None
    form = _FORMS.get(name)
    return value if form is None or form.fullmatch(value) else None


def _may_style(tag: str, name: str) -> bool:
    return name in _CLASSES.get(tag, ()) or (tag in {"code", "div"} and bool(_LANGUAGE.fullmatch(name)))


_CLEANER: Final = nh3.Cleaner(
    tags=TAGS,
    clean_content_tags={
        "script",
        "style",
        "template",
        "svg",
        "math",
        "iframe",
        "object",
        "noscript",
        "title",
    },
    attributes=_ATTRIBUTES,
    tag_attribute_values=_VALUES,
    attribute_filter=_keep,
    url_schemes={"http", "https", "mailto"},
    link_rel="nofollow ugc noopener",
)


def clean(html: str) -> str:
    """The allowed part of *html*, well formed: every attribute in double quotes, no comment, no NUL.

    Checkboxes and remote images are still in it: `finish` turns them into what readers may see.
    """
    return _CLEANER.clean(html)
