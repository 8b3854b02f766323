"""A draft against the library: every figure of it confirmed, contradicted, or not found."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from assistant.agreement import report_periods
from assistant.finding import Material
from index.passages import spell_out
from index.periods import Period
from index.records import Hit, RegisteredFigure, Report
from index.register import register_figures
from index.register_table import RegisterEntry
from index.reporting import make_report
from index.search import Query, search
from index.text import UPPER, tokenise
from index.units import counter_class

CONFIRMED, DIFFERENT, NOT_FOUND = "khớp", "khác", "không thấy"
# Passages of the library that are compared with each statement of a draft.
HITS = 12
# How much of the likeness of two figures is each: words of their labels, of their statements,
# meaning, unit; that one is planned, of another time, of another place; beside a figure of the same statement that was found.
LABEL, STATEMENT, MEANING, UNIT, PLAN, PERIOD, NAME, BESIDE = 0.35, 0.25, 0.3, 0.1, 0.25, 0.4, 0.3, 0.2
# From which likeness on another figure is the same thing with another value, and an equal one no chance.
SAME_THING, NO_CHANCE = 0.42, 0.22
# How much better another figure may fit before an equal one counts as chance, by the digits that are equal.
_CHANCE = {1: 0.02, 2: 0.08, 3: 0.18}
_MANY_DIGITS = 0.3
# What says that the y of "x/y" is meant.
_WHOLE = re.compile(r"\b(?:tổng|trên|kế hoạch|chỉ tiêu|dự toán)\b", re.IGNORECASE)
# Two capitalised words together.
_NAME = re.compile(rf"(?<=\w )[{UPPER}]\w+ [{UPPER}]\w+")
_BELOW, _ABOVE = frozenset(["gần", "dưới"]), frozenset(["hơn", "trên"])


@dataclass(frozen=True, slots=True)
class CheckedFigure:
    """A figure of a draft: `verdict` is `CONFIRMED`, `DIFFERENT` or `NOT_FOUND`.

    `start` and `end` span it in the draft; `literal` holds its words. `source` is what was found, None when
    nothing was; `rounded` tells that the draft rounds the source's value and says so.
    """

    literal: str
    start: int
    end: int
    label: str
    verdict: str
    source: RegisterEntry | None = None
    rounded: bool = False


@dataclass(frozen=True, slots=True)
class DraftCheck:
    """A draft as it was read (canonical text) and its figures in order."""

    text: str
    figures: tuple[CheckedFigure, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many figures got each verdict."""
        found = Counter(figure.verdict for figure in self.figures)
        return {verdict: found[verdict] for verdict in (CONFIRMED, DIFFERENT, NOT_FOUND)}


def check_draft(text: str, material: Material) -> DraftCheck:
    """Compare every figure of a draft with the figures of the library."""
    draft = make_report(text, name="draft.txt", source="upload:draft.txt")
    figures, known = register_figures(draft), _Known(material)
    statements = {(figure.passage, figure.clause): _statement(draft, figure) for figure in figures}
    # Its words find most of what a draft repeats; only what they do not confirm is also searched by meaning.
    hits = _find(statements, material, by_meaning=False)
    judged = [_judge(draft, figure, hits[figure.passage, figure.clause], known, frozenset()) for figure in figures]
    open_ones = {(figure.passage, figure.clause) for figure, one in zip(figures, judged, strict=True) if one.verdict != CONFIRMED}
    hits |= _find({at: statements[at] for at in statements if at in open_ones}, material, by_meaning=True)
    for i, figure in enumerate(figures):
        if (figure.passage, figure.clause) in open_ones:
            judged[i] = _judge(draft, figure, hits[figure.passage, figure.clause], known, frozenset())
    # What one figure of a statement was found in is where its other figures are likely to be.
    places: dict[tuple[int, int], set[tuple[str, int, int]]] = {at: set() for at in hits}
    for figure, one in zip(figures, judged, strict=True):
        if one.verdict == CONFIRMED:
            places[figure.passage, figure.clause].add(_place(one.source.report, one.source.figure))
    return DraftCheck(draft.text, tuple(
        one if one.verdict == CONFIRMED or not places[figure.passage, figure.clause]
        else _judge(draft, figure, hits[figure.passage, figure.clause], known, frozenset(places[figure.passage, figure.clause]))
        for figure, one in zip(figures, judged, strict=True)
    ))


