"""Under which licence a text came, and the line that credits its author."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

from iocop.imports.words import N_, Phrase

FROM_3, FROM_4 = datetime(2011, 4, 8, tzinfo=UTC), datetime(2018, 5, 2, tzinfo=UTC)
CREATIVE_COMMONS = re.compile(r"CC BY-SA (\d\.\d)")


class Licence(NamedTuple):
    name: str
    address: str | None  # of its deed, where known


class Site(NamedTuple):
    """Where a dump came from; without an address its texts are credited without a link."""

    name: str
    address: str | None = None  # no slash at the end

    def question(self, post_id: int) -> str | None:
        return self._page(f"/q/{post_id}")

    def answer(self, post_id: int) -> str | None:
        return self._page(f"/a/{post_id}")

    def comment(self, comment_id: int) -> str | None:
        return self._page(f"/posts/comments/{comment_id}")

    def user(self, user_id: int) -> str | None:
        return self._page(f"/users/{user_id}")

    def _page(self, path: str) -> str | None:
        return f"{self.address}{path}" if self.address else None


def site(name: str, address: str | None = None) -> Site:
    """Raises: ValueError, for an address that is not one of the web."""
    if address is None:
        return Site(name)
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(address)
    return Site(name, f"{parts.scheme}://{parts.netloc}{parts.path}".rstrip("/"))


def licence_of(given: str | None, written: datetime) -> Licence:
    """The licence the dump states, or else the one that held on the day of writing.

    Source:
        Stack Exchange help centre, "What is the license for the content I post?": CC BY-SA 2.5 before
        2011-04-08, 3.0 from then until before 2018-05-02, 4.0 from then on (days in UTC).
    """
    return _named(given or f"CC BY-SA {_version(written)}")


@lru_cache(maxsize=100)
def _named(name: str) -> Licence:
    version = CREATIVE_COMMONS.fullmatch(name)
    return Licence(name, f"https://creativecommons.org/licenses/by-sa/{version[1]}/" if version else None)


def _version(written: datetime) -> str:
    if written < FROM_3:
        return "2.5"
    return "3.0" if written < FROM_4 else "4.0"


def credit(author: str | None, origin: Site, licence: Licence, link: str | None) -> Phrase:
    """The line under an imported text; a text without link names the site alone."""
    values = {"site": origin.name, "licence": licence.name}
    if author is None:
        if link is None:
            return N_("by an unnamed author on %(site)s, %(licence)s", **values)
        return N_("by an unnamed author on %(site)s, %(licence)s, %(link)s", **values, link=link)
    if link is None:
        return N_("by %(author)s on %(site)s, %(licence)s", **values, author=author)
    return N_("by %(author)s on %(site)s, %(licence)s, %(link)s", **values, author=author, link=link)
