"""What it costs to compare two revisions of 100 KB: prose as people edit it, and texts made to be slow."""

from __future__ import annotations

import random
import time
from typing import Final

from iocop.core.text import diff

SIZE: Final = 100_000  # characters
_WORDS: Final = [
    "the",
    "a",
    "of",
    "is",
    "with",
    "valve",
    "pump",
    "flow",
    *(f"word{number}" for number in range(800)),
]


def prose(seed: int, paragraph: int = 80) -> str:
    """Return made-up paragraphs of about so many words, 100 KB together."""
    chance = random.Random(seed)
    found: list[str] = []
    while sum(map(len, found)) < SIZE:
        words = [chance.choice(_WORDS) for _ in range(chance.randint(paragraph // 2, paragraph * 3 // 2))]
        found.append(" ".join(words).capitalize() + ".")
    return "\n\n".join(found)


def edited(text: str, share: float, seed: int = 1) -> str:
    """Return the text with a share of its words, from 0 to 1, replaced by others."""
    chance = random.Random(seed)
    return " ".join(chance.choice(_WORDS) if chance.random() < share else word for word in text.split(" "))


def edits() -> dict[str, tuple[str, str]]:
    """Return pairs of texts as people leave them."""
    text = prose(7)
    paragraphs = text.split("\n\n")
    one = text.replace("\n\n", " ")
    return {
        "2 % of the words": (text, edited(text, 0.02)), "20 % of the words": (text, edited(text, 0.2)),
        "every word": (text, prose(8)), "paragraphs moved": (text, "\n\n".join(paragraphs[40:] + paragraphs[:40])),
        "a paragraph in between": (text, "\n\n".join([*paragraphs[:50], "New.", *edited(text, 0.1).split("\n\n")[50:]])),
        "one paragraph of 100 KB": (one, edited(one, 0.05)),
    }  # fmt: skip


def hostile() -> dict[str, tuple[str, str]]:
    """Return pairs of texts that are hard to compare."""
    chance = random.Random(3)
    few = ["\n".join(chance.choice(_WORDS[:50]) for _ in range(17_000)) for _ in range(2)]
    letters = [" ".join(chance.choice("ab") for _ in range(SIZE // 2)) for _ in range(2)]
    return {
        "lines of one letter": ("a\n" * (SIZE // 2), "a\nb\n" * (SIZE // 4)), "empty lines": ("\n" * SIZE, "\n" * 60_000),
        "two letters": (letters[0], letters[1]), "few lines again and again": (few[0], few[1]),
        "lines backwards": ("\n".join(map(str, range(17_000))), "\n".join(map(str, range(17_000, 0, -1)))),
        "marks": ("." * SIZE, ".," * (SIZE // 2)), "fences": ("```\n" * (SIZE // 4), "```\nx\n" * (SIZE // 6)),
        "a word between new ones": (_between("u"), _between("v")),
    }  # fmt: skip


def _between(letter: str) -> str:
    """Return lines in which one word stands again and again between words that no other line has."""
    lines = (" ".join(f"a {letter}{line}x{word}" for word in range(100)) for line in range(120))
    return "\n".join(lines)


def main() -> None:
    for name, (old, new) in (edits() | hostile()).items():
        for compare in (diff.word_diff, diff.rows):
            started = time.process_time()
            compare(old, new)
            print(f"{name:28} {compare.__name__:10} {(time.process_time() - started) * 1000:7.0f} ms")  # noqa: T201


if __name__ == "__main__":
    main()
