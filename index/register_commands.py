"""`python -m index figures` and `python -m index audit`: the register as a list, and what does not add up in it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from index import messages
from index.auditing import Check, audit_reports
from index.commands import format_table
from index.errors import ChooseAnotherFile
from index.library import Library
from index.register_table import RegisterEntry, list_figures, write_csv, write_xlsx

EXIT_FOUND = 1
_LABEL_WIDTH = 70


def add_figure_options(command: argparse.ArgumentParser) -> None:
    """Add the options of `figures`."""
    command.add_argument("--find", default="", metavar="CHỮ", help=messages.HELP_FIND)
    command.add_argument("--value", default="", metavar="SỐ", help=messages.HELP_VALUE)
    command.add_argument("--report", metavar="ID", help=messages.HELP_WHICH)
    command.add_argument("--section", metavar="MỤC", help=messages.HELP_SECTION)
    command.add_argument("--xlsx", type=Path, metavar="TỆP", help=messages.HELP_XLSX)
    command.add_argument("--csv", type=Path, metavar="TỆP", help=messages.HELP_CSV)


def add_audit_options(command: argparse.ArgumentParser) -> None:
    """Add the options of `audit`."""
    command.add_argument("--report", metavar="ID", help=messages.HELP_WHICH)
    command.add_argument("--json", action="store_true", help=messages.HELP_JSON)


def show_figures(library: Library, options: argparse.Namespace) -> int:
    """Print or write the figures that fit; return 1 when none does."""
    entries = list(list_figures(
        library, find=options.find, value=options.value, report=options.report, section=options.section
    ))
    if not entries:
        print(messages.NO_FIGURES)
        return EXIT_FOUND
    written = [(path, write) for path, write in ((options.xlsx, write_xlsx), (options.csv, write_csv)) if path]
    for path, write in written:
        try:
            write(entries, path)
        except OSError as error:
            raise ChooseAnotherFile(messages.not_written(path, error.strerror or str(error))) from error
        print(messages.figures_written(len(entries), path))
    if not written:
        print(format_table([messages.FIGURES_HEAD, *map(_row, entries)]))
        print(messages.figures_count(len(entries)))
    return 0


def _row(entry: RegisterEntry) -> tuple[str, ...]:
    figure = entry.figure
    place = messages.place(entry.section, figure.footnote)
    value = figure.literal if figure.unit in figure.literal else f"{figure.literal} {figure.unit}"
    label = figure.label if len(figure.label) <= _LABEL_WIDTH else figure.label[:_LABEL_WIDTH - 1] + "…"
    return entry.report.name, place, f"{figure.bound} {value}".strip(), figure.period, label


def show_audit(library: Library, options: argparse.Namespace) -> int:
    """Print what was recomputed; return 1 when something does not agree."""
    wanted = [library.facts(options.report)] if options.report else library.all_facts()
    checks = audit_reports([(library.report(facts.id), library.figures(facts.id)) for facts in wanted])
    if options.json:
        print(json.dumps([check_record(check) for check in checks], ensure_ascii=False, indent=1))
    else:
        _print_checks(checks)
    return EXIT_FOUND if any(not check.agrees for check in checks) else 0


def check_record(check: Check) -> dict[str, object]:
    """Return a check as plain values for JSON."""
    reports = [check.report] * len(check.figures)
    reports[-1] = check.other or check.report
    return {
        "kind": check.kind, "agrees": check.agrees, "said": say_check(check), "formula": check.formula,
        "expected": check.expected, "found": check.found,
        "figures": [
            {"report": report.name, "section": report.sections[figure.section].number, "footnote": figure.footnote, "literal": figure.literal,
             "label": figure.label, "period": figure.period, "start": figure.start, "end": figure.end}
            for report, figure in zip(reports, check.figures, strict=True)
        ],
    }


def _print_checks(checks: Sequence[Check]) -> None:
    for agrees, title in ((False, messages.AUDIT_DIFFERS), (True, messages.AUDIT_AGREES)):
        found = [check for check in checks if check.agrees is agrees]
        print(title.format(count=len(found)))
        for check in found:
            print(f"  - {say_check(check)}")
            print(f"    {messages.audit_place(*_places(check))}")


def say_check(check: Check) -> str:
    """Return what was compared and what came out, in a sentence."""
    first = check.figures[0]
    if check.kind == "repeat":
        said = [f"{value} {figure.unit}".strip() for value, figure in zip((check.expected, check.found), check.figures, strict=True)]
        return messages.audit_repeat(first.label, *said, agrees=check.agrees)
    return messages.audit_formula(check.kind, first.label, check.formula, check.expected, check.found, agrees=check.agrees)


def _places(check: Check) -> list[str]:
    return list(dict.fromkeys(
        f"{report.name}, {messages.place(report.sections[figure.section].number or report.sections[figure.section].title, figure.footnote)}"
        for report, figure in ((check.report, check.figures[0]), (check.other or check.report, check.figures[-1]))
    ))

