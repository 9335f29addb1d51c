"""From opened papers to the documents of a result, to the byte (docs/ballot-protocol.md, section 6). Pure."""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, cast

from iocop.elections.counting import blt, lots, questions, rules, scottish, telling
from iocop.elections.counting.capping import Cap, usual_most
from iocop.elections.counting.papers import Paper, Profile
from iocop.elections.counting.questions import Answers
from iocop.elections.sealing.canonical import dumps
from iocop.elections.sealing.freezing import ANSWERS
from iocop.elections.sealing.opening import SUPERSEDED, table
from iocop.elections.sealing.plaintexts import BLANK, COUNTED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iocop.elections.counting.outcome import Outcome
    from iocop.elections.sealing.freezing import Freeze
    from iocop.elections.sealing.opening import Opened

FORMAT = "iocop-result-1"
COUNTING = {COUNTED, BLANK}
_ANSWER = ("blank", "yes", "no", "abstain")


@dataclass(frozen=True, slots=True)
class Tally:
    """What an election's papers come to.

    Attributes:
        profile: the papers as the counter takes them; of answers, who was asked about, and no papers.
        outcome: the count.
        lot: candidate numbers, the favoured first.
        documents: name to bytes: opened.csv, election.blt or answers.csv, result.json.
    """

    profile: Profile
    outcome: Outcome
    lot: tuple[int, ...]
    documents: dict[str, bytes]


def tally(
    freeze: Freeze, opened: Sequence[Opened], seed: bytes, sealed_hash: bytes, server_sealed: int = 0
) -> Tally:
    """Count an election.

    Args:
        opened: what was found in every ballot, sorted by hash.
        seed: of the lot, as the officers' keys gave it.
        sealed_hash: H of sealed.json.
        server_sealed: how many ballots the server sealed.
    """
    lot = lot_of(freeze, seed)
    papers = [row.marks for row in opened if row.state in COUNTING]
    profile = profile_of(freeze, papers)
    outcome = outcome_of(freeze, papers, profile, lot)
    told = telling.as_json(profile, outcome, lot)
    states = Counter(row.state.split(":")[0] for row in opened)
    result = {
        "format": FORMAT,
        "freeze": freeze.hash.hex(),
        "sealed": sealed_hash.hex(),
        "lot": list(lot),
        COUNTED: states[COUNTED],
        BLANK: states[BLANK],
        "spoilt": states["spoilt"],
        SUPERSEDED: states[SUPERSEDED],
        "server_sealed": server_sealed,
        "count": told,
    }
    return Tally(
        profile, outcome, lot,
        {"opened.csv": table(opened), **_papers(freeze, papers, profile), "result.json": dumps(texts(result))},
    )  # fmt: skip


def lot_of(freeze: Freeze, seed: bytes) -> tuple[int, ...]:
    """Return the candidates' numbers in the order of the lot, the favoured first."""
    key = lots.lot_key(seed, [officer.nonce for officer in freeze.officers])
    drawn = sorted(freeze.candidates, key=lambda one: hmac.digest(key, one.id.encode(), hashlib.sha256))
    return tuple(candidate.number for candidate in drawn)


def profile_of(freeze: Freeze, papers: Sequence[Sequence[int]]) -> Profile:
    """Return the papers as the counter takes them, equal ones together, sorted by their text in a ballot file."""
    counted = Counter(map(tuple, papers)) if freeze.ballot_kind != ANSWERS else Counter[tuple[int, ...]]()
    same = Counter[tuple[tuple[int, ...], ...]]()
    for marks, count in counted.items():
        same[_ranks(marks)] += count
    return Profile(
        seats=cast("int", freeze.rules["seats"]),
        candidates=tuple(candidate.name for candidate in freeze.candidates),
        papers=tuple(Paper(ranks, same[ranks]) for ranks in sorted(same, key=_text)),
        title=freeze.title,
    )


def _ranks(marks: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    """Return who stands at each rank, from 1 to the highest given; of marks there is one rank."""
    at: list[list[int]] = [[] for _ in range(max(marks, default=0))]
    for number, mark in enumerate(marks, 1):
        if mark:
            at[mark - 1].append(number)
    return tuple(map(tuple, at))


def _text(ranks: tuple[tuple[int, ...], ...]) -> str:
    return " ".join("=".join(map(str, rank)) or "-" for rank in ranks)


def outcome_of(
    freeze: Freeze, papers: Sequence[Sequence[int]], profile: Profile, lot: Sequence[int]
) -> Outcome:
    """Count by the frozen rules."""
    name = str(freeze.rules["rule"])
    if freeze.ballot_kind == ANSWERS:
        return _answered(freeze, papers, lot)
    if name == "scottish":
        return scottish.count(profile, lot, cap_of(freeze))
    return rules.counter(name)(profile, lot)


def cap_of(freeze: Freeze) -> Cap | None:
    """Return the organization cap as the freeze has it, staying directors counted; None without one."""
    if not freeze.rules.get("cap"):
        return None
    groups = {one.number: one.group for one in freeze.candidates if one.group is not None}
    return Cap(groups, usual_most(cast("int", freeze.rules["board_size"])), dict(freeze.staying.items()))


def answers_of(freeze: Freeze, papers: Sequence[Sequence[int]]) -> dict[int, Answers]:
    """Return how each question was answered, by candidate number."""
    said = {}
    for place, candidate in enumerate(freeze.candidates):
        counts = Counter(_ANSWER[marks[place]] for marks in papers)
        said[candidate.number] = Answers(**{answer: counts[answer] for answer in _ANSWER})
    return said


def _answered(freeze: Freeze, papers: Sequence[Sequence[int]], lot: Sequence[int]) -> Outcome:
    said = answers_of(freeze, papers)
    threshold = Fraction(*cast("Sequence[int]", freeze.rules["threshold"]))
    more_than = bool(freeze.rules["more_than"])
    if freeze.rules["rule"] == "motion":
        quorum = Fraction(*cast("Sequence[int]", freeze.rules["quorum"]))
        return questions.motion(
            said[1], freeze.roll_size, threshold=threshold, more_than=more_than, quorum=quorum
        )
    seats = cast("int", freeze.rules["seats"])
    return questions.affirmation(said, seats, threshold, more_than=more_than, lot=lot)


def _papers(freeze: Freeze, papers: Sequence[Sequence[int]], profile: Profile) -> dict[str, bytes]:
    if freeze.ballot_kind != ANSWERS:
        return {"election.blt": blt.write(profile).encode()}
    rows = [
        f"{number},{said.yes},{said.no},{said.abstain},{said.blank}\n"
        for number, said in answers_of(freeze, papers).items()
    ]
    return {"answers.csv": ("candidate,yes,no,abstain,blank\n" + "".join(rows)).encode()}


def texts(thing: Any) -> Any:
    """Make every key a text, as canonical JSON wants it."""
    if isinstance(thing, dict):
        return {str(key): texts(value) for key, value in thing.items()}
    return [texts(one) for one in thing] if isinstance(thing, list | tuple) else thing
