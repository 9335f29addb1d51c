"""A returning officer's three moments at the browser: keys, the signature that opens, the key that closes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from iocop.core.web import HEADERS
from iocop.elections.sealing import chains, edwards, exchange, freezing, seeds
from tests.elections.booth.stub import ROOT
from tests.elections.vectors.ballots import World

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

SITE = "http://community.test"
PASSPHRASE = "seven calm valves sing"
SCRIPT = ROOT / "static/js/officer_keys.js"


def form(kind: str, fields: str, attributes: str = "") -> str:
    hidden = "".join(f'<input type="hidden" name="{name}">' for name in fields.split())
    chosen = '<label>File <input type="file" data-key-file></label>' if kind != "make" else ""
    again = '<label>Again <input type="password" data-passphrase-again></label>' if kind == "make" else ""
    return f"""<form method="post" action="/sent" data-officer-keys="{kind}" {attributes}>{hidden}{chosen}
<label>Passphrase <input type="password" data-passphrase></label>{again}
<button type="button" data-act>Go</button><code data-act-hash></code><progress data-progress hidden max="1"></progress>
<p role="status" data-status></p><button data-send>Send</button></form>"""


PAGES = {
    "/make": form(
        "make", "encryption signing nonce", 'data-site="Frost Foundry" data-election="7" data-officer="Olga"'
    ),
    "/open": form("open", "signature freeze", 'data-freeze-url="/freeze.json"'),
    "/close": form(
        "close", "signature sealed key", 'data-freeze-url="/freeze.json" data-sealed-url="/sealed.json"'
    ),
}


class Desk:
    """An officer's browser, and a site that serves the pages above. *sent* holds the fields of the last form."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.sent: dict[str, str] = {}
        self.documents: dict[str, bytes] = {}
        page.route("**/*", self._answer)

    def _answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(SITE)
        if path == "/sent":
            fields = parse_qs(route.request.post_data or "", keep_blank_values=True)
            self.sent = {name: values[0] for name, values in fields.items()}
            route.fulfill(status=200, body="<!doctype html><title>Thanks</title>", content_type="text/html")
        elif path == "/officer_keys.js":
            route.fulfill(path=SCRIPT, content_type="text/javascript")
        elif path in self.documents:
            route.fulfill(body=self.documents[path])
        else:
            head = '<title>Keys</title><script type="module" src="/officer_keys.js"></script>'
            body = f'<!doctype html><html lang="en">{head}{PAGES[path]}'
            route.fulfill(body=body, headers={"Content-Type": "text/html"} | HEADERS)

    @property
    def status(self) -> Locator:
        return self.page.get_by_role("status")

    def make(self, passphrase: str, again: str) -> None:
        self.page.goto(f"{SITE}/make")
        self.page.get_by_label("Passphrase").fill(passphrase)
        self.page.get_by_label("Again").fill(again)
        self.page.get_by_role("button", name="Go").click()

    def read(self, path: str, file: bytes, passphrase: str = PASSPHRASE) -> None:
        self.page.goto(SITE + path)
        chosen: Any = {"name": "keys.json", "mimeType": "application/json", "buffer": file}
        self.page.get_by_label("File").set_input_files(chosen)
        self.page.get_by_label("Passphrase").fill(passphrase)
        self.page.keyboard.press("Enter")

    def send(self) -> dict[str, str]:
        with self.page.expect_navigation():
            self.page.get_by_role("button", name="Send").click()
        return self.sent


@pytest.fixture(scope="module")
def desk(chromium: Browser) -> Iterator[Desk]:
    context = chromium.new_context()
    yield Desk(context.new_page())
    context.close()


@pytest.fixture(scope="module")
def made(desk: Desk) -> tuple[dict[str, str], bytes]:
    """What the site was given of an officer's fresh keys, and the file the officer saved."""
    with desk.page.expect_download() as saved:
        desk.make(PASSPHRASE, PASSPHRASE)
    assert saved.value.suggested_filename == "officer-keys-election-7.json"
    file = Path(saved.value.path()).read_bytes()
    expect(desk.status).to_contain_text("Your keys are made and the file is saved")
    expect(desk.page.get_by_role("button", name="Send")).to_be_focused()
    return desk.send(), file


