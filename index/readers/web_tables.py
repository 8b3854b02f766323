"""The cells of a table of a web page, row by row, with what they cover."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lxml.etree import _Element

from index import messages
from index.errors import ChooseAnotherFile
from index.readers.table_rows import MAX_CELLS, MAX_COLUMNS, Cell, as_columns, places_text, write_rows


@dataclass(frozen=True, slots=True)
class WebCell:
    """One cell of a table: its element and how many columns and rows it covers."""

    element: _Element
    columns: int
    rows: int


def read_cells(table: _Element) -> list[list[WebCell]]:
    """Return the cells of each row of a table, header rows first; rows of tables inside it are left out."""
    parts: dict[str, list[_Element]] = {"thead": [], "tbody": [], "tfoot": []}
    for child in table:
        if child.tag == "tr":
            parts["tbody"].append(child)
        elif child.tag in parts:
            parts[child.tag].extend(row for row in child if row.tag == "tr")
    rows = [row for part in parts.values() for row in part]
    if sum(map(len, rows)) > MAX_CELLS:
        raise ChooseAnotherFile(messages.READ_LARGE_TABLE)
    return [[WebCell(cell, _span(cell, "colspan"), _span(cell, "rowspan")) for cell in row if cell.tag in ("td", "th")] for row in rows]


def is_layout(table: _Element, rows: list[list[WebCell]]) -> bool:
    """Tell a table that only places text on the page from one of figures or words in columns."""
    if table.get("role") == "presentation" or table.find(".//table") is not None:
        return True
    plain = _with_text(rows, lambda element: "".join(element.itertext()))
    return places_text(plain) and (table.find(".//th") is None or max(map(len, rows), default=0) < 2)


def layout_cells(rows: list[list[WebCell]]) -> list[_Element]:
    """Return the cells of a layout table in the order in which they are read."""
    return [cell.element for row in as_columns(rows) for cell in row]


def table_lines(rows: list[list[WebCell]], read_cell: Callable[[_Element], str]) -> list[str]:
    """Return the lines of a table of columns."""
    return write_rows(_with_text(rows, read_cell))


def _with_text(rows: list[list[WebCell]], read_cell: Callable[[_Element], str]) -> list[list[Cell]]:
    return [[Cell(read_cell(cell.element), cell.columns, cell.rows) for cell in row] for row in rows]


def _span(cell: _Element, name: str) -> int:
    value = (cell.get(name) or "1").strip()
    return min(max(int(value), 1), MAX_COLUMNS) if value.isdecimal() and len(value) < 6 else 1
