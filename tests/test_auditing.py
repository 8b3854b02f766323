"""Sums, shares, changes and figures said twice: confirmed where they hold, told where they do not, silent otherwise."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.register.plants import audit_files, plant_errors
from index.auditing import audit_report
from index.auditing.audit import audit_reports
from index.numbers import format_number
from index.register import register_figures
from index.reporting import make_report

SAMPLE_REPORTS = Path(__file__).resolve().parents[1] / "docs" / "reports"

HEAD = "SỞ CÔNG THƯƠNG TỈNH AN PHÚ\nSố: {number}/BC-SCT\nBÁO CÁO\nKết quả công tác 9 tháng đầu năm 2024\n1. Chợ và siêu thị\n"


def audit(body: str) -> list[tuple[str, bool, str]]:
    """Return (kind, agrees, formula = expected) of each check of a report that says this."""
    report = make_report(HEAD.format(number=4) + body + "\n", name="a.txt", source="upload:a.txt")
    return [(c.kind, c.agrees, f"{c.formula} = {c.expected}") for c in audit_report(report, register_figures(report))]


@pytest.mark.parametrize(
    ("body", "checks"),
    [
        ("Cải tạo 24 chợ (chợ huyện 9; chợ xã 15).", [("sum", True, "9 + 15 = 24")]),
        ("Cải tạo 25 chợ (chợ huyện 9; chợ xã 15).", [("sum", False, "9 + 15 = 24")]),
        ("Cấp 2.223 giấy phép, gồm: cấp mới 1.548 giấy phép, cấp lại 158 giấy phép, gia hạn 517 giấy phép.", [("sum", True, "1.548 + 158 + 517 = 2.223")]),
        ("Xử lý 17 vụ làm hỏng 18 xe. Trong đó: ở chợ 09 vụ làm hỏng 10 xe; ở kho 08 vụ làm hỏng 08 xe.",
         [("sum", True, "9 + 8 = 17"), ("sum", True, "10 + 8 = 18")]),
        ("Chi 3.007,5 triệu đồng (tỉnh 1.960 triệu đồng, huyện 1.047,5 triệu đồng).", [("sum", True, "1.960 + 1.047,5 = 3.007,5")]),
        # Some of a whole, more than once counted, changes: no sums.
        ("Có 415 hộ, trong đó 241 hộ ở chợ và 104 hộ ở phố.", []),
        ("Có 16 người, trong đó nữ 14 người, trẻ em 03 người.", []),
        ("Có 35.070 thẻ (tăng 401 thẻ, giảm 267 thẻ).", []),
        ("Đăng ký 1.446/2.450 hộ, đạt 59%.", [("share", True, "1.446 : 2.450 = 59,02%")]),
        ("Đăng ký 1.446/2.450 hộ, đạt 95%.", [("share", False, "1.446 : 2.450 = 59,02%")]),
        ("Tạo việc cho 12.467 lao động, bằng 80,43% kế hoạch năm (15.500 lao động).", [("share", True, "12.467 : 15.500 = 80,43%")]),
        ("Tạo việc cho 12.467 lao động, bằng 84,03% kế hoạch năm (15.500 lao động).", [("share", False, "12.467 : 15.500 = 80,43%")]),
        ("Tiếp nhận 5.964 hồ sơ, trong đó 4.891 hồ sơ nộp trực tuyến, chiếm 82,01%.", [("share", True, "4.891 : 5.964 = 82,01%")]),
        ("Giải quyết cho 16.335 lao động, tăng 4,03% so với năm 2022 (15.702 lao động).",
         [("change", True, "(16.335 – 15.702) : 15.702 = 4,03%")]),
        ("Giải quyết cho 16.335 lao động, tăng 4,3% so với năm 2022 (15.702 lao động).",
         [("change", False, "(16.335 – 15.702) : 15.702 = 4,03%")]),
        ("Số hộ giảm từ 5.386 hộ xuống 3.942 hộ, tức giảm 1.444 hộ.", [("change", True, "5.386 – 3.942 = 1.444")]),
        ("Số hộ giảm từ 5.386 hộ xuống 3.942 hộ, tức giảm 1.434 hộ.", [("change", False, "5.386 – 3.942 = 1.444")]),
        ("Tổ chức 12 hội chợ, thu hút 300 gian hàng, đạt kết quả tốt.", []),
    ],
)
def test_what_a_statement_lets_compute_is_computed(body: str, checks: list[tuple[str, bool, str]]) -> None:
    assert audit(body) == checks


@given(st.lists(st.integers(min_value=1, max_value=99_999), min_size=2, max_size=6))
def test_parts_in_brackets_that_add_up_are_confirmed_exactly(parts: list[int]) -> None:
    inside = "; ".join(f"loại {chr(97 + i)} {format_number(Decimal(part))}" for i, part in enumerate(parts))
    found = audit(f"Bán {format_number(Decimal(sum(parts)))} thùng ({inside}).")
    assert found == [("sum", True, f"{' + '.join(format_number(Decimal(p)) for p in parts)} = {format_number(Decimal(sum(parts)))}")]


@given(st.integers(min_value=1, max_value=9_999), st.integers(min_value=1, max_value=9_999))
def test_a_share_rounded_or_cut_is_no_mistake(part: int, more: int) -> None:
    whole = part + more
    exact = Decimal(part) * 100 / whole
    for percent in (round(exact, 2), Decimal(int(exact * 100)) / 100):
        found = audit(f"Đăng ký {format_number(Decimal(part))}/{format_number(Decimal(whole))} hộ, đạt {format_number(percent)}%.")
        assert [agrees for kind, agrees, _ in found if kind == "share"] == [True]


def test_rows_of_a_table_are_added_up() -> None:
    text = (
        "BÁO CÁO\nQuyết toán năm 2004\nCÂN ĐỐI NGÂN SÁCH\nĐVT: 1000 đồng\nSTT\tNội dung\tNăm 2004\n"
        "I\tThu ngân sách\t{whole}\n1\tThu phân cấp\t300\n2\tThu bổ sung\t200\n"
    )
    for whole, agrees in (("500", True), ("700", False)):
        report = make_report(text.format(whole=whole), name="a.txt", source="upload:a.txt")
        assert [c.agrees for c in audit_report(report, register_figures(report)) if c.kind == "sum"] == [agrees]


def test_two_places_that_give_two_values_of_the_same_thing_are_told() -> None:
    body = "Dạy nghề cho 412 người thuộc hộ nghèo, cận nghèo.\n2. Giảm nghèo\nĐã dạy nghề cho 438 người thuộc hộ nghèo, cận nghèo."
    assert audit(body) == [("repeat", False, " = 412")]
    assert audit(body.replace("438", "412")) == [("repeat", True, " = 412")]


def test_figures_of_two_offices_are_not_held_against_each_other() -> None:
    registers = []
    for agency, count in (("AN PHÚ", "412"), ("BÌNH LÃNG", "438")):
        text = HEAD.format(number=4).replace("AN PHÚ", agency) + f"Dạy nghề cho {count} người thuộc hộ nghèo, cận nghèo.\n"
        report = make_report(text, name=f"{agency}.txt", source=f"upload:{agency}")
        registers.append((report, register_figures(report)))
    assert audit_reports(registers) == []


def test_the_sample_reports_add_up_and_planted_errors_are_found() -> None:
    audited = audit_files(SAMPLE_REPORTS)
    assert [check for _, checks in audited for check in checks if not check.agrees and check.kind != "repeat"] == []
    assert all(sum(not check.agrees for check in checks) <= 2 for _, checks in audited)
    assert sum(check.agrees for _, checks in audited for check in checks) >= 40
    plants = plant_errors(audited, count=20, seed=3)
    assert len(plants) == 20 and sum(plant.found for plant in plants) >= 17


def test_a_share_written_with_a_decimal_nought_is_as_exact_as_it_says() -> None:
    assert audit("Đăng ký 150/200 hộ, đạt 80,0%.") == [("share", False, "150 : 200 = 75%")]


def test_cells_are_added_up_within_their_column_only() -> None:
    head = "BÁO CÁO\nQuyết toán năm 2004\nTHU CHI\nĐVT: đồng\nSTT\tNội dung\tKế hoạch\tThực hiện\n"
    report = make_report(head + "I\tTổng số\t\t100\n1\tThu phí\t60\t70\n2\tThu khác\t41\t30\n", name="a.txt", source="upload:a.txt")
    assert [(c.agrees, c.formula) for c in audit_report(report, register_figures(report)) if c.kind == "sum"] == [(True, "70 + 30")]
