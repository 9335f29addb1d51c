"""The booth: one page, the same bytes for everybody, without a cookie; each election keeps the one it was frozen with."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Response, abort

from iocop.core.login import public
from iocop.core.logs import untraced
from iocop.elections.queries import elections
from iocop.elections.services.freezing import booth_page
from iocop.elections.views import elections as blueprint

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

_POLICY = re.compile(rb'http-equiv="Content-Security-Policy" content="([^"]+)"')


def _served(page: bytes) -> Response:
    """Answer with a booth page and, as the header, the very policy it carries: only its own script and style run."""
    found = _POLICY.search(page)
    if found is None:
        raise ValueError("the booth page has no policy")
    response = Response(page, mimetype="text/html")
    response.headers["Content-Security-Policy"] = f"{found[1].decode()}; frame-ancestors 'none'"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/booth")
@public
@untraced
def newest_booth() -> ResponseReturnValue:
    """Give the booth as this version of the site has it."""
    return _served(booth_page())


@blueprint.get("/elections/<int:election_id>/booth.html")
@public
@untraced
def frozen_booth(election_id: int) -> ResponseReturnValue:
    """Give the booth whose hash is in the freeze."""
    document = elections.document(election_id, "booth.html")
    if document is None:
        abort(HTTPStatus.NOT_FOUND)
    return _served(document.content)
