"""A question to hits: keyword and dense scores over passages, fused; reports filtered first."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from index.records import Hit
from index.snapshot import Snapshot
from index.text import index_terms

DENSE_WEIGHT = 0.6
CANDIDATES = 200


@dataclass(frozen=True, slots=True)
class Query:
    """A question made ready for search: its vector (d,) and its keyword terms."""

    vector: np.ndarray
    terms: list[str]

    @classmethod
    def from_text(cls, text: str, vector: np.ndarray) -> Query:
        """Return the query of a text whose vector is known."""
        return cls(vector, index_terms(text))


def fuse(dense: np.ndarray, keyword: np.ndarray, *, dense_weight: float = DENSE_WEIGHT) -> np.ndarray:
    """Return min-max fused scores of shape (n,): w·dense + (1-w)·keyword, each scaled to 0..1.

    Score fusion by convex combination (Bruch, Gai and Ingber, 2023, arXiv:2210.11934). A side
    whose scores are all equal counts nothing.
    """
    return (dense_weight * _scaled(dense) + (1 - dense_weight) * _scaled(keyword)).astype(np.float32)


def _scaled(scores: np.ndarray) -> np.ndarray:
    low, high = float(scores.min(initial=np.inf)), float(scores.max(initial=-np.inf))
    if not high > low:
        return np.zeros(scores.shape, np.float32)
    return (scores - low) / (high - low)


def search(snapshot: Snapshot, query: Query, *, limit: int = 40, positions: Collection[int] | None = None) -> list[Hit]:
    """Return the best passages for a query, best first; ties by place in the library.

    Args:
        snapshot: the library as `Library.snapshot()` gives it.
        query: vector and terms of the question.
        limit: how many hits at most.
        positions: report positions to search in; None for all.
    """
    count = len(snapshot)
    if not count:
        return []
    keyword = snapshot.keyword.scores(query.terms)
    if positions is not None:
        ranges = [snapshot.passage_numbers(position) for position in sorted(positions)]
        candidates = np.concatenate([np.arange(r.start, r.stop) for r in ranges] or [np.zeros(0, np.int64)])
    else:
        candidates = np.arange(count)
    if len(candidates) > 4 * CANDIDATES:
        candidates = _best_by_either(snapshot, query, keyword, candidates)
    dense = snapshot.vectors.scores(query.vector, among=candidates)
    fused = fuse(dense, keyword[candidates])
    order = np.lexsort((candidates, -fused))[:limit]
    return [_hit(snapshot, int(candidates[i]), fused[i], dense[i], keyword[candidates[i]]) for i in order]


def _best_by_either(snapshot: Snapshot, query: Query, keyword: np.ndarray, candidates: np.ndarray) -> np.ndarray:
    """Return the union of the passages best by either score, in place order."""
    among = None if len(candidates) == len(keyword) else candidates
    by_dense, _ = snapshot.vectors.search(query.vector, CANDIDATES, among=among)
    by_keyword = candidates[np.argpartition(-keyword[candidates], CANDIDATES)[:CANDIDATES]]
    return np.unique(np.concatenate([by_dense, by_keyword]))


def _hit(snapshot: Snapshot, number: int, score: float, dense: float, keyword: float) -> Hit:
    position, index = snapshot.passage_location(number)
    report = snapshot.reports[position]
    return Hit(report, report.passages[index], float(score), float(dense), float(keyword),
               clause_vectors=snapshot.clause_vectors(position, index))
