"""PDF to text: words by their places, paragraphs and notes over pages, tables, page numbers; hostile files get a sentence."""

from __future__ import annotations

import unicodedata
import zlib
from pathlib import Path

import pytest
from making.pdf import PdfMaker, find_office, join_objects, print_word_files, width_of

from index.errors import ChooseAnotherFile
from index.readers import read_file
from index.readers.page import Page, Word
from index.readers.pdf import MAX_PAGES, read_pdf
from index.readers.scan import Recognition
from index.reporting import make_report

REPORTS = Path(__file__).resolve().parents[1] / "docs" / "reports"
LONG = ("Trong 9 tháng, toàn tỉnh đã giải quyết việc làm cho 12.467 lao động, bằng 80,43% kế hoạch năm, trong đó có 3.127 lao động "
        "vay vốn từ Quỹ quốc gia về việc làm với doanh số 141.062,75 triệu đồng.")


def text_of(maker: PdfMaker) -> str:
    source = read_pdf(maker.save())
    assert source.paged and not source.wrapped and source.format == "pdf"
    assert unicodedata.is_normalized("NFC", source.text)
    return source.text


def test_lines_of_a_paragraph_are_joined_and_paragraphs_stay_apart() -> None:
    maker = PdfMaker().page()
    y = maker.paragraph(100, LONG)
    maker.paragraph(y, "Số chết người là 06 người.")
    assert text_of(maker) == f"{LONG}\nSố chết người là 06 người."


def test_a_paragraph_goes_on_over_the_end_of_a_page_with_the_form_feed_inside() -> None:
    maker = PdfMaker().page()
    words = (LONG + " " + LONG).split(" ")
    maker.paragraph(700, " ".join(words[:42]))
    maker.page().paragraph(80, " ".join(words[42:]), indent=0)
    text = text_of(maker)
    assert text.replace("\f", "") == LONG + " " + LONG
    assert text.index("\f") == len(" ".join(words[:42])) + 1


def test_page_numbers_and_running_heads_are_dropped_and_figures_at_the_top_are_kept() -> None:
    maker = PdfMaker()
    for number in range(1, 5):
        maker.page().text(290, 40, str(number)).text(85, 60, "Báo cáo của Sở Tài chính, kỳ 9 tháng", 9)
        maker.paragraph(100, f"Huyện thứ {number} thu được {number}.250,5 triệu đồng.")
        maker.text(250, 815, f"Trang {number}/4", 9)
    assert text_of(maker) == "\f\n".join(f"Huyện thứ {n} thu được {n}.250,5 triệu đồng." for n in range(1, 5))


def test_footnotes_are_tied_by_page_and_numbered_through() -> None:
    maker = PdfMaker().page()
    maker.paragraph(100, "Xảy ra 05 vụ tai nạn^1^; làm chết 06 người^2^.")
    maker.notes(["^1^ Giảm 01 vụ so với cùng kỳ.", "^2^ Có 02 người ở huyện Đá Vách."])
    maker.page().paragraph(100, "Còn 03 căn nhà^1^ trên diện tích 12,5 m^2^.")
    maker.notes(["^1^ Tại huyện Đông Hạc."])
    text = text_of(maker)
    assert text == (
        "Xảy ra 05 vụ tai nạn[1]; làm chết 06 người[2].\f\nCòn 03 căn nhà[3] trên diện tích 12,5 m2.\n"
        "[1] Giảm 01 vụ so với cùng kỳ.\n[2] Có 02 người ở huyện Đá Vách.\n[3] Tại huyện Đông Hạc."
    )
    report = make_report(text, name="a.pdf", source="a.pdf", wrapped=False)
    assert [(note.mark, len(note.mark_positions)) for note in report.footnotes] == [("1", 1), ("2", 1), ("3", 1)]
    assert report.warnings == ()


