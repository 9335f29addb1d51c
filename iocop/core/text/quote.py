"""A post quoted in the Markdown of the answer to it."""

from __future__ import annotations

import re
from typing import Final

from flask_babel import gettext as _

_SPECIAL: Final = re.compile(r"([\\`*_\[\]<>@])")


def quote(source: str, *, author: str, url: str) -> str:
    """*source* as a Markdown quotation under a line that names *author* and links to *url*."""
    name = _SPECIAL.sub(r"\\\1", " ".join(author.split()))
    said = _("%(author)s wrote:", author=name)
    lines = [f"[{said}](<{url}>)", "", *source.strip("\n").splitlines()]
    return "\n".join(f"> {line}".rstrip() for line in lines) + "\n\n"
