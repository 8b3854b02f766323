"""Scans to text: bad pages come out with their figures, notes and tables; what cannot be read gets a sentence."""

from __future__ import annotations

import io
import shutil
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from making.scan import ScanMaker, find_fonts, save
from PIL import Image

from index import messages
from index.errors import ChooseAnotherFile
from index.readers import picture as pictures
from index.readers import read_here, scan, tesseract
from index.readers.page import Page, Word
from index.readers.picture import clean_page, drop_stamps, find_angle, open_pictures
from index.readers.raised import _elect, _third
from index.readers.read_words import repair_number, repair_words
from index.readers.scan import read_scan, recognise, recognise_pages
from index.readers.tesseract import ReadLine, ReadWord, TookTooLong
from index.reporting import make_report

tesseract._languages.cache_clear()
LANGUAGES = tesseract._languages() or frozenset()
needs_tesseract = pytest.mark.skipif("vie" not in LANGUAGES, reason="needs tesseract-ocr and tesseract-ocr-vie")
needs_fonts = pytest.mark.skipif(find_fonts() is None, reason="needs a font with Vietnamese: fonts-dejavu-core")

REPORT = (
    "2.1. Về tình hình tai nạn lao động\n"
    "Trong 9 tháng đầu năm 2024, toàn tỉnh xảy ra 1.234[1] vụ tai nạn lao động, làm 06 người chết[2], giảm 12,5% so với cùng kỳ; "
    "tổng thiệt hại 291.463,467 triệu đồng.\n"
    "- Huyện Bến Đá: 815[3] vụ, đạt 86,65% kế hoạch.\n"
    "- Huyện Suối Hoàng: 419 vụ.\n"
    "[1] Trong đó có 04 vụ chết người.\n"
    "[2] Theo Quyết định số 27/QĐ-UBND ngày 11/01/2024.\n"
    "[3] Gồm 15 vụ tại khu công nghiệp."
)


def draw_report(dpi: int = 300) -> ScanMaker:
    """Draw `REPORT` as a page with raised marks, small print at its foot and a page number."""
    maker = ScanMaker(dpi)
    lines = [line.replace("[", "^").replace("]", "^") for line in REPORT.split("\n")]
    maker.text(85, 90, lines[0], bold=True)
    y = 120.0
    for line in lines[1:4]:
        y = maker.paragraph(y, line)
    maker.rule(85, 700, 230, 700)
    for number, line in enumerate(lines[4:]):
        maker.text(85, 716 + 14 * number, line, 10)
    maker.text(295, 810, "7", 12)
    return maker


def line_of(*words: str, sure: int = 95) -> ReadLine:
    """Return a line of words side by side, letters 20 pixels wide and gaps of 20."""
    read, x = [], 100
    for word in words:
        read.append(ReadWord(word, (x, 100, x + 20 * len(word), 140), sure))
        x += 20 * len(word) + 20
    return ReadLine(tuple(read), (100, 100, x - 20, 140), 0.0, 0.0, 28.0)


@pytest.fixture
def pretend(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, object]]:
    """Let Tesseract be there and read what `lines` says, or raise it."""
    said: dict[str, object] = {"lines": [line_of("Tổng", "thu", "1.234", "đồng")]}

    def read_lines(*_: object, **__: object) -> list[ReadLine]:
        if isinstance(said["lines"], Exception):
            raise said["lines"]
        return said["lines"]

    monkeypatch.setattr(scan, "require_tesseract", lambda: None)
    monkeypatch.setattr(scan, "can_turn", lambda: False)
    monkeypatch.setattr(scan, "read_lines", read_lines)
    return said


def blank(width: int = 400, height: int = 300) -> Image.Image:
    return Image.new("L", (width, height), 255)


# --- with Tesseract -----------------------------------------------------------------------


@needs_tesseract
@needs_fonts
@pytest.mark.parametrize(("dpi", "degrees"), [(300, 1.2), (150, -0.8)])
def test_a_crooked_noisy_page_gives_its_text_with_notes_tied_and_no_digit_glued_to_a_figure(dpi: int, degrees: float) -> None:
    source = read_scan(save(draw_report(dpi).scan(degrees=degrees, noise=12), "JPEG", quality=60))
    assert source.text == REPORT
    assert source.paged and not source.wrapped and source.format == "scan"
    assert source.warnings == ("trang 1 là ảnh quét, chữ do máy nhận dạng; nên đối chiếu số liệu với bản gốc",)
    report = make_report(source.text, name="quét", source="scan", wrapped=source.wrapped)
    assert [note.mark for note in report.footnotes if note.has_body and note.mark_positions] == ["1", "2", "3"]


