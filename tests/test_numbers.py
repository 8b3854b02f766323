"""Figures of invented report sentences: exact value, unit as written, and what is no figure."""

from __future__ import annotations

import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.numbers import find_figures, format_number, parse_number, same_value
from index.text import normalise


def _read(text: str) -> list[tuple[str, ...]]:
    """Return each figure as (literal, value, unit), with y, upper and bound where it has them."""
    text = normalise(text)
    return [
        (text[f.start:f.end], str(f.value), f.unit)
        + ((f"/{f.denominator}",) if f.denominator is not None else ())
        + ((f"-{f.upper}",) if f.upper is not None else ())
        + ((f.bound,) if f.bound else ())
        for f in find_figures(text)
    ]


@given(st.decimals(min_value=0, max_value=10**15, places=4, allow_nan=False, allow_infinity=False))
def test_parsing_what_was_formatted_gives_the_value_back(value: Decimal) -> None:
    assert parse_number(format_number(value)) == value


@given(st.integers(min_value=0, max_value=10**30))
def test_parsing_a_formatted_whole_number_gives_it_back(value: int) -> None:
    assert parse_number(format_number(Decimal(value))) == value


@pytest.mark.parametrize(("literal", "value"), [
    ("291.463,467", "291463.467"), ("1.234", "1234"), ("04", "4"), ("3,5", "3.5"), (" 15237170 ", "15237170"), ("0,05", "0.05"),
])
def test_numbers_are_read_in_vietnamese_notation(literal: str, value: str) -> None:
    assert parse_number(literal) == Decimal(value)


@pytest.mark.parametrize("literal", ["12.5", "1,234,567", "1.23.456", "", "ba", "1.234.56", "-5", "½"])
def test_other_notations_are_no_numbers(literal: str) -> None:
    assert parse_number(literal) is None


SENTENCES = [
    ("Toàn huyện gieo 1.250,5 ha lúa, đạt 98,7% kế hoạch.", [("1.250,5 ha", "1250.5", "ha"), ("98,7%", "98.7", "%")]),
    ("Xảy ra 03 vụ cháy, thiệt hại 4,2 tỷ đồng.", [("03 vụ cháy", "3", "vụ cháy"), ("4,2 tỷ đồng", "4.2", "tỷ đồng")]),
    ("Đã cấp 1.446/2.450 giấy chứng nhận.", [("1.446/2.450 giấy chứng nhận", "1446", "giấy chứng nhận", "/2450")]),
    ("Giải quyết 28/31 đơn; đạt 05/07.", [("28/31 đơn", "28", "đơn", "/31"), ("05/07", "5", "", "/7")]),
    ("Năng suất 59 - 61 tạ/ha, tăng 7-8%.", [("59 - 61 tạ/ha", "59", "tạ/ha", "-61"), ("7-8%", "7", "%", "-8")]),
    ("Tỷ lệ tăng 11,5 % so với cùng kỳ.", [("11,5 %", "11.5", "%")]),
    ("Giảm 0,8 điểm phần trăm.", [("0,8 điểm phần trăm", "0.8", "điểm phần trăm")]),
    ("Có trên 1.200 hộ, khoảng 35% số hộ, gần 12 km đường.",
     [("1.200 hộ", "1200", "hộ", "trên"), ("35%", "35", "%", "khoảng"), ("12 km", "12", "km", "gần")]),
    ("Thu ngân sách ước đạt 2,5 nghìn tỷ đồng.", [("2,5 nghìn tỷ đồng", "2.5", "nghìn tỷ đồng", "ước")]),
    ("Mức 500.000 đồng/hộ, 2 triệu đồng/tháng.",
     [("500.000 đồng/hộ", "500000", "đồng/hộ"), ("2 triệu đồng/tháng", "2", "triệu đồng/tháng")]),
    ("Cao đẳng 61; trung cấp 143; sơ cấp 2.094 người.", [("61", "61", ""), ("143", "143", ""), ("2.094 người", "2094", "người")]),
    ("Chi trợ cấp 6 tháng 62.418,5 triệu đồng.", [("62.418,5 triệu đồng", "62418.5", "triệu đồng")]),
    ("Đào tạo dưới 03 tháng 815 người.", [("03 tháng", "3", "tháng", "dưới"), ("815 người", "815", "người")]),
    ("Học sinh cấp 2 ở nhà cấp 4; cấp 15 thẻ.", [("15 thẻ", "15", "thẻ")]),
    ("Trong số 137 hộ nghèo có 12 hộ; tổng số 35 người.",
     [("137 hộ nghèo", "137", "hộ nghèo"), ("12 hộ", "12", "hộ"), ("35 người", "35", "người")]),
    ("Diện tích 15ha, 3,5tỷ đồng, 12 km².", [("15ha", "15", "ha"), ("3,5tỷ đồng", "3.5", "tỷ đồng"), ("12 km²", "12", "km²")]),
    ("Đón 1,2 triệu lượt khách, tăng 1,5 lần.", [("1,2 triệu lượt khách", "1.2", "triệu lượt khách"), ("1,5 lần", "1.5", "lần")]),
    ("Tăng 15 - giảm 3.", [("15", "15", ""), ("3", "3", "")]),
    ("Dịch Covid-19 làm 25 ca mắc[3] và 4 ca nặng.", [("25 ca mắc", "25", "ca mắc"), ("4 ca nặng", "4", "ca nặng")]),
    ("Bố trí tại 12 xã, phường và 3 thị trấn.", [("12 xã, phường", "12", "xã, phường"), ("3 thị trấn", "3", "thị trấn")]),
    ("Kiểm tra 07 huyện, thị xã, thành phố.", [("07 huyện, thị xã, thành phố", "7", "huyện, thị xã, thành phố")]),
    ("Tăng 15, 6% và 1. 300 tỷ đồng; 1.4 64 hộ; 2 6,8 nghìn tấn.",
     [("15, 6%", "15.6", "%"), ("1. 300 tỷ đồng", "1300", "tỷ đồng"), ("1.4 64 hộ", "1464", "hộ"),
      ("2 6,8 nghìn tấn", "26.8", "nghìn tấn")]),
    ("Nhân lễ 30/4, 27/7 và 2/9 tặng 12 suất quà.", [("12 suất quà", "12", "suất quà")]),
    ("Năm 200 3 có 15 xã đạt chuẩn; đến cuối 2023 huyện có 20 xã.", [("15 xã", "15", "xã"), ("20 xã", "20", "xã")]),
    ("Vốn 9.806,3/15.240 triệu đồng.", [("9.806,3/15.240 triệu đồng", "9806.3", "triệu đồng", "/15240")]),
    ("2\tThu theo phân cấp\t5012179", [("5012179", "5012179", "")]),
    ("Bổ sung từ ngân sách cấp trên\t140506368", [("140506368", "140506368", "")]),
]


