"""A topic with an answer, an article and files, as tests of documents look at them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iocop.contributions.models import Contribution
from iocop.contributions.services import (
    attach,
)
from iocop.repertoire.models import Article
from iocop.search import documents
from iocop.search.port import Document
from tests.factories import viewer_of
from tests.forums.factories import make_answer, make_domain, make_space, make_topic
from tests.people import Cast, cast, officer
from tests.repertoire.factories import make_article

if TYPE_CHECKING:
    from iocop.contributions.models import Attachment
    from iocop.core.login import Viewer
    from iocop.forums.models import Topic
    from iocop.spaces.models import Space


@dataclass(frozen=True)
class World:
    """A topic with an answer, an article, and a file in each."""

    people: Cast
    space: Space
    topic: Topic
    answer: Contribution
    article: Article
    notes: Attachment
    sheet: Attachment

    @property
    def admin(self) -> Viewer:
        return viewer_of(self.people.alice)


def make_world() -> World:
    people, space = cast(), make_space()
    make_domain(name="Hydronics")
    officer(people.alice, "moderator")
    notes = attach(viewer_of(people.charlie), "notes.txt", b"Frost guard installed")
    sheet = attach(viewer_of(people.bob), "flows.csv", b"pump;flow\nP1;3.2\n")
    topic = make_topic(author=people.bob, title="Frost on the coil", tags=("coils", "frost"))
    answer = make_answer(topic, author=people.charlie, text=f"Glycol. [n](/attachments/{notes.id}/notes.txt)")
    article = make_article(
        author=people.bob, title="Balancing", product="Heat Calc", versions="2.1–2.3",
        text=f"Measure. [f](/attachments/{sheet.id}/flows.csv)",
    )  # fmt: skip
    return World(people, space, topic, answer, article, notes, sheet)


def shelf() -> dict[tuple[str, str], Document]:
    """Every document, read anew."""
    return {(one.ref, one.label): one for one in documents.everything()}
