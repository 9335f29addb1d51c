"""What tests of engines share: documents, writing them, and what is found by plans made by hand or of what was typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

from iocop.core.outbox import START, Cursor
from iocop.search.plan import Bounds, Group, Plan, Word
from iocop.search.planning import plan_of
from iocop.search.port import EVERYWHERE, KINDS, Document, Kind, Mask, ref
from iocop.search.query import parse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iocop.search.port import Matches, SearchEngine

Engine = TypeVar("Engine", bound="SearchEngine")

INSIDE: Final = Mask(frozenset({1}), member=True)
GUEST: Final = Mask(frozenset({1}), member=False)
EVERYBODY: Final = Mask(frozenset({1, 2, 3, EVERYWHERE}), member=True)


def document(key: int, text: str = "", **given: Any) -> Document:
    """A post for everybody in space 1, unless said otherwise; keys as `own_keys`."""
    kind: Kind = given.get("kind", "post")
    usual: dict[str, Any] = {
        "ref": ref(kind, key), "kind": kind, "id": key, "topic_id": key, "space_id": 1, "label": "public",
        "language": "en", "title": "", "text": text, "own_keys": frozenset({"open=1"}),
    }  # fmt: skip
    return Document(**usual | given)


def filled(engine: Engine, documents: Iterable[Document] = (), upto: Cursor = START) -> Engine:
    for _ in engine.rebuild(documents, upto):
        pass
    return engine


def put(engine: SearchEngine, *documents: Document, upto: Cursor = START) -> None:
    engine.apply(documents, {one.ref for one in documents}, upto)


def found(engine: SearchEngine, typed: str, mask: Mask = INSIDE, bounds: Bounds | None = None) -> Matches:
    """Return what is found by what somebody typed."""
    return engine.search(plan_of(parse(typed), bounds or Bounds(), engine.languages()), mask)


def ids(engine: SearchEngine, asked: str | Plan, mask: Mask = INSIDE) -> list[int]:
    """Return the ids found by something typed or a plan: whole ones first, the best of them before others."""
    matches = found(engine, asked, mask) if isinstance(asked, str) else engine.search(asked, mask)
    rows = zip(-matches.whole.astype(int), -matches.scores, matches.ids.tolist(), strict=True)
    return [key for _, _, key in sorted(rows)]


def refs(matches: Matches) -> list[str]:
    """Return what was found, in the order of kinds and ids."""
    pairs = sorted(zip(matches.kinds.tolist(), matches.ids.tolist(), strict=True))
    return [ref(KINDS[kind], key) for kind, key in pairs]


def group(*words: str, weight: float = 1.0) -> Group:
    """Words that must all stand in the text or title as they are written here."""
    return (tuple((Word("exact", word, weight), Word("title_exact", word, weight)) for word in words),)


def plan(*words: str, **given: Any) -> Plan:
    """A plan of one group for each word."""
    return Plan(groups=tuple(group(word) for word in words), **given)