@needs_tesseract
@needs_fonts
def test_words_under_a_red_stamp_are_read_and_the_stamp_is_not() -> None:
    maker = draw_report()
    maker.stamp(300, 190)
    assert read_scan(save(maker.scan(noise=6), "JPEG", quality=80)).text == REPORT


@needs_tesseract
@needs_fonts
@pytest.mark.skipif("osd" not in LANGUAGES, reason="needs tesseract-ocr-osd")
def test_a_page_that_lies_on_its_side_is_turned() -> None:
    page = draw_report(200).scan(noise=6).transpose(Image.Transpose.ROTATE_90)
    assert read_scan(save(page)).text == REPORT


@needs_tesseract
@needs_fonts
def test_a_ruled_table_gives_rows_with_tabs_under_its_unit_line() -> None:
    maker = ScanMaker()
    maker.text(400, 112, "Đơn vị tính: triệu đồng", 12)
    columns, rows = (85, 130, 300, 420, 540), (120, 150, 180, 210)
    for x in columns:
        maker.rule(x, rows[0], x, rows[-1])
    for y in rows:
        maker.rule(columns[0], y, columns[-1], y)
    table = (("STT", "Đơn vị", "Dự toán giao", "Đã giải ngân"), ("1", "Huyện Bến Đá", "12.467", "9.340,5"), ("", "Tổng cộng", "20.592", "16.359,5"))
    for y, cells in zip(rows, table, strict=False):
        for x, cell in zip(columns, cells, strict=False):
            maker.text(x + 5, y + 20, cell, 13)
    text = read_scan(save(maker.scan(degrees=0.7, noise=10), "JPEG", quality=60)).text
    assert text.rstrip("\n") == "Đơn vị tính: triệu đồng\n" + "\n".join("\t".join(cells) for cells in table)


@needs_tesseract
@needs_fonts
def test_a_scanned_pdf_gives_a_form_feed_between_its_pages(tmp_path: Path) -> None:
    pages = []
    for words in ("Sở đã giải quyết 5.781 hồ sơ.", "Còn lại 183 hồ sơ đang giải quyết."):
        maker = ScanMaker(200)
        maker.text(85, 120, words)
        pages.append(maker.scan())
    pages[0].save(tmp_path / "hai-trang.pdf", "PDF", save_all=True, append_images=pages[1:], resolution=200)
    source = read_here(tmp_path / "hai-trang.pdf")
    assert source.text.replace("\f\n", "\n\f") == "Sở đã giải quyết 5.781 hồ sơ.\n\fCòn lại 183 hồ sơ đang giải quyết."
    assert source.warnings == ("trang 1-2 là ảnh quét, chữ do máy nhận dạng; nên đối chiếu số liệu với bản gốc",)


@needs_tesseract
def test_a_picture_without_words_says_so() -> None:
    with pytest.raises(ChooseAnotherFile, match="không nhận dạng được chữ nào"):
        read_scan(save(blank()))


