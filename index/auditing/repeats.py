"""Figures that two places give for the same thing and time: equal, or in conflict."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from index.auditing.records import Check
from index.numbers import format_number
from index.passages import spell_out
from index.records import RegisteredFigure, Report
from index.text import tokenise

# From which share of their words, by rarity, two labels say the same.
SAME_LABEL = 0.72
# Of nearly equal figures (this many times the other at most) it is enough that the rarer said statement is held by the other.
TWIN_STATEMENT, _TWIN = 0.62, Decimal("1.15")
# Small counts are nearly equal by chance.
_SMALL = 20
# A label of fewer content words names nothing that another place could name again.
_FEW = 4
_EMPTY = frozenset(
    "là có được cho của với và các những trong đó số người vụ tổng cộng đã thực hiện tổ chức theo tại ở từ đến trên địa bàn tỉnh toàn về gồm riêng kinh phí tiền".split()
)
# Values this far apart count other things, whatever their labels.
_FAR = Decimal(3)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A figure with the words of its label and those of its label and clause together."""

    report: Report
    figure: RegisteredFigure
    label: frozenset[str]
    statement: frozenset[str]


def check_repeats(registers: Sequence[tuple[Report, Sequence[RegisteredFigure]]], *, within: bool) -> Iterator[Check]:
    """Yield a check for each two figures of different places that count the same thing in the same period.

    `within` looks at two places of one report, else at two reports of one office.
    """
    entries = [_read(report, figure) for report, figures in registers for figure in figures if _is_comparable(figure)]
    rarity = _rarity([entry.statement for entry in entries])
    alike: dict[tuple, list[_Entry]] = defaultdict(list)
    for entry in entries:
        figure = entry.figure
        alike[figure.measure, figure.base, figure.period, figure.role, figure.qualifiers].append(entry)
    for group in alike.values():
        for at, first in enumerate(group):
            for second in group[at + 1:]:
                if _may_repeat(first, second, within=within) and _count_the_same(first, second, rarity):
                    a, b = first.figure, second.figure
                    yield Check(
                        "repeat", a.amount == b.amount, first.report, (a, b), "", format_number(a.value), format_number(b.value), second.report,
                    )


def _count_the_same(first: _Entry, second: _Entry, rarity: dict[str, float]) -> bool:
    """Tell whether two figures say how much of the same thing there is: by their labels, or, nearly equal, by their statements."""
    low, high = sorted((first.figure.amount, second.figure.amount))
    if not low or high > _FAR * low:
        return False

    def weigh(words: frozenset[str]) -> float:
        return sum(rarity[word] for word in words)

    labels = first.label | second.label
    if len(first.label) >= _FEW and len(second.label) >= _FEW and weigh(first.label & second.label) >= SAME_LABEL * weigh(labels):
        return True
    least = min(weigh(first.statement), weigh(second.statement))
    return high <= _TWIN * low and min(first.figure.value, second.figure.value) >= _SMALL and weigh(first.statement & second.statement) >= TWIN_STATEMENT * least > 0


def _read(report: Report, figure: RegisteredFigure) -> _Entry:
    clause = report.passages[figure.passage].clauses[figure.clause]
    label = _content(report, figure.label)
    return _Entry(report, figure, label, label | _content(report, report.text[clause.start:clause.end]))


def _content(report: Report, text: str) -> frozenset[str]:
    return frozenset(word for word in tokenise(spell_out(text, report)) if word[0].isalpha() and word not in _EMPTY)


def _is_comparable(figure: RegisteredFigure) -> bool:
    """Tell whether a figure has a unit of its own; how much something grew is said of many things in the same words."""
    grew = figure.measure == "percent" and bool(set(tokenise(figure.label)) & {"tăng", "giảm"})
    return figure.denominator is None and figure.upper is None and bool(figure.base) and figure.measure != "points" and not grew


def _may_repeat(a: _Entry, b: _Entry, *, within: bool) -> bool:
    """Tell whether two figures stand in two places of one report, or in two reports of one office."""
    if within or a.report is b.report:
        return within and (a.figure.section, a.figure.footnote) != (b.figure.section, b.figure.footnote)
    return bool(a.report.agency) and a.report.agency == b.report.agency


def _rarity(texts: Sequence[frozenset[str]]) -> dict[str, float]:
    """Return the weight of each word: common ones weigh little."""
    counts = Counter(word for words in texts for word in words)
    return {word: math.log(1 + len(texts) / count) for word, count in counts.items()}
