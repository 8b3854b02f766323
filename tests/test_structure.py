"""Which lines are headings, in every numbering style, and what their numbers and paths are."""

from __future__ import annotations

import unicodedata

import pytest

from index.records import Report
from index.reporting import make_report

BODY = "Toàn huyện đã thực hiện đầy đủ các nội dung được giao trong kỳ báo cáo, kết quả đạt khá so với kế hoạch đề ra."


def _report(text: str) -> Report:
    return make_report(text.replace("@", BODY), name="thu.txt", source="upload:thu.txt")


def _outline(text: str) -> list[tuple[str, str, int]]:
    """Return (number, title, level) of the sections below the head."""
    return [(s.number, s.title, s.level) for s in _report(text).sections[1:]]


STYLES = {
    "arabic and dotted": ("1. Trồng trọt\n@\n2. Chăn nuôi\n2.1. Gia súc\n@\n2.2 Gia cầm\n@", [
        ("1", "Trồng trọt", 1), ("2", "Chăn nuôi", 1), ("2.1", "Gia súc", 2), ("2.2", "Gia cầm", 2)]),
    "three levels": ("1. Thu\n1.1. Thuế\n1.1.1. Thuế đất\n@\n1.1.2. Thuế khác\n@\n1.2. Phí\n@", [
        ("1", "Thu", 1), ("1.1", "Thuế", 2), ("1.1.1", "Thuế đất", 3), ("1.1.2", "Thuế khác", 3), ("1.2", "Phí", 2)]),
    "roman, arabic, small letter": ("I. KẾT QUẢ\n1. Giao thông\na) Đường xã:\n@\nb) Đường huyện:\n@\n2. Thủy lợi\n@\nII. TỒN TẠI\n1. Về vốn\n@", [
        ("I", "KẾT QUẢ", 1), ("I.1", "Giao thông", 2), ("I.2", "Thủy lợi", 2), ("II", "TỒN TẠI", 1), ("II.1", "Về vốn", 2)]),
    "roman with dash, slash and bracket": ("I- Kết quả\n@\nII/ Hạn chế\n@\nIII) Giải pháp\n@", [
        ("I", "Kết quả", 1), ("II", "Hạn chế", 1), ("III", "Giải pháp", 1)]),
    "dotted roman": ("I. Kinh tế\nI.1. Nông nghiệp\n1. Lúa\n@\nI.2. Công nghiệp\n@\nII. Xã hội\nII.1 Y tế\n@", [
        ("I", "Kinh tế", 1), ("I.1", "Nông nghiệp", 2), ("I.1.1", "Lúa", 3), ("I.2", "Công nghiệp", 2),
        ("II", "Xã hội", 1), ("II.1", "Y tế", 2)]),
    "capital letters": ("A. KẾT QUẢ\nI. Thu\n@\nII. Chi\n@\nB. NHIỆM VỤ\nI. Thu\n@\nC. KIẾN NGHỊ\n@", [
        ("A", "KẾT QUẢ", 1), ("A.I", "Thu", 2), ("A.II", "Chi", 2), ("B", "NHIỆM VỤ", 1), ("B.I", "Thu", 2), ("C", "KIẾN NGHỊ", 1)]),
    "articles": ("Chương I\nQUY ĐỊNH CHUNG\nĐiều 1. Phạm vi áp dụng\n1. Áp dụng cho các xã.\n2. Không áp dụng cho phường.\n"
                 "Điều 2. Đối tượng\n@\nChương II\nTỔ CHỨC\nĐiều 3. Trách nhiệm\n@", [
        ("", "Chương I", 1), ("", "QUY ĐỊNH CHUNG", 2), ("Điều 1", "Phạm vi áp dụng", 2), ("Điều 2", "Đối tượng", 2),
        ("", "Chương II", 1), ("", "TỔ CHỨC", 2), ("Điều 3", "Trách nhiệm", 2)]),
    "parts": ("Phần thứ nhất\nI. Kết quả\n@\nII. Hạn chế\n@\nPhần thứ hai\nI. Mục tiêu\n@", [
        ("", "Phần thứ nhất", 1), ("I", "Kết quả", 2), ("II", "Hạn chế", 2), ("", "Phần thứ hai", 1), ("I", "Mục tiêu", 2)]),
    "markdown": ("# Báo cáo thu chi\n@\n## 1. Thu\n@\n## Chi\n@\n### Chi thường xuyên\n@\n## Tồn quỹ\n@", [
        ("", "Báo cáo thu chi", 1), ("1", "Thu", 1), ("1", "Chi", 2), ("1", "Chi thường xuyên", 3), ("1", "Tồn quỹ", 2)]),
    "bold": ("**1. Thu ngân sách**\n@\n**Chi ngân sách**\n@\n**2.1. Chi đầu tư**\n@", [
        ("1", "Thu ngân sách", 1), ("1", "Chi ngân sách", 2), ("2.1", "Chi đầu tư", 2)]),
    "unnumbered": ("Công tác tuyển quân\n@\nCông tác huấn luyện\n@", [
        ("", "Công tác tuyển quân", 1), ("", "Công tác huấn luyện", 1)]),
    "a section number is skipped": ("1. Thu\n@\n2. Chi\n@\n4. Tồn quỹ\n@\n4.1. Cấp xã\n@\n4.3. Cấp thôn\n@", [
        ("1", "Thu", 1), ("2", "Chi", 1), ("4", "Tồn quỹ", 1), ("4.1", "Cấp xã", 2), ("4.3", "Cấp thôn", 2)]),
    "a list restarts at 1 inside a section": ("1. Thu\n@\n2. Chi\nCác khoản gồm:\n1. Chi lương;\n2. Chi đầu tư;\n3. Chi khác.\n@\n3. Tồn quỹ\n@", [
        ("1", "Thu", 1), ("2", "Chi", 1), ("3", "Tồn quỹ", 1)]),
    "capitals above numbers that start again": ("KẾT QUẢ THỰC HIỆN\n@\n1. Thu\n@\n2. Chi\n@\nPHƯƠNG HƯỚNG\n@\n1. Mục tiêu\n@\n2. Giải pháp\n@", [
        ("", "KẾT QUẢ THỰC HIỆN", 1), ("1", "Thu", 2), ("2", "Chi", 2), ("", "PHƯƠNG HƯỚNG", 1), ("1", "Mục tiêu", 2), ("2", "Giải pháp", 2)]),
}


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_each_numbering_style_gives_its_sections(style: str, form: str) -> None:
    text, sections = STYLES[style]
    assert _outline(unicodedata.normalize(form, text)) == sections


