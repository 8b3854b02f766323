"""Presentations: a page a slide, bullets and numbers as shown, tables and charts with their figures."""

from __future__ import annotations

import shutil

import pytest
from making.slides import add_bullets, add_chart, add_table, make_pptx, number_by_itself
from making.spreadsheet import fill_staff, make_xlsx
from pptx.presentation import Presentation as Slides
from pptx.util import Inches

from index.errors import ChooseAnotherFile
from index.readers.slides import read_ppt, read_pptx
from index.reporting import make_report


def fill_report(slides: Slides) -> None:
    first = slides.slides.add_slide(slides.slide_layouts[0])
    first.shapes.title.text = "BÁO CÁO 9 THÁNG NĂM 2024"
    first.placeholders[1].text = "Sở Lao động tỉnh Lam Khê"
    second = add_bullets(slides, "1. Tai nạn lao động", "Xảy ra 04 vụ", (1, "Nữ: 02 người"))
    add_table(second, [["Huyện", "Năm 2024", ""], ["", "Số vụ", "Số người"], ["Bến Đá", "04", "06"]], (0, 0, 1, 0), (0, 1, 0, 2))
    second.notes_slide.notes_text_frame.text = "Chưa kiểm tra số này"


def test_each_slide_is_a_page_with_its_title_bullets_and_table() -> None:
    source = read_pptx(make_pptx(fill_report))
    assert source.text == (
        "# BÁO CÁO 9 THÁNG NĂM 2024\nSở Lao động tỉnh Lam Khê\n\f# 1. Tai nạn lao động\n- Xảy ra 04 vụ\n- Nữ: 02 người\n\n"
        "Huyện\tNăm 2024\tNăm 2024\nHuyện\tSố vụ\tSố người\nBến Đá\t04\t06\n\n"
    )
    assert (source.format, source.paged, source.wrapped, source.warnings) == ("pptx", True, False, ())


def test_a_bullet_is_a_passage_under_the_title_of_its_slide() -> None:
    report = make_report(read_pptx(make_pptx(fill_report)).text, name="a.pptx", source="", wrapped=False)
    bullet = next(p for p in report.passages if "04 vụ" in report.text[p.start:p.end])
    assert (bullet.kind, report.sections[bullet.section].title) == ("bullet", "Tai nạn lao động")


def test_numbers_that_the_format_counts_are_written_out() -> None:
    def fill(slides: Slides) -> None:
        frame = add_bullets(slides, "Nhiệm vụ", "Một", "Hai", (1, "Ba"), (1, "Bốn"), "Năm").placeholders[1].text_frame
        for paragraph, form in zip(frame.paragraphs, ["arabicPeriod"] * 2 + ["alphaLcParenR"] * 2 + ["arabicPeriod"], strict=True):
            number_by_itself(paragraph, form)

    assert read_pptx(make_pptx(fill)).text == "# Nhiệm vụ\n1. Một\n2. Hai\na) Ba\nb) Bốn\n3. Năm\n"


def test_shapes_are_read_as_they_stand_on_the_slide_not_as_they_were_drawn() -> None:
    def fill(slides: Slides) -> None:
        slide = slides.slides.add_slide(slides.slide_layouts[6])
        for words, left, top in (("dưới", 1, 5), ("trên, phải", 5, 1.1), ("trên, trái", 1, 1)):
            slide.shapes.add_textbox(Inches(left), Inches(top), Inches(2), Inches(1)).text_frame.text = words

    assert read_pptx(make_pptx(fill)).text == "trên, trái\ntrên, phải\ndưới\n"


def test_the_figures_of_a_chart_are_a_table() -> None:
    def fill(slides: Slides) -> None:
        slide = slides.slides.add_slide(slides.slide_layouts[5])
        slide.shapes.title.text = "Thu ngân sách"
        add_chart(slide, ["Quý I", "Quý II"], {"Kế hoạch": [1234.5, 2000], "Thực hiện": [1200, 0.5]}, "#,##0.0")

    assert read_pptx(make_pptx(fill)).text.strip() == (
        "# Thu ngân sách\n\n\tKế hoạch\tThực hiện\nQuý I\t1.234,5\t1.200,0\nQuý II\t2.000,0\t0,5"
    )


def test_a_hidden_slide_is_left_out_named_and_counted() -> None:
    def fill(slides: Slides) -> None:
        add_bullets(slides, "Một", "a")
        add_bullets(slides, "Hai", "b")._element.set("show", "0")
        add_bullets(slides, "Ba", "c")

    source = read_pptx(make_pptx(fill))
    assert source.text == "# Một\n- a\n\f\n\f# Ba\n- c\n"
    assert source.warnings == ("không đọc các trang chiếu bị ẩn: 2; nếu cần, hãy bỏ ẩn rồi thêm lại",)


def test_old_fonts_are_repaired_run_by_run() -> None:
    def fill(slides: Slides) -> None:
        frame = add_bullets(slides, "Tỉnh Lam Khê", "TØnh").placeholders[1].text_frame
        frame.paragraphs[0].runs[0].font.name = ".VnTime"

    assert read_pptx(make_pptx(fill)).text == "# Tỉnh Lam Khê\n- Tỉnh\n"


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice writes and reads .ppt, and it is not installed")
def test_an_old_presentation_is_read_through_libreoffice() -> None:
    from index.readers.office import convert

    text = read_ppt(convert(make_pptx(fill_report), ".pptx", "ppt")).text
    assert text.startswith("# BÁO CÁO 9 THÁNG NĂM 2024\nSở Lao động tỉnh Lam Khê\n\f# 1. Tai nạn lao động\n- Xảy ra 04 vụ\n")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "tệp rỗng"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "mật khẩu"),
        (make_xlsx(fill_staff), "bên trong là Excel"),
        (make_pptx(fill_report)[:5000], "bị hỏng"),
        (make_pptx(lambda slides: slides.slides.add_slide(slides.slide_layouts[6])), "không có chữ nào"),
    ],
    ids=["empty", "password", "xlsx", "truncated", "no words"],
)
def test_what_is_no_readable_presentation_is_refused_with_the_reason(data: bytes, reason: str) -> None:
    with pytest.raises(ChooseAnotherFile, match=reason):
        read_pptx(data)
