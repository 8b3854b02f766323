"""Measures an encoder: how often the right passage is first, on validation reports and on a BEIR set."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from eval.encoder.data import Material, passage_texts
from eval.encoder.model import PASSAGE, QUERY, Encode
from eval.ranking import precision_at_one, rank_documents
from eval.retrieval import Collection
from index.keyword import KeywordIndex, make_postings
from index.passages import passage_terms
from index.search import DENSE_WEIGHT, fuse
from index.text import fold, index_terms


@dataclass(frozen=True, slots=True)
class Ranking:
    """Which passage came first for each question, by row: `own` within its report, `all` among all.

    Values are (dense, fused) passage numbers over all reports; `right` holds the right ones.
    """

    styles: tuple[str, ...]
    right: np.ndarray
    own: np.ndarray
    all: np.ndarray

    def shares(self) -> dict[str, float]:
        """Return the share of questions whose right passage is first, by name of row."""
        hits, hits_all = self.own == self.right[:, None], self.all == self.right[:, None]
        rows = {"own dense": hits[:, 0].mean(), "own fused": hits[:, 1].mean(),
                "all dense": hits_all[:, 0].mean(), "all fused": hits_all[:, 1].mean()}
        for style in sorted(set(self.styles)):
            chosen = np.array([each == style for each in self.styles])
            rows |= {f"{style} dense": hits[chosen, 0].mean(), f"{style} fused": hits[chosen, 1].mean()}
        return {name: float(share) for name, share in rows.items()}


def rank_passages(
    material: Material, encode: Encode, *, folded: bool = False, every: int = 1, weight: float = DENSE_WEIGHT,
    passage_vectors: np.ndarray | None = None,
) -> Ranking:
    """Rank the passages of all reports for every n-th question; `folded`: typed without diacritics."""
    pairs = material.pairs[::every]
    questions = [fold(pair.question) if folded else pair.question for pair in pairs]
    vectors = encode_passages(material, encode) if passage_vectors is None else passage_vectors
    asked = encode(questions, QUERY)
    sizes = [len(report.passages) for report in material.reports]
    starts = np.concatenate([[0], np.cumsum(sizes)])
    together = KeywordIndex.build([
        make_postings([passage_terms(report, passage) for passage in report.passages]) for report in material.reports
    ])
    right, own, everywhere = [], [], []
    for pair, question, vector in zip(pairs, questions, asked, strict=True):
        terms = index_terms(question)
        first, last = starts[pair.report], starts[pair.report + 1]
        right.append(first + pair.passage)
        dense, keyword = vectors[first:last] @ vector, material.keywords[pair.report].scores(terms)
        own.append([first + np.argmax(dense), first + np.argmax(fuse(dense, keyword, dense_weight=weight))])
        dense = vectors @ vector
        everywhere.append([np.argmax(dense), np.argmax(fuse(dense, together.scores(terms), dense_weight=weight))])
    return Ranking(tuple(pair.asked.style for pair in pairs), np.array(right), np.array(own), np.array(everywhere))


def encode_passages(material: Material, encode: Encode) -> np.ndarray:
    """Return one vector a passage, report after report."""
    return encode(passage_texts(material), PASSAGE)


def measure_validation(material: Material, encode: Encode, *, every: int = 1, weight: float = DENSE_WEIGHT) -> dict[str, float]:
    """Return all rows over validation reports, those of undiacritised questions included."""
    vectors = encode_passages(material, encode)
    plain = rank_passages(material, encode, every=every, weight=weight, passage_vectors=vectors).shares()
    folded = rank_passages(material, encode, folded=True, every=every, weight=weight, passage_vectors=vectors).shares()
    return plain | {"folded dense": folded["own dense"], "folded fused": folded["own fused"]}


def measure_collection(collection: Collection, encode: Encode, *, weight: float = DENSE_WEIGHT) -> dict[str, float]:
    """Return P@1 on a BEIR set, dense and fused."""
    ids = [each.id for each in collection.documents]
    texts = [each.whole for each in collection.documents]
    keyword_index = KeywordIndex.build([make_postings([index_terms(text) for text in texts])])
    vectors = encode(texts, PASSAGE)
    hits = []
    for query, vector in zip(collection.queries, encode([q.text for q in collection.queries], QUERY), strict=True):
        dense = vectors @ vector
        fused = fuse(dense, keyword_index.scores(index_terms(query.text)), dense_weight=weight)
        grades = collection.grades[query.id]
        hits.append([precision_at_one(rank_documents(ids, scores), grades) for scores in (dense, fused)])
    dense_share, fused_share = np.mean(hits, axis=0)
    return {"set dense": float(dense_share), "set fused": float(fused_share)}


def agreement(one: Ranking, other: Ranking) -> tuple[float, float]:
    """Return the share of questions whose first passage is the same in both, dense and fused."""
    dense, fused = (one.own == other.own).mean(axis=0)
    return float(dense), float(fused)
