"""Units as written to units that can be compared."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.numbers import find_figures, format_number, parse_number
from index.units import counter_class, normalise_unit


@pytest.mark.parametrize(
    ("unit", "measure", "base", "factor"),
    [
        ("triệu đồng", "money", "đồng", "1000000"),
        ("tỷ đồng", "money", "đồng", "1000000000"),
        ("nghìn tỷ đồng", "money", "đồng", "1000000000000"),
        ("đồng/tháng", "money", "đồng", "1"),
        ("tỷ", "money", "đồng", "1000000000"),
        ("triệu USD", "usd", "USD", "1000000"),
        ("%", "percent", "%", "1"),
        ("điểm %", "points", "điểm %", "1"),
        ("ha", "area", "m²", "10000"),
        ("tấn", "weight", "kg", "1000"),
        ("nghìn lao động", "count", "lao động", "1000"),
        ("người lao động Việt Nam", "count", "lao động", "1"),
        ("lượt người", "count", "lượt người", "1"),
        ("hộ nghèo", "count", "hộ", "1"),
        ("vụ", "count", "vụ", "1"),
        ("", "count", "", "1"),
    ],
)
def test_a_unit_is_worth_its_base(unit: str, measure: str, base: str, factor: str) -> None:
    found = normalise_unit(unit)
    assert (found.measure, found.base, found.factor) == (measure, base, Decimal(factor))


@given(st.decimals(min_value="0.01", max_value="99999", places=3, allow_nan=False))
def test_money_is_the_same_in_million_and_billion(value: Decimal) -> None:
    million, billion = normalise_unit("triệu đồng"), normalise_unit("tỷ đồng")
    assert value * 1000 * million.factor == value * billion.factor


@given(st.decimals(min_value=0, max_value="99999999", places=2, allow_nan=False))
def test_a_figure_said_in_words_is_read_back_with_its_amount(value: Decimal) -> None:
    figure = find_figures(f"Chi {format_number(value)} triệu đồng cho đường làng.")[0]
    assert figure.value == value == parse_number(format_number(value))
    assert figure.value * normalise_unit(figure.unit).factor == value * 1_000_000


def test_persons_of_every_kind_are_one_class_and_cases_another() -> None:
    assert {counter_class((word,)) for word in ("người", "trẻ", "cụ")} == {"person"} != {counter_class(("vụ",))}


@pytest.mark.parametrize("unit", ["văn bản", "vận động viên", "trạm y tế", "ngân hàng", "độ", "đồng chí", "hạ tầng"])
def test_words_that_are_units_only_without_their_marks_count_things(unit: str) -> None:
    assert (normalise_unit(unit).measure, normalise_unit(unit).factor) == ("count", 1)
