"""Why a member has so many points: the own page, and the same rows to take away."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from flask import Response, jsonify, make_response, render_template, request
from flask_babel import lazy_gettext as _l

from iocop.core import clock
from iocop.core.errors import Missing
from iocop.core.login import viewer
from iocop.core.pages import Page, asked_page
from iocop.domains.queries import all_domains
from iocop.reputation import selecting, telling, wording
from iocop.reputation.ladder import UNSOLD
from iocop.reputation.plot import plot
from iocop.reputation.queries import standing as queries
from iocop.reputation.queries.levels import Place
from iocop.reputation.queries.vendors import sold_at
from iocop.reputation.rules import KINDS, RULES
from iocop.reputation.selecting import Part, Wanted
from iocop.reputation.settling import caps
from iocop.reputation.views import reputation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from flask.typing import ResponseReturnValue

    from iocop.domains.queries import DomainRow
    from iocop.reputation.remedy import Remedy

MANY: Final = 1_000
"""Taken for the number of active organizations and people while they were never counted: shares are not widened."""


@dataclass(frozen=True)
class _Own:
    """What the page is made of, read once."""

    ladders: Sequence[Any]
    parts: Sequence[Part]
    days: Sequence[Any]
    wanted: Wanted
    domains: Mapping[int, DomainRow]

    @cached_property
    def chosen(self) -> list[Part]:
        return [part for part in self.parts if self.wanted.takes(part)]

    @property
    def remedies(self) -> dict[int, Remedy]:
        one = self.ladders[0]
        return selecting.waiting_in(
            self.parts, caps(one.active_organizations or MANY, one.active_people or MANY)
        )

    @property
    def buckets(self) -> dict[int, dict[date, int]]:
        found: defaultdict[int, dict[date, int]] = defaultdict(dict)
        for row in self.days:
            found[row.domain_id][row.day] = row.settled_mp
        return found

    @property
    def drawn(self) -> list[tuple[date, int]]:
        """What settled by day, in the chosen domain where there is one."""
        return [
            (row.day, row.settled_mp) for row in self.days if self.wanted.domain_id in {None, row.domain_id}
        ]


@reputation.get("/standing")
def standing() -> ResponseReturnValue:
    own, number = _own(), asked_page()
    total = selecting.summed(own.chosen)
    rows = queries.entries(viewer().id, own.wanted, number)
    if number > 1 and not rows:
        raise Missing(_l("There is no such page."))
    one = own.ladders[0]
    shares = caps(one.active_organizations or MANY, one.active_people or MANY)
    return render_template(
        "reputation/standing.html", own=own, whole=selecting.summed(own.parts), chosen=total, words=wording,
        rises=telling.rises(own.ladders if one.domain_id else (), own.buckets, own.domains, _sold(own)),
        remedies=own.remedies, shares=shares, plot=plot(own.drawn, clock.now().date()), deeds=one,
        by_domain=selecting.by_domain(own.chosen), by_kind=selecting.by_kind(own.chosen),
        by_organization=selecting.by_organization(own.parts, own.wanted), what=telling.what,
        page=Page([telling.line(row, own.domains) for row in rows], number, queries.ROWS_A_PAGE, total.rows),
        choices=_choices(own), rules=RULES,
    )  # fmt: skip


def _sold(own: _Own) -> dict[int, str]:
    """Return what closes the next level, by domain; nothing is asked of who has not come so far."""
    places = [Place(viewer().id, row.domain_id) for row in own.ladders if (row.level or 0) >= UNSOLD - 1]
    return {place.domain_id: product for place, product in sold_at(places).items()} if places else {}


def _own() -> _Own:
    member_id, domains = viewer().id, {row.id: row for row in all_domains()}
    return _Own(
        queries.ladders(member_id),
        selecting.parts_of(queries.tally(member_id)),
        queries.days(member_id),
        _wanted(domains),
        domains,
    )


def _wanted(domains: Mapping[int, DomainRow]) -> Wanted:
    """Return what the address narrows the page to; what it cannot mean narrows nothing."""
    asked = request.args
    kind, rule, year = asked.get("kind", ""), asked.get("rule", ""), asked.get("year", "")
    return Wanted(
        next((row.id for row in domains.values() if row.slug == asked.get("domain")), None),
        kind if kind in KINDS else None,
        rule if rule in RULES else None,
        int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None,
    )


def _choices(own: _Own) -> dict[str, list[tuple[str, Any]]]:
    """Return what the page can be narrowed to: what stands in the ledger."""
    domains = {part.tally.domain_id for part in own.parts}
    rules = RULES.keys() & {part.tally.rule for part in own.parts}
    kinds = {RULES[rule].kind for rule in rules}
    return {
        "domain": [(row.slug, row.name) for row in own.domains.values() if row.id in domains],
        "kind": [(kind, wording.KINDS[kind]) for kind in KINDS if kind in kinds],
        "rule": [(rule, RULES[rule].words) for rule in RULES if rule in rules],
        "year": [
            (str(year), str(year)) for year in sorted({part.tally.year for part in own.parts}, reverse=True)
        ],
    }


@reputation.get("/standing/ledger.csv")
def standing_csv() -> ResponseReturnValue:
    answer = make_response(telling.as_csv(_lines()))
    answer.mimetype = "text/csv"
    return _to_keep(answer, "csv")


@reputation.get("/standing/ledger.json")
def standing_json() -> ResponseReturnValue:
    return _to_keep(jsonify([telling.plain(found) for found in _lines()]), "json")


def _lines() -> list[telling.Line]:
    domains = {row.id: row for row in all_domains()}
    return [telling.line(row, domains) for row in queries.entries(viewer().id, _wanted(domains))]


def _to_keep(answer: Response, kind: str) -> Response:
    answer.headers["Content-Disposition"] = f'attachment; filename="iocop-standing.{kind}"'
    return answer
