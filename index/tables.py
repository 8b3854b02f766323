"""Rows of tab-separated tables: which are passages, what must be read before each, what each cell is called."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from index.lines import NUMBER_CELL, is_caps
from index.periods import Period, find_periods
from index.records import Passage, Report
from index.units import counter_class, normalise_unit

_UNIT_LINE = re.compile(r"(?:đvt|đơn vị(?: tính)?)\s*:\s*([^\t()]+)", re.IGNORECASE)
_UNIT_COLUMN = re.compile(r"đvt|đơn vị(?: tính)?|đơn vị đo", re.IGNORECASE)
_ROW_NUMBER = re.compile(r"^(?:[A-ZĐ]|[IVX]+|\d+(?:\.\d+)*|[a-zđ]|[-–_*+])$")
# "(1)", "A", "5=3/1": the numbers of the columns, a row of their own below the header.
_COLUMN_NUMBER = re.compile(r"\(?(?:[A-ZĐ]|\d{1,2})\)?(?:\s*=[\d\s()=+\-–x*/:.,%]+)?")
_YEAR = re.compile(r"(?:19|20)\d{2}")
_ENDED = re.compile(r"[.;]\s*$")
_MARK = re.compile(r"\s?\[(?:\d{1,3}|\*+)\]")
_IN_BRACKETS = re.compile(r"\s*\(([^()]*)\)")
_COUNTED = re.compile(r"(?:tổng )?số ((?:\w+ ?){1,2})", re.IGNORECASE)
# Columns that compare: what they hold is not in the unit of the table.
_COMPARES = re.compile(r"\b(?:so với|so sánh|tỷ lệ|tỉ lệ|tốc độ|cơ cấu|tỷ trọng|tỉ trọng|bình quân)\b", re.IGNORECASE)
_FORM = re.compile(r"(?:m[ẫã]u|biểu|phụ lục)\s+(?:số|mẫu)\b", re.IGNORECASE)
_SIGNS = "-–_+*"
_TITLE_LIMIT = 160
_HEADER_ROWS = 4
_COLUMN_WORDS = 16
_THOUSANDS = {"1000 đồng": "nghìn đồng", "1.000 đồng": "nghìn đồng", "1000000 đồng": "triệu đồng", "1.000.000 đồng": "triệu đồng"}


class Table:
    """Title, unit line, header and open parent rows of the table being read."""

    def __init__(self) -> None:
        self._reset()
        self.wordy = False
        self._ahead: list[str] = []

    def _reset(self) -> None:
        self.title = ""
        self.unit = ""
        self.header: list[list[str]] = []
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

    def begin(self, rows: Sequence[str]) -> None:
        """Look at all the rows of a table before they are read one by one: in one without figures the first is the header."""
        self._ahead = list(rows[1:])
        self.wordy = not any(_numeric(cells[1:]) or _row_number(cells) for cells in map(_filled, rows))

    def read_row(self, row: str) -> bool:
        """Take in a row; tell whether it is a passage: it states something, or is a remark under the title."""
        cells = [cell.strip() for cell in row.split("\t")]
        filled = _filled(row)
        following, self._ahead = self._ahead[:1], self._ahead[1:]
        numeric = _numeric(filled[1:])
        unit = _UNIT_LINE.search(row)
        if unit and not numeric:
            if self.has_rows:
                self._reset()
            self.unit = unit.group(1).strip()
            return row.strip().startswith("(")
        if self._is_header(cells, filled, numeric):
            return False
        if self.wordy and self.header:
            self.has_rows = True
            return len(filled) > 1
        number = _row_number(filled)
        label = next((cell for cell in filled if not NUMBER_CELL.match(cell) and not _ROW_NUMBER.match(cell)), "")
        if not numeric and not (number and label):
            return self._read_words(row, cells, filled, before_figures=any(_numeric(_filled(line)[1:]) for line in following))
        self.has_rows = True
        self._nest(number or (label[:1] if label[:1] in _SIGNS else ""), label)
        return bool(numeric) or len(filled) > 2

    def _is_header(self, cells: list[str], filled: list[str], numeric: list[str]) -> bool:
        """Tell whether a row belongs to the header though it has figures or comes again: years, column numbers, a repetition."""
        if cells in self.header:
            return True
        if self.has_rows or not numeric:
            return False
        if all(map(_YEAR.fullmatch, numeric)) and (self.header or len(numeric) > 1):
            self.header = [*self.header, cells][-_HEADER_ROWS:]
            return True
        return bool(self.header) and len(filled) > 2 and all(map(_COLUMN_NUMBER.fullmatch, filled))

    def _read_words(self, row: str, cells: list[str], filled: list[str], *, before_figures: bool) -> bool:
        """Take in a row without figures: a remark in brackets, the name of a group, or a title or header."""
        if row.strip().startswith("(") or row.strip().endswith(")") and len(filled) == 1:
            return True
        if self.has_rows and self.header and len(filled) == 1 and is_caps(row) and before_figures:
            self.parents = [("caps", filled[0])]
            return False
        if self.has_rows:
            if not is_caps(row) and not self._begins_table(filled):
                return len(filled) > 1
            self._reset()
        self.header = [*self.header, cells][-_HEADER_ROWS:]
        return False

    def _begins_table(self, filled: list[str]) -> bool:
        """Tell whether a row without figures is the header of another table: as many cells as the one above, no two alike."""
        names = {*filter(None, (cell for cells in self.header for cell in cells))}
        return len(filled) >= 3 and 2 * len(filled) > len(self.columns()) and len({*filled}) == len(filled) and not names & {*filled}

    def _nest(self, number: str, label: str) -> None:
        style = _row_style(number)
        same = next((k for k, (other, _) in enumerate(self.parents) if other == style), None)
        if same is not None:
            del self.parents[same:]
        self.parents.append((style, label))

    def context(self) -> str:
        """Return title, header, parent rows and unit of the row that was read last."""
        header = (" ".join(cell for cell, _ in groupby(filter(None, cells))) for cells in self.header)
        parts = [self.title, *header, *(label for _, label in self.parents[:-1])]
        if self.unit:
            parts.append(f"ĐVT: {self.unit}")
        return "; ".join(part for part in parts if part)

    def columns(self) -> tuple[str, ...]:
        """Return the name of each column: the cells of the header above it, from the top; () when the header has one cell."""
        # What stands above a form's own number ("Mẫu số 21") is the letterhead.
        head = max((k + 1 for k, cells in enumerate(self.header) if any(map(_FORM.match, cells))), default=0)
        rows = [cells for cells in self.header[head:] if len({*filter(None, cells)}) > 1]
        if not rows:
            return ()
        width = max(map(len, rows))
        rows = [cells + [""] * (width - len(cells)) for cells in rows]
        for upper, lower in zip(rows, rows[1:]):
            _spread(upper, lower)
        names = (dict.fromkeys(filter(None, (cells[k] for cells in rows))) for k in range(width))
        return tuple(" ".join(" ".join(name).split()[:_COLUMN_WORDS]) for name in names)


def _spread(upper: list[str], lower: list[str]) -> None:
    """Write the words of a header cell into the empty ones on its right that it spans, as the row below tells."""
    for k in range(1, len(upper)):
        if not upper[k] and lower[k] and upper[k - 1] and lower[k - 1] and upper[k - 1] != lower[k - 1]:
            upper[k] = upper[k - 1]


def _filled(row: str) -> list[str]:
    return [cell for cell in (part.strip() for part in row.split("\t")) if cell]


def _numeric(cells: Sequence[str]) -> list[str]:
    return [cell for cell in (_MARK.sub("", cell) for cell in cells) if NUMBER_CELL.match(cell)]


def _row_number(filled: Sequence[str]) -> str:
    return filled[0] if filled and _ROW_NUMBER.match(filled[0]) else ""


def _row_style(number: str) -> str:
    if re.fullmatch(r"[IVX]+", number):
        return "roman"
    if re.fullmatch(r"[A-ZĐ]", number):
        return "letter"
    if re.fullmatch(r"\d+(?:\.\d+)*", number):
        return f"arabic{number.count('.')}"
    return "small" if re.fullmatch(r"[a-zđ]", number) else "sign"


@dataclass(frozen=True, slots=True)
class Row:
    """A table row as its table has it: what it is about, and where each cell ends, its column and its unit.

    `first` is the cell of the name; `ends` are positions in the text of the report; `columns` and `units` are "" where the table does not tell.
    """

    name: str
    first: int
    ends: tuple[int, ...]
    cells: tuple[str, ...]
    columns: tuple[str, ...]
    units: tuple[str, ...]

    def cell_at(self, position: int) -> int:
        """Return the number of the cell that holds a position of the report's text."""
        return min(bisect_left(self.ends, position + 1), len(self.ends) - 1)


