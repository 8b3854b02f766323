"""What a cell shows: every usual number format in Vietnamese notation, exact to the letter."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.readers.cell_formats import show_general, show_number
from index.readers.ods import in_vietnamese

_ACCOUNTING = '_(* #,##0_);_(* \\(#,##0\\);_(* "-"??_);_(@_)'


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        ("1234567", "#,##0", "1.234.567"),
        ("1234567", "General", "1234567"),
        ("2024", "0", "2024"),
        ("1234.5", "#,##0.00", "1.234,50"),
        ("291463.467", "General", "291463,467"),
        ("0.125", "0.00%", "12,50%"),
        ("0.8665", "0%", "87%"),
        ("86.65", "0.0#", "86,65"),
        ("86.6", "0.0#", "86,6"),
        ("12", "#,##0.###", "12"),
        ("1.005", "0.00", "1,01"),
        ("5", "00", "05"),
        ("7", "0,000", "0.007"),
        ("1234567", "#,##0,", "1.235"),
        ("1234", '#,##0" đồng"', "1.234 đồng"),
        ("3", 'General" vụ"', "3 vụ"),
        ("1234", "[$-42A]#,##0 [$₫-42A]", "1.234 ₫"),
        ("1234567", "0.00E+00", "1234567"),
        ("0.5", "# ?/?", "0,5"),
        ("150", '[>100]"cao";0', "cao"),
        ("0", "#,###", ""),
    ],
)
def test_figures_are_shown_as_their_format_says(value: str, number_format: str, shown: str) -> None:
    assert show_number(Decimal(value), number_format) == shown


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        ("-1234", "#,##0", "-1.234"),
        ("-1234", "#,##0_);(#,##0)", "-1.234"),
        ("-1234", "#,##0;[Red]#,##0", "-1.234"),
        ("-1234", _ACCOUNTING, "-1.234"),
        ("1234", _ACCOUNTING, "1.234"),
        ("0", _ACCOUNTING, "-"),
        ("-0.001", "0.0", "0,0"),
        ("-0.125", "0.0%", "-12,5%"),
    ],
)
def test_a_negative_figure_keeps_its_sign_where_the_sheet_has_brackets_or_red_print(
    value: str, number_format: str, shown: str
) -> None:
    assert show_number(Decimal(value), number_format) == shown


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        ("45657", "dd/mm/yyyy", "31/12/2024"),
        ("45657", "mm-dd-yy", "31/12/2024"),
        ("45657", "m/d/yyyy", "31/12/2024"),
        ("45657", "mm/yyyy", "12/2024"),
        ("45657", '"ngày" dd "tháng" mm "năm" yyyy', "ngày 31 tháng 12 năm 2024"),
        ("45657.35", "d/m/yyyy h:mm", "31/12/2024 08:24"),
        ("0.354166667", "h:mm", "8:30"),
        ("1.5", "[h]:mm", "36:00"),
        ("45657", "dddd", "Thứ Ba"),
        ("99999999", "dd/mm/yyyy", "99999999"),
    ],
)
def test_dates_and_times_are_written_as_offices_write_them(value: str, number_format: str, shown: str) -> None:
    assert show_number(Decimal(value), number_format) == shown


def test_a_date_of_a_file_that_counts_from_1904() -> None:
    assert show_number(Decimal(44195), "dd/mm/yyyy", from_1904=True) == "31/12/2024"


def test_what_a_float_adds_behind_15_digits_is_not_shown() -> None:
    assert show_general(Decimal(0.1 + 0.2)) == "0,3"
    assert show_general(Decimal(1 / 3)) == "0,333333333"
    assert show_general(Decimal("12345678901.25")) == "12345678901,25"


@given(st.decimals(min_value=-10**12, max_value=10**12, places=3))
def test_a_shown_figure_reads_back_as_its_value(value: Decimal) -> None:
    shown = show_number(value, "#,##0.000")
    assert Decimal(shown.replace(".", "").replace(",", ".")) == value


@given(st.text(max_size=30), st.decimals(min_value=-10**15, max_value=10**15, allow_nan=False))
def test_any_number_format_gives_one_text(number_format: str, value: Decimal) -> None:
    assert isinstance(show_number(value, number_format), str)


@pytest.mark.parametrize(
    ("shown", "value", "vietnamese"),
    [
        ("1,234", "1234", "1.234"),
        ("1,234", "1.234", "1,234"),
        ("1.234", "1234", "1.234"),
        ("87.50%", "0.875", "87,50%"),
        ("87,5 %", "0.875", "87,5 %"),
        ("(1,234.50)", "-1234.5", "-1.234,50"),
        ("1 234,5", "1234.5", "1.234,5"),
        ("1234.57", "1234.567", "1234,57"),
        ("1.23E+06", "1234567", "1234567"),
        ("-", "0", "-"),
    ],
)
def test_the_notation_of_a_shown_figure_is_told_by_its_value(shown: str, value: str, vietnamese: str) -> None:
    assert in_vietnamese(shown, Decimal(value)) == vietnamese
