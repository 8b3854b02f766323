"""What an audit gives back, and the figures of one statement that it works on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from index.records import RegisteredFigure, Report
from index.units import counter_class


@dataclass(frozen=True, slots=True)
class Check:
    """One thing recomputed or compared.

    `kind` is "sum", "share", "change" or "repeat". `figures` are those compared, the one that was
    checked first; `report` and `other` are the reports of the first and the last of them. `formula`
    is what was computed, `expected` what comes out, `found` what the report says, all in Vietnamese notation.
    """

    kind: str
    agrees: bool
    report: Report
    figures: tuple[RegisteredFigure, ...]
    formula: str
    expected: str
    found: str
    other: Report | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """The figures of one statement in order: a sentence with its parts, or a lead-in with its bullets."""

    report: Report
    figures: tuple[RegisteredFigure, ...]

    def between(self, first: int, second: int) -> str:
        """Return the words between two of its figures, by number."""
        return self.report.text[self.figures[first].end:self.figures[second].start]

    def before(self, at: int, width: int = 60) -> str:
        """Return the words before one of its figures, back to the figure before it."""
        start = self.figures[at - 1].end if at else max(0, self.figures[at].start - width)
        return self.report.text[max(start, self.figures[at].start - width):self.figures[at].start]

    def after(self, at: int, width: int = 60) -> str:
        """Return the words behind one of its figures, up to the next figure."""
        end = self.figures[at + 1].start if at + 1 < len(self.figures) else self.figures[at].end + width
        return self.report.text[self.figures[at].end:min(end, self.figures[at].end + width)]


def statements(report: Report, figures: Sequence[RegisteredFigure]) -> Iterator[Statement]:
    """Yield the figures of a report, statement by statement; table rows are none.

    A clause with context goes on from the one before it; a bullet goes on from the line that leads in.
    """
    together: list[RegisteredFigure] = []
    lead = None
    for figure in figures:
        passage = report.passages[figure.passage]
        if passage.kind == "row":
            continue
        goes_on = bool(together) and (
            (together[-1].passage == figure.passage and (together[-1].clause == figure.clause or bool(passage.clauses[figure.clause].context)))
            or (bool(passage.context) and lead == passage.context)
            or (bool(passage.context) and together[-1].passage == figure.passage - 1 and _leads_in(report, figure.passage - 1))
        )
        if together and not goes_on:
            yield Statement(report, tuple(together))
            together = []
        together.append(figure)
        lead = passage.context or None
    if together:
        yield Statement(report, tuple(together))


def _leads_in(report: Report, index: int) -> bool:
    passage = report.passages[index]
    return report.text[passage.start:passage.end].rstrip().endswith(":")


def half_step(value: Decimal) -> Decimal:
    """Return how far a rounded value may be from the exact one: half of its last place."""
    return Decimal(5).scaleb(min(value.as_tuple().exponent, 0) - 1)


def rounded(value: Decimal, like: Decimal) -> Decimal:
    """Return a computed value with as many decimals as a written one, two at least."""
    places = max(2, -like.as_tuple().exponent)
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def like_units(a: RegisteredFigure, b: RegisteredFigure) -> bool:
    """Tell whether two figures may be added or divided: one measure, and the same thing counted or a kind of it."""
    if a.measure != b.measure:
        return False
    if a.base == b.base or not a.base or not b.base or a.base in b.unit.lower() or b.base in a.unit.lower():
        return True
    classes = {counter_class(tuple((figure.unit or figure.base).lower().split())) for figure in (a, b)}
    return len(classes) == 1 and classes != {""} and classes != {"thing"}
