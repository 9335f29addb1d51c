"""Small made-up exports of wikis, of either version, and one of any size for measuring.

As a command: `python -m tests.imports.wikis FILE PAGES REVISIONS`.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

import pytest

from tests.imports.dumps import DATA

if TYPE_CHECKING:
    from collections.abc import Iterable

START = datetime(2015, 3, 1, 10, tzinfo=UTC)
NAMESPACES = {
    -2: "Media", -1: "Special", 0: "", 1: "Talk", 2: "User", 3: "User talk", 4: "Pumps", 5: "Pumps talk", 6: "File",
    7: "File talk", 8: "MediaWiki", 10: "Template", 12: "Help", 14: "Category", 15: "Category talk", 828: "Module",
}  # fmt: skip


def real_wiki(name: str = "smallwiki-pages.xml") -> Path:
    file = DATA / "mediawiki" / name
    if not file.is_file():
        pytest.skip(f"there is no real export at {file}")
    return file


def state(
    text: str | None = "Water.", number: int = 1, *, day: int | None = None, by: str = "user:Ann:1", comment: str = "",
    model: str = "wikitext", version: str = "0.11", more: str = "",
) -> str:  # fmt: skip
    """A revision; *by* is ``user:NAME:ID``, ``ip:ADDRESS``, ``deleted`` or empty, a text of None was removed."""
    at = START + timedelta(days=number if day is None else day)
    body = (
        '<text deleted="deleted" />' if text is None else f'<text xml:space="preserve">{escape(text)}</text>'
    )
    origin = f"<origin>{number}</origin>" if version == "0.11" else ""
    return (
        f"<revision><id>{number}</id><timestamp>{at:%Y-%m-%dT%H:%M:%SZ}</timestamp>{_contributor(by)}"
        f"<comment>{escape(comment)}</comment>{origin}<model>{model}</model><format>text/x-wiki</format>{body}"
        f"<sha1>x</sha1>{more}</revision>"
    )


def page(
    title: str,
    *states: str,
    number: int | None = None,
    namespace: int | None = 0,
    redirect: str | None = None,
) -> str:
    where = "" if namespace is None else f"<ns>{namespace}</ns>"
    known = "" if number is None else f"<id>{number}</id>"
    leads = "" if redirect is None else f"<redirect title={quoteattr(redirect)} />"
    return f"<page><title>{escape(title)}</title>{where}{known}{leads}{''.join(states or (state(),))}</page>"


def wiki(*pages: str, version: str = "0.11", namespaces: dict[int, str] = NAMESPACES, head: str = "") -> str:
    listed = "".join(
        f'<namespace key="{key}" case="first-letter">{escape(name)}</namespace>'
        for key, name in namespaces.items()
    )
    return (
        f'{head}<mediawiki xmlns="http://www.mediawiki.org/xml/export-{version}/" version="{version}" xml:lang="en">\n'
        "<siteinfo><sitename>Pumps</sitename><dbname>pumps</dbname><base>https://wiki.pumps.example/w/Main</base>"
        f"<generator>MediaWiki 1.39</generator><case>first-letter</case><namespaces>{listed}</namespaces></siteinfo>\n"
        + "\n".join(pages)
        + "\n</mediawiki>"
    )


def write_wiki(folder: Path, *pages: str, name: str = "wiki.xml", version: str = "0.11") -> Path:
    file = folder / name
    file.write_text(wiki(*pages, version=version), encoding="utf-8")
    return file


def _contributor(by: str) -> str:
    kind, _, rest = by.partition(":")
    if kind == "user":
        name, _, number = rest.rpartition(":")
        known = f"<id>{number}</id>" if number else ""
        return f"<contributor><username>{escape(name)}</username>{known}</contributor>"
    if kind == "ip":
        return f"<contributor><ip>{rest}</ip></contributor>"
    return '<contributor deleted="deleted" />' if kind == "deleted" else ""


def write_large(file: Path, pages: int = 2_000, revisions: int = 20, seed: int = 1) -> None:
    """Pages of about two thousand characters in the end, each revision changing one paragraph or adding one."""
    random = Random(seed)
    words = [
        "".join(random.choice("bcdfglmnprstv") + random.choice("aeiou") for _ in range(random.randint(1, 4)))
        for _ in range(5_000)
    ]
    with file.open("w", encoding="utf-8") as out:
        before, after = wiki().rsplit("\n</mediawiki>", 1)
        out.write(before + "\n")
        for number in range(1, pages + 1):
            out.write(
                page(f"Matter {number}", *_history(random, words, number, pages, revisions), number=number)
                + "\n"
            )
        out.write("</mediawiki>" + after)


def _history(random: Random, words: list[str], number: int, pages: int, revisions: int) -> Iterable[str]:
    paragraphs = [_paragraph(random, words, pages) for _ in range(4)]
    for turn in range(revisions):
        if random.random() < 0.5 and len(paragraphs) < 12:
            paragraphs.insert(random.randrange(len(paragraphs) + 1), _paragraph(random, words, pages))
        else:
            paragraphs[random.randrange(len(paragraphs))] = _paragraph(random, words, pages)
        text = "\n\n".join([*paragraphs, f"[[Category:{words[number % 40]}]]"])
        by = "ip:10.0.0.1" if turn % 7 == 3 else f"user:Author {turn % 50}:{1 + turn % 50}"
        yield state(text, number * 1_000 + turn, day=turn, by=by, comment="/* Use */ clearer")


def _paragraph(random: Random, words: list[str], pages: int) -> str:
    said = " ".join(random.choices(words, k=random.randint(15, 45)))
    dice = random.random()
    if dice < 0.2:
        return (
            f"== {random.choice(words).title()} ==\n* '''{said[:40]}'''\n* {said[40:]}\n** {{{{unit|5|m}}}}"
        )
    if dice < 0.3:
        return "{|\n! Size !! Use\n|-\n| 1 || " + said[:60] + "\n|}"
    return f"{said.capitalize()} [[Matter {random.randint(1, pages)}|{random.choice(words)}]].<ref>{said[:30]}</ref>"


def main(arguments: list[str]) -> None:
    file, pages, revisions = arguments
    write_large(Path(file), int(pages), int(revisions))


if __name__ == "__main__":
    main(sys.argv[1:])
