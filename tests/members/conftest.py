"""A browser whose every request stands alone: another person, another hop, another `g`."""

from __future__ import annotations

from contextvars import Context
from typing import TYPE_CHECKING, Any

import pytest

from iocop.core.db import db
from tests import client

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse


class Browser(client.Browser):
    """The tests' browser, outside the test's own application context; afterwards the test reads rows anew."""

    def fresh(self) -> Browser:
        return Browser(self.app)

    def csrf_token(self) -> str:
        return Context().run(super().csrf_token)

    def _checked(self, verb: str, path: str, **options: Any) -> TestResponse:
        checked = super()._checked
        response = Context().run(lambda: checked(verb, path, **options))
        db.session.rollback()
        return response


@pytest.fixture
def browser(app: Flask) -> Browser:
    return Browser(app)
