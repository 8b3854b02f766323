"""Sums scores up and lays them out as text: totals, rows by kind and style, misses, caveats."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import get_args

from eval.questions import Kind, Style
from eval.scoring import Score

Z_95 = 1.959964


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole`; no value where there is nothing to count."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        return self.part / self.whole if self.whole else None

    def __str__(self) -> str:
        return f"{self.part / self.whole:.3f}" if self.whole else "–"

    def as_json(self) -> dict[str, float | int | None]:
        value = self.value
        return {
            "part": self.part, "whole": self.whole,
            "value": None if value is None else round(value, 4),
        }


@dataclass(frozen=True, slots=True)
class Totals:
    """The numbers of a group of scores."""

    questions: int
    errors: int
    correct: Share
    cited: Share
    citation_precision: Share
    quote_fidelity: Share
    grounded: Share
    unanswerable_declined: Share
    answerable_declined: Share
    answered_precision: Share
    coverage: Share
    p50_ms: float | None
    p95_ms: float | None


def sum_up(scores: Sequence[Score]) -> Totals:
    """Sum scores up. Shares of figures, quotes and citations count each one, not each answer.

    Citations count for precision where there is a gold section to hit: in the answers to
    answerable questions, abstentions included.

    `answered_precision` is the share of correct ones among the questions that got an answer
    rather than an abstention; `coverage` is how many questions that are.
    """
    count = len(scores)
    answerable = [each for each in scores if each.question.answerable]
    unanswerable = [each for each in scores if not each.question.answerable]
    given = [each for each in scores if each.answered and not each.abstained]
    figures = sum(each.figures for each in scores)
    quotes = sum(each.quotes for each in scores)
    times = [each.ms for each in scores if each.ms is not None]
    return Totals(
        questions=count,
        errors=sum(not each.answered for each in scores),
        correct=Share(sum(each.correct for each in scores), count),
        cited=Share(sum(each.cited for each in scores), count),
        citation_precision=Share(
            sum(each.precise_citations for each in scores), sum(each.citations for each in scores)
        ),
        quote_fidelity=Share(sum(each.literal_quotes for each in scores), quotes),
        grounded=Share(figures - sum(len(each.ungrounded) for each in scores), figures),
        unanswerable_declined=Share(sum(each.abstained for each in unanswerable), len(unanswerable)),
        answerable_declined=Share(sum(each.abstained for each in answerable), len(answerable)),
        answered_precision=Share(sum(each.correct for each in given), len(given)),
        coverage=Share(len(given), count),
        p50_ms=find_percentile(times, 50),
        p95_ms=find_percentile(times, 95),
    )


def find_percentile(values: Iterable[float], percent: float) -> float | None:
    """Return a percentile by the nearest-rank method: the ceil(p/100 * n)-th smallest value.

    https://en.wikipedia.org/wiki/Percentile#The_nearest-rank_method
    """
    ordered = sorted(values)
    if not ordered:
        return None
    return ordered[max(0, math.ceil(percent / 100 * len(ordered)) - 1)]


def find_wilson_interval(part: int, whole: int, *, z: float = Z_95) -> tuple[float, float]:
    """Return the Wilson score interval of a share, (0, 1) for no cases at all.

    (p + z²/2n ± z·sqrt(p(1-p)/n + z²/4n²)) / (1 + z²/n); Wilson 1927,
    https://en.wikipedia.org/wiki/Binomial_proportion_confidence_interval#Wilson_score_interval
    """
    if whole == 0:
        return 0.0, 1.0
    share = part / whole
    middle = share + z * z / (2 * whole)
    spread = z * math.sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole))
    scale = 1 + z * z / whole
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def group_scores(scores: Sequence[Score]) -> list[tuple[str, list[Score]]]:
    """Return the rows of the table: all, then by kind, then by style, in the format's order."""
    rows = [("all", list(scores))]
    for field, names in (("kind", get_args(Kind)), ("style", get_args(Style))):
        for name in names:
            group = [each for each in scores if getattr(each.question, field) == name]
            if group:
                rows.append((f"{field} {name}", group))
    return rows


def show_table(scores: Sequence[Score], *, only_totals: bool = False) -> str:
    """Lay the scores out as a table of text."""
    header = ("", "n", "correct", "+cited", "cit.prec", "quotes", "grounded", "p50 ms", "p95 ms")
    rows = [header]
    for name, group in group_scores(scores)[:1 if only_totals else None]:
        totals = sum_up(group)
        rows.append((
            name, str(totals.questions), str(totals.correct), str(totals.cited),
            str(totals.citation_precision), str(totals.quote_fidelity), str(totals.grounded),
            show_ms(totals.p50_ms), show_ms(totals.p95_ms),
        ))
    return lay_out(rows)


def show_declined(totals: Totals) -> str:
    """Say in lines how often the assistant declined, and how right it is when it does not."""
    declined, wrongly = totals.unanswerable_declined, totals.answerable_declined
    return "\n".join((
        f"unanswerable declined    {declined.part} of {declined.whole}",
        f"answerable declined      {wrongly.part} of {wrongly.whole}",
        f"precision when answered  {totals.answered_precision} "
        f"({totals.answered_precision.part} of {totals.answered_precision.whole})",
        f"coverage                 {totals.coverage}",
    ))


def show_caveats(totals: Totals, *, notes: Iterable[str] = ()) -> str:
    """Say how far the numbers can be trusted."""
    low, high = find_wilson_interval(totals.cited.part, totals.cited.whole)
    lines = [
        f"{totals.questions} questions, {totals.errors} without an answer line (counted as wrong)",
        f"correct and cited {totals.cited}, 95 % interval {low:.3f}–{high:.3f} (Wilson); "
        "differences inside it are noise",
        "rows of few questions move by whole questions; latency is of this machine and this run",
        *notes,
    ]
    return "\n".join(f"* {line}" for line in lines)


def show_misses(scores: Iterable[Score]) -> list[str]:
    """Return one line for each answer with a fault: id, kind, style, question, reasons."""
    return [
        f"{each.question.id} [{each.question.kind}/{each.question.style}] "
        f"{each.question.question!r}: {'; '.join(each.reasons)}"
        for each in scores if each.is_miss
    ]


def lay_out(rows: Sequence[Sequence[str]]) -> str:
    """Lay rows out in columns, the first to the left and the others to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths))
        ).rstrip()
        for row in rows
    )


def show_ms(value: float | None) -> str:
    """Return milliseconds with one decimal, a dash for none."""
    return "–" if value is None else f"{value:.1f}"
