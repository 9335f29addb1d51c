"""A member as others see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from iocop.core import slots
from iocop.core.cache import guest_page, kept_with_people
from iocop.core.errors import Gone, Missing
from iocop.core.forms import asked_back
from iocop.core.frame import kept_parts
from iocop.core.login import public, viewer
from iocop.core.policy import require
from iocop.core.storage import storage
from iocop.members import photos, policy, privacy, queries, services
from iocop.members.forms import ClaimForm
from iocop.members.numbers import parse, shown
from iocop.members.photos import photo_address
from iocop.members.views import form_page, members

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from sqlalchemy import Row

    from iocop.members.models import Member

Found = TypeVar("Found", bound="Member | Row[Any]")

UNKNOWN = _l(
    "No member has this number. Its last character checks the others, so most likely one of them is mistyped:"
    " a number looks like IOCOP-0001-2344."
)


@members.get("/me")
def me() -> ResponseReturnValue:
    return redirect(url_for(".profile", number=viewer().number), 302)


def member_at(number: str) -> Member:
    """Return whom a number in an address names.

    Raises:
        Missing: nobody, or a digit is wrong.
        Gone: somebody who had everything erased.
    """
    return _present(queries.member_by_number(parse(number)))


def _present(member: Found | None) -> Found:
    if member is None:
        raise Missing(UNKNOWN)
    if member.state == "erased":
        raise Gone(
            _l("This was a member who had their personal data erased. What they left to others stays.")
        )
    return member


@members.get("/id/<member_number:number>")
@public
@guest_page()
def profile(number: str) -> ResponseReturnValue:
    asked = parse(number)
    member = _present(kept_with_people(("profile", asked), lambda: queries.profile_row(asked)))
    if number != shown(member.number):
        return redirect(url_for(".profile", number=member.number), 301)
    if member.claimed_by_id is not None:
        return redirect(url_for(".profile", number=queries.number_of(member.claimed_by_id)), 302)
    looking = viewer()
    own = member.id == looking.id
    about = {
        "member": member, "own": own, "photo": photo_address(member.number, member.photo_key),
        "seen": _seen(member, own=own),
        "head": slots.fill("profile_head", [member.id]).get(member.id, ""),
    }  # fmt: skip
    key = (
        "profile",
        member.id,
        looking.people_version,
        looking.site_version,
        own,
        about["seen"],
        about["head"],
    )
    parts = kept_parts(
        ("description", "main"), key, lambda part: render_template(f"members/_profile_{part}.html", **about)
    )
    sections = slots.fill("profile_section", [member.id]).get(member.id, "")
    return render_template("members/profile.html", member=member, parts=parts, sections=sections)


def _seen(member: Any, *, own: bool) -> frozenset[str]:
    """Return the fields shown; of somebody who left or only came with an import, none."""
    if member.state in {"left", "imported"} and not own:
        return frozenset()
    return privacy.seen_fields(member.visibility, by_owner=own, by_member=viewer().is_authenticated)


@members.get("/id/<member_number:number>/photo")
@public
def photo(number: str) -> ResponseReturnValue:
    member = member_at(number)
    if not member.photo_key:
        raise Missing(_l("This member shows a monogram."))
    if privacy.audience(member.visibility, "photo") != "public":
        return _photo_for_some(member)
    answer = Response(storage().get(member.photo_key), mimetype="image/webp")
    answer.set_etag(member.photo_key[-8:])
    fresh = request.args.get("v") == member.photo_key[-8:]
    answer.headers["Cache-Control"] = f"public, max-age={31_536_000 if fresh else 60}"
    return answer.make_conditional(request)


def _photo_for_some(member: Member) -> ResponseReturnValue:
    """Answer with the photo, or with a monogram for whom it is kept from: pages show the same address to all."""
    who = {"by_owner": member.id == viewer().id, "by_member": viewer().is_authenticated}
    if privacy.is_seen(member.visibility, "photo", **who):
        answer = Response(storage().get(member.photo_key), mimetype="image/webp")
        answer.set_etag(member.photo_key[-8:])
    else:
        answer = Response(photos.monogram(member.name), mimetype="image/svg+xml")
        answer.set_etag("monogram")
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer.make_conditional(request)


@members.route("/id/<member_number:number>/claim", methods=["GET", "POST"])
def claim(number: str) -> ResponseReturnValue:
    imported = member_at(number)
    require(policy.may_claim(viewer(), imported))
    form = ClaimForm()
    sent = form.validate_on_submit()
    asked = asked_back(form, "evidence") if sent else None
    if sent and asked is None:
        services.claim(viewer(), imported.id, form.given("evidence"))
        flash(_("Thank you. An administrator will look at it, and you will get a mail."))
        return redirect(url_for(".profile", number=imported.number), 303)
    return form_page("claim", form, imported=imported, asked=asked)
