"""Word files to text: counted numbers, notes at their marks, tables, what is shown and nothing that is not."""

from __future__ import annotations

import io
import random
import re
import unicodedata
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from making.word import NAMESPACES, make_docx, make_package, paragraph, zip_parts

from index.errors import ChooseAnotherFile
from index.readers import read_file, word_package
from index.readers.word import read_word
from index.reporting import make_report

SAMPLES = sorted(Path(__file__).resolve().parents[1].joinpath("docs", "reports").glob("*.txt"))
RAISED = '<w:vertAlign w:val="superscript"/>'


def lines_of(body: str, **parts: str) -> list[str]:
    """Return the lines that a package with this body is read as, empty ones left out."""
    return [line for line in read_word(make_package(body, **parts)).text.split("\n") if line]


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def note_mark(number: int, *, kind: str = "footnote", own: str = "") -> str:
    custom = ' w:customMarkFollows="1"' if own else ""
    return f'<w:r><w:rPr>{RAISED}</w:rPr><w:{kind}Reference w:id="{number}"{custom}/>{f"<w:t>{own}</w:t>" if own else ""}</w:r>'


def note(number: int, text: str, *, kind: str = "footnote") -> str:
    return f'<w:{kind} w:id="{number}"><w:p><w:r><w:{kind}Ref/></w:r>{run(f" {text}")}</w:p></w:{kind}>'


def cell(content: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content if content.startswith('<') else paragraph(content)}</w:tc>"


def table(*rows: str, borders: str = "single") -> str:
    properties = f'<w:tblPr><w:tblBorders><w:top w:val="{borders}"/></w:tblBorders></w:tblPr>'
    return f"<w:tbl>{properties}{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def level(index: int, kind: str, pattern: str, more: str = "", *, start: int = 1) -> str:
    return f'<w:lvl w:ilvl="{index}"><w:start w:val="{start}"/><w:numFmt w:val="{kind}"/>{more}<w:lvlText w:val="{pattern}"/></w:lvl>'


def numbering(*levels: str, nums: str = "") -> str:
    return f'<w:abstractNum w:abstractNumId="7">{"".join(levels)}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>{nums}'


def item(text: str, at: int = 0, num: str = "1") -> str:
    return paragraph(text, properties=f'<w:numPr><w:ilvl w:val="{at}"/><w:numId w:val="{num}"/></w:numPr>')


@pytest.mark.parametrize("sample", SAMPLES, ids=[sample.stem for sample in SAMPLES])
def test_a_sample_report_from_word_is_the_report_from_its_plain_text(sample: Path) -> None:
    text = sample.read_text(encoding="utf-8")
    source = read_word(make_docx(text))
    plain = make_report(text, name=sample.name, source="x")
    word = make_report(source.text, name=sample.name, source="x", wrapped=source.wrapped)
    assert [(section.number, section.title) for section in word.sections] == [(section.number, section.title) for section in plain.sections]
    assert word.footnotes == plain.footnotes and len(word.footnotes) >= 10
    assert word.passages == plain.passages
    assert word == plain


def test_the_samples_hold_no_number_and_no_mark_in_their_text() -> None:
    with zipfile.ZipFile(io.BytesIO(make_docx(SAMPLES[0].read_text(encoding="utf-8")))) as archive:
        shown = re.sub(r"<[^>]+>", "\n", archive.read("word/document.xml").decode())
    assert "Giải quyết việc làm" in shown
    assert not re.search(r"^(?:\d+\. |\d+\.\d+\. |- |\[\d)", shown, re.MULTILINE)


