"""Text to report: the facts of its head, literal quotes, and no text that breaks it."""

from __future__ import annotations

import re
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.readers import read_file
from index.records import Report
from index.reporting import make_report

ROOT = Path(__file__).resolve().parents[1]
SAMPLE_REPORTS = ROOT / "docs" / "reports"
BODY = "Huyện đã hoàn thành các nội dung được giao trong kỳ, kết quả cụ thể nêu tại các mục dưới đây của báo cáo này."
HEAD = (
    "UBND HUYỆN MƯỜNG THANH\nPHÒNG VĂN HÓA\nVÀ THÔNG TIN\nSố: 45 /BC-VHTT\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"
    "Mường Thanh, ngày 5 tháng 9 năm 2024\nBÁO CÁO\nKết quả công tác 9 tháng đầu năm, nhiệm vụ quý IV năm 2024\n"
    "Căn cứ Nghị quyết ngày 01 tháng 01 năm 2021 của huyện;\n1. Văn hóa\n" + BODY
)
_OTHER_REPORTS = ROOT.parent / "shared" / "reports"
FILES = sorted(p for folder in (SAMPLE_REPORTS, _OTHER_REPORTS) if folder.is_dir() for p in folder.iterdir() if p.suffix in {".txt", ".md"})


def _report(text: str, name: str = "thu.txt") -> Report:
    return make_report(text.replace("@", BODY), name=name, source=f"upload:{name}")


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_the_head_gives_title_agency_number_date_and_period(form: str) -> None:
    report = _report(unicodedata.normalize(form, HEAD))
    assert report.title == "BÁO CÁO Kết quả công tác 9 tháng đầu năm, nhiệm vụ quý IV năm 2024"
    assert report.agency == "PHÒNG VĂN HÓA VÀ THÔNG TIN HUYỆN MƯỜNG THANH"
    assert (report.number, report.date, report.period) == ("45/BC-VHTT", "05/09/2024", "9 tháng đầu năm 2024")


def test_a_head_in_two_columns_is_read_too() -> None:
    report = _report("SỞ Y TẾ\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSố: 12/BC-SYT        Lam Khê, ngày 15 tháng 7 năm 2024\nBÁO CÁO\nCông tác y tế quý II năm 2024\n1. Y tế\n@")
    assert (report.agency, report.number, report.date, report.period) == ("SỞ Y TẾ", "12/BC-SYT", "15/07/2024", "quý II năm 2024")


def test_what_the_head_does_not_give_is_none() -> None:
    report = _report("1. Văn hóa\n@\n2. Thể thao\n@")
    assert (report.agency, report.number, report.date, report.period) == (None, None, None, None)


@pytest.mark.parametrize(("name", "title", "period"), [
    ("bao-cao-9-thang-2024.txt", "Báo cáo 9 tháng 2024", "9 tháng đầu năm 2024"),
    ("BC_quy_3_2023.txt", "BC quý 3 2023", "quý III năm 2023"),
    ("tong ket nam 2022.md", "Tong ket năm 2022", "năm 2022"),
    ("so-lieu-6T2024.txt", "So lieu 6T2024", "6 tháng đầu năm 2024"),
    ("tinh-viet-nam.txt", "Tinh viet nam", None),
])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_the_file_name_gives_title_and_period_when_the_head_does_not(name: str, title: str, period: str | None, form: str) -> None:
    report = _report("1. Văn hóa\n@", unicodedata.normalize(form, name))
    assert (report.title, report.period) == (title, period)


def test_the_text_gives_the_period_when_nothing_else_does() -> None:
    report = _report("1. Thu\nTrong quý II năm 2024 thu 12 tỷ đồng.\n2. Chi\nQuý II năm 2024 chi 9 tỷ đồng, năm 2023 chi 8 tỷ đồng.")
    assert report.period == "quý II năm 2024"


@pytest.mark.parametrize(("title", "period"), [
    ("Kết quả 6 tháng đầu năm, nhiệm vụ 6 tháng cuối năm 2024", "6 tháng đầu năm 2024"),
    ("Kết quả quý IV, nhiệm vụ quý I năm 2025", "quý IV năm 2024"),
    ("Công tác tháng 9 và 9 tháng đầu năm 2024", "9 tháng đầu năm 2024"),
    ("Tổng kết năm 2023, phương hướng năm 2024", "năm 2023"),
    ("Kết quả quý III và 9 tháng đầu năm 2024", "quý III năm 2024"),
])
def test_a_report_is_on_the_period_its_title_names_first(title: str, period: str) -> None:
    assert _report(f"BÁO CÁO\n{title}\n1. Thu\n@").period == period


def test_a_date_above_the_signature_is_the_date_when_the_head_has_none() -> None:
    assert _report("1. Thu\n@\nLam Khê, ngày 3 tháng 10 năm 2024\nGIÁM ĐỐC").date == "03/10/2024"


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.parent.name}/{path.name}")
def test_every_passage_is_a_literal_quote_of_its_file(path: Path) -> None:
    source = read_file(path).text
    report = make_report(source, name=path.name, source=str(path))
    folded = " ".join(source.split())
    for passage in report.passages:
        assert " ".join(report.text[passage.start:passage.end].split()) in folded
    _check_spans(report)


