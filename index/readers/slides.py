"""From a presentation to its text: each slide a page, its title a heading, what stands on it in reading order."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from lxml.etree import LxmlError

from index import messages
from index.errors import ChooseAnotherFile
from index.readers.cell_formats import show_number
from index.readers.legacy import detect_scheme, repair, scheme_of_font
from index.readers.sheet import clean_text
from index.readers.slide_bullets import Bullets
from index.readers.source import SourceText
from index.readers.zipped import open_zip

if TYPE_CHECKING:
    from pptx.chart.chart import Chart
    from pptx.shapes.base import BaseShape
    from pptx.slide import Slide
    from pptx.table import Table
    from pptx.text.text import TextFrame, _Paragraph

_MAX_SLIDES = 2000
_MAX_DEPTH = 20
# 1.5 million elements, half a gigabyte as trees; a slide full of text has a few hundred.
_MAX_MARKUP = 3_000_000
_MAX_CELLS = 100_000
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_DIAGRAM = "http://schemas.openxmlformats.org/drawingml/2006/diagram"
# Shapes whose tops are this close stand side by side, and are read from left to right (EMU: a quarter of an inch).
_SAME_LINE = 228_600
_HEADING = re.compile(r"^#{1,6}\s")
# What python-pptx and lxml raise on damaged files, as found by changing single bytes of real ones.
_DAMAGED = (
    ValueError, TypeError, LookupError, AttributeError, ArithmeticError, AssertionError, NotImplementedError, OSError, EOFError,
    RuntimeError, struct.error, zipfile.BadZipFile, zlib.error, LxmlError,
)


@dataclass(slots=True)
class _Pages:
    """The lines of each slide, and the numbers of those that were not or not wholly read."""

    pages: list[list[str]] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    diagrams: list[int] = field(default_factory=list)


def read_pptx(data: bytes) -> SourceText:
    """Read a presentation.

    Notes pages are left out: they are what a speaker says or still has to check, the audience never had them.
    Hidden slides are left out and named. Slide numbers, dates and footers are page furniture.
    """
    if data.startswith(_OLE):
        if _ENCRYPTED_PACKAGE in data:
            raise ChooseAnotherFile(messages.READ_ENCRYPTED)
        return read_ppt(data)
    if not data.startswith(_ZIP):
        raise ChooseAnotherFile(messages.READ_DAMAGED if data.strip(b"\0 \r\n\t") else messages.READ_EMPTY)
    with open_zip(data, max_markup=_MAX_MARKUP) as archive:
        names = archive.namelist()
    for folder, kind in (("word/", "Word (.docx)"), ("xl/", "Excel (.xlsx)")):
        if any(name.startswith(folder) for name in names) and not any(name.startswith("ppt/") for name in names):
            raise ChooseAnotherFile(messages.slides_other_format(kind))
    try:
        return _make_source(_read_pages(data))
    except _DAMAGED as error:
        raise ChooseAnotherFile(messages.READ_DAMAGED) from error


def read_ppt(data: bytes) -> SourceText:
    """Read a presentation of PowerPoint before 2007 through LibreOffice."""
    from index.readers.office import convert

    if data.startswith(_ZIP):
        return read_pptx(data)
    converted = convert(data, ".ppt", "pptx")
    if not converted.startswith(_ZIP):
        raise ChooseAnotherFile(messages.READ_DAMAGED)
    return read_pptx(converted)


def _read_pages(data: bytes) -> _Pages:
    from pptx import Presentation
    from pptx.exc import PackageNotFoundError, PythonPptxError

    found = _Pages()
    try:
        slides = Presentation(io.BytesIO(data)).slides
        if len(slides) > _MAX_SLIDES:
            raise ChooseAnotherFile(messages.slides_too_many(_MAX_SLIDES))
        for number, slide in enumerate(slides, start=1):
            if slide.element.get("show") in ("0", "false"):
                found.hidden.append(number)
                # Its page stays: the number of a page is the number of its slide.
                found.pages.append([])
                continue
            found.pages.append(list(_read_slide(slide)))
            if slide.element.find(f".//{{*}}graphicData[@uri='{_DIAGRAM}']") is not None:
                found.diagrams.append(number)
    except (PackageNotFoundError, PythonPptxError) as error:
        raise ChooseAnotherFile(messages.READ_DAMAGED) from error
    return found


def _make_source(found: _Pages) -> SourceText:
    text = "\n\f".join("\n".join(lines) for lines in found.pages)
    if not text.strip():
        raise ChooseAnotherFile(messages.SLIDES_NOTHING)
    scheme = detect_scheme(text)
    warnings = []
    if found.hidden:
        warnings.append(messages.warn_hidden_slides(found.hidden))
    if found.diagrams:
        warnings.append(messages.warn_slide_diagrams(found.diagrams))
    return SourceText((repair(text, scheme) if scheme else text) + "\n", "pptx", tuple(warnings), paged=True)


def _read_slide(slide: Slide) -> Iterator[str]:
    title = slide.shapes.title
    words = " ".join(line for line in _read_lines(title.text_frame, None)) if title is not None else ""
    if words:
        yield words if _HEADING.match(words) else f"# {words}"
    for shape in _in_reading_order(shape for shape in slide.shapes if title is None or shape.shape_id != title.shape_id):
        yield from _read_shape(shape, depth=0)


def _in_reading_order(shapes: Iterable[BaseShape]) -> list[BaseShape]:
    """Return shapes from top to bottom, and those on one line from left to right.

    The order in the file is the one in which they were drawn: often the text first and the boxes above it later.
    """
    lines: list[tuple[int, list[BaseShape]]] = []
    for shape in sorted(shapes, key=lambda shape: shape.top or 0):
        top = shape.top or 0
        if lines and top - lines[-1][0] <= _SAME_LINE:
            lines[-1][1].append(shape)
        else:
            lines.append((top, [shape]))
    return [shape for _, line in lines for shape in sorted(line, key=lambda shape: shape.left or 0)]


def _read_shape(shape: BaseShape, *, depth: int) -> Iterator[str]:
    from pptx.enum.shapes import MSO_SHAPE_TYPE, PP_PLACEHOLDER

    if shape.is_placeholder and shape.placeholder_format.type in (
        PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER, PP_PLACEHOLDER.HEADER,
    ):
        return
    if shape.shape_type == MSO_SHAPE_TYPE.GROUP:
        if depth < _MAX_DEPTH:
            for inner in _in_reading_order(shape.shapes):
                yield from _read_shape(inner, depth=depth + 1)
    elif getattr(shape, "has_table", False) and shape.has_table:
        yield from ["", *_read_table(shape.table), ""]
    elif getattr(shape, "has_chart", False) and shape.has_chart:
        yield from ["", *_read_chart(shape.chart), ""]
    elif shape.has_text_frame:
        yield from _read_lines(shape.text_frame, Bullets(shape))


def _read_lines(frame: TextFrame, bullets: Bullets | None) -> Iterator[str]:
    for paragraph in frame.paragraphs:
        words = _read_words(paragraph)
        if words:
            yield f"{bullets.before(paragraph) if bullets else ''}{words}"


def _read_words(paragraph: _Paragraph) -> str:
    parts = []
    for element in paragraph._p:
        tag = element.tag.rpartition("}")[2]
        if tag == "br":
            parts.append(" ")
        elif tag == "r" or (tag == "fld" and element.get("type") != "slidenum"):
            words = element.findtext("{*}t") or ""
            font = element.find("{*}rPr/{*}latin")
            scheme = scheme_of_font(font.get("typeface", "")) if font is not None else None
            parts.append(repair(words, scheme) if scheme else words)
    return clean_text("".join(parts))


def _read_table(table: Table) -> Iterator[str]:
    """Return rows of tab-separated cells; the words of a merged cell are repeated, a figure stands once."""
    rows, columns = len(table.rows), len(table.columns)
    if rows * columns > _MAX_CELLS:
        raise ChooseAnotherFile(messages.sheet_too_large(_MAX_CELLS))
    texts = [[" ".join(_read_lines(cell.text_frame, None)) for cell in row.cells] for row in table.rows]
    for r, row in enumerate(table.rows):
        for c, cell in enumerate(row.cells):
            if cell.is_merge_origin and any(map(str.isalpha, texts[r][c])):
                for below in range(r, min(rows, r + cell.span_height)):
                    for beside in range(c, min(columns, c + cell.span_width)):
                        texts[below][beside] = texts[r][c]
    for row in texts:
        # One cell merged over the whole row is a group of rows, not the name of each column.
        yield "\t".join([row[0], *([""] * (columns - 1))] if columns > 1 and len(set(row)) == 1 else row)


def _read_chart(chart: Chart) -> Iterator[str]:
    """Return the figures behind a chart as a table: a row for each category, a column for each series."""
    if chart.has_title and chart.chart_title.has_text_frame:
        yield from _read_lines(chart.chart_title.text_frame, None)
    for plot in chart.plots:
        series = list(plot.series)
        names = [clean_text(str(category)) for category in plot.categories]
        if not names or len(names) * len(series) > _MAX_CELLS:
            continue
        formats = [one._element.findtext(".//{*}val//{*}formatCode") or "General" for one in series]
        yield "\t".join(["", *(clean_text(one.name) for one in series)])
        for place, name in enumerate(names):
            values = [one.values[place] if place < len(one.values) else None for one in series]
            yield "\t".join([name, *(_show_value(value, code) for value, code in zip(values, formats, strict=True))])
        yield ""


def _show_value(value: float | None, number_format: str) -> str:
    return "" if value is None else show_number(Decimal(f"{value:.15g}"), number_format)
