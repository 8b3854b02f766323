"""Rows of tab-separated tables: which are passages, and what must be read before each of them."""

from __future__ import annotations

import re

from index.lines import NUMBER_CELL, is_caps

_UNIT_LINE = re.compile(r"(?:đvt|đơn vị(?: tính)?)\s*:\s*([^\t()]+)", re.IGNORECASE)
_ROW_NUMBER = re.compile(r"^(?:[A-ZĐ]|[IVX]+|\d+(?:\.\d+)*|[a-zđ]|[-–_*+])$")
_ENDED = re.compile(r"[.;]\s*$")
_SIGNS = "-–_+*"
_TITLE_LIMIT = 160
_THOUSANDS = {"1000 đồng": "nghìn đồng", "1.000 đồng": "nghìn đồng", "1000000 đồng": "triệu đồng", "1.000.000 đồng": "triệu đồng"}


class Table:
    """Title, unit line, header and open parent rows of the table being read."""

    def __init__(self) -> None:
        self._reset()

    def _reset(self) -> None:
        self.title = ""
        self.unit = ""
        self.header: list[str] = []
        self.parents: list[tuple[str, str]] = []
        self.has_rows = False

    def read_line(self, line: str, *, is_heading: bool) -> None:
        """Take in a line outside a table: the last short one before the rows is their title."""
        if self.has_rows:
            self._reset()
        unit = _UNIT_LINE.search(line)
        if unit and len(line) < _TITLE_LIMIT:
            self.unit = unit.group(1).strip()
        elif len(line) < _TITLE_LIMIT and not _ENDED.search(line) and not is_heading:
            self.title, self.unit = line, ""
        else:
            self.title = self.unit = ""

    def read_row(self, row: str) -> bool:
        """Take in a row; tell whether it is a passage: it states something, or is a remark under the title."""
        cells = [cell.strip() for cell in row.split("\t")]
        filled = [cell for cell in cells if cell]
        numeric = [cell for cell in filled[1:] if NUMBER_CELL.match(cell)]
        unit = _UNIT_LINE.search(row)
        if unit and not numeric:
            if self.has_rows:
                self._reset()
            self.unit = unit.group(1).strip()
            return row.strip().startswith("(")
        number = filled[0] if filled and _ROW_NUMBER.match(filled[0]) else ""
        label = next((cell for cell in filled if not NUMBER_CELL.match(cell) and not _ROW_NUMBER.match(cell)), "")
        if not numeric and not (number and label):
            return self._read_words(row, filled)
        self.has_rows = True
        self._nest(number or (label[:1] if label[:1] in _SIGNS else ""), label)
        return bool(numeric) or len(filled) > 2

    def _read_words(self, row: str, filled: list[str]) -> bool:
        """Take in a row without figures: a remark in brackets, or a title or header."""
        if row.strip().startswith("(") or row.strip().endswith(")"):
            return True
        if self.has_rows:
            if not is_caps(row):
                return len(filled) > 1
            self._reset()
        self.header = [*self.header, " ".join(filled)][-4:]
        return False

    def _nest(self, number: str, label: str) -> None:
        style = _row_style(number)
        same = next((k for k, (other, _) in enumerate(self.parents) if other == style), None)
        if same is not None:
            del self.parents[same:]
        self.parents.append((style, label))

    def context(self) -> str:
        """Return title, header, parent rows and unit of the row that was read last."""
        parts = [self.title, *self.header, *(label for _, label in self.parents[:-1])]
        if self.unit:
            parts.append(f"ĐVT: {self.unit}")
        return "; ".join(part for part in parts if part)


def _row_style(number: str) -> str:
    if re.fullmatch(r"[IVX]+", number):
        return "roman"
    if re.fullmatch(r"[A-ZĐ]", number):
        return "letter"
    if re.fullmatch(r"\d+(?:\.\d+)*", number):
        return f"arabic{number.count('.')}"
    return "small" if re.fullmatch(r"[a-zđ]", number) else "sign"


def table_unit(context: str) -> str:
    """Return the unit line in the context of a table row in words ("nghìn đồng"), or ""."""
    match = re.search(r"ĐVT: ([^;]+)$", context)
    unit = match.group(1).strip() if match else ""
    unit = _THOUSANDS.get(unit, unit)
    return "" if any(c.isdigit() for c in unit) else unit


def row_name(row: str) -> str:
    """Return what a table row is about: its first cell with words, without signs around it; "" when none has."""
    cells = [cell.strip(" _-–") for cell in row.split("\t")]
    return next((cell for cell in cells if re.search(r"[^\W\d_]{2}", cell)), "")
