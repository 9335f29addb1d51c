"""How well the rules tell what to leave out: 200 labelled sentences of our own, precision and recall by rule."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from iocop.safety.rules import Finding, Kind, Names, addresses, clients, confidential, digest, money, term
from iocop.safety.rules.words import first_words, name_words

SENTENCES = Path(__file__).with_name("sentences.txt")
MARK = re.compile(r"\{(\w+)\|([^}]+)\}")
KEY = b"k" * 32
TERMS = ("Blue Heron", "Quiet Floor", "RX 7741 B")
DIRECTORY = ("Acorn Lodge", "Oakhurst Surgical Centre", "Bellwood Hotels")
OWN = ("St Brannoc's Hospital",)
OPEN = ("Danfoss", "Vexa 300", "New York", "Madrid", "BACnet", "Modbus")


def say(*words: object) -> None:
    """Print: this test is also where the figures are read."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")


class Labelled(NamedTuple):
    """A sentence, and the places (rule, start, end) a person would leave out."""

    text: str
    marked: list[tuple[str, int, int]]


class Score(NamedTuple):
    """What a rule got right and wrong, in places."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed)


def labelled(part: str) -> list[Labelled]:
    """Return the sentences of one part of the file, their marks taken out."""
    lines = SENTENCES.read_text(encoding="utf-8").split(f"== {part}\n")[1].split("\n== ")[0].splitlines()
    return [_read(line) for line in lines if line]


def _read(line: str) -> Labelled:
    text, marked, at = "", [], 0
    for mark in MARK.finditer(line):
        text += line[at : mark.start()]
        marked.append((mark[1], len(text), len(text) + len(mark[2])))
        text, at = text + mark[2], mark.end()
    return Labelled(text + line[at:], marked)


def found_in(text: str) -> list[Finding]:
    """Return what the rules find, given what a small community would know."""
    folded = {name: name_words(name) for name in (*DIRECTORY, *OWN, *OPEN)}
    names = Names(
        own={folded[name]: "" for name in OWN},
        directory=first_words(folded[name] for name in DIRECTORY),
        open=frozenset(folded[name] for name in OPEN),
    )
    lists: dict[int, dict[Kind, set[str]]] = {1: {}}
    for each in map(term, TERMS):
        lists[1].setdefault(each.kind, set()).add(digest(KEY, 1, each))
    return [*confidential(text, KEY, lists), *clients(text, names), *money(text), *addresses(text)]


def _meets(found: Finding, mark: tuple[str, int, int]) -> bool:
    """Say whether a finding is of the mark's rule and shares words with it, or stands beside it."""
    rule, start, end = mark
    return rule == found.rule and found.start <= end + 1 and start <= found.end + 1


def scores(sentences: list[Labelled]) -> dict[str, Score]:
    """Return each rule's score: a finding is right where it meets a mark."""
    counted = {rule: [0, 0, 0] for rule in ("confidential", "client", "money", "address")}
    for text, marked in sentences:
        found = found_in(text)
        for each in found:
            right = any(_meets(each, mark) for mark in marked)
            counted[each.rule][1 - right] += 1
            if not right:
                say("  wrong: ", each.rule, each.because, repr(each.words), "in", text)
        for mark in marked:
            if not any(_meets(each, mark) for each in found):
                counted[mark[0]][2] += 1
                say("  missed:", mark[0], repr(text[mark[1] : mark[2]]), "in", text)
    return {rule: Score(*numbers) for rule, numbers in counted.items()}


@pytest.mark.parametrize("part", ["in sight", "held out"])
def test_the_rules_find_most_and_disturb_little(part: str, capsys: pytest.CaptureFixture[str]) -> None:
    sentences = labelled(part)
    with capsys.disabled():
        say(f"\n{len(sentences)} sentences {part}")
        by_rule = scores(sentences)
        for rule, score in by_rule.items():
            say(f"  {rule:12} precision {score.precision:.2f}  recall {score.recall:.2f}  {tuple(score)}")

    assert len(sentences) == 100
    for rule, score in by_rule.items():
        assert score.precision >= 0.9, rule
        assert score.recall >= 0.85, rule
