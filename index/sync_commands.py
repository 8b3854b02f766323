"""`python -m index sync` and `python -m index edit`: a folder kept in the library, facts corrected by hand."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence

from index import messages
from index.adding import AddOutcome, AddProgress
from index.commands import ProgressBar
from index.corrections import CORRECTABLE
from index.errors import CorrectValue
from index.library import Library
from index.records import ReportFacts
from index.syncing import SyncSummary

EXIT_SKIPPED = 1


def add_sync_options(command: argparse.ArgumentParser) -> None:
    """Add the options of `sync`."""
    choice = command.add_mutually_exclusive_group()
    choice.add_argument("--remove", action="store_true", help=messages.HELP_SYNC_REMOVE)
    choice.add_argument("--keep", action="store_true", help=messages.HELP_SYNC_KEEP)
    command.add_argument("--yes", action="store_true", help=messages.HELP_SYNC_YES)
    command.add_argument("--check-content", action="store_true", help=messages.HELP_SYNC_CHECK)


def add_edit_options(command: argparse.ArgumentParser) -> None:
    """Add the options of `edit`."""
    for field in CORRECTABLE:
        command.add_argument(f"--{field}", metavar="…", help=messages.HELP_EDIT_FIELDS[field])


def sync(library: Library, options: argparse.Namespace) -> int:
    """Bring the library in step with a folder and say what became of its files; return 1 when some were skipped."""
    told: set[int] = set()
    with ProgressBar() as bar:

        def show(step: AddProgress) -> None:
            bar.show(step)
            # A file that looked changed and holds what it held is no news; a second copy of a report is.
            if step.outcome and step.outcome.reason != messages.SAME_CONTENT:
                # At once, and only now: the line says that the report is on the disk.
                bar.print(_line(step.outcome))
                told.add(id(step.outcome))
                for warning in step.outcome.warnings:
                    bar.print(messages.warning_line(step.name, warning))

        summary = library.sync(options.target, check_content=options.check_content, progress=show)
    # Reports that went on to a copy of their file were not read.
    for outcome in summary.outcomes:
        if outcome.kind == "moved" and id(outcome) not in told:
            print(_line(outcome))
    removed = _remove(library, summary, options)
    _print_summary(summary, removed)
    if summary.added or summary.replaced or summary.moved or removed:
        # Builds what the next question needs, so that it does not wait for it.
        library.warm_up()
    return EXIT_SKIPPED if summary.skipped else 0


def edit(library: Library, options: argparse.Namespace) -> int:
    """Correct the facts that are given and show them."""
    values = {field: getattr(options, field) for field in CORRECTABLE}
    if all(value is None for value in values.values()):
        raise CorrectValue(messages.EDIT_NOTHING)
    facts = library.edit(options.target, **values)
    corrected = library.corrections(facts.id)
    print(messages.edited(facts.name, facts.id))
    for field in CORRECTABLE:
        if values[field] is not None:
            print(messages.fact_line(field, getattr(facts, field), corrected.get(field)))
    return 0


def _line(outcome: AddOutcome) -> str:
    facts = outcome.facts
    return messages.outcome_line(
        outcome.kind, outcome.name, facts.id if facts else "", facts.passages if facts else 0, outcome.reason
    )


def _remove(library: Library, summary: SyncSummary, options: argparse.Namespace) -> Sequence[ReportFacts]:
    """Remove the reports whose file is gone, if that is wanted; else name them."""
    if not summary.vanished:
        return ()
    for facts in summary.vanished:
        print(messages.vanished_line(facts.name, facts.id, facts.source))
    if not _is_wanted(summary, options):
        if not options.keep:
            print(messages.sync_kept(options.target, empty=not summary.found))
        return ()
    removed = library.remove_vanished(summary.vanished)
    for facts in removed:
        print(messages.removed(facts.name, facts.id))
    return removed


def _is_wanted(summary: SyncSummary, options: argparse.Namespace) -> bool:
    if options.keep:
        return False
    # An empty folder is more often a disk that is not connected than a library given up.
    if options.yes or (options.remove and summary.found):
        return True
    if options.remove or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    try:
        answer = input(messages.ask_removal(len(summary.vanished)))
    except EOFError:
        return False
    return answer.strip().casefold() in messages.YES


def _print_summary(summary: SyncSummary, removed: Sequence[ReportFacts]) -> None:
    for name, pages in summary.recognised:
        print(messages.recognised_line(name, pages))
    for name, reason in summary.remembered:
        print(messages.outcome_line("skipped", name, "", 0, reason))
    kinds = Counter(outcome.kind for outcome in summary.outcomes)
    print(messages.sync_summary(
        **{kind: kinds[kind] for kind in ("added", "replaced", "moved", "unchanged", "skipped")},
        removed=len(removed), vanished=len(summary.vanished) - len(removed),
        pages=sum(len(pages) for _, pages in summary.recognised),
    ))
