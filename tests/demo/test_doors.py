"""Playing one of the demo's people and reading the mail: on this machine only."""

from __future__ import annotations

from dataclasses import replace
from email.message import EmailMessage
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import delete

from iocop.core import clock
from iocop.core.db import act
from iocop.core.login import Viewer
from iocop.core.mail import mail_folder
from iocop.members.models import Member
from iocop.members.queries import viewer_by_token
from tests.client import Browser
from tests.factories import saved

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

ELSEWHERE = {"REMOTE_ADDR": "192.0.2.7"}


@pytest.fixture
def visitor(filled: Flask) -> Browser:
    return Browser(filled)


@pytest.fixture
def letters(filled: Flask) -> Iterator[None]:
    """Sixty mails in the folder."""
    for number in range(1, 61):
        message = EmailMessage()
        message["Subject"], message["From"], message["To"] = (
            f"Answer {number}",
            "iocop@localhost",
            "niamh@x.example",
        )
        message.set_content(f"Mehmet answered <b>.\n\nRead it: http://localhost/p/{number}\n")
        (mail_folder() / f"{number:08d}.eml").write_bytes(message.as_bytes())
    yield
    for path in mail_folder().glob("*.eml"):
        path.unlink()


def someone(browser: Browser) -> Viewer:
    """Whom the browser's session belongs to."""
    with browser.client.session_transaction() as session:
        token = session.get("_user_id", "")
    return viewer_by_token(token) or Viewer()


@pytest.mark.parametrize(
    ("handle", "name", "office"),
    [
        ("niamh.carrick", "Niamh Carrick", None),
        ("ruth.callander", "Ruth Callander", "moderator"),
        ("katrin.ullmann", "Katrin Ullmann", "board_member"),
        ("grant.mcivor", "Grant McIvor", "administrator"),
        ("ama.boateng", "Ama Boateng", None),
    ],
)
def test_a_visitor_becomes_somebody_with_one_press(
    visitor: Browser, handle: str, name: str, office: str | None
) -> None:
    buttons = visitor.page("/demo").select("form button[name=as]")
    assert len(buttons) == 9
    assert handle in [button["value"] for button in buttons]

    response = visitor.post("/demo", {"as": handle})

    assert response.status_code == 303
    assert someone(visitor).name == name
    assert someone(visitor).roles == frozenset(filter(None, [office]))


def test_the_newcomer_is_whoever_joined_last_but_never_a_real_person(visitor: Browser) -> None:
    newcomer = visitor.page("/demo").select("form button[name=as]")[-1]["value"]
    real = saved(
        Member(
            number=9001, handle="real.person", name="Real Person", email="real@made.example", password_hash="x",
            joined_at=clock.now(), reviewed_at=clock.now(),
        )
    )  # fmt: skip

    try:
        page = visitor.page("/demo")
        refused = visitor.post("/demo", {"as": "real.person"})
    finally:
        with act() as session:
            session.execute(delete(Member).where(Member.id == real.id))

    assert page.select("form button[name=as]")[-1]["value"] == newcomer != "real.person"
    assert refused.status_code == 422
    assert someone(visitor).id == 0


def test_nobody_else_can_be_played(visitor: Browser) -> None:
    assert visitor.post("/demo", {"as": "saoirse.lally"}).status_code == 422
    assert visitor.post("/demo", {}).status_code == 422
    assert someone(visitor).id == 0


@pytest.mark.parametrize("verb", ["get", "post"])
def test_a_site_that_is_no_demo_has_no_such_page(
    filled: Flask, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    monkeypatch.setitem(filled.extensions, "settings", replace(filled.extensions["settings"], demo=False))

    response = getattr(Browser(filled), verb)(
        "/demo", **({"data": {"as": "niamh.carrick"}} if verb == "post" else {})
    )

    assert response.status_code == 404


@pytest.mark.parametrize(
    "request_from",
    [
        {"environ_base": ELSEWHERE},
        {"base_url": "http://guild.example/"},
        {"headers": {"X-Forwarded-For": "198.51.100.4"}},
    ],
    ids=["another machine", "another name", "a proxy"],
)
def test_the_doors_open_on_this_machine_only(
    visitor: Browser, monkeypatch: pytest.MonkeyPatch, request_from: dict[str, Any]
) -> None:
    assert visitor.get("/demo", **request_from).status_code == 403
    assert visitor.get("/dev/mail", **request_from).status_code == 403
    assert visitor.get("/dev/mail/1", **request_from).status_code == 403

    monkeypatch.setitem(
        visitor.app.config, "WTF_CSRF_ENABLED", False
    )  # a browser elsewhere has its own token
    assert visitor.post("/demo", {"as": "niamh.carrick"}, **request_from).status_code == 403
    assert someone(visitor).id == 0


def test_a_site_the_demo_did_not_fill_says_so(filled: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("iocop.demo.queries.PERSONAS", ())

    assert "Nobody to be" in Browser(filled).page("/demo").get_text()


@pytest.mark.usefixtures("letters")
def test_mail_is_read_newest_first_and_its_links_open(visitor: Browser) -> None:
    first = visitor.page("/dev/mail")
    second = visitor.page("/dev/mail?page=2")
    letter = visitor.page("/dev/mail/60")

    subjects = [link.get_text() for link in first.select("tbody a")]
    assert (subjects[0], len(subjects), len(second.select("tbody tr"))) == ("Answer 60", 50, 10)
    [heading], [body], [link] = (letter.select(each) for each in ("h1", ".prose", ".prose a"))
    assert heading.get_text() == "Answer 60"
    assert "Mehmet answered <b>." in body.get_text()
    assert link["href"] == "http://localhost/p/60"
    assert visitor.get("/dev/mail/61").status_code == 404


def test_an_empty_folder_says_what_will_come(visitor: Browser) -> None:
    assert "No mail yet" in visitor.page("/dev/mail").get_text()


def test_a_site_in_production_never_shows_its_mail(filled: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = replace(filled.extensions["settings"], demo=False, env="production")
    monkeypatch.setitem(filled.extensions, "settings", settings)

    assert Browser(filled).get("/dev/mail").status_code == 403


def test_every_page_says_that_it_is_a_demo(visitor: Browser) -> None:
    assert visitor.page("/demo").select_one(".demo-banner") is not None
