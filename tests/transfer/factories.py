"""What the tests of packs need: a thread, and a pack's form as its page sends it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from docx import Document

from iocop.contributions.models import Contribution
from iocop.core.db import act
from tests.factories import make_organization
from tests.forums.factories import make_answer, make_topic
from tests.people import person

if TYPE_CHECKING:
    from bs4 import BeautifulSoup
    from werkzeug.test import TestResponse

    from iocop.forums.models import Topic
    from iocop.members.models import Member
    from tests.client import Browser


def thread(label: str = "take-home", text: str = "Bob Birch of Rival said so.", **about: Any) -> Thread:
    """A question by Ann Alder of Acme, answered by Bob Birch of Rival."""
    return Thread(label, text, **about)


class Thread:
    """Two people of two organizations, what one asked and the other answered."""

    def __init__(
        self, label: str, text: str, answer_label: str = "", title: str = "Where does it leak?"
    ) -> None:
        self.acme = make_organization(name="Acme GmbH", slug="acme", country="DE")
        self.rival = make_organization(name="Rival", slug="rival", country="IE")
        self.ann: Member = person("Ann Alder", self.acme, "acme.example")
        self.bob: Member = person("Bob Birch", self.rival, "rival.example")
        self.topic: Topic = make_topic(author=self.ann, label=label, title=title, text=text)
        self._show(self.topic.id)
        self.answer: Contribution = make_answer(
            self.topic, author=self.bob, label=answer_label or label, text="At the gland, @ann."
        )

    @staticmethod
    def _show(contribution_id: int) -> None:
        """Let a newcomer's links through."""
        with act() as session:
            session.get_one(Contribution, contribution_id).state = "visible"

    @property
    def address(self) -> str:
        return f"/c/{self.topic.id}/take-home"


def sent(page: BeautifulSoup, **changes: str) -> dict[str, Any]:
    """Return the form of a preview as a browser would send it, some words changed."""
    words = [str(field["value"]) for field in page.select("input[name=word]")]
    usual = [str(field.get("value", "")) for field in page.select("input[name=becomes]")]
    wanted = [changes.get(word, becomes) for word, becomes in zip(words, usual, strict=True)]
    return {"word": words, "becomes": wanted, "step": "take", "format": "md"}


def taken(browser: Browser, address: str, **changes: str) -> TestResponse:
    """Look through a preview and download it; *format* and *pictures* go to the form, all else stands for words."""
    about = {key: changes.pop(key) for key in ("format", "pictures", "step") if key in changes}
    return browser.post(address, data=sent(browser.page(address), **changes) | about)


def word_text(content: bytes) -> str:
    """Return all the words of a Word document, its tables' among them."""
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])