# --- without Tesseract --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("program", "listed", "command"),
    [
        (None, "", "sudo apt-get install tesseract-ocr tesseract-ocr-vie"),
        ("tesseract", "List of available languages (2):\neng\nosd\n", "sudo apt-get install tesseract-ocr-vie"),
    ],
)
def test_what_is_missing_is_named_with_the_command_that_installs_it(
    program: str | None, listed: str, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if program:
        (tmp_path / program).write_text(f"#!/bin/sh\nprintf '{listed}'\n", encoding="utf-8")
        (tmp_path / program).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin" if program else str(tmp_path))
    monkeypatch.setattr(shutil, "which", lambda name: str(tmp_path / name) if program else None)
    tesseract._languages.cache_clear()
    try:
        with pytest.raises(ChooseAnotherFile, match=f"lệnh: {command}, rồi thêm lại"):
            read_scan(save(blank()))
    finally:
        tesseract._languages.cache_clear()


def test_unsure_and_slow_pages_are_named(pretend: dict[str, object]) -> None:
    sure = pretend["lines"]
    unsure = [line_of("Tõng", "thn", "l.2E4", "dõng", sure=55)]

    def pages() -> Iterator[tuple[int, Image.Image]]:
        for number, said in ((1, sure), (3, unsure), (7, unsure), (8, TookTooLong())):
            pretend["lines"] = said
            yield number, blank()

    found = {}
    for number, page in pages():
        found[number] = recognise_pages([(number, page)])
    assert found[1].warnings == (messages.warn_recognised([1]),)
    assert found[3].warnings == (messages.warn_recognised([3]), messages.warn_unsure_pages([3]))
    assert found[8].warnings == (messages.warn_slow_pages([8]),)
    assert found[8].pages[8].words == ()
    assert messages.warn_unsure_pages([3, 7]).startswith("trang 3, 7 nhận dạng không chắc chắn")


def test_pages_beyond_the_limit_are_not_read_and_named(pretend: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "MAX_PAGES", 2)
    found = recognise_pages((number, blank()) for number in range(1, 6))
    assert sorted(found.pages) == [1, 2]
    assert found.beyond == (3, 4, 5)
    assert "trang 3-5 chưa được nhận dạng: mỗi tệp chỉ nhận dạng tối đa 2 trang" in found.warnings[-1]


def test_pages_are_opened_only_as_they_are_needed(pretend: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan.os, "cpu_count", lambda: 2)
    opened, taken = [], []
    monkeypatch.setattr(scan, "_read_page", lambda page: taken.append(len(opened)))

    def pages() -> Iterator[tuple[int, Image.Image]]:
        for number in range(1, 21):
            opened.append(number)
            assert len(opened) - len(taken) <= 4
            yield number, blank()

    recognise_pages(pages())
    assert len(taken) == 20


def test_a_file_of_several_pages_is_read_to_its_end(pretend: dict[str, object]) -> None:
    written = io.BytesIO()
    blank().save(written, "TIFF", save_all=True, append_images=[blank(), blank()], compression="tiff_lzw")
    source = read_scan(written.getvalue())
    assert source.text == "Tổng thu 1.234 đồng\f\nTổng thu 1.234 đồng\f\nTổng thu 1.234 đồng"
    assert source.warnings == (messages.warn_recognised([1, 2, 3]),)


def test_words_come_in_points_with_the_size_of_their_line(pretend: dict[str, object]) -> None:
    page = recognise(blank(2481, 3508))
    assert (page.width, page.height) == (pytest.approx(595.44), pytest.approx(841.92))
    assert [word.text for word in page.words] == ["Tổng", "thu", "1.234", "đồng"]
    assert page.words[0].x0 == 24
    assert page.words[0].size == pytest.approx(14)


def test_page_numbers_specks_and_misread_signatures_are_no_words() -> None:
    def at(y: int, *words: str, sure: int = 95) -> ReadLine:
        line = line_of(*words, sure=sure)
        moved = tuple(ReadWord(word.text, (word.box[0], y, word.box[2], y + 40), word.sure) for word in line.words)
        return ReadLine(moved, (line.box[0], y, line.box[2], y + 40), 0.0, 0.0, 28.0)

    clean = pictures.CleanPage(blank(2481, 3508))
    lines = [at(1000, "Tổng", "thu"), at(1500, "~”", "*", "^", sure=40), at(2000, "MwL", "vn", sure=20), at(3300, "mi")]
    assert [word.text for word in scan.make_page(clean, lines).words] == ["Tổng", "thu"]


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("12.l45", "12.145"), ("3.4O5,2", "3.405,2"), ("1l/O1/2024;", "1l/O1/2024;"), ("11/O1/2024;", "11/01/2024;"),
        ("1O", "1O"), ("l2", "l2"), ("2O24", "2O24"), ("SO2", "SO2"), ("10.5OO", "10.5OO"), ("141.062,75", "141.062,75"),
    ],
)
def test_letters_become_digits_only_inside_figures_of_a_regular_form(read: str, meant: str) -> None:
    assert repair_number(read) == meant


def test_capitals_that_look_like_small_letters_are_small_inside_a_sentence() -> None:
    line = line_of("vỆ", "sinh", "Ở", "cơ", "SỞ", "của", "UBND", "tỉnh,", "10", "kWh", "Ðiện")
    assert [word.text for word in repair_words(line)] == ["vệ", "sinh", "ở", "cơ", "Sở", "của", "UBND", "tỉnh,", "10", "kWh", "Điện"]
    title = line_of("SỞ", "Ở", "BẾN", "ĐÁ")
    assert [word.text for word in repair_words(title)] == ["SỞ", "Ở", "BẾN", "ĐÁ"]


