"""Excel files before 2007, read by xlrd with their formats, fonts, merged cells and what is hidden."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import TYPE_CHECKING

from index import messages
from index.errors import ChooseAnotherFile
from index.readers.legacy import repair, scheme_of_font
from index.readers.sheet import MAX_CELLS, Cell, Sheet, Workbook, cell_name, clean_text
from index.readers.xlsx import show_cell

if TYPE_CHECKING:
    import xlrd

_MAX_STORED = 5_000_000


def read_xls(data: bytes) -> Workbook:
    """Return the sheets of a file; raise `ChooseAnotherFile` when it needs a password or is damaged."""
    import xlrd
    from xlrd.compdoc import CompDocError

    try:
        # xlrd writes its doubts to the screen when it is given no other place, and fills ragged rows up with empty cells.
        workbook = xlrd.open_workbook(
            file_contents=data, formatting_info=True, on_demand=True, ragged_rows=True, logfile=io.StringIO())
        return _read_sheets(workbook)
    except (xlrd.XLRDError, CompDocError) as error:
        raise ChooseAnotherFile(messages.READ_ENCRYPTED if "encrypted" in str(error) else messages.READ_DAMAGED) from error


def _read_sheets(workbook: xlrd.Book) -> Workbook:
    from xlrd import XLRDError

    book, stored_cells = Workbook(), 0
    for place, name in enumerate(workbook.sheet_names()):
        try:
            stored = workbook.sheet_by_index(place)
        except XLRDError:
            # A chart or macro sheet.
            continue
        # Cells without content too, and sheets that are one and the same part: both cost time.
        stored_cells += sum(map(stored.row_len, range(stored.nrows)))
        if stored_cells > _MAX_STORED:
            raise ChooseAnotherFile(messages.sheet_too_large(MAX_CELLS))
        if stored.visibility:
            book.hidden.append(clean_text(name))
        else:
            book.sheets.append(_read_sheet(workbook, stored, book))
        workbook.unload_sheet(place)
    return book


def _read_sheet(workbook: xlrd.Book, stored: xlrd.sheet.Sheet, book: Workbook) -> Sheet:
    sheet = Sheet(clean_text(stored.name))
    # Ends are one behind the last, counted from 0: the last itself, counted from 1.
    sheet.merges = [(top + 1, left + 1, bottom, right) for top, bottom, left, right in stored.merged_cells]
    sheet.hidden_rows = {row + 1 for row, info in stored.rowinfo_map.items() if info.hidden or info.height == 0}
    sheet.hidden_columns = {column + 1 for column, info in stored.colinfo_map.items() if info.hidden or info.width == 0}
    for row in range(stored.nrows):
        cells = stored.row_slice(row)
        for column, cell in enumerate(cells):
            if cell.ctype == 5:
                sheet.errors.append(cell_name(row + 1, column + 1))
            elif cell.value != "":
                sheet.put(row + 1, column + 1, _show(workbook, cell))
        book.count(len(sheet.rows.get(row + 1, ())))
    return sheet


def _show(workbook: xlrd.Book, cell: xlrd.sheet.Cell) -> Cell:
    look = workbook.xf_list[cell.xf_index]
    if cell.ctype in (2, 3):
        number_format = workbook.format_map[look.format_key].format_str
        return show_cell(Decimal(f"{cell.value:.15g}"), number_format, from_1904=bool(workbook.datemode))
    if cell.ctype == 4:
        return Cell("TRUE" if cell.value else "FALSE")
    scheme = scheme_of_font(workbook.font_list[look.font_index].name)
    return Cell(clean_text(repair(cell.value, scheme) if scheme else cell.value))