def test_a_footnote_goes_on_on_the_next_page() -> None:
    maker = PdfMaker().page()
    maker.paragraph(100, f"{LONG} Có 15 căn nhà^1^.")
    maker.notes(["^1^ Thành phố 01 căn; thị xã 02 căn; huyện Đá Vách 04 căn và các huyện vùng cao khác là"])
    maker.page().paragraph(100, "Quỹ Đền ơn đáp nghĩa vận động được 2.948,6 triệu đồng^2^.")
    maker.notes(["08 căn, chưa kể 03 căn đang xây.", "^2^ Đạt 92,14% chỉ tiêu."])
    assert text_of(maker).split("\n")[-2:] == [
        "[1] Thành phố 01 căn; thị xã 02 căn; huyện Đá Vách 04 căn và các huyện vùng cao khác là 08 căn, chưa kể 03 căn đang xây.",
        "[2] Đạt 92,14% chỉ tiêu.",
    ]


def test_marks_that_are_not_raised_are_found_by_the_notes_of_their_page() -> None:
    maker = PdfMaker().page()
    maker.paragraph(100, f"{LONG} Có 15 căn nhà1; năm 2024 xây 18 căn[2].")
    maker.notes(["[1] Tại huyện Đá Vách.", "[2] Kế hoạch là 20 căn."])
    assert text_of(maker).split("\n") == [
        f"{LONG} Có 15 căn nhà[1]; năm 2024 xây 18 căn[2].", "[1] Tại huyện Đá Vách.", "[2] Kế hoạch là 20 căn.",
    ]


def test_small_print_without_a_rule_is_a_footnote_when_it_begins_with_a_mark() -> None:
    maker = PdfMaker().page()
    maker.paragraph(100, f"{LONG} Có 15 căn nhà^1^.")
    maker.notes(["^1^ Tại huyện Đá Vách."], rule=False)
    assert text_of(maker).endswith("căn nhà[1].\n[1] Tại huyện Đá Vách.")


def test_raised_digits_without_a_note_stay_powers() -> None:
    maker = PdfMaker().page()
    maker.paragraph(100, "Trữ lượng 10^6^ tấn trên 12 km^2^ đất, 3,5 m^3^ gỗ.")
    assert text_of(maker) == "Trữ lượng 10⁶ tấn trên 12 km2 đất, 3,5 m3 gỗ."


def test_letters_drawn_apart_from_their_marks_come_out_whole() -> None:
    maker = PdfMaker().page()
    maker.text(85, 100, unicodedata.normalize("NFD", "Ủy ban nhân dân huyện Trà Ngân đã thuyết phục được 12 hộ."))
    assert text_of(maker) == "Ủy ban nhân dân huyện Trà Ngân đã thuyết phục được 12 hộ."


def test_words_are_told_by_gaps_whatever_the_drawing_order_and_the_space_signs() -> None:
    maker = PdfMaker().page()
    # Letters of a second font are drawn last; a space sign is drawn where no gap is; a gap has no space sign.
    x = 85 + width_of("ph", 13)
    maker.text(85, 100, "ph").text(x, 100, " ").text(x + width_of("ường", 13), 100, " đã chi")
    maker.text(x, 100, "ường", font="DejaVuSerif").text(85 + width_of("phường đã chi", 13) + 4, 100, "1.250 đồng")
    assert text_of(maker) == "phường đã chi 1.250 đồng"


def test_text_drawn_twice_is_read_once_and_ligatures_are_letters() -> None:
    maker = PdfMaker().page()
    maker.text(85, 100, "Thu 1.144 tỷ đồng").text(85.4, 100, "Thu 1.144 tỷ đồng").text(85, 120, "oﬃce")
    assert text_of(maker) == "Thu 1.144 tỷ đồng\noffice"


def test_a_number_broken_behind_its_hyphen_or_slash_is_one_word() -> None:
    maker = PdfMaker().page()
    maker.paragraph(100, "Theo Quyết định của Ủy ban nhân dân tỉnh ban hành vào đầu năm số 1033/QĐ-", indent=0, right=600)
    maker.paragraph(118, "UBND ngày 27/5/2024.", indent=0)
    assert text_of(maker) == "Theo Quyết định của Ủy ban nhân dân tỉnh ban hành vào đầu năm số 1033/QĐ-UBND ngày 27/5/2024."


