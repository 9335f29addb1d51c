"""The form of an article, between what is stored and what is typed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types

from iocop.contributions.detecting import detected
from iocop.contributions.labels import MEANINGS, offered
from iocop.contributions.language_choice import languages_offered
from iocop.contributions.languages import first_known
from iocop.core import clock
from iocop.core.db import LARGEST_ID, db
from iocop.core.errors import Invalid
from iocop.core.login import viewer
from iocop.domains.queries import open_domains
from iocop.members.models import Member
from iocop.organizations.models import Organization
from iocop.organizations.queries import current_affiliations
from iocop.organizations.queries.cards import cards
from iocop.repertoire.fields import Fields
from iocop.repertoire.kinds import KINDS
from iocop.repertoire.queries.members import members_called
from iocop.spaces.models import Space
from iocop.spaces.queries import default_space, scope_of, spaces_of

if TYPE_CHECKING:
    from iocop.contributions.models import Contribution
    from iocop.core.login import Viewer
    from iocop.repertoire.forms import ArticleForm

PLAIN = ("title", "summary", "product", "versions", "standard", "region")
"""Fields that are typed as they are stored."""


def offer(form: ArticleForm, actor: Viewer, act: str, thing: Contribution | None = None) -> ArticleForm:
    """Offer what may be chosen: the space and the employer of what is new, the label while it is not published.

    Args:
        act: what is suggested, ``new`` or ``edit``.
        thing: the suggestion, where it stands already.
    """
    form.kind.choices = [SelectChoice(kind.key, kind.name) for kind in KINDS.values()]
    form.domains.choices = [SelectChoice(domain.id, domain.name) for domain in open_domains()]
    form.language.choices = languages_offered(_words(form))
    space_id = thing.space_id if thing else None
    if act == "edit" or thing:
        del form.space, form.affiliation
    else:
        space_id = _offer_places(form, actor)
    if act == "edit":
        del form.label
    else:
        _offer_labels(form, space_id)
    return form


def _offer_places(form: ArticleForm, actor: Viewer) -> int | None:
    spaces = spaces_of(scope_of(actor))
    form.space.choices = [SelectChoice(space.id, space.name) for space in spaces]
    form.space.data = form.space.data or default_space().id
    form.affiliation.choices = _employers(actor)
    return next((space.id for space in spaces if space.id == form.space.data), None)


def _offer_labels(form: ArticleForm, space_id: int | None) -> None:
    space = db.session.get(Space, space_id) if space_id else None
    possible = offered(space.audience if space else "public", "public")
    form.label.choices = [
        SelectChoice("", _("As usual in this space")), *(SelectChoice(key, MEANINGS[key]) for key in possible),
    ]  # fmt: skip


def _employers(actor: Viewer) -> list[Any]:
    held = current_affiliations(actor.id, clock.now())
    names = {row.organization_id: db.session.get_one(Organization, row.organization_id).name for row in held}
    main = next((row for row in held if row.is_main), held[0] if held else None)
    usually = names[main.organization_id] if main else _("no organization")
    others = [SelectChoice(str(row.id), names[row.organization_id]) for row in held if row is not main]
    return [SelectChoice("", usually), *others]


def fill(form: ArticleForm, fields: Fields, text: str) -> None:
    """Put stored fields and a text into the form."""
    for name in PLAIN:
        form[name].data = getattr(fields, name)
    form.kind.data, form.language.data, form.text.data = fields.kind, fields.language, text
    form.domains.data, form.tags.data = list(fields.domain_ids), ", ".join(fields.tags)
    form.owner.data, form.deputy.data = handle_of(fields.owner_id), handle_of(fields.deputy_id)
    form.base.data = json.dumps(fields.base) if fields.base else ""
    form.answers.data = str(fields.request_id or "")
    if "label" in form:
        form.label.data = fields.label


def handle_of(member_id: int | None) -> str:
    """Return how a form names a member; nothing for nobody."""
    member = db.session.get(Member, member_id) if member_id else None
    return f"@{member.handle}" if member else ""


def fields_of_form(form: ArticleForm) -> Fields:
    """Return what was typed.

    Raises:
        Invalid: nobody, or more than one member, is called as the owner or the deputy.
    """
    typed: dict[str, Any] = {name: (form[name].data or "").strip() for name in PLAIN}
    base = _base(form.base.data or "")
    return Fields(
        **typed, kind=form.kind.data, language=_language(form), base=base,
        label=(form.label.data or "") if "label" in form else str((base or {}).get("label", "")),
        domain_ids=tuple(form.domains.data or ()),
        tags=tuple(word.strip() for word in (form.tags.data or "").split(",") if word.strip()),
        request_id=_number(form.answers.data or ""),
        owner_id=member_meant(form.owner.data or "", "owner"), deputy_id=member_meant(form.deputy.data or "", "deputy"),
    )  # fmt: skip


def _language(form: ArticleForm) -> str:
    """Return the language chosen or else written in; where that cannot be told, the author's."""
    return form.language.data or detected(_words(form)) or first_known(viewer().locale[:2])


def _words(form: ArticleForm) -> str:
    return "\n".join(each.data or "" for each in (form.title, form.summary, form.text))


def member_meant(words: str, field: str) -> int | None:
    """Return the active member a form names; None where nothing was typed.

    Raises:
        Invalid: nobody, or more than one member, is called so; the error names the field.
    """
    if not words.strip():
        return None
    found = members_called(words)
    if not found:
        raise Invalid(_l("No active member is called %(words)s.", words=words.strip()), field)
    if len(found) > 1:
        handles = ", ".join(f"@{member.handle}" for member in found)
        raise Invalid(_l("Several members are called so: give one of %(handles)s.", handles=handles), field)
    return found[0].id


def _number(sent: str) -> int | None:
    return int(sent) if sent.isascii() and sent.isdigit() and int(sent) <= LARGEST_ID else None


def _base(sent: str) -> dict[str, Any] | None:
    """Return what the form says it started from; what cannot be read counts as nothing."""
    try:
        stored = Fields.read(json.loads(sent)).stored()
    except (ValueError, TypeError, AttributeError):
        return None
    return stored | {"base": None}


def same_employer(fields: Fields) -> bool:
    """Say whether owner and deputy work for one organization: then the article hangs on one employer."""
    return work_together(fields.owner_id, fields.deputy_id)


def work_together(owner_id: int | None, deputy_id: int | None) -> bool:
    if owner_id is None or deputy_id is None:
        return False
    found = [card.organization_id for card in cards({owner_id, deputy_id}).values()]
    return len(found) == 2 and found[0] is not None and found[0] == found[1]
