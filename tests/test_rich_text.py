"""RTF files: text in every way that RTF writes it, footnotes tied, tables on their columns, nothing embedded read."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import SAMPLE_REPORTS
from making.legacy import to_tcvn3, to_vni
from making.rich_text import in_1258, in_font, in_unicode, make_rtf

from index.errors import ChooseAnotherFile
from index.readers import read_file
from index.readers.rich_text import read_rich_text
from index.reporting import make_report

SAMPLES = sorted(SAMPLE_REPORTS.glob("*.txt"))
WRITERS = {"unicode": in_unicode, "cp1258": in_1258, "tcvn3": in_font(to_tcvn3, 3), "vni": in_font(to_vni, 4)}
HEAD = r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\froman\fcharset0 Times New Roman;}{\f1\fnil\fcharset2 Symbol;}{\f3\fnil .VnTime;}{\f5\fnil .VnTimeH;}{\f6\fnil\fcharset238 Arial CE;}}"


def lines_of(body: str) -> list[str]:
    return read_rich_text((HEAD + body + "}").encode("latin-1")).text.split("\n")


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_a_report_comes_out_of_rtf_letter_for_letter(tmp_path: Path, sample: Path, writer: str) -> None:
    text = sample.read_text(encoding="utf-8").rstrip("\n")
    (tmp_path / "bao-cao.rtf").write_bytes(make_rtf(text, WRITERS[writer]))
    source = read_file(tmp_path / "bao-cao.rtf")
    assert source.text == text
    assert (source.format, source.wrapped, len(source.warnings)) == ("rtf", False, 1 if writer in ("tcvn3", "vni") else 0)
    report = make_report(source.text, name=sample.name, source="x", wrapped=False)
    plain = make_report(text, name=sample.name, source="x")
    assert [(note.mark, note.mark_positions) for note in report.footnotes] == [(note.mark, note.mark_positions) for note in plain.footnotes]
    assert report.sections == plain.sections


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        (r"\'c1o 12 km{\super 2}, gi\u225?\par", ["Áo 12 km², giá"]),
        (r"\uc2 \u7879?? \uc0\u7879 \uc1 \u7879\'3f xong\par", ["ệ ệệ xong"]),
        (r"\u-10179?\u-8704? ok", ["😀 ok"]),
        (r"m\'f4{\f6 \'f3\'b3}\emdash\ldblquote a\rdblquote\~b\_c\-d \{x\} \\\par", ["môół—“a” b-cd {x} \\"]),
        (r"tr\'f4ng{\v b\'ed m\'e2t} th\'e2y{\deleted c\'f9} {\v0 r\'f5}\par", ["trông thây rõ"]),
        (r"{\header H\par}{\footer F\par}{\*\generator G;}{\info{\author A}}{\pict\pngblip 89504e47}{\*\unknown U}Ch\'ed{\field{\*\fldinst HYPERLINK x}{\fldrslt nh}}\par", ["Chính"]),
        (r"{\upr{cu}{\*\ud{m\u7899?i}}}\par", ["mới"]),
        (r"A{\shp{\*\shpinst\shpleft1{\sp{\sn a}{\sv b}}{\shptxt\pard Khung\par}}{\shprslt K}} b\par", ["Khung", "A b"]),
        (r"{\listtext\pard\plain\f1 \'b7\tab}M\'fa\par {\listtext 1.2.\tab}Hai\par {\pntext\f1 \'a7\tab}Ba\par", ["- Mú", "1.2. Hai", "- Ba"]),
        (r"{\f5 B\'b8o c\'b8o }{\f3 n\b\'a8\b0 m}\par", ["BÁO CÁO năm"]),
        (r"{\stylesheet{\s0 Normal;}{\s3 heading 3;}}\pard\s3 Vi\'eac l\'e0m\par\pard ch\'f9\par\pard\outlinelevel0 1. M\'f4t\par", ["### Viêc làm", "chù", "1. Môt"]),
        (r"D\'f2ng m\'f4t\line hai\page ba\par", ["Dòng môt", "hai", "ba"]),
        (r"A\bin5 }}}}}B\par", ["AB"]),
    ],
)
def test_every_way_of_writing_is_understood(body: str, lines: list[str]) -> None:
    assert lines_of(body) == lines


def test_footnotes_and_endnotes_are_tied_in_order_whatever_their_marks_look_like() -> None:
    body = (
        r"Co {\super *{\footnote\pard {\super *} Mot.\par Hai.}}, ba{\super\chftn}{\footnote\ftnalt\pard\chftn  Cuoi {\i nghieng}}\par"
        r"\trowd\cellx100\cellx200\intbl x{\footnote\pard Trong bang}\cell 1,5\cell\row\trowd\cellx100\cellx200\intbl y\cell 2,5\cell\row\pard Het\par"
    )
    assert lines_of(body) == ["Co[1], ba[2]", "x[3]\t1,5", "y\t2,5", "", "Het", "[1] Mot. Hai.", "[2] Cuoi nghieng", "[3] Trong bang"]


def test_cells_stand_in_the_columns_of_their_edges() -> None:
    body = (
        r"\trowd\clvmgf\cellx1000\cellx3000\intbl Xa\cell Von\cell\row\trowd\clvmrg\cellx1000\cellx2000\cellx3010\intbl\cell Ke hoach\cell Thuc hien\cell\row"
        r"\trowd\cellx1000\clmgf\cellx2000\clmrg\cellx3000\intbl Dong\cell 1.250,5\cell\cell\row\trowd\cellx1000\cellx2000\cellx3000\intbl Tay\par Bac\cell 980\cell 12%\cell\row\pard Het\par"
    )
    assert lines_of(body) == ["Xa\tVon\tVon", "Xa\tKe hoach\tThuc hien", "Dong\t1.250,5\t", "Tay Bac\t980\t12%", "", "Het"]


def test_two_tables_with_an_empty_line_between_are_two() -> None:
    row = r"\trowd\cellx%d\cellx%d\intbl a\cell 1\cell\row\trowd\cellx%d\cellx%d\intbl b\cell 2\cell\row\pard\par "
    assert lines_of(row % (100, 200, 100, 200) + row % (700, 900, 700, 900)) == ["a\t1", "b\t2", "", "a\t1", "b\t2", ""]


def test_a_head_set_in_a_table_is_read_column_by_column() -> None:
    body = r"\trowd\cellx100\cellx200\intbl UBND TINH\par SO NOI VU\cell CONG HOA\cell\row\trowd\cellx100\cellx200\intbl So: 5/BC\cell ngay 5\cell\row\pard BAO CAO\par"
    assert lines_of(body) == ["UBND TINH", "SO NOI VU", "So: 5/BC", "CONG HOA", "ngay 5", "BAO CAO"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "không phải là tệp RTF"),
        (b"PK\x03\x04", "không phải là tệp RTF"),
        (b"{\\rtf1 {\\pict 00}}", "tệp rỗng"),
        (b"{\\rtf1 " + b"{" * 100_000, "không phải là tệp RTF"),
    ],
)
def test_what_is_no_rtf_is_refused_with_a_sentence(data: bytes, reason: str) -> None:
    with pytest.raises(ChooseAnotherFile, match=reason):
        read_rich_text(data)


def test_a_file_that_was_cut_short_is_read_as_far_as_it_goes_and_told() -> None:
    whole = make_rtf(SAMPLES[0].read_text(encoding="utf-8"))
    source = read_rich_text(whole[:len(whole) // 2])
    assert source.text.startswith("SỞ LAO ĐỘNG")
    assert any("cắt cụt" in warning for warning in source.warnings)


@pytest.mark.parametrize("write", [in_unicode, in_1258], ids=["unicode", "cp1258"])
def test_damaged_files_are_read_or_refused_without_a_traceback(write: Callable[[str], str]) -> None:
    chosen = random.Random(7)
    whole = make_rtf(SAMPLES[0].read_text(encoding="utf-8")[:3000] + "\na\tb\t1\nc\td\t2\n", write)
    for _ in range(60):
        data = bytearray(whole)
        for _ in range(chosen.randint(1, 30)):
            data[chosen.randrange(len(data))] = chosen.choice(b"{}\\'\x00\xff09uf ")
        try:
            assert read_rich_text(bytes(data)).text
        except ChooseAnotherFile as refusal:
            assert str(refusal)


def test_a_large_file_is_read_in_seconds() -> None:
    began = time.monotonic()
    paragraph = make_rtf(SAMPLES[0].read_text(encoding="utf-8"))
    body = HEAD.encode() + paragraph[paragraph.index(b"\\paperw11907"):-1] * 8 + b"{\\pict " + b"00" * 2_000_000 + b"}}"
    assert len(read_rich_text(body).text) > 100_000
    assert time.monotonic() - began < 10