def test_the_two_columns_of_the_head_are_read_one_after_the_other() -> None:
    maker = PdfMaker().page()
    maker.text(110, 60, "UBND TỈNH LAM KHÊ", 12).bold(120, 76, "SỞ TÀI CHÍNH", 12).text(118, 92, "Số: 12/BC-STC", 12)
    maker.bold(290, 60, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 11).bold(335, 76, "Độc lập - Tự do - Hạnh phúc", 12)
    maker.text(320, 92, "Lam Khê, ngày 17 tháng 9 năm 2024", 12)
    maker.centred(130, "BÁO CÁO").centred(148, "Tình hình thu ngân sách 9 tháng năm 2024")
    maker.paragraph(190, LONG)
    report = make_report(text_of(maker), name="a.pdf", source="a.pdf", wrapped=False)
    assert report.text.split("\n")[:8] == [
        "UBND TỈNH LAM KHÊ", "SỞ TÀI CHÍNH", "Số: 12/BC-STC", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc",
        "Lam Khê, ngày 17 tháng 9 năm 2024", "BÁO CÁO", "Tình hình thu ngân sách 9 tháng năm 2024",
    ]
    assert (report.agency, report.number, report.date, report.period) == ("SỞ TÀI CHÍNH TỈNH LAM KHÊ", "12/BC-STC", "17/09/2024", "9 tháng đầu năm 2024")


def test_a_page_in_two_columns_is_read_column_by_column() -> None:
    maker = PdfMaker().page()
    words = LONG.split(" ")
    maker.paragraph(100, " ".join(words[:24]), 10, left=60, right=280, indent=0)
    maker.paragraph(100, " ".join(words[24:]), 10, left=310, right=540, indent=0)
    assert text_of(maker) == LONG


def test_a_bold_line_without_a_number_is_a_heading() -> None:
    maker = PdfMaker().page()
    y = maker.paragraph(100, LONG)
    maker.bold(121, y, "Kết quả thu ngân sách")
    maker.paragraph(y + 20, LONG)
    assert text_of(maker) == f"{LONG}\n## Kết quả thu ngân sách\n{LONG}"


def table_page(maker: PdfMaker, rows: list[list[str]], y: float, *, ruled: bool = True) -> None:
    xs = [85.0, 120.0, 300.0, 420.0, 540.0]
    for number, row in enumerate(rows):
        for x, end, cell in zip(xs, xs[1:], row):
            at = end - 5 - width_of(cell, 12) if cell[-1:].isdigit() and x > 200 else x + 4
            maker.text(at, y + 15 + 20 * number, cell, 12)
    if ruled:
        maker.grid(xs, [y + 20 * k for k in range(len(rows) + 1)])


HEADER = ["TT", "Huyện", "Dự toán", "Thực hiện"]
ROWS = [[str(n), f"Huyện Bến Đá {n}", f"{n}.250,5", f"{n}.120"] for n in range(1, 7)]


@pytest.mark.parametrize("ruled", [True, False], ids=["ruled", "bare"])
def test_a_table_is_rows_of_cells_with_its_unit_line_above(ruled: bool) -> None:
    maker = PdfMaker().page()
    y = maker.paragraph(100, LONG)
    maker.text(380, y + 5, "Đơn vị tính: triệu đồng", 12)
    table_page(maker, [HEADER, *ROWS], y + 20, ruled=ruled)
    maker.paragraph(y + 200, "Thu từ đất tăng mạnh.")
    lines = text_of(maker).split("\n")
    assert lines == [LONG, "Đơn vị tính: triệu đồng", *("\t".join(row) for row in [HEADER, *ROWS]), "", "Thu từ đất tăng mạnh."]


def test_the_repeated_header_of_a_table_over_two_pages_is_dropped() -> None:
    maker = PdfMaker().page()
    table_page(maker, [HEADER, *ROWS[:3]], 600)
    maker.page()
    table_page(maker, [HEADER, *ROWS[3:]], 80)
    assert text_of(maker).replace("\f", "") == "\n".join("\t".join(row) for row in [HEADER, *ROWS])