@pytest.mark.parametrize(
    ("kind", "pattern", "start", "shown"),
    [
        ("decimal", "%1.", 9, ["9. Mục", "10. Mục"]),
        ("decimalZero", "%1)", 9, ["09) Mục", "10) Mục"]),
        ("upperRoman", "%1.", 3, ["III. Mục", "IV. Mục"]),
        ("lowerRoman", "(%1)", 9, ["(ix) Mục", "(x) Mục"]),
        ("lowerLetter", "%1)", 1, ["a) Mục", "b) Mục"]),
        ("upperLetter", "%1.", 26, ["Z. Mục", "AA. Mục"]),
        ("decimal", "Điều %1.", 4, ["Điều 4. Mục", "Điều 5. Mục"]),
        ("vietnameseCounting", "Phần %1", 20, ["Phần hai mươi Mục", "Phần hai mươi mốt Mục"]),
        ("none", "", 1, ["Mục", "Mục"]),
        ("none", "Phụ lục", 1, ["Phụ lục Mục", "Phụ lục Mục"]),
        ("bullet", "\uf0b7", 1, ["- Mục", "- Mục"]),
        ("bullet", "+", 1, ["+ Mục", "+ Mục"]),
    ],
)
def test_numbers_are_counted_and_written_as_word_writes_them(kind: str, pattern: str, start: int, shown: list[str]) -> None:
    assert lines_of(item("Mục") * 2, numbering=numbering(level(0, kind, pattern, start=start))) == shown


THREE = (level(0, "upperRoman", "%1."), level(1, "decimal", "%1.%2."), level(2, "decimal", "%1.%2.%3.", "<w:isLgl/>"))


def test_a_lower_level_starts_again_and_names_the_levels_above() -> None:
    body = item("A") + item("B", 1) + item("C", 2) + item("D", 2) + item("E", 1) + item("G", 2) + item("H") + item("I", 1)
    assert lines_of(body, numbering=numbering(*THREE)) == [
        "I. A", "I.1. B", "1.1.1. C", "1.1.2. D", "I.2. E", "1.2.1. G", "II. H", "II.1. I",
    ]


def test_a_level_that_is_missing_above_is_counted_as_if_it_stood_there() -> None:
    assert lines_of(item("B", 1) + item("A") + item("C", 1), numbering=numbering(*THREE)) == ["I.1. B", "II. A", "II.1. C"]


@pytest.mark.parametrize(("restart", "last"), [("0", "3)"), ("1", "3)"), (None, "1)")])
def test_a_level_starts_again_only_behind_the_level_it_names(restart: str | None, last: str) -> None:
    more = f'<w:lvlRestart w:val="{restart}"/>' if restart else ""
    levels = (level(0, "decimal", "%1."), level(1, "decimal", "%2."), level(2, "decimal", "%3)", more))
    body = item("A") + item("B", 1) + item("C", 2) + item("D", 2) + item("E", 1) + item("G", 2)
    assert lines_of(body, numbering=numbering(*levels))[-1] == f"{last} G"


