"""Makes spreadsheets for tests: forms as offices of a fictional province fill them in, written by openpyxl."""

from __future__ import annotations

import io
from collections.abc import Callable

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