def test_a_path_holds_the_headings_from_outermost_to_innermost() -> None:
    report = _report("I. Kinh tế\n1. Nông nghiệp\n@\n1.1. Lúa\n@")
    assert report.sections[-1].path == ("I. Kinh tế", "1. Nông nghiệp", "1.1. Lúa")
    assert [s.number for s in report.sections] == ["", "I", "I.1", "I.1.1"]


@pytest.mark.parametrize("line", [
    "12.5 triệu đồng là mức chi.", "C. Mác là tên một con đường trong thị trấn.", "30 hộ đã nhận hỗ trợ.",
    "(1) Nông nghiệp.", "a) Trồng trọt:", "- Chăn nuôi:", "3,5 tỷ đồng đã được giải ngân.",
])
def test_lines_that_only_begin_like_a_number_are_no_headings(line: str) -> None:
    assert _outline(f"1. Kết quả\n@\n{line}\n@") == [("1", "Kết quả", 1)]


def test_the_words_behind_a_number_name_the_section_and_stay_its_text() -> None:
    sentence = "Giao Phòng Tài chính chủ trì, phối hợp với các xã rà soát toàn bộ nguồn thu trên địa bàn. Báo cáo trước ngày 15."
    report = _report(f"Điều 1. {sentence}\nĐiều 2. {sentence}")
    assert [s.number for s in report.sections[1:]] == ["Điều 1", "Điều 2"]
    assert [report.text[p.start:p.end] for p in report.passages] == [sentence, sentence]


def test_a_short_title_before_a_stop_is_heading_and_the_rest_is_text() -> None:
    report = _report(f"1. Thu ngân sách: {BODY} {BODY}\n2. Chi ngân sách. {BODY} {BODY}")
    assert [s.title for s in report.sections[1:]] == ["Thu ngân sách", "Chi ngân sách"]
    assert [report.text[p.start:p.end] for p in report.passages] == [f"{BODY} {BODY}"] * 2


def test_two_documents_in_one_file_keep_their_sections_apart() -> None:
    nation = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    text = f"{nation}\n1. Thu\n@\n@\n2. Chi\n@\n@\n@\n@\n@\nNơi nhận: như trên.\nLê Văn Khương\n{nation}\nĐộc lập - Tự do\n1. Mục tiêu\n@\n2. Giải pháp\n@"
    assert [s.number for s in _report(text).sections] == ["", "1", "2", "", "", "1", "2"]


def test_names_below_the_recipients_are_no_headings() -> None:
    report = _report("1. Thu\n@\nNơi nhận: như trên.\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\nLê Văn Khương")
    assert [s.title for s in report.sections] == ["", "Thu", "Nơi nhận"]


def test_title_lines_are_no_headings() -> None:
    report = _report("BÁO CÁO\nKết quả thu chi năm 2024\nKính gửi: Huyện ủy\n@\n1. Thu\n@")
    assert [s.title for s in report.sections] == ["", "Thu"]


def test_a_letter_between_a_roman_and_an_arabic_number_is_no_part_of_it() -> None:
    numbers = [number for number, _, _ in _outline("I. Kết quả\n@\nII. Nội dung\nA. Trồng trọt\n1. Cây lúa\n@\n2. Cây màu\n@")]
    assert numbers == ["I", "II", "II.A", "II.1", "II.2"]


def test_a_numbered_paragraph_belongs_to_the_heading_above_it() -> None:
    paragraph = (
        "2.1. Các xã tiếp tục kiểm tra, sửa chữa hệ thống kênh mương, trạm bơm trước mùa mưa, bảo đảm đủ nước cho"
        " toàn bộ diện tích gieo trồng và báo cáo kết quả hằng tháng."
    )
    report = _report(f"1. Trồng trọt\n@\n2. Thủy lợi\n{paragraph}\n{paragraph.replace('2.1.', '2.2.')}")
    assert [s.number for s in report.sections[1:]] == ["1", "2"]
    assert report.text[report.passages[-1].start:report.passages[-1].end].startswith("2.2. Các xã")
