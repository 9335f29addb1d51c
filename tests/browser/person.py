"""A person at a real browser: who they are, what they see it on, and everything that went wrong meanwhile."""

from __future__ import annotations

import re
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

from iocop.demo import personas

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, Response

    from tests.browser.site import Site

Theme = Literal["light", "dark"]

GUEST = ""
MEMBER = personas.MEMBER
COLLEAGUE = "declan.rowe"
COMPETITOR = "dieter.brandl"
VENDOR = "petra.lindqvist"
SOLE_PRACTITIONER = personas.SOLE_PRACTITIONER
MODERATOR = personas.MODERATOR
ADMINISTRATOR = personas.ADMINISTRATOR

PHONE, DESK = 390, 1280
HEIGHT = 900
MOST_STOPS = 200
"""Presses of Tab after which a thing counts as out of the keyboard's reach."""


@dataclass
class Complaints:
    """What a browser complains of while pages are used; a test that expects one takes it out."""

    host: str
    found: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    """Addresses asked since `asked.clear()`, in order."""

    def listen(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.found.append(f"script: {error}"))
        page.on("request", self._request)
        page.on("requestfailed", self._failed)
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.found.append(f"console: {message.text}")  # breaches of the content security policy come here

    def _request(self, request: Request) -> None:
        if request.url.startswith(("data:", "blob:")):
            return
        self.asked.append(request.url)
        if urlsplit(request.url).netloc != self.host:
            self.found.append(f"another host: {request.url}")

    def _failed(self, request: Request) -> None:
        if "ERR_ABORTED" not in (request.failure or ""):  # a page left while something was under way
            self.found.append(f"failed: {request.url} {request.failure}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self.found.append(f"{response.status}: {response.url}")


class Person:
    """Somebody with a browser of their own. `page` is the window; `complaints` what went wrong in it."""

    def __init__(
        self, chromium: Browser, site: Site, *, theme: Theme = "light", width: int = DESK, script: bool = True
    ) -> None:
        self.context = chromium.new_context(
            base_url=site.address, color_scheme=theme, java_script_enabled=script, locale="en-GB",
            viewport={"width": width, "height": HEIGHT}, reduced_motion="reduce", timezone_id="Europe/Berlin",
        )  # fmt: skip
        self.context.set_default_timeout(15_000)
        self.site = site
        self.presses = 0
        self.page = self.context.new_page()
        self.complaints = Complaints(urlsplit(site.address).netloc)
        self.complaints.listen(self.page)

    def sign_in(self, handle: str) -> Person:
        """Become one of the demo's people, as its sign-in page does it; an empty handle stays a guest."""
        if handle:
            self.page.goto("/demo")
            self.page.locator(f"button[name=as][value='{handle}']").click()
            self.page.wait_for_url("**/")
        return self

    def tab_to(self, target: Locator) -> Locator:
        """Press Tab until the target has the focus; fails where the keyboard cannot reach it."""
        for _ in range(MOST_STOPS):
            if target.evaluate("element => element === document.activeElement"):
                return target
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{target} is out of the keyboard's reach on {self.page.url}")

    def press(self, target: Locator, key: str = "Enter") -> None:
        """Walk to the target and press a key on it: the keyboard's click."""
        self.tab_to(target)
        self.page.keyboard.press(key)
        self.presses += 1

    def type(self, label: str, text: str) -> None:
        """Walk to a field by how its label begins and type over what stands there."""
        self.tab_to(self.page.get_by_label(re.compile(rf"^{label}\b")).first)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(text)

    def evaluate(self, expression: str) -> Any:
        return self.page.evaluate(expression)

    def close(self) -> None:
        self.context.close()


@contextmanager
def started_chromium() -> Iterator[Browser]:
    """Start Debian's Chromium without a window."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium-headless-shell"), args=["--no-sandbox"]
        )
        yield chromium
        chromium.close()
