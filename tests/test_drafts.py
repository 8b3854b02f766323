"""A draft against the library: confirmed, different, not found; rounding, other places and plans told apart."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from docx import Document

from assistant import Assistant
from assistant.__main__ import main
from assistant.drafts import CONFIRMED, DIFFERENT, NOT_FOUND
from assistant.showing_checks import read_draft
from assistant.verifying import misquoted
from index.errors import ChooseAnotherFile
from index.library import Library

HEAD = "SỞ CÔNG THƯƠNG TỈNH AN PHÚ\nSố: {number}/BC-SCT\nBÁO CÁO\nKết quả công tác {period}\n"
NINE = """1. Chợ và siêu thị
Toàn tỉnh cải tạo 24 chợ xã, kinh phí 1.530 triệu đồng, đạt 80% kế hoạch (30 chợ). Số hộ buôn bán đăng ký là 13.864 hộ.
2. Hội chợ
Các hội chợ thu hút 412 gian hàng; địa bàn: huyện Sa Bình 112 gian hàng, huyện Mai Kỳ 97 gian hàng.
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drafts") / "kho"
    with Library.open(folder, create=True) as library:
        library.add_text(HEAD.format(number=4, period="9 tháng đầu năm 2024") + NINE, name="chin.txt")
        library.add_text(HEAD.format(number=2, period="năm 2023") + NINE.replace("13.864", "12.501").replace("24 chợ", "19 chợ"), name="nam.txt")
    return folder


@pytest.fixture(scope="module")
def asked(folder: Path) -> Iterator[Assistant]:
    assistant = Assistant.open(folder)
    yield assistant
    assistant.library.close()


def verdicts(asked: Assistant, draft: str) -> list[tuple[str, str, str | None]]:
    return [(f.literal, f.verdict, f.source and f.source.figure.literal) for f in asked.check(draft).figures]


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        ("9 tháng đầu năm 2024 có 13.864 hộ đăng ký buôn bán.", [("13.864 hộ", CONFIRMED, "13.864 hộ")]),
        ("9 tháng đầu năm 2024 có 13.684 hộ đăng ký buôn bán.", [("13.684 hộ", DIFFERENT, "13.864 hộ")]),
        ("Năm 2023 có 13.864 hộ đăng ký buôn bán.", [("13.864 hộ", DIFFERENT, "12.501 hộ")]),
        ("Gần 14 nghìn hộ buôn bán đã đăng ký trong 9 tháng năm 2024.", [("14 nghìn hộ buôn bán", CONFIRMED, "13.864 hộ")]),
        ("Hơn 14 nghìn hộ buôn bán đã đăng ký trong 9 tháng năm 2024.", [("14 nghìn hộ buôn bán", DIFFERENT, "13.864 hộ")]),
        ("Đã chi 1,53 tỷ đồng cải tạo chợ xã.", [("1,53 tỷ đồng", CONFIRMED, "1.530 triệu đồng")]),
        ("Trong 9 tháng năm 2024 tỉnh đã cải tạo 30 chợ xã.", [("30 chợ xã", DIFFERENT, "24 chợ xã")]),
        ("Huyện Sa Bình có 97 gian hàng dự hội chợ.", [("97 gian hàng dự hội chợ", DIFFERENT, "112 gian hàng")]),
        ("Bệnh viện tỉnh có 86 giường bệnh điều trị nội trú.", [("86 giường", NOT_FOUND, None)]),
    ],
)
def test_each_figure_of_a_draft_gets_a_verdict(asked: Assistant, draft: str, expected: list[tuple[str, str, str | None]]) -> None:
    assert verdicts(asked, draft) == expected


def test_spans_and_sources_are_literal(asked: Assistant) -> None:
    check = asked.check("Trong 9 tháng năm 2024 có 13.864 hộ đăng ký buôn bán, 24 chợ xã được cải tạo.")
    assert check.counts == {CONFIRMED: 2, DIFFERENT: 0, NOT_FOUND: 0}
    for figure in check.figures:
        assert check.text[figure.start:figure.end] == figure.literal
        assert figure.source.quote in figure.source.report.text


def test_the_chat_checks_a_sentence_and_cites_what_the_report_says(asked: Assistant) -> None:
    answer = asked.ask("Kiểm tra giúp câu này: 9 tháng đầu năm 2024 có 13.684 hộ đăng ký buôn bán")
    assert answer.text == "- **13.684 hộ**: khác – báo cáo ghi 13.864 hộ [1]"
    assert not misquoted(answer.citations) and answer.citations[0].section.number == "1"


