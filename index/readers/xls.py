"""Excel files before 2007, read by xlrd with their formats, fonts, merged cells and what is hidden."""

from __future__ import annotations

import io
from decimal import Decimal

from index import messages
from index.errors import ChooseAnotherFile
from index.readers.legacy import repair, scheme_of_font
from index.readers.sheet import Cell, Sheet, Workbook, cell_name, clean_text
from index.readers.xlsx import show_cell

_ENCRYPTED = "encrypted"


def read_xls(data: bytes) -> Workbook:
    """Return the sheets of a file; raise `ChooseAnotherFile` when it needs a password, xlrd's errors when damaged."""
    import xlrd

    try:
        # xlrd writes its doubts to the screen when it is given no other place.
        workbook = xlrd.open_workbook(file_contents=data, formatting_info=True, on_demand=True, logfile=io.StringIO())
    except xlrd.XLRDError as error:
        raise ChooseAnotherFile(messages.READ_ENCRYPTED if _ENCRYPTED in str(error) else messages.READ_DAMAGED) from error
    book = Workbook()
    for place, name in enumerate(workbook.sheet_names()):
        # `visibility` is known only after the sheet is loaded in some files, so each is.
        try:
            stored = workbook.sheet_by_index(place)
        except xlrd.XLRDError:
            # A chart or macro sheet.
            continue
        if stored.visibility:
            book.hidden.append(clean_text(name))
        else:
            book.sheets.append(_read_sheet(workbook, stored, book))
        workbook.unload_sheet(place)
    return book


def _read_sheet(workbook: object, stored: object, book: Workbook) -> Sheet:
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


def _show(workbook: object, cell: object) -> Cell:
    look = workbook.xf_list[cell.xf_index]
    if cell.ctype in (2, 3):
        number_format = workbook.format_map[look.format_key].format_str
        return show_cell(Decimal(f"{cell.value:.15g}"), number_format, from_1904=bool(workbook.datemode))
    if cell.ctype == 4:
        return Cell("TRUE" if cell.value else "FALSE")
    scheme = scheme_of_font(workbook.font_list[look.font_index].name)
    return Cell(clean_text(repair(cell.value, scheme) if scheme else cell.value))
