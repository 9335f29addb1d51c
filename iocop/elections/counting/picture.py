"""A count as a drawing: a lane for every candidate, a column for every stage, ribbons for the votes that move. Pure.

Everything is in the drawing's own units, x from the left and y from above; a candidate's band stands on the floor of
the lane and is as high as the candidate has votes.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from iocop.elections.counting.streams import Stream, streams

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from iocop.elections.counting.outcome import Outcome, Stage

NAMES: Final = 152
"""Width of the names, which stay in sight while the rest is moved sideways."""
LEFT: Final = 4
RIGHT: Final = 128
HEAD: Final = 46
FOOT: Final = 8
BAR: Final = 8
LEAST: Final = 22
"""Height of a lane that has to hold a line of text."""
GAP: Final = 13
WIDEST: Final = 780
COLUMNS_APART: Final = (68, 150)
HUES: Final = 8
TICK: Final = 8
MOST_LANE: Final = 150


class Bar(NamedTuple):
    """How a candidate stood at the end of a stage; *changed* where it was otherwise the stage before, in whole votes."""

    x: float
    y: float
    height: float
    units: int
    stage: int
    changed: bool


class Ribbon(NamedTuple):
    """Votes on their way from one stage to the next, in the colour of whom they leave."""

    path: str
    hue: int
    stream: Stream
    stage: int


class Column(NamedTuple):
    """One stage: where it stands, its number (1 is the first), its kind and whose papers moved."""

    x: float
    number: int
    kind: str
    moved: tuple[int, ...]


@dataclass(frozen=True)
class Lane:
    """One candidate, or (None) nobody.

    Attributes:
        floor: y on which the band stands.
        bars: one a stage, as long as there is anything to show.
        stays: what stays from stage to stage, as one path.
        quota: the height of the quota, as a path; empty where the lane never came so far.
        tick: where the mark of the election belongs; None for who was not elected.
        fate: ``elected``, ``excluded``, ``sitting`` or, for those left over, ``not elected``; "" for nobody.
        decided_at: the stage of it, None for those left over; end: where the word for it belongs.
    """

    candidate: int | None
    hue: int
    floor: float
    bars: Sequence[Bar]
    stays: str
    quota: str
    fate: str
    decided_at: int | None
    end: tuple[float, float]
    tick: tuple[float, float] | None


@dataclass(frozen=True)
class Flow:
    """The whole drawing: the names at its side are `NAMES` wide and as high as it is.

    Attributes:
        quota: of the whole count, in units; quota_y: where its line ends in the first lane.
    """

    width: float
    height: float
    columns: Sequence[Column]
    lanes: Sequence[Lane]
    ribbons: Sequence[Ribbon]
    quota: int | None
    quota_y: float


class _Frame(NamedTuple):
    """What a vote and a stage measure.

    Attributes:
        tall: height of one unit; apart: distance of two columns.
    """

    tall: float
    apart: float
    floors: Mapping[int | None, float]

    def x(self, stage: int) -> float:
        return LEFT + stage * self.apart


def flow(outcome: Outcome) -> Flow | None:
    """Return how the votes went; None where a count has fewer than two stages and nothing moved.

    Elected candidates come first, in their order, then those left over, then the excluded, the last one first; what
    became nontransferable lies at the bottom.
    """
    stages = outcome.stages
    if len(stages) < 2:
        return None
    lanes = order_of(outcome)
    quotas = _quotas(outcome)
    frame, height = _frame(outcome, lanes, quotas)
    hues = {candidate: at % HUES for at, candidate in enumerate(lanes)}
    drawn = [_lane(outcome, frame, candidate, hues[candidate], quotas) for candidate in lanes]
    columns = [Column(frame.x(at), at + 1, stage.kind, stage.moved) for at, stage in enumerate(stages)]
    width = frame.x(len(stages) - 1) + BAR + RIGHT
    quota_y = frame.floors[lanes[0]] - quotas[-1] * frame.tall
    return Flow(
        width, height, columns, drawn, list(_ribbons(frame, stages, lanes, hues)), outcome.quota, quota_y
    )


def order_of(outcome: Outcome) -> list[int | None]:
    """Return everybody in the order they are shown: elected, left over, excluded (the last one first), nobody."""
    placed = [*outcome.elected, *(number for stage in outcome.stages for number in stage.elected)]
    last = outcome.stages[-1].totals
    left = sorted(set(last) - set(placed) - set(outcome.excluded), key=lambda number: (-last[number], number))
    nobody = [None] if any(stage.nontransferable for stage in outcome.stages) else []
    return [*dict.fromkeys(placed), *left, *reversed(outcome.excluded), *nobody]


def _quotas(outcome: Outcome) -> Sequence[int]:
    """Return the quota of each stage: Meek's falls."""
    given: Any = outcome.notes.get("quotas")
    return given or [outcome.quota or 0] * len(outcome.stages)


def votes(stage: Stage, candidate: int | None) -> int:
    """Return what a candidate, or nobody, has at the end of a stage, in units."""
    return stage.nontransferable if candidate is None else stage.totals[candidate]


