"""Tables: the name and unit of each column, the head of a table, the row and the column that a question means."""

from __future__ import annotations

import pytest

from assistant import Assistant
from index.library import Library
from index.records import Passage, Report
from index.register import register_figures
from index.reporting import make_report
from index.tables import read_row, table_head

BUDGET = (
    "UBND TỈNH LAM KHÊ\nBÁO CÁO\nKết quả 9 tháng đầu năm 2024\n1. Thu ngân sách\nThu trên địa bàn như bảng sau.\n"
    "Bảng 1. Thu ngân sách theo địa bàn\nĐơn vị tính: triệu đồng\n"
    "STT\tĐịa phương\tDự toán năm 2024\t\tThực hiện 9 tháng\t\tSo sánh (%)\tSố xã\n"
    "\t\tTỉnh giao\tHuyện giao\tNăm 2024\tNăm 2023\tVới dự toán\t\n"
    "A\tB\t1\t2\t3\t4\t5=3/1\t6\n"
    "\tTổng cộng\t355.000\t366.000\t260.100\t241.700\t73,3\t33\n"
    "1\tHuyện Bến Đá\t186.000\t190.000\t149.800\t141.000\t80,5\t18\n"
    "2\tHuyện Trà Ngân\t169.000\t176.000\t110.300[1]\t100.700\t65,3\t15\n"
    "\n2. Chỉ tiêu\nBảng 2. Chỉ tiêu chủ yếu\n"
    "TT\tChỉ tiêu\tĐVT\t2023\t2024\n1\tDiện tích lúa\tha\t27.300\t26.480\n2\tĐàn lợn\tnghìn con\t265\t248,7\n"
    "\n3. Nhân sự\nĐơn vị tính: người\nĐơn vị\tBiên chế\tNữ\nSở Y tế\t49\t21\nSở Nội vụ\t40\t18\n"
    "\n4. Văn bản\nTên văn bản\tSố, ngày\tCơ quan chủ trì\nQuy chế phối hợp\tQuyết định số 645/QĐ-UBND ngày 07/6/2024\tSở Y tế\n"
    "Quy định phân cấp\tQuyết định số 31/2024/QĐ-UBND ngày 14/5/2024\tSở Xây dựng\n"
    "[1] Chưa gồm khoản thu của hai xã mới sáp nhập.\n"
)


@pytest.fixture(scope="module")
def report() -> Report:
    return make_report(BUDGET, name="thu.txt", source="upload:thu.txt")


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder = tmp_path_factory.mktemp("bang")
    (folder / "thu.txt").write_text(BUDGET, encoding="utf-8")
    library = Library.open(folder / "kho", create=True)
    library.add([folder / "thu.txt"])
    return Assistant(library)


def row_of(report: Report, words: str) -> Passage:
    return next(p for p in report.passages if p.kind == "row" and words in report.text[p.start:p.end])


def test_each_column_is_named_by_the_header_cells_above_it(report: Report) -> None:
    assert row_of(report, "Bến Đá").columns == (
        "STT", "Địa phương", "Dự toán năm 2024 Tỉnh giao", "Dự toán năm 2024 Huyện giao",
        "Thực hiện 9 tháng Năm 2024", "Thực hiện 9 tháng Năm 2023", "So sánh (%) Với dự toán", "Số xã",
    )


def test_the_row_of_column_numbers_is_neither_header_nor_passage(report: Report) -> None:
    assert not any("5=3/1" in report.text[p.start:p.end] or "5=3/1" in p.context for p in report.passages)


def test_years_above_columns_are_a_header(report: Report) -> None:
    assert row_of(report, "Đàn lợn").columns == ("TT", "Chỉ tiêu", "ĐVT", "2023", "2024")


@pytest.mark.parametrize("words, units", [
    ("Bến Đá", ("triệu đồng",) * 6 + ("%", "")),
    ("Đàn lợn", ("nghìn con",) * 5),
    ("Sở Nội vụ", ("người",) * 3),
])
def test_a_cell_has_the_unit_of_its_column_its_row_or_its_table(report: Report, words: str, units: tuple[str, ...]) -> None:
    assert read_row(report, row_of(report, words)).units == units


def test_rows_of_a_table_without_figures_are_passages_with_named_columns(report: Report) -> None:
    passage = row_of(report, "Quy chế")
    assert passage.columns == ("Tên văn bản", "Số, ngày", "Cơ quan chủ trì")
    assert passage.context == "Tên văn bản Số, ngày Cơ quan chủ trì"


def test_the_head_of_a_table_is_its_title_its_unit_and_its_header(report: Report) -> None:
    start, end = table_head(report, row_of(report, "Trà Ngân"))
    head = report.text[start:end]
    assert head.startswith("Bảng 1. Thu ngân sách theo địa bàn\nĐơn vị tính: triệu đồng\nSTT\t")
    assert head.endswith("Với dự toán")


def test_cells_are_registered_with_row_column_unit_period_and_plan(report: Report) -> None:
    figures = {figure.literal: figure for figure in register_figures(report)}
    assert [(f.label, f.unit, f.period, f.role) for f in map(figures.get, ("186.000", "149.800", "141.000", "80,5", "18", "26.480"))] == [
        ("Huyện Bến Đá – Dự toán Tỉnh giao", "triệu đồng", "năm 2024", "plan"),
        ("Huyện Bến Đá – Thực hiện", "triệu đồng", "9 tháng đầu năm 2024", ""),
        ("Huyện Bến Đá – Thực hiện", "triệu đồng", "9 tháng đầu năm 2023", ""),
        ("Huyện Bến Đá – So sánh Với dự toán", "%", "9 tháng đầu năm 2024", ""),
        ("Sở Nội vụ – Nữ", "người", "9 tháng đầu năm 2024", ""),
        ("Diện tích lúa", "ha", "năm 2024", ""),
    ]


def test_a_figure_keeps_its_footnote_mark_out(report: Report) -> None:
    assert read_row(report, row_of(report, "Trà Ngân")).cells[4] == "110.300"
    assert row_of(report, "Trà Ngân").marks == ("1",)


@pytest.mark.parametrize("question, lead", [
    ("huyện Bến Đá được tỉnh giao dự toán thu bao nhiêu?", "186.000 triệu đồng"),
    ("9 tháng huyện Bến Đá thu ngân sách được bao nhiêu?", "149.800 triệu đồng"),
    ("9 tháng năm 2023 huyện Bến Đá thu ngân sách bao nhiêu?", "141.000 triệu đồng"),
    ("Thu của huyện Trà Ngân đạt bao nhiêu phần trăm dự toán?", "65,3%"),
    ("Năm 2023 diện tích lúa là bao nhiêu?", "27.300 ha"),
    ("Đàn lợn có bao nhiêu con?", "248,7 nghìn con"),
    ("Sở Nội vụ có mấy nữ?", "18 người"),
])
def test_a_question_gets_the_cell_of_its_row_and_column(assistant: Assistant, question: str, lead: str) -> None:
    answer = assistant.ask(question)
    assert answer.lead == lead
    assert answer.citations[1].quote.count("\t") >= 2


@pytest.mark.parametrize("question", ["Sở Tư pháp có bao nhiêu biên chế?", "Huyện Bến Đá có bao nhiêu giường bệnh?"])
def test_a_row_or_column_that_is_not_there_is_declined(assistant: Assistant, question: str) -> None:
    assert assistant.ask(question).abstained
