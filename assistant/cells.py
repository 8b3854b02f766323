"""Cells of tables: which column a question means, and whether it means the row at all."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from assistant.agreement import report_period
from assistant.question import STOPWORDS, Question
from assistant.reading import Reading, Weighing
from index.register import is_planned_cell
from index.tables import read_row
from index.text import tokenise

# How far, in logits, a column of the period asked for moves a cell, and against it one of plans, or of the year
# before, where none is asked for.
COLUMN_PERIOD, COLUMN_PLAN, COLUMN_BEFORE = 3.0, 2.0, 2.0
# What a cell loses whose row is not meant: more than anything speaks for it.
NOT_MEANT = 12.0
# The share of a question's words, by weight, that a row, its column, its table and its headings may lack;
# the second where the question does not say the row's whole name.
MISSING, MISSING_UNNAMED = 0.4, 0.2
# From this share of its words on a row counts as named.
NAMED = 0.75
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
    return score


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
    """Tell whether a question means the row of a cell: a table has many alike, and the wrong one answers with a wrong figure."""
    row = read_row(reading.hit.report, reading.hit.passage)
    here = reading.clause.full_set | frozenset(reading.figure.label)
    total = sum(weighing.weights.values()) or 1.0
    missing = sum(weight for term, weight in weighing.weights.items() if not weighing.covers(term, here)) / total
    name = {token for token in tokenise(row.name) if token not in STOPWORDS}
    said = sum(_is_said(token, question, weighing) for token in name) / max(1, len(name))
    return missing < (MISSING if said >= NAMED else MISSING_UNNAMED)


def _is_said(token: str, question: Question, weighing: Weighing) -> bool:
    return token in question.tokens or token in weighing.known
