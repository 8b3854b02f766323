"""Spreadsheets: every table with its title, unit line, header rows and figures as shown; hostile files end in a sentence."""

from __future__ import annotations

import io
import shutil
import time
import zipfile
from collections.abc import Callable

import pytest
from making.spreadsheet import change_part, fill_budget, fill_projects, fill_staff, make_xlsx, write_cells
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from index.errors import ChooseAnotherFile
from index.readers.delimited import find_delimiter
from index.readers.spreadsheet import read_csv, read_spreadsheet, read_tsv
from index.reporting import make_report

BUDGET = """# Biểu 1
UBND TỈNH LAM KHÊ
Biểu số 02/NS
SỞ TÀI CHÍNH

BÁO CÁO THU NGÂN SÁCH THEO HUYỆN 9 THÁNG NĂM 2024
Đơn vị tính: triệu đồng
STT\tHuyện, thành phố\tNăm 2024\tNăm 2024\tNăm 2024\tGhi chú
STT\tHuyện, thành phố\tKế hoạch\tThực hiện\tTỷ lệ (%)\tGhi chú
I\tKHỐI THÀNH PHỐ\t\t\t\t
1\tThành phố Sông Ngân\t1.234.567\t1.080.246,5\t87,50%\t
II\tKHỐI HUYỆN\t\t\t\t
1\tHuyện Bến Đá\t291.463\t252.553,1\t86,65%\tHụt thu tiền đất
2\tHuyện Mường Sa\t0,3\t\t\t
\tTổng cộng\t1.526.031\t1.332.799,6\t87,34%\t

Ghi chú: Số liệu đến ngày 30/9/2024, chưa gồm thu viện trợ.

NGƯỜI LẬP BIỂU
GIÁM ĐỐC
"""
STAFF = """TỔNG HỢP ĐỘI NGŨ CÁN BỘ
ĐVT: người
TT\tChỉ tiêu\tTổng số\tĐại học\tTrung cấp
I\tCấp tỉnh\t120\t100\t20
1\tCông chức\t80\t75\t5
a\tNữ\t40\t38\t2
1.1\tLãnh đạo\t1.234,5\t7\t-
"""


def read_sheet(fill: Callable[[Worksheet], None]) -> str:
    """Return the text of a workbook with one sheet, without the name of the sheet."""
    heading, _, text = read_spreadsheet(make_xlsx(fill)).text.partition("\n")
    assert heading == "# Biểu 1"
    return text


def rows(*values: tuple) -> Callable[[Worksheet], None]:
    def fill(sheet: Worksheet) -> None:
        for row in values:
            sheet.append(row)

    return fill


def test_a_budget_with_a_header_of_two_rows_comes_through_to_the_letter() -> None:
    source = read_spreadsheet(make_xlsx(fill_budget))
    assert source.text == BUDGET
    assert (source.format, source.warnings, source.paged, source.wrapped) == ("xlsx", (), False, False)


def test_each_sheet_is_a_section_and_row_numbers_stay_as_typed() -> None:
    source = read_spreadsheet(make_xlsx(fill_budget, fill_staff, names=("Thu", "Cán bộ")))
    assert source.text == BUDGET.replace("Biểu 1", "Thu") + "\n# Cán bộ\n" + STAFF


def test_a_row_is_a_passage_with_title_and_unit() -> None:
    report = make_report(read_spreadsheet(make_xlsx(fill_budget)).text, name="thu.xlsx", source="", wrapped=False)
    row = next(p for p in report.passages if "Bến Đá" in report.text[p.start:p.end])
    assert report.text[row.start:row.end] == "1\tHuyện Bến Đá\t291.463\t252.553,1\t86,65%\tHụt thu tiền đất"
    assert row.context.startswith("BÁO CÁO THU NGÂN SÁCH THEO HUYỆN 9 THÁNG NĂM 2024;")
    assert row.context.endswith("KHỐI HUYỆN; ĐVT: triệu đồng")


