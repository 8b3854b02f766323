"""The typed records of a library. They hold values only; every span indexes into `Report.text`."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it (mục).

    `number` is the number as the report writes it, joined to its parents where it would be
    ambiguous alone: "2.1", "II.1", "Điều 8"; "" for text before the first numbered heading.
    `path` holds the headings from the outermost to this one, each with its number.
    """

    index: int
    number: str
    title: str
    path: tuple[str, ...]
    level: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Footnote:
    """A footnote (chú thích): its mark, its body, and where its mark stands in the text.

    `start`/`end` span the body without its mark; both are -1 when the report has a mark
    without a body. `mark_positions` is empty for a body that no mark points to.
    """

    mark: str
    start: int
    end: int
    mark_positions: tuple[int, ...] = ()

    @property
    def has_body(self) -> bool:
        return self.start >= 0


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a passage that states one thing (mệnh đề): the unit of reading.

    `context` is the words from outside the clause that complete its meaning (a lead-in line,
    the head of its sentence), outermost first; it is never quoted.
    """

    start: int
    end: int
    context: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, bullet, table row or footnote body (đoạn): the unit of search.

    `section` indexes `Report.sections`. `kind` is one of "paragraph", "bullet", "row",
    "footnote". `footnote` is the mark whose body this is; `marks` are the footnote marks that
    stand in it. `context` is what must be read before it (lead-in line, table header and unit).
    `columns` are the names of the columns of a row's table, as its cells stand.
    """

    index: int
    section: int
    kind: str
    start: int
    end: int
    clauses: tuple[Clause, ...]
    context: str = ""
    footnote: str | None = None
    marks: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """One document (báo cáo). `text` is canonical: NFC, paragraphs on single lines.

    `id` is the first 12 hexadecimal digits of the SHA-256 of `text`. `name` is the file name,
    `source` the absolute path (or "upload:NAME") it was read from. The facts are None when
    neither head, text nor file name gives them. `pages` are the offsets where page 1, 2, 3 … begin,
    empty for a format without pages.
    """

    id: str
    name: str
    source: str
    text: str
    title: str | None
    agency: str | None
    number: str | None
    date: str | None
    period: str | None
    sections: tuple[Section, ...]
    footnotes: tuple[Footnote, ...]
    passages: tuple[Passage, ...]
    warnings: tuple[str, ...] = ()
    pages: tuple[int, ...] = ()

    def page_at(self, position: int) -> int | None:
        """Return the page (from 1) on which a position of the text stands, None where there are no pages.

        The bodies of footnotes stand together at the end of the text; each is on the page of its mark.
        """
        if not self.pages:
            return None
        note = next((n for n in self.footnotes if n.start <= position < n.end and n.mark_positions), None)
        return bisect_right(self.pages, note.mark_positions[0] if note else position)

    def footnote(self, mark: str) -> Footnote | None:
        """Return the footnote with this mark, or None."""
        return next((note for note in self.footnotes if note.mark == mark), None)


@dataclass(frozen=True, slots=True)
class RegisteredFigure:
    """One figure of a report (số liệu), with all that the report says of it.

    `report.text[start:end] == literal`. `value` is exact; `denominator` the y of "x/y", `upper`
    the end of "x – y". `unit` is as written (of a table row, that of its table); `amount` is the value in
    `base`, so that "1,5 tỷ đồng" and "1.500 triệu đồng" are equal. `label` says what is counted,
    in a few words of the report. `qualifiers` narrow it (kind, words). `role` is "plan" for what
    is to be reached, else "". `period` is the period it speaks of, `as_of` a date ("31/8/2024"),
    "" when the report names none. `part` tells that it is a part of a figure before it.
    """

    place: int
    section: int
    passage: int
    clause: int
    footnote: str | None
    start: int
    end: int
    literal: str
    value: Decimal
    denominator: Decimal | None
    upper: Decimal | None
    unit: str
    measure: str
    base: str
    amount: Decimal
    label: str
    bound: str
    qualifiers: tuple[tuple[str, str], ...]
    role: str
    period: str
    as_of: str
    part: bool


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """What is known of a report without its text; fields as in `Report`, `passages` is their number.

    `corrected` names the facts that were corrected by hand.
    """

    id: str
    name: str
    source: str
    title: str | None
    agency: str | None
    number: str | None
    date: str | None
    period: str | None
    passages: int
    corrected: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in a text (số liệu): exact value, unit as written, and its literal span.

    `denominator` is the y of an "x/y" pair, `upper` the end of a range ("59 - 61"). `bound` is
    the word that loosens it ("trên", "khoảng", "ước", "gần") or "".
    """

    value: Decimal
    unit: str
    start: int
    end: int
    denominator: Decimal | None = None
    upper: Decimal | None = None
    bound: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question (kết quả). Scores: higher is better; `score` is fused."""

    report: Report
    passage: Passage
    score: float
    dense: float
    keyword: float
    clause_vectors: np.ndarray = field(repr=False, compare=False, default=None)

    @property
    def section(self) -> Section:
        return self.report.sections[self.passage.section]

    @property
    def text(self) -> str:
        return self.report.text[self.passage.start:self.passage.end]
