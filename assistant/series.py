"""One indicator over several periods: a figure of each report, the differences between neighbours computed exactly."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from assistant import composing, messages
from assistant.agreement import months_of, period_end
from assistant.answers import Answer
from assistant.comparing import MIN_CONFIDENCE, Side, alike, difference_of, same_measure, without_periods
from assistant.finding import Material, understand_question
from assistant.question import Question
from assistant.reading import Reading

_OVER_PERIODS = re.compile(r"\b(?:qua|theo|của|trong|từng|giữa)\s+(?:các|từng|mấy|những)?\s*(?:kỳ báo cáo|kỳ|báo cáo|thời kỳ|năm qua)\b(?!\s+\d)", re.IGNORECASE)
_SEVERAL = re.compile(r"\b(?:các|từng|mấy|những)\b", re.IGNORECASE)


def answer_series(question: Question, material: Material) -> Answer | None:
    """Return an indicator over the periods when a question asks for it ("… qua các kỳ"), else None."""
    match = _OVER_PERIODS.search(question.text)
    if not match or not _SEVERAL.search(match.group()):
        return None
    return compare_periods(f"{question.text[:match.start()]} {question.text[match.end():]}".strip(" ?,."), material)


def compare_periods(indicator: str, material: Material) -> Answer:
    """Return the figures of an indicator in the reports of one office, earliest first, and how each differs from the one before.

    The office is that of the report which has the figure most surely; a report that has none like it is named.
    """
    asked = without_periods(understand_question(indicator, (), material))
    asked = replace(asked, asks=asked.asks | {"count"})
    positions = range(len(material.snapshot.facts)) if material.positions is None else material.positions
    facts = material.snapshot.facts
    dated = sorted((i for i in positions if facts[i].period), key=lambda i: period_end(facts[i].period))
    sides = {i: Side.read(asked, replace(material, positions=(i,))) for i in dated}
    sure = max(dated, key=lambda i: (sides[i].confidence, i), default=None)
    if sure is None or not sides[sure].readings or sides[sure].confidence < MIN_CONFIDENCE:
        return Answer(messages.NOT_SAID_ALL, abstained=True, details={"asks": ["compare"]})
    if material.positions is None:
        dated = [i for i in dated if i == sure or (facts[i].agency and facts[i].agency == facts[sure].agency)]
    first = sides[sure].whole_of(sides[sure].readings[0])
    rows = [_Row(facts[i].period, first if i == sure else _like(first, sides[i])) for i in dated]
    return _compose(rows)


@dataclass(frozen=True, slots=True)
class _Row:
    """A period and its figure, None when its report has no such figure."""

    period: str
    reading: Reading | None


def _like(first: Reading, side: Side) -> Reading | None:
    """Return the figure of another report that counts what a figure counts; None when it has none."""
    if side.confidence < MIN_CONFIDENCE:
        return None
    fits = [(score + alike(first, one), i) for i, (one, score) in enumerate(zip(side.readings, side.scores, strict=True)) if same_measure(first, one)]
    return side.whole_of(side.readings[max(fits)[1]]) if fits else None


def _compose(rows: list[_Row]) -> Answer:
    lines, citations, computed = [], [], []
    before: _Row | None = None
    for row in rows:
        if row.reading is None:
            lines.append(messages.series_row(row.period, messages.SERIES_NONE, "", ""))
            continue
        citations.append(composing.cite(row.reading))
        change = _change(row, before, computed) if before else ""
        lines.append(messages.series_row(row.period, composing.headline(row.reading), change, f"[{len(citations)}]"))
        before = row
    text = "\n".join([messages.SERIES_HEAD, *lines])
    if len({months_of(row.period) for row in rows if row.reading}) > 1:
        text += f"\n\n{messages.UNLIKE_PERIODS}"
    lead = before.reading.figure.said if before else None
    return Answer(text, lead, citations=tuple(citations), computed=tuple(computed), details={"asks": ["compare"]})


def _change(row: _Row, before: _Row, computed: list[str]) -> str:
    """Return how a row's figure differs from the one before it, and note what was computed."""
    gap = difference_of(row.reading, before.reading)
    computed += gap.computed
    return messages.SERIES_SAME if gap.higher is None else messages.series_change(gap.higher, gap.amount, gap.percent, gap.unit)
