"""A member's ledger as its page tells it: lines in words, ladders with what the next level needs, files to take away."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from flask_babel import gettext as _

from iocop.contributions.addresses import address
from iocop.core import clock
from iocop.reputation import wording
from iocop.reputation.fading import standing
from iocop.reputation.ladder import STEWARD, TOP, UNSOLD, Evidence, lacking
from iocop.reputation.rules import POINT, RULES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from iocop.domains.queries import DomainRow

COLUMNS: Final = (
    "at", "domain", "kind", "rule", "rule_version", "base_points", "points", "settled_points", "waiting_points",
    "why", "because", "title", "address",
)  # fmt: skip


class Line(NamedTuple):
    """One event of the ledger.

    Attributes:
        why: what made its amount differ from the base, a clause each.
        because: of a line that undoes another, or gives back: why.
        settled: milli-points; of what was undone, and of what undid it, nothing.
        waiting: milli-points that wait until others agree.
        undone: whether a later line undoes it.
        interest: whether it was weighed as of somebody with a declared interest.
        title: of the topic or article; empty where the member may no longer read it.
    """

    at: datetime
    domain: str
    rule: str
    rule_version: int
    base: int
    amount: int
    settled: int
    waiting: int
    why: Sequence[str]
    because: str
    undone: bool
    interest: bool
    title: str
    address: str


def line(row: Any, domains: Mapping[int, DomainRow]) -> Line:
    """Return an event of `queries.standing.entries` in words."""
    live = (
        not row.undone and row.amount_mp * row.base_mp > 0
    )  # what undoes a row has its base, and the other sign
    settled = int(row.settled) if live else 0
    domain = domains.get(row.domain_id)
    return Line(
        row.at, domain.name if domain else "", row.rule, row.rule_version, row.base_mp, row.amount_mp, settled,
        max(0, row.amount_mp - settled) if live else 0,
        [] if row.reverses_id else wording.reasons(row.factors, row.amount_mp),
        str(wording.BECAUSE.get(row.because, row.because)), row.undone,
        row.factors.get("org") == "interest", row.title if row.readable else "",
        address(row.source_id) if row.readable and row.state != "removed" else "",
    )  # fmt: skip


class Rise(NamedTuple):
    """Where a member stands in one domain, and what the next level needs.

    Attributes:
        level: 0 to 5.
        standing: what is left today of the points, in milli-points.
        emeritus: the highest level held before, where it was higher; else 0.
        following: the next level by evidence; None for who stands on the highest.
        needs: what it lacks, a clause each.
        review_id: of the last look of two people at the member's way to level 3.
        review_state: what came of it; empty where there was none.
        sold: what an organization of the member sells there, where that closes the next level; else empty.
    """

    domain: DomainRow
    level: int
    since: datetime | None
    settled: int
    waiting: int
    standing: int
    organizations: int
    accepted: int
    contested: int
    participation: int
    emeritus: int
    noticed_at: datetime | None
    following: int | None
    needs: Sequence[str]
    review_id: int | None = None
    review_state: str = ""
    sold: str = ""


def rises(
    ladders: Iterable[Any],
    buckets: Mapping[int, Mapping[date, int]],
    domains: Mapping[int, DomainRow],
    sold: Mapping[int, str],
) -> list[Rise]:
    """Return where a member stands in each domain of `queries.standing.ladders`.

    Args:
        sold: what their organizations sell, by the domains that are about it.
    """
    return [
        _rise(row, buckets.get(row.domain_id, {}), domains[row.domain_id], sold.get(row.domain_id, ""))
        for row in ladders
        if row.domain_id in domains
    ]


def _rise(row: Any, buckets: Mapping[date, int], domain: DomainRow, sold: str) -> Rise:
    now = standing(buckets, clock.now().date())
    climbed = row.level or 0
    following = climbed + 1 if climbed < TOP else None
    evidence = Evidence(now, row.organizations, row.accepted, row.contested)
    needs = wording.needs_words(lacking(evidence, following, row.active_organizations)) if following else []
    return Rise(
        domain, STEWARD if row.steward else climbed, row.since, row.settled_mp, row.earned_mp - row.settled_mp, now,
        row.organizations, row.accepted, row.contested, row.participation,
        row.highest if row.highest and row.highest > climbed else 0, row.noticed_at, following, needs,
        row.review_id, row.review_state or "", sold if climbed == UNSOLD - 1 or row.noticed_at else "",
    )  # fmt: skip


def plain(found: Line) -> dict[str, Any]:
    """Return a line as files hold it; points are exact."""
    return {
        "at": found.at.isoformat(), "domain": found.domain, "kind": RULES[found.rule].kind, "rule": found.rule,
        "rule_version": found.rule_version, "base_points": found.base / POINT, "points": found.amount / POINT,
        "settled_points": found.settled / POINT, "waiting_points": found.waiting / POINT, "why": list(found.why),
        "because": found.because, "title": found.title, "address": found.address,
    }  # fmt: skip


def as_csv(lines: Iterable[Line]) -> str:
    """Return lines as a table that spreadsheets open; a title that begins like a formula stays a title."""
    written = io.StringIO()
    table = csv.DictWriter(written, COLUMNS)
    table.writeheader()
    for found in lines:
        row = plain(found)
        table.writerow(row | {"why": "; ".join(found.why), "title": _no_formula(found.title)})
    return written.getvalue()


def _no_formula(text: str) -> str:
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def what(found: Line) -> str:
    """Return what an event was."""
    return str(RULES[found.rule].words) if found.rule in RULES else _("an earlier rule")
