"""`make check`'s part about pages: each page of the demo as the site renders it, for each who sees it, is valid HTML.

Without a browser, so that it takes seconds; what a browser makes of the pages is in test_pages.py.
"""

from __future__ import annotations

import re
import sys
import tempfile
from http.cookiejar import CookieJar
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

from iocop import create_app
from iocop.core.settings import Settings
from tests.browser.htmlvalidate import CHECKER, problems_of
from tests.browser.pages import itinerary
from tests.browser.site import SiteError, demo_site

if TYPE_CHECKING:
    from tests.browser.site import Site

TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')


def main() -> int:
    """Print what is wrong, page by page; return 1 if anything is."""
    if not (CHECKER.parent / "node_modules").is_dir():
        say("The HTML of the pages was not checked: `make tools` installs what does it.")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder) / "routes", demo=True, log_level="ERROR")
        with demo_site(Path(folder) / "site") as site:
            pages = {
                f"{path} as {who or 'a guest'}": read(opener, site, path)
                for who, paths in itinerary(create_app(settings), site)
                for opener in [opened(site, who)]
                for path in paths
            }
    wrong = {name: found for name, found in zip(pages, problems_of([*pages.values()]), strict=True) if found}
    for name, found in wrong.items():
        say(f"{name}:", *found)
    say(f"{len(pages) - len(wrong)} of {len(pages)} pages are valid HTML.")
    return 1 if wrong else 0


def opened(site: Site, who: str) -> OpenerDirector:
    """Become one of the demo's people, as its sign-in page does it; nobody stays a guest.

    Raises:
        SiteError: the demo does not know them.
    """
    opener = build_opener(HTTPCookieProcessor(CookieJar()))
    if who:
        token = TOKEN.search(read(opener, site, "/demo"))
        sent = urlencode({"as": who, "csrf_token": token[1] if token else ""}).encode()
        opener.addheaders.append(("Referer", f"{site.address}/demo"))
        with opener.open(f"{site.address}/demo", sent) as answer:
            if answer.geturl() == f"{site.address}/demo":
                raise SiteError(f"{who} is not let in")
    return opener


def read(opener: OpenerDirector, site: Site, path: str) -> str:
    """Return a page, an error's page too."""
    try:
        with opener.open(site.address + quote(path, safe="/?&=+:%")) as answer:
            return str(answer.read().decode())
    except HTTPError as refused:
        with refused:
            return refused.read().decode()


def say(*words: str) -> None:
    sys.stderr.write("\n  ".join(words) + "\n")


if __name__ == "__main__":
    sys.exit(main())
