"""The register of a library as a list to filter, a pandas DataFrame, a CSV or an Excel file."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from index import messages
from index.library import Library
from index.numbers import parse_number
from index.records import RegisteredFigure, Report
from index.text import fold, tokenise

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """A figure of the register with the report it stands in."""

    report: Report
    figure: RegisteredFigure

    @property
    def quote(self) -> str:
        """The clause that states it, word for word."""
        clause = self.report.passages[self.figure.passage].clauses[self.figure.clause]
        return self.report.text[clause.start:clause.end].strip()

    @property
    def section(self) -> str:
        """The number of its section, or the heading where it has none."""
        section = self.report.sections[self.figure.section]
        return section.number or section.title

    @property
    def page(self) -> int | None:
        """The page that it stands on, None where the report has no pages."""
        return self.report.page_at(self.figure.start)

    def cells(self) -> tuple[str | Decimal | None, ...]:
        """Return what a table shows of it, in the order of `messages.REGISTER_HEAD`."""
        figure = self.figure
        return (
            self.report.name, self.section, figure.footnote or "", figure.label, figure.value, figure.denominator, figure.unit,
            figure.bound, figure.period, figure.as_of, messages.PLAN if figure.role == "plan" else "",
            "; ".join(words for _, words in figure.qualifiers), self.quote,
        )


def list_figures(
    library: Library, *, find: str = "", value: str = "", report: str | None = None, section: str | None = None
) -> Iterator[RegisterEntry]:
    """Yield the figures of a library, oldest-added report first.

    Args:
        library: an open library.
        find: words that must all stand in the label, the heading or the qualifiers; diacritics may be left out.
        value: a value in Vietnamese notation ("13.864", "1,5"): also the y of an x/y pair and the end of a range.
        report: id or name of one report; all without it.
        section: number of a section; what is under it counts too.

    Raises:
        ChooseReport: there is no such report, or more than one.
    """
    wanted = [library.facts(report)] if report else library.all_facts()
    words = set(tokenise(find))
    number = parse_number(value) if value else None
    if value and number is None:
        return
    for facts in wanted:
        text = library.report(facts.id)
        for figure in library.figures(facts.id):
            entry = RegisterEntry(text, figure)
            if number is not None and number not in (figure.value, figure.denominator, figure.upper):
                continue
            if section and not _is_under(entry.section, section):
                continue
            if not words or _holds(entry, words):
                yield entry


def _is_under(number: str, wanted: str) -> bool:
    return number == wanted or number.startswith(f"{wanted}.")


def _holds(entry: RegisterEntry, words: set[str]) -> bool:
    said = " . ".join((entry.figure.label, entry.figure.unit, *(words for _, words in entry.figure.qualifiers), *entry.report.sections[entry.figure.section].path[-1:]))
    marked = set(tokenise(said))
    return words <= marked or all(word == fold(word) for word in words) and words <= set(tokenise(fold(said)))


def register_frame(entries: Iterable[RegisterEntry]) -> pandas.DataFrame:
    """Return entries as a DataFrame, one row a figure; values are exact (`Decimal`)."""
    import pandas

    return pandas.DataFrame([entry.cells() for entry in entries], columns=list(messages.REGISTER_HEAD))


def write_csv(entries: Sequence[RegisterEntry], path: Path) -> None:
    """Write entries for Excel's own reading of CSV: UTF-8 with BOM, values with a comma."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(messages.REGISTER_HEAD)
        for entry in entries:
            writer.writerow([_harmless(str(cell).replace(".", ",") if isinstance(cell, Decimal) else cell or "") for cell in entry.cells()])


def write_xlsx(entries: Sequence[RegisterEntry], path: Path) -> None:
    """Write entries as a worksheet with a frozen head and a filter; values are numbers."""
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Font

    book = Workbook()
    sheet = book.active
    sheet.title = messages.REGISTER_SHEET
    sheet.append(list(messages.REGISTER_HEAD))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for entry in entries:
        sheet.append([ILLEGAL_CHARACTERS_RE.sub("", cell) if isinstance(cell, str) else cell for cell in entry.cells()])
        for cell in sheet[sheet.max_row]:
            if isinstance(cell.value, str):
                # What a report says is text, also where it begins with "=".
                cell.data_type = "s"
    sheet.freeze_panes, sheet.auto_filter.ref = "A2", sheet.dimensions
    for column, width in zip("ABCDEFGHIJKLM", (24, 9, 9, 60, 16, 14, 16, 10, 22, 12, 10, 24, 80), strict=True):
        sheet.column_dimensions[column].width = width
    book.save(path)


def _harmless(cell: str) -> str:
    """Return text that a spreadsheet does not take for a formula."""
    return f"'{cell}" if cell.lstrip()[:1] in tuple("=+-@") and not re.fullmatch(r"-?\d+(?:,\d+)?", cell) else cell
