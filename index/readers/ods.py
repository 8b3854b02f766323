"""OpenDocument spreadsheets: the stored figure of a cell with the decimals and grouping that its text shows."""

from __future__ import annotations

import io
import re
import zipfile
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from lxml import etree

from index import messages
from index.errors import ChooseAnotherFile
from index.readers.cell_formats import show_general
from index.readers.sheet import MAX_CELLS, MAX_ROWS, Cell, Sheet, Workbook, cell_name, clean_text
from index.readers.xlsx import iso_date

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
# Nobody repeats a cell with content that often; the last empty cells of a row are repeated to its end.
_MAX_REPEATED = 1000
_MAX_MARKUP = 6 * MAX_CELLS
_NUMBER = re.compile(r"\d[\d.,\u00a0\u202f ]*")
_ERROR = re.compile(r"^(?:#[A-Z/0!?]+|Err:\d+)$")


def read_ods(archive: zipfile.ZipFile) -> Workbook:
    """Return the sheets of a file whose archive was checked."""
    if b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise ChooseAnotherFile(messages.READ_ENCRYPTED)
    book = Workbook()
    hidden_styles: set[str] = set()
    tags = [f"{_TABLE}table", f"{_STYLE}style", f"{_TABLE}table-row", f"{_TABLE}table-column"]
    sheet, row, column = Sheet(""), 1, 1
    content = archive.read("content.xml")
    if content.count(b"<") > _MAX_MARKUP:
        raise ChooseAnotherFile(messages.sheet_too_large(MAX_CELLS))
    for event, element in etree.iterparse(
        io.BytesIO(content), events=("start", "end"), tag=tags, resolve_entities=False, no_network=True, load_dtd=False,
    ):
        if event == "start":
            if element.tag == tags[0]:
                sheet, row, column = Sheet(clean_text(element.get(f"{_TABLE}name", ""))), 1, 1
                is_hidden = element.get(f"{_TABLE}style-name") in hidden_styles
                book.hidden += [sheet.name] if is_hidden else []
                book.sheets += [] if is_hidden else [sheet]
            continue
        if element.tag == tags[1]:
            if element.find(f"{_STYLE}table-properties[@{_TABLE}display='false']") is not None:
                hidden_styles.add(element.get(f"{_STYLE}name"))
        elif element.tag == tags[3]:
            repeated = int(element.get(f"{_TABLE}number-columns-repeated", 1))
            if element.get(f"{_TABLE}visibility") in ("collapse", "filter"):
                sheet.hide_columns(column, column + repeated - 1)
            column += repeated
        elif element.tag == tags[2]:
            row += _read_row(element, row, sheet, book)
        if element.tag != tags[0]:
            element.clear()
    return book


def _read_row(element: etree._Element, row: int, sheet: Sheet, book: Workbook) -> int:
    """Read a row and return how many rows it stands for."""
    repeated = int(element.get(f"{_TABLE}number-rows-repeated", 1))
    if element.get(f"{_TABLE}visibility") in ("collapse", "filter"):
        sheet.hidden_rows.update(range(row, min(row + repeated, MAX_ROWS)))
    column = 1
    for cell in element:
        if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            continue
        times = int(cell.get(f"{_TABLE}number-columns-repeated", 1))
        if len(cell) and cell.tag == f"{_TABLE}table-cell":
            book.count(min(times, _MAX_REPEATED) * min(repeated, _MAX_REPEATED))
            _put(cell, row, column, sheet, columns=min(times, _MAX_REPEATED), rows=min(repeated, _MAX_REPEATED))
        column += times
    return repeated


def _put(cell: etree._Element, row: int, column: int, sheet: Sheet, *, columns: int, rows: int) -> None:
    text = clean_text(" ".join("".join(line.itertext()) for line in cell.findall(f"{_TEXT}p")))
    if _ERROR.match(text):
        sheet.errors.append(cell_name(row, column))
        return
    shown = _show(cell, text)
    for r in range(row, row + rows):
        for c in range(column, column + columns):
            sheet.put(r, c, shown)
    across = int(cell.get(f"{_TABLE}number-columns-spanned", 1))
    down = int(cell.get(f"{_TABLE}number-rows-spanned", 1))
    if across > 1 or down > 1:
        sheet.merges.append((row, column, row + down - 1, column + across - 1))


def _show(cell: etree._Element, text: str) -> Cell:
    kind = cell.get(f"{_OFFICE}value-type")
    if kind in ("float", "percentage", "currency"):
        return Cell(in_vietnamese(text, Decimal(cell.get(f"{_OFFICE}value"))), "number")
    if kind == "date":
        whole = len(re.findall(r"\d+", text)) >= 3 and not re.search(r"[^\W\d_]", text)
        return Cell(iso_date(cell.get(f"{_OFFICE}date-value", "")) if whole else text, "date")
    return Cell(text)


def in_vietnamese(shown: str, value: Decimal) -> str:
    """Return the text that a cell shows for a value, in whatever notation, in Vietnamese notation.

    The notation is told by the value: "1,234" is 1.234 for 1234 and 1,234 for 1.234.
    """
    match = _NUMBER.search(shown)
    if match is None:
        return shown
    token = match[0].rstrip(" .,\u00a0\u202f")
    prefix, suffix = shown[:match.start()], shown[match.start() + len(token):]
    expected = abs(value) * (100 if "%" in shown else 1)
    for group, mark in ((",", "."), (".", ","), (" ", ","), ("\u00a0", ","), ("\u202f", ",")):
        plain = token.replace(group, "").replace(mark, ".")
        try:
            found = Decimal(plain)
            rounded = expected.quantize(Decimal(1).scaleb(min(0, found.as_tuple().exponent)), ROUND_HALF_UP)
        except InvalidOperation:
            continue
        if found == rounded:
            whole, _, decimals = plain.partition(".")
            number = f"{int(whole):,}".replace(",", ".") if group in token else whole
            number = f"{number},{decimals}" if decimals else number
            break
    else:
        number, prefix, suffix = show_general(expected), "", "%" if "%" in shown else ""
    if value < 0:
        prefix, suffix = prefix.strip(" (-−"), suffix.replace(")", "")
        number = f"-{number}" if re.search("[1-9]", number) else number
    return f"{prefix}{number}{suffix}".strip()
