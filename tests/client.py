"""A test's browser: signs in, follows, and checks every page it fetches."""

from __future__ import annotations

from contextvars import Context
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

from iocop.core.db import db

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

    from iocop.members.models import Member

UNLABELLED_TYPES = {"hidden", "submit", "button", "image", "reset"}


class Browser:
    """A person at the keyboard. `get` and `post` return responses; `page` returns the parsed page.

    Every request stands alone, as on a server: outside the test's own application context, so with its own `g` and its
    own database session. Afterwards the test reads its rows anew.
    """

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client: FlaskClient = app.test_client()

    def fresh(self) -> Browser:
        """Return another browser, signed in as nobody."""
        return Browser(self.app)

    def sign_in(self, member: Member) -> Browser:
        """Give this browser a live session of the member, as the sign-in page would."""
        from iocop.members import services

        token = services.open_session(member.id, device="tests")
        with self.client.session_transaction() as session:
            session["_user_id"] = token
        return self

    def sign_out(self) -> Browser:
        self.client = self.app.test_client()
        return self

    def get(self, path: str, **options: Any) -> TestResponse:
        return self._checked("get", path, **options)

    def peek(self, path: str) -> TestResponse:
        """Fetch without checking the page, for the tests that fetch hundreds."""
        response: TestResponse = Context().run(self.client.get, path, buffered=True)
        db.session.rollback()
        return response

    def page(self, path: str, **options: Any) -> BeautifulSoup:
        """Fetch a page that must answer 200, and parse it."""
        response = self.get(path, follow_redirects=True, **options)
        assert response.status_code == 200, f"{path}: {response.status_code}"
        return BeautifulSoup(response.text, "html.parser")

    def post(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        """Send a form with the token its page would carry."""
        form = dict(data or {})
        form.setdefault("csrf_token", self.csrf_token())
        return self._checked("post", path, data=form, **options)

    def csrf_token(self) -> str:
        """Return a token of this browser's session."""
        return Context().run(self._new_token)

    def _new_token(self) -> str:
        from flask_wtf.csrf import generate_csrf

        with self.app.test_request_context():
            from flask import session as request_session

            with self.client.session_transaction() as stored:
                if "csrf_token" in stored:
                    request_session["csrf_token"] = stored["csrf_token"]
                token = str(generate_csrf())
                stored["csrf_token"] = request_session["csrf_token"]
        return token

    def _checked(self, verb: str, path: str, **options: Any) -> TestResponse:
        response: TestResponse = Context().run(getattr(self.client, verb), path, **options)
        db.session.rollback()
        if response.mimetype == "text/html" and response.status_code not in {301, 302, 303, 304, 307, 308}:
            page = BeautifulSoup(response.text, "lxml" if "<html" in response.text else "html.parser")
            problems = page_problems(page) + dead_links(self.app, page)
            assert not problems, f"{verb} {path}: {problems}"
        return response


def page_problems(page: BeautifulSoup) -> list[str]:
    """Return what every page must not have: see the list in the code, one line each."""
    if page.find("html") is None:
        return []  # a fragment swapped into a page
    found = []
    headings = page.find_all("h1")
    if len(headings) != 1:
        found.append(f"{len(headings)} h1")
    if page.title is None or not page.title.get_text(strip=True):
        found.append("no title")
    if not page.html or not page.html.get("lang"):
        found.append("no lang")
    found += [f"inline style on <{tag.name}>" for tag in page.find_all(style=True)]
    found += ["inline script" for tag in page.find_all("script") if not tag.get("src")]
    found += [
        f"unlabelled {tag}"
        for tag in page.find_all(["input", "select", "textarea"])
        if not _labelled(page, tag)
    ]
    found += [problem for form in page.find_all("form") for problem in _form_problems(form)]
    return found


def _labelled(page: BeautifulSoup, tag: Tag) -> bool:
    if tag.get("type") in UNLABELLED_TYPES or tag.get("aria-label") or tag.get("aria-labelledby"):
        return True
    return (
        tag.find_parent("label") is not None
        or page.find("label", attrs={"for": str(tag.get("id"))}) is not None
    )


def _form_problems(form: Tag) -> list[str]:
    found = []
    if form.get("action") is None:
        found.append("a form without an action")
    if str(form.get("method", "get")).lower() == "post" and not form.find(
        "input", attrs={"name": "csrf_token"}
    ):
        found.append(f"a form without a token: {form.get('action')}")
    return found


def dead_links(app: Flask, page: BeautifulSoup) -> list[str]:
    """Return internal links that no route takes; what a route finds there is its own test's matter."""
    routes = app.url_map.bind("localhost")
    found = []
    for link in page.find_all("a", href=True):
        parts = urlsplit(str(link["href"]))
        if parts.scheme or parts.netloc or not parts.path:
            continue
        try:
            routes.match(parts.path, method="GET")
        except HTTPException as error:
            if error.code != 308:
                found.append(f"dead link {parts.path}")
    return found
