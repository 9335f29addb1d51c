"""Ballot files (BLT): read into a `Profile`, with a line and a reason where that cannot be; written back.

Source:
    Hill, Wichmann, Woodall, Algorithm 123 (The Computer Journal 30, 1987), with OpaVote's additions: ``2=3`` for a
    shared rank, ``-`` for a gap, ``#`` before a remark, a ballot's name in parentheses before it. A line holds one
    ballot. Names stand in quotes, or alone on their line, as in the Scottish data.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NoReturn

from iocop.core.words import N_, Phrase
from iocop.elections.counting.papers import Paper, Profile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    Ranks = tuple[tuple[int, ...], ...]

LONGEST_NUMBER = 12  # digits; no election has more papers
BALLOT_NAME = re.compile(r"\s*\([^)]*\)")
QUOTED = re.compile(r'"(.*?)"\s*(?:#.*)?')


class BltError(ValueError):
    """A file that cannot be read as ballots.

    Attributes:
        line: counted from 1; the last one where something is missing at the end.
        reason: what is wrong and how it should be, to be translated.
    """

    def __init__(self, line: int, reason: Phrase) -> None:
        super().__init__(line, reason)
        self.line = line
        self.reason = reason

    def said(self, translate: Callable[[str], str] = str) -> str:
        return f"{N_('line %(line)s', line=self.line).said(translate)}: {self.reason.said(translate)}"

    def __str__(self) -> str:
        return self.said()


def read(data: bytes) -> Profile:
    """Read a ballot file; lines that say the same become one `Paper`.

    Raises:
        BltError: not UTF-8, or anything that is no ballot file.
    """
    lines = _Lines(_decoded(data))
    count, seats = _head(lines)
    ballots = _Ballots(count)
    for line in lines:
        if line == "0":
            break
        ballots.take(lines.number, line)
    else:
        lines.fail(N_("The line with a single 0 that ends the ballots is missing."))
    names = _names(lines, count)
    return Profile(seats, tuple(names[:-1]), ballots.papers(), frozenset(ballots.withdrawn), names[-1])


def write(profile: Profile) -> str:
    """Return the profile as a ballot file that `read` understands, with quoted names."""
    lines = [f"{len(profile.candidates)} {profile.seats}"]
    if profile.withdrawn:
        lines.append(" ".join(f"-{number}" for number in sorted(profile.withdrawn)))
    lines += [_ballot(paper) for paper in profile.papers]
    lines.append("0")
    lines += [_in_quotes(name) for name in (*profile.candidates, profile.title)]
    return "\n".join(lines) + "\n"


def _ballot(paper: Paper) -> str:
    ranks = ["=".join(map(str, rank)) or "-" for rank in paper.ranks]
    return " ".join([str(paper.count), *ranks, "0"])


def _in_quotes(name: str) -> str:
    plain = " ".join(name.splitlines())
    unmistakable = re.sub(r'"(?=\s*#)', "'", plain)  # a quote before # would end the name
    return f'"{unmistakable}"'


def _decoded(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BltError(line, N_("This is not UTF-8. Save the file as UTF-8 text.")) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _without_remark(line: str) -> str:
    """Cut off a remark; a ``#`` in the ballot's name, as in ``(#17)``, begins none."""
    name = BALLOT_NAME.match(line)
    at = line.find("#", name.end() if name else 0)
    return line if at < 0 else line[:at]


class _Lines:
    """The lines that say something, one after the other, without remarks until the names begin."""

    def __init__(self, text: str) -> None:
        self._all = text.split("\n")
        self.number = 0
        self.with_remarks = True
        while len(self._all) > 1 and not self._all[-1].strip():
            self._all.pop()

    def __len__(self) -> int:
        return len(self._all)

    def __iter__(self) -> Iterator[str]:
        for at in range(self.number, len(self._all)):
            line = self._all[at]
            if self.with_remarks and "#" in line:
                line = _without_remark(line)
            if said := line.strip():
                self.number = at + 1
                yield said
        self.number = len(self._all)

    def fail(self, reason: Phrase) -> NoReturn:
        raise BltError(self.number, reason)


def _head(lines: _Lines) -> tuple[int, int]:
    first = next(iter(lines), None)
    if first is None:
        lines.number = 1
        lines.fail(N_("The file is empty."))
    words = first.split()
    if len(words) != 2 or not all(map(_is_number, words)):
        lines.fail(N_("The first line names the number of candidates and of seats, for example: 5 2"))
    count, seats = map(int, words)
    if count < 1 or seats < 1:
        lines.fail(N_("There is at least 1 candidate and 1 seat."))
    if count >= len(lines):
        lines.fail(N_("%(count)s candidates are announced, but not as many lines follow.", count=count))
    return count, seats


