"""Every figure of a report as a record: value, unit, what it counts, time, part and plan."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.library import Library
from index.numbers import format_number
from index.records import RegisteredFigure, Report
from index.register import register_figures
from index.register_table import list_figures, register_frame
from index.reporting import make_report

HEAD = "SỞ CÔNG THƯƠNG TỈNH AN PHÚ\nBÁO CÁO\nKết quả công tác 9 tháng đầu năm 2024\n1. Chợ và siêu thị\n"
BODY = """Toàn tỉnh cải tạo 24 chợ (chợ huyện 9; chợ xã 15), kinh phí 1,5 tỷ đồng, đạt 80% kế hoạch (30 chợ).
Tính đến 31/8/2024 có 1.446/2.450 hộ buôn bán đăng ký, trong đó nữ 812 hộ ở huyện Sa Bình. So với năm 2023 (1.210 hộ) tăng 236 hộ.
2. Nhiệm vụ 3 tháng cuối năm
Xây mới 04 chợ.[1]
[1] Quyết định số 15/QĐ-UBND ngày 02/3/2024; tổng vốn 2.400 triệu đồng.
"""


@pytest.fixture(scope="module")
def report() -> Report:
    return make_report(HEAD + BODY, name="cho.txt", source="upload:cho.txt")


def by_literal(report: Report) -> dict[str, RegisteredFigure]:
    return {figure.literal: figure for figure in register_figures(report)}


def test_every_figure_is_a_literal_span_and_numbered_in_order(report: Report) -> None:
    figures = register_figures(report)
    assert [figure.place for figure in figures] == list(range(len(figures)))
    assert all(report.text[figure.start:figure.end] == figure.literal for figure in figures)
    assert [figure.start for figure in figures] == sorted(figure.start for figure in figures)


def test_dates_documents_and_numbers_of_sections_are_no_figures(report: Report) -> None:
    assert not {"02", "31", "2024", "1.", "3"} & {figure.literal for figure in register_figures(report)}


def test_a_part_has_the_unit_and_the_label_of_its_whole(report: Report) -> None:
    part = by_literal(report)["15"]
    assert (part.base, part.part, part.unit) == ("chợ", True, "chợ")
    assert part.label.startswith("Toàn tỉnh cải tạo") and part.label.endswith("chợ xã")


def test_money_is_worth_the_same_in_any_multiple(report: Report) -> None:
    figures = by_literal(report)
    assert figures["1,5 tỷ đồng"].amount == Decimal(1_500_000_000)
    assert figures["2.400 triệu đồng"].amount == Decimal(2_400_000_000)


def test_a_plan_is_told_from_a_result(report: Report) -> None:
    figures = by_literal(report)
    assert (figures["30 chợ"].role, figures["24 chợ"].role) == ("plan", "")
    assert figures["04 chợ"].role == "plan", "under a heading of tasks ahead"


def test_a_pair_keeps_both_numbers_and_its_date(report: Report) -> None:
    pair = by_literal(report)["1.446/2.450 hộ buôn bán"]
    assert (pair.value, pair.denominator, pair.as_of) == (1446, 2450, "31/8/2024")


def test_the_time_is_the_nearest_named_and_last_the_report_s(report: Report) -> None:
    figures = by_literal(report)
    assert figures["24 chợ"].period == "9 tháng đầu năm 2024"
    assert figures["1.210 hộ"].period == "năm 2023"
    assert figures["04 chợ"].period == "3 tháng cuối năm 2024"


def test_women_and_places_qualify_a_figure(report: Report) -> None:
    assert by_literal(report)["812 hộ"].qualifiers == (("sex", "nữ"), ("place", "huyện Sa Bình"))


def test_a_figure_of_a_footnote_names_it(report: Report) -> None:
    assert by_literal(report)["2.400 triệu đồng"].footnote == "1"


def test_an_age_is_one_of_the_words_of_a_label() -> None:
    report = make_report(HEAD + "Số thẻ bảo hiểm của trẻ em dưới 6 tuổi là 45.873 thẻ.\n", name="a.txt", source="upload:a.txt")
    assert by_literal(report)["45.873 thẻ"].label == "Số thẻ bảo hiểm của trẻ em dưới 6 tuổi"


@pytest.mark.parametrize("text", ["Kỷ niệm 77 năm Ngày Thương binh - Liệt sĩ", "bình quân 3 năm 2001 - 2003", "trợ cấp 1 lần"])
def test_anniversaries_named_times_and_once_are_no_figures(text: str) -> None:
    report = make_report(f"{HEAD}{text} có 12 đoàn.\n", name="a.txt", source="upload:a.txt")
    assert [figure.literal for figure in register_figures(report)] == ["12 đoàn"]


def test_the_rows_of_a_table_are_registered_with_its_unit() -> None:
    text = "BÁO CÁO\nQuyết toán năm 2004\nCÂN ĐỐI NGÂN SÁCH\nĐVT: 1000 đồng\nSTT\tNội dung\tNăm 2004\nI\tTổng thu\t15237170\n1\tThu nội địa\t14988995\n"
    figures = by_literal(make_report(text, name="b.txt", source="upload:b.txt"))
    assert (figures["15237170"].label, figures["15237170"].unit) == ("Tổng thu", "nghìn đồng")
    assert figures["14988995"].amount == Decimal(14_988_995_000)


@given(st.decimals(min_value=1, max_value="9999999", places=2, allow_nan=False))
def test_any_amount_of_money_comes_through_exactly(value: Decimal) -> None:
    report = make_report(f"{HEAD}Chi {format_number(value)} triệu đồng sửa chợ.\n", name="c.txt", source="upload:c.txt")
    assert [figure.amount for figure in register_figures(report)] == [value * 1_000_000]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory):
    with Library.open(tmp_path_factory.mktemp("register") / "kho", create=True) as library:
        library.add_text(HEAD + BODY, name="cho.txt")
        yield library


def test_the_register_is_stored_with_the_report(library: Library, report: Report) -> None:
    assert library.figures("cho.txt") == register_figures(report)


def test_a_library_without_registers_gets_them_when_asked(tmp_path: Path, report: Report) -> None:
    with Library.open(tmp_path / "kho", create=True) as library:
        library.add_text(HEAD + BODY, name="cho.txt")
        with library._store.transaction():
            library._store._connection.execute("DELETE FROM figures")
            library._store._connection.execute("DELETE FROM registers")
        assert library.check() == []
        assert library.snapshot().figures(0) == register_figures(report)
        assert library.figures("cho.txt") == register_figures(report) == library._store.figures(library._store.keys()[0])


def test_a_damaged_register_is_found_by_check(tmp_path: Path) -> None:
    with Library.open(tmp_path / "kho", create=True) as library:
        library.add_text(HEAD + BODY, name="cho.txt")
        with library._store.transaction():
            library._store._connection.execute("UPDATE figures SET value = '25' WHERE literal = '24 chợ'")
        assert [defect for defect in library.check() if "sổ số liệu" in defect]
        library.reindex()
        assert library.check() == []


@pytest.mark.parametrize(
    ("options", "literals"),
    [
        ({"value": "24"}, ["24 chợ"]),
        ({"value": "2.450"}, ["1.446/2.450 hộ buôn bán"]),
        ({"find": "cho xa"}, ["15"]),
        ({"find": "chợ xã"}, ["15"]),
        ({"section": "2"}, ["04 chợ", "2.400 triệu đồng"]),
        ({"find": "thư viện"}, []),
        ({"value": "hai mươi"}, []),
    ],
)
def test_figures_are_found_by_words_value_and_section(library: Library, options: dict[str, str], literals: list[str]) -> None:
    assert [entry.figure.literal for entry in list_figures(library, **options)] == literals


def test_the_register_as_a_frame_keeps_exact_values(library: Library) -> None:
    frame = register_frame(list_figures(library, value="1,5"))
    assert frame["Giá trị"].tolist() == [Decimal("1.5")] and frame["Mục"].tolist() == ["1"]


def test_a_very_long_list_of_numbers_is_registered_in_time() -> None:
    numbers = ", ".join(str(n) for n in range(1_000, 2_500))
    report = make_report(f"{HEAD}Các số: {numbers}.\n", name="d.txt", source="upload:d.txt")
    assert len(register_figures(report)) > 500


def test_a_heading_keeps_its_first_letters_in_a_label() -> None:
    report = make_report("BÁO CÁO\nKết quả năm 2024\n1. Văn hóa\nCó 12.\n", name="e.txt", source="upload:e.txt")
    assert [figure.label for figure in register_figures(report)] == ["Văn hóa"]
