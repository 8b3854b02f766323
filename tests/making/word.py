"""Makes Word files for tests: a report from its plain text as an office would write it, and pieces of WordprocessingML."""

from __future__ import annotations

import io
import re
import zipfile

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.shared import Cm, Pt
from docx.styles.style import ParagraphStyle
from docx.table import _Cell
from docx.text.paragraph import Paragraph

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NAMESPACES = (
    f'xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_FOOTNOTES_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_HEADING_LIST, _BULLET_LIST = 90, 91
_HEADING = re.compile(r"^(\d+(?:\.\d+)*)\. (?=\D)")
_NOTE = re.compile(r"^\[(\d+)\] (.*)$")
_NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
_OFFICE = "http://schemas.openxmlformats.org"
_KINDS = ("styles", "numbering", "footnotes", "endnotes", "theme/theme1", "header1", "comments")
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def make_docx(text: str) -> bytes:
    """Return a report in plain text (heading numbers, "- " bullets, tab-separated tables, "[1]" notes) as a .docx.

    Heading numbers and bullets are counted by Word and stand nowhere in the text, unless a number is out of turn; notes are true
    footnotes; the head and the signatures are tables without borders; the page number is in the header.
    """
    lines = [line for line in text.split("\n") if line.strip()]
    notes = dict(match.groups() for line in lines if (match := _NOTE.match(line)))
    lines = [line for line in lines if not _NOTE.match(line)]
    document = Document()
    _set_page(document)
    _add_numbering(document)
    start = _write_head(document, lines)
    end = next((i for i, line in enumerate(lines) if line.startswith("Nơi nhận")), len(lines))
    _write_title(document, lines, start)
    _write_body(document, lines[_title_end(lines, start):end])
    if end < len(lines):
        _write_side_by_side(document, lines[end:end + 1], lines[end + 1:])
    _add_footnotes(document, notes)
    output = io.BytesIO()
    document.save(output)
    return output.getvalue()


def make_package(body: str, **parts: str) -> bytes:
    """Return a .docx with that content of <w:body>; parts (styles, numbering, footnotes, endnotes, theme) are the content of their roots."""
    roots = {"styles": "w:styles", "numbering": "w:numbering", "footnotes": "w:footnotes", "endnotes": "w:endnotes"}
    xml = {f"word/{name}.xml": f"<{roots[name]} {NAMESPACES}>{content}</{roots[name]}>" for name, content in parts.items() if name in roots}
    if "theme" in parts:
        xml["word/theme/theme1.xml"] = parts["theme"]
    xml["word/document.xml"] = f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>"
    return zip_parts(xml)


def zip_parts(parts: dict[str, str | bytes]) -> bytes:
    """Return parts by path as a package whose main part is word/document.xml and points to the others beside it."""
    known = [path for path in parts if path.removeprefix("word/").partition(".")[0] in _KINDS and path.endswith(".xml")]
    kinds = {path: path.rpartition("/")[2].partition(".")[0].rstrip("1") for path in known}
    overrides = "".join(
        f'<Override PartName="/{path}" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml"/>' for path, kind in kinds.items()
    )
    relations = "".join(
        f'<Relationship Id="r{i}" Type="{_OFFICE}/officeDocument/2006/relationships/{kind}" Target="{path.removeprefix("word/")}"/>'
        for i, (path, kind) in enumerate(kinds.items())
    )
    fixed = {
        "[Content_Types].xml": f'<Types xmlns="{_OFFICE}/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_MAIN}"/>{overrides}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{_OFFICE}/package/2006/relationships"><Relationship Id="r1" '
        f'Type="{_OFFICE}/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_OFFICE}/package/2006/relationships">{relations}</Relationships>',
    }
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in (fixed | parts).items():
            archive.writestr(path, content)
    return output.getvalue()


def paragraph(text: str, *, properties: str = "", run: str = "") -> str:
    """Return <w:p> with one run; `properties` and `run` are what goes into <w:pPr> and <w:rPr>."""
    return f'<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def _set_page(document: WordDocument) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin, section.top_margin, section.bottom_margin = Cm(3), Cm(2), Cm(2), Cm(2)
    for name in ("Normal", "Heading 1", "Heading 2", "Heading 3", "Title"):
        style = document.styles[name]
        style.font.name, style.font.size = "Times New Roman", Pt(14)
        fonts = style.element.rPr.rFonts
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(f"{{{W}}}{theme}", None)
    document.styles["Title"].font.bold = True
    number = section.header.paragraphs[0]
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for kind in ("begin", "separate", "end"):
        number._p.append(parse_xml(f'<w:r xmlns:w="{W}"><w:fldChar w:fldCharType="{kind}"/></w:r>'))
        if kind != "end":
            content = "<w:instrText>PAGE</w:instrText>" if kind == "begin" else "<w:t>1</w:t>"
            number._p.append(parse_xml(f'<w:r xmlns:w="{W}">{content}</w:r>'))


def _add_numbering(document: WordDocument) -> None:
    """Define the list of the headings, tied to their styles, and that of the bullets."""
    levels = "".join(
        f'<w:lvl w:ilvl="{k}"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:pStyle w:val="Heading{k + 1}"/><w:suff w:val="space"/>'
        f'<w:lvlText w:val="{"".join(f"%{n}." for n in range(1, k + 2))}"/></w:lvl>'
        for k in range(3)
    )
    bullet = '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="-"/><w:pPr><w:ind w:left="720" w:hanging="360"/></w:pPr></w:lvl>'
    root = document.part.numbering_part.element
    for place, (list_id, content) in enumerate(((_HEADING_LIST, levels), (_BULLET_LIST, bullet))):
        root.insert(place, parse_xml(
            f'<w:abstractNum xmlns:w="{W}" w:abstractNumId="{list_id}"><w:multiLevelType w:val="multilevel"/>{content}</w:abstractNum>'
        ))
        root.append(parse_xml(f'<w:num xmlns:w="{W}" w:numId="{list_id}"><w:abstractNumId w:val="{list_id}"/></w:num>'))
    for level in range(3):
        _number(document.styles[f"Heading {level + 1}"], _HEADING_LIST, level)
    _number(document.styles["List Bullet"], _BULLET_LIST, 0)


def _number(style: ParagraphStyle, number_id: int, level: int) -> None:
    properties = style.element.get_or_add_pPr()
    numbering = properties.get_or_add_numPr()
    numbering.get_or_add_ilvl().val = level
    numbering.get_or_add_numId().val = number_id


def _write_head(document: WordDocument, lines: list[str]) -> int:
    """Write agency and number on the left, nation and date on the right; return where the title begins."""
    nation = next((i for i, line in enumerate(lines[:12]) if line.strip() == _NATION), None)
    if nation is None:
        return 0
    _write_side_by_side(document, lines[:nation], lines[nation:nation + 3])
    return nation + 3


def _title_end(lines: list[str], start: int) -> int:
    return next((i for i in range(start, len(lines)) if _HEADING.match(lines[i]) or len(lines[i]) > 160), start)


def _write_title(document: WordDocument, lines: list[str], start: int) -> None:
    for i, line in enumerate(lines[start:_title_end(lines, start)]):
        title = document.add_paragraph(line, style="Normal" if line.startswith("Kính gửi") or i > 2 else "Title")
        title.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _write_body(document: WordDocument, lines: list[str]) -> None:
    row_from = None
    counted: list[int] = []
    for i, line in enumerate([*lines, ""]):
        if "\t" in line:
            row_from = i if row_from is None else row_from
            continue
        if row_from is not None:
            _write_table(document, [row.split("\t") for row in lines[row_from:i]])
            row_from = None
        heading = _HEADING.match(line)
        if heading and (numbers := _next_numbers(counted, heading[1])):
            counted, level = numbers, len(numbers)
            _write_marked(document.add_paragraph(style=f"Heading {level}"), line[heading.end():])
        elif line.startswith("- "):
            _write_marked(document.add_paragraph(style="List Bullet"), line[2:])
        elif line:
            _write_marked(document.add_paragraph(), line)


def _next_numbers(counted: list[int], number: str) -> list[int]:
    """Return the numbers behind which Word counts on when it counts this one next, [] when it would count another."""
    wanted = [int(part) for part in number.split(".")]
    level = len(wanted)
    following = [*counted[:level - 1], counted[level - 1] + 1 if len(counted) >= level else 1]
    return wanted if wanted == following and level <= 3 else []


def _write_table(document: WordDocument, rows: list[list[str]]) -> None:
    table = document.add_table(rows=len(rows), cols=max(map(len, rows)), style="Table Grid")
    for row, texts in zip(table.rows, rows):
        for cell, text in zip(row.cells, texts):
            _write_marked(cell.paragraphs[0], text.strip())


def _write_side_by_side(document: WordDocument, left: list[str], right: list[str]) -> None:
    table = document.add_table(rows=1, cols=2)
    for cell, lines in zip(table.rows[0].cells, (left, right)):
        _write_cell(cell, lines)


def _write_cell(cell: _Cell, lines: list[str]) -> None:
    for i, line in enumerate(lines):
        target = cell.paragraphs[0] if not i else cell.add_paragraph()
        target.alignment = WD_ALIGN_PARAGRAPH.LEFT if line.startswith("Nơi nhận") else WD_ALIGN_PARAGRAPH.CENTER
        target.add_run(line).bold = line.isupper()


def _write_marked(target: Paragraph, text: str) -> None:
    """Write text into a paragraph, its "[n]" as references to footnotes."""
    for i, part in enumerate(re.split(r"\[(\d+)\]", text)):
        if i % 2 == 0:
            if part:
                target.add_run(part)
            continue
        run = target.add_run()
        run.font.superscript = True
        run._r.append(parse_xml(f'<w:footnoteReference xmlns:w="{W}" w:id="{part}"/>'))


def _add_footnotes(document: WordDocument, notes: dict[str, str]) -> None:
    separators = "".join(
        f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:r><w:{kind}/></w:r></w:p></w:footnote>'
        for kind, number in (("separator", -1), ("continuationSeparator", 0))
    )
    bodies = "".join(
        f'<w:footnote w:id="{number}"><w:p><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteRef/></w:r>'
        f'<w:r><w:rPr><w:sz w:val="20"/></w:rPr><w:t xml:space="preserve"> {_escaped(body)}</w:t></w:r></w:p></w:footnote>'
        for number, body in notes.items()
    )
    xml = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:footnotes {NAMESPACES}>{separators}{bodies}</w:footnotes>'
    part = Part(PackURI("/word/footnotes.xml"), _FOOTNOTES_TYPE, xml.encode(), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
