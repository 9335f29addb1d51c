"""Which of a few documents a plan finds, without an index: saved searches look at what is new alone. Pure."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from iocop.search.analysis import analyse

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from iocop.search.plan import Bounds, Field, Group, Part, Phrase, Plan, Way
    from iocop.search.port import Document

EXACT: Final[tuple[Field, ...]] = ("title_exact", "exact")
NONE: Final[frozenset[int]] = frozenset()


class Batch:
    """Some documents, with the words of each, as every engine has them."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self.documents = list(documents)
        self._with: dict[tuple[Field, str], set[int]] = defaultdict(set)
        self._in_order: dict[tuple[Field, int], list[str]] = {}
        for place, document in enumerate(self.documents):
            for field, words in _words(document):
                for word in words:
                    self._with[field, word].add(place)
                self._in_order[field, place] = words

    def __len__(self) -> int:
        return len(self.documents)

    def having_all(self, plan: Plan) -> list[Document]:
        """Return the documents that have every word and phrase of a plan, none it leaves out, within its bounds.

        What has only some of the words is not among them, whatever the plan needs.
        """
        if plan.is_empty:
            return []
        left = set(range(len(self.documents)))
        for group in plan.groups:
            left &= self._group(group)
            if not left:  # most searches end at their first word
                return []
        for phrase in plan.phrases:
            left &= self._phrase(phrase)
        for phrase in plan.excluded:
            left -= self._phrase(phrase)
        found = [self.documents[place] for place in sorted(left)]
        return found if plan.bounds.is_empty else [one for one in found if _within(one, plan.bounds)]

    def _group(self, group: Group) -> set[int]:
        return set().union(*map(self._way, group))

    def _way(self, way: Way) -> set[int]:
        parts = [self._part(part) for part in way]
        return set.intersection(*parts) if parts else set()

    def _part(self, part: Part) -> set[int]:
        return set().union(*(self._with.get((word.field, word.text), NONE) for word in part))

    def _phrase(self, phrase: Phrase) -> set[int]:
        return {
            place
            for field in EXACT
            for place in self._candidates(field, phrase)
            if _in_a_row(phrase, self._in_order[field, place])
        }

    def _candidates(self, field: Field, phrase: Phrase) -> set[int]:
        having = [self._with.get((field, word), NONE) for word in phrase]
        return set(frozenset.intersection(*map(frozenset, having))) if having else set()


def _words(document: Document) -> tuple[tuple[Field, list[str]], ...]:
    title, text = (analyse(words, document.language) for words in (document.title, document.text))
    return (
        ("title_stem", title.stems),
        ("stem", text.stems),
        ("title_exact", title.exact),
        ("exact", text.exact),
    )


def _within(document: Document, bounds: Bounds) -> bool:
    keys = document.keys
    return (
        all(keys & wanted for wanted in bounds.all_of)
        and not keys & bounds.none_of
        and (bounds.after is None or document.at >= bounds.after)
        and (bounds.before is None or document.at < bounds.before)
    )


def _in_a_row(phrase: Phrase, words: Sequence[str]) -> bool:
    first, length = phrase[0], len(phrase)
    return any(
        word == first and tuple(words[at : at + length]) == tuple(phrase) for at, word in enumerate(words)
    )
