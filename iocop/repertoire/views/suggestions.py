"""One suggestion's page, and its author's one-press acts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from markupsafe import Markup

from iocop.contributions import presenting
from iocop.contributions.labels import NAMES
from iocop.contributions.presenting import author_of
from iocop.contributions.queries import own_marks
from iocop.core.cache import fragments
from iocop.core.login import public, viewer
from iocop.core.pages import Page, asked_page
from iocop.core.slots import fill
from iocop.core.text import diff
from iocop.domains.queries import all_domains
from iocop.organizations.queries.cards import cards
from iocop.repertoire import services
from iocop.repertoire.addresses import POSTS_A_PAGE, article_address, suggestion_address
from iocop.repertoire.contents import as_page, stable
from iocop.repertoire.forms import ReplyForm
from iocop.repertoire.kinds import KINDS
from iocop.repertoire.policy import may_withdraw_proposal, may_write_proposal
from iocop.repertoire.queries.current import fields_of
from iocop.repertoire.queries.drafting import overtaken
from iocop.repertoire.queries.page import discussion
from iocop.repertoire.queries.suggestion import names_of, suggestion
from iocop.repertoire.services.proposing import OF_TEXT
from iocop.repertoire.views import repertoire
from iocop.repertoire.views.discussion import posts_shown
from iocop.repertoire.views.reviewing import review_panel
from iocop.repertoire.wording import ACTS, STATUSES, VERDICTS
from iocop.spaces.queries import VERIFIED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

    from iocop.repertoire.fields import Fields
    from iocop.repertoire.queries.suggestion import Reviewed, Suggestion

VIEWS = ("inline", "sides", "text")


@repertoire.get("/repertoire/suggestions/<int:proposal_id>")
@public
def suggested(proposal_id: int) -> ResponseReturnValue:
    looking, number = viewer(), asked_page()
    found = suggestion(looking, proposal_id)
    talk = discussion(proposal_id, number)
    names = cards(_people(found, talk))
    marks = own_marks(looking.id, talk.ids)
    chips = fill("author_chip", frozenset(names), topic_id=proposal_id)
    said, acting = presenting.words(), looking.is_authenticated and not looking.suspended
    address = suggestion_address(proposal_id) + (f"?page={number}" if number > 1 else "")
    return render_template(
        "repertoire/suggestion.html", found=found, proposal=_Followed(proposal_id, found.muted), acts=ACTS,
        status=STATUSES[found.proposal.status], label_names=NAMES, kind=KINDS[found.fields.kind],
        author=author_of(_author_row(found), names, said, Markup(), chips),
        reviews=[_shown(row, names) for row in found.reviews], verdicts=VERDICTS, names=names,
        domains=[row for row in all_domains() if row.id in found.fields.domain_ids],
        writes=bool(may_write_proposal(looking, found.proposal, found.thing)),
        sends=bool(may_withdraw_proposal(looking, found.proposal, found.thing)), of_text=found.proposal.act in OF_TEXT,
        overtaken=overtaken(found.proposal), changed=_changed(found), view=_view(), **_difference(found),
        article_url=article_address(found.article.id, found.article.title) if found.article else "",
        panel=review_panel(looking, found.proposal, found.thing),
        posts=posts_shown(address, talk, looking, marks, names, chips),
        page=Page(talk.posts, number, POSTS_A_PAGE, talk.last - 1),
        form=ReplyForm(formdata=None, meta={"csrf": False}) if acting else None,
    )  # fmt: skip


class _Followed(NamedTuple):
    id: int
    muted: bool | None


class _Author(NamedTuple):
    author_id: int
    byline: str
    organization_id: int | None
    organization_name: str | None


def _author_row(found: Suggestion) -> _Author:
    thing = found.thing
    return _Author(thing.author_id, thing.byline, thing.organization_id, found.organization_name)


def _people(found: Suggestion, talk: Any) -> frozenset[int]:
    return frozenset({
        found.thing.author_id, *(row.author_id for row in found.reviews), *(row.author_id for row in talk.posts),
        *(row.editor_id for row in found.saves),
    })  # fmt: skip


def _shown(row: Reviewed, names: Mapping[int, Any]) -> dict[str, Any]:
    author = author_of(row, names, presenting.words(), Markup(), {})
    return {"author": author, "proved": row.org_evidence in VERIFIED, "row": row}


def _view() -> str:
    asked = request.args.get("view", "")
    return asked if asked in VIEWS else VIEWS[0]


def _difference(found: Suggestion) -> dict[str, Any]:
    """Return the text, or how it differs from what the article said, kept under both versions."""
    if found.proposal.act not in OF_TEXT:
        return {"body": ""}
    if found.old is None or _view() == "text":
        return {"body": Markup(as_page(stable(found.thing.html)))}  # noqa: S704 -- sanitised when it was written
    key = ("suggested", found.proposal.id, found.thing.version, found.proposal.base_version, _view())
    make = diff.sides if _view() == "sides" else diff.word_diff
    return {
        "body": "",
        "difference": fragments().remember(key, lambda: make(found.old or "", found.thing.text)),
    }


class Changed(NamedTuple):
    """A field that a suggestion changes, as people read it."""

    words: str
    old: str
    new: str


def _changed(found: Suggestion) -> list[Changed]:
    """Return the fields an edit, or another label, changes."""
    if found.article is None or found.proposal.act not in {"edit", "relabel"}:
        return []
    then: Fields = (
        type(found.fields).read(found.fields.base) if found.fields.base else fields_of(found.article.id)
    )
    now = found.fields
    people = names_of({key for key in (then.owner_id, then.deputy_id, now.owner_id, now.deputy_id) if key})
    domains = {row.id: row.name for row in all_domains()}
    old, new = (_in_words(fields, people, domains) for fields in (then, now))
    return [Changed(words, old[words], new[words]) for words in old if old[words] != new[words]]


def _in_words(fields: Fields, people: Mapping[int, str], domains: Mapping[int, str]) -> dict[str, str]:
    return {
        _("Kind"): str(KINDS[fields.kind].name) if fields.kind in KINDS else "", _("Title"): fields.title,
        _("Summary"): fields.summary, _("Product"): fields.product, _("Versions"): fields.versions,
        _("Standard"): fields.standard, _("Region"): fields.region, _("Language"): fields.language,
        _("Sharing label"): str(NAMES.get(fields.label, "")), _("Tags"): ", ".join(fields.tags),
        _("Domains"): ", ".join(domains.get(key, "") for key in fields.domain_ids),
        _("Owner"): people.get(fields.owner_id or 0, ""), _("Deputy"): people.get(fields.deputy_id or 0, ""),
    }  # fmt: skip


@repertoire.post("/repertoire/suggestions/<int:proposal_id>/submit")
def submit(proposal_id: int) -> ResponseReturnValue:
    services.submit(viewer(), proposal_id)
    flash(_("Your suggestion waits for two people of two organizations; you will be told what they say."))
    return redirect(suggestion_address(proposal_id), 303)


@repertoire.post("/repertoire/suggestions/<int:proposal_id>/withdraw")
def withdraw(proposal_id: int) -> ResponseReturnValue:
    services.withdraw(viewer(), proposal_id)
    flash(_("You have taken your suggestion back; it stays readable."))
    return redirect(suggestion_address(proposal_id), 303)


@repertoire.post("/repertoire/suggestions/<int:proposal_id>/update")
def update(proposal_id: int) -> ResponseReturnValue:
    """Take what was published meanwhile into an edit; where both changed a section, the form shows both."""
    try:
        services.bring_up_to_date(viewer(), proposal_id)
    except services.Divided as divided:
        flash(str(divided))
        return redirect(f"{suggestion_address(proposal_id)}/edit", 303)
    flash(_("Your suggestion is up to date with the article."))
    return redirect(suggestion_address(proposal_id), 303)
