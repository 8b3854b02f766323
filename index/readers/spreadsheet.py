"""From a spreadsheet to its text: tells the format by its content, reads what is shown, names what is left out."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from xml.etree.ElementTree import ParseError

from lxml.etree import LxmlError

from index import messages
from index.errors import ChooseAnotherFile
from index.readers.delimited import read_delimited
from index.readers.legacy import detect_scheme, repair
from index.readers.ods import read_ods
from index.readers.sheet import Sheet, Workbook, cell_place
from index.readers.sheet_layout import lay_out
from index.readers.source import SourceText
from index.readers.xls import read_xls
from index.readers.xlsx import read_xlsx
from index.readers.zipped import open_zip

# Enough to tell an old font by, where the format does not name it.
_SAMPLE = 200_000
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Names in the directory of an OLE file, in UTF-16.
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_XLS_STREAMS = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
_BARE_XLS = re.compile(rb"\A\x09[\x00\x02\x04\x08]")
_MARKUP = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*<(?:\?xml|!doctype|html|table|meta|head)", re.IGNORECASE)
# What openpyxl, xlrd and lxml raise on damaged files, as found by changing single bytes of real ones.
_DAMAGED = (
    ValueError, TypeError, LookupError, AttributeError, ArithmeticError, AssertionError, NotImplementedError, OSError, EOFError,
    RuntimeError, struct.error, zipfile.BadZipFile, zlib.error, ParseError, LxmlError,
)
# Formulas that would reach out of the file when they are computed again.
_REACHES_OUT = re.compile(rb"WEBSERVICE|IMPORT|FILTERXML|\bDDE|RTD\(|IMAGE\(|\[\d+\]|:/", re.IGNORECASE)


def read_spreadsheet(data: bytes) -> SourceText:
    """Read an .xlsx, .xlsm, .xls or .ods file, whatever its name says; formulas by their stored results.

    Hidden sheets, rows and columns are left out and named: nobody who looks at the report sees them, and an
    answer must be found again in the report. Macros, links to other files, comments and pictures are not read.
    """
    form, book = _read_workbook(data)
    return _make_source(book, form)


def read_csv(data: bytes) -> SourceText:
    """Read a .csv file whose cells are set apart by commas, semicolons or tabs."""
    if data.startswith((_ZIP, _OLE)):
        return read_spreadsheet(data)
    book, warnings = read_delimited(data)
    return _make_source(book, "csv", warnings)


def read_tsv(data: bytes) -> SourceText:
    """Read a .tsv file."""
    if data.startswith((_ZIP, _OLE)):
        return read_spreadsheet(data)
    book, warnings = read_delimited(data, delimiter="\t")
    return _make_source(book, "tsv", warnings)


def _read_workbook(data: bytes) -> tuple[str, Workbook]:
    if not data.strip(b"\0 \r\n\t"):
        raise ChooseAnotherFile(messages.READ_EMPTY)
    try:
        if data.startswith(_ZIP):
            return _read_zipped(data)
        if data.startswith(_OLE) and _ENCRYPTED_PACKAGE in data:
            raise ChooseAnotherFile(messages.READ_ENCRYPTED)
        if data.startswith(_OLE) and not any(name in data for name in _XLS_STREAMS):
            raise ChooseAnotherFile(messages.sheet_other_format("định dạng khác"))
        if data.startswith(_OLE) or _BARE_XLS.match(data):
            return "xls", read_xls(data)
    except _DAMAGED as error:
        raise ChooseAnotherFile(messages.READ_DAMAGED) from error
    if data.startswith(b"%PDF"):
        raise ChooseAnotherFile(messages.sheet_other_format("PDF"))
    if _MARKUP.match(data):
        raise ChooseAnotherFile(messages.sheet_other_format("trang web hoặc XML"))
    # Programs of many offices save tab-separated text under the name .xls.
    return "csv", read_delimited(data)[0]


def _read_zipped(data: bytes) -> tuple[str, Workbook]:
    with open_zip(data) as archive:
        names = set(archive.namelist())
        if "content.xml" in names:
            if "mimetype" in names and b"spreadsheet" not in archive.read("mimetype"):
                raise ChooseAnotherFile(messages.sheet_other_format("văn bản hoặc bản trình chiếu"))
            return "ods", read_ods(archive)
        for folder, kind in (("word/", "Word (.docx)"), ("ppt/", "PowerPoint (.pptx)")):
            if any(name.startswith(folder) for name in names):
                raise ChooseAnotherFile(messages.sheet_other_format(kind))
        if "[Content_Types].xml" not in names:
            raise ChooseAnotherFile(messages.sheet_other_format("tệp nén"))
        book = read_xlsx(archive, data)
        if any(sheet.uncomputed for sheet in book.sheets) and _stays_inside(archive, names):
            _fill_uncomputed(book, data)
        return "xlsx", book


def _stays_inside(archive: zipfile.ZipFile, names: set[str]) -> bool:
    """Tell whether the file can be computed again without reaching anything outside of it."""
    if any(re.match(r"xl/(?:externalLinks|connections|queryTables|vbaProject|macrosheets)", name) for name in names):
        return False
    formulas = (
        formula for name in names if name.startswith("xl/worksheets/") and name.endswith(".xml")
        for formula in re.findall(rb"<(?:\w+:)?f(?:\s[^>]*)?>([^<]*)<", archive.read(name))
    )
    return not any(map(_REACHES_OUT.search, formulas))


def _fill_uncomputed(book: Workbook, data: bytes) -> None:
    """Take the results that a file does not hold from LibreOffice, where it is installed."""
    from index.readers.office import convert

    try:
        computed = convert(data, ".xlsx", "xlsx")
        with zipfile.ZipFile(io.BytesIO(computed)) as archive:
            sheets = {sheet.name: sheet for sheet in read_xlsx(archive, computed).sheets}
    except (ChooseAnotherFile, *_DAMAGED):
        # Without it the cells stay empty, and the warning names them.
        return
    for sheet in book.sheets:
        if sheet.name in sheets:
            _take_over(sheet, sheets[sheet.name])


def _take_over(sheet: Sheet, computed: Sheet) -> None:
    missing, errors = set(computed.uncomputed), set(computed.errors)
    for name in sheet.uncomputed:
        row, column = cell_place(name)
        found = computed.rows.get(row, {}).get(column)
        if found:
            sheet.put(row, column, found)
        elif name in errors:
            sheet.errors.append(name)
    sheet.uncomputed = [name for name in sheet.uncomputed if name in missing]


def _make_source(book: Workbook, form: str, warnings: tuple[str, ...] = ()) -> SourceText:
    text = "\n".join(line for sheet in book.sheets for line in lay_out(sheet)).strip("\n") + "\n"
    if not text.strip():
        raise ChooseAnotherFile(messages.SHEET_NOTHING)
    scheme = detect_scheme(text[:_SAMPLE])
    return SourceText(repair(text, scheme) if scheme else text, form, (*warnings, *_warnings(book)))


def _warnings(book: Workbook) -> list[str]:
    warnings = [messages.warn_hidden_sheets(book.hidden)] if book.hidden else []
    for sheet in book.sheets:
        rows = len(sheet.hidden_rows & sheet.rows.keys())
        columns = len({column for row in sheet.rows.values() for column in row} & sheet.hidden_columns)
        if rows or columns:
            warnings.append(messages.warn_hidden_cells(sheet.name, rows=rows, columns=columns))
        if sheet.errors:
            warnings.append(messages.warn_error_cells(sheet.name, sheet.errors))
        if sheet.uncomputed:
            warnings.append(messages.warn_uncomputed_cells(sheet.name, sheet.uncomputed))
    return warnings
