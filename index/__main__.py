"""`python -m index`: each command of the library. Turns every error into a sentence and an exit code."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections import Counter
from pathlib import Path

from index import messages
from index.commands import CommandParser, ProgressBar, format_table
from index.errors import UserError
from index.library import Library, default_folder
from index.records import Report, ReportFacts
from index.register_commands import add_audit_options, add_figure_options, show_audit, show_figures
from index.store import PATIENCE_SECONDS
from index.sync_commands import add_edit_options, add_sync_options, edit, sync

EXIT_SKIPPED = 1
EXIT_STOPPED = 130

logger = logging.getLogger("index")


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 something skipped or found, 2 not done."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")
    options = _make_parser().parse_args(arguments)
    # Without --verbose nothing but our own sentences: the log is in English and for developers.
    logging.basicConfig(level=logging.INFO if options.verbose else logging.CRITICAL)
    try:
        return options.run(options)
    except UserError as error:
        logger.info("refused", exc_info=error)
        print(error, file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print(messages.STOPPED, file=sys.stderr)
        return EXIT_STOPPED
    except BrokenPipeError:
        # The reader (`| head`) left; there is nobody to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        logger.exception("unexpected error")
        print(messages.unexpected_error(error), file=sys.stderr)
        return UserError.exit_code


def _make_parser() -> CommandParser:
    parser = CommandParser(prog="python -m index", description=messages.PROGRAM)
    commands = parser.add_commands()
    common = {
        "--library": {"metavar": "DIR", "type": Path, "help": messages.HELP_LIBRARY},
        "--wait": {"metavar": "GIÂY", "type": float, "default": PATIENCE_SECONDS, "help": messages.HELP_WAIT},
        "--verbose": {"action": "store_true", "help": messages.HELP_VERBOSE},
    }
    which = {"metavar": "ID", "help": messages.HELP_WHICH}
    folder = {"metavar": "FOLDER", "type": Path, "help": messages.HELP_SYNC_FOLDER}
    more = {"figures": add_figure_options, "audit": add_audit_options, "sync": add_sync_options, "edit": add_edit_options}
    for name, run, text, positional in (
        ("add", _add, messages.HELP_ADD, {"metavar": "PATH", "nargs": "+", "help": messages.HELP_PATHS}),
        ("sync", _sync, messages.HELP_SYNC, folder),
        ("list", _list, messages.HELP_LIST, None),
        ("show", _show, messages.HELP_SHOW, which),
        ("figures", _figures, messages.HELP_FIGURES, None),
        ("audit", _audit, messages.HELP_AUDIT, None),
        ("edit", _edit, messages.HELP_EDIT, which),
        ("remove", _remove, messages.HELP_REMOVE, which),
        ("check", _check, messages.HELP_CHECK, None),
        ("reindex", _reindex, messages.HELP_REINDEX, None),
    ):
        command = commands.add_parser(name, help=text, description=text)
        if positional:
            command.add_argument("target", **positional)
        if name in more:
            more[name](command)
        for option, settings in common.items():
            command.add_argument(option, **settings)
        command.set_defaults(run=run)
    return parser


def _open(options: argparse.Namespace, *, create: bool = False) -> Library:
    return Library.open(options.library or default_folder(), create=create, patience=options.wait)


def _add(options: argparse.Namespace) -> int:
    with _open(options, create=True) as library, ProgressBar() as bar:

        def show(step) -> None:
            bar.show(step)
            if step.outcome:
                facts = step.outcome.facts
                line = messages.outcome_line(
                    step.outcome.kind, step.name, facts.id if facts else "", facts.passages if facts else 0,
                    step.outcome.reason,
                )
                # At once, and only now: the line says that the report is on the disk.
                bar.print(line)
                for warning in step.outcome.warnings:
                    bar.print(messages.warning_line(step.name, warning))

        summary = library.add(options.target, progress=show)
        kinds = Counter(outcome.kind for outcome in summary.outcomes)
        counts = {kind: kinds[kind] for kind in ("added", "replaced", "unchanged", "skipped")}
        bar.print(messages.add_summary(**counts))
        if added := kinds["added"] + kinds["replaced"]:
            # Builds what the next question needs, so that it does not wait for it.
            library.warm_up()
    if not kinds["skipped"]:
        return 0
    return EXIT_SKIPPED if added or kinds["unchanged"] else UserError.exit_code


def _sync(options: argparse.Namespace) -> int:
    with _open(options, create=True) as library:
        return sync(library, options)


def _edit(options: argparse.Namespace) -> int:
    with _open(options) as library:
        return edit(library, options)


def _list(options: argparse.Namespace) -> int:
    with _open(options) as library:
        reports = library.all_facts()
    if not reports:
        print(messages.NO_REPORTS)
        return 0
    rows = [
        (facts.id, facts.name, _mark(facts, "period"), _mark(facts, "date"), str(facts.passages), _mark(facts, "title"))
        for facts in reports
    ]
    print(format_table([messages.LIST_HEAD, *rows]))
    for facts in reports:
        if facts.corrected:
            print(messages.corrected_line(facts.name, facts.corrected))
    return 0


def _mark(facts: ReportFacts, field: str) -> str:
    return (getattr(facts, field) or "") + ("*" if field in facts.corrected else "")


def _show(options: argparse.Namespace) -> int:
    with _open(options) as library:
        report = library.report(options.target)
        corrected = library.corrections(report.id)
    for field, _ in messages.FACT_NAMES:
        print(messages.fact_line(field, getattr(report, field), corrected.get(field)))
    _print_sections(report)
    _print_footnotes(report)
    if report.warnings:
        print(f"\n{messages.WARNINGS}:", *report.warnings, sep="\n  ")
    return 0


def _print_sections(report: Report) -> None:
    counts = Counter(passage.section for passage in report.passages)
    print(f"\n{messages.SECTIONS} ({len(report.sections)}):")
    for section in report.sections:
        heading = section.path[-1] if section.path else section.title or messages.NO_HEADING
        print(messages.section_line(max(1, len(section.path)), heading, counts[section.index]))


def _print_footnotes(report: Report) -> None:
    print(f"\n{messages.FOOTNOTES} ({len(report.footnotes)}):")
    for note in report.footnotes:
        body = report.text[note.start:note.end] if note.has_body else messages.NO_BODY
        loose = "" if note.mark_positions else f" {messages.NO_MARK}"
        print(f"  [{note.mark}] {body}{loose}")


def _figures(options: argparse.Namespace) -> int:
    with _open(options) as library:
        return show_figures(library, options)


def _audit(options: argparse.Namespace) -> int:
    with _open(options) as library:
        return show_audit(library, options)


def _remove(options: argparse.Namespace) -> int:
    with _open(options) as library:
        report = library.remove(options.target)
    print(messages.removed(report.name, report.id))
    return 0


def _check(options: argparse.Namespace) -> int:
    with _open(options) as library:
        found = library.check()
        remarks = [] if found else library.remarks()
        count = len(library.all_facts())
    print(*found, *map(messages.remark, remarks), sep="\n", end="\n" if found or remarks else "")
    print(messages.check_done(count, len(found)))
    return EXIT_SKIPPED if found else 0


def _reindex(options: argparse.Namespace) -> int:
    with _open(options) as library, ProgressBar() as bar:
        count = library.reindex(progress=bar.show)
        bar.print(messages.reindexed(count))
        library.warm_up()
    return 0


if __name__ == "__main__":
    sys.exit(main())
