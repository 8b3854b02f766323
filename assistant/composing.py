"""A choice to words: the head figure first, then the report's own line, with marks for its sources."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from assistant import messages
from assistant.agreement import MONEY_NOUNS, PERCENT_NOUNS
from assistant.answers import Citation
from assistant.candidates import FigureView, clause_views
from assistant.cells import cell_score
from assistant.question import Question
from assistant.reading import Reading
from assistant.statements import (
    GROUP_LIMIT,
    LIST_ASKS,
    capital,
    group_of,
    say_around,
    say_statement,
    statement_span,
    trim,
)
from index.records import Footnote, Hit, Report
from index.tables import read_row, table_head, table_title
from index.text import fold

_SAME_UNITS = {"ky": "kg", "ki": "kg", "hecta": "ha", "do": "usd"}


def cite(reading: Reading, span: tuple[int, int] | None = None) -> Citation:
    """Return the citation of a reading: its clause, or the span given."""
    clause = reading.clause.clause
    start, end = span or (clause.start, clause.end)
    report = reading.hit.report
    start, end = trim(report.text, start, end)
    figures = (reading.figure.literal,) if reading.figure else ()
    passage = reading.hit.passage
    table, row = (table_title(passage), read_row(report, passage).name) if passage.kind == "row" else ("", "")
    return Citation(report, reading.hit.section, passage.footnote, report.text[start:end], start, end, figures, table, row)


def cite_with_head(reading: Reading, span: tuple[int, int] | None = None) -> list[Citation]:
    """Return the citation of a reading and, of a table row, that of the head of its table, which names the columns."""
    head = table_head(reading.hit.report, reading.hit.passage) if reading.hit.passage.kind == "row" else None
    return [cite(reading, span), *([replace(cite(reading, head), figures=(), row="")] if head else [])]


def marks_of(citations: Sequence[Citation], added: int) -> str:
    """Return the marks of the last `added` of an answer's citations."""
    return " ".join(f"[{number}]" for number in range(len(citations) - added + 1, len(citations) + 1))


def cite_note(hit: Hit, note: Footnote) -> Citation:
    """Return the citation of a footnote's body that a hit's passage points to."""
    report = hit.report
    return Citation(report, hit.section, note.mark, report.text[note.start:note.end], note.start, note.end)


def headline(reading: Reading) -> str:
    """Return the head figure in bold, with the word that loosens it and the unit of its table."""
    figure = reading.figure
    bound = f"{figure.figure.bound} " if figure.figure.bound else ""
    return f"**{bound}{figure.said}**"


def compose_figure(question: Question, reading: Reading, figures: Sequence[FigureView]) -> tuple[str, list[Citation]]:
    """Return the answer that gives a figure (or one for each thing asked) and its sources."""
    span = statement_span(question, reading)
    citations = cite_with_head(reading, span)
    heads = [headline(replace(reading, figure=f)) for f in figures]
    text = f"{'; '.join(dict.fromkeys(heads))}. {say_statement(reading, span)} {marks_of(citations, len(citations))}"
    return text, citations


def say_clause(reading: Reading) -> str:
    """Return a reading's clause as it is said."""
    return say_statement(reading, (reading.clause.clause.start, reading.clause.clause.end))


def compose_places(readings: Sequence[Reading]) -> tuple[str, list[Citation]]:
    """Return the answer that lists where one figure stands."""
    lines, citations = [], []
    for reading in readings:
        found = cite_with_head(reading)
        citations += found
        place = messages.place(reading.hit.section.number, reading.hit.passage.footnote)
        lines.append(f"- {headline(reading)}{f' ({place})' if place else ''}: {say_clause(reading)} {marks_of(citations, len(found))}")
    return "\n".join(lines), citations


def figures_asked(question: Question, best: Reading) -> list[FigureView]:
    """Return the figures to put first: the best one, or one for each thing asked, in that order."""
    slots = question.slots
    if "ratio" in question.asks and best.figure.kind == "pair":
        return [best.figure]
    if "breakdown" in question.asks or len(slots) < 2:
        whole = _whole_of(best) if "breakdown" in question.asks else None
        return [whole or best.figure]
    chosen: list[FigureView] = []
    for number, slot in enumerate(slots):
        fitting = [f for f in best.clause.figures if f not in chosen and fits_noun(f, slot.noun)]
        if not slot.noun:
            money = "money" in question.asks and (number > 0 or not any(s.noun for s in slots))
            others = [s.noun for s in slots if s.noun]
            fitting = [f for f in best.clause.figures if f not in chosen and not any(fits_noun(f, noun) for noun in others)]
            fitting = [f for f in fitting if f.kind == "money"] if money else fitting
        # Of the columns of a row the one that the question means; else the first.
        chosen += sorted(fitting, key=lambda f: -cell_score(question, replace(best, figure=f)) if f.column else 0.0)[:1]
    return chosen or [best.figure]