def test_a_figure_cut_behind_its_point_is_whole_again_and_two_figures_stay_two() -> None:
    touching = ReadLine(
        (ReadWord("1.", (0, 0, 40, 40), 96), ReadWord("057", (45, 0, 105, 40), 60), ReadWord("10.", (200, 0, 260, 40), 96), ReadWord("3", (290, 0, 310, 40), 96)),
        (0, 0, 310, 40), 0.0, 0.0, 28.0,
    )
    assert [word.text for word in repair_words(touching)] == ["1.057", "10.", "3"]


def test_hocr_gives_words_with_boxes_lines_with_baselines_and_heights() -> None:
    parser = tesseract._HocrParser()
    parser.feed(
        "<span class='ocr_line' title=\"bbox 10 20 300 60; baseline 0.01 -9; x_size 60; x_descenders 12; x_ascenders 19\">"
        "<span class='ocrx_word' title='bbox 10 20 90 60; x_wconf 93'>Tổng</span> "
        "<span class='ocrx_word' title='bbox 100 20 180 60; x_wconf 7'><strong>A&amp;B</strong></span></span>"
        "<span class='ocr_line' title='bbox 0 0 1 1'></span>"
    )
    [line] = parser.lines()
    assert line.words == (ReadWord("Tổng", (10, 20, 90, 60), 93), ReadWord("A&B", (100, 20, 180, 60), 7))
    assert line.x_height == 29
    assert line.baseline(110) == 52


# --- pictures -----------------------------------------------------------------------------


def stripes(width: int = 800, height: int = 1000) -> Image.Image:
    """Return a page with level bars like lines of text."""
    points = np.full((height, width), 255, np.uint8)
    for y in range(100, height - 100, 40):
        points[y:y + 14, 100:width - 100:3] = 0
    return Image.fromarray(points)


@pytest.mark.parametrize("degrees", [-2.5, -1.0, 0.0, 0.6, 2.9])
def test_a_crooked_page_is_straightened_to_a_tenth_of_a_degree(degrees: float) -> None:
    page = stripes().rotate(degrees, resample=Image.Resampling.BICUBIC, fillcolor=255)
    assert find_angle(page) == pytest.approx(-degrees, abs=0.1)


def test_a_stamp_becomes_paper_black_words_in_it_stay_and_a_red_heading_stays() -> None:
    points = np.full((1170, 827, 3), 255, np.uint8)
    points[300:420, 200:320] = (210, 40, 50)
    points[350:360, 210:300] = (20, 20, 20)
    points[600:612, 200:212] = (210, 40, 50)
    grey = np.asarray(drop_stamps(Image.fromarray(points)))
    assert grey[320, 250] == 255
    assert grey[355, 250] < 40
    assert grey[606, 206] < 120


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "CMYK", "I;16", "I", "RGB"])
def test_pictures_of_every_mode_become_black_words_on_white_paper(mode: str) -> None:
    points = np.full((400, 300), 255, np.uint8)
    points[100:110, 50:250] = 0
    grey = Image.fromarray(points)
    if mode.startswith("I"):
        picture = Image.fromarray((points.astype(np.uint16) * 257) if mode == "I;16" else points.astype(np.int32) * 257)
    elif mode in ("LA", "RGBA"):
        # Words on a transparent page whose hidden colour is black.
        picture = Image.merge(mode, [Image.new("L", grey.size, 0)] * (len(mode) - 1) + [Image.fromarray(255 - points)])
    else:
        picture = grey.convert(mode)
    flat = np.asarray(pictures._flatten(picture))
    assert flat[105, 150] < 30
    assert flat[50, 150] > 225


def test_a_picture_is_turned_as_its_camera_says() -> None:
    picture = Image.new("L", (60, 40), 255)
    exif = Image.Exif()
    exif[0x0112] = 6
    assert next(open_pictures(save(picture, "JPEG", exif=exif))).size == (40, 60)


def test_pages_are_brought_to_300_dpi_by_what_the_file_says_or_as_an_a4_page() -> None:
    page = stripes(1240, 1754)
    assert clean_page(page).grey.size == (2481, 3510)
    half = stripes(1240, 877)
    half.info["dpi"] = (150, 150)
    assert clean_page(half).grey.size == (2480, 1754)
    assert clean_page(Image.new("L", (16, 16), 255)).grey.size == (64, 64)


