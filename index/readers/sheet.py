"""A sheet of a spreadsheet as it is shown: the cells with something in them, merged ranges, what is hidden."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache

from index import messages
from index.errors import ChooseAnotherFile

# 50,000 rows of 14 columns: nine seconds of reading, and more than any report prints. A table that is read in
# part would give wrong answers, so a larger file is refused as a whole.
MAX_CELLS = 700_000
MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384
_BLANKS = re.compile(r"\s+")
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_HIDDEN_CHARACTERS = re.compile("[\u200b\u200e\u200f\u2060\ufeff\x00-\x08\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Cell:
    """The text of a cell on one line, and whether it is a "number", a "date" or "text"."""

    text: str
    kind: str = "text"


@dataclass(slots=True)
class Sheet:
    """One sheet: `rows[row][column]` from 1, merged ranges as (first row, first column, last row, last column).

    Hidden rows and columns are kept too. `errors` and `uncomputed` are the names ("C5") of cells that show
    an error, and of formulas whose result the file does not hold.
    """

    name: str
    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    errors: list[str] = field(default_factory=list)
    uncomputed: list[str] = field(default_factory=list)
    last_hidden: int = 0

    def put(self, row: int, column: int, cell: Cell) -> None:
        """Keep a cell with a text."""
        if cell.text:
            self.rows.setdefault(row, {})[column] = cell

    def hide_columns(self, first: int, last: int) -> None:
        """Hide a range of columns; ranges come from left to right, so what overlaps is damage and not hidden twice."""
        first, last = max(first, self.last_hidden + 1), min(last, MAX_COLUMNS)
        self.hidden_columns.update(range(first, last + 1))
        self.last_hidden = max(self.last_hidden, last)


@dataclass(slots=True)
class Workbook:
    """The sheets that are shown, the names of those that are not, and how many cells were kept so far."""

    sheets: list[Sheet] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    cells: int = 0

    def count(self, cells: int) -> None:
        """Count cells; raise `ChooseAnotherFile` when there are more than a report can have."""
        self.cells += cells
        if self.cells > MAX_CELLS:
            raise ChooseAnotherFile(messages.sheet_too_large(MAX_CELLS))


def clean_text(text: str) -> str:
    """Return the text of a cell in NFC on one line."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    return unicodedata.normalize("NFC", _BLANKS.sub(" ", _HIDDEN_CHARACTERS.sub("", text)).strip())


def cell_name(row: int, column: int) -> str:
    """Return "C5" for row 5, column 3."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"


def cell_place(name: str) -> tuple[int, int]:
    """Return row 5, column 3 for "C5"; raise `ValueError` when it is no name of a cell."""
    match = _REFERENCE.fullmatch(name)
    if match is None:
        raise ValueError(f"no cell: {name[:20]!r}")
    return int(match[2]), column_place(match[1])


@lru_cache(maxsize=20_000)
def column_place(letters: str) -> int:
    """Return 3 for "C"; raise `ValueError` when it is no name of a column."""
    if not 0 < len(letters) < 4 or not all("A" <= letter <= "Z" for letter in letters):
        raise ValueError(f"no column: {letters[:20]!r}")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column