class _Known:
    """The registered figures of a library by passage, with their words, each read once."""

    def __init__(self, material: Material) -> None:
        self._snapshot = material.snapshot
        self._positions = {facts.id: position for position, facts in enumerate(material.snapshot.facts)}
        self._figures: dict[str, dict[int, list[RegisteredFigure]]] = {}
        self._words: dict[tuple[str, int], _Words] = {}

    def figures(self, hit: Hit) -> list[RegisteredFigure]:
        """Return the figures of a hit's passage."""
        report = hit.report.id
        if report not in self._figures:
            by_passage: dict[int, list[RegisteredFigure]] = {}
            for figure in self._snapshot.figures(self._positions[report]):
                by_passage.setdefault(figure.passage, []).append(figure)
            self._figures[report] = by_passage
        return self._figures[report].get(hit.passage.index, [])

    def words(self, report: Report, figure: RegisteredFigure) -> _Words:
        """Return the words of a figure of the library."""
        key = report.id, figure.place
        if key not in self._words:
            self._words[key] = _Words.of(report, figure)
        return self._words[key]


def _place(report: Report, figure: RegisteredFigure) -> tuple[str, int, int]:
    return report.id, figure.passage, figure.clause


def _find(statements: Mapping[tuple[int, int], str], material: Material, *, by_meaning: bool) -> dict[tuple[int, int], list[Hit]]:
    """Return the passages of the library that say what each statement says, by its words or also by its meaning."""
    if by_meaning and statements:
        # A statement is a passage like those it is compared with, and no question.
        vectors = material.embedder.encode_passages(list(statements.values()))
    else:
        vectors = np.zeros((len(statements), material.embedder.dimension), np.float32)
    return {
        at: search(material.snapshot, Query.from_text(text, vector), limit=HITS, positions=material.positions)
        for (at, text), vector in zip(statements.items(), vectors, strict=True)
    }


def _statement(report: Report, figure: RegisteredFigure) -> str:
    clause = report.passages[figure.passage].clauses[figure.clause]
    return spell_out(f"{clause.context} {report.text[clause.start:clause.end]}".strip(), report)


def _judge(
    draft: Report, figure: RegisteredFigure, hits: Sequence[Hit], known: _Known, places: frozenset[tuple[str, int, int]]
) -> CheckedFigure:
    """Return the verdict on one figure: the likest of equal value and the likest of another value decide.

    `places` are the clauses (report, passage, clause) in which other figures of its statement stand.
    """
    best = max((hit.score for hit in hits), default=0.0) or 1.0
    asked = _Words.of(draft, figure)
    of_whole = figure.role == "plan" or bool(_WHOLE.search(draft.text[max(0, figure.start - 40):figure.start]))
    equal: tuple[float, RegisterEntry | None, bool] = (0.0, None, False)
    other: tuple[float, RegisterEntry | None] = (0.0, None)
    for hit in hits:
        for one in known.figures(hit):
            if not _comparable(figure, one):
                continue
            likeness = _likeness(asked, figure, known.words(hit.report, one), one, hit.score / best, hit.report)
            likeness += BESIDE * (_place(hit.report, one) in places)
            agrees, rounded = _agree(figure, one, of_whole=of_whole)
            if agrees and likeness > equal[0]:
                equal = likeness, RegisterEntry(hit.report, one), rounded
            elif not agrees and likeness > other[0]:
                other = likeness, RegisterEntry(hit.report, one)
    chance = _CHANCE.get(_digits(figure), _MANY_DIGITS)
    if equal[1] is not None and equal[0] >= max(NO_CHANCE, other[0] - chance):
        return _make(figure, CONFIRMED, equal[1], rounded=equal[2])
    if other[1] is not None and other[0] >= SAME_THING:
        return _make(figure, DIFFERENT, other[1])
    return _make(figure, NOT_FOUND, None)


def _make(figure: RegisteredFigure, verdict: str, source: RegisterEntry | None, *, rounded: bool = False) -> CheckedFigure:
    return CheckedFigure(figure.literal, figure.start, figure.end, figure.label, verdict, source, rounded)


