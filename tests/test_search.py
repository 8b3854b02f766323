"""Search: fusion of two scores, only the reports asked for, ties by place; the same index for LangChain."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.callbacks import BaseCallbackHandler
from pydantic import ValidationError

from index.library import Library
from index.retriever import ReportEmbeddings, ReportRetriever
from index.search import DENSE_WEIGHT, Query, fuse, search


def both(draw_size: int = 30):
    return st.integers(1, draw_size).flatmap(
        lambda n: st.tuples(*(st.lists(st.floats(-100, 100, width=16), min_size=n, max_size=n) for _ in range(2)))
    )


def arrays(pair) -> tuple[np.ndarray, np.ndarray]:
    return tuple(np.array(side, dtype=np.float32) for side in pair)


def test_fused_scores_at_values_known_by_hand() -> None:
    fused = fuse(np.float32([0.2, 0.6, 1.0]), np.float32([8.0, 0.0, 4.0]), dense_weight=0.75)
    assert fused.tolist() == pytest.approx([0.25, 0.375, 0.875])
    assert fused.dtype == np.float32


def test_six_tenths_of_a_fused_score_are_meaning_unless_told_otherwise() -> None:
    assert DENSE_WEIGHT == 0.6
    assert fuse(np.float32([0, 1]), np.float32([1, 0])).round(6).tolist() == pytest.approx([0.4, 0.6])


def test_a_side_whose_scores_are_equal_counts_nothing() -> None:
    assert fuse(np.float32([0.7, 0.7]), np.float32([1.0, 3.0]), dense_weight=0.5).tolist() == [0.0, 0.5]
    assert fuse(np.float32([0.7]), np.float32([3.0])).tolist() == [0.0]


def test_no_scores_fuse_to_none() -> None:
    assert fuse(np.zeros(0, np.float32), np.zeros(0, np.float32)).shape == (0,)


@given(both(), st.floats(0, 1))
def test_a_fused_score_lies_between_nought_and_one(pair, weight: float) -> None:
    fused = fuse(*arrays(pair), dense_weight=weight)
    assert np.all((fused >= 0) & (fused <= 1 + 1e-6))


@given(both(), st.integers(1, 50), st.integers(-50, 50))
def test_stretching_or_moving_one_side_changes_nothing(pair, factor: int, offset: int) -> None:
    dense, keyword = (side.astype(np.float64).round(1) for side in arrays(pair))
    np.testing.assert_allclose(fuse(dense * factor + offset, keyword), fuse(dense, keyword), atol=1e-5)


@given(both())
def test_what_both_sides_prefer_is_preferred(pair) -> None:
    dense, keyword = arrays(pair)
    fused = fuse(dense, keyword)
    for i in range(len(fused)):
        behind = (dense <= dense[i]) & (keyword <= keyword[i])
        assert np.all(fused[behind] <= fused[i] + 1e-6)


@given(both())
def test_the_weight_at_its_ends_leaves_one_side(pair) -> None:
    dense, keyword = arrays(pair)
    np.testing.assert_allclose(fuse(dense, keyword, dense_weight=1.0), fuse(dense, np.zeros_like(keyword), dense_weight=1.0))
    np.testing.assert_allclose(fuse(dense, keyword, dense_weight=0.0), fuse(np.zeros_like(dense), keyword, dense_weight=0.0))


@pytest.fixture(scope="module")
def library(sample_library) -> Iterator[Library]:
    with Library.open(sample_library) as library:
        yield library


def query(library: Library, text: str) -> Query:
    return Query.from_text(text, library.embedder.encode_question(text))


QUESTION = "Có bao nhiêu vụ tai nạn lao động chết người?"


def test_the_best_passages_come_first(library: Library) -> None:
    hits = search(library.snapshot(), query(library, QUESTION), limit=10)
    assert len(hits) == 10
    assert "tai nạn lao động" in hits[0].text
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_a_hit_is_a_passage_of_its_report_with_its_clauses(library: Library) -> None:
    for hit in search(library.snapshot(), query(library, QUESTION), limit=20):
        assert hit.text == hit.report.text[hit.passage.start:hit.passage.end]
        assert hit.passage is hit.report.passages[hit.passage.index]
        assert hit.section is hit.report.sections[hit.passage.section]
        assert hit.clause_vectors.shape == (len(hit.passage.clauses), library.embedder.dimension)


def test_only_the_reports_asked_for_are_searched(library: Library) -> None:
    snapshot = library.snapshot()
    for position, facts in enumerate(snapshot.facts):
        hits = search(snapshot, query(library, QUESTION), limit=200, positions=[position])
        assert {hit.report.id for hit in hits} == {facts.id}
        assert len(hits) == facts.passages


def test_no_report_asked_for_finds_nothing(library: Library) -> None:
    assert search(library.snapshot(), query(library, QUESTION), positions=[]) == []


def test_all_reports_asked_for_is_the_same_as_none_left_out(library: Library) -> None:
    snapshot = library.snapshot()
    everything = search(snapshot, query(library, QUESTION), limit=300)
    named = search(snapshot, query(library, QUESTION), limit=300, positions=[2, 0, 1])
    assert [(h.report.id, h.passage.index, h.score) for h in named] == [(h.report.id, h.passage.index, h.score) for h in everything]
    assert len(everything) == len(snapshot)


def test_fewer_hits_are_the_first_of_more(library: Library) -> None:
    places = [[(h.report.id, h.passage.index) for h in search(library.snapshot(), query(library, QUESTION), limit=n)] for n in (3, 30)]
    assert places[0] == places[1][:3]


def test_ties_stand_in_the_order_of_the_library(library: Library) -> None:
    vector = np.zeros(library.embedder.dimension, np.float32)
    hits = search(library.snapshot(), Query(vector, ["từkhôngcó"]), limit=300)
    order = {facts.id: i for i, facts in enumerate(library.snapshot().facts)}
    places = [(order[hit.report.id], hit.passage.index) for hit in hits]
    assert places == sorted(places)
    assert {hit.score for hit in hits} == {0.0}


def test_two_reports_that_share_a_paragraph_are_both_found(tmp_path) -> None:
    shared = "BÁO CÁO\nKết quả {}\n1. Chợ\nToàn tỉnh sửa chữa 12 chợ nông thôn bằng vốn huyện.\n"
    with Library.open(tmp_path / "kho", create=True) as library:
        for period in ("6 tháng đầu năm 2024", "9 tháng đầu năm 2024"):
            library.add_text(shared.format(period), name=f"{period[0]}.txt")
        hits = search(library.snapshot(), query(library, "sửa chữa bao nhiêu chợ nông thôn"), limit=2)
    assert [hit.report.name for hit in hits] == ["6.txt", "9.txt"]
    assert hits[0].text == hits[1].text


def test_an_empty_library_finds_nothing(tmp_path, library: Library) -> None:
    with Library.open(tmp_path / "kho", create=True) as empty:
        assert search(empty.snapshot(), query(library, QUESTION)) == []


def test_a_query_has_the_syllables_of_the_question_and_their_pairs() -> None:
    assert Query.from_text("Tai nạn lao động", np.zeros(2, np.float32)).terms == [
        "tai", "nạn", "lao", "động", "tai_nạn", "nạn_lao", "lao_động",
    ]


def test_the_retriever_gives_what_the_search_gives_with_its_place(library: Library) -> None:
    documents = ReportRetriever(library=library, limit=5).invoke(QUESTION)
    hits = search(library.snapshot(), query(library, QUESTION), limit=5)
    assert [d.page_content for d in documents] == [hit.text for hit in hits]
    for document, hit in zip(documents, hits):
        assert document.metadata == {
            "report": hit.report.id, "name": hit.report.name, "title": hit.report.title, "period": hit.report.period,
            "section": hit.section.number, "path": list(hit.section.path), "footnote": hit.passage.footnote,
            "start": hit.passage.start, "end": hit.passage.end, "score": hit.score,
        }


def test_spans_of_retrieved_documents_index_into_their_report(library: Library) -> None:
    documents = ReportRetriever(library=library, limit=40).invoke(QUESTION)
    assert len(documents) == 40
    assert any(document.metadata["footnote"] for document in documents)
    for document in documents:
        report = library.report(document.metadata["report"])
        assert report.text[document.metadata["start"]:document.metadata["end"]] == document.page_content


def test_the_retriever_tells_callbacks_what_it_found(library: Library) -> None:
    class Listener(BaseCallbackHandler):
        found: list[int] = []

        def on_retriever_end(self, documents, **_: object) -> None:
            self.found.append(len(documents))

    ReportRetriever(library=library, limit=3).invoke(QUESTION, config={"callbacks": [Listener()]})
    assert Listener.found == [3]


@pytest.mark.parametrize("limit", [0, 1_001])
def test_a_limit_out_of_bounds_is_refused(library: Library, limit: int) -> None:
    with pytest.raises(ValidationError):
        ReportRetriever(library=library, limit=limit)


def test_the_embeddings_are_those_of_the_library(library: Library) -> None:
    embeddings = ReportEmbeddings(library.embedder)
    np.testing.assert_allclose(embeddings.embed_query(QUESTION), library.embedder.encode_question(QUESTION), rtol=1e-6)
    (vector,) = embeddings.embed_documents(["Hỗ trợ hộ nghèo"])
    np.testing.assert_allclose(vector, library.embedder.encode_passages(["Hỗ trợ hộ nghèo"])[0], rtol=1e-5, atol=1e-6)
    assert np.linalg.norm(vector) == pytest.approx(1.0, abs=1e-3)
