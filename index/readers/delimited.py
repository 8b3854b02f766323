"""Tables in text files, with commas, semicolons or tabs between their cells."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter

from index import messages
from index.errors import ChooseAnotherFile
from index.lines import NUMBER_CELL
from index.readers.plain import decode
from index.readers.sheet import Cell, Sheet, Workbook, clean_text

_DELIMITERS = "\t;,|"
_SAMPLE_ROWS = 200
_SAMPLE_CHARACTERS = 200_000
_SEPARATOR_LINE = re.compile(r"\Asep=(.)\r?\n", re.IGNORECASE)


def read_delimited(data: bytes, *, delimiter: str | None = None) -> tuple[Workbook, tuple[str, ...]]:
    """Return one sheet without a name, and the warnings of decoding."""
    decoded = decode(data)
    text = decoded.text
    declared = _SEPARATOR_LINE.match(text)
    if declared:
        text, delimiter = text[declared.end():], declared[1]
    book, sheet = Workbook(), Sheet("")
    try:
        for number, fields in enumerate(_rows(text, delimiter or find_delimiter(text)), start=1):
            for column, field in enumerate(fields, start=1):
                words = clean_text(field)
                sheet.put(number, column, Cell(words, "number" if NUMBER_CELL.match(words) else "text"))
            book.count(len(sheet.rows.get(number, ())))
    except csv.Error as error:
        raise ChooseAnotherFile(messages.READ_DAMAGED) from error
    book.sheets.append(sheet)
    return book, decoded.warnings


def find_delimiter(text: str) -> str:
    """Return the delimiter that cuts the most rows into one and the same number of cells; of two, the first of `_DELIMITERS`.

    `csv.Sniffer` takes the comma of "1.234,5" for one in files with semicolons, and raises on lines of a title.
    """
    sample = text[:_SAMPLE_CHARACTERS]
    return max(_DELIMITERS, key=lambda delimiter: _evenness(sample, delimiter))


def _evenness(sample: str, delimiter: str) -> float:
    widths: Counter[int] = Counter()
    total = 0
    try:
        for number, fields in enumerate(_rows(sample, delimiter)):
            if number == _SAMPLE_ROWS:
                break
            if any(fields):
                total += 1
                widths[len(fields)] += 1
    except csv.Error:
        return 0.0
    return max((rows for width, rows in widths.items() if width > 1), default=0) / max(total, 1)


def _rows(text: str, delimiter: str) -> csv.reader:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
