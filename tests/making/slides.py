"""Makes presentations for tests with python-pptx."""

from __future__ import annotations

import io
from collections.abc import Callable

from lxml import etree
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.presentation import Presentation as Slides
from pptx.util import Inches

_A = "http://schemas.openxmlformats.org/drawingml/2006/main"


def make_pptx(fill: Callable[[Slides], None]) -> bytes:
    """Return a presentation that a function fills in."""
    slides = Presentation()
    fill(slides)
    written = io.BytesIO()
    slides.save(written)
    return written.getvalue()


def add_bullets(slides: Slides, title: str, *items: str | tuple[int, str]) -> object:
    """Add a slide with a title and bullets; an item may have its level."""
    slide = slides.slides.add_slide(slides.slide_layouts[1])
    slide.shapes.title.text = title
    frame = slide.placeholders[1].text_frame
    for place, item in enumerate(items):
        level, words = item if isinstance(item, tuple) else (0, item)
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        paragraph.text, paragraph.level = words, level
    return slide


def add_table(slide: object, rows: list[list[str]], *merged: tuple[int, int, int, int]) -> None:
    """Add a table; merged cells as (first row, first column, last row, last column) from 0."""
    table = slide.shapes.add_table(len(rows), len(rows[0]), Inches(1), Inches(4), Inches(8), Inches(2)).table
    for r, row in enumerate(rows):
        for c, words in enumerate(row):
            table.cell(r, c).text = words
    for top, left, bottom, right in merged:
        table.cell(top, left).merge(table.cell(bottom, right))


def add_chart(slide: object, categories: list[str], series: dict[str, list[float]], number_format: str) -> None:
    """Add a column chart."""
    data = CategoryChartData(number_format=number_format)
    data.categories = categories
    for name, values in series.items():
        data.add_series(name, values)
    slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, Inches(1), Inches(2), Inches(6), Inches(3), data)


def number_by_itself(paragraph: object, form: str = "arabicPeriod") -> None:
    """Let a paragraph be numbered by the presentation."""
    properties = paragraph._p.get_or_add_pPr()
    etree.SubElement(properties, f"{{{_A}}}buAutoNum", type=form)