def test_words_of_a_merged_cell_stand_in_each_cell_and_lines_of_a_cell_are_joined() -> None:
    # The first row: no rule between the second and the third column.
    maker = PdfMaker().page()
    for x0, y0, x1, y1 in ((85, 100, 440, 100), (85, 120, 440, 120), (85, 140, 440, 140), (85, 190, 440, 190),
                           (85, 100, 85, 190), (200, 100, 200, 190), (440, 100, 440, 190), (320, 120, 320, 190)):
        maker.rule(x0, y0, x1, y1)
    maker.text(90, 115, "Huyện", 12).text(260, 115, "Năm 2024", 12)
    maker.text(205, 135, "Dự toán", 12).text(325, 135, "Thực hiện", 12)
    maker.text(90, 156, "Huyện Đá Vách", 12).text(90, 172, "vùng cao", 12).text(260, 156, "1.250,5", 12).text(390, 156, "1.120", 12)
    assert text_of(maker) == "Huyện\tNăm 2024\tNăm 2024\n\tDự toán\tThực hiện\nHuyện Đá Vách vùng cao\t1.250,5\t1.120"


def test_a_figure_that_is_longer_than_its_cell_is_one_figure_and_stacked_figures_are_rows() -> None:
    maker = PdfMaker().page()
    maker.grid([85, 200, 250, 330], [100, 140, 180])
    maker.text(90, 115, "Tổng thu", 12).text(206, 115, "152371", 12).text(206, 131, "70", 12).text(255, 115, "88,5", 12)
    maker.text(90, 155, "Huyện A", 12).text(90, 171, "Huyện B", 12).text(206, 155, "1.250", 12).text(206, 171, "1.120", 12)
    maker.text(255, 155, "70,5", 12).text(255, 171, "61,2", 12)
    assert text_of(maker) == "Tổng thu\t15237170\t88,5\nHuyện A\t1.250\t70,5\nHuyện B\t1.120\t61,2"


def test_a_landscape_page_and_a_watermark_are_read_as_they_are_seen() -> None:
    maker = PdfMaker().page((595, 842), rotate=90)
    maker.text(100, 700, "Tổng thu đạt 1.144 tỷ đồng", matrix="0 1 -1 0")
    maker.text(200, 400, "BẢN SAO", 40, matrix="0.7 0.7 -0.7 0.7")
    assert text_of(maker) == "Tổng thu đạt 1.144 tỷ đồng"


def test_dots_that_a_browser_draws_before_a_line_are_bullets() -> None:
    maker = PdfMaker().page()
    maker.paragraph(100, f"{LONG} Trong đó:")
    for number, line in enumerate(["Xuất khẩu 346 người;", "Trong nước 12.121 người."]):
        y = 180 + 20 * number
        maker.text(121, y, line).raw(f"108 {842 - y + 2} 5 5 re f")
    assert text_of(maker).split("\n")[1:] == ["- Xuất khẩu 346 người;", "- Trong nước 12.121 người."]


@pytest.mark.parametrize("font", [".VnTime", "ABCDEF+.VnTime"])
def test_a_legacy_font_is_told_by_its_name(font: str) -> None:
    maker = PdfMaker().page()
    maker.text(85, 100, "B¸o c¸o t×nh h×nh kinh tÕ - x· héi, ®¹t 78,3%", font=font)
    assert text_of(maker) == "Báo cáo tình hình kinh tế - xã hội, đạt 78,3%"