def _names(lines: _Lines, count: int) -> list[str]:
    """Return the candidates' names, and the title after them."""
    lines.with_remarks = False
    names: list[str] = []
    for line in lines:
        if line.startswith("#"):
            continue
        if len(names) > count:
            lines.fail(N_("After %(count)s names and the title nothing more may follow.", count=count))
        names.append(_name(lines, line))
    if len(names) <= count:
        lines.fail(
            N_("%(count)s names and a title belong after the ballots; %(found)s are there.",
               count=count, found=len(names)),
        )  # fmt: skip
    return names


def _name(lines: _Lines, line: str) -> str:
    if not line.startswith('"'):
        return line
    found = QUOTED.fullmatch(line)
    if found is None:
        lines.fail(N_("A name that begins with a quote ends with one."))
    return found[1]


def _is_number(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) <= LONGEST_NUMBER


class _Ballots:
    """The ballots read so far, by what stands after their weight."""

    def __init__(self, candidates: int) -> None:
        self.withdrawn: set[int] = set()
        self._candidates = candidates
        self._single = {str(number): (number,) for number in range(1, candidates + 1)}
        self._ranks: list[Ranks] = []
        self._weights: dict[str, int] = {}  # as many, in the same order
        self._worth: dict[str, int] = {}  # of the words that were weights so far

    def papers(self) -> tuple[Paper, ...]:
        return tuple(map(Paper, self._ranks, self._weights.values()))

    def take(self, number: int, line: str) -> None:
        """Take one line with a ballot, or with withdrawn candidates before the first ballot."""
        if line[0] in "-(":
            line = self._without_ornament(number, line)
        if not line:
            return
        weight, _, said = line.partition(" ")
        worth = self._worth.get(weight)
        if worth is None:
            if not _is_number(weight):
                weight, said = self._odd(number, line)
            worth = self._worth[weight] = int(weight)
        known = self._weights.get(said)
        if known is None:
            self._ranks.append(self._read(number, said))
            known = 0
        self._weights[said] = known + worth

    def _without_ornament(self, number: int, line: str) -> str:
        """Return a line without its ballot's name; nothing of one that names withdrawn candidates."""
        if line[0] == "(":
            name, closed, rest = line.partition(")")
            if not closed:
                raise BltError(
                    number, N_("The ballot's name %(name)s has no closing parenthesis.", name=name)
                )
            return rest.strip() or name
        words = line.split()
        if not self._weights and all(word[0] == "-" and _is_number(word[1:]) for word in words):
            for word in words:
                self.withdrawn.add(self._candidate(number, word[1:]))
            return ""
        return line

    def _odd(self, number: int, line: str) -> tuple[str, str]:
        """Return weight and rest of a line that does not part at its first blank."""
        weight, *rest = line.split()
        if _is_number(weight):
            return weight, " ".join(rest)
        if line[0] == '"':
            raise BltError(
                number, N_("The line with a single 0 that ends the ballots is missing before the names.")
            )
        if weight[0] == "-" and _is_number(weight[1:]):
            raise BltError(number, N_("The weight %(weight)s is negative; it is 0 or more.", weight=weight))
        raise BltError(
            number, N_("%(word)s is no weight: a whole number belongs there.", word=_shown(weight))
        )

    def _read(self, number: int, said: str) -> Ranks:
        words = said.split()
        if not words or words.pop() != "0":
            raise BltError(number, N_("A ballot ends with 0."))
        try:
            ranks = tuple(map(self._single.__getitem__, words))
        except KeyError:
            return self._unusual(number, words)
        if len(set(words)) < len(words):
            self._fail_repeated(number, words)
        return ranks

    def _unusual(self, number: int, words: Sequence[str]) -> Ranks:
        """Read ranks that are shared, gaps, or wrong."""
        ranks = tuple(
            () if word == "-" else tuple(self._candidate(number, each) for each in word.split("="))
            for word in words
        )
        named = [str(each) for rank in ranks for each in rank]
        if len(set(named)) < len(named):
            self._fail_repeated(number, named)
        return ranks

    def _candidate(self, number: int, word: str) -> int:
        if not _is_number(word):
            raise BltError(number, N_("%(word)s is no candidate's number.", word=_shown(word)))
        if word.strip("0") == "":
            raise BltError(number, N_("0 ends a ballot, and stands at its end alone."))
        if int(word) > self._candidates:
            raise BltError(
                number,
                N_("There is no candidate %(word)s; the last is %(last)s.", word=word, last=self._candidates),
            )
        return int(word)

    def _fail_repeated(self, number: int, words: Sequence[str]) -> NoReturn:
        twice = next(word for at, word in enumerate(words) if word in words[:at])
        raise BltError(number, N_("Candidate %(word)s stands twice on one ballot.", word=twice))


def _shown(word: str) -> str:
    return f"“{word[:20]}”"
