"""The keyword index: BM25 over the terms of each passage, in numpy arrays. Knows nothing of how terms are made."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

# Lucene's defaults; also the middle of the range that the BM25 survey reports as good across
# collections (Robertson and Zaragoza, 2009, section 3.5: k1 1.2 to 2, b 0.5 to 0.8).
K1 = 1.2
B = 0.75
_CHUNK = 1_000_000


def inverse_document_frequency(document_frequency: np.ndarray, passages: int) -> np.ndarray:
    """Return ln(1 + (N - df + 0.5) / (df + 0.5)), which is never negative.

    https://www.staff.city.ac.uk/~sbrp622/papers/foundations_bm25_review.pdf, equation 3.3, with
    the 1 inside the logarithm that Lucene adds.
    """
    frequency = np.asarray(document_frequency, dtype=np.float64)
    return np.log1p((passages - frequency + 0.5) / (frequency + 0.5))


def term_weight(count: np.ndarray, length: np.ndarray, mean_length: float) -> np.ndarray:
    """Return tf (k1 + 1) / (tf + k1 (1 - b + b dl / avgdl)): saturates at k1 + 1 in the count.

    https://www.staff.city.ac.uk/~sbrp622/papers/foundations_bm25_review.pdf, equation 3.15.
    """
    return count * (K1 + 1) / (count + K1 * (1 - B + B * length / mean_length))


@dataclass(frozen=True, slots=True)
class Postings:
    """Which passage of one report has which term how often, grouped by term.

    `terms` (t,) uint64 hashes in ascending order; `sizes` (t,) int32 passages a term has;
    `passages` and `counts` (p,) int32, term after term; `lengths` (n,) int32 terms a passage has.
    """

    terms: np.ndarray
    sizes: np.ndarray
    passages: np.ndarray
    counts: np.ndarray
    lengths: np.ndarray


def hash_terms(terms: Iterable[str]) -> np.ndarray:
    """Return 64-bit hashes, uint64. A million terms collide with a chance of one in 30 million.

    Not the terms themselves: a dictionary of a million strings takes 150 MB and half a second.
    """
    digests = b"".join(hashlib.blake2b(term.encode(), digest_size=8).digest() for term in terms)
    return np.frombuffer(digests, dtype="<u8")


def make_postings(passages: Sequence[Sequence[str]]) -> Postings:
    """Return the postings of one report from the terms of each of its passages."""
    counted = [Counter(terms) for terms in passages]
    vocabulary = list(dict.fromkeys(term for counts in counted for term in counts))
    hashes = hash_terms(vocabulary)
    place = dict(zip(vocabulary, range(len(vocabulary)), strict=True))
    columns = np.fromiter((place[term] for counts in counted for term in counts), dtype=np.int64)
    counts = np.fromiter((n for counts in counted for n in counts.values()), dtype=np.int32)
    rows = np.repeat(np.arange(len(counted), dtype=np.int32), [len(c) for c in counted])
    order = np.lexsort((rows, hashes[columns])) if len(columns) else columns
    terms, sizes = np.unique(hashes[columns], return_counts=True)
    lengths = np.array([len(terms) for terms in passages], dtype=np.int32)
    return Postings(terms, sizes.astype(np.int32), rows[order], counts[order], lengths)


class KeywordIndex:
    """Passages by words. Passage i is passage i of the snapshot.

    Scores are computed when the index is built, so a question costs one slice and one sum a term.
    """

    def __init__(
        self, *, terms: np.ndarray, starts: np.ndarray, passages: np.ndarray, weights: np.ndarray, size: int
    ) -> None:
        self._terms, self._starts = terms, starts
        self._passages, self._weights = passages, weights
        self._size = size

    def __len__(self) -> int:
        return self._size

    @classmethod
    def build(cls, reports: Sequence[Postings]) -> KeywordIndex:
        """Merge the postings of all reports, in order; passages are numbered on from report to report."""
        # Two passes over the reports: at 100,000 passages their postings together would be 150 MB more.
        heads = [(report.terms, report.sizes, report.lengths) for report in reports]
        terms, sizes, columns = _merge_terms(heads)
        starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        passages = np.empty(starts[-1], dtype=np.int32)
        counts = np.empty(starts[-1], dtype=np.float32)
        free, offset, run = starts[:-1].copy(), 0, 0
        for report in reports:
            own = columns[run:run + len(report.terms)]
            # Where each of the report's runs goes, minus where it comes from, spread over the run.
            shift = free[own] - (np.cumsum(report.sizes) - report.sizes)
            places = np.repeat(shift, report.sizes) + np.arange(len(report.passages))
            passages[places] = report.passages + np.int32(offset)
            counts[places] = report.counts
            free[own] += report.sizes
            offset += len(report.lengths)
            run += len(report.terms)
        lengths = np.concatenate([np.zeros(0, np.int32), *(head[2] for head in heads)])
        weights = _weigh(counts, passages, lengths, sizes)
        return cls(terms=terms, starts=starts, passages=passages, weights=weights, size=offset)

    def scores(self, terms: Iterable[str]) -> np.ndarray:
        """Return the BM25 score of every passage, shape (n,) float32; a term given twice counts twice."""
        scores = np.zeros(self._size, dtype=np.float32)
        wanted = Counter(terms)
        hashes = hash_terms(wanted)
        columns = np.searchsorted(self._terms, hashes)
        for term, column, times in zip(hashes, columns, wanted.values(), strict=True):
            if column < len(self._terms) and self._terms[column] == term:
                run = slice(self._starts[column], self._starts[column + 1])
                scores[self._passages[run]] += self._weights[run] * np.float32(times)
        return scores

    def frequency(self, term: str) -> int:
        """Return how many passages have the term."""
        value = hash_terms([term])[0]
        column = np.searchsorted(self._terms, value)
        known = column < len(self._terms) and self._terms[column] == value
        return int(self._starts[column + 1] - self._starts[column]) if known else 0

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Return the arrays that `from_arrays` needs, for a file."""
        return {
            "terms": self._terms, "starts": self._starts, "passages": self._passages,
            "weights": self._weights, "size": np.array(self._size),
        }

    @classmethod
    def from_arrays(cls, arrays: dict[str, np.ndarray]) -> KeywordIndex:
        """Return the index again; raise ValueError or KeyError when the arrays do not fit together."""
        index = cls(
            terms=arrays["terms"], starts=arrays["starts"], passages=arrays["passages"],
            weights=arrays["weights"], size=int(arrays["size"]),
        )
        whole = len(index._starts) == len(index._terms) + 1 and index._starts[-1] == len(index._passages)
        if not whole or len(index._passages) != len(index._weights):
            raise ValueError("keyword arrays of different lengths")
        return index


def _merge_terms(heads: Sequence[tuple[np.ndarray, ...]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return all terms in ascending order, how many passages have each, and where each report's terms went."""
    if not heads:
        return np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    terms, columns = np.unique(np.concatenate([head[0] for head in heads]), return_inverse=True)
    sizes = np.bincount(columns, weights=np.concatenate([head[1] for head in heads]), minlength=len(terms))
    return terms, sizes.astype(np.int64), columns


def _weigh(counts: np.ndarray, passages: np.ndarray, lengths: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Turn the counts into BM25 weights in place, chunk by chunk to keep the memory low."""
    if not len(counts):
        return counts
    mean_length = float(lengths.mean())
    rarity = np.repeat(inverse_document_frequency(sizes, len(lengths)).astype(np.float32), sizes)
    for start in range(0, len(counts), _CHUNK):
        chunk = slice(start, start + _CHUNK)
        counts[chunk] = rarity[chunk] * term_weight(counts[chunk], lengths[passages[chunk]], mean_length)
    return counts
