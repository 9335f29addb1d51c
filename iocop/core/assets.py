"""Style sheets and scripts as browsers get them: joined, compressed once, and named by their content for ever."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from flask import Blueprint, Response, abort, current_app, request, url_for

from iocop.core import colours
from iocop.core.login import public

if TYPE_CHECKING:
    from flask import Flask
    from flask.typing import ResponseReturnValue

assets = Blueprint("assets", __name__, url_prefix="/assets")

JOINED = {
    "site.css": (
        "css/tokens.css", "css/base.css", "css/layout.css", "css/components.css", "css/reading.css", "css/search.css",
    ),
    "site.js": (
        "js/theme.js", "js/menu.js", "js/relative_time.js", "js/shortcuts.js", "js/copy_link.js", "js/confirm.js",
        "js/double_submit.js", "js/suggest.js",
    ),
}  # fmt: skip
"""What every page loads: one sheet and one module, each made of files that stand alone in static/."""

IN_MEMORY = {".css", ".js", ".svg"}
FOR_EVER = "public, max-age=31536000, immutable"


class Asset(NamedTuple):
    """A file as it is sent; *digest* is the start of its content's SHA-256."""

    content: bytes
    zipped: bytes
    mimetype: str
    digest: str


def init_app(app: Flask) -> None:
    app.extensions["assets"] = {}
    app.register_blueprint(assets)
    app.jinja_env.globals.update(asset=asset)


def asset(path: str) -> str:
    """Return a static file's address with its content's hash, so that browsers may keep it for a year."""
    kept: dict[str, str] = current_app.extensions["assets"]
    if path not in kept or current_app.debug:
        kept[path] = _address(path)
    return kept[path]


def _address(path: str) -> str:
    if Path(path).suffix in IN_MEMORY:
        return url_for("assets.show", digest=_load(path).digest, path=path)
    return url_for("static", filename=path, v=_digest((_folder() / path).read_bytes()))


@assets.get("/<digest>/<path:path>")
@public
def show(digest: str, path: str) -> ResponseReturnValue:
    """Send a file from memory; under an old address, as after an upgrade, the new one, not to be kept."""
    known: dict[str, Asset] = current_app.extensions.setdefault("asset_bytes", {})
    if path not in known or current_app.debug:
        if Path(path).suffix not in IN_MEMORY:
            abort(404)
        known[path] = _load(path)
    found = known[path]
    return _sent(found, lasting=digest == found.digest)


@assets.get("/accent-<colour>.css")
@public
def accent(colour: str) -> ResponseReturnValue:
    """Send the style sheet of an accent; one that cannot be read is no address of this site."""
    if not colours.HEX.fullmatch(f"#{colour}") or not colours.readable(f"#{colour}"):
        abort(404)
    return _sent(_asset(accent_sheet(f"#{colour}").encode(), "text/css"), lasting=True)


def accent_url(colour: str) -> str:
    """Return the address of the accent's style sheet; empty where the house's own colour serves."""
    return url_for("assets.accent", colour=colour[1:].lower()) if colour else ""


def accent_sheet(text: str) -> str:
    """Write the style sheet of an accent: its light shade for the dark theme, and washes of both."""
    light = colours.parse(text)
    dark = colours.lightened(light)
    wash = colours.towards(light, colours.parse("#ffffff"), 0.92)
    dark_wash = colours.towards(dark, colours.parse("#12171d"), 0.86)
    return (
        "@layer tokens {\n  :root {\n"
        f"    --accent: light-dark({light}, {dark});\n    --accent-text: light-dark({light}, {dark});\n"
        f"    --accent-wash: light-dark({wash}, {dark_wash});\n  }}\n}}\n"
    )


def _sent(found: Asset, *, lasting: bool) -> ResponseReturnValue:
    zipped = request.accept_encodings["gzip"] > 0
    response = Response(found.zipped if zipped else found.content, mimetype=found.mimetype)
    if zipped:
        response.content_encoding = "gzip"
    response.vary.add("Accept-Encoding")
    response.set_etag(f"{found.digest}{'-gzip' if zipped else ''}")
    response.headers["Cache-Control"] = FOR_EVER if lasting else "no-cache"
    return response.make_conditional(request)


def _load(path: str) -> Asset:
    """Read a file, or join those that make it.

    Raises:
        NotFound: no such file below static/.
    """
    parts = JOINED.get(path, (path,))
    known = {item.relative_to(_folder()).as_posix() for item in _folder().rglob("*") if item.is_file()}
    if not known.issuperset(parts):
        abort(404)
    texts = [(_folder() / part).read_text() for part in parts]
    if path in JOINED and path.endswith(".js"):
        texts = [f"{{\n{text}}}\n" for text in texts]  # a block of its own keeps each file's names to itself
    joined = "".join(texts)
    if path.endswith(".css"):
        joined = re.sub(r'url\("\.\./([^"]+)"\)', lambda found: f'url("{asset(found[1])}")', joined)
    return _asset(joined.encode(), mimetypes.guess_type(path)[0] or "text/plain")


def _asset(content: bytes, mimetype: str) -> Asset:
    return Asset(content, gzip.compress(content, 9, mtime=0), mimetype, _digest(content))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:10]


def _folder() -> Path:
    return Path(str(current_app.static_folder))
