"""The dense index against plain numpy; ties, filters, and a library with nothing in it."""

from __future__ import annotations

import numpy as np
import pytest

from index.vectors import VectorIndex


@pytest.fixture(scope="module")
def vectors() -> np.ndarray:
    drawn = np.random.default_rng(7).normal(size=(500, 32)).astype(np.float32)
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


@pytest.fixture(scope="module")
def index(vectors: np.ndarray) -> VectorIndex:
    return VectorIndex(vectors)


def test_the_best_passages_are_those_of_a_full_sort(index: VectorIndex, vectors: np.ndarray) -> None:
    question = vectors[17] + 0.1 * vectors[3]
    numbers, scores = index.search(question, 20)
    expected = np.argsort(-(vectors @ question), kind="stable")[:20]
    assert numbers.tolist() == expected.tolist()
    np.testing.assert_allclose(scores, (vectors @ question)[expected], rtol=1e-5)


def test_scores_are_inner_products_with_every_passage(index: VectorIndex, vectors: np.ndarray) -> None:
    np.testing.assert_allclose(index.scores(vectors[5]), vectors @ vectors[5], rtol=1e-5, atol=1e-6)
    assert index.scores(vectors[5])[5] == pytest.approx(1.0, abs=1e-5)


def test_only_the_passages_asked_for_are_searched(index: VectorIndex, vectors: np.ndarray) -> None:
    among = np.array([3, 40, 41, 499])
    numbers, scores = index.search(vectors[17], 10, among=among)
    expected = among[np.argsort(-(vectors[among] @ vectors[17]))]
    assert numbers.tolist() == expected.tolist()
    np.testing.assert_allclose(index.scores(vectors[17], among), vectors[among] @ vectors[17], rtol=1e-5, atol=1e-6)
    assert len(scores) == 4


def test_equal_passages_come_in_the_order_of_their_numbers(vectors: np.ndarray) -> None:
    doubled = VectorIndex(np.concatenate([vectors[:5], vectors[:5]]))
    numbers, _ = doubled.search(vectors[2], 2)
    assert numbers.tolist() == [2, 7]
    assert doubled.nearest(vectors[2], 2).tolist() == [2, 7]


def test_the_matrix_is_the_vectors_and_cannot_be_written(index: VectorIndex, vectors: np.ndarray) -> None:
    assert np.array_equal(index.matrix, vectors)
    with pytest.raises(ValueError, match="read-only"):
        index.matrix[0, 0] = 1.0


def test_a_library_without_passages_finds_nothing() -> None:
    empty = VectorIndex(np.zeros((0, 32), dtype=np.float32))
    question = np.ones(32, dtype=np.float32)
    assert len(empty) == 0
    assert empty.search(question, 5)[0].tolist() == empty.nearest(question, 5).tolist() == []
    assert empty.scores(question).tolist() == []


def test_the_quick_way_to_the_best_passages_agrees_with_faiss(index: VectorIndex, vectors: np.ndarray) -> None:
    for count in (0, 1, 37, 500, 9_000):
        question = vectors[count % 500] + 0.1 * vectors[8]
        assert index.nearest(question, count).tolist() == index.search(question, count)[0].tolist()


def test_asking_for_more_than_there_are_gives_all(index: VectorIndex, vectors: np.ndarray) -> None:
    assert len(index.search(vectors[0], 10_000)[0]) == 500
    assert index.search(vectors[0], 5, among=np.array([], dtype=np.int64))[0].tolist() == []
