"""The demo community's threads as plain text: by hand, and varied so that no long paragraph stands thrice.

Nothing here knows the database.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Literal

from iocop.demo.templates import (
    LEAST_COMBINATIONS,
    LONG,
    Kind,
    Label,
    Paragraph,
    PostTemplate,
    Template,
    fail,
    read_threads,
    words,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import timedelta

__all__ = ["PostText", "Template", "ThreadText", "handwritten", "read_threads", "variants"]

TRIES = 40  # drafts drawn for a variant before the least worn of them is taken


@dataclass(frozen=True)
class PostText:
    """One later post; *parent* is the number of the answer a reply hangs under, counted from 1."""

    author: str
    after: timedelta
    kind: Literal["answer", "reply"]
    parent: int | None
    helpful: int
    works_here: tuple[tuple[str, str], ...]
    body: str


@dataclass(frozen=True)
class ThreadText:
    """A thread ready to be posted; *accepted* is the number of the accepted answer, counted from 1."""

    kind: Kind
    title: str
    domains: tuple[str, ...]
    tags: tuple[str, ...]
    products: tuple[str, ...]
    author: str
    days_ago: int
    label: Label
    language: str
    accepted: int | None
    body: str
    posts: tuple[PostText, ...]


def handwritten(template: Template) -> ThreadText:
    """The thread as its author wrote it: the first choice everywhere, nothing left out."""
    first = dict.fromkeys(template.named, 0)
    return _written(template, len(template.posts), lambda paragraph: paragraph.text(first, 0))


def variants(templates: Sequence[Template], count: int, seed: int) -> list[ThreadText]:
    """Draw *count* variants, as many of each template as of the next; the same seed draws the same.

    Over the handwritten threads and these, no paragraph of more than 12 words stands a third time.

    Raises:
        ValueError: a paragraph, named by file and line, has too few combinations for that.
    """
    rng = Random(seed)  # noqa: S311 (nothing here is secret)
    used = Counter(text for template in templates for text in _counted(handwritten(template)))
    threads = []
    for number in range(count):
        draft = _least_worn(templates[number % len(templates)], used, rng)
        used.update(draft.said.keys())
        threads.append(draft.thread)
    return threads


class _Draft:
    """One draw of a variant; `said` holds its title and long paragraphs, and how often each stood before."""

    def __init__(self, template: Template, used: Counter[str], rng: Random) -> None:
        self.said: dict[str, tuple[int, str]] = {}
        self._used, self._rng = used, rng
        self._named = {name: rng.randrange(choices) for name, choices in template.named.items()}
        posts = rng.randint(template.fewest_posts, len(template.posts))
        self.thread = _written(template, posts, self._say)
        self.said[self.thread.title] = (min(used[self.thread.title], 1), template.title.where)
        worn = self.said.values()
        self.cost = (max(times for times, _ in worn), sum(times for times, _ in worn))

    def _say(self, paragraph: Paragraph) -> str:
        numbers = self._rng.sample(range(paragraph.free), min(paragraph.free, 2 * LEAST_COMBINATIONS))
        texts = [paragraph.text(self._named, number) for number in numbers]
        text = min(texts, key=self._times)
        if paragraph.optional and (self._times(text) or self._rng.random() < 0.5):
            return ""
        if words(text) > LONG:
            self.said[text] = (self._times(text), paragraph.where)
        return text

    def _times(self, text: str) -> int:
        return self._used[text] + (text in self.said)


def _least_worn(template: Template, used: Counter[str], rng: Random) -> _Draft:
    best = _Draft(template, used, rng)
    for _ in range(TRIES):
        if best.cost == (0, 0):
            break
        best = min(best, _Draft(template, used, rng), key=lambda draft: draft.cost)
    times, where = max(best.said.values())
    if times > 1:
        fail(where, "this paragraph has too few combinations of slots to be varied so often")
    return best


def _written(template: Template, posts: int, say: Callable[[Paragraph], str]) -> ThreadText:
    head = template.head
    return ThreadText(
        kind=head["kind"],
        title=say(template.title),
        domains=tuple(head["domains"]),
        tags=tuple(head["tags"]),
        products=tuple(say(product) for product in template.products),
        author=head["author"],
        days_ago=head["days_ago"],
        label=head["label"],
        language=head["language"],
        accepted=head.get("accepted"),
        body=_body(template.body, say),
        posts=tuple(_post_text(post, say) for post in template.posts[:posts]),
    )


def _post_text(post: PostTemplate, say: Callable[[Paragraph], str]) -> PostText:
    works_here = tuple((organization, say(conditions)) for organization, conditions in post.works_here)
    body = _body(post.body, say)
    return PostText(post.author, post.after, post.kind, post.parent, post.helpful, works_here, body)


def _body(paragraphs: Iterable[Paragraph], say: Callable[[Paragraph], str]) -> str:
    return "\n\n".join(filter(None, map(say, paragraphs)))


def _counted(thread: ThreadText) -> list[str]:
    """The title and the long paragraphs."""
    bodies = [thread.body, *(post.body for post in thread.posts)]
    return [thread.title, *(text for body in bodies for text in body.split("\n\n") if words(text) > LONG)]
