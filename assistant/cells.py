"""Cells of tables: which column a question means, and whether it means the row at all."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from assistant.agreement import report_period
from assistant.question import STOPWORDS, Question
from assistant.reading import Reading, Weighing
from index.figures import CHANGE_WORDS
from index.passages import without_header
from index.periods import Period, find_periods
from index.register import is_planned_cell

# How far, in logits, a column of the period asked for moves a cell, and against it one of plans, of the year
# before or of percents, where none is asked for.
COLUMN_PERIOD, COLUMN_PLAN, COLUMN_BEFORE, COLUMN_PERCENT = 3.0, 4.0, 4.0, 4.0
# The same for the words of its column that a question has, and for the row of a total where one is asked for.
COLUMN_SAID, MORE_SAID, TOTAL_ROW = 2.0, 0.3, 3.0
# A cell that has all words of a question but this share of them answers, whatever the network says of it: it has seen
# no tables.
FULLY, SURE_OF_CELL = 0.03, 0.5
# The reranker has learned from prose: its logit of a cell counts so much.
RERANKER_WEIGHT_OF_CELLS = 0.15
# What a cell loses whose row is not meant: more than anything speaks for it.
NOT_MEANT = 12.0
# The share of a question's words, by weight, that a row, its column, its table and its headings may lack;
# the second where the question does not say the whole name of the row.
MISSING, MISSING_UNNAMED = 0.4, 0.25
# From this share of its words on a row counts as named.
NAMED = 0.8
# Words of looking into a table, of totals, of money, of doubt and of change: no cell must have them.
_NEUTRAL = CHANGE_WORDS | frozenset(
    "dòng cột ô bảng biểu tổng cộng toàn chung cả gộp lại tiền khoản mức rốt cuộc kiểu chính xác thực tế".split()
)
_TOTAL_ASKED = re.compile(r"\b(?:tổng|toàn|cả|tất cả|chung|gộp|cộng)\b", re.IGNORECASE)
_TOTAL_ROW = re.compile(r"(?:tổng|cộng|toàn)\b", re.IGNORECASE)
_DATE = re.compile(r"\b\d{1,2}/\d{1,2}/(\d{4})\b")
_SHARE_ASKS = frozenset({"percent", "ratio", "change", "compare"})
_BEFORE_ASKED = re.compile(r"\b(?:cùng kỳ|năm (?:trước|ngoái)|kỳ trước)\b", re.IGNORECASE)
_PLAN_ASKED = re.compile(r"\b(?:kế hoạch|chỉ tiêu|dự toán|mục tiêu|phấn đấu|dự kiến|giao)\b", re.IGNORECASE)


def is_cell(reading: Reading) -> bool:
    """Tell whether a reading is a figure of a table whose columns are known."""
    return reading.figure is not None and bool(reading.figure.column)


def cell_score(question: Question, reading: Reading) -> float:
    """Return how far the column of a cell speaks for it, in logits: the period it is of, and whether it is a plan."""
    figure, score = reading.figure, 0.0
    asked_periods = _periods_asked(question)
    if asked_periods and figure.periods:
        agrees = any(asked.agrees_with(named) for asked in asked_periods for named in _periods_of(reading))
        score += COLUMN_PERIOD if agrees else -COLUMN_PERIOD
    if is_planned_cell(reading.hit.passage, figure.column) and not _PLAN_ASKED.search(question.text):
        score -= COLUMN_PLAN
    if _of_year_before(reading) and not any(period.year for period in asked_periods) and not _BEFORE_ASKED.search(question.text):
        score -= COLUMN_BEFORE
    if figure.kind == "percent" and _compares_otherwise(question.text, figure.column):
        score -= COLUMN_BEFORE
    said = _column_said(question, reading)
    score += COLUMN_SAID * said
    if figure.kind == "percent" and said < NAMED and not question.asks & _SHARE_ASKS and any(f.kind != "percent" for f in reading.clause.figures):
        score -= COLUMN_PERCENT
    if _TOTAL_ASKED.search(question.text):
        score += TOTAL_ROW if _TOTAL_ROW.match(reading.clause.row.name) else 0.0
    return score


def _column_said(question: Question, reading: Reading) -> float:
    """Return how much of the name of a column a question has; a word that few columns of the row have weighs more."""
    columns = reading.clause.column_sets
    having = Counter(token for column in columns for token in column)
    weights = {token: 1 / having[token] for token in columns[reading.figure.order] if having[token] < len(columns)}
    # "Huyện Bến Đá" says nothing of the column "Huyện giao".
    asked = set(question.tokens) - reading.clause.row_set
    said = sum(weight for token, weight in weights.items() if token in asked)
    # Of "Hộ nghèo" and "Hộ cận nghèo", both said whole, the one that says more is meant.
    return said / (sum(weights.values()) or 1.0) + MORE_SAID * said


def _periods_asked(question: Question) -> list[Period]:
    """Return the periods of a question, and the years of its dates ("đến 30/9/2023")."""
    return [*question.periods, *(p for year in _DATE.findall(question.text) for p in find_periods(f"năm {year}"))]


def _compares_otherwise(asked: str, column: str) -> bool:
    """Tell whether a question asks for a percent of a plan and a column is one of the year before, or the other way round."""
    plan, before = (bool(pattern.search(asked)) for pattern in (_PLAN_ASKED, _BEFORE_ASKED))
    return plan != before and bool((_BEFORE_ASKED if plan else _PLAN_ASKED).search(column))


def _periods_of(reading: Reading) -> list[Period]:
    """Return the periods of a column; one without a year is of the report's."""
    own = report_period(reading.hit.report.period)
    return [named if named.year else named.with_year(own.year if own else None) for named in reading.figure.periods]