def test_a_legacy_font_that_was_renamed_is_told_by_its_text() -> None:
    maker = PdfMaker().page()
    for number, line in enumerate(["B¸o c¸o t×nh h×nh kinh tÕ - x· héi 9 th¸ng", "Tæng thu ng©n s¸ch ®¹t 4.512,75 tû ®ång, b»ng 78,3% dù to¸n n¨m."]):
        maker.paragraph(100 + 40 * number, line)
    assert text_of(maker).split("\n")[1] == "Tổng thu ngân sách đạt 4.512,75 tỷ đồng, bằng 78,3% dự toán năm."


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    word = pytest.importorskip("making.word")
    if not find_office():
        pytest.skip("LibreOffice is not installed: apt-get install libreoffice-writer")
    reports = {path.stem: path.read_text(encoding="utf-8") for path in sorted(REPORTS.glob("*.txt"))}
    return print_word_files(tmp_path_factory.mktemp("printed"), {name: word.make_docx(text) for name, text in reports.items()})


def test_the_sample_reports_printed_by_libreoffice_read_as_their_plain_text(printed: dict[str, bytes]) -> None:
    assert len(printed) == 3
    for name, data in printed.items():
        plain = make_report((REPORTS / f"{name}.txt").read_text(encoding="utf-8"), name=name, source=name)
        source = read_pdf(data)
        report = make_report(source.text.replace("\f", ""), name=name, source=name, wrapped=False)
        assert [section.path for section in report.sections] == [section.path for section in plain.sections]
        assert bodies(report) == bodies(plain)
        assert (report.title, report.agency, report.number, report.date, report.period) == (
            plain.title, plain.agency, plain.number, plain.date, plain.period)
        assert report.text.split() == plain.text.split()
        passages = {report.text[p.start:p.end] for p in report.passages}
        # Where a page ends with a full line that ends a sentence, nothing tells whether the paragraph does.
        assert sum(plain.text[p.start:p.end] not in passages for p in plain.passages) <= 2


def bodies(report) -> list[tuple[str, str, str]]:
    return [(n.mark, report.text[n.start:n.end], report.text[:n.mark_positions[0]][-20:]) for n in report.footnotes]


def test_form_feeds_tell_the_page_of_every_passage(printed: dict[str, bytes]) -> None:
    import pypdfium2

    data = printed["bao-cao-9-thang-2024"]
    pages = read_pdf(data).text.split("\n[1] ")[0].split("\f")
    with pypdfium2.PdfDocument(data) as document:
        assert len(pages) == len(document)
        for index, text in enumerate(pages):
            page = document[index]
            # Digits are drawn from one font: the library gives them in order.
            seen = page.get_textpage().get_text_range()
            figures = [word.strip("(),;.:") for word in text.split() if word[:1].isdigit() and "," in word.strip("(),;.:")]
            assert all(figure.split("[")[0] in seen for figure in figures), index
            page.close()


def scanned(words: str = "") -> bytes:
    maker = PdfMaker().page()
    maker.raw("q 595 0 0 842 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q")
    if words:
        maker.text(400, 40, words, 8)
    return maker.save()


def test_scanned_pages_are_refused_or_given_to_the_recogniser_as_pictures_of_300_dpi() -> None:
    with pytest.raises(ChooseAnotherFile, match="ảnh chụp"):
        read_pdf(scanned())
    sizes = []

    def recognise(pictures, *, total: int) -> Recognition:
        sizes.extend((number, picture.mode, picture.size) for number, picture in pictures)
        page = Page((Word("Tổng", 85, 90, 110, 103, 13), Word("thu", 114, 90, 130, 103, 13)), 595, 842)
        return Recognition({1: page}, ("trang 1 là ảnh quét",))

    source = read_pdf(scanned("Người ký: Sở Tài chính"), recognise)
    assert source.text == "Tổng thu"
    assert sizes == [(1, "RGB", (2480, 3509))]
    assert source.warnings == ("trang 1 là ảnh quét",)


def test_pages_with_text_are_kept_when_there_is_nothing_to_recognise_the_others_with() -> None:
    def refuse(pictures, *, total: int) -> Recognition:
        raise ChooseAnotherFile("cần cài chương trình nhận dạng chữ")

    maker = PdfMaker()
    maker.page().paragraph(100, LONG)
    maker.page().raw("q 595 0 0 842 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q")
    source = read_pdf(maker.save(), refuse)
    assert source.text == f"{LONG}\f"
    assert source.warnings == (
        "không có chữ ở trang 2 (trang chỉ là ảnh chụp); những trang này bị bỏ qua", "cần cài chương trình nhận dạng chữ",
    )
    with pytest.raises(ChooseAnotherFile, match="cần cài"):
        read_pdf(scanned(), refuse)


