"""The demo community's thread files, read strictly: the format is told in README.md beside this file."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain, groupby, pairwise
from math import prod
from typing import TYPE_CHECKING, Any, Literal, NoReturn, get_args

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

Kind = Literal["question", "discussion", "announcement"]
Label = Literal["space", "members", "take-home", "public"]

LONG = 12  # words; a longer paragraph may stand twice in the whole demo, never three times
OLDEST = 2500  # days before the demo's start day
LEAST_COMBINATIONS = 9  # of a long paragraph: two slots of three choices

# written, sheltered while slots are sought, meant
_ESCAPES = [("\\{", "\ue000", "{"), ("\\|", "\ue001", "|"), ("\\}", "\ue002", "}")]
_SLOT = re.compile(r"\{([^{}]*)\}")
_NAME = re.compile(r"#([A-Za-z][\w-]*):(.*)", re.DOTALL)
_POST = re.compile(
    r"=== (?P<author>[a-z.-]+) \| after (?P<after>\d+)(?P<unit>[mhd]) \| (?:answer|reply (?P<parent>\d+))"
    r"(?: \| helpful (?P<helpful>\d+))?(?P<rest>(?: \| works-here .+)?)"
)
_WORKS_HERE = re.compile(r"works-here ([a-z-]+): (.+)")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True)
class Slot:
    """A place with several choices; slots of one *name* take the same position throughout a file."""

    name: str
    choices: tuple[str, ...]


@dataclass(frozen=True)
class Paragraph:
    """A text with slots; *where* is its file and line, an *optional* one may be left out of a variant."""

    where: str
    optional: bool
    pieces: tuple[str | Slot, ...]

    @property
    def slots(self) -> list[Slot]:
        return [piece for piece in self.pieces if isinstance(piece, Slot)]

    @property
    def named(self) -> dict[str, int]:
        return {slot.name: len(slot.choices) for slot in self.slots if slot.name}

    @property
    def free(self) -> int:
        """Combinations of the slots without a name."""
        return prod(len(slot.choices) for slot in self.slots if not slot.name)

    @property
    def most_words(self) -> int:
        """How many words it has at most, whatever the slots say."""
        return words("".join(max(p.choices, key=words) if isinstance(p, Slot) else p for p in self.pieces))

    def text(self, named: Mapping[str, int], number: int) -> str:
        """The words for these positions of the named slots and combination *number* of the others."""
        words = []
        for piece in self.pieces:
            if isinstance(piece, str):
                words.append(piece)
            elif piece.name:
                words.append(piece.choices[named[piece.name]])
            else:
                number, position = divmod(number, len(piece.choices))
                words.append(piece.choices[position])
        return "".join(words)


@dataclass(frozen=True)
class PostTemplate:
    author: str
    after: timedelta
    kind: Literal["answer", "reply"]
    parent: int | None
    helpful: int
    works_here: tuple[tuple[str, Paragraph], ...]
    body: tuple[Paragraph, ...]


@dataclass(frozen=True)
class Template:
    """A thread file as read: *named* gives the number of choices of each named slot."""

    head: Mapping[str, Any]
    title: Paragraph
    products: tuple[Paragraph, ...]
    body: tuple[Paragraph, ...]
    posts: tuple[PostTemplate, ...]
    named: Mapping[str, int]

    @property
    def fewest_posts(self) -> int:
        """How many posts a variant keeps at least: up to the accepted answer, or half of them."""
        answers = [number for number, post in enumerate(self.posts, 1) if post.kind == "answer"]
        accepted = self.head.get("accepted")
        return answers[accepted - 1] if accepted else (len(self.posts) + 1) // 2


def words(text: str) -> int:
    return len(text.split())


def fail(where: str, what: str) -> NoReturn:
    raise ValueError(f"{where}: {what}")


# ---------------------------------------------------------------- files


def read_threads(folder: Path) -> list[Template]:
    """Read every thread file of *folder*, by name.

    Raises:
        ValueError: by file and line: the format is broken, or a long paragraph has too few combinations.
    """
    return [_template(path) for path in sorted(folder.glob("*.md"))]


def _template(path: Path) -> Template:
    lines = path.read_text("utf-8").splitlines()
    if lines[:1] != ["+++"] or "+++" not in lines[1:]:
        fail(f"{path}:1", "a thread file begins with TOML between two +++ lines")
    end = lines.index("+++", 1)
    head = _head(path, lines[1:end])
    heading = f"{path}:{1 + _line_of('title', lines)}"
    title, *products = (paragraph(heading, text) for text in (head["title"], *head["products"]))
    starts = [at for at in range(end, len(lines)) if at == end or lines[at].startswith("=== ")]
    bodies = [_body(path, start, lines[start + 1 : stop]) for start, stop in pairwise([*starts, len(lines)])]
    posts: list[PostTemplate] = []
    for start, body in zip(starts[1:], bodies[1:], strict=True):
        posts.append(_post(f"{path}:{start + 1}", lines[start], body, posts))
    if head.get("accepted", 0) > len(_answers(posts)):
        fail(f"{path}:{1 + _line_of('accepted', lines)}", f"there are only {len(_answers(posts))} answers")
    conditions = [text for post in posts for _, text in post.works_here]
    named = _named([title, *products, *chain.from_iterable(bodies), *conditions])
    return Template(head, title, tuple(products), bodies[0], tuple(posts), named)


def _named(paragraphs: Iterable[Paragraph]) -> dict[str, int]:
    named: dict[str, int] = {}
    for each in paragraphs:
        for name, choices in each.named.items():
            if named.setdefault(name, choices) != choices:
                fail(each.where, f"slot {name!r} has {choices} choices here and {named[name]} before")
    return named


# ---------------------------------------------------------------- the head


def _head(path: Path, lines: list[str]) -> dict[str, Any]:
    try:
        head = tomllib.loads("\n".join(lines))
    except tomllib.TOMLDecodeError as error:
        fail(f"{path}:1", f"the lines between +++ are not TOML: {error}")
    for key in head.keys() - _HEAD.keys():
        fail(f"{path}:{2 + _line_of(key, lines)}", f"nothing is called {key!r} here")
    for key, fits in _HEAD.items():
        if not (fits(head[key]) if key in head else key == "accepted"):
            fail(f"{path}:{2 + _line_of(key, lines)}", f"{key!r} is missing or not of its kind")
    return head


def _line_of(key: str, lines: list[str]) -> int:
    return next((at for at, line in enumerate(lines) if re.match(rf"{re.escape(key)}\s*=", line)), 0)


def _texts(pattern: str, least: int, most: int) -> Callable[[Any], bool]:
    def fits(value: Any) -> bool:
        return (
            isinstance(value, list)
            and least <= len(value) <= most
            and all(isinstance(each, str) and re.fullmatch(pattern, each) for each in value)
        )

    return fits


def _text(pattern: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None


_HEAD: dict[str, Callable[[Any], bool]] = {
    "kind": lambda value: value in get_args(Kind),
    "title": _text(r".+"),
    "domains": _texts(r"[a-z-]+", 1, 3),
    "tags": _texts(r"[a-z0-9]+(-[a-z0-9]+)*", 0, 9),
    "products": _texts(r".+", 0, 9),
    "author": _text(r"[a-z.-]+"),
    "days_ago": lambda value: isinstance(value, int) and 0 <= value <= OLDEST,
    "label": lambda value: value in get_args(Label),
    "language": _text(r"[a-z]{2}"),
    "accepted": lambda value: isinstance(value, int) and value >= 1,
}


# ---------------------------------------------------------------- posts and paragraphs


def _answers(posts: list[PostTemplate]) -> list[PostTemplate]:
    return [post for post in posts if post.kind == "answer"]


def _post(where: str, line: str, body: tuple[Paragraph, ...], before: list[PostTemplate]) -> PostTemplate:
    match = _POST.fullmatch(line)
    if not match:
        fail(where, "not a post's first line, such as '=== ama.boateng | after 2d | answer | helpful 9'")
    after = timedelta(**{_UNITS[match["unit"]]: int(match["after"])})
    parent = int(match["parent"]) if match["parent"] else None
    if parent is not None:
        answers = _answers(before)
        if not (1 <= parent <= len(answers) and answers[parent - 1].after < after):
            fail(where, f"no answer {parent} stands above and before this reply")
    conditions = tuple(_works_here(where, part) for part in match["rest"].split(" | ")[1:])
    kind: Literal["answer", "reply"] = "answer" if parent is None else "reply"
    return PostTemplate(match["author"], after, kind, parent, int(match["helpful"] or 0), conditions, body)


def _works_here(where: str, part: str) -> tuple[str, Paragraph]:
    match = _WORKS_HERE.fullmatch(part)
    if not match:
        fail(where, f"not 'works-here organization: conditions': {part}")
    return match[1], paragraph(where, match[2])


def _body(path: Path, start: int, lines: list[str]) -> tuple[Paragraph, ...]:
    groups = groupby(enumerate(lines, start + 2), lambda numbered: bool(numbered[1].strip()))
    blocks = [list(group) for filled, group in groups if filled]
    read = (paragraph(f"{path}:{block[0][0]}", "\n".join(text for _, text in block)) for block in blocks)
    body = tuple(map(_checked, read))
    if all(each.optional for each in body):
        fail(f"{path}:{start + 1}", "a post needs a paragraph that stands in every variant")
    return body


def _checked(read: Paragraph) -> Paragraph:
    combinations = read.free * prod(read.named.values())
    if read.most_words > LONG and combinations < LEAST_COMBINATIONS:
        fail(
            read.where, f"a long paragraph needs two slots of three choices; this has {combinations} choices"
        )
    if read.optional and read.text(dict.fromkeys(read.named, 0), 0).count("```") % 2:
        fail(read.where, "leaving this paragraph out would cut a code block")
    return read


def paragraph(where: str, source: str) -> Paragraph:
    """Read the slots and escapes of *source*; {?} before it makes it optional.

    Raises:
        ValueError: a slot is nested, not closed, or has a single choice.
    """
    optional = source.startswith("{?}")
    parts = _SLOT.split(_sheltered(source.removeprefix("{?}").lstrip() if optional else source))
    pieces = tuple(_slot(where, part) if at % 2 else _bared(part) for at, part in enumerate(parts))
    if any(brace in outside for outside in parts[::2] for brace in "{}"):
        fail(where, "a slot is nested or not closed; a literal brace is written \\{ or \\}")
    return Paragraph(where, optional, pieces)


def _slot(where: str, inside: str) -> Slot:
    choices = tuple(map(_bared, inside.split("|")))
    if len(choices) == 1:
        fail(where, f"a slot needs more than one choice; a literal brace is written \\{{{choices[0]}\\}}")
    named = _NAME.fullmatch(choices[0])
    return Slot(named[1], (named[2], *choices[1:])) if named else Slot("", choices)


def _sheltered(source: str) -> str:
    for written, shelter, _ in _ESCAPES:
        source = source.replace(written, shelter)
    return source


def _bared(text: str) -> str:
    for _, shelter, bare in _ESCAPES:
        text = text.replace(shelter, bare)
    return text
