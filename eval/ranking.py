"""Ranking metrics, each a pure function with the source of its formula."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

CUT = 10


def precision_at_one(ranked: Sequence[str], grades: Mapping[str, int]) -> float:
    """Return 1 when the first document is relevant, else 0.

    Manning, Raghavan, Schütze, Introduction to Information Retrieval (2008), section 8.4.
    """
    return float(bool(ranked) and grades.get(ranked[0], 0) > 0)


def recall(ranked: Sequence[str], grades: Mapping[str, int], *, cut: int = CUT) -> float:
    """Return the share of the relevant documents among the first `cut`.

    Manning, Raghavan, Schütze (2008), section 8.3; 0 where nothing is relevant.
    """
    relevant = {document for document, grade in grades.items() if grade > 0}
    return len(relevant & set(ranked[:cut])) / len(relevant) if relevant else 0.0


def reciprocal_rank(ranked: Sequence[str], grades: Mapping[str, int], *, cut: int = CUT) -> float:
    """Return 1 / rank of the first relevant document, 0 when none is among the first `cut`.

    Voorhees, The TREC-8 Question Answering Track Report (1999), section 4.
    """
    for rank, document in enumerate(ranked[:cut], start=1):
        if grades.get(document, 0) > 0:
            return 1 / rank
    return 0.0


def discounted_gain(
    ranked: Sequence[str], grades: Mapping[str, int], *, cut: int = CUT
) -> float:
    """Return nDCG: the sum of grade / log2(rank + 1), divided by that of the best order.

    Järvelin, Kekäläinen, Cumulated gain-based evaluation of IR techniques (2002), with linear
    gain as in trec_eval's ndcg_cut, which BEIR reports.
    """
    best = sorted((grade for grade in grades.values() if grade > 0), reverse=True)[:cut]
    if not best:
        return 0.0
    found = [max(0, grades.get(document, 0)) for document in ranked[:cut]]
    return _sum_gains(found) / _sum_gains(best)


def rank_documents(ids: Sequence[str], scores: np.ndarray, *, cut: int = CUT) -> list[str]:
    """Return the ids of the `cut` best scores, best first; equal scores in the order of ids."""
    scores = np.asarray(scores, dtype=np.float64)
    if cut < len(scores):
        # Everything that ties with the last place stays in, so that ids decide and not positions.
        kept = np.flatnonzero(scores >= np.partition(scores, -cut)[-cut])
    else:
        kept = np.arange(len(scores))
    return [ids[each] for each in sorted(kept, key=lambda each: (-scores[each], ids[each]))[:cut]]


def _sum_gains(grades: Sequence[int]) -> float:
    return sum(grade / math.log2(rank + 1) for rank, grade in enumerate(grades, start=1))
