"""Makes the same small report of a fictional province in every format that is read without another program."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from making.legacy import to_tcvn3
from making.ole import make_xls
from making.open_document import make_ods
from making.pdf import PdfMaker
from making.rich_text import in_font, make_rtf
from making.slides import add_bullets, add_chart, add_table, make_pptx
from making.spreadsheet import fill_budget, fill_staff, make_xlsx
from making.web_page import make_html, make_mht
from making.word import make_docx
from pptx.presentation import Presentation

FIGURE = "04 vụ tai nạn lao động chết người"
REPORT = f"""SỞ LAO ĐỘNG TỈNH LAM KHÊ
Số: 45/BC-SLĐ
Lam Khê, ngày 05 tháng 10 năm 2024
BÁO CÁO
Tình hình lao động, việc làm 9 tháng năm 2024
1. Tai nạn lao động
1.1. Số vụ
Trong 9 tháng, toàn tỉnh xảy ra {FIGURE}[1], làm 06 người chết, giảm 12,5% so với cùng kỳ.
- Huyện Bến Đá: 02 vụ;
- Huyện Mường Sa: 02 vụ.
2. Đào tạo nghề
Tuyển sinh 5.120 người[2], đạt 86,65% kế hoạch.
Đơn vị tính: người
TT\tHuyện\tKế hoạch\tThực hiện
1\tBến Đá\t3.000\t2.620
2\tMường Sa\t2.908\t2.500

[1] Gồm cả 01 vụ trên biển.
[2] Số liệu đến ngày 30/9/2024.
"""
ROWS = [["BÁO CÁO ĐÀO TẠO NGHỀ"], ["TT", "Huyện", "Kế hoạch", "Thực hiện"], [1, "Bến Đá", 3000, 2620.5], [2, "Mường Sa", 2908, None]]
_CELLS = [line.split("\t") for line in REPORT.split("\n") if "\t" in line]


def _csv(delimiter: str) -> bytes:
    return "\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in _CELLS).encode()


def _fill_slides(slides: Presentation) -> None:
    slide = add_bullets(slides, "1. Tai nạn lao động", f"Xảy ra {FIGURE}", (1, "Huyện Bến Đá: 02 vụ"))
    add_table(slide, _CELLS, (0, 0, 0, 1))
    add_chart(slides.slides.add_slide(slides.slide_layouts[5]), ["2023", "2024"], {"Số vụ": [5.0, 4.0]}, "0")


def make_pdf() -> bytes:
    """Return two pages with a table and footnotes."""
    maker, y = PdfMaker().page(), 80.0
    lines = [line for line in REPORT.split("\n") if line and "\t" not in line and line[0] != "["]
    for line in lines:
        y = maker.paragraph(y, line.replace("[1]", "^1^").replace("[2]", "^2^"))
    for r, row in enumerate(_CELLS):
        for c, cell in enumerate(row):
            maker.text(90 + 110 * c, y + 18 + 22 * r, cell)
    maker.grid([85, 195, 305, 415, 525], [y + 22 * r for r in range(len(_CELLS) + 1)])
    maker.notes(["1 Gồm cả 01 vụ trên biển.", "2 Số liệu đến ngày 30/9/2024."])
    maker.page(rotate=90).paragraph(100, lines[7])
    return maker.save()


_LEGACY = REPORT[REPORT.index("1. Tai"):]
MAKERS: dict[str, Callable[[], Iterable[bytes]]] = {
    ".txt": lambda: (REPORT.encode(), REPORT.encode("utf-16"), to_tcvn3(_LEGACY)),
    ".md": lambda: (("# BÁO CÁO\n\n**Đậm** và *nghiêng*, [liên kết](http://a.vn)\n\n> trích\n\n| TT | Thu |\n|---|---|\n| 1 | 2 |\n\n" + REPORT).encode(),),
    ".csv": lambda: (_csv(";"), _csv(",")),
    ".tsv": lambda: (_csv("\t"),),
    ".docx": lambda: (make_docx(REPORT),),
    ".pdf": lambda: (make_pdf(),),
    ".rtf": lambda: (make_rtf(REPORT), make_rtf(_LEGACY, in_font(to_tcvn3, 3))),
    ".html": lambda: tuple(make_html(REPORT, layout) for layout in ("portal", "tables", "word")),
    ".mht": lambda: (make_mht(make_html(REPORT, "word")),),
    ".xlsx": lambda: (make_xlsx(fill_budget, fill_staff),),
    ".xls": lambda: (make_xls({"Biểu 1": ROWS, "Biểu 2": ROWS}),),
    ".ods": lambda: (make_ods({"Biểu 1": ROWS, "Biểu 2": ROWS}),),
    ".pptx": lambda: (make_pptx(_fill_slides),),
}
