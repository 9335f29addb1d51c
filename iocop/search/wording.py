"""How the kinds of results are called."""

from __future__ import annotations

from flask_babel import gettext as _


def tab_words() -> dict[str, str]:
    return {
        "topics": _("Topics"),
        "articles": _("Articles"),
        "members": _("Members"),
        "organizations": _("Organizations"),
        "files": _("Files"),
        "spaces": _("Spaces"),
    }