@dataclass(frozen=True, slots=True)
class _Words:
    """The content words of a figure's label and of its statement with headings, and the names in its label."""

    label: frozenset[str]
    statement: frozenset[str]
    names: frozenset[str]

    @classmethod
    def of(cls, report: Report, figure: RegisteredFigure) -> _Words:
        label = frozenset(word for word in tokenise(spell_out(figure.label, report)) if word[0].isalpha())
        heading = " . ".join(report.sections[figure.section].path[-1:])
        words = tokenise(f"{_statement(report, figure)} . {report.passages[figure.passage].context} . {heading}")
        return cls(label, label | frozenset(word for word in words if word[0].isalpha()), _names(figure.label))


def _names(label: str) -> frozenset[str]:
    """Return the names in the last part of a label that has any: "huyện A – huyện B" is about B."""
    parts = (f"x {part[:1].lower()}{part[1:]}" for part in reversed(label.split(" – ")))
    return next((frozenset(found) for part in parts if (found := _NAME.findall(part))), frozenset())


def _likeness(asked: _Words, figure: RegisteredFigure, words: _Words, one: RegisteredFigure, score: float, report: Report) -> float:
    """Return how alike two figures are in what they count, about 0 to 1."""
    return (
        LABEL * _overlap(asked.label, words.label)
        + STATEMENT * _share(asked.statement, words.statement)
        + MEANING * float(score)
        + UNIT * (figure.base == one.base)
        - PLAN * (figure.role != one.role)
        - PERIOD * _other_time(figure, one, report)
        + NAME * _same_name(asked, words)
    )


def _overlap(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / math.sqrt(len(a) * len(b)) if a and b else 0.0


def _share(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / len(a) if a else 0.0


def _other_time(figure: RegisteredFigure, one: RegisteredFigure, report: Report) -> bool:
    """Tell whether a draft's figure names another time than a figure of a report: another year, or other months of it."""
    asked = report_periods(figure.period)
    given = report_periods(one.period) or report_periods(report.period)
    return bool(asked and given) and not any(_may_be_same(mine, theirs) for mine in asked for theirs in given)


def _may_be_same(a: Period, b: Period) -> bool:
    if a.year and b.year and a.kind != "range" and b.kind != "range" and a.year != b.year:
        return False
    exact = {"months", "quarter", "month"}
    return not (a.kind in exact and b.kind in exact) or (a.first, a.last) == (b.first, b.last)


def _same_name(asked: _Words, words: _Words) -> int:
    """Return 1 when both labels name the same place or body, -1 when each names another, 0 when one names none."""
    if not asked.names or not words.names:
        return 0
    return 1 if asked.names & words.names else -1


def _comparable(figure: RegisteredFigure, one: RegisteredFigure) -> bool:
    if figure.measure != one.measure:
        return False
    if figure.measure != "count" or figure.base == one.base or not figure.base or not one.base:
        return True
    classes = {counter_class(tuple((f.unit or f.base).lower().split())) for f in (figure, one)}
    return len(classes) == 1 or "" in classes


def _agree(figure: RegisteredFigure, one: RegisteredFigure, *, of_whole: bool) -> tuple[bool, bool]:
    """Return whether a draft's figure says the value of another (with `of_whole` also the y of its "x/y"), and whether it does so rounded."""
    if figure.amount == one.amount:
        return figure.denominator in (None, one.denominator) and figure.upper == one.upper, False
    if figure.value == one.denominator and figure.denominator is None and of_whole:
        return True, False
    gap = one.amount - figure.amount
    step = _last_place(figure)
    if figure.bound in _BELOW:
        return -step <= gap < 0, True
    if figure.bound in _ABOVE:
        return 0 < gap <= step, True
    if figure.bound or figure.amount != figure.value:
        # "khoảng 87%", "291 tỷ đồng" for 291.463 million: rounded to its last digit.
        return abs(gap) * 2 <= step, True
    return False, False


def _last_place(figure: RegisteredFigure) -> Decimal:
    """Return what one of the last digit is worth: "14 nghìn" is known to the thousand; behind "gần" and the like, "1.200" to the hundred."""
    value = figure.value.normalize() if figure.bound else figure.value
    exponent = value.as_tuple().exponent
    factor = figure.amount / figure.value if figure.value else Decimal(1)
    return Decimal(10) ** exponent * factor


def _digits(figure: RegisteredFigure) -> int:
    return len(figure.value.normalize().as_tuple().digits)
