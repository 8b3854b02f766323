"""The body of an RTF document, or of one footnote or text box: paragraphs and tables as they end."""

from __future__ import annotations

from dataclasses import dataclass, field

from index.readers.headings import write_heading
from index.readers.rtf_table import TableRows
from index.readers.runs import Runs
from index.readers.table_rows import as_columns, places_text, write_rows


@dataclass(slots=True)
class Story:
    """Finished lines, the paragraph being read with its list marker and heading level, and the table being read."""

    lines: list[str] = field(default_factory=list)
    runs: Runs = field(default_factory=Runs)
    prefix: str = ""
    level: int = 0
    table: TableRows = field(default_factory=TableRows)
    in_table: bool = False
    _cell: list[str] = field(default_factory=list)
    _open_table: bool = False

    def end_paragraph(self, repaired: set[str]) -> None:
        """Write the paragraph as a line, or keep it for its cell; schemes of old fonts are added to the set."""
        text = self.runs.take(repaired)
        if not self.in_table:
            self.end_table()
        if not text:
            return
        text, self.prefix = self.prefix + text, ""
        if self.in_table:
            self._cell.append(text)
        else:
            self.lines.append(write_heading(text, self.level) if self.level else text)

    def end_cell(self) -> None:
        """Give the paragraphs of a cell to the table."""
        self.table.end_cell("\n".join(self._cell))
        self._cell, self._open_table = [], True

    def end_table(self) -> None:
        """Write the rows that were read, if there are any."""
        if not self._open_table:
            return
        self._open_table = False
        rows = self.table.take()
        if places_text(rows):
            self.lines += [line for part in as_columns(rows) for cell in part for line in cell.text.split("\n") if line.strip()]
        else:
            self.lines += write_rows(rows)
