"""How good an order of results is, against judgements. Pure.

A judgement is a grade by key: above 0 is relevant, the higher the better; what nobody judged counts as 0.
"""

from __future__ import annotations

from math import ceil, log2
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def ndcg(ranked: Sequence[str], grades: Mapping[str, float], depth: int = 10) -> float:
    """Return the normalized discounted cumulative gain of the first results, from 0 to 1; 1 is the best order there is.

    A result of grade g at place i (from 1) gains (2^g - 1) / log2(i + 1); the sum is divided by that of all judged
    documents in their best order, those that are not in the collection too. 0 where nothing is relevant.

    Source:
        Järvelin, Kekäläinen: Cumulated gain-based evaluation of IR techniques (2002), discounted and normalized;
        the gain is that of Burges et al.: Learning to rank using gradient descent (2005). Under it, and not under
        linear gains, SQLite's FTS5 has .351 on Cranfield and Whoosh's stemmed OR .370, as the bars were measured.
    """
    best = _gained(sorted(grades.values(), reverse=True)[:depth])
    return _gained([grades.get(key, 0) for key in ranked[:depth]]) / best if best else 0.0


def _gained(grades: Sequence[float]) -> float:
    return sum((2 ** max(grade, 0) - 1) / log2(place + 1) for place, grade in enumerate(grades, 1))


def reciprocal_rank(ranked: Sequence[str], grades: Mapping[str, float], depth: int = 10) -> float:
    """Return 1 divided by the place of the first relevant result; 0 where none is among the first.

    Source:
        Voorhees: The TREC-8 question answering track report (1999).
    """
    return next((1 / place for place, key in enumerate(ranked[:depth], 1) if grades.get(key, 0) > 0), 0.0)


def recall(ranked: Sequence[str], grades: Mapping[str, float], depth: int = 100) -> float:
    """Return which share of what is relevant is among the first results; 0 where nothing is relevant.

    Source:
        Manning, Raghavan, Schütze: Introduction to information retrieval (2008), 8.3.
    """
    relevant = {key for key, grade in grades.items() if grade > 0}
    return len(relevant & set(ranked[:depth])) / len(relevant) if relevant else 0.0


def mean(values: Sequence[float]) -> float:
    """Return the arithmetic mean; 0 of nothing."""
    return sum(values) / len(values) if values else 0.0


def percentile(values: Sequence[float], share: float) -> float:
    """Return the least of some values that is not below a share of them (nearest rank); 0 of nothing.

    Args:
        share: from 0 to 1, such as .95.
    """
    return sorted(values)[max(ceil(share * len(values)), 1) - 1] if values else 0.0