def test_lists_of_one_definition_go_on_counting_unless_one_says_where_it_starts() -> None:
    nums = (
        '<w:num w:numId="2"><w:abstractNumId w:val="7"/></w:num>'
        '<w:num w:numId="3"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    )
    body = item("A") + item("B", num="2") + item("C", num="3") + item("D", num="3") + item("E", num="1")
    assert lines_of(body, numbering=numbering(level(0, "decimal", "%1)"), nums=nums)) == ["1) A", "2) B", "1) C", "2) D", "3) E"]


def test_a_list_may_change_a_level_of_its_definition() -> None:
    nums = f'<w:num w:numId="2"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0">{level(0, "lowerLetter", "%1)")}</w:lvlOverride></w:num>'
    assert lines_of(item("A", num="2"), numbering=numbering(level(0, "decimal", "%1."), nums=nums)) == ["a) A"]


HEADINGS = (
    '<w:style w:type="paragraph" w:styleId="u1"><w:name w:val="heading 1"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="u2"><w:name w:val="heading 2"/><w:basedOn w:val="u1"/><w:pPr><w:numPr><w:ilvl w:val="1"/></w:numPr></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="rieng"><w:name w:val="Kiểu riêng"/><w:basedOn w:val="u2"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="u9"><w:name w:val="Tiêu đề 2"/></w:style>'
)


def styled(style: str, text: str, more: str = "") -> str:
    return paragraph(text, properties=f'<w:pStyle w:val="{style}"/>{more}')


def test_headings_take_their_numbers_through_styles_and_their_base_styles() -> None:
    levels = (level(0, "decimal", "%1.", '<w:pStyle w:val="u1"/>'), level(1, "decimal", "%1.%2.", '<w:pStyle w:val="u2"/>'))
    off = '<w:numPr><w:numId w:val="0"/></w:numPr>'
    body = styled("u1", "Lao động") + styled("u2", "Việc làm") + styled("rieng", "Tai nạn") + styled("u1", "Kết luận", off) + styled("u1", "Trẻ em")
    assert lines_of(body, numbering=numbering(*levels), styles=HEADINGS) == [
        "1. Lao động", "1.1. Việc làm", "1.2. Tai nạn", "# Kết luận", "2. Trẻ em",
    ]


def test_a_numbering_style_leads_to_the_list_it_stands_for() -> None:
    nums = (
        '<w:abstractNum w:abstractNumId="8"><w:numStyleLink w:val="ds"/></w:abstractNum><w:num w:numId="5"><w:abstractNumId w:val="8"/></w:num>'
    )
    styles = '<w:style w:type="numbering" w:styleId="ds"><w:name w:val="ds"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    assert lines_of(item("A", num="5"), numbering=numbering(level(0, "upperLetter", "%1."), nums=nums), styles=styles) == ["A. A"]


def test_an_empty_numbered_paragraph_is_counted_and_a_hidden_or_deleted_one_is_not() -> None:
    gone = '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr><w:rPr><w:del w:id="1"/></w:rPr></w:pPr></w:p>'
    hidden = gone.replace('<w:del w:id="1"/>', "<w:vanish/>")
    assert lines_of(item("A") + item("") + gone + hidden + item("B"), numbering=numbering(level(0, "decimal", "%1."))) == ["1. A", "3. B"]


def test_a_bullet_below_a_bullet_is_told_from_it() -> None:
    levels = (level(0, "bullet", "-"), level(1, "bullet", "o"))
    assert lines_of(item("Tuyển sinh 6.908 người:") + item("Cao đẳng 352;", 1), numbering=numbering(*levels)) == ["- Tuyển sinh 6.908 người:", "+ Cao đẳng 352;"]


LONG = paragraph("Trong 9 tháng, toàn tỉnh xảy ra 04 vụ tai nạn lao động chết người, làm 06 người chết; so với cùng kỳ năm trước giảm 01 vụ và tăng 02 người.")
BOLD = "<w:b/>"


def test_a_heading_without_a_number_is_marked_by_its_style_or_its_look() -> None:
    body = LONG + styled("u9", "Lĩnh vực lao động") + LONG + paragraph("Công tác trẻ em", run=BOLD) + LONG
    assert [line for line in lines_of(body, styles=HEADINGS) if line.startswith("#")] == ["## Lĩnh vực lao động", "#### Công tác trẻ em"]


@pytest.mark.parametrize(
    "body",
    [
        LONG + paragraph("2.1. Về tai nạn lao động", run=BOLD) + LONG,
        LONG + paragraph("Trong đó:", run=BOLD) + LONG,
        LONG + f"<w:p>{run('Công tác', BOLD)}{run(' trẻ em')}</w:p>" + LONG,
        LONG + paragraph("Công tác trẻ em", run='<w:b w:val="0"/>') + LONG,
        LONG + paragraph("Bảng số liệu cả tỉnh", run=BOLD) + table(cell("Thu") + cell("1.234")),
        LONG + paragraph("Nguyễn Thị Hoà", run=BOLD),
        paragraph("BÁO CÁO", run=BOLD) + paragraph("Kết quả công tác 9 tháng năm 2024", run=BOLD) + LONG,
    ],
    ids=["numbered", "lead-in", "partly bold", "bold switched off", "caption", "last line", "title"],
)
def test_a_line_that_only_looks_like_a_heading_is_left_as_it_is(body: str) -> None:
    assert not [line for line in lines_of(body) if line.startswith("#")]


def test_notes_are_numbered_by_their_marks_whatever_their_ids_and_kinds() -> None:
    body = f"<w:p>{run('Đạt 05/07 nội dung ')}{note_mark(9)}{run('; 02 nội dung còn lại')}{note_mark(4, kind='endnote')}{run(' và ')}{run('03 vụ')}{note_mark(2, own='*')}{run('.')}</w:p>"
    lines = lines_of(
        body, footnotes=note(2, "* Huyện Kỳ Lũng 03 vụ.") + note(9, "Nghị quyết số 14/2024/NQ-HĐND.") + note(5, "Không có dấu."), endnotes=note(4, "Đang thẩm định.", kind="endnote"),
    )
    assert lines == [
        "Đạt 05/07 nội dung[1]; 02 nội dung còn lại[2] và 03 vụ[3].",
        "[1] Nghị quyết số 14/2024/NQ-HĐND.", "[2] Đang thẩm định.", "[3] Huyện Kỳ Lũng 03 vụ.",
    ]


def test_a_note_in_a_table_cell_is_tied_to_its_row() -> None:
    row = cell(f"<w:p>{run('Thành phố')}{note_mark(1)}</w:p>") + cell("214")
    source = make_package(table(cell("Huyện") + cell("Số hộ"), row, cell("Đá Vách") + cell("612")), footnotes=note(1, "Gồm cả 02 xã mới sáp nhập."))
    report = make_report(read_word(source).text, name="a.docx", source="x", wrapped=False)
    assert report.text.split("\n") == ["Huyện\tSố hộ", "Thành phố[1]\t214", "Đá Vách\t612", "[1] Gồm cả 02 xã mới sáp nhập."]
    assert [(n.mark, n.has_body, len(n.mark_positions)) for n in report.footnotes] == [("1", True, 1)]


def test_a_mark_at_the_start_of_a_line_is_not_taken_for_a_note() -> None:
    lines = lines_of(f"<w:p>{note_mark(1)}{run('Tổng số 214 hộ')}</w:p>", footnotes=note(1, "Số liệu ước."))
    assert lines == ["Tổng[1] số 214 hộ", "[1] Số liệu ước."]


def test_a_second_mark_of_a_note_has_its_number() -> None:
    first = f'<w:bookmarkStart w:id="1" w:name="_Ref1"/>{note_mark(3)}<w:bookmarkEnd w:id="1"/>'
    second = complex_field(r" NOTEREF _Ref1 \f \h ", run("1", RAISED))
    assert lines_of(f"<w:p>{run('Một')}{first}{run(', hai')}{second}{run('.')}</w:p>", footnotes=note(3, "Số ước.")) == ["Một[1], hai[1].", "[1] Số ước."]


def complex_field(code: str, result: str, *, ended: bool = True) -> str:
    marks = [f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")]
    return f"{marks[0]}<w:r><w:instrText>{code}</w:instrText></w:r>{marks[1]}{result}{marks[2] if ended else ''}"


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (f'<w:ins w:id="1">{run("05 vụ")}</w:ins><w:del w:id="2"><w:r><w:delText>04 vụ</w:delText></w:r></w:del>', "05 vụ"),
        (f'<w:moveFrom w:id="1">{run("chỗ cũ")}</w:moveFrom><w:moveTo w:id="2">{run("chỗ mới")}</w:moveTo>', "chỗ mới"),
        (run("hiện") + run(" ẩn", "<w:vanish/>") + run(" ra", '<w:vanish w:val="false"/>'), "hiện ra"),
        (f'<w:hyperlink r:id="r9">{run("Nghị định 76")}</w:hyperlink><w:smartTag>{run(" ngày 01/7")}</w:smartTag>', "Nghị định 76 ngày 01/7"),
        (f'<w:sdt><w:sdtPr/><w:sdtContent>{run("ô nhập")}</w:sdtContent></w:sdt>', "ô nhập"),
        (complex_field(" REF a ", run("Bảng 3")), "Bảng 3"),
        (f'<w:fldSimple w:instr=" SEQ Bảng ">{run("4")}</w:fldSimple>' + run(" dòng"), "4 dòng"),
        (run("Trang ") + complex_field("PAGE", run("7")) + run("cuối"), "Trang cuối"),
        (complex_field(" REF a ", run("Mục chưa đóng"), ended=False), "Mục chưa đóng"),
        ("<w:r><w:t>318/BC</w:t><w:noBreakHyphen/><w:t>SLĐ</w:t><w:softHyphen/><w:t>TBXH</w:t></w:r>", "318/BC-SLĐTBXH"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/><w:t xml:space="preserve"> đạt </w:t><w:sym w:font="Symbol" w:char="F0B3"/><w:t> 5</w:t></w:r>', "☑ đạt ≥ 5"),
        (run("120 km") + run("2", RAISED) + run(", 10") + run("6", RAISED) + run(" đồng"), "120 km², 10⁶ đồng"),
        ("<m:oMath><m:f><m:num><m:r><m:t>a+b</m:t></m:r></m:num><m:den><m:r><m:t>100</m:t></m:r></m:den></m:f></m:oMath>", "(a+b)/100"),
        ('<w:r><w:commentReference w:id="1"/></w:r>' + run("có nhận xét"), "có nhận xét"),
        (run(unicodedata.normalize("NFD", "Thuỷ lợi")), unicodedata.normalize("NFC", "Thuỷ lợi")),
    ],
    ids=["tracked", "moved", "hidden", "link", "control", "field", "simple field", "page field", "open field", "hyphens", "symbols", "powers", "formula", "comment", "nfd"],
)
def test_what_is_shown_is_read_and_nothing_else(content: str, shown: str) -> None:
    assert lines_of(f"<w:p>{content}</w:p>") == [shown]


def test_a_paragraph_whose_end_is_deleted_goes_on_in_the_next_one() -> None:
    first = f'<w:p><w:pPr><w:rPr><w:del w:id="1"/></w:rPr></w:pPr>{run("Toàn tỉnh có ")}</w:p>'
    assert lines_of(first + paragraph("04 vụ.")) == ["Toàn tỉnh có 04 vụ."]


def test_a_table_of_contents_is_no_content() -> None:
    styles = '<w:style w:type="paragraph" w:styleId="ML1"><w:name w:val="toc 1"/></w:style>'
    opened, ended = complex_field(r" TOC \o ", run("1. Lao động 3")).rsplit("<w:r><w:fldChar", 1)
    field = f"<w:p>{opened}</w:p>" + paragraph("2. Trẻ em 5") + f"<w:p><w:r><w:fldChar{ended}</w:p>"
    control = f'<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr><w:sdtContent>{paragraph("MỤC LỤC")}</w:sdtContent></w:sdt>'
    assert lines_of(control + field + styled("ML1", "3. Thanh tra 9") + LONG, styles=styles) == lines_of(LONG)


def test_a_text_box_is_read_once() -> None:
    inside = f"<w:txbxContent>{paragraph('Hộp chữ: 12 hộ')}</w:txbxContent>"
    both = f"<mc:AlternateContent><mc:Choice Requires=\"wps\"><w:drawing><wps:txbx>{inside}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{inside}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent>"
    old = f"<w:pict><v:textbox>{inside.replace('12', '13')}</v:textbox></w:pict>"
    assert lines_of(f"<w:p>{run('Đoạn ngoài.')}<w:r>{both}</w:r></w:p><w:p><w:r>{old}</w:r></w:p>") == ["Đoạn ngoài.", "Hộp chữ: 12 hộ", "Hộp chữ: 13 hộ"]


def test_line_breaks_divide_statements_and_items_but_no_heading() -> None:
    broken = '<w:p><w:r><w:t>Kết quả:</w:t><w:br/><w:t>- 04 vụ;</w:t><w:br/><w:t>- 06 người</w:t><w:br/><w:t>chết.</w:t></w:r></w:p>'
    heading = '<w:p><w:pPr><w:pStyle w:val="u9"/></w:pPr><w:r><w:t>LĨNH VỰC</w:t><w:br/><w:t>LAO ĐỘNG</w:t></w:r></w:p>'
    assert lines_of(broken + heading, styles=HEADINGS) == ["Kết quả:", "- 04 vụ;", "- 06 người chết.", "## LĨNH VỰC LAO ĐỘNG"]


SPAN = '<w:gridSpan w:val="2"/>'
START, GOES_ON = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"


def test_merged_words_are_repeated_and_a_merged_figure_stands_once() -> None:
    rows = (
        cell("Địa bàn", START) + cell("Số hộ năm 2024", SPAN) + cell("Kinh phí", START),
        cell("", GOES_ON) + cell("Nghèo") + cell("Cận nghèo") + cell("", GOES_ON),
        cell("Đá Vách") + cell("612") + cell("") + cell("1.234,5", START),
        cell("Kỳ Lũng") + cell("1.201", SPAN) + cell("", GOES_ON),
    )
    assert read_word(make_package(table(*rows) + LONG)).text.split("\n")[:5] == [
        "Địa bàn\tSố hộ năm 2024\tSố hộ năm 2024\tKinh phí", "Địa bàn\tNghèo\tCận nghèo\tKinh phí",
        "Đá Vách\t612\t\t1.234,5", "Kỳ Lũng\t1.201\t\t", "",
    ]


def test_a_title_and_a_unit_across_a_table_are_lines_above_it() -> None:
    wide = '<w:gridSpan w:val="3"/>'
    rows = (
        cell("Biểu chi ngân sách", wide), cell("") + cell("") + cell("Đơn vị tính: triệu đồng"), cell("STT") + cell("Nội dung") + cell("Số tiền"),
        cell("Phần địa phương", wide), cell("1") + cell("Chi thường xuyên") + cell("1.234"),
    )
    assert lines_of(table(*rows)) == ["Biểu chi ngân sách", "Đơn vị tính: triệu đồng", "STT\tNội dung\tSố tiền", "Phần địa phương\t\t", "1\tChi thường xuyên\t1.234"]


def test_the_counted_number_of_a_row_is_in_its_cell_and_an_empty_item_elsewhere_is_nothing() -> None:
    rows = [cell(item("")) + cell(name) + cell(figure) for name, figure in (("Đá Vách", "612"), ("Kỳ Lũng", "689"))]
    lines = lines_of(item("") + table(cell("STT") + cell("Huyện") + cell("Số hộ"), *rows), numbering=numbering(level(0, "decimal", "%1.")))
    assert lines == ["STT\tHuyện\tSố hộ", "2\tĐá Vách\t612", "3\tKỳ Lũng\t689"]


def test_a_deleted_row_is_gone_and_a_table_in_a_cell_is_in_its_line() -> None:
    inner = f"{table(cell('nam') + cell('5'), cell('nữ') + cell('7'))}<w:p/>"
    rows = f"{cell('Tổng')}{cell('12')}{cell(inner)}"
    deleted = f"<w:trPr><w:del w:id='1'/></w:trPr>{cell('Cũ')}{cell('11')}{cell('')}"
    assert lines_of(table(rows, deleted)) == ["Tổng\t12\tnam 5; nữ 7"]


def test_the_head_and_the_signatures_come_out_as_lines() -> None:
    head = table(
        cell(paragraph("UBND TỈNH LAM KHÊ") + paragraph("SỞ NỘI VỤ", run=BOLD)) + cell(paragraph("CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM", run=BOLD) + paragraph("Độc lập - Tự do - Hạnh phúc")),
        cell("Số: 12/BC-SNV") + cell("Lam Khê, ngày 05 tháng 7 năm 2024"), borders="single",
    )
    title = paragraph("BÁO CÁO", run=BOLD) + paragraph("Kết quả công tác 6 tháng đầu năm 2024", run=BOLD)
    end = table(cell(paragraph("Nơi nhận:") + paragraph("- Như trên;")) + cell(paragraph("GIÁM ĐỐC", run=BOLD) + paragraph("Trần Thị Thuý", run=BOLD)), borders="none")
    text = read_word(make_package(head + title + paragraph("1. Tổ chức bộ máy", run=BOLD) + LONG + end)).text
    assert "\t" not in text and "#" not in text
    report = make_report(text, name="a.docx", source="x", wrapped=False)
    assert (report.title, report.agency, report.number, report.date, report.period) == (
        "BÁO CÁO Kết quả công tác 6 tháng đầu năm 2024", "SỞ NỘI VỤ TỈNH LAM KHÊ", "12/BC-SNV", "05/07/2024", "6 tháng đầu năm 2024",
    )
    assert report.text.endswith("Nơi nhận:\n- Như trên;\nGIÁM ĐỐC\nTrần Thị Thuý")


def test_words_without_borders_stay_in_their_rows_unless_they_are_signatures() -> None:
    def words(more: str) -> str:
        return table(*(cell(paragraph(a, properties=more)) + cell(paragraph(b, properties=more)) for a, b in (("Đề án", "Tổ trưởng"), ("Kế hoạch", "Tổ phó"))), borders="nil")

    assert lines_of(words("")) == ["Đề án\tTổ trưởng", "Kế hoạch\tTổ phó"]
    assert lines_of(words('<w:jc w:val="center"/>')) == ["Đề án", "Kế hoạch", "Tổ trưởng", "Tổ phó"]


def test_parts_are_found_under_their_usual_names_when_the_file_does_not_point_to_them() -> None:
    data = make_package(styled("u1", "Lao động"), styles=HEADINGS, numbering=numbering(level(0, "decimal", "%1.", '<w:pStyle w:val="u1"/>')))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if not name.endswith(".rels")}
    assert read_word(zip_parts(parts | {"word/_rels/document.xml.rels": "<a/>", "_rels/.rels": "<a/>"})).text == "1. Lao động"


