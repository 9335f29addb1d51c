"""The front page, the directory, and how this community works."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types

from iocop.contributions.languages import LANGUAGES
from iocop.core.cache import guest_page
from iocop.core.errors import Conflict, Invalid
from iocop.core.frame import kept_parts
from iocop.core.login import public, viewer
from iocop.core.pages import Page, asked_page
from iocop.core.slots import fill
from iocop.domains.queries import all_domains, domains_of, open_domains
from iocop.domains.services import choose_domains
from iocop.forums.queries.listing import Listed, Wanted, topics, topics_by_domain, unread
from iocop.home import queries, services
from iocop.home.forms import DomainsForm, WelcomeForm
from iocop.members.numbers import shown
from iocop.members.photos import photo_address
from iocop.organizations.queries.cards import cards
from iocop.roles.queries import holders
from iocop.spaces.queries import scope_of

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

home = Blueprint("home", __name__)

ANSWERED = "push_answered"
"""In the browser's own session alone: whether the question about the employer was answered, not how."""


@home.get("/")
@public
@guest_page("topics")
def front() -> ResponseReturnValue:
    looking = viewer()
    if not looking.is_authenticated:
        return render_template(
            "home/guest.html", numbers=queries.numbers(), solved=queries.latest_solved(looking),
            domains=open_domains(), counts=topics_by_domain(looking), notice=fill("guest_notice", [0]).get(0, ""),
        )  # fmt: skip
    page, news = topics(looking, Wanted(), 1, 10), queries.followed_with_news(looking)
    fresh = unread(looking, page)
    versions = (looking.topics_version, looking.people_version, looking.site_version)
    key = ("front", looking.id, versions, scope_of(looking), tuple(news), fresh)
    parts = kept_parts(("main", "aside"), key, lambda part: _part(part, page, news, fresh))
    notice = fill("member_notice", [looking.id]).get(looking.id, "")
    return render_template("home/member.html", parts=parts, notice=notice)


def _part(part: str, page: Page[Listed], news: list[queries.Waiting], fresh: frozenset[int]) -> str:
    domains = {row.id: row for row in all_domains()}
    return render_template(
        f"home/_member_{part}.html", page=page, news=news, unread=fresh, domains=domains,
        waiting=queries.unanswered_in_own_domains(viewer()) if part == "main" else [],
    )  # fmt: skip


@home.get("/members")
def directory() -> ResponseReturnValue:
    sought = queries.Sought(
        words=_asked("q", 80),
        domain_id=_number(request.args.get("domain")),
        organization_id=_number(request.args.get("organization")),
        country=_asked("country", 2),
        language=_asked("language", 8),
    )
    page = queries.directory(sought, asked_page())
    chips = fill("member_chip", [row.member_id for row in page.rows], domain_id=sought.domain_id)
    return render_template(
        "home/directory.html", page=page, chips=chips, sought=sought, shown=shown, domains=open_domains(),
        organizations=queries.chosen_organizations(), countries=queries.countries(), languages=LANGUAGES,
        photo_address=photo_address,
    )  # fmt: skip


def _asked(name: str, longest: int) -> str:
    return request.args.get(name, "")[:longest]


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 18 else None


@home.get("/how")
@public
@guest_page("topics")
def how() -> ResponseReturnValue:
    """Who decides what, on one screen, grouped by the facets of the Learning Mix."""
    offices = {role: holders(role) for role in ("board_member", "moderator", "curator", "administrator")}
    people = cards({member for members in offices.values() for member in members})
    return render_template("home/how.html", offices=offices, people=people, shown=shown)


@home.route("/welcome", methods=["GET", "POST"])
def welcome() -> ResponseReturnValue:
    actor, form = viewer(), WelcomeForm()
    form.domains.choices = [SelectChoice(domain.id, domain.name) for domain in open_domains()]
    if ANSWERED in session:
        del form.pushed
    if request.method == "GET":
        form.domains.data = domains_of(actor.id)
    if form.validate_on_submit():
        try:
            _settle_in(form)
        except (Invalid, Conflict) as error:
            form.organization.errors = [*form.organization.errors, str(error)]
        else:
            flash(_("Welcome. Everything here is open to you: ask, answer, look around."))
            return redirect(url_for("home.front"), 303)
    return render_template("home/welcome.html", form=form), 422 if form.errors else 200


@home.route("/settings/domains", methods=["GET", "POST"])
def my_domains() -> ResponseReturnValue:
    actor, form = viewer(), DomainsForm()
    form.domains.choices = [SelectChoice(domain.id, domain.name) for domain in open_domains()]
    if request.method == "GET":
        form.domains.data = domains_of(actor.id)
    if form.validate_on_submit():
        choose_domains(actor, form.domains.data or [])
        flash(_("Your domains are saved."))
        return redirect(url_for("home.my_domains"), 303)
    return render_template("home/my_domains.html", form=form), 422 if form.errors else 200


def _settle_in(form: WelcomeForm) -> None:
    pushed = form.pushed.data if form.pushed else ""
    services.settle_in(
        viewer(), employer=form.organization.data or "", kind=form.type.data, title=form.title.data or "",
        domain_ids=form.domains.data or [], pushed={"yes": True, "no": False}.get(pushed),
    )  # fmt: skip
    if pushed:
        session[ANSWERED] = True
