"""Candidates and readings: labels, segments, parts, periods, ranges and coverage over invented reports."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.agreement import (
    counter_class,
    find_ranges,
    period_agreement,
    range_agreement,
    report_period,
    unlike_counter,
)
from assistant.candidates import ClauseView, FigureView, clause_views, content_set, pairs_of
from assistant.question import quantities, understand
from assistant.reading import FEATURES, Weighing, own_coverage, read, weigh
from index.records import Hit, Report
from index.reporting import make_report
from index.text import tokenise

REPORT = """SỞ NÔNG NGHIỆP TỈNH AN PHÚ
Số: 45/BC-SNN
BÁO CÁO
Kết quả công tác 9 tháng đầu năm 2024
1. Trồng trọt
Toàn tỉnh gieo trồng 12.500 ha lúa, đạt 86,65% kế hoạch, tăng 3,2% so với cùng kỳ; trong đó lúa lai 4.100 ha (vụ xuân 1.800 ha, vụ mùa 2.300 ha)[1]. Trong đó: huyện Phú Khánh 1.250 ha; huyện Tân Hòa 980 ha.
Năm 2023 gieo trồng 11.900 ha.
Kinh phí: năm 2023 là 1.200 triệu đồng, năm 2024 là 1.350 triệu đồng.
2. Chăn nuôi
Trong 9 tháng:
- Hỗ trợ 1.340 hộ nuôi bò, kinh phí 2.560,5 triệu đồng.
- Tiêm phòng cho 45.300 con gia súc; tỷ lệ tiêm đạt trên 92%.
3. Văn bản
Ngày 12/5/2024, Chủ tịch Ủy ban nhân dân (UBND) tỉnh ban hành Quyết định số 612/QĐ-UBND do dịch bệnh kéo dài.
Giải quyết 271/286 nhiệm vụ UBND giao.
[1] Giống lúa lai mới được trồng trên 2.000 ha.
"""


@pytest.fixture(scope="module")
def report() -> Report:
    return make_report(REPORT, name="bao-cao.txt", source="upload:bao-cao.txt")


def hits_of(report: Report) -> list[Hit]:
    """Return every passage as a hit; clause vectors all point the same way."""
    return [
        Hit(report, passage, 1.0, 1.0, 1.0, clause_vectors=np.tile(np.float32([1, 0]), (len(passage.clauses), 1)))
        for passage in report.passages
    ]


def clause(report: Report, words: str) -> ClauseView:
    """Return the clause that begins with these words."""
    return next(view for hit in hits_of(report) for view in clause_views(hit) if view.text.startswith(words))


def figure(report: Report, literal: str) -> FigureView:
    """Return the first figure written like this."""
    return next(
        found for hit in hits_of(report) for view in clause_views(hit) for found in view.figures if found.literal == literal
    )


@pytest.mark.parametrize(
    ("literal", "label"),
    [
        ("12.500 ha", "toàn tỉnh gieo trồng"),
        ("1.800 ha", "vụ xuân"),
        ("2.300 ha", "vụ mùa"),
        ("1.250 ha", "huyện phú khánh"),
        ("980 ha", "huyện tân hòa"),
        ("2.560,5 triệu đồng", "kinh phí"),
    ],
)
def test_the_label_of_a_figure_is_the_words_directly_before_it(report: Report, literal: str, label: str) -> None:
    assert " ".join(figure(report, literal).label) == label


def test_a_percentage_behind_a_figure_takes_over_what_it_is_a_percentage_of(report: Report) -> None:
    for literal, change in (("86,65%", "đạt"), ("3,2%", "tăng")):
        label = " ".join(figure(report, literal).label)
        assert label.startswith("toàn tỉnh gieo trồng ") and label.endswith(f" {change}")


def test_a_segment_is_the_label_and_the_words_up_to_the_next_break(report: Report) -> None:
    assert " ".join(figure(report, "1.340 hộ nuôi bò").segment) == "hỗ trợ hộ nuôi bò"
    assert " ".join(figure(report, "86,65%").segment).endswith(" đạt kế hoạch")
    assert " ".join(figure(report, "2.300 ha").segment) == "vụ mùa ha"


def test_what_stands_in_brackets_or_behind_trong_do_is_marked(report: Report) -> None:
    marks = {literal: (f.in_brackets, f.subordinate) for literal in ("12.500 ha", "4.100 ha", "1.800 ha", "1.250 ha", "980 ha")
             for f in [figure(report, literal)]}
    assert marks == {
        "12.500 ha": (False, False),
        "4.100 ha": (False, True),
        "1.800 ha": (True, True),
        "1.250 ha": (False, True),
        "980 ha": (False, False),
    }


@pytest.mark.parametrize(
    ("literal", "kind", "unit"),
    [
        ("12.500 ha", "count", ("ha",)),
        ("86,65%", "percent", ()),
        ("2.560,5 triệu đồng", "money", ("trieu", "dong")),
        ("45.300 con gia súc", "count", ("con", "gia", "suc")),
        ("271/286 nhiệm vụ", "pair", ("nhiem", "vu")),
    ],
)
def test_a_figure_knows_its_kind_and_its_unit(report: Report, literal: str, kind: str, unit: tuple[str, ...]) -> None:
    found = figure(report, literal)
    assert (found.kind, found.unit) == (kind, unit)


def test_figures_are_literal_pieces_of_their_clause(report: Report) -> None:
    for hit in hits_of(report):
        for view in clause_views(hit):
            assert view.text == report.text[view.clause.start:view.clause.end]
            for order, found in enumerate(view.figures):
                assert found.literal == view.text[found.figure.start:found.figure.end]
                assert found.order == order


def test_the_periods_named_directly_before_a_figure_are_its_own(report: Report) -> None:
    assert [p.label for p in figure(report, "1.200 triệu đồng").periods] == ["năm 2023"]
    assert [p.label for p in figure(report, "1.350 triệu đồng").periods] == ["năm 2024"]
    assert figure(report, "12.500 ha").periods == ()


def test_a_clause_that_divides_a_whole_is_a_part(report: Report) -> None:
    assert clause(report, "Trong đó: huyện Phú Khánh").is_part is True
    assert clause(report, "trong đó lúa lai").is_part is True
    assert clause(report, "Toàn tỉnh gieo trồng").is_part is False


def test_a_clause_has_the_words_of_its_headings_lead_in_and_report_around_it(report: Report) -> None:
    view = clause(report, "- Hỗ trợ 1.340")
    assert {"chăn", "nuôi"} <= view.heading_set
    assert {"9", "tháng"} <= view.context_set
    assert {"an", "phú", "nông", "nghiệp"} <= view.about_set
    assert view.full_set == view.token_set | view.context_set | view.heading_set | view.about_set


def test_abbreviations_of_the_report_are_read_in_full(report: Report) -> None:
    assert {"ủy", "ban", "nhân", "dân"} <= clause(report, "Giải quyết 271/286").token_set


def test_a_clause_knows_its_documents_dates_offices_and_causes(report: Report) -> None:
    view = clause(report, "Ngày 12/5/2024")
    assert view.has_document is True
    assert view.documents == {"quyet dinh"}
    assert (view.has_date("ngay nao"), view.has_date("nam nao"), view.has_role, view.has_cause) == (True, True, True, True)
    other = clause(report, "- Hỗ trợ")
    assert (other.has_document, other.documents, other.has_date("ngay nao"), other.has_role, other.has_cause) == (
        False, frozenset(), False, False, False
    )


def test_the_period_of_a_lead_in_line_belongs_to_each_bullet(report: Report) -> None:
    assert [p.label for p in clause(report, "- Hỗ trợ 1.340").periods] == ["9 tháng đầu năm"]


@pytest.mark.parametrize(
    ("question", "words", "agreement"),
    [
        ("9 tháng trồng bao nhiêu ha?", "Toàn tỉnh", 1.0),
        ("9 tháng năm 2024 trồng bao nhiêu ha?", "Toàn tỉnh", 1.0),
        ("6 tháng trồng bao nhiêu ha?", "Toàn tỉnh", -1.0),
        ("9 tháng năm 2022 trồng bao nhiêu ha?", "Toàn tỉnh", -1.0),
        ("Quý III trồng bao nhiêu ha?", "Toàn tỉnh", -1.0),
        ("Năm 2022 trồng bao nhiêu ha?", "Toàn tỉnh", -1.0),
        ("Năm 2023 trồng bao nhiêu ha?", "Toàn tỉnh", -1.0),
        ("Năm 2023 trồng bao nhiêu ha?", "Năm 2023", 1.0),
        ("Năm 2024 trồng bao nhiêu ha?", "Toàn tỉnh", 0.3),
        ("Trồng bao nhiêu ha?", "Toàn tỉnh", 0.0),
    ],
)
def test_a_clause_agrees_with_the_period_it_or_its_report_speaks_of(
    report: Report, question: str, words: str, agreement: float
) -> None:
    assert period_agreement(understand(question, question).periods, clause(report, words)) == agreement


def test_the_period_of_a_report_is_read_from_its_label(report: Report) -> None:
    assert report_period(report.period).label == "9 tháng đầu năm 2024"
    assert report_period(None) is None
    assert report_period("không rõ") is None


@pytest.mark.parametrize(
    ("text", "ranges"),
    [
        ("từ đủ 12 tháng đến dưới 24 tháng được 3 triệu đồng", [(12.0, 24.0, "thang")]),
        ("từ 15 đến 60 tuổi", [(15.0, pytest.approx(60.001), "tuoi")]),
        ("chưa đủ 12 tháng", [(0.0, 12.0, "thang")]),
        ("dưới 16 tuổi", [(0.0, 16.0, "tuoi")]),
        ("từ đủ 24 tháng trở lên", [(24.0, float("inf"), "thang")]),
        ("trên 80 tuổi trở lên", [(80.0, float("inf"), "tuoi")]),
        ("gieo trồng 12.500 ha", []),
    ],
)
def test_the_ranges_of_a_text_are_read_with_their_ends(text: str, ranges: list[tuple[float, float, str]]) -> None:
    assert find_ranges(text) == ranges


@pytest.mark.parametrize(
    ("asked", "agreement"),
    [
        ("làm việc 11 tháng", [1.0, -1.0, -1.0]),
        ("làm việc 12 tháng", [-1.0, 1.0, -1.0]),
        ("làm việc 20 tháng", [-1.0, 1.0, -1.0]),
        ("làm việc một năm rưỡi", [-1.0, 1.0, -1.0]),
        ("làm việc 24 tháng", [-1.0, -1.0, 1.0]),
        ("làm việc ba năm", [-1.0, -1.0, 1.0]),
        ("làm việc lâu", [0.0, 0.0, 0.0]),
    ],
)
def test_a_measure_asked_about_lies_in_one_range_only(asked: str, agreement: list[float]) -> None:
    ranges = ("chưa đủ 12 tháng", "từ đủ 12 tháng đến dưới 24 tháng", "từ đủ 24 tháng trở lên")
    assert [range_agreement(quantities(asked), text) for text in ranges] == agreement


@pytest.mark.parametrize(
    ("words", "counted"),
    [(("vụ", "cháy"), "case"), (("người",), "person"), (("lượt", "người"), "person"), (("huyện",), "place"), (("ha",), "thing"), (("suất",), ""), ((), "")],
)
def test_what_is_counted_belongs_to_one_class_or_none(words: tuple[str, ...], counted: str) -> None:
    assert counter_class(words) == counted


@pytest.mark.parametrize(
    ("question", "unlike"),
    [
        ("Hỗ trợ bao nhiêu hộ?", False), ("Hỗ trợ bao nhiêu vụ?", False), ("Bao nhiêu người?", True), ("Bao nhiêu ha?", False),
        ("Bao nhiêu phần trăm?", True), ("Hết bao nhiêu tiền?", True), ("Hỗ trợ thế nào?", False),
        ("Bao nhiêu người, trồng bao nhiêu ha?", False),
    ],
)
def test_a_count_of_hectares_answers_no_question_for_people_or_money(report: Report, question: str, unlike: bool) -> None:
    literal = "1.340 hộ nuôi bò" if "hộ" in question or "vụ" in question else "12.500 ha"
    assert unlike_counter(understand(question, question), figure(report, literal)) is unlike


def test_coverage_is_the_weighted_share_of_the_words() -> None:
    weighing = Weighing({"lúa": 3.0, "lai": 1.0}, {}, {})
    assert weighing.coverage({"lúa", "xuân"}) == 0.75
    assert weighing.coverage({"lai"}) == 0.25
    assert weighing.coverage(set()) == 0.0
    assert Weighing({}, {}, {}).coverage({"lúa"}) == 0.0


def test_a_word_is_covered_by_a_whole_phrase_of_the_same_meaning() -> None:
    weighing = Weighing({"thất": 1.0, "nghiệp": 1.0}, {term: (frozenset(("mất", "việc")),) for term in ("thất", "nghiệp")}, {})
    assert weighing.coverage({"mất", "việc"}) == 1.0
    assert weighing.coverage({"mất"}) == 0.0


def test_neighbouring_words_count_by_their_weight() -> None:
    weighing = Weighing({}, {}, {("lúa", "lai"): 3.0, ("vụ", "xuân"): 1.0})
    assert weighing.pair_coverage(frozenset({("lúa", "lai"), ("lai", "vụ")})) == 0.75
    assert weighing.pair_coverage(frozenset({("lai", "lúa")})) == 0.0
    assert Weighing({}, {}, {}).pair_coverage(frozenset({("lúa", "lai")})) == 0.0


def test_pairs_that_stand_nowhere_are_left_out() -> None:
    question = understand("trồng lúa lai", "trồng lúa lai")
    weighing = weigh(question, lambda term: {"lúa_lai": 2.0}.get(term, 9.0))
    assert weighing.pairs == {("lúa", "lai"): 2.0}


def test_words_weigh_their_share_of_meaning_times_their_rarity() -> None:
    question = understand("còn lúa lai?", "còn lúa lai?", earlier="9 tháng gieo trồng bao nhiêu ha?")
    weighing = weigh(question, lambda term: 5.0 if term == "lai" else 2.0)
    assert weighing.weights["lai"] == 5.0
    assert weighing.weights["lúa"] == 2.0
    assert weighing.weights["gieo"] == pytest.approx(0.8)


def test_synonyms_of_the_question_count_as_its_words() -> None:
    question = understand("Bao nhiêu người thất nghiệp?", "Bao nhiêu người thất nghiệp?")
    weighing = weigh(question, lambda term: 1.0)
    assert weighing.coverage(frozenset(tokenise("240 người mất việc"))) == 1.0
    assert weighing.coverage(frozenset(tokenise("240 người có việc"))) < 0.5


def test_words_that_only_name_the_report_do_not_count_as_its_own(report: Report) -> None:
    weighing = Weighing({"nông": 1.0, "lúa": 1.0}, {}, {})
    assert own_coverage(weighing, clause(report, "Toàn tỉnh")) == 1.0
    assert own_coverage(weighing, clause(report, "Năm 2023")) == 0.0


def readings_for(report: Report, text: str):
    question = understand(text, text)
    weighing = weigh(question, lambda term: 1.0)
    return read(question, hits_of(report), np.float32([1, 0]), weighing, {report.id: 0.5})


def feature(reading, name: str) -> float:
    return float(reading.features[FEATURES.index(name)])


def test_every_clause_is_read_alone_and_once_for_each_figure(report: Report) -> None:
    readings = readings_for(report, "9 tháng gieo trồng bao nhiêu ha lúa?")
    views = [view for hit in hits_of(report) for view in clause_views(hit)]
    assert len(readings) == sum(1 + len(view.figures) for view in views)
    assert [r.features.shape for r in readings] == [(len(FEATURES),)] * len(readings)
    assert all(np.isfinite(r.features).all() for r in readings)


def test_the_unit_asked_for_is_seen_in_the_figure(report: Report) -> None:
    by_literal = {r.figure.literal: r for r in readings_for(report, "Hỗ trợ bao nhiêu hộ nuôi bò?") if r.figure}
    assert feature(by_literal["1.340 hộ nuôi bò"], "noun") == 1.0
    assert feature(by_literal["2.560,5 triệu đồng"], "noun") == 0.0
    assert feature(by_literal["2.560,5 triệu đồng"], "unit_kind") == -1.0
    assert feature(by_literal["1.340 hộ nuôi bò"], "cover_segment") == 1.0


def test_money_asked_for_is_seen_in_the_figure(report: Report) -> None:
    by_literal = {r.figure.literal: r for r in readings_for(report, "Hỗ trợ nuôi bò hết bao nhiêu tiền?") if r.figure}
    assert feature(by_literal["2.560,5 triệu đồng"], "unit_kind") == 1.0
    assert feature(by_literal["1.340 hộ nuôi bò"], "unit_kind") == -1.0


def test_a_clause_of_the_period_asked_for_is_told_from_another(report: Report) -> None:
    readings = readings_for(report, "Năm 2023 gieo trồng bao nhiêu ha?")
    by_literal = {r.figure.literal: r for r in readings if r.figure}
    assert feature(by_literal["11.900 ha"], "period") == 1.0
    assert feature(by_literal["12.500 ha"], "period") == -1.0
    assert feature(by_literal["1.200 triệu đồng"], "label_period") == 1.0
    assert feature(by_literal["1.350 triệu đồng"], "label_period") == -1.0


def test_no_hits_give_no_readings() -> None:
    question = understand("Bao nhiêu hộ?", "Bao nhiêu hộ?")
    assert read(question, [], np.float32([1, 0]), weigh(question, lambda term: 1.0), {}) == []


@given(st.lists(st.sampled_from(["lúa", "lai", "vụ", "xuân", "mùa", "của", "và"]), max_size=8))
def test_pairs_and_content_come_from_the_tokens(tokens: list[str]) -> None:
    assert len(pairs_of(tokens)) <= max(0, len(tokens) - 1)
    assert content_set(tokens) == set(tokens) - {"của", "và"}


@given(
    st.dictionaries(st.sampled_from(["lúa", "lai", "vụ", "xuân"]), st.floats(0.1, 10), min_size=1),
    st.frozensets(st.sampled_from(["lúa", "lai", "vụ", "xuân", "mùa"])), st.frozensets(st.sampled_from(["lúa", "lai", "vụ", "xuân", "mùa"])),
)
def test_more_words_never_cover_less(weights: dict[str, float], some: frozenset[str], others: frozenset[str]) -> None:
    weighing = Weighing(weights, {}, {})
    assert 0 <= weighing.coverage(some) <= weighing.coverage(some | others) + 1e-9 <= 1 + 2e-9
