"""The tabs of the settings; higher features add theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app, url_for
from flask_babel import lazy_gettext as _l

if TYPE_CHECKING:
    from iocop.core.policy import Sentence

_pages: dict[str, tuple[int, Sentence]] = {
    "members.settings": (10, _l("Profile")),
    "members.privacy_settings": (20, _l("Privacy")),
    "members.security": (30, _l("Security")),
    "members.preferences": (40, _l("Language and look")),
    "members.own_data": (90, _l("Your data")),
}


def add_settings_page(endpoint: str, words: Sentence, place: int = 50) -> None:
    """Give a page a tab in the settings; tabs stand in the order of *place*, the built-in ones at 10 to 90."""
    _pages[endpoint] = (place, words)


def settings_pages() -> list[tuple[str, Sentence, str, None]]:
    """Return the tabs as the macro `tabs` takes them."""
    known = sorted((place, endpoint, words) for endpoint, (place, words) in _pages.items())
    return [(end, words, url_for(end), None) for _, end, words in known if end in current_app.view_functions]
