"""Periods that a text names, with and without tone marks."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.periods import find_periods


@pytest.mark.parametrize(("text", "labels"), [
    ("nửa đầu năm 2024 so với nua cuoi nam 2023", ["6 tháng đầu năm 2024", "6 tháng cuối năm 2023"]),
    ("nửa năm đầu 2024, một nửa đầu tư", ["6 tháng đầu năm 2024"]),
    ("9 tháng đầu năm 2024", ["9 tháng đầu năm 2024"]),
    ("9 thang nam 2024", ["9 tháng đầu năm 2024"]),
    ("sáu tháng đầu năm 2023", ["6 tháng đầu năm 2023"]),
    ("6 tháng cuối năm 2024", ["6 tháng cuối năm 2024"]),
    ("quý III/2024 và quy 4", ["quý III năm 2024", "quý IV"]),
    ("tháng 8/2024, tháng 11", ["tháng 8/2024", "tháng 11"]),
    ("năm 2023 và 2022", ["năm 2023", "năm 2022"]),
    ("giai đoạn 2021-2025", ["2021-2025"]),
    ("từ 2021 đến năm 2025", ["2021-2025"]),
    ("9T/2024", ["9 tháng đầu năm 2024"]),
    ("6th 2024 vs 9th 2024", ["6 tháng đầu năm 2024", "9 tháng đầu năm 2024"]),
    ("nữa năm 2024", ["6 tháng đầu năm 2024"]),
    ("15 tháng, 13.864 lao động", []),
    ("Nghị định 131/2021/NĐ-CP", []),
])
def test_periods_are_named_as_written(text: str, labels: list[str]) -> None:
    assert [period.label for period in find_periods(text)] == labels


def test_a_decomposed_text_must_be_normalised_first() -> None:
    text = unicodedata.normalize("NFD", "quý II năm 2024")
    assert [p.label for p in find_periods(unicodedata.normalize("NFC", text))] == ["quý II năm 2024"]


def test_a_period_without_a_year_agrees_with_any_year_and_takes_one() -> None:
    (open_year,), (dated,), (other,) = map(find_periods, ("quý II", "quý II năm 2024", "quý II năm 2023"))
    assert open_year.agrees_with(dated) and open_year.agrees_with(other)
    assert not dated.agrees_with(other)
    assert open_year.with_year(2024).key == dated.key
    assert dated.with_year(2020) is dated


@given(st.text(alphabet="0123456789 /-,thánguýqIViđầcốiăm", max_size=80))
def test_spans_of_periods_are_in_order_and_do_not_overlap(text: str) -> None:
    end = 0
    for period in find_periods(text):
        assert end <= period.start < period.end <= len(text)
        assert period.label
        end = period.end
