"""Mail servers on loopback that take mail, or answer as they are told."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from aiosmtpd.controller import Controller

from tests.servers import _free_port

if TYPE_CHECKING:
    from collections.abc import Iterator


class Postbox:
    """What a server does with a mail: answers *recipient* to a recipient, *verdict* to the text, and keeps the text.

    Args:
        offers: the line of one more extension, such as ``250-STARTTLS``, which it cannot do.
    """

    def __init__(self, recipient: str = "250 ok", verdict: str = "250 taken", offers: str = "") -> None:
        self.recipient, self.verdict, self.offers = recipient, verdict, offers
        self.taken: list[bytes] = []

    async def handle_EHLO(  # noqa: N802 -- the library's name
        self, _server: Any, session: Any, _envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*responses[:-1], *filter(None, [self.offers]), responses[-1]]

    async def handle_RCPT(  # noqa: N802 -- the library's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.recipient

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.verdict.startswith("2"):
            self.taken.append(envelope.content)
        return self.verdict


@contextmanager
def mail_server(postbox: Postbox) -> Iterator[str]:
    """Yield the address of a server that runs while the block does."""
    port = _free_port()
    controller = Controller(postbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield f"smtp://127.0.0.1:{port}"
    finally:
        controller.stop()