def test_merged_words_are_repeated_and_a_merged_figure_stands_once() -> None:
    def fill(sheet: Worksheet) -> None:
        rows(("Cụm", "Xã", "Số hộ"), ("Cụm Bắc", "Đá Trắng", 12), (None, "Đá Đen", None), ("Tổng cộng", None, 12))(sheet)
        for merged in ("A2:A3", "C2:C3", "A4:B4"):
            sheet.merge_cells(merged)

    assert read_sheet(fill) == "Cụm\tXã\tSố hộ\nCụm Bắc\tĐá Trắng\t12\nCụm Bắc\tĐá Đen\t\nTổng cộng\t\t12\n"


def test_several_tables_of_one_sheet_are_kept_apart() -> None:
    assert read_sheet(fill_projects) == (
        "1. Dự án mới\nĐơn vị tính: tỷ đồng\nTT\tDự án\tVốn\n1\tCầu Bến Đá\t12,5\n2\tĐường Đá Trắng\t3\n"
        "\n2. Dự án chuyển tiếp\nTT\tDự án\tVốn\tHết hạn\n1\tHồ Mường Sa\t7\t31/12/2024\n"
    )


def test_tables_side_by_side_are_read_one_after_the_other() -> None:
    fill = rows(
        ("Cấp tỉnh", None, None, "Cấp huyện"),
        ("Tên", "Số", None, "Tên", "Số"), ("Sở A", 1, None, "Phòng B", 2), ("Sở C", 3, None, "Phòng D", 4),
    )
    assert read_sheet(fill) == "Cấp tỉnh\nTên\tSố\nSở A\t1\nSở C\t3\n\nCấp huyện\nTên\tSố\nPhòng B\t2\nPhòng D\t4\n"


def test_one_empty_row_inside_a_table_does_not_end_it() -> None:
    fill = rows(("Xã", "Số hộ"), ("Đá Trắng", 1), (), ("Đá Đen", 2), (), ("Xã", "Số vụ"), ("Đá Đen", 9))
    assert read_sheet(fill) == "Xã\tSố hộ\nĐá Trắng\t1\nĐá Đen\t2\n\nXã\tSố vụ\nĐá Đen\t9\n"


def test_years_head_their_columns() -> None:
    fill = rows(("Chỉ tiêu", 2022, 2023, 2024), ("Số hộ nghèo", 120, 100, 80))
    report = make_report(read_spreadsheet(make_xlsx(fill)).text, name="a.xlsx", source="", wrapped=False)
    assert report.text.split("\n")[1:] == ["Chỉ tiêu\t2022\t2023\t2024", "Số hộ nghèo\t120\t100\t80"]


def test_text_that_looks_like_a_figure_and_booleans_are_left_as_they_are() -> None:
    assert read_sheet(rows(("Mã", "Số"), ("001", "1.234,5"), ("Đạt", True))) == "Mã\tSố\n001\t1.234,5\nĐạt\tTRUE\n"


def test_hidden_sheets_rows_and_columns_are_left_out_and_named() -> None:
    def fill(sheet: Worksheet) -> None:
        fill_staff(sheet)
        sheet.row_dimensions[4].hidden = True
        sheet.column_dimensions["D"].hidden = True
        sheet.column_dimensions.group("H", "Z", hidden=True)

    def hide(sheet: Worksheet) -> None:
        sheet["A1"] = "nháp"
        sheet.sheet_state = "hidden"

    source = read_spreadsheet(make_xlsx(fill, hide, names=("Cán bộ", "Nháp")))
    assert "Cấp tỉnh" not in source.text and "nháp" not in source.text
    assert "a\tNữ\t40\t2\n" in source.text
    assert source.warnings == (
        "không đọc các trang tính bị ẩn: Nháp; nếu cần, hãy bỏ ẩn rồi thêm lại",
        "trang tính “Cán bộ”: không đọc 1 dòng và 1 cột bị ẩn; nếu cần, hãy bỏ ẩn rồi thêm lại",
    )


