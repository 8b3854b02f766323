"""Excel files since 2007: openpyxl reads the package, styles and shared texts, this module the cells as they are shown."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from types import SimpleNamespace
from typing import TYPE_CHECKING

from lxml import etree

from index import messages
from index.errors import ChooseAnotherFile
from index.readers.cell_formats import is_date_format, show_number
from index.readers.legacy import repair, scheme_of_font
from index.readers.sheet import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROWS,
    Cell,
    Sheet,
    Workbook,
    cell_name,
    cell_place,
    clean_text,
    column_place,
)

if TYPE_CHECKING:
    from openpyxl.reader.excel import ExcelReader

_MAX_MERGES = 100_000
# Signs "<": six to a cell with a formula; styles and the list of sheets become objects of 30 microseconds each.
_MAX_SHEET_MARKUP, _MAX_HEAD_MARKUP = 6 * MAX_CELLS, 400_000
# Formatted cells without content, which some sheets have by the million.
_EMPTY_CELL = re.compile(rb"<c(?:\s[^<>]*)?/>|<c(?:\s[^<>]*)?></c>")
_EMPTY_ROW = re.compile(rb"<row(?:\s[^<>]*)?(?:/>|>\s*</row>)")
_SHARED_TEXT = re.compile(rb"<(?:\w+:)?si[\s/>]")
_TAGS = ("row", "mergeCell", "col")


def read_xlsx(archive: zipfile.ZipFile, data: bytes) -> Workbook:
    """Return the sheets of a file whose archive was checked."""
    from openpyxl.reader.excel import ExcelReader
    from openpyxl.styles.stylesheet import apply_stylesheet

    # Not `load_workbook`: it also reads charts, pictures, names and properties, and fails on their oddities.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        package = ExcelReader(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        package.read_manifest()
        _refuse_markup(package, archive)
        package.read_strings()
        package.read_workbook()
        apply_stylesheet(package.archive, package.wb)
        listed = list(package.parser.find_sheets())
    look = _Look(package.wb)
    book, parts = Workbook(), set()
    for listing, part in listed:
        if not part.Type.endswith("/worksheet") or part.target not in package.valid_files or part.target in parts:
            continue
        parts.add(part.target)
        if listing.state != "visible":
            book.hidden.append(listing.name)
            continue
        book.sheets.append(_read_sheet(listing.name, archive.read(part.target), book, package.shared_strings, look))
    return book


def _refuse_markup(package: ExcelReader, archive: zipfile.ZipFile) -> None:
    """Refuse a file whose parts, other than its sheets, would take minutes to read."""
    from openpyxl.reader.excel import _find_workbook_part
    from openpyxl.xml.constants import ARC_CONTENT_TYPES, ARC_STYLE, SHARED_STRINGS

    strings = package.package.find(SHARED_STRINGS)
    limits = {ARC_CONTENT_TYPES: _MAX_HEAD_MARKUP, ARC_STYLE: _MAX_HEAD_MARKUP}
    limits[_find_workbook_part(package.package).PartName[1:]] = _MAX_HEAD_MARKUP
    if strings is not None:
        limits[strings.PartName[1:]] = _MAX_SHEET_MARKUP
    for name, limit in limits.items():
        xml = archive.read(name)
        if xml.count(b"<") > limit or sum(1 for _ in _SHARED_TEXT.finditer(xml)) > MAX_CELLS:
            raise ChooseAnotherFile(messages.sheet_too_large(MAX_CELLS))


class _Look:
    """Number formats and font schemes by the number of a style."""

    def __init__(self, workbook: object) -> None:
        from openpyxl.cell.read_only import ReadOnlyCell
        from openpyxl.utils.datetime import MAC_EPOCH

        self.from_1904 = workbook.epoch == MAC_EPOCH
        styled = SimpleNamespace(parent=workbook)
        self.number_format = lru_cache(None)(lambda style: ReadOnlyCell(styled, 1, 1, None, style_id=style).number_format)
        self.scheme = lru_cache(None)(
            lambda style: scheme_of_font(ReadOnlyCell(styled, 1, 1, None, style_id=style).font.name or ""))


def _read_sheet(name: str, xml: bytes, book: Workbook, strings: list[str], look: _Look) -> Sheet:
    sheet = Sheet(clean_text(name))
    last_row = 0
    xml = _EMPTY_ROW.sub(b"", _EMPTY_CELL.sub(b"", xml))
    if xml.count(b"<") > _MAX_SHEET_MARKUP:
        raise ChooseAnotherFile(messages.sheet_too_large(MAX_CELLS))
    for element in _elements(xml):
        tag = etree.QName(element).localname
        if tag == "row":
            last_row = int(element.get("r") or last_row + 1)
            if _is_set(element.get("hidden")) or element.get("ht") == "0":
                sheet.hidden_rows.add(last_row)
            if last_row <= MAX_ROWS:
                _read_row(element, last_row, sheet, strings, look)
                book.count(len(sheet.rows.get(last_row, ())))
        elif tag == "col" and (_is_set(element.get("hidden")) or element.get("width") == "0"):
            sheet.hide_columns(int(element.get("min")), int(element.get("max")))
        elif tag == "mergeCell" and len(sheet.merges) < _MAX_MERGES:
            corners = [cell_place(corner) for corner in element.get("ref", "").split(":")]
            sheet.merges.append((*corners[0], *corners[-1]))
        element.clear()
    return sheet


def _elements(xml: bytes) -> Iterator[etree._Element]:
    for _, element in etree.iterparse(
        io.BytesIO(xml), tag=[f"{{*}}{tag}" for tag in _TAGS], resolve_entities=False, no_network=True, load_dtd=False,
    ):
        yield element


def _read_row(element: etree._Element, row: int, sheet: Sheet, strings: list[str], look: _Look) -> None:
    column = 0
    for cell in element:
        reference = cell.get("r")
        column = column_place(reference.rstrip("0123456789")) if reference else column + 1
        if not len(cell) or column > MAX_COLUMNS:
            continue
        value, formula = None, False
        for child in cell:
            tag = child.tag
            if tag.endswith("}v"):
                value = child.text
            elif tag.endswith("}f"):
                formula = True
            elif tag.endswith("}is"):
                value = "".join(run.text or "" for run in child.iter("{*}t"))
        kind, style = cell.get("t", "n"), int(cell.get("s") or 0)
        if kind == "e":
            sheet.errors.append(cell_name(row, column))
        elif value is None or value == "":
            # A formula whose result is an empty text is a result.
            if formula and kind != "str":
                sheet.uncomputed.append(cell_name(row, column))
        else:
            sheet.put(row, column, _show(value, kind, style, strings, look))


def _show(value: str, kind: str, style: int, strings: list[str], look: _Look) -> Cell:
    if kind == "n":
        # What a float holds beyond 15 digits is no part of the figure.
        number = Decimal(value) if value.lstrip("-").isdigit() else Decimal(f"{float(value):.15g}")
        return show_cell(number, look.number_format(style), from_1904=look.from_1904)
    if kind == "b":
        return Cell("TRUE" if value.strip() == "1" else "FALSE")
    if kind == "d":
        return Cell(iso_date(value), "date")
    text = strings[int(value)] if kind == "s" else value
    scheme = look.scheme(style)
    return Cell(clean_text(repair(text, scheme) if scheme else text))


def show_cell(number: Decimal, number_format: str, *, from_1904: bool = False) -> Cell:
    """Return the cell of a number under its format."""
    if not number.is_finite():
        raise ValueError("no number")
    text = show_number(number, number_format, from_1904=from_1904)
    return Cell(clean_text(text), "date" if is_date_format(number_format) else "number")


def iso_date(value: str) -> str:
    """Return "31/12/2024" or "31/12/2024 08:30" for a date in ISO 8601."""
    day, _, time = value.strip().partition("T")
    parts = day.split("-")
    shown = "/".join(reversed(parts)) if len(parts) == 3 else day
    return f"{shown} {time[:5]}" if time and not time.startswith("00:00") else shown


def _is_set(value: str | None) -> bool:
    return value in ("1", "true")