def read_row(report: Report, passage: Passage) -> Row:
    """Return a passage of kind "row" as a row of its table."""
    start = report.text.rfind("\n", 0, passage.start) + 1
    parts = report.text[start:passage.end].split("\t")
    ends, position = [], start
    for part in parts:
        position += len(part) + 1
        ends.append(position)
    cells = tuple(_MARK.sub("", part).strip() for part in parts)
    columns = (*passage.columns, *[""] * len(cells))[:len(cells)]
    name = row_name(report.text[start:passage.end])
    first = next((k for k, cell in enumerate(cells) if name and name in cell), 0)
    row_unit = next((cell for cell, column in zip(cells[first + 1:], columns[first + 1:]) if _UNIT_COLUMN.fullmatch(column)), "")
    shared = row_unit or _table_unit(passage.context)
    units = tuple(_cell_unit(column, shared) for column in columns)
    return Row(name, first, tuple(ends), cells, tuple(map(_bare, columns)), units)


def say_row(report: Report, passage: Passage) -> str:
    """Return a table row in words: "name – column: value unit; column: value unit"."""
    row = read_row(report, passage)
    said = []
    for cell, column, unit in list(zip(row.cells, row.columns, row.units, strict=True))[row.first + 1 if row.name else 0:]:
        if cell and not is_unit_column(column):
            shown = unit and NUMBER_CELL.match(cell) and not cell.endswith("%")
            value = f"{cell}{'' if unit.startswith('%') else ' '}{unit}" if shown else cell
            said.append(f"{column}: {value}" if column else value)
    return f"{row.name}{' – ' if any(row.columns) else ': '}{'; '.join(said)}"