def test_error_cells_are_empty_and_named() -> None:
    source = read_spreadsheet(write_cells(b'<c r="A1"><v>1</v></c><c r="B1" t="e"><v>#REF!</v></c><c r="C1"><v>2</v></c>'))
    assert source.text == "# Biểu 1\n1\t2\n"
    assert source.warnings == ("trang tính “Biểu 1”: ô B1 báo lỗi công thức, đã để trống; nên sửa rồi thêm lại",)


def test_a_stored_result_of_a_formula_is_shown() -> None:
    assert read_spreadsheet(write_cells(b'<c r="A1"><v>1</v></c><c r="B1"><f>A1+1.5</f><v>2.5</v></c>')).text == "# Biểu 1\n1\t2,5\n"


def test_formulas_without_results_are_named_without_libreoffice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    source = read_spreadsheet(make_xlsx(rows(("Xã", "Số"), ("Đá Trắng", 2), ("Cộng", "=B2*2"))))
    assert source.text == "# Biểu 1\nXã\tSố\nĐá Trắng\t2\n\nCộng\n"
    (warning,) = source.warnings
    assert warning.startswith("trang tính “Biểu 1”: ô B3 có công thức nhưng tệp không lưu kết quả, đã để trống; hãy mở tệp bằng Excel")


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice computes the formulas, and it is not installed")
def test_formulas_without_results_are_computed_by_libreoffice() -> None:
    def fill(sheet: Worksheet) -> None:
        rows(("Xã", "Số"), ("Đá Trắng", 1234), ("Cộng", "=B2*2"))(sheet)
        sheet["B3"].number_format = "#,##0"

    assert read_sheet(fill) == "Xã\tSố\nĐá Trắng\t1234\nCộng\t2.468\n"


def test_formulas_that_reach_out_of_the_file_are_never_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    from index.readers import office

    monkeypatch.setattr(office, "convert", lambda *_: pytest.fail("handed to LibreOffice"))
    source = read_spreadsheet(make_xlsx(rows(("Số", '=WEBSERVICE("http://127.0.0.1/")'), (1, 2))))
    assert "ô B1 có công thức" in source.warnings[0]


def test_old_fonts_are_repaired_cell_by_cell() -> None:
    def fill(sheet: Worksheet) -> None:
        rows(("TØnh", "Số"), ("Tỉnh Lam Khê", 12))(sheet)
        sheet["A1"].font = Font(name=".VnTime")

    assert read_sheet(fill) == "Tỉnh\tSố\nTỉnh Lam Khê\t12\n"


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice writes the file, and it is not installed")
@pytest.mark.parametrize("form", ["xls", "ods"])
def test_older_and_open_formats_give_the_same_text(form: str) -> None:
    from index.readers.office import convert

    source = read_spreadsheet(convert(make_xlsx(fill_budget, fill_projects), ".xlsx", form))
    assert source.format == form
    assert source.text == read_spreadsheet(make_xlsx(fill_budget, fill_projects)).text


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("Xã;Thu;Chi\nĐá Trắng;1.234,5;2,5\nĐá Đen;7,5;8,5\n", ";"),
        ("Xã,Thu\nĐá Trắng,1234\n", ","),
        ("Xã\tThu, chi\nĐá Trắng\t1.234,5\n", "\t"),
        ("BÁO CÁO THU, CHI\nXã;Thu\nĐá Trắng;1,5\n", ";"),
        ("1,5;2,5;3,5\n4,5;5,5;6,5\n", ";"),
    ],
)
def test_the_delimiter_of_a_csv_is_no_comma_of_a_figure(text: str, delimiter: str) -> None:
    assert find_delimiter(text) == delimiter


