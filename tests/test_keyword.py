"""BM25: the formulas at values known by hand, and the index against a slow obvious version."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.keyword import (
    K1,
    B,
    KeywordIndex,
    hash_terms,
    inverse_document_frequency,
    make_postings,
    term_weight,
)

WORDS = ["tai", "nạn", "lao", "động", "tai_nạn", "lao_động", "4", "quý", "04", "ủy", "uỷ"]
passages = st.lists(st.lists(st.sampled_from(WORDS), max_size=12), max_size=6)


def slow_scores(corpus: list[list[str]], question: list[str]) -> list[float]:
    """Score each passage straight from the textbook, term by term."""
    mean = sum(map(len, corpus)) / len(corpus) if corpus else 0.0
    scores = []
    for passage in corpus:
        total = 0.0
        for term in question:
            count = passage.count(term)
            if count:
                found = sum(term in other for other in corpus)
                idf = math.log(1 + (len(corpus) - found + 0.5) / (found + 0.5))
                total += idf * count * (K1 + 1) / (count + K1 * (1 - B + B * len(passage) / mean))
        scores.append(total)
    return scores


@given(st.lists(passages, max_size=4), st.lists(st.sampled_from([*WORDS, "khác"]), max_size=6))
def test_scores_equal_the_slow_version_however_reports_are_divided(reports, question) -> None:
    index = KeywordIndex.build([make_postings(report) for report in reports])
    expected = slow_scores([passage for report in reports for passage in report], question)
    assert len(index) == len(expected)
    np.testing.assert_allclose(index.scores(question), expected, rtol=1e-5, atol=1e-6)


def test_a_rare_term_weighs_more_than_a_common_one() -> None:
    rarity = inverse_document_frequency(np.array([1, 5, 10]), 10)
    assert rarity == pytest.approx([math.log(1 + 9.5 / 1.5), math.log(2), math.log(1 + 0.5 / 10.5)])


def test_a_count_saturates_below_k1_plus_one() -> None:
    weights = term_weight(np.array([1.0, 2.0, 1000.0]), np.array([10.0] * 3), 10.0)
    assert weights == pytest.approx([1.0, 2 * 2.2 / 3.2, 2.2], abs=0.003)


def test_a_long_passage_weighs_less() -> None:
    short, long = term_weight(np.array([1.0, 1.0]), np.array([5.0, 50.0]), 10.0)
    assert short > 1.0 > long


def test_a_library_without_reports_has_no_scores() -> None:
    assert KeywordIndex.build([]).scores(["tai"]).tolist() == []


def test_a_question_without_terms_scores_nothing() -> None:
    index = KeywordIndex.build([make_postings([["tai", "nạn"], []])])
    assert index.scores([]).tolist() == [0.0, 0.0]
    assert index.scores(["không", "có"]).tolist() == [0.0, 0.0]


def test_a_term_given_twice_counts_twice() -> None:
    index = KeywordIndex.build([make_postings([["quý", "4"], ["quý", "3"]])])
    assert index.scores(["4", "4"])[0] == pytest.approx(2 * index.scores(["4"])[0])


def test_frequency_counts_the_passages_that_have_a_term() -> None:
    index = KeywordIndex.build([make_postings([["quý", "4"], ["quý", "quý"]]), make_postings([["quý"]])])
    assert [index.frequency(term) for term in ("quý", "4", "quy")] == [3, 1, 0]


def test_terms_that_differ_in_a_tone_mark_have_different_hashes() -> None:
    hashes = hash_terms(["vu", "vụ", "vũ", "vụ"])
    assert len(set(hashes.tolist())) == 3
    assert hashes[1] == hashes[3]


def test_an_index_is_the_same_after_its_arrays_were_kept() -> None:
    index = KeywordIndex.build([make_postings([["tai", "nạn"], ["lao", "động", "tai"]])])
    again = KeywordIndex.from_arrays(index.to_arrays())
    assert again.scores(["tai", "động"]).tolist() == index.scores(["tai", "động"]).tolist()


def test_arrays_that_do_not_fit_together_are_refused() -> None:
    arrays = KeywordIndex.build([make_postings([["tai", "nạn"]])]).to_arrays()
    with pytest.raises(ValueError, match="different lengths"):
        KeywordIndex.from_arrays({**arrays, "weights": arrays["weights"][:1]})
