"""All checks of one report, or of several together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from index.auditing.records import Check, statements
from index.auditing.repeats import check_repeats
from index.auditing.shares import check_changes, check_shares
from index.auditing.sums import check_rows, check_sums
from index.records import RegisteredFigure, Report

Registered = tuple[Report, Sequence[RegisteredFigure]]


def audit_report(report: Report, figures: Sequence[RegisteredFigure]) -> list[Check]:
    """Return the checks of one report in the order of its text; `figures` are its register."""
    checks: list[Check] = []
    for statement in statements(report, figures):
        checks += check_sums(statement)
        checks += check_shares(statement)
        checks += check_changes(statement)
    checks += check_rows(report, figures)
    checks += check_repeats([(report, figures)], within=True)
    return sorted(checks, key=lambda check: check.figures[0].start)


def audit_reports(registers: Iterable[Registered]) -> list[Check]:
    """Return the checks of each report, then what different reports say of the same thing and time."""
    registers = list(registers)
    checks = [check for report, figures in registers for check in audit_report(report, figures)]
    if len(registers) > 1:
        checks += check_repeats(registers, within=False)
    return checks


def registered_conflicts(report: Report, figures: Sequence[RegisteredFigure]) -> list[Check]:
    """Return the checks of two places of a report that give different values of the same thing."""
    return [check for check in check_repeats([(report, figures)], within=True) if not check.agrees]