def test_headers_footers_and_comments_are_not_read() -> None:
    root = f"<w:hdr {NAMESPACES}>{paragraph('Đầu trang')}</w:hdr>"
    data = zip_parts({
        "word/document.xml": f"<w:document {NAMESPACES}><w:body>{LONG}</w:body></w:document>", "word/header1.xml": root, "word/comments.xml": root,
    })
    assert "Đầu trang" not in read_word(data).text


@pytest.mark.parametrize(
    ("run_fonts", "styles", "theme"),
    [
        ('<w:rFonts w:ascii=".VnTime" w:hAnsi=".VnTime"/>', "", ""),
        ("", '<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii=".VnTime"/></w:rPr></w:rPrDefault></w:docDefaults>', ""),
        ("", '<w:style w:type="paragraph" w:default="1" w:styleId="n"><w:name w:val="Normal"/><w:rPr><w:rFonts w:hAnsi=".VnTime"/></w:rPr></w:style>', ""),
        (
            '<w:rFonts w:asciiTheme="minorHAnsi" w:hAnsiTheme="minorHAnsi"/>', "",
            '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:minorFont><a:latin typeface=".VnTime"/></a:minorFont></a:theme>',
        ),
    ],
    ids=["run", "defaults", "style", "theme"],
)
def test_words_in_an_old_font_are_repaired_wherever_the_font_is_named(run_fonts: str, styles: str, theme: str) -> None:
    new = '<w:rFonts w:ascii="Arial" w:hAnsi="Arial"/>'
    body = f"<w:p>{run('B¸o c¸o t×nh h×nh tai n¹n lao ®éng: 04 vô, ', run_fonts)}{run('chết người', new)}</w:p>"
    parts = {"styles": styles or " "} | ({"theme": theme} if theme else {})
    assert lines_of(body, **parts) == ["Báo cáo tình hình tai nạn lao động: 04 vụ, chết người"]


