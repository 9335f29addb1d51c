"""Whoosh's own search: slow, and always right; what the site's scorer finds is compared with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from whoosh import index as _whoosh_index
from whoosh import query as _whoosh_query
from whoosh import searching as _whoosh_searching
from whoosh.scoring import BM25F

from iocop.search.plan import FEW_HITS, K1, B, rarity, usual_length

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from iocop.search.plan import Field, Group, Part, Phrase, Plan, Way
    from iocop.search.port import Mask

whoosh: Any = _whoosh_query  # exports its classes without saying so
whoosh_index: Any = _whoosh_index
whoosh_searching: Any = _whoosh_searching


class Live(BM25F):
    """BM25 whose counts leave deleted documents out, and the one that says how far the outbox was read."""

    def __init__(self) -> None:
        super().__init__(K1=K1, B=B)

    def idf(self, searcher: Any, fieldname: str, text: str) -> float:
        having = searcher.get_parent().reader().postings(fieldname, text)
        count = sum(1 for _ in having.all_ids()) if having.is_active() else 0
        return rarity(_documents(searcher), count)

    def scorer(self, searcher: Any, fieldname: str, text: str, qf: int = 1) -> Any:
        scorer: Any = super().scorer(searcher, fieldname, text, qf)
        average = _total(searcher, fieldname) / _documents(searcher)
        scorer.avgfl = usual_length(cast("Field", fieldname), average)
        return scorer


def _documents(searcher: Any) -> int:
    return int(searcher.get_parent().reader().doc_count() - 1)


def _total(searcher: Any, field: str) -> float:
    reader = searcher.get_parent().reader()
    return float(sum(reader.doc_field_length(number, field, 0) or 0 for number in reader.all_doc_ids()))


def found(path: Path, plan: Plan, mask: Mask) -> dict[int, tuple[float, bool]]:
    """Return what Whoosh finds: its number in the index, its score, and whether it has all groups, where that counts."""
    if plan.is_empty or not mask.spaces:
        return {}
    with whoosh_index.open_dir(str(path)).searcher(weighting=Live()) as searcher:
        every = _answered(searcher, plan, mask, whoosh.And)
        enough = plan.needs == "all" or (plan.needs == "all, else any" and len(every) >= FEW_HITS)
        if enough or not plan.groups:
            return {number: (score, plan.needs != "any") for number, score in every.items()}
        some = _answered(searcher, plan, mask, whoosh.Or)
        return {number: (score, number in every and plan.needs != "any") for number, score in some.items()}


def _answered(searcher: Any, plan: Plan, mask: Mask, how: Any) -> dict[int, float]:
    """What is left out is taken away afterwards: Whoosh's own `AndNot` lets the first of it through."""
    words = [how([_group(group) for group in plan.groups])] if plan.groups else []
    scored = [*words, *(_phrase(phrase) for phrase in plan.phrases)]
    scope = whoosh.And([*_scope(mask), *(_any_key(keys) for keys in plan.bounds.all_of)])
    asked = whoosh.Require(whoosh.And(scored), scope) if scored else scope
    out = [_any_key(plan.bounds.none_of), *(_phrase(phrase) for phrase in plan.excluded)]
    away = _scored(searcher, whoosh.Or(out))
    there = {number: score for number, score in _scored(searcher, asked).items() if number not in away}
    return there if scored else dict.fromkeys(there, 0.0)


def _group(group: Group) -> Any:
    return whoosh.Or([_way(way) for way in group])


def _way(way: Way) -> Any:
    return whoosh.And([_part(part) for part in way])


def _part(part: Part) -> Any:
    return whoosh.Or([whoosh.Term(word.field, word.text, boost=word.weight) for word in part])


def _phrase(phrase: Phrase) -> Any:
    return whoosh.Or([_phrase_in(field, phrase) for field in ("exact", "title_exact")])


def _phrase_in(field: str, phrase: Phrase) -> Any:
    words = whoosh.And([whoosh.Term(field, word) for word in phrase])
    return words if len(phrase) == 1 else whoosh.Require(words, whoosh.Phrase(field, list(phrase)))


def _scope(mask: Mask) -> list[Any]:
    scope = [_any_key(f"space={space}" for space in mask.spaces)]
    return scope if mask.member else [*scope, whoosh.Term("key", "label=public")]


def _any_key(keys: Iterable[str]) -> Any:
    return whoosh.Or([whoosh.Term("key", key) for key in sorted(keys)])


def _scored(searcher: Any, query: Any) -> dict[int, float]:
    """Score every match; never through Whoosh's own `limit`, whose short cut drops better hits."""
    scores: dict[int, float] = {}
    for leaf, start in searcher.leaf_searchers():
        matcher = query.matcher(leaf, whoosh_searching.SearchContext(weighting=searcher.weighting))
        while matcher.is_active():
            scores[start + matcher.id()] = matcher.score()
            matcher.next()
    return scores