def test_ruled_lines_are_taken_out_and_told() -> None:
    points = np.full((3508, 2481), 255, np.uint8)
    points[1000:1004, 300:2000] = 0
    points[1000:1600, 300:304] = 0
    points[1200:1230, 500:510] = 0
    clean = clean_page(Image.fromarray(points))
    assert sorted((round(x1 - x0, -2), round(y1 - y0, -2)) for x0, y0, x1, y1 in clean.rules) == [(0, 600), (1700, 0)]
    grey = np.asarray(clean.grey)
    assert grey[1002, 1500] == 255
    assert grey[1215, 505] < 60


def bomb() -> bytes:
    """Return a small file that says it is a picture of 30,000 × 30,000 points."""
    data = bytearray(save(Image.new("1", (64, 64))))
    data[16:24] = (30_000).to_bytes(4, "big") * 2
    import zlib

    data[29:33] = zlib.crc32(bytes(data[12:29])).to_bytes(4, "big")
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "bị hỏng"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 40, "bị hỏng"),
        (b"%PDF-1.7 scan", "bị hỏng"),
        (save(Image.effect_noise((300, 300), 50), "JPEG")[:3000], "bị hỏng"),
        (save(Image.effect_noise((300, 300), 50), "TIFF")[:3000], "bị hỏng"),
        (save(Image.new("L", (1, 1))), "quá nhỏ"),
        (save(Image.new("L", (4000, 3))), "quá nhỏ"),
        (bomb(), "quá lớn"),
    ],
    ids=["empty", "only a head", "PDF", "cut JPEG", "cut TIFF", "one point", "a line", "bomb"],
)
def test_damaged_and_hostile_pictures_are_refused_with_a_sentence(data: bytes, reason: str, pretend: dict[str, object]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ChooseAnotherFile, match=reason):
            read_scan(data)


def test_mutated_pictures_are_read_or_refused_with_a_sentence(pretend: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "_read_page", lambda page: scan._Read(Page((Word("Tổng", 0, 0, 9, 9, 9),), 595, 842), 90.0))
    random = np.random.default_rng(4)
    originals = [save(Image.effect_noise((80, 60), 50), form) for form in ("PNG", "JPEG", "TIFF")]
    refused = 0
    for number in range(150):
        data = bytearray(originals[number % 3])
        for place in random.integers(0, len(data), 6):
            data[place] = random.integers(0, 256)
        try:
            assert read_scan(bytes(data)).text == "Tổng"
        except ChooseAnotherFile as refusal:
            refused += 1
            assert str(refusal)
    assert 20 < refused < 150


def test_the_suffixes_of_pictures_are_registered(tmp_path: Path, pretend: dict[str, object]) -> None:
    written = io.BytesIO()
    blank().save(written, "PNG")
    for suffix in (".png", ".jpg", ".jpeg", ".tif", ".tiff"):
        (tmp_path / f"a{suffix}").write_bytes(written.getvalue())
        assert read_here(tmp_path / f"a{suffix}").text == "Tổng thu 1.234 đồng"


def test_a_note_whose_mark_was_not_recognised_keeps_its_number() -> None:
    words = [Word(text, 85 + 60 * k, 100, 140 + 60 * k, 114, 14) for k, text in enumerate(("Có", "06", "người", "chết"))]
    words.append(Word("2", 321, 98, 325, 106, 8, raised=True))
    for y, label, body in ((700, "1", "Gồm"), (715, "2", "Trong"), (730, "3", "Theo")):
        words.append(Word(label, 85, y, 89, y + 6, 6, raised=True))
        words.append(Word(body, 92, y, 120, y + 10, 10))
    assert scan.lay_out([Page(tuple(words), 595, 842)]) == "Có 06 người chết[2]\n[1] Gồm\n[2] Trong\n[3] Theo"


def test_one_digit_is_elected_by_most_readings_and_none_by_few() -> None:
    assert (_third("555"), _third("121212"), _third("5595"), _third("000")) == ("5", "12", "", "")
    assert _elect(Counter("5595" "559" "590"), (0, 0, 20, 40)) == "5"
    assert _elect(Counter("5290"), (0, 0, 20, 40)) == ""
    assert _elect(Counter("1111" "1112"), (0, 0, 40, 40)) == ""
