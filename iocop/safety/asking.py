"""Asking back before a text is posted: one call for the view of any form, and `templates/safety/_warning.html` in it.

Without a script, and without anything kept: that somebody was warned stands in the page they look at alone.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from flask import current_app, request

from iocop.core.errors import Invalid
from iocop.core.policy import provides
from iocop.safety import services, wording
from iocop.safety.queries import check, roles_of
from iocop.safety.rules import RULES, replaced
from iocop.safety.rules.words import name_words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from iocop.core.login import Viewer
    from iocop.core.policy import Sentence
    from iocop.safety.rules import Finding

FIELDS = ("title", "text", "tags")
"""The fields of a form that others will read, where it has them."""
SMALL = ("tags", "sub_topic", "word")
"""Those in which names are typed without capitals as well: there each word may be a name."""
MOST_SHOWN = 12
"""Words of one rule that are listed; the rest is counted."""


class Named(NamedTuple):
    """Some words as a warning lists them; *role* stands for them where the member's own list says so."""

    words: str
    why: Sentence
    where: str
    role: str
    is_name: bool


class Group(NamedTuple):
    """What one rule found, each words once."""

    rule: str
    name: Sentence
    found: list[Named]
    more: int


class Asked(NamedTuple):
    """What a form is shown again with.

    Attributes:
        seal: sent back by *Post as it is*; it holds for just this text, of this member, in this space.
        replaced: names have been replaced by roles; the member looks at the text again.
        note: why a name could not be listed.
    """

    groups: list[Group]
    seal: str
    replaced: bool = False
    note: Sentence = ""


def warned(
    form: Any, actor: Viewer, space_id: int | None, *, fields: Collection[str] = FIELDS, before: str = "",
    attachment_ids: Collection[int] = (),
) -> Asked | None:  # fmt: skip
    """Return what to ask back before a valid form is acted on; None to go on.

    What the member pressed on the warning is done first: rules are switched off, names listed with their roles, and
    on request replaced in the form's fields.

    Args:
        fields: which of the form's fields others will read.
        before: what the text was before an edit; words that stood there are not asked about again.
    """
    note = _listed(
        actor, zip(request.form.getlist("safety_word"), request.form.getlist("safety_role"), strict=False)
    )
    off = set(request.form.getlist("safety_off")) & set(RULES)
    if off:
        services.switch_rules_off(actor, off)
    pressed = request.form.get("safety", "")
    changed = pressed == "replace" and _replace(form, fields, roles_of(actor.id))
    text, stood = _text(form, fields), before.casefold()
    seal = _seal(actor, space_id, text, attachment_ids)
    if hmac.compare_digest(pressed.encode(), seal.encode()):
        return None
    found = [
        each
        for each in check(actor, text, space_id, attachment_ids)
        if each.where or each.words.casefold() not in stood
    ]
    if not found and pressed != "replace":
        return None
    return Asked(groups(found, roles_of(actor.id)), seal, replaced=changed, note=note)


@provides("asked_back")
def _asked_below(form: Any, actor: Viewer, field: str, before: str) -> Asked | None:
    """Answer features below: what they show stands in no space, so everybody may read it."""
    return warned(form, actor, None, fields=(field,), before=before)


def groups(findings: Iterable[Finding], roles: Mapping[tuple[str, ...], str]) -> list[Group]:
    """Return findings by rule, in the rules' order, each words once."""
    by_rule: dict[str, dict[tuple[str, str], Named]] = {}
    for each in findings:
        role, is_name = roles.get(name_words(each.words), ""), each.rule == "client"
        named = Named(each.words, wording.REASONS[each.because], each.where, role, is_name)
        by_rule.setdefault(each.rule, {}).setdefault((each.words.casefold(), each.where), named)
    shown = {rule: list(by_rule[rule].values()) for rule in RULES if rule in by_rule}
    return [
        Group(rule, wording.NAMES[rule], found[:MOST_SHOWN], max(0, len(found) - MOST_SHOWN))
        for rule, found in shown.items()
    ]


def _listed(actor: Viewer, pairs: Iterable[tuple[str, str]]) -> Sentence:
    """Put names on the member's own list with the roles typed for them; return why one could not be."""
    note: Sentence = ""
    for word, role in islice(pairs, MOST_SHOWN):
        if role.strip():
            try:
                services.keep_own_word(actor, word, role)
            except Invalid as error:
                note = error.reason
    return note


def _replace(form: Any, fields: Collection[str], roles: Mapping[tuple[str, ...], str]) -> bool:
    """Rewrite listed names by their roles in the form's fields; say whether anything changed."""
    changed = False
    for field in (form[name] for name in fields if name in form):
        typed = field.data or ""
        text = replaced(typed, roles)
        changed = changed or text != typed
        field.data = text
    return changed


def _text(form: Any, fields: Collection[str]) -> str:
    """Return what others will read, as a browser sends it back: one kind of line end, no empty lines around."""
    parts = (
        _as_names(form, name) if name in SMALL else form[name].data or "" for name in fields if name in form
    )
    return "\n\n".join(part.replace("\r\n", "\n").strip() for part in parts)


def _as_names(form: Any, name: str) -> str:
    return re.sub(r"[^\W\d_]+", lambda word: _capital(word[0]), form[name].data or "")


def _capital(word: str) -> str:
    return word.capitalize() if word.islower() else word


def _seal(actor: Viewer, space_id: int | None, text: str, attachment_ids: Collection[int]) -> str:
    bound = f"safety:{actor.id}:{space_id}:{sorted(attachment_ids)}:{text}".encode()
    key = str(current_app.extensions["settings"].secret_key).encode()
    return hmac.new(key, bound, hashlib.sha256).hexdigest()
