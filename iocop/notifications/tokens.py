"""What the address of an unsubscribe link carries: who, and which kind of mail; signed, and good for ever."""

from __future__ import annotations

from flask import current_app
from flask_babel import lazy_gettext as _l
from itsdangerous import BadSignature, URLSafeSerializer

from iocop.core.errors import Missing
from iocop.notifications.models import KINDS


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.extensions["settings"].secret_key, salt="unsubscribe")


def sign(member_id: int, kind: str) -> str:
    return str(_serializer().dumps([member_id, kind]))


def read(token: str) -> tuple[int, str]:
    """Return the member and the kind.

    Raises:
        Missing: nobody signed this.
    """
    try:
        member_id, kind = _serializer().loads(token)
    except (BadSignature, ValueError, TypeError):
        raise Missing(_l("This link is not complete: copy all of it from the mail.")) from None
    if kind not in KINDS:
        raise Missing(_l("This link is not complete: copy all of it from the mail."))
    return int(member_id), kind
