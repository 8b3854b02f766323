"""Saved web pages: the article comes out as the plain text of the same report, the site around it does not."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import SAMPLE_REPORTS
from making.legacy import to_tcvn3, to_vni, to_vps
from making.web_page import FURNITURE, LAYOUTS, make_html, make_mht

from index.errors import ChooseAnotherFile
from index.readers import read_file
from index.readers.web_page import read_web_archive, read_web_page
from index.records import Report
from index.reporting import make_report

SAMPLES = sorted(SAMPLE_REPORTS.glob("*.txt"))


def lines_of(body: str, head: str = "") -> list[str]:
    page = f"<!DOCTYPE html><html><head><meta charset=utf-8>{head}</head><body>{body}</body></html>"
    return read_web_page(page.encode()).text.split("\n")


def parts_of(report: Report) -> tuple:
    return (
        [(section.number, section.title, section.path) for section in report.sections],
        [(note.mark, report.text[note.start:note.end], note.mark_positions) for note in report.footnotes],
        [(passage.kind, report.text[passage.start:passage.end], passage.marks, passage.context) for passage in report.passages],
        (report.title, report.agency, report.number, report.date, report.period),
    )


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_a_report_on_a_portal_page_is_the_report_of_the_text_file(sample: Path, layout: str) -> None:
    text = sample.read_text(encoding="utf-8")
    source = read_web_page(make_html(text, layout))
    assert (source.format, source.warnings, source.wrapped) == ("html", (), False)
    assert [words for words in FURNITURE if words in source.text] == []
    plain = make_report(text, name=sample.name, source="x")
    assert parts_of(make_report(source.text, name=sample.name, source="x", wrapped=False)) == parts_of(plain)


def test_a_page_is_read_from_files_of_every_suffix(tmp_path: Path) -> None:
    text = SAMPLES[0].read_text(encoding="utf-8")
    page = make_html(text)
    expected = read_web_page(page).text
    for name in ("a.html", "a.HTM", "a.xhtml"):
        (tmp_path / name).write_bytes(page)
        assert read_file(tmp_path / name).text == expected
    for name in ("a.mht", "a.mhtml", "renamed.html"):
        (tmp_path / name).write_bytes(make_mht(page))
        assert read_file(tmp_path / name).text == expected


@pytest.mark.parametrize(
    ("head", "encode"),
    [
        ("<meta charset=utf-8>", lambda text: text.encode()),
        ("", lambda text: text.encode()),
        ("", lambda text: text.encode("utf-16")),
        ("<meta charset=windows-1252>", lambda text: text.encode()),
        ("<meta charset=x-unknown>", lambda text: text.encode()),
        ("<meta http-equiv=Content-Type content='text/html; charset=us-ascii'>", lambda text: text.encode("ascii", "xmlcharrefreplace")),
    ],
    ids=["declared", "undeclared", "byte order mark", "wrongly declared", "unknown name", "character references"],
)
def test_the_encoding_is_found(head: str, encode: Callable[[str], bytes]) -> None:
    page = f"<html><head>{head}</head><body><p>Ước đạt 86,65% kế hoạch – “tỷ lệ” lao động</p></body></html>"
    assert read_web_page(encode(page)).text == "Ước đạt 86,65% kế hoạch – “tỷ lệ” lao động"


def test_old_fonts_are_repaired_by_the_font_of_each_run() -> None:
    def old(text: str) -> str:
        return to_tcvn3(text).decode("latin-1")

    body = (
        f"<p><font face='.VnTimeH'>{old('báo cáo')}</font> của <span style='font-family:\".VnTime\"'>{old('tỉnh năm 2004')}</span></p>"
        f"<p class=a>{old('Đạt 86,65% kế hoạch')}</p><p style='font-family:\"VNI-Times\"'>{to_vni('Sở Lao động').decode('latin-1')}</p><p>Sở Nội vụ, nhà và xã</p>"
    )
    source = read_web_page(f"<meta charset=utf-8><style>p.a, li.a {{font-size:9pt; font-family:.VnArial}}</style>{body}".encode())
    assert source.text.split("\n") == ["BÁO CÁO của tỉnh năm 2004", "Đạt 86,65% kế hoạch", "Sở Lao động", "Sở Nội vụ, nhà và xã"]
    assert ["TCVN3" in warning or "VNI" in warning for warning in source.warnings] == [True, True]


def test_a_whole_page_in_an_old_font_is_repaired_without_a_font_name() -> None:
    text = SAMPLES[0].read_text(encoding="utf-8")
    for encode in (to_tcvn3, to_vni, to_vps):
        page = encode(make_html(text, "old").decode().replace("charset=utf-8", "charset=x-user-defined"))
        assert read_web_page(page).text == text.rstrip("\n")
        assert read_web_page(page.decode("latin-1").encode()).text == text.rstrip("\n")


def test_list_numbers_that_the_browser_counts_are_written_out() -> None:
    body = (
        "<ol><li>Một<li>Hai<ol type=a><li>nhỏ<li>nhỏ hơn</ol><li value=7>Bảy<li>Tám</ol>"
        "<ol start=3 type=I><li>Ba</ol><ol reversed><li>cuối<li>đầu</ol><ol style='list-style-type:upper-alpha'><li>Mục</ol>"
        "<ul><li>Ý<ul><li>con</ul><li>- đã có gạch<li>9.160 hộ</ul><ol><li>1. đã có số</ol><ol style='list-style:none'><li>trần</ol>"
    )
    assert lines_of(body) == [
        "1. Một", "2. Hai", "a) nhỏ", "b) nhỏ hơn", "7. Bảy", "8. Tám", "III. Ba", "2. cuối", "1. đầu", "A. Mục",
        "- Ý", "- con", "- đã có gạch", "- 9.160 hộ", "1. đã có số", "- trần",
    ]


def test_headings_keep_their_level_where_no_number_shows_it() -> None:
    body = "<h1>Báo cáo năm</h1><h2>I. Tình hình</h2><h3>Việc làm</h3><h3>1.2. Số liệu</h3><h4>a) Trẻ em</h4><h2>9.160 hộ nghèo</h2><p>Chữ."
    assert lines_of(body) == ["Báo cáo năm", "I. Tình hình", "### Việc làm", "1.2. Số liệu", "#### a) Trẻ em", "## 9.160 hộ nghèo", "Chữ."]


def test_a_table_keeps_its_columns_where_cells_are_merged() -> None:
    body = (
        "<p>Kết quả</p><table border=1><thead><tr><td colspan=4>(Đơn vị tính: triệu đồng)<tr><th rowspan=2>Địa phương<th colspan=2>Vốn giao<th rowspan=2>Ghi chú"
        "<tr><th>Kế hoạch<th>Thực hiện</thead><tr><td>Huyện Bến Đá<td>1.250,5<td>86,65%<td><tr><td colspan=4>Nhóm hai<tr><td rowspan=2>Thị xã<td colspan=2>12<td>x<br>y"
        "<tr><td>3<td>4<td></table><p>Hết."
    )
    assert lines_of(body) == [
        "Kết quả", "(Đơn vị tính: triệu đồng)", "Địa phương\tVốn giao\tVốn giao\tGhi chú", "Địa phương\tKế hoạch\tThực hiện\tGhi chú",
        "Huyện Bến Đá\t1.250,5\t86,65%\t", "Nhóm hai\t\t\t", "Thị xã\t12\t\tx y", "Thị xã\t3\t4\t", "", "Hết.",
    ]


def test_the_head_of_a_document_set_in_a_table_is_read_column_by_column() -> None:
    body = (
        "<table><tr><td><p>ỦY BAN NHÂN DÂN<br>TỈNH LAM KHÊ<td><p>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
        "<tr><td>Số: 12/BC-UBND<td>Lam Khê, ngày 5 tháng 1 năm 2024</table><p>BÁO CÁO"
    )
    assert lines_of(body) == [
        "ỦY BAN NHÂN DÂN", "TỈNH LAM KHÊ", "Số: 12/BC-UBND", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Lam Khê, ngày 5 tháng 1 năm 2024", "BÁO CÁO",
    ]


def test_notes_are_numbered_in_the_order_of_their_marks() -> None:
    body = (
        "<p>Có 5 vụ <a href='https://x.vn/bc.html#fn7' id=r7><sup>7</sup></a>, 3 người<a href='#fn2' id=r2>(*)</a>; 12 km<sup>2</sup>, đất 5 m<sup>3</sup>. Xem <a href='#p2'>2</a>."
        "<p id=p2>Phần hai</p><ol><li id=fn2>Ở xã <i>Đông</i>. <a href='#r2'>↩</a></li><li id=fn7><p>Theo Nghị quyết 7.</p></li></ol>"
    )
    assert lines_of(body) == ["Có 5 vụ[1], 3 người[2]; 12 km², đất 5 m³. Xem 2.", "Phần hai", "[1] Theo Nghị quyết 7.", "[2] Ở xã Đông."]


def test_a_link_raised_twice_is_a_mark_and_a_page_header_is_none_of_the_text() -> None:
    # As LibreOffice exports a document.
    body = (
        '<div title="header"><p>ĐẦU TRANG</div><p>Tại tỉnh<sup><font><a name="sdfootnote1anc" href="#sdfootnote1sym"><sup>1</sup></a></font></sup>.'
        '<div id="sdfootnote1"><p><a name="sdfootnote1sym" href="#sdfootnote1anc">1</a>\n\tGồm 02 Nghị quyết.</div>'
    )
    assert lines_of(body) == ["Tại tỉnh[1].", "[1] Gồm 02 Nghị quyết."]


def test_what_a_page_hides_or_runs_is_no_text() -> None:
    body = "<p>Có 5 vụ<p style='display:none'>ẩn<p hidden>ẩn<script>alert(1)</script><style>p{}</style><noscript>ẩn</noscript><textarea>ẩn</textarea><!-- ẩn --><p>Hết"
    assert lines_of(body) == ["Có 5 vụ", "Hết"]


def test_line_ends_in_the_source_are_spaces_and_those_of_pre_are_line_ends() -> None:
    assert lines_of("<p>Năm\n2024&nbsp; có<br>5 vụ<pre>Dòng một\n  dòng hai</pre>") == ["Năm 2024 có", "5 vụ", "Dòng một", "dòng hai"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "tệp rỗng"),
        (b"<html><body><script>var a=1</script></body></html>", "không có nội dung bài viết"),
        (b"<html></html>", "không có nội dung bài viết"),
        (b"%PDF-1.7 <html>", "bên trong là PDF"),
        (b"<div>" * 3000 + b"x", "lồng quá nhiều lớp"),
        (b"<table><tr><td>" * 3000 + b"x", "lồng quá nhiều lớp"),
        (b"MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nx", "mht"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=a\r\n\r\n--a\r\n", "mht"),
    ],
)
def test_what_is_no_article_is_refused_with_a_sentence(data: bytes, reason: str) -> None:
    with pytest.raises(ChooseAnotherFile, match=reason):
        read_web_page(data)


def test_entities_and_files_from_elsewhere_are_not_loaded(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("bí mật", encoding="utf-8")
    page = (
        f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY a "ha ha"><!ENTITY b "&a;&a;&a;"><!ENTITY c SYSTEM "file://{tmp_path}/secret.txt">]>'
        f'<html><body><p>Có 5 vụ &b; &c;</p><iframe src="file://{tmp_path}/secret.txt"></iframe></body></html>'
    )
    text = read_web_page(page.encode()).text
    assert "Có 5 vụ" in text
    assert "bí mật" not in text
    assert "ha ha ha ha" not in text


def test_bombs_are_refused_in_seconds() -> None:
    began = time.monotonic()
    spans = "<table border=1><tr><th>a<th>b" + "<tr><td colspan=1000>x" * 5000
    with pytest.raises(ChooseAnotherFile, match="bảng quá lớn"):
        read_web_page(spans.encode())
    with pytest.raises(ChooseAnotherFile, match="quá lớn"):
        read_web_page(b"<p>x" * 400_000)
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (k, k) for k in range(3000))
    with pytest.raises(ChooseAnotherFile, match="mht"):
        read_web_archive(b"MIME-Version: 1.0\r\n" + nested)
    notes = "".join(f"<p>x<a href=#f{k}>[{k % 99}]</a>" for k in range(5000)) + "".join(f"<p id=f{k}>[{k % 99}] y" for k in range(5000))
    assert len(lines_of(notes)) == 10_000
    assert time.monotonic() - began < 15


def test_a_wide_cell_covers_no_more_columns_than_the_table_may_have() -> None:
    assert lines_of("<table border=1><tr><th colspan=1000>a<th>b<tr><td>1<td>2</table><p>Hết")[-1] == "Hết"
