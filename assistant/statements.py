"""What of a report is said: the span of a statement, and how its words are read out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.candidates import ClauseView
from assistant.question import Question
from assistant.reading import Reading
from index.lines import BULLET
from index.records import Passage, Report
from index.tables import say_row

STATEMENT_LIMIT = 480
GROUP_LIMIT = 1_100
# What is answered with a whole list or paragraph.
LIST_ASKS = frozenset({"breakdown", "what", "document", "why", "compare"})
_MARK = re.compile(r"\s?\[(?:\d{1,3}|\*+)\]")
_VALUE_CELL = re.compile(r"-?\(?\d[\d.,]*\)?\s*%?")
_ROW_NUMBER = re.compile(r"[A-ZĐIVX\d.]{1,5}|[a-zđ]")


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave out a bullet sign in front and white space at both ends."""
    bullet = BULLET.match(text[start:end])
    start += bullet.end() if bullet else 0
    words = text[start:end]
    return start + len(words) - len(words.lstrip()), start + len(words.rstrip())


def statement_span(question: Question, reading: Reading) -> tuple[int, int]:
    """Return the span to say: the clause, or with its parts where parts or several things are asked."""
    clause = reading.clause.clause
    wide = bool(question.asks & {"breakdown", "compare"}) or len(question.slots) > 1 or (
        not question.wants_figure and bool(question.asks & LIST_ASKS)
    ) or not question.asks
    if not wide:
        return clause.start, clause.end
    items = _items(reading.hit.passage, reading.hit.report) if not question.wants_figure or "breakdown" in question.asks else None
    if items:
        return items
    first, last = group_of(reading.hit.passage, reading.clause.order, reading.hit.report)
    clauses = reading.hit.passage.clauses
    while clauses[last].end - clauses[first].start > GROUP_LIMIT and last > reading.clause.order:
        last -= 1
    while clauses[last].end - clauses[first].start > GROUP_LIMIT and first < reading.clause.order:
        first += 1
    return clauses[first].start, clauses[last].end


def _items(passage: Passage, report: Report) -> tuple[int, int] | None:
    """Return the span of the list that a passage is an item of, or leads into; None when there is none."""
    passages = report.passages
    first = passage.index
    if report.text[passage.start:passage.end].endswith(":") and first + 1 < len(passages) and passages[first + 1].context:
        first += 1
    context = passages[first].context
    if passages[first].kind == "row":
        return _row_span(passages[first], report)
    if not context or passages[first].kind == "footnote":
        return None
    last = first
    while first > 0 and passages[first - 1].context == context:
        first -= 1
    while last + 1 < len(passages) and passages[last + 1].context == context:
        last += 1
    start, end = passages[first].start, passages[last].end
    return (start, end) if first < last and end - start <= GROUP_LIMIT else None


def _row_span(passage: Passage, report: Report) -> tuple[int, int] | None:
    """Return the span of a table row with the rows that divide it; None when none do."""
    label = row_label(passage, report)
    last = passage.index
    while last + 1 < len(report.passages) and f"; {label}" in f"; {report.passages[last + 1].context}" and label:
        last += 1
    return (passage.start, report.passages[last].end) if last > passage.index else None


def group_of(passage: Passage, order: int, report: Report) -> tuple[int, int]:
    """Return the first and last clause of the statement that a clause belongs to."""
    clauses = passage.clauses
    first = order
    while first > 0 and clauses[first].context:
        first -= 1
    last = order
    while last + 1 < len(clauses) and clauses[last + 1].context:
        last += 1
    return first, last


def say(text: str) -> str:
    """Return a quote as it is read aloud: no footnote marks, one space, no loose end."""
    words = re.sub(r"\s+", " ", _MARK.sub("", text)).strip()
    return words.rstrip(" ;,:")


def say_around(text: str, at: int, limit: int) -> str:
    """Return a quote cut to about `limit` characters around a position, at the ends of its parts."""
    if len(text) <= limit:
        return say(text)
    cuts = [0, *(m.end() for m in re.finditer(r"[,;:]\s|\.\s", text)), len(text)]
    start = max((c for c in cuts if c <= max(0, at - limit // 2)), default=0)
    end = min((c for c in cuts if c >= min(len(text), start + limit) and c > at), default=len(text))
    return ("… " if start else "") + say(text[start:end]) + (" …" if end < len(text) else "")


def say_statement(reading: Reading, span: tuple[int, int]) -> str:
    """Return a span of a reading's report as it is read out; table rows as "name: values"."""
    if reading.hit.passage.kind == "row":
        report, passages = reading.hit.report, reading.hit.report.passages
        rows = [reading.hit.passage]
        while rows[-1].end < span[1]:
            rows.append(passages[rows[-1].index + 1])
        return "; ".join(say_row(report, row) for row in rows)
    report = reading.hit.report
    start, end = trim(report.text, *span)
    clause = reading.clause.clause
    if (start, end) != trim(report.text, clause.start, clause.end):
        return capital(say(report.text[start:end]))
    at = reading.figure.figure.start - (start - clause.start) if reading.figure else 0
    return capital(say_around(report.text[start:end], at, STATEMENT_LIMIT if reading.figure else 600))


def capital(words: str) -> str:
    """Return the words with a capital in front."""
    return words[:1].upper() + words[1:]


def row_label(passage: Passage, report: Report) -> str:
    """Return what a table row is about: its first cell that is no number."""
    return _row_name(_cells(report.text[passage.start:passage.end]))


def _cells(row: str) -> list[str]:
    return [cell for cell in (part.strip(" _-–") for part in row.split("\t")) if cell]


def _row_name(cells: Sequence[str]) -> str:
    return next((cell for cell in cells if not _ROW_NUMBER.fullmatch(cell) and not _VALUE_CELL.fullmatch(cell)), "")


def clause_head(view: ClauseView) -> str:
    """Return what a clause is about: its words before the first figure, without digits."""
    head = view.text[:view.figures[0].figure.start] if view.figures else view.text
    words = say(BULLET.sub("", head)).split()[:18]
    return " ".join(word for word in words if not any(c.isdigit() for c in word))