def _frame(outcome: Outcome, lanes: Sequence[int | None], quotas: Sequence[int]) -> tuple[_Frame, float]:
    """Give every lane what it needs at its fullest, and at least a line of text."""
    stages = outcome.stages
    needs = {one: max(votes(stage, one) for stage in stages) for one in lanes}
    needs.update((one, max(needs[one], *quotas)) for one in outcome.elected)
    tall = _tall([*needs.values()])
    floors: dict[int | None, float] = {}
    y = float(HEAD)
    for one in lanes:
        y += max(LEAST, needs[one] * tall)
        floors[one] = y
        y += GAP
    least, most = COLUMNS_APART
    apart = min(most, max(least, WIDEST / (len(stages) - 1)))
    return _Frame(tall, apart, floors), y - GAP + FOOT


def _tall(needs: Sequence[int]) -> float:
    """Return the height of a unit at which all lanes together are about as high as a page is read."""
    wanted, low, high = 240 + LEAST * len(needs), 0.0, MOST_LANE / max(needs)
    for _ in range(40):
        middle = (low + high) / 2
        if sum(max(LEAST, need * middle) for need in needs) > wanted:
            high = middle
        else:
            low = middle
    return low


def _lane(outcome: Outcome, frame: _Frame, candidate: int | None, hue: int, quotas: Sequence[int]) -> Lane:
    stages, floor = outcome.stages, frame.floors[candidate]
    bars = list(_bars(frame, outcome, candidate))
    fate, decided_at = _fate(outcome, candidate)
    reaches = candidate in outcome.elected or any(
        candidate is not None and votes(stage, candidate) >= quota > 0
        for stage, quota in zip(stages, quotas, strict=True)
    )
    last = bars[-1] if bars else None
    end = (
        (last.x + BAR, floor - last.height / 2)
        if last and fate != "excluded"
        else (frame.x((decided_at or 1) - 1), floor)
    )
    won = next((bar for bar in bars if fate == "elected" and bar.stage == decided_at), None)
    return Lane(
        candidate, hue, floor, bars, _stays(floor, bars), _steps(frame, floor, quotas) if reaches else "",
        fate, decided_at, end, (won.x + BAR / 2, won.y - TICK) if won else None,
    )  # fmt: skip


def _bars(frame: _Frame, outcome: Outcome, candidate: int | None) -> Iterator[Bar]:
    before = None
    for at, stage in enumerate(outcome.stages):
        units = votes(stage, candidate)
        whole = round(units / outcome.units)
        if units:
            height = units * frame.tall
            yield Bar(frame.x(at), frame.floors[candidate] - height, height, units, at + 1, whole != before)
        before = whole


def _fate(outcome: Outcome, candidate: int | None) -> tuple[str, int | None]:
    if candidate is None:
        return "", None
    for number, stage in enumerate(outcome.stages, 1):
        if candidate in stage.elected:
            return "elected" if candidate in outcome.elected else "sitting", number
        if candidate in stage.excluded:
            return "excluded", number
    return "not elected", None


def _stays(floor: float, bars: Sequence[Bar]) -> str:
    return "".join(
        f"M{one.x + BAR:.1f} {floor:.1f}H{other.x:.1f}v{-min(one.height, other.height):.2f}H{one.x + BAR:.1f}z"
        for one, other in pairwise(bars)
        if other.stage == one.stage + 1
    )


def _steps(frame: _Frame, floor: float, quotas: Sequence[int]) -> str:
    levels = [floor - quota * frame.tall for quota in quotas]
    path = f"M{frame.x(0) - LEFT:.1f} {levels[0]:.1f}"
    for at, level in enumerate(levels[1:], 1):
        path += f"H{frame.x(at):.1f}V{level:.1f}" if level != levels[at - 1] else ""
    return f"{path}H{frame.x(len(quotas) - 1) + BAR + LEFT:.1f}"


def _ribbons(
    frame: _Frame, stages: Sequence[Stage], lanes: Sequence[int | None], hues: Mapping[int | None, int]
) -> Iterator[Ribbon]:
    """Let the ribbons leave from the top of a band and arrive at the top of another, in the order of the lanes."""
    place = {one: at for at, one in enumerate(lanes)}
    for at, (before, after) in enumerate(pairwise(stages)):
        moving = sorted(
            streams(before, after), key=lambda stream: (place[stream.source], place[stream.target])
        )
        leave = {one: frame.floors[one] - votes(before, one) * frame.tall for one in lanes}
        arrive = {one: frame.floors[one] - votes(after, one) * frame.tall for one in lanes}
        for stream in moving:
            thick = stream.units * frame.tall
            start, end = leave[stream.source], arrive[stream.target]
            leave[stream.source] += thick
            arrive[stream.target] += thick
            path = _bend(frame.x(at) + BAR, start, frame.x(at + 1), end, thick)
            yield Ribbon(path, hues[stream.source], stream, at + 2)


def _bend(x: float, y: float, to_x: float, to_y: float, thick: float) -> str:
    """Return a ribbon between two columns, that leaves and arrives level."""
    middle = (x + to_x) / 2
    return (
        f"M{x:.1f} {y:.1f}C{middle:.1f} {y:.1f} {middle:.1f} {to_y:.1f} {to_x:.1f} {to_y:.1f}v{thick:.2f}"
        f"C{middle:.1f} {to_y + thick:.1f} {middle:.1f} {y + thick:.1f} {x:.1f} {y + thick:.1f}z"
    )
