"""Fields that a hand may have changed are looked at before anything is written, and the first odd one is named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from iocop.imports.folders.files import moment
from iocop.repertoire.kinds import KINDS
from iocop.repertoire.models.articles import STANDINGS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from iocop.imports.folders.files import Head
    from iocop.imports.folders.loading import Filed

_TEXTS: Final = ("title", "origin", "key", "language", "licence", "attribution", "space", "byline")
_MOMENTS: Final = ("created", "published", "renewed", "review_by", "at")
_PEOPLE: Final = ("author", "owner", "deputy", "editor")
_OF_ARTICLES: Final = (
    "summary",
    "standing",
    "owner",
    "deputy",
    "seals",
    "renewed",
    "retired",
    "aliases",
    "tags",
    "applies_to",
)
_APPLIES: Final = {"product", "versions", "standard", "region"}


def odd_field(filed: Filed, people: Collection[int], domains: Collection[str], *, is_article: bool) -> str:
    """Return the name of the first field that cannot be read as it is meant; empty where all can.

    Args:
        people, domains: what the folder's lists name, by number and by slug.
    """
    found = _odd(filed.head, people, domains, is_article=is_article)
    turns = (
        name for head, _text in filed.history for name in _odd(head, people, domains, needed=("editor", "at"))
    )
    return next((name for names in (found, turns) for name in names), "")


def _odd(
    head: Head,
    people: Collection[int],
    domains: Collection[str],
    *,
    is_article: bool = False,
    needed: Iterable[str] = (),
) -> Iterator[str]:
    yield from (name for name in (*needed, *(_OF_ARTICLES if is_article else ())) if name not in head)
    yield from (name for name in _TEXTS if not isinstance(head.get(name, ""), str))
    yield from (name for name in _MOMENTS if name in head and not _is_moment(head[name]))
    yield from (name for name in _PEOPLE if head.get(name) is not None and head[name] not in people)
    yield from (name for name in ("tags", "aliases") if not _are_words(head.get(name, [])))
    if not _are_words(head.get("domains", [])) or not set(head.get("domains", [])) <= set(domains):
        yield "domains"
    if is_article:
        yield from _odd_of_article(head)


def _odd_of_article(head: Head) -> Iterator[str]:
    if head["kind"] not in KINDS:
        yield "kind"
    if head["standing"] not in STANDINGS:
        yield "standing"
    applies = head["applies_to"]
    if not isinstance(applies, dict) or applies.keys() != _APPLIES or not _are_words(list(applies.values())):
        yield "applies_to"


def _is_moment(value: Any) -> bool:
    try:
        return moment(value).tzinfo is not None
    except (TypeError, ValueError):
        return False


def _are_words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)
