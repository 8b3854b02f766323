"""Hits to candidates: each clause and each figure in it, with the words around it made ready to compare."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from assistant.question import STOPWORDS
from index.figures import CHANGE_WORDS, PlacedFigure, place_cells, place_figures
from index.passages import spell_out, without_header
from index.periods import Period, find_periods
from index.records import Clause, Figure, Hit, Passage, Report
from index.tables import Row, column_periods, read_row
from index.text import fold, tokenise

_PART_START = re.compile(r"^\W*(?:trong (?:đó|số đó|số này)|gồm|bao gồm|cụ thể|chia ra)\b", re.IGNORECASE)
DOCUMENT_NUMBER = re.compile(r"\d+(?:\s?/\d{4})?\s?[/\-]\s?[A-ZĐ]{2,}[\wĐ]*(?:[-/.–][\wĐ]+)*")
NUMBERED_DOCUMENT = re.compile(
    r"\b(quyết định|nghị quyết|nghị định|kế hoạch|công văn|tờ trình|thông báo|chỉ thị|thông tư|kết luận|hướng dẫn|báo cáo|đề án|chương trình)\s+(?:số\s*:?\s*)?\d",
    re.IGNORECASE,
)
DATE = re.compile(r"\d{1,2}\s?/\s?\d{1,2}\s?/\s?\d{4}|ngày\s+\d{1,2}\s+tháng\s+\d{1,2}|ngày\s+\d{1,2}/\d{1,2}|\btháng\s+\d{1,2}\b|năm\s+\d{4}", re.IGNORECASE)
DAY = re.compile(r"\d{1,2}\s?/\s?\d{1,2}(?!\d)|ngày\s+\d{1,2}", re.IGNORECASE)
MONTH = re.compile(r"tháng\s+\d{1,2}\b|\d{1,2}\s?/\s?\d{4}", re.IGNORECASE)
ROLE = re.compile(
    r"\b(?:giám đốc|phó giám đốc|chủ tịch|phó chủ tịch|bí thư|trưởng|phó trưởng|chánh|bộ trưởng|thủ trưởng|thủ tướng|ông|bà|đồng chí|sở|bộ|cục|chi cục|ubnd|ủy ban"
    r"|ban|phòng|công an|viện|ngân hàng|tổng cục|trung tâm|hội|đoàn|công ty|kho bạc)\b",
    re.IGNORECASE,
)
CAUSE = re.compile(r"\b(?:nguyên nhân|do|vì|bởi|dẫn đến|lý do)\b", re.IGNORECASE)


def content_set(tokens: list[str]) -> frozenset[str]:
    """Return the tokens that carry meaning: no words of grammar or asking."""
    return frozenset(token for token in tokens if token not in STOPWORDS)


def pairs_of(tokens: list[str]) -> frozenset[tuple[str, str]]:
    """Return the neighbouring pairs of tokens."""
    return frozenset(zip(tokens, tokens[1:]))


@dataclass(frozen=True)
class FigureView:
    """A figure in its clause. `left` and `right` are the tokens between it and its neighbours,
    `label` those directly before it: behind the last comma, colon or bracket; `column` and
    `table_unit` what its table says of it outside of its cell."""

    figure: Figure
    literal: str
    kind: str
    unit: tuple[str, ...]
    left: tuple[str, ...]
    label: tuple[str, ...]
    right: tuple[str, ...]
    order: int
    in_brackets: bool
    subordinate: bool
    column: str = ""
    table_unit: str = ""
    periods: tuple[Period, ...] = ()

    @property
    def said(self) -> str:
        """The literal with the unit that its table gives it."""
        return f"{self.literal}{'' if not self.table_unit or self.table_unit.startswith('%') else ' '}{self.table_unit}"

    @cached_property
    def segment(self) -> tuple[str, ...]:
        return self.label + self.right

    @cached_property
    def segment_set(self) -> frozenset[str]:
        return frozenset(self.segment)

    @cached_property
    def content(self) -> frozenset[str]:
        return content_set(list(self.segment))

    @cached_property
    def pairs(self) -> frozenset[tuple[str, str]]:
        return pairs_of(list(self.left)) | pairs_of(list(self.right))

    @cached_property
    def folded_right(self) -> list[str]:
        return [fold(token) for token in self.right]


class ClauseView:
    """A clause of a passage with its tokens, figures and periods, computed once and kept."""

    def __init__(self, report: Report, passage: Passage, clause: Clause, order: int) -> None:
        self.report, self.passage, self.clause, self.order = report, passage, clause, order
        self.text = report.text[clause.start:clause.end]
        section = report.sections[passage.section]
        self.tokens = tokenise(spell_out(self.text, report))
        self.token_set = frozenset(self.tokens)
        context = spell_out(f"{passage.context} . {clause.context}", report)
        self.context_set = frozenset(tokenise(context))
        self.heading_set = frozenset(tokenise(spell_out(" . ".join(section.path[-2:]), report)))
        self.about_set = _about(report)
        self.pairs = pairs_of(self.tokens)
        self.around_pairs = pairs_of(tokenise(spell_out(" . ".join((*section.path[-2:], passage.context, clause.context)), report)))

    @cached_property
    def full_set(self) -> frozenset[str]:
        """Its tokens with those of context, headings and the report's title."""
        return self.token_set | self.context_set | self.heading_set | self.about_set

    @cached_property
    def row(self) -> Row:
        """The table row that it is, of a passage of that kind."""
        return read_row(self.report, self.passage)

    @cached_property
    def row_set(self) -> frozenset[str]:
        """The tokens of the name of its row."""
        return frozenset(tokenise(self.row.name))

    @cached_property
    def column_sets(self) -> tuple[frozenset[str], ...]:
        """The content tokens of the column of each of its figures."""
        return tuple(content_set(tokenise(figure.column)) for figure in self.figures)

    @cached_property
    def above_set(self) -> frozenset[str]:
        """The tokens of what stands above its row, the columns aside."""
        return frozenset(tokenise(spell_out(without_header(self.passage), self.report))) | self.heading_set | self.about_set

    @cached_property
    def figures(self) -> tuple[FigureView, ...]:
        return tuple(_view_figures(self))

    @property
    def is_part(self) -> bool:
        """Tell whether it divides a whole that was stated before: "Trong đó: …"."""
        return bool(_PART_START.match(self.text))

    @cached_property
    def periods(self) -> tuple[Period, ...]:
        section = self.report.sections[self.passage.section]
        named = find_periods(" . ".join((self.text, self.clause.context, self.passage.context, *section.path[-1:])))
        return (*named, *(period for column in self.passage.columns for period in column_periods(column)))

    @cached_property
    def has_document(self) -> bool:
        return bool(DOCUMENT_NUMBER.search(self.text))

    @cached_property
    def documents(self) -> frozenset[str]:
        """The kinds of document that stand with a number in it, folded: "quyet dinh", "to trinh"."""
        return frozenset(fold(m.group(1)) for m in NUMBERED_DOCUMENT.finditer(self.text))

    def has_date(self, asked: str) -> bool:
        """Tell whether it names a time as fine as the folded question wants: a day, a month, a year."""
        if "ngay" in asked:
            return bool(DAY.search(self.text))
        if "thang" in asked:
            return bool(MONTH.search(self.text))
        return bool(DATE.search(self.text))

    @cached_property
    def has_role(self) -> bool:
        return bool(ROLE.search(self.text))

    @cached_property
    def has_cause(self) -> bool:
        return bool(CAUSE.search(self.text))