def test_a_strict_file_is_read_like_any_other() -> None:
    strict = f"<w:document {NAMESPACES}><w:body>{LONG}</w:body></w:document>".replace(
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main", "http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    assert "04 vụ tai nạn" in read_word(zip_parts({"word/document.xml": strict})).text


def test_circles_of_styles_and_lists_end() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="a"><w:basedOn w:val="b"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="b"><w:basedOn w:val="a"/></w:style>'
        '<w:style w:type="numbering" w:styleId="ds"><w:pPr><w:numPr><w:numId w:val="5"/></w:numPr></w:pPr></w:style>'
    )
    nums = '<w:abstractNum w:abstractNumId="8"><w:numStyleLink w:val="ds"/></w:abstractNum><w:num w:numId="5"><w:abstractNumId w:val="8"/></w:num>'
    body = styled("b", "Mục") + item("Mục", num="5")
    assert lines_of(body, styles=styles, numbering=numbering(level(0, "decimal", "%1."), nums=nums)) == ["1. Mục", "Mục"]


DOCUMENT = f"<w:document {NAMESPACES}><w:body>{LONG}</w:body></w:document>"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "tệp rỗng"),
        (b"PK\x03\x04 cut", "bị hỏng"),
        (make_docx("1. Mục\nChữ")[:-900], "bị hỏng"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "mật khẩu"),
        (OLE + "WordDocument".encode("utf-16-le"), r"Word đời cũ \(\.doc\)"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\xef\xbb\xbf<!DOCTYPE html><html>", "trang web"),
        (b"{\\rtf1", "RTF"),
        (zip_parts({"word/document.xml": DOCUMENT[:-40]}), "bị hỏng"),
        (zip_parts({"word/other.xml": DOCUMENT}), "bị hỏng"),
        (zip_parts({"xl/workbook.xml": "<a/>"}), "Excel"),
        (zip_parts({"word/document.xml": f"<w:document {NAMESPACES}><w:body><w:p/></w:body></w:document>"}), "không có chữ nào"),
        (zip_parts({"word/document.xml": DOCUMENT, "word/media/a.bin": bytes(30_000_000)}), "dung lượng lớn bất thường"),
        (zip_parts({"word/document.xml": '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]>' + DOCUMENT.replace("Trong 9", "&b;")}), "DTD"),
        (zip_parts({"word/document.xml": DOCUMENT.replace(LONG, "<w:sdt><w:sdtContent>" * 400 + LONG + "</w:sdtContent></w:sdt>" * 400)}), "bị hỏng"),
    ],
    ids=["empty", "no archive", "cut", "locked", "doc", "pdf", "html", "rtf", "broken xml", "no main part", "xlsx", "no words", "bomb", "entity", "deep"],
)
def test_what_is_no_readable_word_file_is_refused_with_the_reason(data: bytes, reason: str) -> None:
    with pytest.raises(ChooseAnotherFile, match=reason):
        read_word(data)