def column_periods(column: str) -> list[Period]:
    """Return the periods that the name of a column tells; a year above or below "9 tháng" or "quý I" is that of the months."""
    periods: list[Period] = []
    for period in find_periods(column):
        before = periods[-1] if periods else None
        if before and period.kind == "year" and not before.year:
            periods[-1] = before.with_year(period.year)
        elif before and before.kind == "year" and not period.year and period.kind in ("months", "quarter", "month"):
            periods[-1] = period.with_year(before.year)
        else:
            periods.append(period)
    return periods


def table_head(report: Report, passage: Passage) -> tuple[int, int] | None:
    """Return the span from the title of a row's table, or its first header row, to its last header row; None without a header.

    It is what proves the names and units of the columns.
    """
    if not passage.columns:
        return None
    first = passage
    while first.index and (before := report.passages[first.index - 1]).kind == "row" and before.columns == passage.columns:
        first = before
    lines = _lines_above(report.text, first.start)
    header = next((k for k, (start, end) in enumerate(lines) if _holds_header(report.text[start:end], passage.columns)), None)
    if header is None:
        return None
    top = header
    while top + 1 < len(lines) and _belongs_above(report.text[slice(*lines[top + 1])], passage):
        top += 1
    return lines[top][0], lines[header][1]


def table_title(passage: Passage) -> str:
    """Return the title of a row's table, "" where the report gives it none."""
    first = passage.context.split("; ")[0]
    header = set(" ".join(passage.columns).split())
    return "" if first.startswith("ĐVT: ") or set(first.split()) <= header or not passage.columns else first


def _lines_above(text: str, position: int) -> list[tuple[int, int]]:
    """Return the spans of the lines above a position, the nearest first, at most twelve."""
    spans: list[tuple[int, int]] = []
    start = text.rfind("\n", 0, position) + 1
    while start > 0 and len(spans) < 12:
        end = start - 1
        start = text.rfind("\n", 0, end) + 1
        spans.append((start, end))
    return spans


def _holds_header(line: str, columns: Sequence[str]) -> bool:
    """Tell whether a line is a header row: every cell of it is in the name of its column."""
    cells = [cell.strip() for cell in line.split("\t")]
    return "\t" in line and any(cells) and all(cell in column for cell, column in zip(cells, columns))


def _belongs_above(line: str, passage: Passage) -> bool:
    """Tell whether a line above a header row is the header too, the unit line or the title of the table."""
    return _holds_header(line, passage.columns) or bool(_UNIT_LINE.search(line)) or (
        bool(line.strip()) and passage.context.startswith(line.strip())
    )


def is_unit_column(column: str) -> bool:
    """Tell whether a column holds the units of its rows."""
    return bool(_UNIT_COLUMN.fullmatch(column))


def _cell_unit(column: str, shared: str) -> str:
    """Return the unit of the cells of a column: its own, or the one that they share."""
    own = next((words for words in _IN_BRACKETS.findall(column) if _is_unit(words)), "")
    if own or "%" in column:
        return _in_words(own) if own else "%"
    counted = _COUNTED.match(column)
    if _COMPARES.search(column) or (counted and counter_class(tuple(counted[1].lower().split()))):
        return "" if normalise_unit(shared).measure in ("money", "usd") else shared
    return shared


def _is_unit(words: str) -> bool:
    unit = normalise_unit(words)
    return unit.measure != "count" or bool(counter_class(tuple(words.lower().split())))


def _bare(column: str) -> str:
    """Return the name of a column without a unit in brackets."""
    return _IN_BRACKETS.sub(lambda match: "" if _is_unit(match[1]) else match[0], column).strip()


def _table_unit(context: str) -> str:
    """Return the unit line in the context of a table row in words ("nghìn đồng"), or ""."""
    match = re.search(r"ĐVT: ([^;]+)$", context)
    unit = _in_words(match.group(1)) if match else ""
    return "" if any(c.isdigit() for c in unit) else unit


def _in_words(unit: str) -> str:
    return _THOUSANDS.get(unit.strip(), unit.strip())


def row_name(row: str) -> str:
    """Return what a table row is about: its first cell with words, without signs around it; "" when none has."""
    cells = [_MARK.sub("", cell).strip(" _-–") for cell in row.split("\t")]
    return next((cell for cell in cells if re.search(r"[^\W\d_]{2}", cell)), "")
