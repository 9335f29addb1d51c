"""Honest archives: both verifiers accept them, to the byte, online and off."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import zipfile
from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from iocop.elections import archive_verify as plain
from iocop.elections import archiving
from iocop.elections.counting import questions, rules, scottish, telling
from iocop.elections.counting.capping import Cap
from iocop.elections.counting.papers import Paper, Profile
from iocop.elections.counting.questions import Answers
from iocop.elections.verifying import verify
from tests.elections.verifying import made

if TYPE_CHECKING:
    from pathlib import Path

    from iocop.elections.counting.outcome import Outcome
    from tests.elections.verifying.conftest import Refusals

SPOILT = {"spoilt:kind", "spoilt:padding", "spoilt:value", "spoilt:sealing"}


@pytest.mark.parametrize("rule", ["scottish", "approval", "motion"])
def test_an_honest_archive_is_accepted_by_both_verifiers(rule: str, refusals: Refusals) -> None:
    one = made.election(rule)

    assert refusals(one.parts, one.mailed) == {"plain": [], "site": []}


@pytest.mark.parametrize("rule", ["scottish", "affirmation"])
def test_an_election_nobody_voted_in_is_accepted_too(rule: str, refusals: Refusals) -> None:
    one = made.election(rule, voters=0)

    assert refusals(one.parts, one.mailed) == {"plain": [], "site": []}
    assert json.loads(one.parts["result.json"])["count"]["elected"] == []


def test_the_usual_election_has_every_kind_of_ballot() -> None:
    states = Counter(
        line.split(",")[1] for line in made.usual().parts["opened.csv"].decode().split("\n")[1:-1]
    )

    assert set(states) == {"counted", "blank", "superseded", *SPOILT}
    assert json.loads(made.usual().parts["result.json"])["server_sealed"] == 1
    assert verify(made.usual().parts).numbers == {"roll": 14, "tokens": 10, "ballots": 12, "papers": 6}


def test_point_13_the_independent_verifier_gives_the_same_bytes(
    refusals: Refusals, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: dict[str, bytes] = {}
    compare, compare_text = plain.Archive.compare, plain.Archive.compare_text

    def texts(self: plain.Archive, name: str, expected: str) -> None:
        said[name] = expected.encode()
        compare_text(self, name, expected)

    def values(self: plain.Archive, expected: Any, found: Any, *where: str) -> None:
        if not where:
            said[self.file] = plain.canonical(expected)
        compare(self, expected, found, *where)

    monkeypatch.setattr(plain.Archive, "compare_text", texts)
    monkeypatch.setattr(plain.Archive, "compare", values)
    refusals(made.usual().parts)

    assert set(said) == {"heads.txt", "opened.csv", "election.blt", "result.json", "sealed.json"}
    assert {name: made.usual().parts[name] for name in said} == said


def test_any_officers_keys_give_the_same_documents(refusals: Refusals) -> None:
    one = made.usual()
    for officers in ((1, 2), (2, 3), (1, 2, 3)):
        parts = made.with_keys_of(one, officers)
        assert refusals(parts) == {"plain": [], "site": []}


def test_point_20_an_archive_opens_and_verifies_offline(tmp_path: Path) -> None:
    packed, folder = tmp_path / "archive.zip", tmp_path / "unpacked"
    packed.write_bytes(archiving.write(made.usual().parts))
    zipfile.ZipFile(packed).extractall(folder)
    kept = tmp_path / "mail.txt"
    kept.write_text(made.usual().mailed)

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", "-S", "verify.py", *words]
        return subprocess.run(command, cwd=folder, env={}, capture_output=True, text=True, check=False)

    assert run().stdout.startswith("AGREES: 14 on the roll, 10 tokens, 12 ballots, 6 papers counted.\n")
    (folder / "opened.csv").write_bytes(made.usual().parts["opened.csv"].replace(b"blank", b"counted"))
    altered = run("--heads", str(kept))
    assert altered.returncode == 1
    assert "opened.csv, line" in altered.stdout
    assert "DIFFERS" in altered.stdout
    nothing = run(str(tmp_path))
    assert nothing.returncode == 2
    assert "freeze.json is missing" in nothing.stderr


def test_an_archive_is_the_same_bytes_whoever_packs_it_in_whatever_order() -> None:
    parts = made.usual().parts

    assert archiving.write(parts) == archiving.write(dict(reversed(parts.items())))


def test_what_is_packed_is_what_is_read(tmp_path: Path) -> None:
    packed = tmp_path / "archive.zip"
    packed.write_bytes(archiving.write(made.usual().parts))

    assert archiving.read(packed) == made.usual().parts


@pytest.mark.parametrize(
    ("drop", "add", "words"),
    [("roll.json", "", "roll.json is missing."), ("", "x.txt", "x.txt does not belong to an archive."),
     ("", "answers.csv", "Either election.blt or answers.csv belongs to an archive.")],
)  # fmt: skip
def test_only_whole_archives_are_packed(drop: str, add: str, words: str) -> None:
    parts = {name: content for name, content in made.usual().parts.items() if name != drop}

    with pytest.raises(archiving.NotAnArchive, match=words):
        archiving.write({**parts, **({add: b""} if add else {})})


@pytest.mark.parametrize("rule", plain.KINDS)
def test_both_counters_tell_the_same_of_any_papers(rule: str) -> None:
    for chance in range(40):
        draw = random.Random(f"{rule} {chance}")
        candidates = 1 if rule == "motion" else draw.randint(1, 7)
        papers = [_paper(draw, plain.KINDS[rule], candidates) for _ in range(draw.choice([0, 1, 3, 8, 30]))]
        lot = draw.sample(range(1, candidates + 1), candidates)
        names = [f"N{number}" for number in range(candidates)]
        frozen = plain.Rules(
            rule, plain.KINDS[rule], draw.randint(1, 4), 0, draw.choice([None, 2, 1]),
            [draw.choice([None, 1, 2]) for _ in names], Counter({1: draw.randint(0, 1)}),
            Fraction(draw.choice(["0", "1/5", "1/2"])), Fraction(draw.choice(["1/2", "2/3"])), draw.random() < 0.5,
        )  # fmt: skip
        profile, outcome = _counted(frozen, names, papers, lot)

        expected = json.loads(json.dumps(telling.as_json(profile, outcome, lot)))
        assert json.loads(json.dumps(plain.count(frozen, names, "T", papers, lot, 40))) == expected, chance


def _paper(draw: random.Random, kind: int, candidates: int) -> bytes:
    if kind > 1 or draw.random() < 0.3:
        return bytes(draw.randint(0, (candidates, 1, 3)[kind - 1]) for _ in range(candidates))
    ranked = draw.sample(range(candidates), draw.randint(0, candidates))
    return bytes(ranked.index(at) + 1 if at in ranked else 0 for at in range(candidates))


def _counted(
    frozen: plain.Rules, names: list[str], papers: list[bytes], lot: list[int]
) -> tuple[Profile, Outcome]:
    ranked = tuple(Paper(plain.ranks_of(marks)) for marks in papers) if frozen.kind < 3 else ()
    profile = Profile(frozen.seats, tuple(names), ranked, title="T")
    given = {
        number: Answers(*([marks[number - 1] for marks in papers].count(answer) for answer in (1, 2, 3, 0)))
        for number in lot
    }
    if frozen.rule == "motion":
        return profile, questions.motion(
            given[1], 40, threshold=frozen.threshold, more_than=frozen.more_than, quorum=frozen.quorum
        )
    if frozen.rule == "affirmation":
        return profile, questions.affirmation(
            given, frozen.seats, frozen.threshold, more_than=frozen.more_than, lot=lot
        )
    if frozen.rule == "scottish" and frozen.cap is not None:
        groups = {number: group for number, group in enumerate(frozen.groups, 1) if group is not None}
        return profile, scottish.count(profile, lot, Cap(groups, frozen.cap, dict(frozen.staying)))
    return profile, rules.counter(frozen.rule)(profile, lot)


def test_a_zip_with_a_file_twice_is_no_archive(tmp_path: Path) -> None:
    packed = tmp_path / "archive.zip"
    packed.write_bytes(archiving.write(made.usual().parts))
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(packed, "a") as archive:
        archive.writestr("freeze.json", b"{}")

    with pytest.raises(archiving.NotAnArchive, match="a file stands in it twice"):
        archiving.read(packed)
    assert plain.main([str(packed)]) == 2
