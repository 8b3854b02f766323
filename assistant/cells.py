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
from index.passages import spell_out, without_header
from index.register import is_planned_cell
from index.tables import read_row
from index.text import tokenise

# How far, in logits, a column of the period asked for moves a cell, and against it one of plans, of the year
# before or of percents, where none is asked for.
COLUMN_PERIOD, COLUMN_PLAN, COLUMN_BEFORE, COLUMN_PERCENT = 3.0, 4.0, 4.0, 4.0
# The same for the words of its column that a question has, and for the row of a total where one is asked for.
COLUMN_SAID, TOTAL_ROW = 2.0, 3.0
# A cell that has all words of a question but this share of them answers, whatever the network says of it: it has seen
# no tables.
FULLY, SURE_OF_CELL = 0.03, 0.5
# What a cell loses whose row is not meant: more than anything speaks for it.
NOT_MEANT = 12.0
# The share of a question's words, by weight, that a row, its column, its table and its headings may lack;
# the second where the question does not say the whole name of the row.
MISSING, MISSING_UNNAMED = 0.4, 0.25
# From this share of its words on a row counts as named.
NAMED = 0.8
# Words of looking into a table, of totals, of money, of doubt and of change: no cell must have them.
_NEUTRAL = CHANGE_WORDS | frozenset(["dòng", "cột", "ô", "bảng", "biểu", "tổng", "cộng", "toàn", "chung", "cả", "gộp", "lại", "tiền", "khoản", "mức", "rốt", "cuộc", "kiểu", "chính", "xác", "thực", "tế"])
_TOTAL_ASKED = re.compile(r"\b(?:tổng|toàn|cả|tất cả|chung|gộp|cộng)\b", re.IGNORECASE)
_TOTAL_ROW = re.compile(r"(?:tổng|cộng|toàn)\b", re.IGNORECASE)
_SHARE_ASKS = frozenset({"percent", "ratio", "change", "compare"})
_BEFORE_ASKED = re.compile(r"\b(?:cùng kỳ|năm (?:trước|ngoái)|kỳ trước)\b", re.IGNORECASE)
_PLAN_ASKED = re.compile(r"\b(?:kế hoạch|chỉ tiêu|dự toán|mục tiêu|phấn đấu|dự kiến|giao)\b", re.IGNORECASE)


def is_cell(reading: Reading) -> bool:
    """Tell whether a reading is a figure of a table whose columns are known."""
    return reading.figure is not None and bool(reading.figure.column)


def cell_score(question: Question, reading: Reading) -> float:
    """Return how far the column of a cell speaks for it, in logits: the period it is of, and whether it is a plan."""
    figure, score = reading.figure, 0.0
    if question.periods and figure.periods:
        agrees = any(asked.agrees_with(named) for asked in question.periods for named in figure.periods)
        score += COLUMN_PERIOD if agrees else -COLUMN_PERIOD
    if is_planned_cell(reading.hit.passage, figure.column) and not _PLAN_ASKED.search(question.text):
        score -= COLUMN_PLAN
    if _of_year_before(reading) and not any(period.year for period in question.periods) and not _BEFORE_ASKED.search(question.text):
        score -= COLUMN_BEFORE
    said = _column_said(question, reading)
    score += COLUMN_SAID * said
    if figure.kind == "percent" and said < NAMED and not question.asks & _SHARE_ASKS and any(f.kind != "percent" for f in reading.clause.figures):
        score -= COLUMN_PERCENT
    if _TOTAL_ASKED.search(question.text):
        score += TOTAL_ROW if _TOTAL_ROW.match(read_row(reading.hit.report, reading.hit.passage).name) else 0.0
    return score


def _column_said(question: Question, reading: Reading) -> float:
    """Return the share (0..1) of the words of a column that a question has; one that few columns of the row have weighs more."""
    columns = [set(tokenise(figure.column)) - STOPWORDS for figure in reading.clause.figures]
    having = Counter(token for column in columns for token in column)
    weights = {token: 1 / having[token] for token in columns[reading.figure.order] if having[token] < len(columns)}
    # "Huyện Bến Đá" says nothing of the column "Huyện giao".
    said = set(question.tokens) - set(tokenise(read_row(reading.hit.report, reading.hit.passage).name))
    return sum(weight for token, weight in weights.items() if token in said) / (sum(weights.values()) or 1.0)


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
    row = read_row(reading.hit.report, reading.hit.passage)
    # The place that the whole report is about names no row.
    name = set(tokenise(row.name)) - STOPWORDS - reading.clause.about_set
    said = sum(token in question.tokens or token in weighing.known for token in name)
    if said >= NAMED * len(name):
        return True
    if missing >= MISSING_UNNAMED:
        return False
    here = _words_here(reading)
    lacking = {term for term in weighing.weights if term not in _NEUTRAL and not weighing.covers(term, here)}
    return not any((a in name and b in lacking) or (b in name and a in lacking) for a, b in pairwise(question.tokens))


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
    view = reading.clause
    above = tokenise(spell_out(without_header(view.passage), view.report))
    return frozenset((*reading.figure.label, *reading.figure.right, *above)) | view.heading_set | view.about_set