def _of_year_before(reading: Reading) -> bool:
    """Tell whether a column is of a year before the report's."""
    own = report_period(reading.hit.report.period)
    named = [period.year for period in reading.figure.periods if period.year]
    if named:
        return bool(own and own.year) and max(named) < own.year
    return reading.figure.kind != "percent" and bool(_BEFORE_ASKED.search(reading.figure.column))


def cells_not_meant(question: Question, readings: Sequence[Reading], scores: np.ndarray, weighing: Weighing) -> np.ndarray:
    """Return what is taken off the scores of readings, shape (n,): `NOT_MEANT` for good cells of rows that are not meant."""
    off = np.zeros(len(readings), dtype=scores.dtype)
    for i in np.flatnonzero(scores > scores.max() - NOT_MEANT):
        if is_cell(readings[i]) and not means_row(question, readings[i], weighing):
            off[i] = NOT_MEANT
    return off


def means_row(question: Question, reading: Reading, weighing: Weighing) -> bool:
    """Tell whether a question means the row of a cell: a table has many alike, and the wrong one answers with a wrong figure.

    Where the question does not say the row's whole name, no word of that name may stand beside one
    that the report does not have here: "Sở Tư pháp" is not "Sở Y tế".
    """
    missing = _missing(reading, weighing)
    if missing >= MISSING:
        return False
    # The place that the whole report is about names no row.
    name = reading.clause.row_set - STOPWORDS - reading.clause.about_set
    said = sum(token in question.tokens or token in weighing.known for token in name)
    if said >= NAMED * len(name) or _TOTAL_ROW.match(reading.clause.row.name):
        return True
    if not said or missing >= MISSING_UNNAMED:
        return False
    here = _words_here(reading)
    lacking = {term for term in weighing.weights if term not in _NEUTRAL and not weighing.covers(term, here)}
    return not any((a in name and b in lacking) or (b in name and a in lacking) for a, b in pairwise(question.tokens))


def cell_agreement(periods: tuple[Period, ...], reading: Reading) -> float:
    """Return 1 when the column, the table or the report of a cell speaks of a period asked for, -1 when of another, 0 when open.

    A span of years in the title of a table ("giai đoạn 2021-2025") is that of a programme, not of its figures.
    """
    named = _periods_of(reading) or [p for p in find_periods(without_header(reading.hit.passage)) if p.kind != "range"]
    if not periods or not (named or report_period(reading.hit.report.period)):
        return 0.0
    named = named or [report_period(reading.hit.report.period)]
    return 1.0 if any(asked.agrees_with(other) for asked in periods for other in named) else -1.0


def is_fully_named(reading: Reading, weighing: Weighing) -> bool:
    """Tell whether the row, the column, the table and the headings of a cell have all the words of the question."""
    return _missing(reading, weighing) < FULLY


def _missing(reading: Reading, weighing: Weighing) -> float:
    """Return the share (0..1), by weight, of a question's words that neither a cell's row and column nor what is above it have."""
    weights = {term: weight for term, weight in weighing.weights.items() if term not in _NEUTRAL}
    here = _words_here(reading)
    return sum(weight for term, weight in weights.items() if not weighing.covers(term, here)) / (sum(weights.values()) or 1.0)


def _words_here(reading: Reading) -> frozenset[str]:
    """Return the words of a cell's row and column, of its table without the other columns, of its headings and its report's names."""
    return frozenset(reading.figure.segment) | reading.clause.above_set