def _whole_of(best: Reading) -> FigureView | None:
    """Return the figure of the whole that a statement divides: its first one of the same unit, in no bracket."""
    first, _ = group_of(best.hit.passage, best.clause.order, best.hit.report)
    views = clause_views(best.hit)[first:best.clause.order + 1]
    wholes = [f for view in views for f in view.figures if not f.in_brackets and not f.subordinate]
    same = [f for f in wholes if f.unit[:1] == best.figure.unit[:1] or best.figure.kind in ("percent", "bare")]
    same = [f for f in same if f.kind != "percent"] or same
    return same[0] if same else None


def holds_all_slots(question: Question, best: Reading) -> bool:
    """Tell whether the statement of a reading has a figure for everything asked."""
    nouns = [slot.noun for slot in question.slots if slot.noun]
    first, last = group_of(best.hit.passage, best.clause.order, best.hit.report)
    views = clause_views(best.hit)[first:last + 1]
    figures = [figure for view in views for figure in view.figures]
    if len(figures) < len(question.slots):
        return False
    return all(any(fits_noun(figure, noun) for figure in figures) for noun in nouns)


def _is_of_kind(figure: FigureView, noun: tuple[str, ...]) -> bool:
    return noun[0] in MONEY_NOUNS and figure.kind == "money" or noun[0] in PERCENT_NOUNS and figure.kind == "percent"


def compose_statement(question: Question, reading: Reading) -> tuple[str, list[Citation]]:
    """Return the answer that says a fact in the report's words; a footnote it points to is opened."""
    span = statement_span(question, reading)
    report = reading.hit.report
    citations = cite_with_head(reading, span)
    start, end = trim(report.text, *span)
    statement = say_statement(reading, (start, end)) if end - start < GROUP_LIMIT else say_around(report.text[start:end], 0, GROUP_LIMIT)
    text = f"{capital(statement)} {marks_of(citations, len(citations))}"
    for note in _notes_to_open(question, reading, start, end):
        citations.append(cite_note(reading.hit, note))
        body = report.text[note.start:note.end]
        text += f"\n\n{messages.footnote_says(note.mark)} {say_around(body, 0, GROUP_LIMIT)} [{len(citations)}]"
    return text, citations


def _notes_to_open(question: Question, reading: Reading, start: int, end: int) -> list[Footnote]:
    """Return the footnotes whose marks stand behind the words of a clause that the question is about."""
    report, passage = reading.hit.report, reading.hit.passage
    if passage.kind == "footnote" or not question.asks & (LIST_ASKS | {"who", "where", "when"}):
        return []
    marks = [(mark, at) for mark in passage.marks for at in _positions(report, mark) if start <= at < end]
    if not marks:
        return []
    terms = set(question.terms)
    position, scored = start, []
    for mark, at in marks:
        words = set(re.findall(r"\w+", report.text[position:at].lower()))
        scored.append((len(terms & words) / max(1, len(terms)), mark))
        position = at
    best = max(scored, key=lambda pair: pair[0])
    note = report.footnote(best[1])
    return [note] if note and note.has_body and best[0] > 0 else []


def _positions(report: Report, mark: str) -> tuple[int, ...]:
    note = report.footnote(mark)
    return note.mark_positions if note else ()


def compose_conflict(readings: Sequence[Reading]) -> tuple[str, list[Citation]]:
    """Return the answer that sets differing figures side by side, each with its place."""
    text, citations = compose_places(readings)
    return f"{messages.DIFFERENT_FIGURES}\n{text}", citations


def compose_parts(parts: Iterable[tuple[str, Reading]]) -> tuple[str, list[Citation]]:
    """Return the answer to several things asked at once: a line each."""
    lines: list[str] = []
    citations: list[Citation] = []
    for label, reading in parts:
        found = cite_with_head(reading)
        citations += found
        lead = f"{headline(reading)} – " if reading.figure else ""
        lines.append(f"- {capital(label)}: {lead}{say_clause(reading)} {marks_of(citations, len(found))}")
    return "\n".join(lines), citations


def fits_noun(figure: FigureView, noun: tuple[str, ...]) -> bool:
    """Tell whether a figure counts what stands behind a "bao nhiêu"."""
    if noun and (noun[0] in MONEY_NOUNS or noun[0] in PERCENT_NOUNS):
        return _is_of_kind(figure, noun)
    unit = figure.unit or tuple(fold(token) for token in figure.right[:3])
    return bool(noun) and bool(unit) and (_SAME_UNITS.get(noun[0], noun[0]) in unit)
