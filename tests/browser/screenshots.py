"""`make screenshots`: eighteen pages of the demo, light and dark, on a desk and on a phone, into docs/screens."""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PIL import Image

from tests.browser import polls
from tests.browser.pages import SOLVED_OF_MEMBER, long_topic
from tests.browser.person import DESK, GUEST, MEMBER, PHONE, Person, Theme, started_chromium
from tests.browser.practice import CURATOR, UNREVIEWED, article
from tests.browser.site import ROOT, demo_site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from tests.browser.site import Site

SCREENS = ROOT / "docs" / "screens"
THEMES: tuple[Theme, ...] = ("light", "dark")


class Shot(NamedTuple):
    """One page as somebody sees it; *name* begins the names of its pictures."""

    name: str
    who: str
    path: str


def shots(site: Site) -> list[Shot]:
    solved = site.value(SOLVED_OF_MEMBER, MEMBER)
    return [
        Shot("front-guest", GUEST, "/"),
        Shot("front-member", MEMBER, "/"),
        Shot("forums", MEMBER, "/forums"),
        Shot("topic", MEMBER, f"/t/{solved}"),
        Shot("thread", GUEST, f"{long_topic(site)}?view=threaded"),
        Shot("ask", MEMBER, "/ask"),
        Shot("profile", MEMBER, "/me"),
        Shot("organization", MEMBER, "/organizations/hollen-marsh"),
        Shot("directory", MEMBER, "/members"),
        Shot("search", MEMBER, "/search?q=low+delta+T"),
        Shot("inbox", MEMBER, "/inbox"),
        Shot("settings", MEMBER, "/settings/preferences"),
        Shot("article", GUEST, f"/a/{article(site)}"),
        Shot("queue", CURATOR, "/repertoire/queue"),
        Shot("review", CURATOR, f"/repertoire/suggestions/{site.value(UNREVIEWED)}#review"),
        Shot("glossary", GUEST, "/glossary"),
        Shot("election", MEMBER, f"/elections/{site.value(polls.STANDS)}"),
        Shot("result", GUEST, f"/elections/{site.value(polls.COUNTED)}/result"),
    ]


def take(chromium: Browser, site: Site, wanted: list[Shot], folder: Path) -> Iterator[Path]:
    """Photograph each page in each theme and width; yields what was written."""
    for theme in THEMES:
        for width in (DESK, PHONE):
            people: dict[str, Person] = {}
            for shot in wanted:
                if shot.who not in people:
                    people[shot.who] = Person(chromium, site, theme=theme, width=width).sign_in(shot.who)
                page = people[shot.who].page
                page.goto(shot.path)
                path = folder / f"{shot.name}-{width}-{theme}.png"
                _keep(page.screenshot(), path)
                yield path
            for person in people.values():
                person.close()


def _keep(picture: bytes, path: Path) -> None:
    """Write a picture in as few bytes as a page of text needs: 128 colours."""
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(128).save(path, optimize=True)


def main(names: list[str]) -> None:
    """Photograph the pages named, or all."""
    SCREENS.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        demo_site(Path(folder)) as site,
        started_chromium() as chromium,
    ):
        wanted = [shot for shot in shots(site) if not names or shot.name in names]
        for path in take(chromium, site, wanted, SCREENS):
            print(path.relative_to(ROOT))  # noqa: T201 -- a command's output


if __name__ == "__main__":
    main(sys.argv[1:])
