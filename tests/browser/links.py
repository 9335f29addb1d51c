"""Pages for the holder of a link or between two steps: who comes to them, and by which address."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import pyotp

from iocop import create_app
from iocop.core.db import db
from iocop.core.settings import Settings
from iocop.members import services as members
from iocop.members.models import Member
from iocop.members.numbers import shown
from iocop.notifications.tokens import sign
from iocop.organizations.models import MailDomain
from iocop.organizations.queries import current_rows
from iocop.organizations.services import request_verification
from iocop.roles.services import LINK_KIND, LINK_LASTS
from iocop.search.services import save_search
from tests.browser.person import GUEST, MEMBER, Person
from tests.factories import make_member, viewer_of
from tests.members.factories import PASSWORD, make_account

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from tests.browser.site import Site

NEWCOMER, FORGETFUL, CAREFUL, GONE = (
    f"{who}@links.example" for who in ("new", "forgetful", "careful", "gone")
)


class Door(NamedTuple):
    """A page that needs a link: who opens it, or with which address and `PASSWORD` they have begun to sign in."""

    who: str
    path: str
    email: str = ""


@contextmanager
def inside(site: Site) -> Iterator[None]:
    """Be inside the served site's own data."""
    app = create_app(Settings(data_dir=site.folder, demo=True, base_url=site.address, log_level="ERROR"))
    with app.app_context():
        yield
        db.session.remove()
        db.engine.dispose()


def doors(site: Site) -> list[Door]:
    """Ask for every kind of link the site gives out, and return where they lead."""
    with inside(site):
        make_account(email=FORGETFUL, number=9_001)
        careful = make_account(email=CAREFUL, number=9_002, totp_secret=pyotp.random_base32())
        members.leave(viewer_of(make_account(email=GONE, number=9_003)))
        author = make_member(
            number=9_004, state="imported", email=None, source="pumps.example", source_id="1"
        )
        members.join("Nora New", NEWCOMER, PASSWORD)
        members.request_reset(FORGETFUL)
        members.request_email_change(viewer_of(careful), f"new.{CAREFUL}", PASSWORD)
        member = db.session.query(Member).filter_by(handle=MEMBER).one()
        worked_at = _ask_for_proof(member)
        members.enable_totp(viewer_of(member))
        unsubscribe, first = sign(member.id, "answer"), members.issue_ticket(LINK_KIND, LINK_LASTS)
        claimed, kept = (
            shown(author.number),
            save_search(viewer_of(member), "pump", "topics", alert="mail").id,
        )
    return [
        *(Door(GUEST, _path(site, email)) for email in (NEWCOMER, FORGETFUL, f"new.{CAREFUL}")),
        Door(MEMBER, _path(site, worked_at)),
        Door(GUEST, f"/unsubscribe/{unsubscribe}"),
        *(
            Door(MEMBER, path)
            for path in (
                f"/first-administrator/{first}",
                f"/id/{claimed}/claim",
                f"/search/saved/{kept}",
                "/dev/mail/1",
            )
        ),
        *(Door(MEMBER, f"/settings/security/authenticator/{page}") for page in ("code", "remove")),
        Door(GUEST, "/sign-in/return", GONE),
        Door(GUEST, "/sign-in/code", CAREFUL),
    ]


def through(chromium: Browser, site: Site, door: Door) -> Person:
    """Return the person who stands before a door."""
    person = Person(chromium, site).sign_in(door.who)
    if door.email:
        page = person.page
        page.goto("/sign-in")
        page.get_by_label("E-mail address").fill(door.email)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.locator("main").get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"**{door.path}*")
    return person


def _ask_for_proof(member: Member) -> str:
    """Ask for a link to the member's address at work; return the address."""
    row = current_rows(member.id)[0]
    domain = db.session.query(MailDomain).filter_by(organization_id=row.organization_id).first()
    assert domain is not None
    address = f"links@{domain.domain}"
    request_verification(viewer_of(member), row.id, address)
    return address


def _path(site: Site, address: str) -> str:
    return re.sub(r"^https?://[^/]+", "", site.link_mailed_to(address))