@pytest.mark.parametrize(("sentence", "figures"), SENTENCES)
def test_the_figures_of_a_sentence_are_exact(sentence: str, figures: list[tuple[str, ...]]) -> None:
    assert _read(sentence) == figures


@pytest.mark.parametrize("sentence", [
    "Quyết định số 27/QĐ-UBND ngày 11/01/2024 và Kế hoạch 227-KH/TU",
    "Nghị định 131/2021/NĐ-CP, Nghị quyết số 09/2002/QH11, 256 /2004/QĐ-UB",
    "ngày 12 tháng 5 năm 2024, tháng 9/2024, 9/2024, tháng 12 vừa qua",
    "9 tháng đầu năm 2024; Trong 9 tháng, năm học 2023-2024, giai đoạn 2021 - 2025",
    "điểm 1 khoản 2 Điều 5, Chương 3, Phụ lục 2, Mục 4",
    "lần thứ 9, quý 3, lớp 12, phường 5, đợt 2, khu phố 7, số 12 đường Hoa Ban",
    "lúc 7h30 tại hội trường", "1. Công tác thu chi", "(2) Lĩnh vực thuế", "theo văn bản[12]", "tỷ lệ 12.5",
])
def test_dates_documents_periods_and_ordinals_are_no_figures(sentence: str) -> None:
    assert _read(sentence) == []


def test_figures_do_not_depend_on_the_unicode_form() -> None:
    for sentence, figures in SENTENCES:
        assert _read(unicodedata.normalize("NFD", sentence)) == figures


def test_same_value_compares_the_y_of_a_pair_too() -> None:
    a, b, c = (find_figures(text)[0] for text in ("05/07 nội dung", "5/7 việc", "5/8 việc"))
    assert same_value(a, b)
    assert not same_value(a, c)


@given(st.text(alphabet="0123456789.,/%- \t\nđngxãcấptrieuQĐ[]()", max_size=120))
def test_spans_of_figures_are_in_order_and_hold_their_number(text: str) -> None:
    end = 0
    for figure in find_figures(text):
        assert end <= figure.start < figure.end <= len(text)
        assert text[figure.start].isdigit()
        assert text[figure.start:figure.end].endswith(figure.unit)
        end = figure.end


@given(st.integers(0, 10**12), st.sampled_from(["người", "hộ", "triệu đồng", "%"]))
def test_a_formatted_number_in_a_sentence_is_found_again(value: int, unit: str) -> None:
    text = f"Kết quả đạt {format_number(Decimal(value))} {unit}, tăng khá."
    (figure,) = find_figures(text)
    assert (figure.value, figure.unit) == (value, unit)
