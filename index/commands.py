"""What a Vietnamese command line needs: a parser that speaks Vietnamese, a progress bar, a table."""

from __future__ import annotations

import argparse
import sys
import time
import unicodedata
from collections.abc import Sequence
from typing import NoReturn, Self

from tqdm import tqdm

from index import messages
from index.adding import AddProgress
from index.errors import UserError

_COLUMN_LIMIT = 60
# Work that is over within this time needs no bar in a log file.
_BAR_AFTER_SECONDS = 2.0


class CommandParser(argparse.ArgumentParser):
    """An argument parser whose headings and errors are Vietnamese."""

    def __init__(self, **settings) -> None:
        super().__init__(add_help=False, formatter_class=_Formatter, **settings)
        self._positionals.title = messages.HEAD_POSITIONALS
        self._optionals.title = messages.HEAD_OPTIONS
        self.add_argument("-h", "--help", action="help", help=messages.HELP_HELP)

    def add_commands(self) -> argparse._SubParsersAction:
        return self.add_subparsers(
            title=messages.HEAD_COMMANDS, metavar=messages.COMMAND, required=True, dest="command"
        )

    def error(self, message: str) -> NoReturn:
        print(messages.wrong_command(self.format_usage().strip()), file=sys.stderr)
        self.exit(UserError.exit_code)


class _Formatter(argparse.HelpFormatter):
    def add_usage(self, usage, actions, groups, prefix=None) -> None:
        super().add_usage(usage, actions, groups, messages.USAGE if prefix is None else prefix)


class ProgressBar:
    """A bar on the error stream once the work has lasted a while, and lines above it on the output."""

    def __init__(self) -> None:
        self._interactive = sys.stderr.isatty()
        self._start_at = time.monotonic() + (_BAR_AFTER_SECONDS if not self._interactive else 0.5)
        self._bar: tqdm | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def show(self, step: AddProgress) -> None:
        """Draw how far the work is."""
        if self._bar is None:
            if time.monotonic() < self._start_at:
                return
            self._bar = tqdm(
                total=1.0, file=sys.stderr, leave=False, mininterval=0.1 if self._interactive else 5.0,
                bar_format="{l_bar}{bar}| {postfix[0]}", postfix=[""],
            )
        self._bar.set_description(messages.reading_progress(step.name, step.read, step.pages), refresh=False)
        # Its own estimate takes every file for equally long.
        self._bar.postfix[0] = messages.time_left(step.number, step.total, step.seconds_left)
        self._bar.update(step.share - self._bar.n)

    def print(self, line: str) -> None:
        """Print a line on the output, whole and at once."""
        if self._bar is not None and self._interactive:
            self._bar.clear()
        print(line, flush=True)


def format_table(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as left-aligned columns; the last column is not cut."""
    cut = [[_shorten(cell) for cell in row[:-1]] + [row[-1]] for row in rows]
    widths = [max(map(_width, column)) for column in zip(*cut, strict=True)]
    lines = (
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cut
    )
    return "\n".join(lines)


def _shorten(cell: str) -> str:
    return cell if len(cell) <= _COLUMN_LIMIT else cell[: _COLUMN_LIMIT - 1] + "…"


def _width(cell: str) -> int:
    return sum(not unicodedata.combining(character) for character in cell)