def test_a_page_whose_signs_have_no_characters_is_read_from_its_picture() -> None:
    maker = PdfMaker().page()
    maker.paragraph(100, "".join(chr(0xE100 + k % 200) for k in range(400)))
    source = read_pdf(maker.save(), lambda pictures, *, total: Recognition({1: Page((Word("Tổng", 85, 90, 110, 103, 13),), 595, 842)}))
    assert source.text == "Tổng"
    with pytest.raises(ChooseAnotherFile, match="ảnh chụp"):
        read_pdf(maker.save())


def test_pages_left_out_are_named() -> None:
    maker = PdfMaker()
    maker.page().paragraph(100, LONG)
    for _ in range(2):
        maker.page().raw("q 595 0 0 842 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q")
    maker.page()
    maker.page().paragraph(100, LONG)
    source = read_pdf(maker.save())
    assert source.text == f"{LONG}\f\f\f\f\n{LONG}"
    assert source.warnings == ("không có chữ ở trang 2-3 (trang chỉ là ảnh chụp); những trang này bị bỏ qua",)


def many_pages(count: int) -> bytes:
    kids = b" ".join(b"3 0 R" for _ in range(count))
    return join_objects([
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count %d/Kids[%s]>>" % (count, kids), b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
    ])


def with_content(content: bytes, filters: bytes = b"") -> bytes:
    return join_objects([
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 1e9 1e9]/Contents 4 0 R>>", b"<</Length %d%s>>stream\n%s\nendstream" % (len(content), filters, content),
    ])


def bomb() -> bytes:
    machine = zlib.compressobj(9)
    packed = b"".join(machine.compress(bytes(1_000_000)) for _ in range(200)) + machine.flush()
    return with_content(zlib.compress(packed), b"/Filter[/FlateDecode/FlateDecode]")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "không phải PDF"),
        (b"PK\x03\x04" + bytes(100), "không phải PDF"),
        (b"%PDF-1.7\n%%EOF", "bị hỏng"),
        (many_pages(0), "bị hỏng"),
        (many_pages(5000), f"5000 trang, quá giới hạn {MAX_PAGES} trang"),
        (join_objects([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 0/Kids[]>>"],
                      b"/Encrypt<</Filter/Standard/V 1/R 2/P -4/O(" + b"x" * 32 + b")/U(" + b"y" * 32 + b")>>/ID[(a)(a)]"), "mật khẩu"),
        (bomb(), "quá nặng"),
        (with_content(b"q " * 100_000), "rỗng"),
    ],
    ids=["empty", "renamed", "header only", "no page", "5000 pages", "locked", "bomb", "huge empty page"],
)
def test_hostile_files_are_refused_with_a_sentence(data: bytes, reason: str) -> None:
    with pytest.raises(ChooseAnotherFile, match=reason):
        read_pdf(data)


def test_damaged_files_are_read_or_refused() -> None:
    maker = PdfMaker().page()
    maker.paragraph(100, LONG)
    data = maker.save()
    assert read_pdf(data.replace(b"startxref", b"startxxxx")).text == LONG
    outcomes = set()
    for cut in range(0, len(data), 97):
        try:
            outcomes.add(read_pdf(data[:cut] + data[cut + 40:]).text == LONG)
        except ChooseAnotherFile as refusal:
            outcomes.add(str(refusal)[:3])
    assert outcomes <= {True, False, "tệp", "các"} and "tệp" in outcomes


def test_a_pdf_is_read_by_its_suffix(tmp_path: Path) -> None:
    path = tmp_path / "bao-cao.PDF"
    maker = PdfMaker().page()
    maker.paragraph(100, LONG)
    path.write_bytes(maker.save())
    assert read_file(path).text == LONG
