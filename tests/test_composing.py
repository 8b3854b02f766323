"""A choice in words: literal citations, no bullets, footnotes opened, rows with their unit, long lines cut at parts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import composing, messages, statements
from assistant.candidates import clause_views
from assistant.question import understand
from assistant.reading import FEATURES, Reading
from assistant.verifying import misquoted, ungrounded_figures
from index.records import Hit, Report
from index.reporting import make_report
from index.tables import read_row

ROW_REPORT = (
    "UBND HUYỆN TÂN HÒA\nBÁO CÁO\nThu ngân sách năm 2024\n1. Kết quả thu\nBiểu 1. Thu theo sắc thuế\nĐVT: {unit}\n"
    "STT\tChỉ tiêu\tDự toán\tThực hiện\n1\tThuế nhà đất\t1.250,5\t1.340\n2\tLệ phí trước bạ\t820\t905\n"
)
TEXT = """SỞ CÔNG THƯƠNG TỈNH AN PHÚ
BÁO CÁO
Kết quả công tác 9 tháng đầu năm 2024
1. Chợ
Trong 9 tháng:
- Sửa chữa 12 chợ nông thôn[1], kinh phí trên 3.450,5 triệu đồng.
- Xây mới 04 chợ; khánh thành 02 chợ.
2. Điện
Cấp điện cho 1.340 hộ, gồm: huyện Tân Hòa 640 hộ; huyện Phú Khánh 700 hộ. Trong đó: hộ nghèo 210 hộ; hộ cận nghèo 180 hộ.
Đã ban hành các văn bản chỉ đạo về an toàn điện[2] và phối hợp kiểm tra.
[1] Gồm chợ Bến Đá, chợ Vạn Lộc và 10 chợ khác.
[2] Công văn số 118/SCT-QLNL ngày 12/5/2024; Kế hoạch số 45/KH-SCT ngày 02/6/2024.
"""


@pytest.fixture(scope="module")
def report() -> Report:
    return make_report(TEXT, name="bao-cao.txt", source="upload:bao-cao.txt")


def readings_of(report: Report) -> list[Reading]:
    """Return a reading of every clause and of every figure."""
    found = []
    for passage in report.passages:
        hit = Hit(report, passage, 1.0, 1.0, 1.0, clause_vectors=np.ones((len(passage.clauses), 1), np.float32))
        for view in clause_views(hit):
            for figure in (None, *view.figures):
                found.append(Reading(hit, view, figure, np.zeros(len(FEATURES), np.float32)))
    return found


def figure(report: Report, literal: str) -> Reading:
    return next(r for r in readings_of(report) if r.figure and r.figure.literal == literal)


def statement(report: Report, words: str) -> Reading:
    return next(r for r in readings_of(report) if r.figure is None and words in r.clause.text)


def ask(text: str):
    return understand(text, text)


def compose(report: Report, question: str, literal: str) -> tuple[str, list]:
    asked, best = ask(question), figure(report, literal)
    return composing.compose_figure(asked, best, composing.figures_asked(asked, best))


def test_the_figure_comes_first_in_bold_with_what_the_report_says(report: Report) -> None:
    text, (citation,) = compose(report, "Sửa chữa bao nhiêu chợ?", "12 chợ nông thôn")
    assert text == "**12 chợ nông thôn**. Sửa chữa 12 chợ nông thôn, kinh phí trên 3.450,5 triệu đồng. [1]"
    assert citation.figures == ("12 chợ nông thôn",)


def test_a_quote_is_the_report_word_for_word_without_its_bullet(report: Report) -> None:
    _, (citation,) = compose(report, "Sửa chữa bao nhiêu chợ?", "12 chợ nông thôn")
    assert citation.quote == "Sửa chữa 12 chợ nông thôn[1], kinh phí trên 3.450,5 triệu đồng."
    assert citation.quote == report.text[citation.start:citation.end]
    assert (citation.section.number, citation.footnote, citation.report) == ("1", None, report)


def test_every_reading_can_be_cited_literally(report: Report) -> None:
    citations = [composing.cite(reading) for reading in readings_of(report)]
    assert misquoted(citations) == []
    assert all(c.quote == c.quote.strip() and not c.quote.startswith("- ") for c in citations)
    assert all(literal in c.quote for c in citations for literal in c.figures)


def test_the_word_that_loosens_a_figure_stays_with_it(report: Report) -> None:
    text, _ = compose(report, "Sửa chữa chợ hết bao nhiêu tiền?", "3.450,5 triệu đồng")
    assert text.startswith("**trên 3.450,5 triệu đồng**. ")


def test_a_figure_in_a_footnote_is_cited_with_its_mark_and_the_section_of_the_mark(report: Report) -> None:
    citation = composing.cite(figure(report, "10 chợ khác"))
    assert (citation.section.number, citation.footnote) == ("1", "1")
    assert citation.quote == "Gồm chợ Bến Đá, chợ Vạn Lộc và 10 chợ khác."


def test_several_things_asked_get_a_figure_each_in_that_order(report: Report) -> None:
    text, (citation,) = compose(report, "Sửa chữa bao nhiêu chợ, hết bao nhiêu tiền?", "3.450,5 triệu đồng")
    assert text.startswith("**12 chợ nông thôn**; **trên 3.450,5 triệu đồng**. ")
    assert misquoted([citation]) == []


@pytest.mark.parametrize(
    ("question", "holds"),
    [
        ("Sửa chữa bao nhiêu chợ, hết bao nhiêu tiền?", True),
        ("Sửa chữa bao nhiêu chợ cho bao nhiêu hộ?", False),
        ("Sửa chữa bao nhiêu chợ, bao nhiêu phần trăm?", False),
    ],
)
def test_a_statement_holds_all_that_is_asked_or_not(report: Report, question: str, holds: bool) -> None:
    assert composing.holds_all_slots(ask(question), figure(report, "12 chợ nông thôn")) is holds


def test_a_question_for_the_parts_gets_the_whole_first_and_the_parts_with_it(report: Report) -> None:
    text, (citation,) = compose(report, "Cấp điện cho bao nhiêu hộ, chia theo huyện?", "640 hộ")
    assert text.startswith("**1.340 hộ**. ")
    assert citation.quote.startswith("Cấp điện cho 1.340 hộ, gồm: huyện Tân Hòa 640 hộ; huyện Phú Khánh 700 hộ.")
    assert "hộ cận nghèo 180 hộ." in citation.quote


def test_a_question_for_one_figure_quotes_its_clause_only(report: Report) -> None:
    _, (citation,) = compose(report, "Bao nhiêu hộ cận nghèo được cấp điện?", "180 hộ")
    assert citation.quote == "hộ cận nghèo 180 hộ."


def test_a_footnote_that_lists_what_is_asked_is_opened(report: Report) -> None:
    reading = statement(report, "Đã ban hành các văn bản")
    text, citations = composing.compose_statement(ask("Đã ban hành văn bản chỉ đạo nào về an toàn điện?"), reading)
    said, opened = text.split("\n\n")
    assert said == "Đã ban hành các văn bản chỉ đạo về an toàn điện và phối hợp kiểm tra. [1]"
    assert opened == f"{messages.footnote_says('2')} Công văn số 118/SCT-QLNL ngày 12/5/2024; Kế hoạch số 45/KH-SCT ngày 02/6/2024. [2]"
    assert [c.footnote for c in citations] == [None, "2"]
    assert citations[1].section.number == "2"
    assert misquoted(citations) == []


def test_a_footnote_is_not_opened_when_nothing_of_the_kind_is_asked(report: Report) -> None:
    reading = statement(report, "Đã ban hành các văn bản")
    text, citations = composing.compose_statement(ask("Có ban hành văn bản về an toàn điện không?"), reading)
    assert len(citations) == 1
    assert messages.footnote_says("2") not in text


def test_a_question_for_a_list_gets_all_its_items(report: Report) -> None:
    _, citations = composing.compose_statement(ask("Kết quả sửa chữa chợ gồm những gì?"), statement(report, "Sửa chữa"))
    assert citations[0].quote.startswith("Sửa chữa 12 chợ nông thôn[1]")
    assert citations[0].quote.endswith("khánh thành 02 chợ.")
    assert misquoted(citations) == []


@pytest.mark.parametrize(
    ("unit", "said"), [("1000 đồng", "nghìn đồng"), ("triệu đồng", "triệu đồng"), ("1.000.000 đồng", "triệu đồng"), ("người", "người")]
)
def test_the_unit_of_a_table_is_said_in_words(unit: str, said: str) -> None:
    report = make_report(ROW_REPORT.format(unit=unit), name="thu.txt", source="upload:thu.txt")
    reading = figure(report, "1.340")
    assert read_row(report, reading.hit.passage).units[-1] == said
    assert composing.headline(reading) == f"**1.340 {said}**"


def test_a_table_row_is_said_with_its_columns_and_the_head_of_the_table_is_cited() -> None:
    report = make_report(ROW_REPORT.format(unit="1000 đồng"), name="thu.txt", source="upload:thu.txt")
    text, (row, head) = compose(report, "Thuế nhà đất thu được bao nhiêu?", "1.340")
    assert text == "**1.340 nghìn đồng**. Thuế nhà đất – Dự toán: 1.250,5 nghìn đồng; Thực hiện: 1.340 nghìn đồng [1] [2]"
    assert row.quote == "1\tThuế nhà đất\t1.250,5\t1.340"
    assert head.quote == "Biểu 1. Thu theo sắc thuế\nĐVT: 1000 đồng\nSTT\tChỉ tiêu\tDự toán\tThực hiện"
    assert ungrounded_figures(text, [row, head]) == []


def test_differing_figures_stand_side_by_side_with_their_places(report: Report) -> None:
    text, citations = composing.compose_conflict((figure(report, "04 chợ"), figure(report, "10 chợ khác")))
    head, first, second = text.split("\n")
    assert head == messages.DIFFERENT_FIGURES
    assert first == "- **04 chợ** (mục 1): Xây mới 04 chợ [1]"
    assert second == "- **10 chợ khác** (mục 1, chú thích 1): Gồm chợ Bến Đá, chợ Vạn Lộc và 10 chợ khác. [2]"
    assert misquoted(citations) == []


def test_several_questions_are_answered_a_line_each(report: Report) -> None:
    text, citations = composing.compose_parts([("chợ xây mới", figure(report, "04 chợ")), ("hộ nghèo", figure(report, "210 hộ"))])
    assert text.split("\n") == [
        "- Chợ xây mới: **04 chợ** – Xây mới 04 chợ [1]", "- Hộ nghèo: **210 hộ** – Trong đó: hộ nghèo 210 hộ [2]",
    ]
    assert [c.section.number for c in citations] == ["1", "2"]


def test_a_long_statement_is_cut_at_the_ends_of_its_parts_around_the_figure() -> None:
    parts = ", ".join(f"chợ thứ {n} có {1000 + n} quầy hàng" for n in range(1, 40))
    said = statements.say_around(parts, parts.index("1020 quầy"), 200)
    assert said.startswith("… ") and said.endswith(" …")
    assert "chợ thứ 20 có 1020 quầy hàng" in said
    assert len(said) < 320
    assert said.strip("… ").rstrip(",").split(", ")[0] in parts.split(", ")


def test_a_short_statement_is_said_whole() -> None:
    assert statements.say_around("Xây mới 04 chợ; khánh thành 02 chợ.", 8, 480) == "Xây mới 04 chợ; khánh thành 02 chợ."


@pytest.mark.parametrize(
    ("quote", "said"),
    [("Sửa chữa 12 chợ[1], kinh phí", "Sửa chữa 12 chợ, kinh phí"), ("Xây mới\t04  chợ;", "Xây mới 04 chợ"), ("Gồm [12]:", "Gồm")],
)
def test_a_quote_is_read_aloud_without_marks_and_loose_ends(quote: str, said: str) -> None:
    assert statements.say(quote) == said


def test_what_a_clause_is_about_is_said_without_figures(report: Report) -> None:
    assert statements.clause_head(figure(report, "1.340 hộ").clause) == "Cấp điện cho"
    assert statements.clause_head(figure(report, "12 chợ nông thôn").clause) == "Sửa chữa"


QUESTIONS = ("Bao nhiêu chợ?", "Chia theo huyện thế nào?", "Những gì?", "Bao nhiêu chợ, bao nhiêu tiền?", "Văn bản nào?")


@pytest.mark.parametrize("text", QUESTIONS)
def test_whatever_is_said_of_a_report_is_grounded_in_its_quotes(report: Report, text: str) -> None:
    question = ask(text)
    for reading in readings_of(report):
        if reading.figure:
            said, citations = composing.compose_figure(question, reading, composing.figures_asked(question, reading))
        else:
            said, citations = composing.compose_statement(question, reading)
        assert misquoted(citations) == []
        assert ungrounded_figures(said, citations) == []


@given(st.text(alphabet="chợ điện 1234.,;:[]()\t ", max_size=700), st.integers(0, 700), st.integers(20, 500))
def test_what_is_said_around_a_place_is_a_piece_of_the_quote(text: str, at: int, limit: int) -> None:
    said = statements.say_around(text, min(at, len(text)), limit).removeprefix("… ").removesuffix(" …")
    assert said in statements.say(text) or said == statements.say(said)
    assert set(said) <= set(text) | {" "}
