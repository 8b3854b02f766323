"""Bytes to text: every encoding a Vietnamese office uses comes out right, what is no text is refused with a reason."""

from __future__ import annotations

import codecs
import errno
import os
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import ChooseAnotherFile
from index.readers import list_files, read_file
from index.readers.formats import read_doc_file
from index.readers.markdown import read_markdown
from index.readers.plain import decode

TEXT = (
    "Sở Lao động – Thương binh và Xã hội\n1. Tình hình tai nạn lao động\n"
    "Trong 9 tháng, toàn tỉnh xảy ra 04 vụ tai nạn lao động chết người, làm 06 người chết[1].\n"
    "Đã chi trả 291.463,467 triệu đồng; ước đạt 86,65% kế hoạch. Ủy ban, Uỷ ban, hoà, hòa, khuỷu.\n"
)


def encode_1258(text: str) -> bytes:
    """Encode as Windows does: the vowel with its hat or horn as one byte, the tone mark as another."""
    encoded = bytearray()
    for character in unicodedata.normalize("NFC", text):
        try:
            encoded += character.encode("cp1258")
        except UnicodeEncodeError:
            marks = unicodedata.normalize("NFD", character)
            tone = next(mark for mark in marks if mark in "\u0300\u0301\u0303\u0309\u0323")
            vowel = unicodedata.normalize("NFC", marks.replace(tone, ""))
            encoded += vowel.encode("cp1258") + tone.encode("cp1258")
    return bytes(encoded)


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        unicodedata.normalize("NFD", TEXT).encode(),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"),
        encode_1258(TEXT),
        TEXT.replace("\n", "\r\n").encode(),
    ],
    ids=["utf-8", "utf-8 bom", "decomposed", "utf-16-le bom", "utf-16-be bom", "utf-16-le", "utf-16-be",
         "utf-32", "windows-1258", "crlf"],
)
def test_every_usual_encoding_gives_the_same_text(data: bytes) -> None:
    decoded = decode(data)
    assert decoded.text.replace("\r\n", "\n") == TEXT
    assert decoded.warnings == ()


@given(st.text(alphabet="aăâeêioôơuưyđbcd àảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ0123.,\n", min_size=30))
def test_windows_1258_comes_out_as_it_went_in(words: str) -> None:
    text = "Báo cáo của Sở Lao động về việc thực hiện nhiệm vụ: " + words
    assert decode(encode_1258(text)).text == text


@given(st.binary(max_size=400))
def test_any_bytes_are_decoded_or_refused_with_a_sentence(data: bytes) -> None:
    try:
        text = decode(data).text
    except ChooseAnotherFile as refusal:
        assert str(refusal)
    else:
        assert unicodedata.is_normalized("NFC", text)
        assert text.strip()


@pytest.mark.parametrize("data", [b"", b"  \n\t\r\n ", codecs.BOM_UTF8, codecs.BOM_UTF16_LE + " \n".encode("utf-16-le")])
def test_a_file_without_letters_is_called_empty(data: bytes) -> None:
    with pytest.raises(ChooseAnotherFile, match="tệp rỗng"):
        decode(data)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"%PDF-1.7\n1 0 obj", "bên trong là PDF"),
        (b"PK\x03\x04\x14\x00\x06\x00", "Word/Excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "đời cũ"),
        (b"{\\rtf1\\ansi B\\'e1o c\\'e1o}", "RTF"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00", "nhị phân"),
        (bytes(range(256)) * 40, "nhị phân"),
        (b"\x01\x02\x03\x04\x05\x06\x07\x08\x0e\x0f\x10" * 20, "nhị phân"),
        (b"\x81\x8d\x8f\x90\x9d" * 50, "nhị phân|bảng mã"),
    ],
)
def test_what_is_no_text_is_refused_with_what_it_is(data: bytes, reason: str) -> None:
    with pytest.raises(ChooseAnotherFile, match=reason):
        decode(data)


def test_a_few_broken_bytes_are_told_and_do_not_cost_the_report() -> None:
    data = (TEXT * 3).encode()
    decoded = decode(data[:-1] + b"\xc3\x28\n")
    assert "04 vụ tai nạn lao động chết người" in decoded.text
    assert any("1 ký tự hỏng" in warning for warning in decoded.warnings)


def test_old_fonts_are_told() -> None:
    # "Báo cáo tình hình tai nạn lao động" in TCVN3 and in VNI letters, saved as Unicode.
    tcvn3 = "B¸o c¸o t×nh h×nh tai n¹n lao ®éng n¨m 2004 cña tØnh\n" * 3
    vni = "Baùo caùo tình hình tai naïn lao ñoäng naêm 2004 cuûa tænh\n" * 3
    assert any("TCVN3" in warning for warning in decode(tcvn3.encode()).warnings)
    assert any("TCVN3" in warning for warning in decode(tcvn3.encode("latin-1")).warnings)
    assert any("VNI" in warning for warning in decode(vni.encode()).warnings)


