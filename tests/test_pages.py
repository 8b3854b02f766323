"""The pages of a report: where each begins in the canonical text, kept in the library, told in the citation."""

from __future__ import annotations

import sqlite3
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.__main__ import answer_record
from assistant.__main__ import main as ask
from assistant.answers import Answer, Citation
from assistant.web.rendering import render_sources
from index.embedding import open_embedder
from index.library import Library
from index.pages import count_solid, lift_page_breaks
from index.readers import SourceText
from index.records import Report
from index.reporting import make_report
from index.schema import SCHEMA_VERSION

TEXT = """BÁO CÁO
Kết quả công tác 9 tháng đầu năm 2024
1. Tình hình tai nạn lao động
Trong 9 tháng, toàn tỉnh xảy ra 04 vụ tai nạn lao động chết người, làm\f06 người chết[1].
2. Đào tạo nghề
2
\fTrang 3
Tuyển sinh 5.120 người, \f\fđạt 86,65% kế hoạch.
Nghề\tSố người
May\t1.264\f
Điện\t\f380
[1] Gồm huyện Hoà Bình 02 người, thị xã Khánh Hòa 04 người.
"""


def read(text: str, *, paged: bool = True) -> Report:
    return make_report(text, name="bao-cao.pdf", source="/bao-cao.pdf", wrapped=False, paged=paged)


def page_of(report: Report, words: str) -> int | None:
    return report.page_at(report.text.index(words))


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_each_place_has_the_page_it_stands_on(form: str) -> None:
    report = read(unicodedata.normalize(form, TEXT))
    assert "làm 06 người chết[1]." in report.text
    assert "người, đạt 86,65%" in report.text
    assert "\f" not in report.text
    pages = {words: page_of(report, words) for words in ("BÁO CÁO", "04 vụ", "làm", "06 người", "Đào tạo", "5.120", "86,65%", "May", "1.264", "Điện", "380")}
    assert pages == {
        "BÁO CÁO": 1, "04 vụ": 1, "làm": 1, "06 người": 2, "Đào tạo": 2, "5.120": 3, "86,65%": 5, "May": 5, "1.264": 5, "Điện": 6, "380": 7,
    }
    assert len(report.pages) == 7


def test_a_footnote_is_on_the_page_of_its_mark() -> None:
    report = read(TEXT)
    assert page_of(report, "Gồm huyện Hoà Bình") == page_of(report, "[1].") == 2


def test_a_format_without_pages_has_none_and_one_page_is_page_one() -> None:
    assert read(TEXT, paged=False).pages == ()
    assert page_of(read(TEXT, paged=False), "86,65%") is None
    assert read("Có 04 vụ.").pages == (0,)
    assert read("\fCó 04 vụ.").page_at(0) == 2


def test_text_without_form_feeds_reads_the_same_whether_paged_or_not() -> None:
    text = TEXT.replace("\f", " ")
    assert read(text).text == read(text, paged=False).text


_CHUNKS = st.sampled_from(["\f", "\f", "\n", " ", "\t", "12", "Trang 3", "-----", "04 vụ tai nạn", "Đào tạo nghề.", "- tuyển sinh", "[1]", "\n[1] Gồm", "e\u0301"])


@settings(max_examples=200, deadline=None)
@given(st.lists(_CHUNKS, max_size=60).map("".join))
def test_a_form_feed_changes_white_space_only_and_pages_are_in_order(text: str) -> None:
    lifted, breaks = lift_page_breaks(text)
    assert len(breaks) == text.count("\f")
    assert count_solid(lifted) == count_solid(text)
    assert "  " not in lifted or "  " in text.replace("\f", "")
    report = read(text)
    assert list(report.pages) == sorted(report.pages)
    assert len(report.pages) == 1 + text.count("\f")
    assert 0 <= report.pages[0] <= report.pages[-1] <= len(report.text)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(1, 60), min_size=1, max_size=12))
def test_every_sentence_is_found_on_the_page_it_was_written_on(sizes: list[int]) -> None:
    """Against a slow, obvious count: each sentence carries the number of its page."""
    pages = [" ".join(f"Huyện số {page}x{n} có một nghìn hộ." for n in range(size % 7)) for page, size in enumerate(sizes, start=1)]
    report = read("\f".join(pages))
    for page, size in enumerate(sizes, start=1):
        assert [page_of(report, f"số {page}x{n} ") for n in range(size % 7)] == [page] * (size % 7)


def test_pages_are_kept_in_the_library_and_over_reindex(tmp_path: Path, monkeypatch) -> None:
    embedder = open_embedder()
    file = tmp_path / "bao-cao.pdf"
    file.write_bytes(b"%PDF")
    monkeypatch.setattr("index.intake.read_file", lambda path: SourceText(TEXT, "pdf", paged=True))
    with Library.open(tmp_path / "kho", create=True, embedder=embedder) as library:
        library.add([file])
        added = library.report("bao-cao")
        library.reindex()
        assert library.check() == []
        assert library.report("bao-cao") == added
        assert page_of(added, "86,65%") == 5


def test_a_changed_page_is_found(tmp_path: Path) -> None:
    with Library.open(tmp_path / "kho", create=True, embedder=open_embedder()) as library:
        library._intake.add_source(SourceText(TEXT, "pdf", paged=True), "bao-cao.pdf", "/bao-cao.pdf", None)
        library._store._connection.execute("UPDATE reports SET pages = replace(pages, '[0,', '[1,')")
        assert any("bao-cao.pdf: văn bản đã lưu bị hỏng" in defect for defect in library.check())


def test_a_library_of_the_schema_before_is_brought_up_with_all_its_reports(tmp_path: Path) -> None:
    with Library.open(tmp_path / "kho", create=True, embedder=open_embedder()) as library:
        # Older programs kept no names of columns.
        library.add_text(TEXT.replace("\t", " "), name="bao-cao.txt")
        before = library.report("bao-cao")
    connection = sqlite3.connect(tmp_path / "kho" / "library.sqlite")
    connection.execute("ALTER TABLE reports DROP COLUMN pages")
    connection.execute("ALTER TABLE passages DROP COLUMN columns")
    connection.execute("DROP TABLE corrections")
    connection.execute("DROP TABLE files")
    connection.execute("PRAGMA user_version = 2")
    connection.commit()
    connection.close()
    with Library.open(tmp_path / "kho") as library:
        assert library.check() == []
        assert library.report("bao-cao") == before
        assert library._store.schema_version() == SCHEMA_VERSION == 3


def test_a_citation_tells_its_page_on_the_command_line_in_json_and_on_the_page(tmp_path: Path, capsys) -> None:
    with Library.open(tmp_path / "kho", create=True, embedder=open_embedder()) as library:
        library._intake.add_source(SourceText(TEXT, "pdf", paged=True), "bao-cao.pdf", "/bao-cao.pdf", None)
    assert ask(["ask", "9 tháng tai nạn lao động làm bao nhiêu người chết?", "--library", str(tmp_path / "kho")]) == 0
    assert "mục 1, trang 1\n" in capsys.readouterr().out
    report = read(TEXT)
    start = report.text.index("đạt 86,65%")
    citation = Citation(report, report.sections[-1], None, report.text[start:start + 10], start, start + 10)
    assert citation.page == 5
    assert answer_record(Answer("", citations=(citation,)))["citations"][0]["page"] == 5
    assert "mục 2, trang 5" in render_sources((citation,)).replace("&#44;", ",")
