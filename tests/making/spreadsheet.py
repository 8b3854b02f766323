"""Makes spreadsheets for tests: forms as offices of a fictional province fill them in, written by openpyxl."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

AMOUNT, PERCENT = "#,##0", "0.00%"


def make_xlsx(*fill: Callable[[Worksheet], None], names: tuple[str, ...] = ()) -> bytes:
    """Return a workbook with one sheet for each function that fills one."""
    book = Workbook()
    book.remove(book.active)
    for place, fill_sheet in enumerate(fill):
        fill_sheet(book.create_sheet(names[place] if place < len(names) else f"Biểu {place + 1}"))
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def fill_budget(sheet: Worksheet) -> None:
    """Fill in a budget by district: letterhead, title, unit line, header of two rows, numbered columns, total, notes."""
    sheet["A1"], sheet["E1"] = "UBND TỈNH LAM KHÊ", "Biểu số 02/NS"
    sheet["A2"] = "SỞ TÀI CHÍNH"
    sheet["A4"] = "BÁO CÁO THU NGÂN SÁCH THEO HUYỆN 9 THÁNG NĂM 2024"
    sheet["F5"] = "Đơn vị tính: triệu đồng"
    for row in (
        ("STT", "Huyện, thành phố", "Năm 2024", None, None, "Ghi chú"),
        (None, None, "Kế hoạch", "Thực hiện", "Tỷ lệ (%)", None),
        ("A", "B", 1, 2, "3=2/1", 4),
        ("I", "KHỐI THÀNH PHỐ", None, None, None, None),
        (1, "Thành phố Sông Ngân", 1234567, 1080246.5, 0.875, None),
        ("II", "KHỐI HUYỆN", None, None, None, None),
        (1, "Huyện Bến Đá", 291463.467, 252553.1, 0.8665, "Hụt thu\ntiền đất"),
        (2, "Huyện Mường Sa", 0.1 + 0.2, None, None, None),
        (None, "Tổng cộng", 1526030.767, 1332799.6, 0.87338, None),
    ):
        sheet.append(row)
    for merged in ("A4:F4", "A6:A7", "B6:B7", "C6:E6", "F6:F7"):
        sheet.merge_cells(merged)
    for row in range(9, 15):
        sheet.cell(row, 3).number_format = "General" if row == 13 else AMOUNT
        sheet.cell(row, 4).number_format = "#,##0.0"
        sheet.cell(row, 5).number_format = PERCENT
    for cell in sheet[14]:
        cell.font = Font(bold=True)
    sheet["A16"] = "Ghi chú: Số liệu đến ngày 30/9/2024, chưa gồm thu viện trợ."
    sheet["B18"], sheet["E18"] = "NGƯỜI LẬP BIỂU", "GIÁM ĐỐC"


def fill_staff(sheet: Worksheet) -> None:
    """Fill in staff by level of training, with rows "a", "b" under "1" and text that looks like figures."""
    sheet["A1"] = "TỔNG HỢP ĐỘI NGŨ CÁN BỘ"
    sheet["E2"] = "ĐVT: người"
    for row in (
        ("TT", "Chỉ tiêu", "Tổng số", "Đại học", "Trung cấp"),
        ("I", "Cấp tỉnh", 120, 100, 20),
        (1, "Công chức", 80, 75, 5),
        ("a", "Nữ", 40, 38, 2),
        (1.1, "Lãnh đạo", "1.234,5", 7, "-"),
    ):
        sheet.append(row)


def fill_projects(sheet: Worksheet) -> None:
    """Fill in two tables one below the other without an empty row between, with dates and a numbered title each."""
    sheet["A1"], sheet["C2"] = "1. Dự án mới", "Đơn vị tính: tỷ đồng"
    for row in (
        ("TT", "Dự án", "Vốn"), (1, "Cầu Bến Đá", 12.5), (2, "Đường Đá Trắng", 3),
        ("2. Dự án chuyển tiếp",), ("TT", "Dự án", "Vốn", "Hết hạn"), (1, "Hồ Mường Sa", 7, date(2024, 12, 31)),
    ):
        sheet.append(row)
    sheet["D8"].number_format = "dd/mm/yyyy"


def change_part(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return an archive with one part changed."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as changed:
        for part in archive.namelist():
            changed.writestr(part, change(archive.read(part)) if part == name else archive.read(part))
    return written.getvalue()


def write_cells(cells: bytes) -> bytes:
    """Return a workbook whose first row has these cells, as XML."""
    sheet = b'<sheetData><row r="1">' + cells + b"</row></sheetData>"
    return change_part(make_xlsx(fill_staff), "xl/worksheets/sheet1.xml",
                       lambda xml: re.sub(rb"<sheetData>.*</sheetData>", lambda _: sheet, xml, flags=re.DOTALL))
