"""Where the demo's doors open: on this machine only, whatever else is set."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from iocop.core.policy import ALLOWED, Verdict, refused

if TYPE_CHECKING:
    from werkzeug.wrappers import Request

    from iocop.core.settings import Settings

HERE = frozenset({"localhost", "127.0.0.1", "[::1]"})
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP")


def may_play(request: Request) -> Verdict:
    """May whoever asks a demo sign in as one of its people?"""
    return _is_here(request)


def may_read_mail(settings: Settings, request: Request) -> Verdict:
    """May whoever asks read every mail the site wrote into its folder?"""
    if settings.production and not settings.demo:
        return refused(_l("Mail is shown on demo and development sites only."))
    return _is_here(request)


def _is_here(request: Request) -> Verdict:
    """Say whether the request comes from this machine: by address, under a name of it, and through no proxy."""
    address = request.remote_addr
    if not address or not ip_address(address).is_loopback:
        return refused(_l("This opens only in a browser on the machine that runs the site."))
    if request.host.rsplit(":", 1)[0] not in HERE and request.host not in HERE:
        return refused(_l("Open the site under 127.0.0.1 or localhost for this."))
    if any(name in request.headers for name in FORWARDED):
        return refused(_l("This does not open through a proxy."))
    return ALLOWED
