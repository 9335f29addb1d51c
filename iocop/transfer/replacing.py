"""Names out of texts, roles into their place, and what the member chose instead. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from iocop.transfer.blocks import merged
from iocop.transfer.sentences import begins_sentence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from iocop.transfer.blocks import Block, Run, Runs
    from iocop.transfer.naming import Found, Names

STRUCK: Final = "[…]"
"""What stands in place of a word the member took out."""
ROLE: Final = "role"
OWN: Final = "own"
_PRIVATE: Final = re.compile(r"/(?:id|organizations|members|settings)\b")
"""Pages of this site that are about one person or organization."""


class Replaced(NamedTuple):
    """A word that was replaced wherever it stood.

    Attributes:
        usual: what stands there unless the member chooses otherwise.
        sure: it is a name, and cannot be put back.
    """

    word: str
    usual: str
    becomes: str
    times: int
    sure: bool


class _Span(NamedTuple):
    start: int
    end: int
    text: str
    mark: str


class Replacer:
    """Replaces the same words by the same roles in all texts of a pack, and remembers which.

    Take `survey` of every text first: whether a word can be put back hangs on all the places where it stands.
    """

    def __init__(self, names: Names | None, choices: Mapping[str, str], base_url: str) -> None:
        self.names, self.choices, self.base_url = names, choices, base_url
        self.replaced: dict[str, Replaced] = {}
        self.chosen: dict[str, Replaced] = {}
        self._spans: dict[str, list[Found]] = {}

    def survey(self, text: str) -> None:
        """Look for names in a text, before any is replaced."""
        for found in self._found(text):
            word = text[found.start : found.end]
            known = self.replaced.get(word)
            sure = found.sure or (known is not None and known.sure)
            times = known.times + 1 if known else 1
            becomes = self.choices.get(word, found.role)
            if sure and known is None and becomes == word:
                becomes = found.role
            self.replaced[word] = Replaced(word, found.role, becomes, times, sure)

    def block(self, block: Block) -> Block:
        """Return a block without names, its addresses whole."""
        if block.kind == "table":
            rows = tuple(tuple(self.runs(cell) for cell in row) for row in block.rows)
            return block._replace(rows=rows)
        return block._replace(runs=self.runs(block.runs))

    def runs(self, runs: Runs) -> Runs:
        """Return runs without names; a name that is part bold looks as it begins."""
        text = "".join(run.text for run in runs)
        found: list[Run] = []
        place = 0
        for span in [*self._replacements(text), _Span(len(text), len(text), "", "")]:
            found += _between(runs, place, span.start)
            if span.text:
                style = _between(runs, span.start, span.end)[0]
                found.append(style._replace(text=span.text, mark=span.mark))
            place = span.end
        return merged(run._replace(href=self.address(run.href)) for run in found)

    def address(self, href: str) -> str:
        """Return where a link leads, whole; nothing where it leads to a person or tells a name."""
        whole = f"{self.base_url}{href}" if href.startswith("/") else href
        if not self.names or not href:
            return whole
        own = whole.removeprefix(self.base_url)
        if href.startswith("mailto:") or _PRIVATE.match(own) or self.names.found(own):
            return ""
        return whole

    def _found(self, text: str) -> list[Found]:
        if self.names is None:
            return []
        if text not in self._spans:
            self._spans[text] = self.names.found(text)
        return self._spans[text]

    def _replacements(self, text: str) -> list[_Span]:
        spans = [self._by_role(text, found) for found in self._found(text)]
        for match in self._own.finditer(text) if self._own else ():
            if all(span.end <= match.start() or match.end() <= span.start for span in spans):
                spans.append(self._by_choice(match))
        return sorted(spans)

    def _by_role(self, text: str, found: Found) -> _Span:
        word = text[found.start : found.end]
        known = self.replaced[word]
        becomes = known.becomes or STRUCK
        if becomes == known.usual and begins_sentence(text, found.start):
            becomes = becomes[:1].upper() + becomes[1:]
        return _Span(found.start, found.end, becomes, "" if becomes == word else ROLE)

    def _by_choice(self, match: re.Match[str]) -> _Span:
        word = match[0]
        becomes = self.choices[word]
        known = self.chosen.get(word) or Replaced(word, word, becomes, 0, sure=False)
        self.chosen[word] = known._replace(times=known.times + 1)
        return _Span(match.start(), match.end(), becomes or STRUCK, OWN)

    @property
    def _own(self) -> re.Pattern[str] | None:
        """What the member replaced besides the names, the longest first."""
        if not hasattr(self, "_pattern"):
            words = [
                word
                for word, becomes in self.choices.items()
                if word != becomes and word not in self.replaced
            ]
            longest = sorted(words, key=len, reverse=True)
            joined = "|".join(map(re.escape, longest))
            self._pattern = re.compile(rf"(?<!\w)(?:{joined})(?!\w)") if joined else None
        return self._pattern


def _between(runs: Sequence[Run], start: int, end: int) -> list[Run]:
    """Return the runs from one place of their text to another."""
    found = []
    place = 0
    for run in runs:
        after = place + len(run.text)
        if place < end and start < after:
            found.append(run._replace(text=run.text[max(0, start - place) : end - place]))
        place = after
    return found
