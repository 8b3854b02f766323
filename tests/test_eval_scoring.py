"""The scorer: figures, phrases, citations, grounding, totals. Every value is worked out by hand."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.answers import AnswerLine, CitedSource, read_answers, write_answers
from eval.figures import (
    contains_figure,
    contains_phrase,
    find_numbers,
    fold_text,
    read_value,
    same_figure,
)
from eval.grounding import find_answer_figures, find_ungrounded
from eval.questions import Question, choose_part, is_held_out, read_questions
from eval.ranking import (
    discounted_gain,
    precision_at_one,
    rank_documents,
    recall,
    reciprocal_rank,
)
from eval.scoring import cut_head, fold_section, score_all, score_answer
from eval.sources import Source, read_sources
from eval.tables import (
    Share,
    find_percentile,
    find_wilson_interval,
    group_scores,
    show_misses,
    show_table,
    sum_up,
)
from index.errors import UserError

REPORT = "bao-cao-9-thang-2024.txt"
OTHER = "bao-cao-nam-2023.txt"
TEXT = """SỞ LAO ĐỘNG TỈNH HÀ LÂM
BÁO CÁO kết quả công tác 9 tháng năm 2024
1. Việc làm
Giải quyết việc làm cho 13.864 lao động, đạt 86,65% kế hoạch; xuất cảnh 1.446/2.450
người[1], tổ chức 9 Phiên giao dịch.
2. An toàn lao động
2.1. Tai nạn lao động
Xảy ra 04 vụ tai nạn chết người làm 06 người chết theo Quyết định số 1506/QĐ-UBND ngày 06/8/2024.
7. Thanh tra
Điều tra 17 vụ tai nạn, 18 người chết; kinh phí 291.463,467 triệu đồng.
[1] Trong đó Nhật Bản 812 người.
"""
SOURCES = {
    REPORT: Source(name=REPORT, text=" ".join(TEXT.split())),
    OTHER: Source(name=OTHER, text="Báo cáo năm 2023 2.1. Tai nạn Xảy ra 05 vụ tai nạn chết người."),
}
ACCIDENTS = "Xảy ra 04 vụ tai nạn chết người làm 06 người chết"


def ask(**fields: object) -> Question:
    base: dict[str, object] = {
        "id": "q1", "report": REPORT, "question": "Có bao nhiêu vụ tai nạn chết người?",
        "kind": "figure", "style": "plain", "figures": ["04 vụ"], "lead": "04 vụ", "phrases": [],
        "sections": ["2.1"], "footnotes": [], "evidence": ["04 vụ tai nạn chết người"],
        "answerable": True,
    }
    return Question.model_validate(base | fields)


def cite(quote: str = ACCIDENTS, *, section: str = "2.1", **fields: object) -> CitedSource:
    base: dict[str, object] = {
        "report": REPORT, "section": section, "footnote": None, "quote": quote, "start": 100,
        "end": 100 + len(quote),
    }
    return CitedSource.model_validate(base | fields)


def answer(text: str = "Xảy ra **04 vụ** tai nạn chết người [1].", **fields: object) -> AnswerLine:
    base: dict[str, object] = {
        "id": "q1", "answer": text, "lead": "04 vụ", "citations": [cite()], "abstained": False,
        "ms": 12.5,
    }
    return AnswerLine.model_validate(base | fields)


def score(question: Question, line: AnswerLine | None):
    return score_answer(question, line, sources=SOURCES)


class TestFigures:
    @pytest.mark.parametrize(("literal", "value"), [
        ("13.864", "13864"), ("13,864", "13.864"), ("291.463,467", "291463.467"), ("04", "4"),
        ("86,65", "86.65"), ("1.234.567", "1234567"), ("0,5", "0.5"),
    ])
    def test_vietnamese_notation_is_read_exactly(self, literal, value):
        assert str(read_value(literal)) == value

    @pytest.mark.parametrize("literal", ["2.1", "1,234,567", "12.5", "0.123", "13.8645", "1234.567"])
    def test_other_notations_have_no_value(self, literal):
        assert read_value(literal) is None

    @settings(deadline=None)  # the machine may be busy
    @given(st.integers(min_value=0, max_value=10**12))
    def test_reading_a_grouped_integer_gives_it_back(self, number):
        assert read_value(f"{number:,}".replace(",", ".")) == number

    @pytest.mark.parametrize(("text", "figure"), [
        ("có 4 vụ tai nạn", "04 vụ"), ("có 04 vụ", "4 vụ"), ("có **04** vụ", "04 vụ"),
        ("đạt 50 % kế hoạch", "50%"), ("đạt 50%kế hoạch", "50 %"), ("đạt 50 phần trăm", "50%"),
        ("tổ chức 9 Phiên", "9 phiên"), ("13.864 người", "13.864 lao động"),
        ("là 1.446/2.450 người", "1.446/2.450 người"), ("là 1.446 / 2.450 người", "1.446/2.450 người"),
        ("là 1.446/2.450 người", "1.446 người"), ("ở 03/20 xã", "3 xã"), ("ở 03/20 xã", "20 xã"),
        ("291.463,467 triệu đồng", "291.463,467 triệu đồng"), ("được 04vụ", "4 vụ"),
        ("13864 lao động", "13.864 lao động"), ("tổng 3,5  tỷ\nđồng", "3,5 tỷ đồng"),
    ])
    def test_a_figure_is_found_however_it_is_written(self, text, figure):
        assert contains_figure(text, figure)

    @pytest.mark.parametrize(("text", "figure"), [
        ("có 13.865 lao động", "13.864 lao động"),      # an altered digit
        ("có 13,864 lao động", "13.864 lao động"),      # point and comma swapped
        ("đạt 86.65%", "86,65%"),
        ("có 4 người", "04 vụ"),                        # another unit under 20
        ("có 4", "04 vụ"),                              # no unit under 20
        ("tăng 50 lao động", "50%"), ("tăng 50", "50%"),
        ("có 113.864 lao động", "13.864 lao động"),
        ("có 13.864,5 lao động", "13.864 lao động"),
        ("là 1.446/2.451 người", "1.446/2.450 người"),
        ("1.446 người và 2.450 người", "1.446/2.450 người"),
        ("ngày 20/8/2024", "20 người"),                 # inside a date
        ("Quyết định 1506/QĐ-UBND", "1.506 người"),     # inside a document's number
        ("tăng 5,3 điểm phần trăm", "5,3%"),
        ("là 9 phiênh", "09 phiên"),
    ])
    def test_a_different_figure_is_not_taken_for_it(self, text, figure):
        assert not contains_figure(text, figure)

    def test_decomposed_vietnamese_counts_as_the_same(self):
        assert contains_figure(unicodedata.normalize("NFD", "có 04 vụ"), "4 vụ")
        assert contains_figure("có 4 vụ", unicodedata.normalize("NFD", "04 vụ"))

    def test_leads_are_compared_as_single_figures(self):
        assert same_figure("4 vụ", "04 vụ")
        assert same_figure("trên 3.000 lao động", "3.000 lao động")
        assert not same_figure("13.864 lao động, đạt 86,65%", "86,65%")
        assert not same_figure("1.446 người", "1.446/2.450 người")
        assert not same_figure("06 người", "04 vụ")

    def test_a_number_that_a_pdf_broke_is_the_number(self):
        assert contains_figure("tăng 15,6%", "15, 6%")
        assert contains_figure("tăng 15, 6%", "15,6%")
        assert contains_figure("đạt 1.300 tỷ đồng", "1. 300 tỷ đồng")
        assert same_figure("1.464 doanh nghiệp", "1.4 64 doanh nghiệp")
        assert not contains_figure("tăng 15, 7%", "15,6%")
        assert not contains_figure("tăng 115, 6%", "15,6%")

    def test_numbers_know_their_role(self):
        found = find_numbers("Ngày 06/8/2024 có 1.446/2.450 người theo 1506/QĐ-UBND, 65 tạ/ha, năm 2024.")
        assert [(each.literal, each.role) for each in found] == [
            ("06", "date"), ("8", "date"), ("2024", "date"), ("1.446", "pair"), ("2.450", "pair"),
            ("1506", "document"), ("65", "plain"), ("2024", "date"),
        ]

    def test_phrases_ignore_case_dashes_and_white_space_but_not_digits(self):
        assert contains_phrase("Ủy ban  nhân dân\ntỉnh", "ủy ban NHÂN DÂN tỉnh")
        assert contains_phrase("giai đoạn 2021 – 2025", "2021 - 2025")
        assert contains_phrase(unicodedata.normalize("NFD", "thị xã Hòa Thành"), "Hòa Thành")
        assert not contains_phrase("tổng là 135 vụ", "35 vụ")
        assert not contains_phrase("tổng là 35.000", "35")
        assert not contains_phrase("hoà", "hóa")

    @settings(deadline=None)  # the machine may be busy
    @given(st.text())
    def test_folding_twice_is_folding_once(self, text):
        assert fold_text(fold_text(text)) == fold_text(text)


class TestCorrect:
    def test_the_right_answer_with_its_source_is_faultless(self):
        result = score(ask(), answer())
        assert (result.correct, result.cited, result.reasons) == (True, True, ())
        assert (result.citations, result.precise_citations) == (1, 1)
        assert (result.quotes, result.literal_quotes, result.figures) == (1, 1, 1)

    def test_a_missing_figure_and_a_wrong_lead_are_named(self):
        result = score(ask(), answer("Có 06 người chết [1].", lead="06 người"))
        assert not result.correct and not result.cited
        assert result.reasons == ("missing figure 04 vụ", "lead is 06 người, not 04 vụ")

    def test_an_absent_lead_is_wrong_where_there_is_a_gold_one(self):
        assert score(ask(), answer(lead=None)).reasons == ("lead is absent, not 04 vụ",)
        assert score(ask(lead=None), answer(lead=None)).correct

    def test_a_missing_phrase_is_named(self):
        result = score(ask(phrases=["tỉnh Hà Lâm"]), answer())
        assert result.reasons == ("missing phrase “tỉnh Hà Lâm”",)

    def test_a_calculated_number_may_be_written_without_its_zero(self):
        assert score(ask(phrases=["04 vụ"], figures=[]), answer("Có 4 vụ [1].", lead="4 vụ")).correct

    def test_only_the_first_700_characters_count(self):
        wall = "từ " * 240 + "có 04 vụ."
        result = score(ask(), answer(wall))
        assert result.reasons == ("missing figure 04 vụ (stands after the first 700 characters)",)

    @pytest.mark.parametrize("kind", ["multi", "list", "breakdown", "conflict", "compare"])
    def test_1400_characters_count_for_the_long_kinds(self, kind):
        wall = "từ " * 240 + "có 04 vụ."
        assert score(ask(kind=kind), answer(wall)).correct
        assert not score(ask(kind=kind), answer("từ " * 240 + wall)).correct

    def test_a_number_cut_by_the_limit_is_not_read_as_another(self):
        assert cut_head("x" * 695 + " 13.864 lao động", "figure").endswith("x ")
        assert cut_head("a" * 699 + "b cd", "figure") == "a" * 699 + "b"

    def test_an_abstention_is_wrong_where_the_reports_answer(self):
        result = score(ask(), answer("Báo cáo không nêu.", abstained=True, lead=None, citations=[]))
        assert result.reasons == ("abstained though the reports answer",)

    def test_an_unanswerable_question_must_be_declined(self):
        question = ask(answerable=False, kind="unanswerable", figures=[], lead=None, sections=[], evidence=[])
        declined = score(question, answer("Báo cáo không nêu.", abstained=True, lead=None, citations=[]))
        assert declined.correct and declined.cited and declined.citations == 0
        given_all_the_same = score(question, answer())
        assert not given_all_the_same.correct
        assert given_all_the_same.reasons == ("answered though unanswerable: 04 vụ",)
        assert given_all_the_same.citations == 0  # there is no gold to be precise about

    def test_a_question_without_an_answer_line_is_wrong(self):
        result = score(ask(), None)
        assert not result.correct and not result.answered and result.reasons == ("no answer line",)

    def test_a_decomposed_answer_is_as_right(self):
        line = answer(unicodedata.normalize("NFD", "Xảy ra 04 vụ tai nạn [1]."),
                      lead=unicodedata.normalize("NFD", "04 vụ"))
        assert score(ask(), line).cited


class TestCited:
    def test_a_wrong_section_is_named(self):
        result = score(ask(), answer(citations=[cite(section="7")]))
        assert result.correct and not result.cited
        assert result.reasons == (f"wrong section, not 2.1 (cited: {REPORT} 7)",)

    def test_the_same_section_of_another_report_does_not_count(self):
        quote = "Xảy ra 05 vụ tai nạn chết người."
        result = score(ask(), answer(citations=[cite(quote, report=OTHER)]))
        assert "no citation in the right report" in result.reasons[0]
        assert result.precise_citations == 0

    def test_one_gold_section_is_enough_but_a_conflict_needs_all(self):
        two = {"sections": ["2.1", "7"]}
        assert score(ask(**two), answer()).cited
        result = score(ask(kind="conflict", **two), answer())
        assert result.reasons == (f"wrong section, not 7 (cited: {REPORT} 2.1)",)
        both = answer(citations=[cite(), cite("Điều tra 17 vụ tai nạn", section="7")])
        assert score(ask(kind="conflict", **two), both).cited

    def test_a_missing_footnote_is_named(self):
        question = ask(footnotes=["1"])
        result = score(question, answer())
        assert result.reasons == (f"missing footnote 1 (cited: {REPORT} 2.1)",)
        assert score(question, answer(citations=[cite(footnote="1")])).cited
        assert score(question, answer(citations=[cite(footnote="[1]")])).cited

    def test_section_numbers_ignore_case_and_the_closing_stop(self):
        assert fold_section("2.1.") == fold_section("2.1")
        assert fold_section("ĐIỀU  8") == fold_section("Điều 8.")
        assert fold_section("2.1") != fold_section("2.10")

    def test_a_citation_that_overlaps_evidence_is_precise_in_any_section(self):
        near = cite("tai nạn chết người làm 06 người chết", section="2")
        away = cite("Điều tra 17 vụ tai nạn", section="7")
        result = score(ask(), answer(citations=[near, away]))
        assert (result.precise_citations, result.citations) == (1, 2)

    def test_evidence_with_line_breaks_is_found(self):
        question = ask(evidence=["1.446/2.450\nngười"], sections=["1"])
        result = score(question, answer(citations=[cite("xuất cảnh 1.446/2.450 người", section="9")]))
        assert result.precise_citations == 1


class TestQuotes:
    def test_white_space_may_differ_but_nothing_else(self):
        assert SOURCES[REPORT].holds("xuất cảnh 1.446/2.450 người[1]")
        assert SOURCES[REPORT].holds("xuất cảnh 1.446/2.450\n  người[1]")
        assert SOURCES[REPORT].holds(unicodedata.normalize("NFD", ACCIDENTS))
        assert not SOURCES[REPORT].holds("xảy ra 04 vụ tai nạn")
        assert not SOURCES[REPORT].holds("")

    def test_a_quote_that_is_not_literal_is_named(self):
        result = score(ask(), answer(citations=[cite("Xảy ra 04 vụ tai nạn làm chết người")]))
        assert result.literal_quotes == 0
        assert f"quote not in {REPORT}: “Xảy ra 04 vụ tai nạn làm chết người”" in result.reasons

    def test_a_quote_must_be_as_long_as_its_span(self):
        assert score(ask(), answer(citations=[cite(end=101)])).literal_quotes == 0

    def test_a_quote_from_an_unknown_report_is_not_literal(self):
        assert score(ask(), answer(citations=[cite(report="khac.txt")])).literal_quotes == 0


class TestGrounded:
    def ungrounded(self, text: str, *, question: Question | None = None, **fields: object) -> list[str]:
        return find_ungrounded(question or ask(), answer(text, **fields), sources=SOURCES)

    def test_figures_of_the_quote_are_grounded_however_written(self):
        assert self.ungrounded("Có 4 vụ, 06 người chết [1].") == []

    def test_an_invented_figure_is_not(self):
        assert self.ungrounded("Có 04 vụ, 13 người bị thương [1].") == ["13"]
        assert self.ungrounded("Có 04 vụ, tăng 2,5% [1].") == ["2,5"]

    def test_a_swapped_point_is_not(self):
        quote = cite("Giải quyết việc làm cho 13.864 lao động", section="1")
        assert self.ungrounded("Có 13.864 lao động.", citations=[quote]) == []
        assert self.ungrounded("Có 13,864 lao động.", citations=[quote]) == ["13,864"]

    def test_marks_sections_footnotes_and_list_numbers_are_aside(self):
        text = (
            "1. Có 04 vụ [1][12], [2, 3] (mục 2.1, mục III.2 và Điều 8; chú thích 13).\n"
            "2) 06 người chết (chú thích số [7], mục 2.1 và 7)."
        )
        assert self.ungrounded(text) == []
        assert self.ungrounded(unicodedata.normalize("NFD", text)) == []
        assert [each.literal for each in find_answer_figures(text)] == ["04", "06"]

    def test_a_figure_after_a_section_word_is_still_a_figure(self):
        assert self.ungrounded("Theo mục 2.1, 12 người bị thương.") == ["12"]
        assert self.ungrounded("Các khoản 15 tỷ đồng.") == ["15"]
        assert self.ungrounded("Ở mục 7,5% là nữ.") == ["7,5"]

    def test_calculated_figures_and_those_asked_about_are_grounded(self):
        assert self.ungrounded("Cộng lại 10 người.", computed=["10 người"]) == []
        assert self.ungrounded("Báo cáo không nêu 99 xã.", question=ask(question="Trong 99 xã thì sao?")) == []
        assert self.ungrounded("Về 77 hộ.", question=ask(history=["77 hộ là gì?"])) == []

    def test_the_period_of_a_cited_report_is_grounded_but_not_as_a_count(self):
        assert self.ungrounded("Trong 9 tháng năm 2024 có 04 vụ [1].") == []
        assert self.ungrounded("Trong 5 tháng năm 2022 có 04 vụ [1].") == ["5", "2022"]
        assert self.ungrounded("Có 9 vụ [1].") == ["9"]

    def test_the_period_of_a_report_not_cited_is_not_grounded(self):
        assert self.ungrounded("Năm 2023 có 04 vụ [1].") == ["2023"]
        assert self.ungrounded("Chỉ có số liệu năm 2023 và 9 tháng năm 2024.", citations=[]) == []

    def test_dates_and_document_numbers_must_be_quoted(self):
        quote = cite("theo Quyết định số 1506/QĐ-UBND ngày 06/8/2024")
        text = "Quyết định 1506/QĐ-UBND ngày 6/8/2024, tức tháng 8 năm 2024."
        assert self.ungrounded(text, citations=[quote]) == []
        assert self.ungrounded("Quyết định 1507/QĐ-UBND.", citations=[quote]) == ["1507"]
        assert self.ungrounded("Ngày 07/8/2024.", citations=[quote]) == ["07"]
        # The 8 of the date is no count.
        assert self.ungrounded("Có 8 vụ.", citations=[quote]) == ["8"]

    def test_a_number_that_a_pdf_broke_is_grounded_by_its_parts_together(self):
        source = {REPORT: Source(name=REPORT, text="Xuất khẩu tăng 15, 6% so với năm trước")}
        line = answer("Tăng 15,6% [1].", citations=[cite("tăng 15, 6% so với")])
        assert find_ungrounded(ask(), line, sources=source) == []
        line = answer("Tăng 15,7% [1].", citations=[cite("tăng 15, 6% so với")])
        assert find_ungrounded(ask(), line, sources=source) == ["15,7"]

    def test_parts_of_a_pair_are_grounded_by_the_pair(self):
        quote = cite("xuất cảnh 1.446/2.450 người", section="1")
        assert self.ungrounded("1.446 người trên 2.450 người.", citations=[quote]) == []

    def test_an_ungrounded_figure_is_a_reason_although_the_answer_is_correct(self):
        result = score(ask(), answer("Có 04 vụ, 13 người bị thương [1]."))
        assert result.correct and result.cited
        assert result.reasons == ("ungrounded figure 13",)
        assert (result.figures, result.ungrounded) == (2, ("13",))


class TestTotals:
    def scores(self):
        unanswerable = dict(
            answerable=False, kind="unanswerable", style="leader", figures=[], lead=None,
            sections=[], evidence=[],
        )
        questions = [
            ask(id="a"), ask(id="b"), ask(id="c"), ask(id="d", **unanswerable),
            ask(id="e", **unanswerable), ask(id="f"),
        ]
        lines = [
            answer(id="a", ms=10), answer(id="b", ms=20, citations=[cite(section="7")]),
            answer("Không nêu.", id="c", ms=30, abstained=True, lead=None, citations=[]),
            answer("Không nêu.", id="d", ms=40, abstained=True, lead=None, citations=[]),
            answer("Có 04 vụ, 13 người [1].", id="e", ms=50),
        ]
        return score_all(questions, lines, sources=SOURCES)

    def test_totals_are_as_counted_by_hand(self):
        totals = sum_up(self.scores())
        assert (totals.questions, totals.errors) == (6, 1)
        assert totals.correct == Share(3, 6)              # a, b, d
        assert totals.cited == Share(2, 6)                # a, d
        assert totals.citation_precision == Share(2, 2)   # b overlaps evidence in a wrong section
        assert totals.quote_fidelity == Share(3, 3)
        assert totals.grounded == Share(3, 4)             # the 13 of e
        assert totals.unanswerable_declined == Share(1, 2)
        assert totals.answerable_declined == Share(1, 4)
        assert totals.answered_precision == Share(2, 3)   # a and b of a, b, e
        assert totals.coverage == Share(3, 6)
        assert (totals.p50_ms, totals.p95_ms) == (30, 50)

    def test_rows_go_by_kind_and_style_in_the_order_of_the_format(self):
        names = [name for name, _ in group_scores(self.scores())]
        assert names == ["all", "kind figure", "kind unanswerable", "style plain", "style leader"]

    def test_the_table_has_one_line_a_row_and_only_totals_on_demand(self):
        assert len(show_table(self.scores()).splitlines()) == 6
        lines = show_table(self.scores(), only_totals=True).splitlines()
        assert lines[1].split()[:4] == ["all", "6", "0.500", "0.333"]
        assert len(lines) == 2

    def test_every_fault_gives_one_line_with_its_reason(self):
        misses = show_misses(self.scores())
        assert [line.split()[0] for line in misses] == ["b", "c", "e", "f"]
        assert misses[3].endswith("no answer line")

    def test_percentiles_are_nearest_rank(self):
        values = [15, 20, 35, 40, 50]
        assert [find_percentile(values, each) for each in (5, 30, 40, 50, 95, 100)] == [
            15, 20, 20, 35, 50, 50,
        ]
        assert find_percentile([], 50) is None

    def test_the_wilson_interval_is_as_published(self):
        low, high = find_wilson_interval(8, 10)
        assert (round(low, 4), round(high, 4)) == (0.4902, 0.9433)
        low, high = find_wilson_interval(0, 10)
        assert (low, round(high, 4)) == (0.0, 0.2775)
        assert find_wilson_interval(0, 0) == (0.0, 1.0)


class TestRetrievalMetrics:
    RANKED = ["c", "a", "d", "b"]
    GRADES = {"a": 1, "b": 1, "x": 1, "c": 0}

    def test_values_are_as_worked_out_by_hand(self):
        assert precision_at_one(self.RANKED, self.GRADES) == 0
        assert precision_at_one(["a"], self.GRADES) == 1
        assert recall(self.RANKED, self.GRADES) == pytest.approx(2 / 3)
        assert recall(self.RANKED, self.GRADES, cut=2) == pytest.approx(1 / 3)
        assert reciprocal_rank(self.RANKED, self.GRADES) == 0.5
        assert reciprocal_rank(self.RANKED, self.GRADES, cut=1) == 0
        # found: 1/log2(3) + 1/log2(5) = 1.06161; best: 1 + 1/log2(3) + 1/2 = 2.13093
        assert discounted_gain(self.RANKED, self.GRADES) == pytest.approx(0.498189, abs=1e-6)
        # grades 2 and 1 in the wrong order: (1 + 2/log2(3)) / (2 + 1/log2(3))
        assert discounted_gain(["b", "a"], {"a": 2, "b": 1}) == pytest.approx(0.859719, abs=1e-6)

    def test_no_relevant_document_gives_zero(self):
        assert recall(["a"], {"a": 0}) == discounted_gain(["a"], {"a": 0}) == 0

    def test_ties_are_ranked_by_id_also_at_the_cut(self):
        scores = np.array([1.0, 3.0, 1.0, 1.0], dtype=np.float32)
        assert rank_documents(["d", "c", "b", "a"], scores, cut=3) == ["c", "a", "b"]
        assert rank_documents(["d", "c", "b", "a"], scores, cut=10) == ["c", "a", "b", "d"]

    @settings(deadline=None)  # the machine may be busy
    @given(st.lists(st.integers(0, 3), min_size=1, max_size=30), st.integers(1, 12))
    def test_ranking_is_the_slow_obvious_one(self, scores, cut):
        ids = [f"d{number}" for number in range(len(scores))]
        slow = sorted(ids, key=lambda each: (-scores[int(each[1:])], each))[:cut]
        assert rank_documents(ids, np.array(scores), cut=cut) == slow


class TestFiles:
    LINE = ask().model_dump(mode="json")

    def write(self, path: Path, *lines: object) -> Path:
        path.write_text("".join(
            (each if isinstance(each, str) else json.dumps(each, ensure_ascii=False)) + "\n"
            for each in lines
        ), encoding="utf-8")
        return path

    def test_a_question_set_is_read_in_nfc(self, tmp_path):
        line = unicodedata.normalize("NFD", json.dumps(self.LINE, ensure_ascii=False))
        assert read_questions(self.write(tmp_path / "q.jsonl", line, "")) == (ask(),)

    @pytest.mark.parametrize(("change", "part"), [
        ({"figure": []}, "trường «figure» không có trong định dạng"),
        ({"kind": "khác"}, "trường «kind»"),
        ({"figures": "04 vụ"}, "trường «figures»"),
        ({"report": None}, "thiếu trường «report»"),
    ])
    def test_a_bad_field_is_named_with_its_line(self, tmp_path, change, part):
        path = self.write(tmp_path / "q.jsonl", self.LINE, self.LINE | {"id": "q2"} | change)
        with pytest.raises(UserError, match="dòng 2") as caught:
            read_questions(path)
        assert part in str(caught.value)

    def test_a_missing_field_a_broken_line_and_a_repeated_id_are_named(self, tmp_path):
        short = {key: value for key, value in self.LINE.items() if key != "question"}
        for lines, part in (
            ([short], "dòng 1: thiếu trường «question»"),
            ([self.LINE, "{"], "dòng 2: không phải một đối tượng JSON"),
            (["[1]"], "dòng 1: không phải một đối tượng JSON"),
            ([self.LINE, self.LINE], "dòng 2: mã «id» đã có"),
        ):
            with pytest.raises(UserError) as caught:
                read_questions(self.write(tmp_path / "q.jsonl", *lines))
            assert part in str(caught.value)

    def test_a_missing_file_and_another_encoding_are_named(self, tmp_path):
        with pytest.raises(UserError, match="Không tìm thấy tệp"):
            read_questions(tmp_path / "không có.jsonl")
        (tmp_path / "q.jsonl").write_bytes("{\"id\": \"đ\"}".encode("utf-16"))
        with pytest.raises(UserError, match="UTF-8"):
            read_questions(tmp_path / "q.jsonl")

    def test_an_answer_file_reads_back_as_written_with_the_fields_of_the_format(self, tmp_path):
        lines = (answer(), answer("Không nêu.", id="q2", lead=None, citations=[], abstained=True))
        write_answers(tmp_path / "a.jsonl", lines)
        assert read_answers(tmp_path / "a.jsonl") == lines
        first = json.loads((tmp_path / "a.jsonl").read_text("utf-8").splitlines()[0])
        assert list(first) == ["id", "answer", "lead", "citations", "computed", "abstained", "ms"]
        assert list(first["citations"][0]) == ["report", "section", "footnote", "quote", "start", "end"]

    def test_the_held_out_fifth_depends_on_the_id_alone(self):
        # int(sha256("q3")) % 5 and so on, by hashlib on the command line
        ids = [f"q{number}" for number in range(1000)]
        held = [each for each in ids if is_held_out(each)]
        assert 150 < len(held) < 250
        questions = [ask(id=each) for each in ids]
        seen, kept = choose_part(questions, "seen"), choose_part(questions, "held")
        assert [each.id for each in kept] == held
        assert len(seen) + len(kept) == len(choose_part(questions, "all")) == 1000

    def test_source_files_are_read_with_white_space_folded(self, tmp_path):
        (tmp_path / REPORT).write_text(unicodedata.normalize("NFD", TEXT), encoding="utf-8")
        (tmp_path / "ảnh.png").write_bytes(b"\x89PNG")
        sources, skipped = read_sources(tmp_path)
        assert sources[REPORT].holds("xuất cảnh 1.446/2.450 người[1], tổ chức 9 Phiên")
        assert skipped == ("ảnh.png",)

    def test_a_folder_without_reports_is_named(self, tmp_path):
        with pytest.raises(UserError, match="không có báo cáo"):
            read_sources(tmp_path)
        with pytest.raises(UserError, match="Không tìm thấy thư mục"):
            read_sources(tmp_path / "x")
