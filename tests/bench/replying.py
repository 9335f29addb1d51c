"""What a posted reply costs: Markdown rendered, durable, its event recorded, the browser led on to it."""

from __future__ import annotations

import re
import secrets
import urllib.error
import urllib.parse
import urllib.request
from typing import TYPE_CHECKING

from tests.bench.servers import Spent, fetch, middle, spent

if TYPE_CHECKING:
    from tests.bench.servers import Server

REPLIES = 40
"""Posted in one turn."""
TEXT = """Measured again this morning, valve {number} shut: **0.4 bar** across the header.

- supply 61 °C, return 48 °C
- the controller asked for `AO3 = 35`, and got it

> does it hold at part load?

It does, see [the chart](https://example.org/{number}).
"""


class _NoneFollowed(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


_opener = urllib.request.build_opener(_NoneFollowed)


def replies(hello: Server, server: Server, topic: str, cookie: str) -> tuple[Spent, Spent]:
    """Post replies below a topic, in turn with hello; return what one of each costs in the middle turn."""
    page = fetch(f"{server.address}{topic}/answer", cookie).decode()
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page)
    if token is None:
        raise RuntimeError(f"{topic}/answer has no form")

    def post_all() -> int:
        for number in range(REPLIES):
            _post(f"{server.address}{topic}/answer", cookie, token[1], TEXT.format(number=number))
        return REPLIES

    post_all()  # the text's process has begun, the statements are kept
    return middle(hello, lambda: spent(server, post_all))


def _post(address: str, cookie: str, token: str, text: str) -> None:
    """Post one reply, which must lead on to where it stands."""
    fields = {"csrf_token": token, "submission_key": secrets.token_hex(16), "text": text}
    sent = urllib.request.Request(
        address, urllib.parse.urlencode(fields).encode(), {"Cookie": cookie, "Referer": address}
    )
    try:
        _opener.open(sent, timeout=20).close()
    except urllib.error.HTTPError as answer:
        if answer.code == 303:
            return
        raise
    raise RuntimeError(f"{address} asks again")