def test_superscripts_stay_superscripts() -> None:
    assert decode("đạt 15² tỷ đồng¹".encode()).text == "đạt 15² tỷ đồng¹"


def test_stray_control_characters_are_dropped_and_page_ends_kept() -> None:
    text = decode(("Mục 1\x07 về\x00 việc\f\tTrang 2\n" + TEXT * 10).encode()).text
    assert text.startswith("Mục 1 về việc\f\tTrang 2\n")


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("## 2.1. Về **tai nạn** lao động", "## 2.1. Về tai nạn lao động"),
        ("Có **04 vụ** *chết người*, __06 người__ chết", "Có 04 vụ chết người, 06 người chết"),
        ("***Trong đó***: `17` vụ", "Trong đó: 17 vụ"),
        ("* gạch đầu dòng\n  + gạch con", "- gạch đầu dòng\n  - gạch con"),
        ("đã chi 5*3*2 và a_b_c, 3 * 4 * 5", "đã chi 5*3*2 và a_b_c, 3 * 4 * 5"),
        ("chết người[^1], xem [Nghị định](https://example.org/a_(b)) và [2]", "chết người[1], xem Nghị định và [2]"),
        ("[^1]: Nghị quyết số 77/2024/NQ-HĐND", "[1] Nghị quyết số 77/2024/NQ-HĐND"),
        ("| STT | Nội dung | ĐVT |\n|:---|---|---:|\n| 1 | Thu | 1.234 |", "STT\tNội dung\tĐVT\n1\tThu\t1.234"),
        ("1\\. Không phải danh sách \\*sao\\*", "1. Không phải danh sách *sao*"),
        ("> Trích dẫn\n```\nmã\n```\n<!-- ghi\nchú -->hết", "Trích dẫn\nmã\nhết"),
        ("Dòng một<br>dòng hai", "Dòng một dòng hai"),
    ],
)
def test_markdown_loses_its_marking_and_keeps_its_words(markdown: str, plain: str) -> None:
    assert read_markdown(markdown) == plain


@given(st.text(alphabet="aạ1 .,;:/%()-\n", max_size=200))
def test_text_without_marking_is_left_as_it_is(text: str) -> None:
    if "--" not in text:
        assert read_markdown(text) == text


def test_a_file_is_read_by_its_suffix(tmp_path: Path) -> None:
    (tmp_path / "a.TXT").write_text("Báo cáo **9** tháng", encoding="utf-8")
    (tmp_path / "a.md").write_text("Báo cáo **9** tháng", encoding="utf-8")
    assert read_file(tmp_path / "a.TXT").text == "Báo cáo **9** tháng"
    source = read_file(tmp_path / "a.md")
    assert (source.text, source.format) == ("Báo cáo 9 tháng", "markdown")


def test_folders_are_walked_in_name_order_without_hidden_files(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / ".git").mkdir()
    for name in ("z.txt", "a.txt", ".an.txt", "b/c.md", ".git/d.txt"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    assert [file.relative_to(tmp_path).as_posix() for file in list_files(tmp_path)] == ["a.txt", "z.txt", "b/c.md"]


def test_a_loop_of_links_ends(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "bao-cao.txt").write_text("x", encoding="utf-8")
    os.symlink(tmp_path, tmp_path / "a" / "vong")
    os.symlink(tmp_path / "b.txt", tmp_path / "b.txt")
    assert sorted(file.name for file in list_files(tmp_path)) == ["b.txt", "bao-cao.txt"]
    with pytest.raises(ChooseAnotherFile, match="liên kết vòng"):
        read_file(tmp_path / "b.txt")


def test_a_folder_that_cannot_be_opened_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "kín").mkdir()
    (tmp_path / "a.txt").write_text("x", encoding="utf-8")
    # The superuser, who often runs tests, may open everything; so the system's answer is given here.
    for name in ("scandir", "listdir"):
        monkeypatch.setattr(os, name, _closing("kín", getattr(os, name)))
    assert [file.name for file in list_files(tmp_path)] == ["a.txt", "kín"]
    with pytest.raises(ChooseAnotherFile, match="không có quyền đọc"):
        read_file(tmp_path / "kín")


def _closing(name: str, answer: Callable) -> Callable:
    def refuse(path: str | Path) -> object:
        if Path(path).name == name:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return answer(path)

    return refuse


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "ong.txt")
    with pytest.raises(ChooseAnotherFile, match="không phải là tệp thường"):
        read_file(tmp_path / "ong.txt")


@pytest.mark.parametrize("data", [
    rb"{\rtf1\ansi To\'e0n t\u7881?nh c\u243? 04 v\u7909?.\par}",
    "<html><body><p>Toàn tỉnh có 04 vụ.</p></body></html>".encode(),
    "MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n<p>Toàn tỉnh có 04 vụ.</p>".encode(),
])
def test_what_other_programs_write_as_doc_is_read_as_what_it_is(data: bytes) -> None:
    assert read_doc_file(data).text.strip() == "Toàn tỉnh có 04 vụ."
