"""Errors planted in copies of reports: one digit of a figure that an audit had confirmed; how many are found."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from index.auditing import Check, audit_report
from index.readers import read_file
from index.records import RegisteredFigure, Report
from index.register import register_figures
from index.reporting import make_report

_CHECKED = ("sum", "share", "change")


@dataclass(frozen=True, slots=True)
class Plant:
    """A digit changed in a report: where, what stood there, what stands there now, and whether the audit tells."""

    report: str
    kind: str
    before: str
    after: str
    found: bool


def audit_files(folder: Path) -> list[tuple[Report, list[Check]]]:
    """Return each report file of a folder with its checks."""
    return [(report, _audit(report)) for report in map(read_report, sorted(folder.glob("*.txt")))]


def read_report(path: Path) -> Report:
    """Return the report in a file."""
    return make_report(read_file(path).text, name=path.name, source=str(path))


def _audit(report: Report) -> list[Check]:
    return audit_report(report, register_figures(report))


def plant_errors(audited: Sequence[tuple[Report, list[Check]]], *, count: int, seed: int) -> list[Plant]:
    """Change one digit at a time in figures that a confirmed sum, share or change hangs on; `count` plants in all.

    Each plant is of another check; reports take turns as far as they have confirmed checks.
    """
    chance = random.Random(seed)
    queues = []
    for report, checks in audited:
        confirmed = [check for check in checks if check.agrees and check.kind in _CHECKED]
        queues.append([(report, check) for check in chance.sample(confirmed, len(confirmed))])
    turns = [queue[turn] for turn in range(max(map(len, queues), default=0)) for queue in queues if turn < len(queue)]
    return list(islice((plant for report, check in turns if (plant := _plant(report, check, chance)) is not None), count))


def _plant(report: Report, check: Check, chance: random.Random) -> Plant | None:
    """Return what became of one digit changed in a figure of a check; None when the check would still hold."""
    figure = chance.choice(check.figures)
    number = re.match(r"[\d.,]*\d", figure.literal)
    if number is None:
        return None
    places = [i for i, character in enumerate(number.group()) if character.isdigit()]
    at = figure.start + chance.choice(places)
    digit = chance.choice([d for d in "123456789" if d != report.text[at]])
    text = f"{report.text[:at]}{digit}{report.text[at + 1:]}"
    changed = make_report(text, name=report.name, source=report.source)
    checks = _audit(changed)
    # A change that rounding hides breaks nothing.
    if any(again.agrees and again.kind == check.kind and _stand_at(again.figures, check.figures) for again in checks):
        return None
    found = any(not again.agrees and any(one.start == figure.start for one in again.figures) for again in checks)
    return Plant(report.name, check.kind, number.group(), text[figure.start:figure.start + len(number.group())], found)


def _stand_at(figures: Sequence[RegisteredFigure], others: Sequence[RegisteredFigure]) -> bool:
    return {figure.start for figure in others} <= {figure.start for figure in figures}


def run_audit(folder: Path, *, plants: int, seed: int, least_found: float = 0.0) -> int:
    """Print the checks of each report of a folder and how many planted errors are found; 1 when it is a smaller share than `least_found`."""
    audited = audit_files(folder)
    for report, checks in audited:
        agree = sum(check.agrees for check in checks)
        print(f"{report.name}: {agree} confirmed, {len(checks) - agree} that differ")
        for check in checks:
            if not check.agrees:
                print(f"  {check.kind}: {check.figures[0].label}: {check.formula or check.expected} -> {check.expected}, {check.found} written")
    planted = plant_errors(audited, count=plants, seed=seed)
    for plant in planted:
        print(f"  {'found ' if plant.found else 'MISSED'} {plant.report} {plant.kind}: {plant.before} -> {plant.after}")
    if not planted:
        return int(least_found > 0)
    found = sum(plant.found for plant in planted)
    print(f"planted errors found: {found} of {len(planted)} = {found / len(planted):.3f}")
    return int(found < least_found * len(planted))
