"""A member's own data as a zip of JSON: this feature's, and what higher features registered."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import select

from iocop.core import clock
from iocop.core.db import db
from iocop.core.policy import fact
from iocop.core.storage import storage
from iocop.members import queries
from iocop.members.models import Claim, Invitation, Member
from iocop.members.numbers import shown

if TYPE_CHECKING:
    from collections.abc import Callable

Source = TypeVar("Source", bound="Callable[[int], Any]")

_sources: dict[str, Callable[[int], Any]] = {}

LEFT_OUT = frozenset(
    {"password_hash", "totp_secret", "totp_step", "photo_key", "about_html", "id", "claimed_by_id"}
)
"""Secrets, and what only the database understands."""


def exports(name: str) -> Callable[[Source], Source]:
    """Have the decorated function give ``<name>.json`` of a member's export: a member's key in, plain values out."""

    def register(source: Source) -> Source:
        _sources[name] = source
        return source

    return register


def pack(member_id: int) -> bytes:
    """Return the zip of everything the site holds of a member."""
    member = db.session.get_one(Member, member_id)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        further: dict[str, Any] = fact("export", member_id, default={})
        for name, content in (
            {name: source(member_id) for name, source in _sources.items()} | further
        ).items():
            packed.writestr(f"{name}.json", as_json(content))
        if member.photo_key:
            packed.writestr("photo.webp", storage().get(member.photo_key))
    return out.getvalue()


def as_json(content: Any) -> str:
    """Return plain values as JSON a person can read; moments in UTC."""
    return json.dumps(content, ensure_ascii=False, indent=2, default=_plain) + "\n"


def _plain(value: Any) -> Any:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (set, frozenset, tuple)):
        return sorted(value)
    raise TypeError(f"no JSON for {type(value).__name__}")


def file_name(number: int) -> str:
    """Return what the browser saves the export as."""
    return f"{shown(number)}-{clock.now():%Y-%m-%d}.zip"


@exports("member")
def _member(member_id: int) -> dict[str, Any]:
    member = db.session.get_one(Member, member_id)
    fields = {column.name: getattr(member, column.name) for column in Member.__table__.columns}
    kept = {name: value for name, value in fields.items() if name not in LEFT_OUT}
    return kept | {"number": shown(member.number), "authenticator": bool(member.totp_secret)}


@exports("sessions")
def _sessions(member_id: int) -> list[dict[str, Any]]:
    return [
        {"device": row.device, "opened": row.created_at, "last_used": row.touched_at}
        for row in queries.live_sessions(member_id)
    ]


@exports("invitations")
def _invitations(member_id: int) -> list[dict[str, Any]]:
    rows = db.session.scalars(select(Invitation).where(Invitation.invited_by_id == member_id))
    return [{"email": row.email, "sent": row.created_at, "used": row.used_at} for row in rows]


@exports("claims")
def _claims(member_id: int) -> list[dict[str, Any]]:
    rows = db.session.scalars(select(Claim).where(Claim.member_id == member_id))
    return [{"evidence": row.evidence, "state": row.state, "made": row.created_at} for row in rows]
