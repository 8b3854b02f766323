"""From a sheet to lines of text: finds its tables, their header rows and titles, and what stands around them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from itertools import pairwise

from index import messages
from index.errors import ChooseAnotherFile
from index.lines import NUMBER_CELL, is_caps
from index.readers.sheet import MAX_CELLS, Cell, Sheet

# One row of a sheet: its cells by visible column. A merged cell is the same object in all the columns it covers.
Row = dict[int, Cell]

_UNIT = re.compile(r"^\W*(?:đvt|đơn vị(?: tính)?)\s*:", re.IGNORECASE)
_ROW_NUMBERS = re.compile(r"^(?:stt|tt|số\s*(?:tt|thứ tự)|s[oố]\s*tt)\.?$", re.IGNORECASE)
_COLUMN_NUMBER = re.compile(r"^\(?(?:[A-ZĐa-z]|\d{1,2}[a-z]?)\)?(?:\s*=.*)?$")
_ITEM_NUMBER = re.compile(r"^(?:[IVXLC]+|[A-ZĐ]|[a-zđ]|\d+(?:\.\d+)*|[-–+*])[.)]?$")
_YEAR = re.compile(r"^(?:19|20)\d\d$")
_MAX_HEADER_ROWS = 6
# Tables of one block that are told apart; each is looked for in all the rows that are left.
_MAX_TABLES = 50


@dataclass(frozen=True, slots=True)
class _Table:
    """Where a table stands in a block of rows: first header row, first and last row of data, its columns."""

    header: int
    first: int
    last: int
    columns: list[int]


def lay_out(sheet: Sheet) -> list[str]:
    """Return the lines of a sheet: its name as a heading, then its tables and the lines around them; none when all is hidden."""
    lines = [line for block in _blocks(sheet) for line in [*_write_block(block), ""]]
    return [f"# {sheet.name}", *lines] if lines and sheet.name else lines


def _blocks(sheet: Sheet) -> list[list[Row]]:
    """Return the runs of rows that empty rows set apart; one empty row inside a table sets nothing apart."""
    hidden = sorted(sheet.hidden_rows)
    blocks: list[list[Row]] = []
    # The columns of the rows of figures of the last block.
    used: set[int] = set()
    before = 0
    for number, row in _visible_rows(sheet):
        gap = number - before - 1 - (bisect_left(hidden, number) - bisect_right(hidden, before))
        if blocks and (gap == 0 or (gap == 1 and _goes_on(used, row))):
            blocks[-1].append(row)
        else:
            blocks.append([row])
            used = set()
        if _is_data(row):
            used |= row.keys()
        before = number
    return blocks


def _visible_rows(sheet: Sheet) -> list[tuple[int, Row]]:
    rows = {number: dict(row) for number, row in sheet.rows.items() if number not in sheet.hidden_rows}
    numbers = sorted(rows)
    _spread_merged(sheet, rows, numbers)
    shown = _shown_columns(sheet, {column for row in rows.values() for column in row})
    visible = []
    for number in numbers:
        row = {shown[column]: cell for column, cell in sorted(rows[number].items()) if column in shown}
        # Nothing but the lower half of merged cells.
        if row and not (visible and number == visible[-1][0] + 1 and _same_cells(row, visible[-1][1])):
            visible.append((number, row))
    return visible


def _same_cells(row: Row, above: Row) -> bool:
    return all(above.get(column) is cell for column, cell in row.items())


def _spread_merged(sheet: Sheet, rows: dict[int, Row], numbers: list[int]) -> None:
    """Repeat the words of merged cells; a figure stands once. Only rows and columns with content are filled."""
    last_column = max((max(row) for row in rows.values()), default=0)
    filled = 0
    for top, left, bottom, right in sheet.merges:
        cell = sheet.rows.get(top, {}).get(left)
        if cell is None or cell.kind != "text":
            continue
        for number in numbers[bisect_left(numbers, top):bisect_right(numbers, bottom)]:
            filled += min(right, last_column) - left + 1
            if filled > MAX_CELLS:
                raise ChooseAnotherFile(messages.sheet_too_large(MAX_CELLS))
            rows[number].update(dict.fromkeys(range(left, min(right, last_column) + 1), cell))


def _shown_columns(sheet: Sheet, used: set[int]) -> dict[int, int]:
    """Return used column → its place among the visible columns."""
    hidden = sorted(sheet.hidden_columns)
    return {column: column - bisect_left(hidden, column) for column in sorted(used - sheet.hidden_columns)}


def _goes_on(used: set[int], row: Row) -> bool:
    """Tell whether a row behind an empty one is more of the same table: figures in its `used` columns, no header before."""
    return row.keys() <= used and _is_data(row) and not _is_years(row)


def _write_block(rows: list[Row], *, tables: int = 0) -> list[str]:
    """Return the lines of a block; so many `tables` were cut off from it before."""
    table = _find_table(rows)
    if table is None:
        return _write_words(rows)
    boundary = _side_by_side(rows, table) if tables < _MAX_TABLES else 0
    if boundary:
        parts = [[{c: cell for c, cell in row.items() if (c < boundary) == left} for row in rows] for left in (True, False)]
        return [line for part in parts for line in [*_write_block([row for row in part if row], tables=tables + 1), ""]][:-1]
    following = _next_header(rows, table) if tables < _MAX_TABLES else 0
    if following:
        return [*_write_block(rows[:following], tables=tables + 1), "", *_write_block(rows[following:], tables=tables + 1)]
    return [
        *_write_lead(rows[:table.header]),
        *_write_table(rows, table),
        *(["", *_write_words(rows[table.last + 1:])] if table.last + 1 < len(rows) else []),
    ]


def _find_table(rows: list[Row]) -> _Table | None:
    """Return the table of a block; None when no row has a figure beside something else."""
    columns_at = next((i for i, row in enumerate(rows) if _is_data(row) and not _is_column_numbers(row)), None)
    if columns_at is None:
        return None
    first = columns_at
    while first + 1 < len(rows) and _is_years(rows[first]) and any(map(_is_data, rows[first + 1:])):
        first += 1
        while first < len(rows) and (not _is_data(rows[first]) or _is_column_numbers(rows[first])):
            first += 1
    last = max(i for i, row in enumerate(rows) if _is_data(row))
    columns = sorted({column for row in rows[first:last + 1] for column in row})
    while last + 1 < len(rows) and _is_row_of_words(rows[last + 1], columns):
        last += 1
    header = first
    while header > max(0, first - _MAX_HEADER_ROWS) and _is_header(rows[header - 1], columns):
        header -= 1
    columns = sorted({column for row in rows[header:last + 1] for column in row})
    _refuse_area(last - header, columns)
    return _Table(header, first, last, columns)


def _refuse_area(rows: int, columns: list[int]) -> None:
    """Refuse a table that would be written with millions of empty cells."""
    if len(columns) * rows > 4 * MAX_CELLS:
        raise ChooseAnotherFile(messages.sheet_too_large(MAX_CELLS))


def _is_figure(cell: Cell) -> bool:
    return cell.kind == "number" or bool(NUMBER_CELL.match(cell.text))


def _distinct(row: Row) -> list[Cell]:
    """Return the cells of a row, each merged one once."""
    return list({id(cell): cell for cell in row.values()}.values())


def _is_data(row: Row) -> bool:
    cells = _distinct(row)
    return len(cells) > 1 and any(map(_is_figure, cells)) and not _is_unit(row)


def _is_row_of_words(row: Row, columns: list[int]) -> bool:
    """Tell whether a row under the last figure still belongs to the table; names of those who sign it do not."""
    cells = _distinct(row)
    return len(cells) > 1 and set(row) <= set(columns) and columns[0] in row and not all(is_caps(cell.text) for cell in cells)


def _is_unit(row: Row) -> bool:
    cells = _distinct(row)
    return len(cells) < 3 and any(_UNIT.match(cell.text) for cell in cells)


def _is_years(row: Row) -> bool:
    """Tell whether the figures of a row are years, such as head the columns of a series."""
    years = [cell for cell in _distinct(row) if _is_figure(cell)]
    return bool(years) and all(_YEAR.match(cell.text) for cell in years) and not any(
        _ITEM_NUMBER.match(cell.text) and not _YEAR.match(cell.text) for cell in _distinct(row))


def _is_column_numbers(row: Row) -> bool:
    """Tell whether a row numbers the columns: "A, B, 1, 2, 3=2/1"."""
    texts = [cell.text for _, cell in sorted(row.items())]
    if not all(map(_COLUMN_NUMBER.match, texts)):
        return False
    numbers = [int(match[0]) for text in texts if (match := re.search(r"\d+", text))]
    counted = len(numbers) > 1 and numbers == list(range(numbers[0], numbers[0] + len(numbers))) and numbers[0] < 3
    return counted and (len(texts) > 3 or not all(map(str.isdigit, texts)))


def _is_header(row: Row, columns: list[int]) -> bool:
    """Tell whether a row above the data names columns; a title or two ends of a letterhead do not."""
    if _is_column_numbers(row):
        return True
    cells = _distinct(row)
    if _is_unit(row) or any(_is_figure(cell) and not _YEAR.match(cell.text) for cell in cells):
        return False
    first = row[min(row)]
    width = sum(cell is first for cell in row.values())
    if len(cells) == 1:
        return width > 1 and min(row) > columns[0]
    return 2 * width <= max(len(columns), 3) and 3 * len(row) >= len(columns)


def _side_by_side(rows: list[Row], table: _Table) -> int:
    """Return the column where a second table begins beside the first, 0 when there is none.

    It is told by an empty column between, two columns or more on both sides, and headers that begin alike.
    """
    for place, (before, column) in enumerate(pairwise(table.columns), start=1):
        if column - before < 2 or place < 2 or len(table.columns) - place < 2:
            continue
        for head in rows[table.header:table.first]:
            names = [head[c].text for c in (table.columns[0], column) if c in head]
            if len(names) == 2 and (names[0].casefold() == names[1].casefold() or all(map(_ROW_NUMBERS.match, names))):
                return column
    return 0


def _next_header(rows: list[Row], table: _Table) -> int:
    """Return where a second table begins under the first without an empty row between, 0 when there is none."""
    if table.header == table.first:
        return 0
    opening = rows[table.header][min(rows[table.header])].text.casefold()
    for i in range(table.first + 1, table.last):
        row = rows[i]
        cells = _distinct(row)
        name = row[min(row)].text
        if len(cells) > 2 and not any(map(_is_figure, cells)) and (name.casefold() == opening or _ROW_NUMBERS.match(name)):
            while len(_distinct(rows[i - 1])) == 1 or _is_unit(rows[i - 1]):
                i -= 1
            return i if i > table.first else 0
    return 0


def _write_lead(rows: list[Row]) -> list[str]:
    """Return what stands above a table; its unit line comes last, next to the table."""
    lines, units = [], []
    for row in rows:
        for cell in _distinct(row):
            (units if _UNIT.match(cell.text) else lines).append(cell.text)
    return lines + units


def _write_table(rows: list[Row], table: _Table) -> list[str]:
    """Return the rows of a table as tab-separated lines; a row that only numbers the columns is furniture."""
    header = [row for row in rows[table.header:table.first] if not _is_column_numbers(row)]
    numbered = {c for row in header for c, cell in row.items() if _ROW_NUMBERS.match(cell.text)}
    lines = ["\t".join(row[c].text if c in row else "" for c in table.columns) for row in header]
    for row in rows[table.first:table.last + 1]:
        row = _write_once(row, table.columns)
        # 1.1 typed as a number into the column of row numbers is no decimal.
        row |= {c: replace(row[c], text=row[c].text.replace(",", ".")) for c in numbered & set(row) if row[c].kind == "number"}
        lines.append("\t".join(row[c].text if c in row else "" for c in table.columns))
    return lines


def _write_once(row: Row, columns: list[int]) -> Row:
    """Keep the name of a row that is merged over further columns in its first one: the others have no value."""
    kept: Row = {}
    named: Cell | None = None
    for column in columns:
        cell = row.get(column)
        if cell is None or cell is named:
            continue
        kept[column] = cell
        if named is None and not _ITEM_NUMBER.match(cell.text):
            named = cell
    return kept


def _write_words(rows: list[Row]) -> list[str]:
    """Return rows without figures: a list of three columns or more as a table, anything else cell by cell."""
    wide = [len(_distinct(row)) > 2 for row in rows]
    columns = sorted({column for row, is_wide in zip(rows, wide) if is_wide for column in row})
    _refuse_area(sum(wide), columns)
    lines: list[str] = []
    for i, row in enumerate(rows):
        if wide[i] and (wide[i - 1:i] == [True] or wide[i + 1:i + 2] == [True]):
            lines.append("\t".join(row[c].text if c in row else "" for c in columns))
            continue
        cells = [cell.text for cell in _distinct(row)]
        lines.extend([" ".join(cells)] if len(cells) == 2 and cells[0].endswith(":") else cells)
    return lines
