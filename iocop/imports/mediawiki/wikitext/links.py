"""Links of a wiki: to articles, to what stays behind, to pictures that are not in an export, and categories."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from mwparserfromhell.nodes import Text

from iocop.imports.mediawiki.wikitext.escape import address, link
from iocop.imports.mediawiki.wikitext.marks import GONE
from iocop.imports.mediawiki.wikitext.names import (
    CATEGORY,
    FILE,
    HELP,
    MAIN,
    MEDIA,
    PEOPLE,
    PROJECT,
    is_unregistered,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mwparserfromhell.nodes import Node, Wikilink
    from mwparserfromhell.wikicode import Wikicode

    from iocop.imports.mediawiki.wikitext.inline import Walk
    from iocop.imports.mediawiki.wikitext.names import Target

ARTICLES: Final = frozenset({MAIN, PROJECT, HELP})
LONGEST: Final = 200  # characters of a title, and of the words a link in brackets shows

_OPTION: Final = re.compile(
    r"\s*(?:thumb(?:nail)?|mini(?:atur)?|frame(?:d|less)?|border|left|right|center|centre|none|upright(?:\s[\d.]+)?"
    r"|baseline|middle|top|bottom|text-top|text-bottom|sub|super|(?:\d+)?(?:x\d+)?\s*\w{1,4}(?<=\d\w\w|x\d\d|\dpx)"
    r"|\d*x?\d+px|[a-z]{3,10}=.*)?\s*",
    re.IGNORECASE | re.DOTALL,
)
_ADDRESS: Final = re.compile(r"[0-9A-Fa-f:.]*[.:][0-9A-Fa-f:.]+(?:\.xxx)?")
_UNLINKABLE: Final = re.compile(r"[\[\]{}<>|\n\x00-\x1f]")


def linked(walk: Walk, node: Wikilink) -> str:
    """The marked words of a link in double brackets."""
    written = str(node.title)
    target = walk.names.target(written)
    if target.namespace == CATEGORY and not target.shown:
        walk.found.categories.append(walk.names.bare(target.title))
        return GONE
    if target.namespace in (FILE, MEDIA) and not target.shown:
        return _picture(walk, target, node.text)
    if (
        target.namespace is None
        and not target.shown
        and walk.names.is_language(target.title.partition(":")[0])
    ):
        return GONE  # the same article in another language
    words = _words(walk, node, written)
    if target.namespace in ARTICLES and not _UNLINKABLE.search(target.title):
        return _to_article(walk, target, words, plain=_is_plain(node.text))
    return _behind(walk, target, words)


def _words(walk: Walk, node: Wikilink, written: str) -> str:
    shown = walk.line(node.text.nodes) if node.text is not None else ""
    return shown or walk.words(" ".join(written.strip().lstrip(":").split()))


def _is_plain(text: Wikicode | None) -> bool:
    """Say whether the words are the same in brackets as they are read."""
    if text is None:
        return True
    words = str(text)
    return all(isinstance(node, Text) for node in text.nodes) and not re.search(r"[\[\]\n|<&~*`\\_]", words)


def _to_article(walk: Walk, target: Target, words: str, *, plain: bool) -> str:
    title, section = target.title[:LONGEST], target.section
    if not title:
        return _within(words, section)
    if plain and not walk.in_table and len(words) <= LONGEST and not _UNLINKABLE.search(section):
        place = f"{title}#{section}" if section else title
        return f"[[{place}]]" if words in (place, place.replace(" ", "_")) else f"[[{place}|{words}]]"
    return link(words, "/wiki/" + quote(title, safe="") + _fragment(section))


def _within(words: str, section: str) -> str:
    fragment = _fragment(section).replace("#c-", "#", 1)
    return link(words.removeprefix("\\").removeprefix("#"), fragment) if fragment and words else words


def _fragment(section: str) -> str:
    """As the renderer names its headings."""
    words = re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", section).strip().lower())
    return f"#c-{quote(words, safe='')}" if words else ""


def _behind(walk: Walk, target: Target, words: str) -> str:
    """What stays on the other wiki is linked there; people without an account are nobody's business."""
    name = target.title.partition(":")[2]
    if target.namespace in PEOPLE and is_unregistered(name.rpartition("/")[2]):
        return _ADDRESS.sub(walk.names.nobody, words)
    if target.namespace is None:
        return words
    url = address(walk.names.address(target.title))
    return link(words, url) if url and not _UNLINKABLE.search(target.title) else words


def _picture(walk: Walk, target: Target, text: Wikicode | None) -> str:
    """A note with the picture's name and what stood below it."""
    walk.found.keep("picture")
    name = walk.words(walk.names.bare(target.title))
    caption = ""
    for part in _parts(text):
        plain = "".join(map(str, part))
        if not _OPTION.fullmatch(plain):
            caption = walk.line(part)
    note = walk.names.picture.format(name=name)
    return f"({note} – {caption})" if caption else f"({note})"


def _parts(text: Wikicode | None) -> Iterator[list[Node]]:
    """What stands between the bars."""
    part: list[Node] = []
    for node in text.nodes if text is not None else ():
        if isinstance(node, Text):
            first, *others = str(node.value).split("|")
            part.append(Text(first))
            for other in others:
                yield part
                part = [Text(other)]
        else:
            part.append(node)
    if part:
        yield part
