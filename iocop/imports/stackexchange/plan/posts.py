"""What a post, a comment or a link of theirs is here."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from iocop.imports.words import N_, Phrase

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from iocop.imports.stackexchange.records import Link, Post

COMMUNITY = -1  # the dump's user for what the site did by itself


class Kind(StrEnum):
    QUESTION = "question"
    ANSWER = "answer"
    TAG_EXCERPT = "tag excerpt"  # one plain paragraph
    TAG_WIKI = "tag wiki"


KINDS = {1: Kind.QUESTION, 2: Kind.ANSWER, 4: Kind.TAG_EXCERPT, 5: Kind.TAG_WIKI}
ELSEWHERE = {
    3: N_("wikis of no tag"),
    6: N_("nominations in an election held elsewhere"),
    7: N_("wiki placeholders"),
    8: N_("pages about privileges held elsewhere"),
}
DELETED = N_("deleted before the dump was made")
NO_QUESTION = N_("answers whose question is not in the dump")

LINKS = {1: "related", 3: "duplicate"}


def kind_of(post: Post) -> Kind | Phrase:
    """What the post becomes, or why it stays behind."""
    if post.deletion_date is not None:
        return DELETED
    if post.post_type_id == 2 and post.parent_id is None:
        return NO_QUESTION
    number = post.post_type_id
    settled = KINDS.get(number) or ELSEWHERE.get(number)
    return settled or N_("posts of kind %(kind)s, which has no place here", kind=number)


def title_of(question: Post) -> Phrase:
    """Its title as one line; a question without one is named by its number."""
    title = " ".join((question.title or "").split())
    return Phrase("%(title)s", (("title", title),)) if title else N_("Question %(id)s", id=question.id)


def link_kind(link: Link) -> str | Phrase:
    """*related* or *duplicate* (the post asks what the other has asked already), or why it stays behind."""
    kind = LINKS.get(link.link_type_id)
    return kind or N_("links of kind %(kind)s, which has no place here", kind=link.link_type_id)


def accepted_answer(question: Post, answers: Container[int], voted: Iterable[int] = ()) -> int | None:
    """The one accepted answer.

    Args:
        answers: ids of the question's answers in the dump; any other is not believed.
        voted: answers with an acceptance vote, in the order of the votes; asked where the question itself
            names none, and then the last holds.
    """
    named = [question.accepted_answer_id] if question.accepted_answer_id is not None else list(voted)
    return next((answer for answer in reversed(named) if answer in answers), None)


class Author(NamedTuple):
    """Who wrote: an account of the dump (*user_id*), a name left by a deleted account, or nobody named."""

    user_id: int | None = None
    name: str | None = None

    @property
    def is_known(self) -> bool:
        return self.user_id is not None


def author_of(user_id: int | None, name: str | None, known: Container[int]) -> Author:
    """The author of a row.

    Args:
        known: ids of Users.xml; an account outside it was deleted. The community account writes nothing of
            its own, so that it is nobody.
    """
    if user_id is not None and user_id != COMMUNITY and user_id in known:
        return Author(user_id=user_id)
    return Author(name=" ".join(name.split()) if name else None)
