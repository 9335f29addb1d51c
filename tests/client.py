"""A test's browser: signs in, follows, and checks every page it fetches."""

from __future__ import annotations

from contextvars import Context
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from lxml.html import document_fromstring
from werkzeug.exceptions import HTTPException

from iocop.core.db import db

if TYPE_CHECKING:
    from flask import Flask
    from lxml.html import HtmlElement
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
            problems = html_problems(self.app, response.text)
            assert not problems, f"{verb} {path}: {problems}"
        return response


def html_problems(app: Flask, text: str) -> list[str]:
    """Return what is wrong with a page, or with a fragment swapped into one, of which less is asked."""
    if not text.strip():
        return []
    page = document_fromstring(text)
    return (page_problems(page) if "<html" in text else []) + dead_links(app, page)


def page_problems(page: HtmlElement) -> list[str]:
    """Return what every page must not have: see the list in the code, one line each."""
    found = []
    headings = sum(1 for _ in page.iter("h1"))
    if headings != 1:
        found.append(f"{headings} h1")
    title = page.find(".//title")
    if title is None or not title.text_content().strip():
        found.append("no title")
    if not page.get("lang"):
        found.append("no lang")
    found += [f"inline style on <{tag.tag}>" for tag in page.iterfind(".//*[@style]")]
    found += ["inline script" for tag in page.iter("script") if not tag.get("src")]
    named = {label.get("for") for label in page.iter("label")}
    found += [
        f"unlabelled {tag.tag} {tag.get('name')}"
        for tag in page.iter("input", "select", "textarea")
        if not _labelled(tag, named)
    ]
    found += [problem for form in page.iter("form") for problem in _form_problems(form)]
    return found


def _labelled(tag: HtmlElement, named: set[str | None]) -> bool:
    if tag.get("type") in UNLABELLED_TYPES or tag.get("aria-label") or tag.get("aria-labelledby"):
        return True
    return next(tag.iterancestors("label"), None) is not None or str(tag.get("id")) in named


def _form_problems(form: HtmlElement) -> list[str]:
    found = []
    if form.get("action") is None:
        found.append("a form without an action")
    if form.get("method", "get").lower() == "post" and form.find(".//input[@name='csrf_token']") is None:
        found.append(f"a form without a token: {form.get('action')}")
    return found


def dead_links(app: Flask, page: HtmlElement) -> list[str]:
    """Return internal links that no route takes; what a route finds there is its own test's matter."""
    routes = app.url_map.bind("localhost")
    found = []
    for link in page.iterfind(".//a[@href]"):
        parts = urlsplit(link.get("href", ""))
        if parts.scheme or parts.netloc or not parts.path:
            continue
        try:
            routes.match(parts.path, method="GET")
        except HTTPException as error:
            if error.code != 308:
                found.append(f"dead link {parts.path}")
    return found
