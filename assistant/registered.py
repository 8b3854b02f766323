"""Conflicts that the register knows of: another place of the report that counts the same and gives another value."""

from __future__ import annotations

import numpy as np

from assistant.candidates import clause_views
from assistant.finding import Material
from assistant.reading import FEATURES, Reading
from index.auditing import registered_conflicts
from index.records import Hit, RegisteredFigure, Report

_REPORTS_KEPT = 64
# By the id of a report, which its text decides.
_known: dict[str, dict[int, tuple[RegisteredFigure, ...]]] = {}


def conflicts_of(best: Reading, material: Material) -> tuple[Reading, ...]:
    """Return readings of the figures that the register holds against the figure of a reading, at most two."""
    report = best.hit.report
    start = best.clause.clause.start + best.figure.figure.start
    conflicts = _known.get(report.id)
    if conflicts is None:
        if len(_known) >= _REPORTS_KEPT:
            _known.clear()
        position = next(i for i, facts in enumerate(material.snapshot.facts) if facts.id == report.id)
        conflicts = _known[report.id] = _by_start(report, material.snapshot.figures(position))
    return tuple(as_reading(report, other) for other in conflicts.get(start, ())[:2])


def _by_start(report: Report, figures: tuple[RegisteredFigure, ...]) -> dict[int, tuple[RegisteredFigure, ...]]:
    """Return by the start of a figure the figures of other places that disagree with it."""
    found: dict[int, tuple[RegisteredFigure, ...]] = {}
    for check in registered_conflicts(report, figures):
        a, b = check.figures
        found[a.start] = (*found.get(a.start, ()), b)
        found[b.start] = (*found.get(b.start, ()), a)
    return found


def as_reading(report: Report, figure: RegisteredFigure) -> Reading:
    """Return a registered figure as a reading, to be said and cited like any other."""
    passage = report.passages[figure.passage]
    hit = Hit(report, passage, 0.0, 0.0, 0.0, clause_vectors=np.zeros((len(passage.clauses), 1), np.float32))
    view = clause_views(hit)[figure.clause]
    placed = next(one for one in view.figures if passage.clauses[figure.clause].start + one.figure.start == figure.start)
    return Reading(hit, view, placed, np.zeros(len(FEATURES), np.float32))