@pytest.mark.parametrize("path", sorted(SAMPLE_REPORTS.iterdir()), ids=lambda path: path.name)
def test_every_footnote_of_the_sample_reports_has_one_mark_and_its_section(path: Path) -> None:
    report = make_report(read_file(path).text, name=path.name, source=str(path))
    assert report.warnings == ()
    for note in report.footnotes:
        assert [report.text[at:at + len(note.mark) + 2] for at in note.mark_positions] == [f"[{note.mark}]"]
    assert all(report.sections[p.section].number for p in report.passages if p.kind == "footnote")


def test_the_decomposed_text_gives_the_same_report() -> None:
    for path in FILES:
        text = read_file(path).text
        a, b = (make_report(unicodedata.normalize(form, text), name=path.name, source="") for form in ("NFC", "NFD"))
        assert a == b


def _check_spans(report: Report) -> None:
    length, position = len(report.text), 0
    for passage in report.passages:
        assert position <= passage.start < passage.end <= length
        assert 0 <= passage.section < len(report.sections)
        at = passage.start
        for clause in passage.clauses:
            assert at <= clause.start < clause.end <= passage.end
            at = clause.end
        position = passage.end
    position = 0
    for index, section in enumerate(report.sections):
        assert section.index == index
        assert position == section.start <= section.end <= length
        position = section.end
    assert position == length
    for note in report.footnotes:
        assert (0 <= note.start <= note.end <= length) or (note.start, note.end) == (-1, -1)
        assert all(0 <= at < length for at in note.mark_positions)


_CHUNKS = st.sampled_from([
    "1. ", "2.1. ", "II. ", "A. ", "Điều 3. ", "Phần thứ nhất", "# ", "**", "- ", "+ ", "\n", "\n\n", "\t", " ", "[1]", "[2] ", "¹", "²", "5 ", "14", "(", ")", ";", ". ", ": ",
    "Thu ngân sách", "KẾT QUẢ", "tai nạn", "12.345,6 tỷ đồng", "05/07", "ngày 3 tháng 4 năm 2024", "Nơi nhận:", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "BÁO CÁO",
    "ĐVT: ha", "Tác giả: A", "/./", "\u0301", "\x0c", "😀", "\u202e", "Ⅻ", "٣",
])
_TEXTS = st.one_of(st.text(max_size=2_000), st.lists(_CHUNKS, max_size=120).map("".join))


@settings(max_examples=300, deadline=None)
@given(_TEXTS)
def test_no_text_raises_and_all_spans_are_in_order_and_in_range(text: str) -> None:
    report = make_report(text, name="x.txt", source="x")
    _check_spans(report)


@settings(max_examples=150, deadline=None)
@given(_TEXTS)
def test_any_text_gives_the_same_report_in_both_unicode_forms(text: str) -> None:
    a, b = (make_report(unicodedata.normalize(form, text), name="x.txt", source="x") for form in ("NFC", "NFD"))
    assert a == b


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=12))
def test_no_file_name_raises(name: str) -> None:
    assert make_report("1. Thu\nThu 12 tỷ đồng.", name=name, source="x").passages


UGLY = {
    "one long word": "a" * 60_000, "one long number": "1" * 60_000, "stops": "1." * 30_000, "blanks": " " * 60_000 + "a", "tabs": "a" + "\t" * 60_000 + "b",
    "brackets": "(" * 50_000 + ")" * 50_000, "open brackets": "[" * 100_000, "marks": "[1]" * 30_000, "empty lines": "a\n" + "\n" * 50_000 + "b",
    "open lists": "(a; " * 20_000, "stars": "**a" * 20_000, "hyphens": "- " * 30_000, "short lines": "abc def\n" * 10_000, "document": "1/" + "A-" * 30_000,
    "periods": "tháng 1 " * 7_000, "pairs": "12/34 " * 10_000, "one long line": "toàn huyện có 1.234 người, " * 2_300,
    "wrapped": "toàn huyện có một nghìn hộ dân được hỗ trợ trong kỳ báo cáo này và\n" * 2_000, "superscripts": "²" * 60_000,
}


@pytest.mark.parametrize("kind", UGLY)
def test_ugly_texts_take_no_long_time(kind: str) -> None:
    began = time.process_time()
    make_report(UGLY[kind], name="x.txt", source="x")
    assert time.process_time() - began < 3


def test_a_report_of_usual_size_is_read_at_once_and_five_megabytes_in_seconds() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(SAMPLE_REPORTS.iterdir()))
    began = time.process_time()
    make_report(text[:25_000], name="x.txt", source="x")
    assert time.process_time() - began < 0.15
    copies = 5_000_000 // len(text.encode())
    began = time.process_time()
    assert len(make_report(text * copies, name="x.txt", source="x").passages) > 100 * copies
    assert time.process_time() - began < 10


def test_the_id_depends_on_the_text_alone() -> None:
    a, b, c = _report("1. Thu\n@", "a.txt"), _report("1. Thu\r\n@  ", "b.txt"), _report("1. Chi\n@", "a.txt")
    assert a.id == b.id != c.id
    assert re.fullmatch(r"[0-9a-f]{12}", a.id)
