"""Tags, whether written as HTML or as wiki markup: emphasis, lists, notes, code and what stays as it is."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Final

from mwparserfromhell import parse
from mwparserfromhell.nodes import Tag

from iocop.imports.mediawiki.wikitext.escape import code, code_block
from iocop.imports.mediawiki.wikitext.marks import BREAK, ITEM, NOTE, NOTE_END, PARAGRAPH, Note
from iocop.imports.mediawiki.wikitext.tables import table

if TYPE_CHECKING:
    from collections.abc import Callable

    from mwparserfromhell.nodes import Node

    from iocop.imports.mediawiki.wikitext.inline import Walk

KNOWN: Final = (
    "abbr|b|big|blockquote|br|caption|center|cite|code|dd|del|dfn|div|dl|dt|em|font|h[1-6]|hr|i|includeonly|ins|kbd|li"
    "|noinclude|nowiki|ol|onlyinclude|p|q|ref|references|s|samp|section|small|span|strike|strong|sub|sup|table|tbody|td"
    "|templatestyles|th|thead|tr|tt|u|ul|var|gallery|poem|pre|bdi|bdo|wbr|time|mark|data|rb|rp|rt|ruby|rtc|noindex"
)
"""Tags that a wiki knows; one that stands alone by mistake is left out, any other is text."""

_TRANSPARENT: Final = frozenset(KNOWN.split("|"))
STRAY: Final = {"br": BREAK, "tr": BREAK, "li": BREAK, "td": " · ", "th": " · ", "p": PARAGRAPH, "div": BREAK}
"""What is left of a tag that was never closed."""

_AROUND: Final = re.compile(r"(\s*)(.*?)(\s*)", re.DOTALL)
_LANGUAGE: Final = re.compile(r"[a-z0-9+#_-]{1,30}")
_SIGNS: Final = {"b": "**", "strong": "**", "i": "*", "em": "*", "cite": "*", "dfn": "*", "var": "*", "s": "~~",
                 "strike": "~~", "del": "~~"}  # fmt: skip
_HTML: Final = frozenset({"sub", "sup", "small", "u", "ins", "kbd", "samp", "q", "abbr"})
_PARAGRAPHS: Final = frozenset({"p", "div", "center", "h1", "h2", "h3", "h4", "h5", "h6", "caption"})
_LISTS: Final = frozenset({"ul", "ol", "dl"})
_CODE: Final = frozenset({"code", "tt"})
_VERBATIM: Final = frozenset({"pre", "syntaxhighlight", "source"})
_NOTHING: Final = frozenset({"includeonly", "templatestyles", "section", "references", "indicator", "wbr"})
_KEPT: Final = frozenset({
    "math", "chem", "ce", "score", "timeline", "graph", "hiero", "imagemap", "mapframe", "maplink",
    "categorytree", "inputbox", "dynamicpagelist",
})  # fmt: skip


def tagged(walk: Walk, tag: Tag) -> str:
    """The marked text of a tag."""
    name = str(tag.tag).strip().lower()
    if tag.wiki_markup is not None and name in {"li", "dt", "dd"}:
        return ITEM + str(tag.wiki_markup)
    way = _WAYS.get(name)
    if way is not None:
        return way(walk, tag, name)
    inner = walk.marked(_inner(tag))
    return inner if name in _TRANSPARENT else walk.words(_opening(tag)) + inner + walk.words(_closing(tag))


def _opening(tag: Tag) -> str:
    """A tag that no wiki knows is text."""
    attributes = "".join(map(str, tag.attributes))
    return f"<{tag.tag}{attributes}{' /' if tag.self_closing else ''}>"


def _closing(tag: Tag) -> str:
    return "" if tag.self_closing else f"</{tag.tag}>"


def _inner(tag: Tag) -> list[Node]:
    return list(tag.contents.nodes) if tag.contents is not None else []


def _raw(tag: Tag) -> str:
    return str(tag.contents) if tag.contents is not None else ""


def _attribute(tag: Tag, name: str) -> str:
    found = [each for each in tag.attributes if str(each.name).strip().lower() == name]
    return str(found[-1].value).strip() if found and found[-1].value is not None else ""


def _emphasis(walk: Walk, tag: Tag, name: str) -> str:
    sign = _SIGNS[name]
    before, words, after = _parted(walk.marked(_inner(tag)))
    if not words:
        return before + after
    if any(mark in words for mark in "\n\x01\x02\x08"):
        return before + words + after  # no emphasis reaches over lines
    if words[0] == sign[0] or words[-1] == sign[0] or (sign == "*" and "*" in words.replace("\\*", "")):
        html = {"**": "strong", "*": "em", "~~": "del"}[sign]
        return f"{before}<{html}>{words}</{html}>{after}"
    return f"{before}{sign}{words}{sign}{after}"


def _parted(text: str) -> tuple[str, str, str]:
    match = _AROUND.fullmatch(text)
    assert match is not None  # noqa: S101 -- it matches anything
    return match[1], match[2], match[3]


def _html(walk: Walk, tag: Tag, name: str) -> str:
    before, words, after = _parted(walk.marked(_inner(tag)))
    if not words or any(mark in words for mark in "\n\x01\x02\x08"):
        return before + words + after
    return f"{before}<{name}>{words}</{name}>{after}"


def _paragraph(walk: Walk, tag: Tag, _name: str) -> str:
    return PARAGRAPH + walk.marked(_inner(tag)) + PARAGRAPH


def _loose(walk: Walk, tag: Tag, name: str) -> str:
    """A row, a cell or an item outside any table or list."""
    return STRAY[name] + walk.marked(_inner(tag))


def _quotation(walk: Walk, tag: Tag, _name: str) -> str:
    text = walk.markdown(_inner(tag))
    quoted = "\n".join(f"> {line}".rstrip() for line in text.split("\n")) if text else ""
    return walk.block(quoted, " ".join(text.split()), alone=True)


def _poem(walk: Walk, tag: Tag, _name: str) -> str:
    return PARAGRAPH + walk.marked(parse(_raw(tag)).nodes).strip().replace("\n", BREAK) + PARAGRAPH


def _list(walk: Walk, tag: Tag, name: str) -> str:
    """Items written as HTML become items as the wiki writes them; lists within them follow them."""
    sign = {"ul": "*", "ol": "#"}.get(name)
    out = []
    for node in _inner(tag):
        kind = str(getattr(node, "tag", "")).strip().lower()
        if kind in {"li", "dt", "dd"} and isinstance(node, Tag):
            lines = walk.marked(_inner(node)).replace(PARAGRAPH, " ").strip().split("\n")
            mark = ITEM + (sign or {"dt": ";", "dd": ":"}.get(kind, "*"))
            words = [line for line in lines if not line.startswith(ITEM)]
            out.append(mark + BREAK.join(filter(str.strip, words)))
            out += [mark + line for line in lines if line.startswith(ITEM)]
        else:
            out.append(walk.marked([node]).strip())
    return "\n" + "\n".join(filter(None, out)) + "\n"


def _code(walk: Walk, tag: Tag, _name: str) -> str:
    raw = _raw(tag)
    plain = (
        raw if "{{" in raw else tag.contents.strip_code(normalize=False) if tag.contents is not None else ""
    )
    text = unescape(_unwrapped(plain))
    return walk.block(code_block(text), code(text)) if "\n" in text.strip() else code(text)


def _verbatim(walk: Walk, tag: Tag, name: str) -> str:
    given = _attribute(tag, "lang").lower()
    text = _raw(tag) if name != "pre" else unescape(_unwrapped(_raw(tag)))
    within = (name != "pre" and _attribute(tag, "inline") != "") or tag.has("inline")
    if within:
        return code(text)
    return walk.block(code_block(text, given if _LANGUAGE.fullmatch(given) else ""), code(text), alone=True)


def _unwrapped(text: str) -> str:
    return re.sub(r"</?nowiki\s*/?>", "", text, flags=re.IGNORECASE)


def _nowiki(walk: Walk, tag: Tag, _name: str) -> str:
    return walk.words(unescape(_raw(tag)))


def _note(walk: Walk, tag: Tag, _name: str) -> str:
    name = _attribute(tag, "name").strip("\"' ")
    walk.found.notes.append(Note(name, walk.line(_inner(tag))))
    return f"{NOTE}{len(walk.found.notes) - 1}{NOTE_END}"


def _notes(walk: Walk, tag: Tag, _name: str) -> str:
    """Notes may be written where they are listed."""
    walk.marked(_inner(tag))
    return ""


def _gallery(walk: Walk, tag: Tag, _name: str) -> str:
    """One picture a line: its name, a bar, its words."""
    out = []
    for line in filter(str.strip, _raw(tag).split("\n")):
        name, _, words = line.partition("|")
        walk.found.keep("picture")
        note = walk.names.picture.format(name=walk.words(walk.names.bare(name.strip())))
        caption = walk.line(parse(words).nodes)
        out.append(f"{ITEM}*({note} – {caption})" if caption else f"{ITEM}*({note})")
    return "\n" + "\n".join(out) + "\n" if out else ""


def _kept(walk: Walk, tag: Tag, name: str) -> str:
    return walk.kept(tag, name)


def _rule(walk: Walk, _tag: Tag, _name: str) -> str:
    return "\n" + walk.block("---", alone=True) + "\n"


def _table(walk: Walk, tag: Tag, _name: str) -> str:
    return "\n" + table(walk, tag) + "\n"


_WAYS: Final[dict[str, Callable[[Walk, Tag, str], str]]] = (
    dict.fromkeys(_SIGNS, _emphasis)
    | dict.fromkeys(_HTML, _html)
    | dict.fromkeys(_PARAGRAPHS, _paragraph)
    | dict.fromkeys(_LISTS, _list)
    | dict.fromkeys(("tr", "td", "th", "li"), _loose)
    | dict.fromkeys(_CODE, _code)
    | dict.fromkeys(_VERBATIM, _verbatim)
    | dict.fromkeys(_NOTHING, lambda *_: "")
    | dict.fromkeys(_KEPT, _kept)
    | {
        "blockquote": _quotation, "br": lambda *_: BREAK, "hr": _rule, "gallery": _gallery, "nowiki": _nowiki,
        "poem": _poem, "ref": _note, "references": _notes, "table": _table,
    }
)  # fmt: skip