def test_a_file_of_more_tags_than_a_thousand_pages_have_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_package, "MAX_TAGS", 50)
    assert read_word(make_package(paragraph("04 vụ"))).text == "04 vụ"
    with pytest.raises(ChooseAnotherFile, match="quá dài"):
        read_word(make_package(paragraph("04 vụ") * 8))


SAMPLE = make_docx("\n".join(SAMPLES[0].read_text(encoding="utf-8").split("\n")[:16]) + "\n[1] Chú thích một.\n[2] Chú thích hai.")


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(0, len(SAMPLE) - 1), st.integers(0, 255)), min_size=1, max_size=30), st.integers(0, 4000))
def test_a_mutated_file_is_read_or_refused_with_a_sentence(changes: list[tuple[int, int]], cut: int) -> None:
    data = bytearray(SAMPLE)
    for position, value in changes:
        data[position] = value
    try:
        text = read_word(bytes(data[:len(data) - cut])).text
    except ChooseAnotherFile as refusal:
        assert str(refusal)
    else:
        assert unicodedata.is_normalized("NFC", text)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.integers(0, 2**31))
def test_a_document_whose_elements_are_shuffled_is_read_or_refused_with_a_sentence(seed: int) -> None:
    chooser = random.Random(seed)
    with zipfile.ZipFile(io.BytesIO(SAMPLE)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name in ("word/document.xml", "word/numbering.xml", "word/styles.xml", "word/footnotes.xml"):
        pieces = re.findall(rb'<[^>]+>|[^<]+', parts[name])
        for _ in range(3):
            at = chooser.randrange(len(pieces))
            pieces[at] = re.sub(rb'"[^"]*"', b'"%d"' % chooser.choice((0, -1, 2, 10**12)), pieces[at]) if b'="' in pieces[at] and b"xmlns" not in pieces[at] else pieces[at]
        parts[name] = b"".join(pieces)
    try:
        assert unicodedata.is_normalized("NFC", read_word(zip_parts(parts)).text)
    except ChooseAnotherFile as refusal:
        assert str(refusal)


def test_word_files_are_read_by_their_suffix(tmp_path: Path) -> None:
    for name in ("a.docx", "b.DOCM"):
        (tmp_path / name).write_bytes(make_package(LONG))
        source = read_file(tmp_path / name)
        assert (source.format, source.wrapped) == ("word", False)
        assert source.text.startswith("Trong 9 tháng")