def test_a_question_is_not_taken_for_a_sentence_to_check(asked: Assistant) -> None:
    assert asked.ask("Kiểm tra chợ: có bao nhiêu chợ xã được cải tạo trong 9 tháng 2024?").lead == "24 chợ xã"
    assert "khớp" not in asked.ask("Đối chiếu giúp số chợ xã được cải tạo: cả năm 2023 và 9 tháng 2024").text


@pytest.fixture
def drafts(tmp_path: Path) -> Path:
    (tmp_path / "sai.txt").write_text("9 tháng đầu năm 2024 có 13.684 hộ đăng ký buôn bán.", encoding="utf-8")
    (tmp_path / "dung.md").write_text("# Dự thảo\n\n9 tháng đầu năm 2024 có 13.864 hộ đăng ký buôn bán.", encoding="utf-8")
    (tmp_path / "chu.txt").write_text("Dự thảo không có con số nào.", encoding="utf-8")
    (tmp_path / "hong.docx").write_bytes(b"PK no zip")
    document = Document()
    document.add_paragraph("9 tháng đầu năm 2024 có 13.864 hộ đăng ký buôn bán.")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Chợ xã cải tạo", "24"
    document.save(tmp_path / "word.docx")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("sai.txt", 1, "Khớp 0, khác 1, không thấy 0."),
        ("dung.md", 0, "Khớp 1, khác 0, không thấy 0."),
        ("chu.txt", 0, "Dự thảo không có số liệu nào để kiểm tra."),
        ("hong.docx", 2, "tệp Word bị hỏng hoặc không đầy đủ"),
        ("thieu.docx", 2, "thieu.docx: không tìm thấy tệp"),
    ],
)
def test_the_command_counts_and_returns_one_when_something_differs(
    folder: Path, drafts: Path, capsys: pytest.CaptureFixture[str], name: str, code: int, said: str
) -> None:
    assert main(["check", str(drafts / name), "--library", str(folder)]) == code
    out, err = capsys.readouterr()
    assert said in out + err and "Traceback" not in out + err


def test_paragraphs_and_tables_of_a_word_file_are_read(drafts: Path) -> None:
    assert read_draft(drafts / "word.docx") == "9 tháng đầu năm 2024 có 13.864 hộ đăng ký buôn bán.\nChợ xã cải tạo\t24\n"
    with pytest.raises(ChooseAnotherFile):
        read_draft(drafts / "hong.docx")


def test_the_words_of_a_merged_cell_stand_in_each_cell_and_blocks_stay_in_order(tmp_path: Path) -> None:
    document = Document()
    table = document.add_table(rows=1, cols=3)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "Tổng\n15 người"
    table.cell(0, 2).text = "3"
    document.add_paragraph("Sau bảng.")
    document.save(tmp_path / "bang.docx")
    assert read_draft(tmp_path / "bang.docx") == "Tổng 15 người\tTổng 15 người\t3\n\nSau bảng."


@pytest.mark.parametrize(
    ("draft", "agrees"),
    [("Chi 1.500 triệu đồng cải tạo chợ xã.", False), ("Khoảng 1.500 triệu đồng cải tạo chợ xã.", True), ("Tỷ lệ đạt 80 - 90% kế hoạch.", False)],
)
def test_nothing_is_taken_for_rounded_that_is_not(asked: Assistant, draft: str, agrees: bool) -> None:
    assert all((figure.verdict == CONFIRMED) is agrees for figure in asked.check(draft).figures)


def test_json_and_the_page_say_the_same(folder: Path, drafts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (drafts / "la.txt").write_text("<script>alert('a')</script> 9 tháng 2024 có 13.684 hộ đăng ký buôn bán.", encoding="utf-8")
    page = drafts / "trang.html"
    assert main(["check", str(drafts / "la.txt"), "--library", str(folder), "--json", "--html", str(page)]) == 1
    record = json.loads(capsys.readouterr().out)
    assert record["counts"] == {"khớp": 0, "khác": 1, "không thấy": 0}
    assert record["figures"][0]["source"]["literal"] == "13.864 hộ"
    text = page.read_text(encoding="utf-8")
    assert "<script>" not in text and "13.864 hộ" in text and text.count("<mark") == 1


def test_a_page_that_cannot_be_written_is_told(folder: Path, drafts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(drafts / "sai.txt"), "--library", str(folder), "--html", str(drafts / "khong" / "co.html")]) == 2
    assert "Không ghi được tệp" in capsys.readouterr().err
