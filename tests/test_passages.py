"""Blocks, passages, clauses, marks and tables: what is cut where, and that nothing gets lost."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.passages import clause_embedding_text, passage_embedding_text, passage_terms
from index.records import Passage, Report
from index.reporting import make_report

BODY = "Huyện đã hoàn thành các nội dung được giao trong kỳ, kết quả cụ thể nêu tại các mục dưới đây của báo cáo này."
FIVE_LINES = (
    "Trong kỳ, huyện tổ chức rà soát toàn bộ các tuyến kênh mương\n"
    "nội đồng, phát hiện 37 đoạn sạt lở với tổng chiều dài\n"
    "12,4 km và đã gia cố xong 29 đoạn; số còn lại sẽ được\n"
    "gia cố trước mùa mưa. Kinh phí thực hiện do huyện và các xã\n"
    "cùng đóng góp, không có hộ dân nào phải di dời.\n"
)


def _report(text: str) -> Report:
    return make_report(text.replace("@", BODY), name="thu.txt", source="upload:thu.txt")


def _texts(report: Report, kind: str | None = None) -> list[str]:
    return [report.text[p.start:p.end] for p in report.passages if kind in (None, p.kind)]


def _find(report: Report, words: str) -> Passage:
    return next(p for p in report.passages if words in report.text[p.start:p.end])


def _number(report: Report, passage: Passage) -> str:
    return report.sections[passage.section].number


MIXED = (
    "PHÒNG NÔNG NGHIỆP\nSố: 15/BC-PNN\nBÁO CÁO\nKết quả sản xuất 6 tháng đầu năm 2024\n1. Trồng trọt\n@\nTrong 6 tháng:\n"
    "- Gieo 1.250 ha lúa[1];\n- Trồng 35 ha rau[2].\n2. Chăn nuôi\n2.1. Gia súc\nĐàn bò 4.120 con, đàn trâu 315 con[3][4]. Tiêm phòng 98%.\n"
    "3. Kiến nghị: bổ sung 02 cán bộ thú y cho các xã vùng cao; cấp thêm vắc xin cho đợt tiêm cuối năm nay.\n"
    "[1] Vụ xuân 800 ha.\n[2] Rau an toàn 12 ha.\n[3] Bò sữa 210 con.\n"
)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_every_word_is_in_exactly_one_passage_or_heading(form: str) -> None:
    report = _report(unicodedata.normalize(form, MIXED))
    covered = Counter(i for p in report.passages for i in range(p.start, p.end))
    assert set(covered.values()) == {1}
    rest = "".join(" " if i in covered else c for i, c in enumerate(report.text))
    assert rest.split() == ["1.", "Trồng", "trọt", "2.", "Chăn", "nuôi", "2.1.", "Gia", "súc", "3.", "Kiến", "nghị:", "[1]", "[2]", "[3]"]


def test_clauses_lie_in_their_passage_in_order_and_leave_out_white_space_only() -> None:
    report = _report(MIXED)
    for passage in report.passages:
        position = passage.start
        for clause in passage.clauses:
            assert not report.text[position:clause.start].strip()
            position = clause.end
        assert not report.text[position:passage.end].strip()


def test_bullets_get_their_lead_in_line_and_nested_ones_their_parent() -> None:
    report = _report("1. Thu\nTrong 9 tháng:\n- Thuế đạt 12 tỷ đồng, gồm:\n+ Thuế đất 5 tỷ đồng.\n+ Thuế khác 7 tỷ đồng.\n- Phí đạt 3 tỷ đồng.\n@")
    contexts = {report.text[p.start:p.end]: p.context for p in report.passages}
    assert contexts["- Phí đạt 3 tỷ đồng."] == "Trong 9 tháng:"
    assert contexts["+ Thuế khác 7 tỷ đồng."] == "Trong 9 tháng: - Thuế đạt 12 tỷ đồng, gồm:"
    assert contexts[BODY] == ""


def test_lines_wrapped_at_a_width_become_one_paragraph() -> None:
    report = _report(f"1. Thủy lợi\n{FIVE_LINES}2. Giao thông\n{FIVE_LINES}")
    assert _texts(report) == [" ".join(FIVE_LINES.split())] * 2
    assert [report.text[c.start:c.end][-12:] for c in report.passages[0].clauses] == ["ong 29 đoạn;", "ước mùa mưa.", "phải di dời."]
    assert all(report.text[p.end - 1] == "." for p in report.passages)


def test_an_empty_line_inside_a_wrapped_sentence_does_not_cut_it() -> None:
    lines = FIVE_LINES.split("\n")
    report = _report(f"1. Thủy lợi\n{FIVE_LINES}2. Giao thông\n" + "\n".join([*lines[:2], "", *lines[2:]]))
    assert _texts(report)[-1] == " ".join(FIVE_LINES.split())


def test_a_page_number_inside_a_sentence_is_dropped_and_the_rest_knows_what_it_goes_on_from() -> None:
    lines = FIVE_LINES.split("\n")
    report = _report(f"1. Thủy lợi\n{FIVE_LINES}2. Giao thông\n" + "\n".join([*lines[:2], "12", *lines[2:]]))
    assert _texts(report)[1:] == [" ".join(lines[:2]), " ".join(lines[2:]).strip()]
    assert report.passages[2].context.endswith("phát hiện 37 đoạn sạt lở với tổng chiều dài")


def test_a_form_feed_and_soft_marks_do_not_cut_a_line() -> None:
    report = _report("1. Thu\nHuyện thu\u200b được 12 tỷ đồng từ các\n\x0ckhoản phí chợ.\n@")
    assert _texts(report)[0] == "Huyện thu được 12 tỷ đồng từ các khoản phí chợ."


def test_text_glued_behind_a_full_stop_makes_two_clauses() -> None:
    report = _report("1. Thu\nĐã giao cho các huyện/thị xã/thành phố.Tổ chức 05 lớp tập huấn.")
    assert [report.text[c.start:c.end] for c in report.passages[0].clauses] == [
        "Đã giao cho các huyện/thị xã/thành phố.", "Tổ chức 05 lớp tập huấn."]


def test_abbreviations_numbers_and_brackets_do_not_end_a_clause() -> None:
    text = "Tại TP. Hoa Lư và Q. Nhất có 1. 300 hộ (gồm: 12 hộ mới; 3 hộ cũ); còn lại 4 hộ."
    report = _report(f"1. Thu\n{text}")
    assert [report.text[c.start:c.end] for c in report.passages[0].clauses] == [
        "Tại TP. Hoa Lư và Q. Nhất có 1. 300 hộ (gồm: 12 hộ mới; 3 hộ cũ);", "còn lại 4 hộ."]


def test_parts_of_a_sentence_carry_its_head() -> None:
    report = _report("1. Thu\nTuyển mới 120 học viên. Trong đó: nghề hàn 70 học viên; nghề may 50 học viên.")
    assert [c.context for c in report.passages[0].clauses] == ["", "Tuyển mới", "Tuyển mới"]


def test_a_table_row_knows_title_header_parents_and_unit() -> None:
    report = _report("1. Thu\nBảng 1. Quyết toán thu\nĐVT: 1000 đồng\nSTT\tNỘI DUNG\tNĂM 2024\nA\tTổng thu\t15300\n1\tThuế\t12000\n"
                     "\t- Thuế đất\t7000\n2\tPhí\t3300\n@")
    contexts = {report.text[p.start:p.end]: p.context for p in report.passages}
    assert contexts["A\tTổng thu\t15300"] == "Bảng 1. Quyết toán thu; STT NỘI DUNG NĂM 2024; ĐVT: 1000 đồng"
    assert contexts["- Thuế đất\t7000"] == "Bảng 1. Quyết toán thu; STT NỘI DUNG NĂM 2024; Tổng thu; Thuế; ĐVT: 1000 đồng"
    assert contexts["2\tPhí\t3300"] == "Bảng 1. Quyết toán thu; STT NỘI DUNG NĂM 2024; Tổng thu; ĐVT: 1000 đồng"


def test_a_second_table_does_not_inherit_from_the_first() -> None:
    report = _report("ĐVT: ha\nCÂY\tDIỆN TÍCH\nLúa\t1200\nNgô\t310\n\n@\nĐVT: con\nVẬT NUÔI\tSỐ LƯỢNG\nBò\t4120\nTrâu\t315\n")
    assert _find(report, "Ngô").context == "CÂY DIỆN TÍCH; ĐVT: ha"
    assert _find(report, "Trâu").context == "VẬT NUÔI SỐ LƯỢNG; ĐVT: con"


def test_a_remark_under_a_table_title_and_a_row_of_words_can_be_found() -> None:
    report = _report("\tQUYẾT TOÁN THU\t\n\t(Kèm theo Quyết định số 77/QĐ-UBND)\t\nSTT\tNỘI DUNG\tKẾT QUẢ\n1\tThuế\t12000\n2\tPhí\t3300\n3\tLệ phí\tChưa thu\n")
    assert "(Kèm theo Quyết định số 77/QĐ-UBND)" in _texts(report)
    assert "3\tLệ phí\tChưa thu" in _texts(report)


def test_several_marks_in_one_sentence_belong_to_its_passage() -> None:
    report = _report(MIXED)
    assert _find(report, "Đàn bò").marks == ("3", "4")
    assert [(n.mark, n.has_body, len(n.mark_positions)) for n in report.footnotes] == [("1", True, 1), ("2", True, 1), ("3", True, 1), ("4", False, 1)]
    assert report.warnings == ("Có dấu chú thích nhưng không có nội dung: 4.",)


def test_a_footnote_body_belongs_to_the_section_of_its_mark() -> None:
    report = _report(MIXED)
    note = _find(report, "Bò sữa")
    assert (note.kind, note.footnote, _number(report, note)) == ("footnote", "3", "2.1")
    assert report.text[note.start:note.end] == "Bò sữa 210 con."
    assert note.context == "Đàn bò 4.120 con, đàn trâu 315 con"
    first = report.footnote("1")
    assert report.text[first.start:first.end] == "Vụ xuân 800 ha."
    assert report.text[first.mark_positions[0]:][:3] == "[1]"


def test_a_body_without_a_mark_is_kept_and_reported() -> None:
    report = _report("1. Thu\nThu 12 tỷ đồng[1].\n[1] Gồm 3 xã.\n[2] Số liệu tạm tính.")
    assert "Số liệu tạm tính." in _texts(report, "footnote")
    assert report.warnings == ("Có nội dung chú thích nhưng không thấy dấu trong bài: 2.",)


def test_digits_are_no_marks_where_marks_have_brackets() -> None:
    report = _report("1. Thu\nNghị quyết QH11 và lớp từ tháng 4, dưới 18 tuổi 10.\n2. Chi\nChi 5 tỷ đồng[11], thu 4 tỷ đồng[10].\n[4] Gồm xã A.\n[10] Gồm xã B.\n[11] Gồm xã C.")
    assert report.passages[0].marks == ()
    assert _number(report, _find(report, "Gồm xã C")) == "2"


def test_glued_and_raised_marks_are_found_when_a_body_has_them() -> None:
    glued = _report("1. Lúa\nDùng giống năng suất cao5 nên sản lượng tăng so với năm 20236. Có 15 km² đất.\n@\n5 Giống nếp 12 ha.\n6 Năm 2023 đạt 48 tạ.\n")
    assert glued.passages[0].marks == ("5", "6")
    assert _texts(glued, "footnote") == ["Giống nếp 12 ha.", "Năm 2023 đạt 48 tạ."]
    raised = _report("1. Lúa\nSản lượng tăng khá¹. Diện tích 12 km², giống mới².\n@\n¹ Tăng 12 tấn.\n²Giống nếp thơm.\n")
    assert raised.passages[0].marks == ("1", "2")
    assert _texts(raised, "footnote") == ["Tăng 12 tấn.", "Giống nếp thơm."]


def test_a_footnote_at_a_page_end_stands_apart_from_the_sentence_around_it() -> None:
    report = _report("1. Thu\n@\nHuyện thu 12 tỷ đồng[1] từ các khoản\n[1] Gồm 3 xã.\nphí chợ và bến bãi.\n@")
    assert _texts(report)[1:4] == ["Huyện thu 12 tỷ đồng[1] từ các khoản", "Gồm 3 xã.", "phí chợ và bến bãi."]
    assert _find(report, "phí chợ").context == "Huyện thu 12 tỷ đồng[1] từ các khoản"


def test_web_lines_at_the_end_are_dropped() -> None:
    report = _report("1. Thu\n@\n2. Chi\n@\n@\n@\nTác giả: Ban Biên tập\nÝ kiến bạn đọc\nChia sẻ\nCác tin khác\nHội nghị triển khai nhiệm vụ\n")
    assert report.text.endswith(BODY)


def test_words_that_web_lines_use_do_not_cut_a_report_short() -> None:
    report = _report("1. Thu\n@\n2. Chi\n@\nChia sẻ kinh nghiệm với 12 xã bạn.\nNguồn: Phòng Tài chính\nBình luận chung về kết quả thu chi của huyện.\n@\nNguồn: Cục Thuế\n[1] Gồm 3 xã.\n")
    assert _texts(report)[-1] == "Gồm 3 xã."
    assert "Chia sẻ kinh nghiệm với 12 xã bạn." in _texts(report)


def test_page_numbers_and_rules_are_no_content() -> None:
    report = _report("1. Thu\n@\n-----\n- 2 -\nTrang 3/12\nPage 4\n@\n")
    assert _texts(report) == [BODY, BODY]


def test_a_numbered_heading_without_text_is_a_passage_itself() -> None:
    report = _report("1. Nhiệm vụ\n1.1. Trồng mới 120 ha rừng phòng hộ tại các xã ven biển\n1.2. Mở 05 lớp nghề\n2. Kiến nghị\n@")
    assert _texts(report)[:2] == ["1.1. Trồng mới 120 ha rừng phòng hộ tại các xã ven biển", "1.2. Mở 05 lớp nghề"]
    assert [_number(report, p) for p in report.passages] == ["1.1", "1.2", "2"]


def test_a_very_long_paragraph_is_cut_at_sentence_ends() -> None:
    report = _report("1. Thu\n" + "Xã này thu được 12 triệu đồng tiền phí chợ trong kỳ báo cáo. " * 60)
    assert len(report.passages) > 2
    assert all(report.text[p.start:p.end].startswith("Xã này") and report.text[p.end - 1] == "." for p in report.passages)


def test_embedded_and_indexed_texts_hold_heading_context_and_words() -> None:
    report = _report(MIXED)
    bullet = _find(report, "Gieo 1.250")
    assert passage_embedding_text(report, bullet).startswith("Trồng trọt. Trong 6 tháng:. - Gieo 1.250 ha lúa")
    assert clause_embedding_text(report, bullet, bullet.clauses[0]).endswith("- Gieo 1.250 ha lúa[1];")
    assert {"trồng_trọt", "1.250", "ha_lúa"} <= set(passage_terms(report, bullet))


_LINES = st.lists(st.sampled_from([
    "1. Thu ngân sách", "I. KẾT QUẢ", "2.1. Chi", "a) Phí:", "- Thuế 12 tỷ đồng;", "+ Đất 3 ha.", "Trong kỳ:", BODY, "Thuế\t12\t13", "STT\tThu\tChi",
    "[1] Gồm 3 xã.", "Đạt 05/07[1], tăng 3%[2].", "", "12", "-----", "Điều 5. Hiệu lực", "kể cả các xã vùng cao", "Nơi nhận: như trên.", "ĐVT: ha", "² Ghi chú", "1 Ghi chú",
]), max_size=25)


@given(_LINES)
def test_passages_of_any_order_of_lines_never_overlap(lines: list[str]) -> None:
    report = _report("\n".join(lines))
    position = 0
    for passage in report.passages:
        assert position <= passage.start < passage.end <= len(report.text)
        assert report.text[passage.start:passage.end].strip() == report.text[passage.start:passage.end]
        assert passage.clauses and passage.clauses[0].start == passage.start
        position = passage.end
    folded = re.sub(r"\s+", " ", "\n".join(lines))
    assert all(re.sub(r"\s+", " ", text) in folded for text in _texts(report))
