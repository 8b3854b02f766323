"""What a question asks for against what a figure or clause is: what is counted, period, range."""

from __future__ import annotations

import math
import re
from functools import lru_cache

from assistant.candidates import ClauseView, FigureView
from assistant.question import Question, Slot
from index.periods import Period, find_periods
from index.text import fold, tokenise
from index.units import counter_class

MONEY_NOUNS = frozenset(["tien", "dong", "trieu", "ty", "ti", "usd", "do", "kinh", "phi", "von", "nghin"])
PERCENT_NOUNS = frozenset(["phan", "tram", "%"])


def unlike_counter(question: Question, figure: FigureView) -> bool:
    """Tell whether a figure counts something else than what every "bao nhiêu" of a question asks for."""
    if not question.slots or not all(slot.words for slot in question.slots):
        return False
    return all(_unlike(slot, figure) for slot in question.slots)


def _unlike(slot: Slot, figure: FigureView) -> bool:
    noun = slot.noun
    if noun[0] in PERCENT_NOUNS:
        return figure.kind not in ("percent", "pair", "bare")
    if noun[0] in ("tien", "usd", "do") or " ".join(noun[:2]) == "kinh phi":
        return figure.kind not in ("money", "bare")
    asked, counted = counter_class(slot.words), counter_class(tuple(tokenise(figure.figure.unit)))
    if asked and figure.kind in ("percent", "money"):
        return True
    return bool(asked) and bool(counted) and asked != counted


def period_agreement(periods: tuple[Period, ...], view: ClauseView) -> float:
    """Return 1 when clause or report speak of the period asked for, -1 when of another, 0 when open."""
    if not periods:
        return 0.0
    scores = [_one_period(period, view) for period in periods]
    return max(scores)


def _one_period(period: Period, view: ClauseView) -> float:
    if any(p.agrees_with(period) and (p.year or not period.year) for p in view.periods):
        return 1.0
    if period.kind in ("year", "range") and any(p.year == period.year and p.kind != "month" for p in view.periods):
        return 1.0
    owns = report_periods(view.report.period) or report_periods(view.report.title)
    if not owns:
        return 0.0
    if any(own.agrees_with(period) for own in owns):
        return 1.0
    years = {year for own in owns for year in ((own.year,) if not own.to else range(own.year, own.to + 1)) if year}
    if period.year and years and period.year not in years:
        return -1.0
    if period.kind in ("months", "quarter") and owns[0].kind in ("months", "quarter", "year"):
        return -1.0
    return 0.3 if period.kind == "year" else 0.0


@lru_cache(maxsize=4_096)
def report_periods(*labels: str | None) -> tuple[Period, ...]:
    """Return the periods that a report's label and title name."""
    return tuple(period for label in labels if label for period in find_periods(label))


def report_period(label: str | None) -> Period | None:
    """Return the period a report's label names, or None."""
    return next(iter(report_periods(label)), None)


def is_report_of(label: str | None, period: Period) -> bool:
    """Tell whether a report's label names a period: one of the same kind that agrees with it."""
    own = report_period(label)
    return own is not None and own.kind == period.kind and own.agrees_with(period)


def range_agreement(measures: list[tuple[float, str]], text: str) -> float:
    """Return 1 when a range in the text ("từ đủ 12 tháng đến dưới 24 tháng") holds a measure asked about."""
    ranges = find_ranges(text) if measures else []
    if not ranges:
        return 0.0
    for amount, unit in measures:
        for low, high, range_unit in ranges:
            value = amount * 12 if unit == "nam" and range_unit == "thang" else amount
            if unit in (range_unit, "nam") and low <= value < high:
                return 1.0
    return -1.0


def find_ranges(text: str) -> list[tuple[float, float, str]]:
    """Return (low, high, folded unit) of the ranges a text states; high is exclusive."""
    folded = fold(text)
    found = []
    for m in re.finditer(r"tu (?:du )?(\d+)\s*([a-z]*)\s*(?:den|toi)\s*(?:duoi |het )?(\d+)\s*([a-z]+)", folded):
        found.append((float(m[1]), float(m[3]) + (0 if "duoi" in m[0] else 0.001), m[4]))
    for m in re.finditer(r"(?:chua du|duoi)\s*(\d+)\s*([a-z]+)", folded):
        if not any(f[1] == float(m[1]) for f in found):
            found.append((0.0, float(m[1]), m[2]))
    for m in re.finditer(r"(?:tu (?:du )?|tren )(\d+)\s*([a-z]+) tro len", folded):
        found.append((float(m[1]), math.inf, m[2]))
    return found


def period_end(label: str | None) -> tuple[int, int, int]:
    """Return what orders reports in time: last year, last month, and of two that end together the longer last."""
    period = report_period(label)
    return (period.to or period.year or 0, period.last, -period.first) if period else (0, 0, 0)


def months_of(label: str | None) -> int:
    """Return how many months the period of a label lasts, 0 when it names none."""
    period = report_period(label)
    return period.last - period.first + 1 if period else 0


def is_later(label: str | None, than: str | None) -> bool:
    """Tell whether a report's period ends after another's; one without a period is neither."""
    return bool(report_period(label) and report_period(than)) and period_end(label) > period_end(than)
