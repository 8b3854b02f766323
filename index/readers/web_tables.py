"""A table of a web page as tab-separated rows: merged cells spread over the columns they cover."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lxml.etree import _Element

from index.lines import NUMBER_CELL

_MAX_COLUMNS = 60
_MAX_CELLS = 200_000
_UNIT = re.compile(r"^\(?\s*(?:đvt|đơn vị(?: tính)?)\s*:", re.IGNORECASE)
_HEAD_TABLE_ROWS = 4
_LONG_CELL = 400


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table: its element and how many columns and rows it covers."""

    element: _Element
    columns: int
    rows: int


def read_rows(table: _Element) -> list[list[Cell]]:
    """Return the cells of each row of a table, header rows first; rows of tables inside it are left out."""
    parts: dict[str, list[_Element]] = {"thead": [], "tbody": [], "tfoot": []}
    for child in table:
        if child.tag == "tr":
            parts["tbody"].append(child)
        elif child.tag in parts:
            parts[child.tag].extend(row for row in child if row.tag == "tr")
    rows = [row for part in parts.values() for row in part]
    return [
        [Cell(cell, _span(cell, "colspan"), _span(cell, "rowspan")) for cell in row if cell.tag in ("td", "th")]
        for row in rows
    ]


def is_layout(table: _Element, rows: list[list[Cell]]) -> bool:
    """Tell a table that only places text on the page from one of figures or words in columns."""
    width = max((sum(cell.columns for cell in row) for row in rows), default=0)
    if width < 2 or table.get("role") == "presentation" or table.find(".//table") is not None:
        return True
    texts = ["".join(cell.element.itertext()).strip() for row in rows for cell in row]
    figures = sum(bool(NUMBER_CELL.match(text)) for text in texts)
    if table.find(".//th") is not None or figures >= 2:
        return False
    return len(rows) <= _HEAD_TABLE_ROWS or max(map(len, texts), default=0) > _LONG_CELL


def by_columns(rows: list[list[Cell]]) -> Iterator[_Element]:
    """Yield the cells of a layout table as they are read: the columns of a small one (a document's head) one by one."""
    small = 1 < len(rows) <= _HEAD_TABLE_ROWS and all(len(row) == 2 for row in rows)
    if small and all(len("".join(cell.element.itertext())) < _LONG_CELL for row in rows for cell in row):
        rows = [list(column) for column in zip(*rows, strict=True)]
    for row in rows:
        for cell in row:
            yield cell.element


def write_rows(rows: list[list[Cell]], read_cell: Callable[[_Element], str]) -> list[str]:
    """Return the lines of a table of columns: titles and its unit line first, then the rows; "" ends it."""
    above: list[str] = []
    written: list[str] = []
    for row in _spread(rows, read_cell):
        filled = list(dict.fromkeys(text for text in row if text))
        if not filled:
            continue
        alone = len(filled) == 1 and (len([text for text in row if text]) == len(row) or bool(_UNIT.match(filled[0])))
        if _UNIT.match(filled[0]) and alone:
            above.append(filled[0])
        elif alone and len(row) > 1:
            # A cell over the whole width belongs to no column: the title in front, or a group between the rows.
            (written if written else above).append(filled[0] + "\t" * (len(row) - 1) if written else filled[0])
        else:
            written.append("\t".join(row))
    return [*above, *written, ""]


def _span(cell: _Element, name: str) -> int:
    value = (cell.get(name) or "1").strip()
    return min(max(int(value), 1), _MAX_COLUMNS) if value.isdigit() and len(value) < 6 else 1


def _spread(rows: list[list[Cell]], read_cell: Callable[[_Element], str]) -> Iterator[list[str]]:
    """Yield the rows with a text for each column; a figure stands in the first place that its cell covers."""
    hanging: dict[int, tuple[int, str]] = {}
    count = 0
    width = min(_MAX_COLUMNS, max((sum(cell.columns for cell in row) for row in rows), default=0))
    for row in rows:
        texts: dict[int, str] = {}
        for column, (left, text) in list(hanging.items()):
            texts[column] = text
            hanging[column] = (left - 1, text)
            if left <= 1:
                del hanging[column]
        column = 0
        for cell in row:
            text = read_cell(cell.element)
            again = "" if NUMBER_CELL.match(text) else text
            while column in texts:
                column += 1
            for k in range(cell.columns):
                if column + k >= _MAX_COLUMNS or column + k in texts:
                    break
                texts[column + k] = again if k else text
                if cell.rows > 1:
                    hanging[column + k] = (cell.rows - 1, again)
            column += cell.columns
        count += len(texts)
        if count > _MAX_CELLS:
            return
        yield [texts.get(k, "") for k in range(max(width, max(texts, default=-1) + 1))]
