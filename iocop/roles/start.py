"""What a start makes sure of: decision 1 stands, and somebody can become the first administrator."""

from __future__ import annotations

import sys

import structlog

from iocop.core.serve import at_start
from iocop.roles import services

log = structlog.get_logger(__name__)


@at_start
def found() -> None:
    """Print a one-time link while nobody runs the site; there is no default password."""
    services.found_site()
    link = services.first_administrator_link()
    if link is None:
        return
    log.warning("no_administrator", hint="open the link printed on the terminal or run: iocop members grant")
    sys.stdout.write(
        f"\n  Nobody runs this site yet. Sign in or join, then open within 24 hours:\n  {link}\n\n"
    )
    sys.stdout.flush()
