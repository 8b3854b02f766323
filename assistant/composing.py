"""A choice to words: the head figure first, then the report's own line, with marks for its sources."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from assistant import messages
from assistant.answers import Citation
from assistant.candidates import ClauseView, FigureView, clause_views
from assistant.question import Question
from assistant.reading import MONEY_NOUNS, PERCENT_NOUNS, Reading
from index.lines import BULLET
from index.records import Footnote, Hit, Passage, Report
from index.text import fold

STATEMENT_LIMIT = 480
GROUP_LIMIT = 1_100
_MARK = re.compile(r"\s?\[(?:\d{1,3}|\*+)\]")
_LIST_ASKS = frozenset({"breakdown", "what", "document", "why", "compare"})
_THOUSANDS = {"1000 đồng": "nghìn đồng", "1.000 đồng": "nghìn đồng", "1000000 đồng": "triệu đồng", "1.000.000 đồng": "triệu đồng"}


def cite(reading: Reading, span: tuple[int, int] | None = None) -> Citation:
    """Return the citation of a reading: its clause, or the span given."""
    clause = reading.clause.clause
    start, end = span or (clause.start, clause.end)
    report = reading.hit.report
    start, end = _trim(report.text, start, end)
    figures = (reading.figure.literal,) if reading.figure else ()
    return Citation(report, reading.hit.section, reading.hit.passage.footnote, report.text[start:end], start, end, figures)


def cite_note(hit: Hit, note: Footnote) -> Citation:
    """Return the citation of a footnote's body that a hit's passage points to."""
    report = hit.report
    return Citation(report, hit.section, note.mark, report.text[note.start:note.end], note.start, note.end)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave out a bullet sign in front and white space at both ends."""
    bullet = BULLET.match(text[start:end])
    start += bullet.end() if bullet else 0
    words = text[start:end]
    return start + len(words) - len(words.lstrip()), start + len(words.rstrip())


def statement_span(question: Question, reading: Reading) -> tuple[int, int]:
    """Return the span to say: the clause, or with its parts where parts or several things are asked."""
    clause = reading.clause.clause
    wide = bool(question.asks & {"breakdown", "compare"}) or len(question.slots) > 1 or (
        not question.wants_figure and bool(question.asks & _LIST_ASKS)
    ) or not question.asks
    if not wide:
        return clause.start, clause.end
    items = _items(reading.hit.passage, reading.hit.report) if not question.wants_figure or "breakdown" in question.asks else None
    if items:
        return items
    first, last = _group(reading.hit.passage, reading.clause.order, reading.hit.report)
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
    if not context or passages[first].kind in ("row", "footnote"):
        return None
    last = first
    while first > 0 and passages[first - 1].context == context:
        first -= 1
    while last + 1 < len(passages) and passages[last + 1].context == context:
        last += 1
    start, end = passages[first].start, passages[last].end
    return (start, end) if first < last and end - start <= GROUP_LIMIT else None


def _group(passage: Passage, order: int, report: Report) -> tuple[int, int]:
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


def headline(reading: Reading) -> str:
    """Return the head figure in bold, with the word that loosens it and the unit of its table."""
    figure = reading.figure
    bound = f"{figure.figure.bound} " if figure.figure.bound else ""
    unit = table_unit(reading.hit.passage) if not figure.figure.unit else ""
    return f"**{bound}{figure.literal}{' ' + unit if unit else ''}**"


def table_unit(passage: Passage) -> str:
    """Return the unit line of a table row's table in words ("nghìn đồng"), or ""."""
    match = re.search(r"ĐVT: ([^;]+)$", passage.context)
    unit = match.group(1).strip() if match else ""
    unit = _THOUSANDS.get(unit, unit)
    return "" if any(c.isdigit() for c in unit) else unit


def compose_figure(question: Question, reading: Reading, figures: Sequence[FigureView]) -> tuple[str, list[Citation]]:
    """Return the answer that gives a figure (or one for each thing asked) and its sources."""
    span = statement_span(question, reading)
    citation = cite(reading, span)
    heads = [headline(Reading(reading.hit, reading.clause, f, 0.0, reading.features)) for f in figures]
    text = f"{'; '.join(dict.fromkeys(heads))}. {_say_statement(reading, span)} [1]"
    return text, [citation]


def _say_statement(reading: Reading, span: tuple[int, int]) -> str:
    if reading.hit.passage.kind == "row":
        return _say_row(reading.hit.passage, reading.hit.report)
    report = reading.hit.report
    start, end = _trim(report.text, *span)
    clause = reading.clause.clause
    if (start, end) != _trim(report.text, clause.start, clause.end):
        return _capital(say(report.text[start:end]))
    at = reading.figure.figure.start - (start - clause.start) if reading.figure else 0
    return _capital(say_around(report.text[start:end], at, STATEMENT_LIMIT if reading.figure else 600))


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _say_row(passage: Passage, report: Report) -> str:
    cells = [cell.strip(" _-–") for cell in report.text[passage.start:passage.end].split("\t")]
    cells = [cell for cell in cells if cell]
    label = next((cell for cell in cells if not re.fullmatch(r"[A-ZĐIVX\d.]{1,5}|[a-zđ]", cell)), "")
    values = [cell for cell in cells if re.fullmatch(r"-?\(?\d[\d.,]*\)?\s*%?", cell)]
    return f"{label}: {'; '.join(values)}"