def frozen_with(keys: dict[str, str]) -> World:
    """An election whose second officer brought these keys."""
    world = World()
    officers = world.fields["officers"]
    officers[1] |= {name: keys[name] for name in ("encryption", "signing", "nonce")}
    public = [bytes.fromhex(officer["encryption"]) for officer in officers]
    sealed = [share.hex() for share in seeds.seal(world.seed, 2, public)]
    world.fields |= {"officers": officers, "sealed_seed": sealed}
    world.freeze = freezing.read(freezing.write(world.fields))
    return world


@pytest.fixture(scope="module")
def world(desk: Desk, made: tuple[dict[str, str], bytes]) -> World:
    world = frozen_with(made[0])
    heads = world.freeze.hash, 1, 12, bytes(32), 13
    desk.documents = {
        "/freeze.json": world.freeze.raw,
        "/sealed.json": chains.sealed_document(world.freeze.hash, *heads),
    }
    return world


def test_the_keys_are_made_in_the_browser_and_only_the_public_part_is_sent(
    made: tuple[dict[str, str], bytes],
) -> None:
    sent, file = made

    kept = json.loads(file)
    assert set(sent) == {"encryption", "signing", "nonce"}
    assert exchange.key_fault(bytes.fromhex(sent["encryption"])) is None
    assert edwards.key_fault(bytes.fromhex(sent["signing"])) is None
    assert kept["public"] == sent
    assert kept["about"]["officer"] == "Olga"
    assert (kept["scrypt"]["N"], kept["scrypt"]["r"]) == (2**17, 8)


def test_a_passphrase_is_long_and_typed_twice_alike(desk: Desk) -> None:
    desk.make("short", "short")
    expect(desk.status).to_contain_text("at least 12 letters")
    desk.make(PASSPHRASE, "something else")
    expect(desk.status).to_contain_text("not the same")
    expect(desk.page.get_by_role("button", name="Send")).to_be_disabled()


def test_the_file_signs_the_frozen_election(
    desk: Desk, made: tuple[dict[str, str], bytes], world: World
) -> None:
    desk.read("/open", made[1])
    expect(desk.status).to_contain_text("the election is signed")
    expect(desk.page.locator("[data-act-hash]")).to_have_text(world.freeze.hash.hex())

    sent = desk.send()

    assert sent["freeze"] == world.freeze.hash.hex()
    message = freezing.opening_message(world.freeze.hash)
    assert edwards.verify(bytes.fromhex(made[0]["signing"]), message, bytes.fromhex(sent["signature"]))


def test_the_file_signs_the_sealed_board_and_gives_the_key(
    desk: Desk, made: tuple[dict[str, str], bytes], world: World
) -> None:
    desk.read("/close", made[1])
    expect(desk.status).to_contain_text("The sealed board is signed")

    sent = desk.send()

    assert exchange.public(bytes.fromhex(sent["key"])).hex() == made[0]["encryption"]
    message = chains.closing_message(bytes.fromhex(sent["sealed"]))
    assert edwards.verify(bytes.fromhex(made[0]["signing"]), message, bytes.fromhex(sent["signature"]))


def test_a_wrong_passphrase_a_strange_file_and_another_election_are_told_apart(
    desk: Desk, made: tuple[dict[str, str], bytes], world: World
) -> None:
    desk.read("/open", b"{}")
    expect(desk.status).to_contain_text("not a file of an officer")
    desk.read("/open", made[1], "a passphrase that is wrong")
    expect(desk.status).to_contain_text("does not open this file")
    desk.documents["/freeze.json"] = World().freeze.raw
    desk.read("/open", made[1])
    expect(desk.status).to_contain_text("not the ones frozen for you")
    desk.documents["/freeze.json"] = world.freeze.raw

    expect(desk.page.get_by_role("button", name="Send")).to_be_disabled()
    assert desk.page.locator("[name=signature]").input_value() == ""


def test_a_share_sealed_to_nobody_is_not_signed_over(
    desk: Desk, made: tuple[dict[str, str], bytes], world: World
) -> None:
    shares = list(world.fields["sealed_seed"])
    spoilt = world.fields | {"sealed_seed": [shares[0], shares[0], shares[2]]}
    desk.documents["/freeze.json"] = freezing.write(spoilt)
    desk.read("/open", made[1])

    expect(desk.status).to_contain_text("The test share that was sealed to you does not open")
    desk.documents["/freeze.json"] = world.freeze.raw