def test_a_csv_in_any_encoding_with_line_breaks_in_cells() -> None:
    text = 'Xã;Thu;Ghi chú\n"Xã\nĐá Trắng";1.234,5;"đạt; vượt"\nĐá Đen;7;\n'
    plain = "Xã\tThu\tGhi chú\nXã Đá Trắng\t1.234,5\tđạt; vượt\nĐá Đen\t7\t\n"
    for encoding in ("utf-8-sig", "utf-16", "utf-8"):
        assert read_csv(text.encode(encoding)).text == plain
    assert read_csv(("sep=;\r\n" + text).encode()).text == plain
    assert read_tsv(plain.encode()).text == plain


def test_the_content_tells_the_format_not_the_name() -> None:
    assert read_csv(make_xlsx(fill_budget)).text == BUDGET
    assert read_spreadsheet("Xã\tSố\nĐá Trắng\t5\n".encode()).text == "Xã\tSố\nĐá Trắng\t5\n"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "tệp rỗng"),
        (b"%PDF-1.7", "bên trong là PDF"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "trang web"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "mật khẩu"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "định dạng khác"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "Workbook".encode("utf-16-le"), "bị hỏng"),
        (make_xlsx(fill_budget)[:3000], "bị hỏng"),
        (make_xlsx(lambda sheet: None), "không có ô nào"),
    ],
    ids=["empty", "pdf", "html", "password", "other ole", "damaged xls", "truncated", "no cells"],
)
def test_what_is_no_readable_spreadsheet_is_refused_with_the_reason(data: bytes, reason: str) -> None:
    with pytest.raises(ChooseAnotherFile, match=reason):
        read_spreadsheet(data)


def test_entities_are_refused() -> None:
    attack = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><worksheet'
    with pytest.raises(ChooseAnotherFile, match="bị hỏng"):
        read_spreadsheet(change_part(make_xlsx(fill_budget), "xl/worksheets/sheet1.xml",
                                     lambda xml: xml.replace(b"<worksheet", attack, 1)))


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/workbook.xml", "w") as part:
        for _ in range(210):
            part.write(bytes(1_000_000))
    with pytest.raises(ChooseAnotherFile, match="quá lớn sau khi giải nén"):
        read_spreadsheet(written.getvalue())


def test_a_cell_in_the_last_corner_costs_nothing() -> None:
    began = time.process_time()
    data = write_cells(b'<c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row><row r="1048576"><c r="XFD1048576"><v>5</v></c>')
    assert read_spreadsheet(data).text == "# Biểu 1\n1\t2\n\n5\n"
    assert time.process_time() - began < 1


def test_formatted_cells_without_content_are_passed_over() -> None:
    empty = b"".join(b'</row><row r="%d"><c r="A%d" s="0"/><c r="B%d" s="0"/>' % (row, row, row) for row in range(2, 100_000))
    began = time.process_time()
    assert read_spreadsheet(write_cells(b'<c r="A1"><v>1</v></c><c r="B1"><v>2</v></c>' + empty)).text == "# Biểu 1\n1\t2\n"
    assert time.process_time() - began < 3


def test_more_cells_than_a_report_can_have_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.readers.sheet.MAX_CELLS", 5)
    with pytest.raises(ChooseAnotherFile, match="bảng tính quá lớn"):
        read_spreadsheet(make_xlsx(fill_budget))


def test_shared_texts_are_read() -> None:
    # Excel keeps texts in a part of their own; the library that writes the other files puts them into the cells.
    data = change_part(write_cells(b'<c r="A1" t="s"><v>1</v></c><c r="B1"><v>5</v></c>'), "[Content_Types].xml", lambda xml: xml.replace(
        b"</Types>", b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        b'spreadsheetml.sharedStrings+xml"/></Types>'))
    strings = "<sst xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><si/><si><r><t>Xã </t></r><r><t>Đá</t></r></si></sst>"
    written = io.BytesIO(data)
    with zipfile.ZipFile(written, "a") as archive:
        archive.writestr("xl/sharedStrings.xml", strings)
    assert read_spreadsheet(written.getvalue()).text == "# Biểu 1\nXã Đá\t5\n"