def say_clause(reading: Reading) -> str:
    """Return a reading's clause as it is said."""
    return _say_statement(reading, (reading.clause.clause.start, reading.clause.clause.end))


def compose_places(readings: Sequence[Reading]) -> tuple[str, list[Citation]]:
    """Return the answer that lists where one figure stands."""
    lines, citations = [], []
    for number, reading in enumerate(readings, start=1):
        citations.append(cite(reading))
        place = messages.place(reading.hit.section.number, reading.hit.passage.footnote)
        lines.append(f"- {headline(reading)}{f' ({place})' if place else ''}: {say_clause(reading)} [{number}]")
    return "\n".join(lines), citations


def figures_asked(question: Question, best: Reading) -> list[FigureView]:
    """Return the figures to put first: the best one, or one for each thing asked, in that order."""
    slots = question.slots
    if "breakdown" in question.asks or len(slots) < 2:
        whole = _whole_of(best) if "breakdown" in question.asks else None
        return [whole or best.figure]
    chosen: list[FigureView] = []
    for number, slot in enumerate(slots):
        fitting = [f for f in best.clause.figures if f not in chosen and fits_noun(f, slot.noun)]
        if not slot.noun:
            money = "money" in question.asks and (number > 0 or not any(s.noun for s in slots))
            kind = "money" if money else best.figure.kind
            fitting = [f for f in best.clause.figures if f not in chosen and f.kind == kind]
        chosen += fitting[:1]
    return chosen or [best.figure]


def _whole_of(best: Reading) -> FigureView | None:
    """Return the figure of the whole that a statement divides: its first one of the same unit, in no bracket."""
    first, _ = _group(best.hit.passage, best.clause.order, best.hit.report)
    views = clause_views(best.hit)[first:best.clause.order + 1]
    wholes = [f for view in views for f in view.figures if not f.in_brackets and not f.subordinate]
    same = [f for f in wholes if f.unit[:1] == best.figure.unit[:1] or best.figure.kind in ("percent", "bare")]
    same = [f for f in same if f.kind != "percent"] or same
    return same[0] if same else None


def holds_all_slots(question: Question, best: Reading) -> bool:
    """Tell whether the statement of a reading has a figure for everything asked."""
    nouns = [slot.noun for slot in question.slots if slot.noun]
    first, last = _group(best.hit.passage, best.clause.order, best.hit.report)
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
    citations = [cite(reading, span)]
    start, end = _trim(report.text, *span)
    statement = _say_statement(reading, (start, end)) if end - start < GROUP_LIMIT else say_around(report.text[start:end], 0, GROUP_LIMIT)
    text = f"{_capital(statement)} [1]"
    for note in _notes_to_open(question, reading, start, end):
        citations.append(cite_note(reading.hit, note))
        body = report.text[note.start:note.end]
        text += f"\n\n{messages.footnote_says(note.mark)} {say_around(body, 0, GROUP_LIMIT)} [{len(citations)}]"
    return text, citations


def _notes_to_open(question: Question, reading: Reading, start: int, end: int) -> list[Footnote]:
    """Return the footnotes whose marks stand behind the words of a clause that the question is about."""
    report, passage = reading.hit.report, reading.hit.passage
    if passage.kind == "footnote" or not question.asks & (_LIST_ASKS | {"who", "where", "when"}):
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
        citations.append(cite(reading))
        statement = say_clause(reading)
        lead = f"{headline(reading)} – " if reading.figure else ""
        lines.append(f"- {_capital(label)}: {lead}{statement} [{len(citations)}]")
    return "\n".join(lines), citations


def clause_head(view: ClauseView) -> str:
    """Return what a clause is about: its words before the first figure, without digits."""
    head = view.text[:view.figures[0].figure.start] if view.figures else view.text
    words = say(BULLET.sub("", head)).split()[:18]
    return " ".join(word for word in words if not any(c.isdigit() for c in word))


def fits_noun(figure: FigureView, noun: tuple[str, ...]) -> bool:
    """Tell whether a figure counts what stands behind a "bao nhiêu"."""
    if noun and (noun[0] in MONEY_NOUNS or noun[0] in PERCENT_NOUNS):
        return _is_of_kind(figure, noun)
    unit = figure.unit or tuple(fold(token) for token in figure.right[:3])
    return bool(noun) and bool(unit) and (noun[0] == unit[0] or noun[0] in unit)
