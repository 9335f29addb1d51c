"""How fresh the repertoire is, and how quickly it renews itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext

from iocop.core import clock
from iocop.core.cache import fragments, guest_page
from iocop.core.login import public, viewer
from iocop.core.versions import versions
from iocop.domains.queries import all_domains
from iocop.repertoire.curve import curve
from iocop.repertoire.kinds import KINDS
from iocop.repertoire.queries.engagement import engagement
from iocop.repertoire.queries.freshness import NOTHING, articles, figures
from iocop.repertoire.renewal import DAYS_A_MONTH, FEWEST
from iocop.repertoire.views import repertoire
from iocop.repertoire.wording import SEALS
from iocop.spaces.queries import scope_of

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@repertoire.get("/repertoire/freshness")
@public
@guest_page("repertoire")
def freshness() -> ResponseReturnValue:
    """Show the figures of the whole repertoire, or of one domain."""
    domains = {row.id: row for row in all_domains()}
    chosen = next((row.id for row in domains.values() if row.slug == request.args.get("domain")), None)
    looking = viewer()
    key = ("freshness", versions("repertoire"), clock.now().date(), scope_of(looking))
    every, together = fragments().remember(key, lambda: (figures(looking), engagement(looking)))
    found = every.get(chosen, NOTHING)
    by_domain = [(row, every.get(row.id, NOTHING)) for row in domains.values() if not row.retired]
    last = max((step.days for step in found.steps), default=0.0)
    drawn = curve(found.steps, last * 1.1, found.median) if found.steps else None
    return render_template(
        "repertoire/freshness.html", found=found, by_domain=[] if chosen else by_domain,
        together=together, curve=drawn, domains=domains,
        chosen=domains[chosen] if chosen is not None else None, months=months_words, few=FEWEST, kinds=KINDS,
        seals=SEALS, page=articles(looking, "stale", chosen, 1), percent=lambda share: round(100 * share),
        month=DAYS_A_MONTH,
        choices=[("", _("All")), *((row.slug, row.name) for row in domains.values() if not row.retired)],
    )  # fmt: skip


def months_words(days: float) -> str:
    """Say how long something is, in months; in days below two."""
    if days < 2 * DAYS_A_MONTH:
        return str(ngettext("%(num)s day", "%(num)s days", round(days)))
    return str(ngettext("%(num)s month", "%(num)s months", round(days / DAYS_A_MONTH)))