_MOST_VIEWS = 20_000
_views: dict[tuple[str | int | None, ...], tuple[ClauseView, ...]] = {}
_abouts: dict[tuple[str | None, ...], frozenset[str]] = {}


def _about(report: Report) -> frozenset[str]:
    """Return the tokens of what names a report: every clause of it is about that."""
    names = (report.title, report.agency, report.number, report.period)
    if names not in _abouts:
        _abouts[names] = frozenset(tokenise(" . ".join(filter(None, names))))
    return _abouts[names]


def clause_views(hit: Hit) -> tuple[ClauseView, ...]:
    """Return the clauses of a hit's passage, ready to compare.

    Kept by the id of the report, which its text decides, and its facts, which may be corrected by
    hand: a cache that hashes the record itself would read all its passages each time.
    """
    report = hit.report
    key = report.id, hit.passage.index, report.name, report.title, report.agency, report.number, report.date, report.period
    views = _views.get(key)
    if views is None:
        if len(_views) >= _MOST_VIEWS:
            _views.clear()
            _abouts.clear()
        views = tuple(ClauseView(hit.report, hit.passage, clause, i) for i, clause in enumerate(hit.passage.clauses))
        _views[key] = views
    return views


def _placed(view: ClauseView) -> list[PlacedFigure]:
    if view.passage.kind == "row":
        return place_cells(view.text, view.row, start=view.clause.start)
    return place_figures(view.text)


def _view_figures(view: ClauseView) -> list[FigureView]:
    found = []
    previous_end = 0
    for i, placed in enumerate(_placed(view)):
        label = tuple(tokenise(spell_out(placed.label, view.report)))
        left = view.text[previous_end:placed.figure.start]
        if found and set(label) <= CHANGE_WORDS and ";" not in left:
            label = found[-1].label + found[-1].right + label
        found.append(FigureView(
            figure=placed.figure,
            literal=placed.literal,
            kind=placed.kind,
            unit=tuple(fold(word) for word in tokenise(placed.unit)),
            left=tuple(tokenise(spell_out(placed.before, view.report))),
            label=label,
            right=tuple(tokenise(spell_out(placed.after, view.report))),
            order=i,
            in_brackets=placed.in_brackets,
            subordinate=placed.subordinate,
            column=placed.column,
            table_unit="" if placed.figure.unit else placed.unit if view.passage.kind == "row" else "",
            periods=tuple(column_periods(placed.column) if placed.column else find_periods(placed.label)),
        ))
        previous_end = placed.figure.end
    return found
